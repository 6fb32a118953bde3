"""The validator: what it accepts and refuses, and that it agrees with unified-planning's."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pddl_walks import mutants, walk

from quod.backends.pddl.documents import load_text
from quod.backends.pddl.engines.up_validator import second_opinion
from quod.backends.pddl.plans import Plan, Step, parse_plan, show_plan
from quod.backends.pddl.task import Task
from quod.backends.pddl.validator import validate
from quod.backends.sandbox import Limits

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "pddl"


def example(name: str) -> tuple[Task, str, str]:
    domain = (EXAMPLES / name / "domain.pddl").read_text()
    problem = (EXAMPLES / name / "problem.pddl").read_text()
    task = load_text(problem, domain).task
    assert task is not None
    return task, domain, problem


def plan(text: str) -> Plan:
    found = parse_plan(text)
    assert found is not None
    return found


HANOI = """(move d1 d2 peg3) (move d2 d3 peg2) (move d1 peg3 d2) (move d3 peg1 peg3)
           (move d1 d2 peg1) (move d2 peg2 d3) (move d1 peg1 d2)"""


def test_a_valid_plan_is_replayed_and_its_cost_recomputed() -> None:
    task, _, _ = example("towers_of_hanoi")
    replay = validate(task, plan(HANOI.replace(") (", ")\n(")))
    assert replay.valid
    assert (replay.cost, replay.metric) == (7, "number of steps")


def test_costs_come_from_the_metric() -> None:
    task, _, _ = example("road_trip")
    assert validate(task, plan("(drive c aachen celle)\n(drive c celle dresden)")).cost == 640
    assert validate(task, plan("(drive c aachen dresden)")).cost == 655


@pytest.mark.parametrize(
    ("text", "step", "reason"),
    [
        ("(move d3 peg1 peg3)", 1, "(clear d3)"),
        ("(move d1 d2 peg3)", None, "goal"),
        ("(jump d1 d2 peg3)", 1, "no action jump"),
        ("(move d1 d2)", 1, "3 arguments"),
        ("(move d1 d2 peg9)", 1, "no object peg9"),
    ],
)
def test_a_wrong_plan_is_refused_with_the_step_and_the_reason(text: str, step: int | None, reason: str) -> None:
    task, _, _ = example("towers_of_hanoi")
    replay = validate(task, plan(text))
    assert not replay.valid
    assert replay.step == step
    assert reason in replay.reason


def test_numbers_are_exact_and_undefined_ones_are_refused() -> None:
    task, _, _ = example("fuel")
    assert validate(task, plan("(drive depot village)\n(refuel village)\n(drive village coast)")).valid
    assert not validate(task, plan("(drive depot village)\n(drive village coast)")).valid
    assert (
        "no value" in validate(task, plan("(drive depot coast)")).reason
        or not validate(task, plan("(drive depot coast)")).valid
    )


def test_derived_predicates_are_evaluated() -> None:
    task, _, _ = example("power_grid")
    assert validate(task, plan("(close p s2)\n(close s2 town)")).valid
    assert not validate(task, plan("(close s2 town)\n(close p s2)")).valid


def test_conditional_effects_read_the_state_before() -> None:
    task, _, _ = example("light_switches")
    assert validate(task, plan("(press b1)")).valid
    assert not validate(task, plan("(press b2)")).valid


TEMPORAL_GOOD = "0: (light m1) [5]\n0.1: (mend f1) [2]\n2.2: (mend f2) [2]"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (TEMPORAL_GOOD, True),
        ("0: (light m1) [5]\n0.1: (mend f1) [2]\n1: (mend f2) [2]", False),  # one hand
        ("0: (light m1) [5]\n0.1: (mend f1) [2]\n3.5: (mend f2) [2]", False),  # the match goes out
        ("0: (light m1) [6]\n0.1: (mend f1) [2]\n2.2: (mend f2) [2]", False),  # wrong duration
        ("0: (mend f1) [2]\n2.2: (mend f2) [2]", False),  # no light
        ("0: (light m1) [5]\n0.1: (mend f1) [2]\n2.1: (mend f2) [2]", False),  # touches the hand as it is freed
        ("0: (light m1) [5]\n0.1: (mend f1)\n2.2: (mend f2) [2]", False),  # no duration
    ],
)
def test_temporal_plans(text: str, valid: bool) -> None:
    task, _, _ = example("matches")
    replay = validate(task, plan(text))
    assert replay.valid is valid, replay.reason
    if valid:
        assert replay.makespan == 5
        assert replay.cost == 5


@given(st.lists(st.tuples(st.sampled_from(["d1", "d2", "d3"]), st.sampled_from(["peg1", "peg2", "peg3", "d2", "d3"]),
                          st.sampled_from(["peg1", "peg2", "peg3", "d2", "d3"])), max_size=9))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_whatever_is_accepted_ends_in_the_goal(moves: list[tuple[str, str, str]]) -> None:
    """Forged plans: an independent, hand-written model of Hanoi agrees with every verdict."""
    task, _, _ = example("towers_of_hanoi")
    on = {"d1": "d2", "d2": "d3", "d3": "peg1"}
    legal = True
    size = {"d1": 1, "d2": 2, "d3": 3, "peg1": 9, "peg2": 9, "peg3": 9}
    for disc, start, end in moves:
        legal = legal and on[disc] == start and disc not in on.values() and end not in on.values()
        legal = legal and size[end] > size[disc]
        if not legal:
            break
        on[disc] = end
    goal = on == {"d1": "d2", "d2": "d3", "d3": "peg3"}
    assert validate(task, tuple(Step("move", move) for move in moves)).valid is (legal and goal)


GOOD = {
    "water_jugs": "(fill five)\n(pour-until-full five three)\n(empty three)\n(pour-all five three)\n(fill five)\n"
    "(pour-until-full five three)",
    "light_switches": "(press b1)",
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_agrees_with_unified_planning(name: str) -> None:
    """A sample; `make results` compares over a thousand."""
    task, domain, problem = example(name)
    rng = random.Random(7)
    seeds = [plan(GOOD[name])] * 2 + [walk(task, 6, rng) for _ in range(6)]
    plans = [p for seed in seeds for p in (seed, *mutants(task, seed, 6, rng))]
    theirs = second_opinion(domain, problem, plans, Limits(wall=60))
    assert isinstance(theirs, list), theirs
    ours = [validate(task, p).valid for p in plans]
    assert ours == theirs
    assert any(ours)
    assert not all(ours)


@given(st.fractions(min_value=0, max_value=1000).map(lambda f: Fraction(f).limit_denominator(1000)))
def test_plans_survive_being_written_and_read(time: Fraction) -> None:
    if (time.denominator * 10**12) % 10 or 10**12 % time.denominator:
        return  # no finite decimal
    steps = (Step("a", ("b", "c-1"), time, Fraction(1, 4)), Step("d", (), time, Fraction(3)))
    assert parse_plan("\n".join(show_plan(steps))) == steps
