"""The backend end to end, with real planners."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from quod.backends.pddl.backend import PddlBackend
from quod.backends.pddl.engines.base import Found, Outcome
from quod.backends.pddl.plans import parse_plan
from quod.backends.pddl.portfolio import Search, _take
from quod.backends.pddl.validator import CHECKER
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.errors import Cancelled
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem, Options, Problem
from quod.core.protocols import Backend, CheckResult
from quod.core.run import Cancel, Run
from quod.core.verdict import Conclusion, GaveUp

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "pddl"
EXPECTED: dict[str, dict[str, Any]] = json.loads((EXAMPLES / "expected.json").read_text())
QUICK = Budget(seconds=40, engine_seconds=8)
SHORT = Budget(seconds=30, engine_seconds=5)


def text_of(name: str) -> str:
    return (EXAMPLES / name / "domain.pddl").read_text() + (EXAMPLES / name / "problem.pddl").read_text()


def check(
    text: str, words: str | None = None, budget: Budget = QUICK, cancel: Cancel | None = None, **options: Any
) -> CheckResult:
    problem = Problem(text=words or text, budget=budget, options=Options(**options))
    formal = Formalization(formalism=Formalism.PDDL, text=text, language="pddl")
    return PddlBackend().check(formal, problem, Run(budget=budget, cancel=cancel or Cancel()))


def claim(result: CheckResult, name: str) -> Assurance:
    return next(c.assurance for c in result.claims if c.name == name)


def test_it_is_a_backend() -> None:
    assert isinstance(PddlBackend(), Backend)
    names = {engine.name for engine in PddlBackend().engines()}
    assert {"Fast Downward", "SymK", "pyperplan", "ENHSP", "Aries", "Tamer", "LPG"} <= names
    assert all(engine.licence for engine in PddlBackend().engines())


@pytest.mark.parametrize("name", ["light_switches", "power_grid"])
def test_explicit_search_is_a_second_judge_where_grounding_does_not_reach(name: str) -> None:
    result = check(text_of(name), optimal=True)
    assert result.data["cost"] == EXPECTED[name]["cost"]
    assert claim(result, "plan_optimal") is Assurance.CROSS_CHECKED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_examples_end_as_expected(name: str) -> None:
    known = EXPECTED[name]
    if known["kind"] in {"numeric", "temporal"} and not _installed(known["kind"]):
        pytest.skip("needs the optional planner")
    result = check(text_of(name), optimal=False)
    assert result.verdict is not None
    assert result.verdict.conclusion == known["conclusion"], result.verdict.detail
    if known["conclusion"] == "plan":
        assert result.certificate is not None
        assert (result.certificate.checker, result.certificate.accepted) == (CHECKER, True)
        assert result.assurance is Assurance.CERTIFICATE
        assert float(str(result.data["cost"])) >= known.get("cost", 0)
    else:
        assert result.data["how"] == known["how"]
        assert result.assurance.at_least(Assurance.CROSS_CHECKED)


def _installed(kind: str) -> bool:
    name = {"numeric": "ENHSP", "temporal": "Aries"}[kind]
    return next(e for e in PddlBackend().engines() if e.name == name).version is not None


def test_optimality_is_cross_checked_where_our_own_bound_agrees() -> None:
    result = check(text_of("road_trip"), optimal=True)
    assert result.data["cost"] == 640
    assert result.data["metric"] == "total-cost"
    assert claim(result, "plan_valid") is Assurance.CERTIFICATE
    assert claim(result, "plan_optimal") is Assurance.CROSS_CHECKED
    assert result.assurance is Assurance.CERTIFICATE


# Conditional effects, and lamps enough to drown our own search: there is no second judge.
RELAY = f"""
(define (domain relay) (:requirements :adl) (:types post lamp)
  (:predicates (at ?p - post) (way ?a ?b - post) (on ?l - lamp))
  (:action flip :parameters (?l - lamp) :effect (when (not (on ?l)) (on ?l)))
  (:action pass :parameters (?a ?b - post) :precondition (and (at ?a) (way ?a ?b)) :effect (and (not (at ?a)) (at ?b))))
(define (problem far) (:domain relay)
  (:objects p0 p1 p2 p3 p4 - post {" ".join(f"l{i}" for i in range(60))} - lamp)
  (:init (at p0) (way p0 p1) (way p1 p2) (way p2 p3) (way p3 p4)) (:goal (and (at p4) (on l0))))
"""


def test_optimality_on_one_engines_word_is_not_sold_as_more() -> None:
    """Fast Downward and SymK share code: both agreeing is one engine's word."""
    result = check(RELAY, budget=SHORT, optimal=True)
    assert result.data["cost"] == 5
    assert claim(result, "plan_optimal") is Assurance.ENGINE
    assert result.assurance is Assurance.ENGINE
    assert "pddl.optimality_not_checked" in {d.code for d in result.diagnostics}
    plain = check(RELAY, budget=SHORT, optimal=False)
    assert plain.assurance is Assurance.CERTIFICATE
    assert plain.data["optimal"] is False
    assert "at most 5" in plain.words


def test_words_that_ask_for_the_best_plan_count() -> None:
    result = check(RELAY, budget=SHORT, words="Bring it there with the fewest passes.")
    assert result.assurance is Assurance.ENGINE


def test_pyperplan_alone_will_do() -> None:
    result = check(text_of("towers_of_hanoi"), engines=("pyperplan",))
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.PLAN
    assert "pyperplan" in result.verdict.engine


