# ruff: noqa: E501 - scripts are data
"""The REPL client, the judge and the backend, against the transcript player: a real process, recorded answers, faults."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from quod.backends.itp.types import CheatKind, Outcome, Statement
from quod.backends.lean.backend import LeanBackend
from quod.backends.lean.checker import verify
from quod.backends.lean.kimina import KiminaClient, parse_replies
from quod.backends.lean.repair import heal
from quod.backends.lean.repl import HeaderRepl, Repl, ReplFailedError, installed_repl
from quod.backends.lean.second import second_judge
from quod.backends.lean.statement import pinned, read_statement
from quod.backends.lean.transcript import Exchange, player, read_exchanges, with_fault
from quod.backends.lean.wire import CommandResult, StepResult, WireError, dump
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.errors import InfrastructureError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.problem import FORMAL_ONLY, make_problem
from quod.core.protocols import CheckResult
from quod.core.run import Run

ASKED = '{"cmd": "theorem foo (x : Int) : x = x := by sorry"}\n\n{"proofState" : 0, "tactic": "rfl"}\n'
ANSWERED = (
    '{"sorries":\n [{"proofState": 0,\n   "pos": {"line": 1, "column": 36},\n   "goal": "x : Int\\n⊢ x = x",\n'
    '   "endPos": {"line": 1, "column": 41}}],\n "messages":\n [{"severity": "warning",\n   "pos": {"line": 1, "column": 8},\n'
    '   "endPos": {"line": 1, "column": 11},\n   "data": "declaration uses `sorry`"}],\n "env": 0}\n\n'
    '{"proofStatus": "Completed", "proofState": 1, "goals": []}\n'
)
EXCHANGES = read_exchanges(ASKED, ANSWERED)


def test_a_recorded_exchange_is_played_back() -> None:
    repl = Repl(player(EXCHANGES))
    try:
        first, second = (repl.send(e.request, 20) for e in EXCHANGES)
        assert isinstance(first, CommandResult)
        assert first.has_hole
        assert isinstance(second, StepResult)
        assert second.completed
        assert json.dumps(dump(first)) == json.dumps(json.loads(EXCHANGES[0].answer))
    finally:
        repl.close()


def test_a_sample_of_the_recorded_exchanges_is_played_back(shared_data: Path) -> None:
    for name in ("by_cases", "all_tactics", "Mathlib/test/induction"):
        folder = shared_data / "lean_repl"
        exchanges = read_exchanges(
            (folder / f"{name}.in").read_text("utf-8"), (folder / f"{name}.expected.out").read_text("utf-8")
        )
        repl = Repl(player(exchanges))
        try:
            for exchange in exchanges:
                assert dump(repl.send(exchange.request, 20)) == json.loads(exchange.answer)
        finally:
            repl.close()


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        ({"kind": "die"}, "died"),
        ({"kind": "exit"}, "died"),
        ({"kind": "cut", "at": 20}, "died"),
        ({"kind": "corrupt", "at": 5}, "garbage"),
        ({"kind": "corrupt", "at": 0}, "garbage"),
        ({"kind": "hang"}, "hung"),
        ({"kind": "memory"}, "died"),
    ],
    ids=lambda x: x["kind"] if isinstance(x, dict) else x,
)
def test_a_repl_that_fails_is_found_out_and_ended(fault: JsonDict, how: str) -> None:
    repl = Repl(player(with_fault(EXCHANGES, 0, fault), memory_mb=256))
    with pytest.raises(ReplFailedError) as caught:
        repl.send(EXCHANGES[0].request, 2 if how == "hung" else 30)
    assert caught.value.how == how
    assert not repl.alive
    repl.close()


def test_a_slow_repl_is_waited_for() -> None:
    repl = Repl(player(with_fault(EXCHANGES, 0, {"kind": "delay", "seconds": 0.5})))
    try:
        assert isinstance(repl.send(EXCHANGES[0].request, 20), CommandResult)
    finally:
        repl.close()


# -------------------------------------------------------------------------------------------------------- the judge
HEADER = "import Mathlib\n\nopen Real\n\n"
STATED = "theorem t (x : ℝ) (h : x = 2) : x * x = 4 := by"
PROOF = "\n  subst h\n  norm_num\n"
GOOD = ("propext", "Classical.choice", "Quot.sound")


def statement() -> Statement:
    read, problems = read_statement(HEADER + STATED)
    assert read is not None, problems
    return read


def script(
    *,
    messages: list[JsonDict] | None = None,
    pin_messages: list[JsonDict] | None = None,
    axioms: tuple[str, ...] = GOOD,
    candidate: str = STATED + PROOF,
) -> tuple[Exchange, ...]:
    """What a Lean would answer to header, pinned statement, candidate and pin, by the REPL's protocol."""
    before, after, name = pinned(statement())
    listed: JsonDict = {"severity": "info", "pos": {"line": 3, "column": 0}, "endPos": {"line": 3, "column": 6},
                        "data": f"'{name}' depends on axioms: [{', '.join(axioms)}]"}  # fmt: skip
    steps: list[tuple[JsonDict, JsonDict]] = [
        ({"cmd": HEADER}, {"env": 0}),
        ({"cmd": before, "env": 0}, {"env": 1}),
        ({"cmd": candidate, "env": 1}, {"messages": messages, "env": 2} if messages else {"env": 2}),
        ({"cmd": after, "env": 2}, {"messages": [listed] if pin_messages is None else pin_messages, "env": 3}),
    ]
    return tuple(Exchange(request, json.dumps(answer)) for request, answer in steps)


