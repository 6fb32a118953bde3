"""Hostile formal texts through each engine, and engines that have been taken over: contained, reported, logged."""

from __future__ import annotations

import itertools
import json
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from api_server import running
from service_stack import Stack

from quod.backends.sandbox import Limits, call, layers
from quod.core.answer import Answer, Status
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.run import Run
from quod.workers.settings import ServiceSettings

pytestmark = pytest.mark.slow
OWNED = Path("/tmp/quod-owned")


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(postgres=False, redis=False, lease_seconds=10, drain_seconds=1, metrics_public=1) as started:
        yield started


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.api_url, timeout=90, trust_env=False) as opened:
        yield opened


def kills(client: httpx.Client) -> dict[str, int]:
    found = [line for line in client.get("/metrics").text.splitlines() if line.startswith("quod_sandbox_kills_total{")]
    return {line.split('"')[1]: int(line.split()[-1]) for line in found}


def wide_planning(objects: int) -> str:
    names = [f"o{number}" for number in range(objects)]
    return f"""(define (domain d) (:requirements :strips) (:predicates (p ?a ?b ?c ?d))
      (:action m :parameters (?a ?b ?c ?d ?e) :precondition (p ?a ?b ?c ?d)
       :effect (and (p ?b ?c ?d ?e) (not (p ?a ?b ?c ?d)))))
    (define (problem q) (:domain d) (:objects {" ".join(names)}) (:init (p o0 o1 o2 o3)) (:goal (p o5 o5 o5 o6)))"""


def wide_bits(width: int) -> str:
    declared = "".join(f"(declare-const x{n} (_ BitVec {width}))" for n in range(4))
    pairs = "".join(f"(assert (distinct x{a} x{b}))" for a, b in itertools.combinations(range(4), 2))
    equal = f"(assert (= (bvmul x0 x1) (bvadd (bvmul x2 x3) (_ bv12345 {width}))))"
    return f"(set-logic QF_BV){declared}{equal}{pairs}(check-sat)"


TRUE = "Lemma x : True. Proof. exact I. Qed."
REFUSED = {  # read files, write files, load code, open what is outside: none of it has a place in these languages
    "fol": [
        '(set-option :regular-output-channel "/tmp/quod-owned")(set-logic QF_UF)(check-sat)',
        '(set-option :diagnostic-output-channel "/tmp/quod-owned")(set-logic QF_UF)(check-sat)',
        '(set-logic QF_UF)(include "/etc/passwd")(check-sat)',
        "fof(a,axiom,p). include('/etc/passwd'). fof(c,conjecture,p).",
        "(" * 50_000,
    ],
    "milp": [
        '{"__import__": "os"}',
        "[" * 50_000,
        '{"sets": {"i": {"range": [1, 1000000000000]}}}',
        json.dumps({"sets": {"i": "/etc/passwd"}, "variables": {"x": {}}, "constraints": []}),
    ],
    "pddl": ["(define (domain d) (:include /etc/passwd))", "(define " * 20_000],
    "lean": ['#eval IO.FS.readFile "/etc/passwd"', 'run_cmd IO.Process.run {cmd := "id"}'],
    "rocq": [
        f'Load "/etc/passwd". {TRUE}',
        f'{TRUE} Redirect "/tmp/quod-owned" Print nat.',
        f'Declare ML Module "unix". {TRUE}',
        f'Require Extraction. Extraction "/tmp/quod-owned" nat. {TRUE}',
        f'Add LoadPath "/etc" as E. {TRUE}',
        f'Cd "/". {TRUE}',
    ],
}


@pytest.mark.parametrize(("formalism", "text"), [(f, t) for f, texts in REFUSED.items() for t in texts])
def test_a_formal_text_that_reaches_out_is_refused_with_a_reason(
    client: httpx.Client, formalism: str, text: str
) -> None:
    OWNED.unlink(missing_ok=True)
    body: dict[str, Any] = {"text": text, "budget": {"seconds": 20, "engine_seconds": 5, "memory_mb": 1024}}
    response = client.post(f"/v1/check/{formalism}", json=body, headers={"Prefer": "wait=60"})
    assert response.status_code == 200, response.text[:500]
    answer = response.json()
    assert answer["status"] != "verified"
    codes = [diagnostic["code"] for diagnostic in answer["diagnostics"]]
    assert codes
    assert "job.crashed" not in codes
    assert "root:x:0" not in response.text
    assert "uid=" not in response.text
    assert not OWNED.exists()


