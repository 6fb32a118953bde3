"""Equivalence: renaming and reordering change nothing, a changed fact changes everything."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.pddl.documents import load_text
from quod.backends.pddl.equivalence import equivalent
from quod.backends.pddl.task import Task

DOMAIN = """
(define (domain blocks)
  (:requirements :strips)
  (:predicates (on ?x ?y) (clear ?x) (table ?x))
  (:action move :parameters (?x ?y ?z) :precondition (and (on ?x ?y) (clear ?x) (clear ?z))
    :effect (and (on ?x ?z) (clear ?y) (not (on ?x ?y)) (not (clear ?z)))))
"""
OTHER_NAMES = DOMAIN.replace("(on ", "(above ").replace("clear", "free").replace("?x", "?a").replace("table", "ground")


def task(facts: list[str], goal: list[str], names: list[str], domain: str = DOMAIN) -> Task:
    text = f"(define (problem p) (:domain blocks) (:objects {' '.join(names)})"
    text += f" (:init {' '.join(facts)}) (:goal (and {' '.join(goal)})))"
    found = load_text(text, domain).task
    assert found is not None
    return found


NAMES = ["b1", "b2", "b3", "b4"]
ATOMS = [f"(on {a} {b})" for a in NAMES for b in NAMES if a != b] + [f"(clear {a})" for a in NAMES]


def renamed(texts: list[str], names: dict[str, str]) -> list[str]:
    return ["(" + " ".join(names.get(w, w) for w in t.strip("()").split()) + ")" for t in texts]


@given(st.sets(st.sampled_from(ATOMS), min_size=1), st.sets(st.sampled_from(ATOMS), min_size=1), st.randoms())
@settings(max_examples=80, deadline=None)
def test_renamed_and_shuffled_is_equivalent(init: set[str], goal: set[str], rng: random.Random) -> None:
    facts, goals = sorted(init), sorted(goal)
    fresh = ["u", "v", "w", "x"]
    rng.shuffle(fresh)
    names = dict(zip(NAMES, fresh, strict=True))
    other = renamed(facts, names)
    rng.shuffle(other)
    found = equivalent(task(facts, goals, NAMES), task(other, renamed(goals, names), sorted(fresh)))
    assert found.equivalent is True
    assert found.level == "renamed"


@given(st.sets(st.sampled_from(ATOMS), min_size=1), st.sampled_from(ATOMS))
@settings(max_examples=80, deadline=None)
def test_one_fact_more_is_not_equivalent(init: set[str], extra: str) -> None:
    more = init ^ {extra}
    a, b = task(sorted(init), ["(clear b1)"], NAMES), task(sorted(more), ["(clear b1)"], NAMES)
    found = equivalent(a, b)
    assert found.equivalent is False
    assert extra in found.difference


def test_names_that_the_words_use_are_not_interchangeable() -> None:
    a = task(["(on b1 b2)"], ["(on b2 b1)"], ["b1", "b2"])
    b = task(["(on b2 b1)"], ["(on b1 b2)"], ["b1", "b2"])
    assert equivalent(a, b).equivalent is True
    assert equivalent(a, b, "b1 is on b2. b2 should be on b1.").equivalent is False


def test_a_domain_with_other_names_is_recognised() -> None:
    a = task(["(on b1 b2)", "(clear b1)"], ["(clear b2)"], ["b1", "b2"])
    b = task(["(above b1 b2)", "(free b1)"], ["(free b2)"], ["b1", "b2"], OTHER_NAMES)
    assert (equivalent(a, b).equivalent, equivalent(a, b).level) == (True, "vocabulary")
    changed = OTHER_NAMES.replace("(not (free ?z))", "(free ?z)")
    c = task(["(above b1 b2)", "(free b1)"], ["(free b2)"], ["b1", "b2"], changed)
    assert equivalent(a, c).equivalent is False


def test_symmetric_problems_are_decided() -> None:
    names = [f"b{i}" for i in range(12)]
    ring = [f"(on {a} {b})" for a, b in zip(names, names[1:] + names[:1], strict=True)]
    two = [f"(on {a} {b})" for part in (names[:6], names[6:]) for a, b in zip(part, part[1:] + part[:1], strict=True)]
    goal = ["(clear b0)"]
    fresh = dict(zip(names, reversed([f"z{i}" for i in range(12)]), strict=True))
    same = equivalent(task(ring, goal, names), task(renamed(ring, fresh), renamed(goal, fresh), list(fresh.values())))
    assert same.equivalent is True
    assert equivalent(task(ring, goal, names), task(two, goal, names)).equivalent is False
