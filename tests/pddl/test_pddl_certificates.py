"""Forged evidence is rejected: closed sets that prove unsolvability, and bounds that prove optimality."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.pddl.closed_set import check_closed
from quod.backends.pddl.documents import load_text
from quod.backends.pddl.lower import prove_optimal, prove_unsolvable
from quod.backends.pddl.task import Task

DOMAIN = """
(define (domain walk)
  (:requirements :strips)
  (:predicates (at ?x) (way ?x ?y) (lit ?x))
  (:action go :parameters (?x ?y) :precondition (and (at ?x) (way ?x ?y)) :effect (and (at ?y) (not (at ?x))))
  (:action light :parameters (?x) :precondition (at ?x) :effect (lit ?x)))
"""
NODES = ["a", "b", "c", "d"]


def problem(edges: list[tuple[str, str]], goal: str) -> str:
    ways = " ".join(f"(way {x} {y})" for x, y in edges)
    return f"(define (problem p) (:domain walk) (:objects a b c d) (:init (at a) {ways}) (:goal {goal}))"


def load(text: str) -> Task:
    task = load_text(text, DOMAIN).task
    assert task is not None
    return task


def reachable(edges: list[tuple[str, str]]) -> set[str]:
    seen, todo = {"a"}, ["a"]
    while todo:
        here = todo.pop()
        for x, y in edges:
            if x == here and y not in seen:
                seen.add(y)
                todo.append(y)
    return seen


EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=8)
FACTS = st.sets(st.sampled_from([f"({p} {n})" for p in ("at", "lit") for n in NODES]))


@given(EDGES, FACTS)
@settings(max_examples=200, deadline=None)
def test_no_closed_set_proves_a_solvable_task_unsolvable(edges: list[tuple[str, str]], facts: set[str]) -> None:
    """Whatever set is forged: if the goal can be reached, the checker refuses it."""
    task = load(problem(edges, "(lit d)"))
    if check_closed(task, facts):
        assert "d" not in reachable(edges)


@given(EDGES)
@settings(max_examples=100, deadline=None)
def test_the_true_closed_set_is_accepted_and_a_smaller_one_is_not(edges: list[tuple[str, str]]) -> None:
    task = load(problem(edges, "(lit d)"))
    nodes = reachable(edges)
    facts = {f"({p} {n})" for p in ("at", "lit") for n in nodes}
    assert check_closed(task, facts) is ("d" not in nodes)
    assert not check_closed(task, facts - {"(at a)"})  # lacks an initial fact
    assert not check_closed(task, facts - {"(lit a)"})  # not closed: light a


@given(EDGES, st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_our_bound_is_the_true_cost(edges: list[tuple[str, str]], claimed: int) -> None:
    """A* cut off at a claimed cost never proves more than the true shortest way."""
    text = problem(edges, "(lit d)")
    distance, frontier = {"a": 0}, ["a"]
    while frontier:
        frontier = [
            y
            for x in frontier
            for x2, y in edges
            if x2 == x and distance.setdefault(y, distance[x] + 1) == distance[x] + 1
        ]
        if len(distance) == 4 or not frontier:
            break
    found = prove_optimal({"domain": DOMAIN, "problem": text, "cost": str(claimed), "seconds": 5, "search": True})
    if "d" not in distance:
        assert found.get("unsolvable") is True
        return
    true_cost = distance["d"] + 1
    assert int(str(found["lower_bound"])) <= true_cost
    if claimed >= true_cost:
        assert int(str(found["lower_bound"])) == true_cost


def test_each_way_of_being_unsolvable_is_named() -> None:
    def how(text: str) -> object:
        return prove_unsolvable({"domain": DOMAIN, "problem": text, "seconds": 5})["how"]

    assert how(problem([], "(lit d)")) == "relaxation"
    assert how(problem([("a", "b"), ("a", "c")], "(and (at b) (at c))")) == "pairs"
    assert how(problem([("a", "b")], "(way b a)")) == "goal"
    assert how(problem([("a", "b")], "(lit b)")) == "unknown"
    assert how(problem([("a", "b"), ("a", "c")], "(and (lit b) (lit c) (lit a))")) in {"pairs", "exhausted"}


def test_explicit_search_agrees_with_the_grounded_one() -> None:
    """The same task by both of our searches: costs and exhaustion."""
    from fractions import Fraction

    from quod.backends.pddl.explicit import explore

    for edges, goal, cost in (
        ([("a", "b"), ("b", "c"), ("a", "c")], "(lit c)", 2),
        ([("a", "b"), ("b", "c"), ("c", "d")], "(and (lit b) (lit d))", 5),
    ):
        found = explore(load(problem(edges, goal)), Fraction(100), float("inf"))
        assert (found.lower_bound, found.exhausted) == (cost, False)
        below = explore(load(problem(edges, goal)), Fraction(cost), float("inf"))
        assert below.lower_bound == cost
    hopeless = explore(load(problem([("a", "b"), ("a", "c")], "(and (lit b) (lit c))")), None, float("inf"))
    assert hopeless.exhausted
