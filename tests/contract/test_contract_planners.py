"""One suite over all planners, those included whose licences a person must accept: what an Engine promises.

Planners that are not installed are skipped; for Tamer and LPG, `uv pip install up-tamer up-lpg` where you may.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from quod.backends.pddl.backend import PddlBackend
from quod.backends.pddl.documents import load_text
from quod.backends.pddl.engines.base import Engine, Found, Goal
from quod.backends.pddl.engines.catalogue import ENGINES
from quod.backends.pddl.validator import validate
from quod.backends.sandbox import Limits
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Options, Problem
from quod.core.protocols import CheckResult
from quod.core.run import Cancel, Run
from quod.core.settings import get_settings
from quod.core.verdict import Conclusion, GaveUp

TEMPORAL = """(define (domain kitchen) (:requirements :typing :durative-actions) (:types dish)
 (:predicates (raw ?d - dish) (cooked ?d - dish))
 (:durative-action cook :parameters (?d - dish) :duration (= ?duration 5)
  :condition (at start (raw ?d)) :effect (and (at start (not (raw ?d))) (at end (cooked ?d)))))"""
SUPPER = "(define (problem supper) (:domain kitchen) (:objects a b - dish) (:init (raw a) (raw b)) (:goal {goal}))"
NUMERIC = """(define (domain tank) (:requirements :numeric-fluents) (:predicates (open)) (:functions (level))
 (:action fill :parameters () :precondition (< (level) 9) :effect (increase (level) 2)))"""
FULL = "(define (problem full) (:domain tank) (:init (open) (= (level) 0)) (:goal (>= (level) 5)))"
CLASSICAL = """(define (domain walk) (:requirements :strips) (:predicates (at ?x) (way ?x ?y))
 (:action go :parameters (?x ?y) :precondition (and (at ?x) (way ?x ?y)) :effect (and (at ?y) (not (at ?x)))))"""
HOME = "(define (problem home) (:domain walk) (:objects p q r) (:init (at p) (way p q) (way q r)) (:goal (at r)))"
TASKS = ((CLASSICAL, HOME, 2), (NUMERIC, FULL, 3), (TEMPORAL, SUPPER.format(goal="(and (cooked a) (cooked b))"), 2))
CASES = [(engine, goal) for engine in ENGINES for goal in sorted(engine.goals)]


@pytest.fixture
def accept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("QUOD_ACCEPT_LICENCES", "Tamer, lpg")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def needed(engine: Engine) -> Engine:
    if not engine.installed:
        pytest.skip(f"{engine.name} is not installed")
    return engine


@pytest.mark.parametrize(("engine", "goal"), CASES, ids=lambda value: getattr(value, "name", value))
def test_it_solves_what_it_says_it_reads(engine: Engine, goal: Goal) -> None:
    needed(engine)
    read = 0
    for domain, problem, steps in TASKS:
        task = load_text(domain + problem).task
        assert task is not None
        if engine.reads(task.features, goal):
            # LPG looks for better plans until its time is up
            wall = 3.0 if (engine.name, goal) == ("LPG", Goal.BETTER) else 60.0
            outcome = engine.run(domain, problem, goal, task.features, Limits(wall=wall), Cancel())
            assert outcome.found is Found.PLAN, outcome
            replay = validate(task, outcome.plans[-1])
            assert replay.valid, replay
            assert len(outcome.plans[-1]) == steps
            assert outcome.optimal == (goal is Goal.BEST)
            read += 1
    assert read


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("text", ["", "(define (domain", CLASSICAL.replace("(way ?x ?y)) :e", "(nowhere ?x)) :e")])
def test_what_it_cannot_read_is_giving_up_and_never_a_claim(engine: Engine, text: str) -> None:
    needed(engine)
    goal = Goal.ANY if Goal.ANY in engine.goals else Goal.BEST
    outcome = engine.run(text, HOME, goal, frozenset({"strips"}), Limits(wall=30), Cancel())
    assert (outcome.found, outcome.plans, outcome.optimal) == (Found.NOTHING, (), False)
    assert outcome.gave_up is not None
    assert outcome.detail


@pytest.mark.parametrize("engine", [e for e in ENGINES if e.asks], ids=lambda engine: engine.name)
def test_a_search_without_end_is_cancelled(engine: Engine) -> None:
    """Twenty jugs that measure only even amounts: one litre is never reached, and the search is hopeless."""
    needed(engine)
    jugs = " ".join(f"j{i}" for i in range(20))
    domain = """(define (domain jugs) (:requirements :typing :numeric-fluents) (:types jug) (:functions (in ?j - jug))
     (:action fill :parameters (?j - jug) :precondition (< (in ?j) 900) :effect (increase (in ?j) 2))
     (:action empty :parameters (?j - jug) :precondition (> (in ?j) 1) :effect (decrease (in ?j) 2)))"""
    start = " ".join(f"(= (in {jug}) 0)" for jug in jugs.split())
    goal = "(and " + " ".join(f"(= (in {jug}) 101)" for jug in jugs.split()) + ")"
    problem = f"(define (problem odd) (:domain jugs) (:objects {jugs} - jug) (:init {start}) (:goal {goal}))"
    cancel = Cancel()
    timer = threading.Timer(4.0, cancel.set)
    timer.start()
    started = time.monotonic()
    outcome = engine.run(domain, problem, Goal.ANY, frozenset({"typing", "numeric-fluents"}), Limits(wall=120), cancel)
    timer.cancel()
    assert outcome.found is Found.NOTHING
    assert time.monotonic() - started < 60


def check(text: str, *engines: str) -> CheckResult:
    budget = Budget(seconds=80, engine_seconds=40)
    problem = Problem(text=text, budget=budget, options=Options(optimal=False, engines=engines or None))
    formal = Formalization(formalism=Formalism.PDDL, text=text, language="pddl")
    return PddlBackend().check(formal, problem, Run(budget=budget, cancel=Cancel()))


@pytest.mark.parametrize("name", ["Tamer", "LPG"])
def test_a_licence_nobody_accepted_is_a_reason_not_to_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOD_ACCEPT_LICENCES", "aries")
    get_settings.cache_clear()
    result = check(TEMPORAL + SUPPER.format(goal="(cooked a)"), name)
    assert result.verdict is not None
    assert (result.verdict.conclusion, result.verdict.gave_up) == (Conclusion.GAVE_UP, GaveUp.UNSUPPORTED)
    told = next(d for d in result.diagnostics if d.code == "pddl.licence_not_accepted")
    assert f"QUOD_ACCEPT_LICENCES={name.lower()}" in told.hint
    note = next(e for e in PddlBackend().engines() if e.name == name)
    assert "not run" in note.note
    assert note.optional
    assert note.licence
    get_settings.cache_clear()


@pytest.mark.usefixtures("accept")
@pytest.mark.parametrize("name", ["Tamer", "LPG"])
@pytest.mark.parametrize("text", [NUMERIC + FULL, TEMPORAL + SUPPER.format(goal="(cooked a)")], ids=["numbers", "time"])
def test_an_accepted_planner_is_believed_no_more_than_the_others(name: str, text: str) -> None:
    needed(next(e for e in ENGINES if e.name == name))
    result = check(text, name)
    assert result.verdict is not None
    assert (result.verdict.conclusion, result.verdict.engine) == (Conclusion.PLAN, name)
    assert result.assurance is Assurance.CERTIFICATE  # our own replay, not the planner's word
    assert result.data["optimal"] is False
    assert "accepted" in next(e.note for e in PddlBackend().engines() if e.name == name)