def judged(exchanges: tuple[Exchange, ...], seconds: float = 20) -> Any:
    repl = HeaderRepl(player(exchanges), HEADER)
    try:
        return verify(statement(), HEADER + STATED + PROOF, repl, seconds), repl.restarts
    finally:
        repl.close()


def error(text: str) -> JsonDict:
    return {"severity": "error", "pos": {"line": 2, "column": 2}, "endPos": {"line": 2, "column": 4}, "data": text}


def test_a_proof_is_proved_when_pin_and_axioms_agree() -> None:
    result, _ = judged(script())
    assert result.proved
    assert result.axioms == GOOD


@pytest.mark.parametrize(
    ("exchanges", "outcome", "cheat"),
    [
        (script(messages=[error("unknown identifier 'foo'")]), Outcome.ERROR, None),
        (script(messages=[error("unsolved goals\n⊢ False")]), Outcome.INCOMPLETE, None),
        (script(messages=[error("(deterministic) timeout at `whnf`")]), Outcome.TIMEOUT, None),
        (
            script(messages=[{"severity": "warning", "data": "declaration uses 'sorry'"}]),
            Outcome.INCOMPLETE,
            None,
        ),
        (script(pin_messages=[error("type mismatch")]), Outcome.CHEAT, CheatKind.STATEMENT),
        (script(axioms=("propext", "cheat")), Outcome.CHEAT, CheatKind.AXIOM),
        (script(axioms=("sorryAx",)), Outcome.CHEAT, CheatKind.HOLE),
        (script(axioms=("Lean.ofReduceBool",)), Outcome.CHEAT, CheatKind.UNSOUND),
        (script(pin_messages=[]), Outcome.CRASHED, None),
    ],
    ids=["error", "unsolved", "timeout", "sorry", "other_statement", "axiom", "sorry_axiom", "compiled", "no_list"],
)  # fmt: skip
def test_anything_else_is_not(exchanges: tuple[Exchange, ...], outcome: Outcome, cheat: CheatKind | None) -> None:
    result, _ = judged(exchanges)
    assert (result.outcome, result.cheat) == (outcome, cheat)
    assert not result.proved
    assert result.diagnostics


def test_two_axiom_lists_are_one_too_many() -> None:
    _, _, name = pinned(statement())
    forged: JsonDict = {"severity": "info", "data": f"'{name}' does not depend on any axioms"}
    true: JsonDict = {"severity": "info", "data": f"'{name}' depends on axioms: [cheat]"}
    result, _ = judged(script(pin_messages=[forged, true]))
    assert not result.proved


def test_a_lost_repl_is_replaced_once_and_then_given_up() -> None:
    # the player forgets nothing between processes: the fault strikes again, so the second failure is final
    result, restarts = judged(with_fault(script(), 2, {"kind": "die"}))
    assert result.outcome is Outcome.CRASHED
    assert restarts == 2


# ------------------------------------------------------------------------------------------------------ the backend
def check(backend: LeanBackend, text: str) -> CheckResult:
    budget = Budget(seconds=30)
    problem = make_problem(text=FORMAL_ONLY, formalism=Formalism.LEAN, budget=budget)
    return backend.check(
        Formalization(formalism=Formalism.LEAN, language="lean4", text=text), problem, Run(budget=budget)
    )


def test_the_backend_answers_through_a_repl() -> None:
    backend = LeanBackend(program=player(script()))
    result = check(backend, HEADER + STATED + PROOF)
    assert result.verdict is not None
    assert result.verdict.conclusion == "proved"
    assert result.assurance is Assurance.KERNEL
    assert result.certificate is not None
    assert result.certificate.accepted
    backend.pool.close()