def test_an_unknown_engine_is_giving_up_not_crashing() -> None:
    result = check(text_of("towers_of_hanoi"), engines=("no such planner",))
    assert result.verdict is not None
    assert result.verdict.gave_up is GaveUp.UNSUPPORTED
    assert "pddl.no_engine" in {d.code for d in result.diagnostics}


def test_unsolvable_is_explained_with_a_checked_certificate() -> None:
    result = check(text_of("locked_door"))
    assert result.certificate is not None
    assert (result.certificate.kind, result.certificate.accepted) == ("closed-set", True)
    assert result.assurance is Assurance.CERTIFICATE
    assert "(at vault)" in result.words


def test_a_domain_in_the_context_is_found() -> None:
    text = (EXAMPLES / "towers_of_hanoi" / "problem.pddl").read_text()
    domain = (EXAMPLES / "towers_of_hanoi" / "domain.pddl").read_text()
    problem = Problem(
        text=text, context=(ContextItem(name="hanoi.pddl", content=domain),), options=Options(optimal=False)
    )
    result = PddlBackend().check(Formalization(formalism=Formalism.PDDL, text=text, language="pddl"), problem, Run())
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.PLAN
    broken = problem.model_copy(update={"context": (ContextItem(name="hanoi.pddl", content=domain[:-8]),)})
    diagnostics = PddlBackend().lint(Formalization(formalism=Formalism.PDDL, text=text, language="pddl"), broken)
    assert any(d.file == "hanoi.pddl" and d.code == "pddl.missing_parenthesis" for d in diagnostics)


def test_fences_prose_and_a_lost_parenthesis_are_mended_with_notes() -> None:
    text = "Sure! Here it is:\n```pddl\n" + text_of("towers_of_hanoi").rstrip()[:-1] + "\n```\nHope this helps."
    result = check(text, optimal=False)
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.PLAN
    assert result.formalization is not None
    assert "```" not in result.formalization.text
    assert {"pddl.stripped", "pddl.mended"} <= {d.code for d in result.diagnostics}
    again = PddlBackend().mend(result.formalization.text)
    assert again.text == result.formalization.text


def test_lpgs_files_are_read_and_a_line_cut_short_is_no_plan() -> None:
    from quod.backends.pddl.engines.lpg import read_plan

    text = "; Time 0.1\n0.0002:   (COOK EGGS H1) [4.0000])\n4.0005:   (COOK TOAST H1) [3.0000])\n"
    plan = read_plan(text, temporal=True)
    assert plan is not None
    assert [str(step) for step in plan] == ["0.0002: (cook eggs h1) [4]", "4.0005: (cook toast h1) [3]"]
    steps = read_plan(text, temporal=False)
    assert steps is not None
    assert [str(step) for step in steps] == ["(cook eggs h1)", "(cook toast h1)"]
    for rest in (text[:-4], "no solution\n", "", "; only a comment"):
        assert read_plan(rest, temporal=True) is None


def test_text_that_does_not_load_has_no_verdict() -> None:
    result = check(text_of("towers_of_hanoi").replace("(clear peg2)", "(klear peg2)"))
    assert result.verdict is None
    assert [d.code for d in result.diagnostics] == ["pddl.unknown_predicate"]


def test_a_plan_that_an_engine_invented_is_thrown_away() -> None:
    from quod.backends.pddl.documents import load_text

    task = load_text(text_of("towers_of_hanoi")).task
    assert task is not None
    forged = parse_plan("(move d3 peg1 peg3)")
    assert forged is not None
    out = Search()
    _take(task, Outcome("liar", "liar", Found.PLAN, (forged,), optimal=True), out)
    assert out.plan is None
    assert out.proved_by == []
    assert [d.code for d in out.diagnostics] == ["pddl.invalid_plan"]


def test_cancelling_ends_it_soon() -> None:
    cancel = Cancel()
    timer = threading.Timer(1.0, cancel.set)
    timer.start()
    started = time.monotonic()
    blocks = " ".join(f"b{i}" for i in range(40))
    lexicon = EXAMPLES.parents[1] / "translators" / "controlled" / "pddl" / "lexicons" / "blocksworld" / "domain.pddl"
    facts = " ".join(f"(on-table b{i}) (clear b{i})" for i in range(40))
    goal = " ".join(f"(on b{i} b{i + 1})" for i in range(39))
    text = f"{lexicon.read_text()} (define (problem p) (:domain blocksworld-4ops) (:objects {blocks})"
    text += f" (:init (arm-empty) {facts}) (:goal (and {goal})))"
    try:
        with pytest.raises(Cancelled):
            check(text, budget=Budget(seconds=60, engine_seconds=30), cancel=cancel)
    finally:
        timer.cancel()
    assert time.monotonic() - started < 25  # it may take 30 s


def test_a_temporal_plan_is_told_as_a_timeline() -> None:
    if not _installed("temporal"):
        pytest.skip("needs Aries")
    words = check(text_of("matches"), optimal=False).words
    assert "0-5  light m1" in words


def test_read_back_uses_the_glosses_of_the_domain() -> None:
    text = (EXAMPLES.parents[1] / "translators/controlled/pddl/lexicons/blocksworld/domain.pddl").read_text()
    text += """(define (problem p) (:domain blocksworld-4ops) (:objects a b)
      (:init (on a b) (on-table b) (clear a) (arm-empty)) (:goal (on b a)))"""
    problem = Problem(text=text)
    words = PddlBackend().read_back(Formalization(formalism=Formalism.PDDL, text=text, language="pddl"), problem)
    assert "At the start, a is on b." in words.splitlines()
    assert "In the end, b is on a." in words.splitlines()
    result = check(text, optimal=False)
    assert "1-2. take a off b, then put a down on the table" in result.words.splitlines()
