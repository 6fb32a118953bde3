"""Rocq for real: the judge, the session, the portfolio, the repair, the backend, on small fixed samples."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quod.backends.itp.pool import SessionPool
from quod.backends.itp.types import CheatKind, Outcome, Statement
from quod.backends.rocq.arith import read_arithmetic
from quod.backends.rocq.backend import RocqBackend
from quod.backends.rocq.checker import Checker
from quod.backends.rocq.disprove import ask_smt, hints
from quod.backends.rocq.portfolio import default_pool, prove, with_proof
from quod.backends.rocq.repair import fill, heal
from quod.backends.rocq.session import HeaderRejectedError, RocqSession
from quod.backends.rocq.statement import read_statement
from quod.backends.sandbox import Limits
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, ContextItem, make_problem
from quod.core.protocols import CheckResult
from quod.core.run import Run
from quod.evals.gold.itp_cheats import CHEATS
from quod.evals.gold.itp_honest import HONEST

pytestmark = [pytest.mark.rocq, pytest.mark.skipif(shutil.which("coqc") is None, reason="needs coqc")]

LIMITS = Limits(wall=60, memory_mb=3000)
INTEGERS = "Require Import ZArith Lia.\nOpen Scope Z_scope.\n"


def statement_of(text: str) -> Statement:
    statement, problems = read_statement(text)
    assert statement is not None, problems
    return statement


@pytest.fixture(scope="module")
def pool() -> Iterator[SessionPool[RocqSession]]:
    made = default_pool()
    yield made
    made.close()


# One of each way that only Rocq itself, the pin or the audit can see; `make results` runs them all.
SAMPLED = {"notation_equal", "section_hypothesis", "redefined_header", "shadowed_type", "aborted"}
BEHIND_THE_LIST = {"axiom_named_like_ours", "guard_in_lemma", "admitted_lemma"}


@pytest.mark.parametrize("cheat", [c for c in CHEATS if c.name in SAMPLED], ids=lambda c: c.name)
def test_a_cheat_is_rejected_with_its_reason(cheat: object) -> None:
    assert_rejected(cheat, Checker())


@pytest.mark.parametrize("cheat", [c for c in CHEATS if c.name in BEHIND_THE_LIST], ids=lambda c: c.name)
def test_audit_and_pin_hold_without_the_allow_list(cheat: object) -> None:
    assert_rejected(cheat, Checker(allow_list=False))


def assert_rejected(cheat: object, checker: Checker) -> None:
    result = checker.check(statement_of(cheat.header + cheat.statement), cheat.candidate, LIMITS)  # type: ignore[attr-defined]
    assert not result.proved
    assert str(result.cheat or result.outcome) in cheat.kinds, result  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "honest", [h for h in HONEST if h.name in {"step_4", "step_32", "short_43"}], ids=lambda h: h.name
)
def test_an_honest_proof_is_accepted(honest: object) -> None:
    result = Checker().check(statement_of(honest.header + honest.statement), honest.candidate, LIMITS)  # type: ignore[attr-defined]
    assert result.proved, result


def test_a_header_that_declares_things_is_shared_not_copied() -> None:
    header = "Require Import ZArith.\nInductive c := red | blue.\nParameter f : c -> Z.\nAxiom f_red : f red = 1%Z.\n"
    stated = "Theorem t : f red = 1%Z."
    good = Checker().check(statement_of(header + stated), f"{header}{stated}\nProof. exact f_red. Qed.\n", LIMITS)
    assert good.proved, good
    assert good.axioms


def test_a_proof_that_does_not_end_is_a_timeout_and_an_error_has_its_place() -> None:
    checker = Checker()
    statement = statement_of(INTEGERS + "Theorem t : 1 = 1.")
    slow = checker.check(
        statement, f"{statement.source}\nProof. repeat (assert True by exact I). Qed.\n", Limits(wall=3)
    )
    assert slow.outcome is Outcome.TIMEOUT
    wrong = checker.check(statement, f"{statement.source}\nProof.\n  exact foo.\nQed.\n", LIMITS)
    assert wrong.outcome is Outcome.ERROR
    assert wrong.diagnostics[0].span is not None
    assert wrong.diagnostics[0].span.line == 5


def test_a_session_goes_back_survives_errors_and_stops_tactics() -> None:
    session = RocqSession(INTEGERS)
    try:
        assert session.run("Theorem t (x : Z) : x = x /\\ x <= x.", 5).ok
        state = session.state
        assert not session.run("nonsense.", 5).ok
        assert session.state == state
        assert session.run("split.", 5).ok
        assert len(session.goals()) == 2
        assert session.tactic("repeat (assert True by exact I)", 1).timed_out
        assert session.back_to(state)
        assert session.tactic("lia", 2).finished
        assert session.reset()
        assert not session.run("Check t.", 5).ok
    finally:
        session.close()


def test_a_header_that_fails_says_so() -> None:
    with pytest.raises(HeaderRejectedError, match="nowhere"):
        RocqSession("Require Import nowhere.\n")


def test_the_portfolio_proves_and_the_proof_stands_alone(pool: SessionPool[RocqSession]) -> None:
    statement = statement_of("Require Import Arith.\nTheorem t : forall n, n mod 7 = 3 -> (2 * n + 1) mod 7 = 0.")
    found = prove(statement, pool, 20)
    assert found is not None
    assert Checker().check(statement, with_proof(statement, found.strategy), LIMITS).proved


def test_the_portfolio_works_beside_ssreflect(pool: SessionPool[RocqSession]) -> None:
    header = "Require Import Reals.\nFrom mathcomp Require Import all_ssreflect.\nOpen Scope R_scope.\n"
    statement = statement_of(f"{header}Theorem t (f : R -> R) : (forall x, f x = 2 * x + 1) -> f 3 = 7.")
    found = prove(statement, pool, 30)
    assert found is not None
    assert Checker().check(statement, with_proof(statement, found.strategy), LIMITS).proved


def test_smt_tells_which_premises_a_proof_needs(pool: SessionPool[RocqSession]) -> None:
    needless = "z ^ 2 + w ^ 2 = x + 5 -> z * w = 1 -> z > w"
    header = "Require Import Reals.\nOpen Scope R_scope.\n"
    statement = statement_of(f"{header}Theorem t (x y z w : R) : {needless} -> x + y = 2 -> x * y <= 1.")
    arithmetic = read_arithmetic(statement)
    assert arithmetic is not None
    answer = ask_smt(arithmetic, 10)
    assert answer is not None
    assert answer.core == (3,)
    strategies = hints(statement, arithmetic, answer)
    assert strategies[0] == "intros Q_0 Q_1 Q_2 Q_3; clear Q_0 Q_1 Q_2; p_lra"
    found = prove(statement, pool, 30, names=strategies)
    assert found is not None
    assert Checker().check(statement, with_proof(statement, found.strategy), LIMITS).proved


BROKEN = "Proof.\n  split.\n  - nope.\n  - split.\n    + linarith.\n    + assert (x = 4) by foo. subst. lia.\nQed.\n"


def test_a_broken_proof_is_healed_and_one_with_a_hole_is_not_accepted(pool: SessionPool[RocqSession]) -> None:
    stated = "Theorem t (x y : Z) (h : x + y = 7) (k : x - y = 1) : x = 4 /\\ y = 3 /\\ x * y = 12."
    statement = statement_of(INTEGERS + stated)
    healed = heal(statement, f"{statement.source}\n{BROKEN}", pool, 30)
    assert not healed.open_holes
    assert len(healed.holes) >= 2
    assert Checker().check(statement, healed.text, LIMITS).proved
    hopeless = statement_of(INTEGERS + "Theorem t (P : Z -> Prop) (h : P 1) : P 1 /\\ P 2.")
    left = heal(hopeless, f"{hopeless.source}\nProof. split. nope. nope. Qed.\n", pool, 20)
    (hole,) = left.open_holes
    assert "P 2" in hole.lemma
    assert Checker().check(hopeless, left.text, LIMITS).outcome is Outcome.INCOMPLETE
    assert Checker().check(hopeless, fill(left, {hole.number: "exact h."}), LIMITS).outcome is Outcome.ERROR


def test_a_hole_is_filled_and_a_changed_statement_is_put_back(pool: SessionPool[RocqSession]) -> None:
    statement = statement_of(
        "Theorem t (P : nat -> Prop) (h : forall n, P n -> P (n + 2)) (k : P 0) : P (0 + 2 + 2) /\\ True."
    )
    text = "Theorem t : True.\nProof. split. nope. exact I. Qed.\n"
    healed = heal(statement, text, pool, 15)
    assert statement.text in healed.text
    if healed.open_holes:
        whole = fill(healed, {healed.open_holes[0].number: "apply h, h, k."})
        assert Checker().check(statement, whole, LIMITS).proved


# ------------------------------------------------------------------------------------------------------ the backend
def check(text: str, *context: ContextItem, seconds: float = 40) -> CheckResult:
    budget = Budget(seconds=seconds)
    problem = make_problem(text=FORMAL_ONLY, formalism=Formalism.ROCQ, budget=budget, context=context)
    formal = Formalization(formalism=Formalism.ROCQ, language="rocq", text=text)
    return RocqBackend().check(formal, problem, Run(budget=budget))


def test_a_false_statement_is_disproved_with_its_counterexample() -> None:
    result = check("Require Import ZArith.\nTheorem t : forall x y : nat, x - y + y = x.")
    assert result.verdict is not None
    assert result.verdict.conclusion == "disproved"
    assert result.assurance is Assurance.KERNEL
    assert "counterexample" in result.data
    assert "rocq.nat_subtraction" in {d.code for d in result.diagnostics}


def test_premises_that_contradict_each_other_are_flagged() -> None:
    result = check(INTEGERS + "Theorem t (x : Z) (h : x < 0) (k : 0 < x) : x = 5.")
    assert result.verdict is not None
    assert result.verdict.conclusion == "proved"
    assert "faithfulness.rocq_vacuous" in {d.code for d in result.diagnostics}


def test_the_context_gives_the_statement_and_the_text_cannot_change_it() -> None:
    trusted = ContextItem(name="statement.v", content=INTEGERS + "Theorem t (x : Z) : x <= x + 1.\n")
    honest = check(INTEGERS + "Theorem t (x : Z) : x <= x + 1.\nProof. lia. Qed.\n", trusted)
    assert honest.verdict is not None
    assert honest.verdict.conclusion == "proved"
    other = check(INTEGERS + "Theorem t (x : Z) : x <= x.\nProof. lia. Qed.\n", trusted)
    assert other.verdict is None
    assert other.data["cheat"] == CheatKind.STATEMENT
    assert "rocq.cheat_statement" in {d.code for d in other.diagnostics}


def test_what_is_not_found_is_given_up_with_a_reason() -> None:
    result = check("Theorem t (P : nat -> Prop) : P 0.", seconds=12)
    assert result.verdict is not None
    assert result.verdict.gave_up is not None
    assert "rocq.no_proof_found" in {d.code for d in result.diagnostics}


def test_killing_quod_leaves_no_coq_process(tmp_path: Path) -> None:
    script = tmp_path / "hold.py"
    script.write_text(
        "import time\nfrom quod.backends.rocq.session import RocqSession\n"
        "s = RocqSession('Require Import ZArith.\\n')\nprint(s.pid, flush=True)\ntime.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert _runs(pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 5
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
