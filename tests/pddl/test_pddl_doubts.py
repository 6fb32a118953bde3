"""Doubts whether the problem says what was meant: invariants, gaps, and the words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from quod.backends.pddl.documents import load_text
from quod.backends.pddl.invariants import Part, invariants
from quod.backends.pddl.lint import lint_task
from quod.backends.pddl.task import Task
from quod.core.diagnostics import Severity
from quod.translators.controlled.pddl.lexicon import built_in

DOMAINS = {lexicon.domain: lexicon.domain_text for lexicon in built_in()}
WORDS = """You have 3 blocks. b1 is on the table. b2 is on top of b1. b3 is on the table. b2 is clear. b3 is clear.
Your arm is empty. Your goal is to move the blocks. b1 should be on top of b3."""
INIT = "(on-table b1) (on b2 b1) (on-table b3) (clear b2) (clear b3) (arm-empty)"


def blocks(init: str = INIT, goal: str = "(on b1 b3)", objects: str = "b1 b2 b3") -> Task:
    text = f"(define (problem p) (:domain blocksworld-4ops) (:objects {objects}) (:init {init}) (:goal (and {goal})))"
    task = load_text(text, DOMAINS["blocksworld-4ops"]).task
    assert task is not None
    return task


def doubts(task: Task, words: str | None = None) -> set[str]:
    found = lint_task(task, words)
    return {d.code.removeprefix("faithfulness.pddl_") for d in found if d.severity is not Severity.INFO}


def test_nothing_to_doubt() -> None:
    assert doubts(blocks(), WORDS) == set()


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        (INIT.replace("(on-table b3)", ""), "no_place"),
        (INIT.replace("(clear b3)", ""), "no_place"),
        (INIT.replace("(arm-empty)", ""), "no_place"),
        (INIT + " (on b3 b1)", "invariant"),
        (INIT + " (clear b1)", "invariant"),
        (INIT + " (on-table b2)", "invariant"),
        (INIT + " (holding b3)", "invariant"),
    ],
)
def test_an_initial_state_that_breaks_what_the_actions_keep(init: str, expected: str) -> None:
    assert expected in doubts(blocks(init))


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        (blocks(INIT.replace("(on b2 b1)", "(on-table b2) (clear b1)")), "fact_missing"),
        (blocks(INIT.replace("(on-table b3)", "(on b3 b2)").replace("(clear b2)", "")), "fact_invented"),
        (blocks(goal="(on b2 b3)"), "fact_missing"),
        (blocks(INIT.replace("(on b2 b1)", "").replace("(clear b2)", ""), objects="b1 b3"), "name_missing"),
        (blocks(INIT + " (on-table b4) (clear b4)", objects="b1 b2 b3 b4"), "name_invented"),
    ],
)
def test_the_words_disagree(task: Task, expected: str) -> None:
    assert expected in doubts(task, WORDS)


def grid(cells: int, drop: str = "") -> Task:
    names = [f"t{i}" for i in range(cells)]
    facts = " ".join(f"(up {b} {a}) (down {a} {b})" for a, b in pairwise(names))
    clear = " ".join(f"(clear {n})" for n in names[1:])
    text = f"""(define (problem p) (:domain floor-tile) (:objects {" ".join(names)} - tile r - robot red - color)
      (:init (robot-at r t0) (robot-has r red) (available-color red) {clear} {facts} (right t0 t0) (left t0 t0)
             (= (total-cost) 0))
      (:goal (painted t2 red)) (:metric minimize (total-cost)))"""
    assert drop in text
    task = load_text(text.replace(drop, "") if drop else text, DOMAINS["floor-tile"]).task
    assert task is not None
    return task


def test_a_grid_with_a_gap() -> None:
    assert doubts(grid(6)) == set()
    assert "static_incomplete" in doubts(grid(6, "(down t2 t3)"))
    assert "static_empty" in doubts(grid(6, "(left t0 t0)"))


def test_a_goal_that_nothing_brings_about() -> None:
    task = load_text(
        """(define (problem p) (:domain d) (:objects a) (:init) (:goal (q a)))""",
        """(define (domain d) (:predicates (p ?x) (q ?x)) (:action act :parameters (?x) :effect (p ?x)))""",
    ).task
    assert task is not None
    assert "goal_unreachable" in doubts(task)


def test_invariants_come_out_of_the_actions() -> None:
    found = invariants(blocks())
    place = frozenset({Part("on", 0), Part("on-table", 0), Part("holding", 0)})
    top = frozenset({Part("on", 1), Part("clear", 0), Part("holding", 0)})
    assert place in found
    assert top in found
    assert not any(len(i) == 1 for i in found)


def test_counts_in_the_words() -> None:
    text = """(define (problem p) (:domain gripper-strips) (:objects robot1 - robot room1 room2 - room ball1 - object)
      (:init (at-robby robot1 room1) (at ball1 room1)) (:goal (at ball1 room2)))"""
    task = load_text(text, DOMAINS["gripper-strips"]).task
    assert task is not None
    assert "count" in doubts(
        task, "There are 3 rooms. robot1 is in room1. ball1 is in room1. ball1 should be in room2."
    )
    assert "count" not in doubts(task, "There are 2 rooms. robot1 is in room1. ball1 is in room1.")


STORE = """There is one hoist, hoist0, and one depot (depot0). depot0-1-1 and depot0-1-2 are in depot0.
c1 is in container0. crate0 is on c1. The hoist is at depot0-1-1. crate0 should be in depot0."""
STORE_INIT = """(in depot0-1-1 depot0) (in depot0-1-2 depot0) (in c1 container0) (on crate0 c1) (in crate0 container0)
(at hoist0 depot0-1-1) (available hoist0) (clear depot0-1-2) (connected c1 depot0-1-1) (connected depot0-1-1 c1)
(connected depot0-1-1 depot0-1-2) (connected depot0-1-2 depot0-1-1)"""


@pytest.mark.parametrize(
    ("init", "expected"),
    [
        # "the hoist" is the only hoist; a crate on a place of a container is in the container
        (STORE_INIT, set()),
        (STORE_INIT.replace("(at hoist0 depot0-1-1)", "(at hoist0 depot0-1-2)"), {"fact_invented"}),
    ],
)
def test_what_words_say_by_nouns_and_by_the_way(init: str, expected: set[str]) -> None:
    objects = """hoist0 - hoist crate0 - crate depot0 - depot container0 - container
    depot0-1-1 depot0-1-2 c1 - storearea"""
    text = f"""(define (problem p) (:domain storage-propositional) (:objects {objects})
      (:init {init}) (:goal (in crate0 depot0)))"""
    task = load_text(text, DOMAINS["storage-propositional"]).task
    assert task is not None
    found = doubts(task, STORE)
    assert found & {"fact_invented", "fact_missing"} >= expected
    assert expected or not found