@pytest.mark.skipif(shutil.which("lean") is not None, reason="a Lean is installed here")
def test_without_a_lean_the_backend_says_so_but_still_refuses_cheats() -> None:
    backend = LeanBackend()
    result = check(backend, HEADER + STATED + PROOF)
    assert result.verdict is not None
    assert result.verdict.gave_up == "unsupported"
    assert result.diagnostics[-1].code == "lean.not_installed"
    assert result.diagnostics[-1].hint
    cheat = check(backend, HEADER + STATED + "\n  native_decide\n")
    assert cheat.verdict is None
    assert cheat.data["cheat"] == "unsound"
    assert all(engine.version is None for engine in backend.engines())


# ------------------------------------------------------------------------------------------------- a Kimina server
class _Server(BaseHTTPRequestHandler):
    reply: Callable[[JsonDict], tuple[int, bytes]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, data = type(self).reply(body)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[tuple[type[_Server], KiminaClient]]:
    handler = type("Handler", (_Server,), {})
    httpd = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    client = KiminaClient(f"http://127.0.0.1:{httpd.server_address[1]}", timeout=5)
    yield handler, client
    client.close()
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def reply_with(messages: list[JsonDict], error: str | None = None) -> Callable[[JsonDict], tuple[int, bytes]]:
    def reply(body: JsonDict) -> tuple[int, bytes]:
        codes = body["codes"]
        assert isinstance(codes, list)
        results = [
            {
                "custom_id": c["custom_id"],
                "error": error,
                "response": None if error else {"messages": messages, "time": 0.1},
            }
            for c in codes
            if isinstance(c, dict)
        ]
        return 200, json.dumps({"results": results}).encode()

    return staticmethod(reply)  # type: ignore[return-value]  # called through the class


def test_a_servers_word_is_kernel_only_with_pin_and_audit(server: tuple[type[_Server], KiminaClient]) -> None:
    handler, client = server
    backend = LeanBackend(kimina=client)
    text = HEADER + STATED + PROOF
    _, _, name = pinned(statement())
    handler.reply = reply_with([{"severity": "info", "data": f"'{name}' depends on axioms: [propext]"}])
    assert check(backend, text).assurance is Assurance.KERNEL
    handler.reply = reply_with([])
    word = check(backend, text)
    assert word.verdict is not None
    assert word.verdict.conclusion == "proved"
    assert word.assurance is Assurance.ENGINE
    assert word.certificate is not None
    assert not word.certificate.accepted
    assert "lean.unaudited" in {d.code for d in word.diagnostics}
    handler.reply = reply_with([], error="Lean process timed out")
    late = check(backend, text)
    assert late.verdict is not None
    assert late.verdict.gave_up == "timeout"


def test_a_server_that_fails_is_an_infrastructure_error(server: tuple[type[_Server], KiminaClient]) -> None:
    handler, client = server
    for status, data in ((500, b"x"), (200, b"nonsense"), (200, b'{"results": []}'), (200, b"[]"), (403, b"no")):
        handler.reply = staticmethod(lambda body, s=status, d=data: (s, d))  # type: ignore[assignment]
        with pytest.raises(InfrastructureError):
            client.verify({"a": "x"})


def test_recorded_server_responses_are_read(shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = shared_rows("lean_logs/kimina_server_goldens.jsonl")
    replies = [parse_replies(row["server_output"])[0] for row in rows]
    assert sum(reply.error is not None for reply in replies) == 4
    assert all(reply.timed_out for reply in replies if reply.error)
    assert sum(len(reply.result.messages) for reply in replies if isinstance(reply.result, CommandResult)) == 173
    for bad in ({}, {"results": [{}]}, {"results": [{"custom_id": "a", "error": None, "response": None}]}):
        with pytest.raises(WireError):
            parse_replies(bad)


def test_failing_steps_become_holes_and_the_portfolio_fills_them() -> None:
    broken = STATED + "\n  have e : x * x = 2 * 2 := by\n    nope\n  linarith\n"
    holed = STATED + "\n  have e : x * x = 2 * 2 := by\n    sorry\n  linarith\n"
    goal = "x : ℝ\nh : x = 2\n⊢ x * x = 2 * 2"
    steps: list[tuple[JsonDict, JsonDict]] = [
        ({"cmd": HEADER}, {"env": 0}),
        (
            {"cmd": broken, "env": 0},
            {"messages": [{"severity": "error", "pos": {"line": 3, "column": 4}, "data": "unknown tactic"}], "env": 1},
        ),
        (
            {"cmd": holed, "env": 0},
            {"sorries": [{"proofState": 0, "pos": {"line": 3, "column": 4}, "goal": goal}], "env": 2},
        ),
        ({"tactic": "norm_num", "proofState": 0}, {"message": "Lean error:\nlinarith failed"}),
        ({"tactic": "linarith", "proofState": 0}, {"message": "Lean error:\nlinarith failed"}),
        ({"tactic": "nlinarith", "proofState": 0}, {"proofStatus": "Completed", "proofState": 1, "goals": []}),
    ]
    repl = HeaderRepl(player(tuple(Exchange(a, json.dumps(b)) for a, b in steps)), HEADER)
    try:
        healed = heal(statement(), HEADER + broken, repl, 20)
    finally:
        repl.close()
    assert not healed.open_holes
    assert healed.holes[0].strategy == "nlinarith"
    assert healed.holes[0].lemma.startswith("theorem t_hole_1 (x : ℝ) (h : x = 2) : x * x = 2 * 2")
    assert healed.text == HEADER + holed.replace("sorry", "nlinarith")


def test_a_statement_without_a_proof_is_searched_and_the_proof_judged() -> None:
    goal = "x : ℝ\nh : x = 2\n⊢ x * x = 4"
    before, after, name = pinned(statement())
    proved = f"{STATED}\n  linarith\n"
    axioms = {"severity": "info", "pos": {"line": 2, "column": 0}, "data": f"'{name}' does not depend on any axioms"}
    search: list[tuple[JsonDict, JsonDict]] = [
        ({"cmd": HEADER}, {"env": 0}),
        (
            {"cmd": f"{STATED} sorry\n", "env": 0},
            {"sorries": [{"proofState": 0, "pos": {"line": 1, "column": 40}, "goal": goal}], "env": 1},
        ),
        ({"tactic": "norm_num", "proofState": 0}, {"message": "Lean error:\nlinarith failed"}),
        ({"tactic": "linarith", "proofState": 0}, {"proofStatus": "Completed", "proofState": 1, "goals": []}),
    ]
    judged: list[tuple[JsonDict, JsonDict]] = [
        ({"cmd": before, "env": 0}, {"env": 2}),
        ({"cmd": proved, "env": 2}, {"env": 3}),
        ({"cmd": after, "env": 3}, {"messages": [axioms], "env": 4}),
    ]
    text = Formalization(formalism=Formalism.LEAN, language="lean4", text=statement().source)
    for steps, conclusion in ((search + judged, "proved"), (search[:3], "gave_up")):
        backend = LeanBackend(player(tuple(Exchange(a, json.dumps(b)) for a, b in steps)))
        budget = Budget(seconds=30, engine_seconds=20)
        result = backend.check(
            text, make_problem(text=FORMAL_ONLY, formalism="lean", budget=budget), Run(budget=budget)
        )
        backend.pool.close()
        assert result.verdict is not None, result.diagnostics
        assert result.verdict.conclusion == conclusion
    assert [d.code for d in result.diagnostics] == ["lean.no_proof_found"]


def test_a_second_judge_that_cannot_run_is_reported_and_takes_nothing_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = player(())
    assert second_judge(statement(), HEADER + STATED + PROOF, program, 5) is None
    monkeypatch.setenv("QUOD_LEAN_PROJECT", str(tmp_path))
    monkeypatch.setenv("QUOD_LEAN_SAFE_VERIFY", "/nowhere/safe_verify")
    result = second_judge(statement(), HEADER + STATED + PROOF, program, 20)
    assert result is not None
    assert (result.outcome, [d.code for d in result.diagnostics]) == (Outcome.PROVED, ["lean.second_judge_absent"])


@pytest.mark.lean
@pytest.mark.skipif(
    shutil.which("lean") is None or "QUOD_LEAN_SAFE_VERIFY" not in os.environ, reason="no Lean with SafeVerify here"
)
def test_the_second_judge_tells_a_proof_from_another_statement() -> None:
    program = installed_repl()
    assert program is not None
    good = second_judge(statement(), HEADER + STATED + PROOF, program, 600)
    assert good is not None
    assert [d.code for d in good.diagnostics] == ["lean.second_judge"]
    other = HEADER + STATED.replace("x * x = 4", "x = 2") + "\n  exact h\n"
    bad = second_judge(statement(), other, program, 600)
    assert bad is not None
    assert bad.outcome is Outcome.CHEAT