@pytest.mark.parametrize(
    ("formalism", "memory_mb", "text"),
    [
        ("fol", 256, wide_bits(2048)),
        ("pddl", 256, wide_planning(60)),
        ("rocq", 700, "Lemma x : Nat.pow 2 30 = 0. Proof. vm_compute. reflexivity. Qed."),
    ],
    ids=["fol", "pddl", "rocq"],
)
def test_a_formal_text_that_eats_memory_ends_as_a_verdict(
    stack: Stack, client: httpx.Client, formalism: str, memory_mb: int, text: str
) -> None:
    before = kills(client)
    body: dict[str, Any] = {"text": text, "budget": {"seconds": 20, "engine_seconds": 8, "memory_mb": memory_mb}}
    response = client.post(f"/v1/check/{formalism}", json=body, headers={"Prefer": "wait=60"})
    answer = response.json()
    assert (response.status_code, answer["conclusion"]) == (200, "gave_up"), response.text[:500]
    assert answer["diagnostics"]
    deadline = time.monotonic() + 10
    while sum(kills(client).values()) <= sum(before.values()):  # at its memory, or at its time where that is first
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert '"message": "engine killed' in stack.processes["api"].log_text()


class TakenOver:
    """A solver whose engine does what the formal text names."""

    def solve(self, problem: Problem, run: Run) -> Answer:
        raise NotImplementedError

    def check(self, formalization: Formalization, problem: Problem, run: Run) -> Answer:
        limits = Limits(wall=run.engine_seconds, memory_mb=run.budget.memory_mb, disk_mb=64, processes=16)
        result = call("plain", f"hostile_engine:{formalization.text}", None, limits, cancel=run.cancel)
        verdict = result.gave_up("hostile")
        told = {"ended": result.ended.value, "detail": result.detail, "value": result.value}
        return Answer(status=Status.EXHAUSTED, statement="it gave up", conclusion=verdict.conclusion, data=told)


@pytest.fixture(scope="module")
def taken_over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    settings = ServiceSettings(home=tmp_path_factory.mktemp("home"), metrics_public=True, drain_seconds=1)
    with running(settings, TakenOver()) as server:
        yield server


@pytest.mark.parametrize(
    ("attack", "ended", "reason"),
    [
        ("passwd", "crashed", None),
        ("connect", "crashed", None),
        ("fork_bomb", "crashed", "processes"),
        ("fill_disk", "crashed", "disk"),
        ("eat_memory", "memory", "memory"),
        ("never_end", "timeout", "timeout"),
    ],
)
def test_an_engine_that_was_taken_over_is_held(
    taken_over: Any, caplog: pytest.LogCaptureFixture, attack: str, ended: str, reason: str | None
) -> None:
    if reason is None and not {layer.name for layer in layers() if layer.active} >= {"landlock", "seccomp"}:
        pytest.skip("this kernel has neither Landlock nor seccomp for us: docs/sandbox.md says what is not held then")
    with taken_over.client() as client, caplog.at_level(logging.INFO, logger="quod.workers.engines"):
        before = kills(client)
        body = {"text": attack, "budget": {"seconds": 30, "engine_seconds": 6, "memory_mb": 300}}
        response = client.post("/v1/check/fol", json=body, headers={"Prefer": "wait=60"})
        assert response.status_code == 200, response.text
        told = response.json()["data"]
        assert told["ended"] == ended, told
        assert "root:x:0" not in response.text
        if reason is None:
            assert "Permission" in told["detail"] or "not permitted" in told["detail"], told
            return
        deadline = time.monotonic() + 10
        while kills(client)[reason] != before[reason] + 1:
            assert time.monotonic() < deadline, kills(client)
            time.sleep(0.1)
    assert [record for record in caplog.records if getattr(record, "quod", {}).get("reason") == reason]
    assert not [p for p in psutil.Process().children(recursive=True) if "hostile_engine" in " ".join(p.cmdline())]
