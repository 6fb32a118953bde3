"""Probes of a planning goal: what is so from the start, and what no action can change."""

from __future__ import annotations

import pytest

from quod.backends.pddl.probes import probes
from quod.core.diagnostics import Severity
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonValue
from quod.core.problem import Problem
from quod.core.protocols import CheckResult
from quod.core.verdict import Conclusion, Verdict

DOMAIN = """(define (domain doors) (:requirements :strips :typing) (:types room)
  (:predicates (at ?r - room) (joined ?a ?b - room))
  (:action go :parameters (?a ?b - room) :precondition (and (at ?a) (joined ?a ?b))
    :effect (and (at ?b) (not (at ?a)))))
"""


def found(goal: str, *steps: str) -> list[tuple[str, Severity]]:
    text = DOMAIN + (
        f"(define (problem p) (:domain doors) (:objects hall attic - room) (:init (at hall) (joined hall attic))"
        f" (:goal (and {goal})))"
    )
    plan: list[JsonValue] = list(steps)
    result = CheckResult(verdict=Verdict(conclusion=Conclusion.PLAN), data={"plan": plan})
    formal = Formalization(formalism=Formalism.PDDL, text=text, language="pddl")
    said = probes(formal, Problem(text="Get to the attic."), result, lambda _: result)
    return [(d.code.removeprefix("faithfulness.pddl_"), d.severity) for d in said]


@pytest.mark.parametrize(
    ("goal", "steps", "expected"),
    [
        ("(at attic)", ("(go hall attic)",), []),
        ("(at attic) (joined hall attic)", ("(go hall attic)",), [("goal_fixed", Severity.WARNING)]),
        ("(at hall)", (), [("goal_holds", Severity.INFO)]),
    ],
)
def test_what_a_goal_asks_for(goal: str, steps: tuple[str, ...], expected: list[tuple[str, Severity]]) -> None:
    assert found(goal, *steps) == expected
