"""Doubts before solving: numbers the model lacks, units that do not match, classes that contradict the rule."""

from __future__ import annotations

import json
from typing import Any

import pytest
from milp_helpers import codes_of, formal

from quod.backends.milp.units import parse_unit
from quod.backends.registry import get_backend
from quod.core.diagnostics import Diagnostic, Severity
from quod.core.formalism import Formalism
from quod.core.problem import Problem

BAKERY = (
    "A bakery makes two kinds of bread. A rye loaf takes 3 hours and sells for $8, a wheat loaf 2 hours and sells "
    "for $5. Flour for a loaf costs $1. There are 40 hours. At least 30% of the loaves must be rye."
)
MODEL: dict[str, Any] = {
    "variables": {"rye": {"domain": "integer"}, "wheat": {"domain": "integer"}},
    "objective": {"sense": "maximize", "expression": "7*rye + 4*wheat"},
    "constraints": ["3*rye + 2*wheat <= 40", "0.7*rye - 0.3*wheat >= 0"],
}


def lint(model: dict[str, Any], text: str = "a test") -> tuple[Diagnostic, ...]:
    return get_backend(Formalism.MILP).lint(formal(model), Problem(text=text))


def unsaid(model: dict[str, Any], text: str) -> list[str]:
    return [d.message for d in lint(model, text) if d.code == "faithfulness.milp_number_unused"]


def test_numbers_that_enter_folded_or_as_a_share_are_not_missed() -> None:
    assert unsaid(MODEL, BAKERY) == []


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"constraints": ["3*rye + 2*wheat <= 44", "0.7*rye - 0.3*wheat >= 0"]}, "40"),
        ({"constraints": ["3*rye + 2*wheat <= 40"]}, "30%"),
        ({"constraints": ["0.7*rye - 0.3*wheat >= 0"]}, "40"),
    ],
)
def test_a_number_left_out_or_misread_is_named(change: dict[str, Any], number: str) -> None:
    assert any(f"say {number}," in m for m in unsaid({**MODEL, **change}, BAKERY))


@pytest.mark.parametrize(
    "words",
    [
        "The Analyzer 3000 and a machine of type 2 are used. We trust the Analyzer 3000.",
        "Two of the three 12-inch screens were made in 2019.",
        "The shop is open 7 days a week from 9 am, or from 10:45 on Sundays.",
        "There are 6 types of flour.\n\n1. Taste matters.\n2. So does the price.\n(3) Nothing else does.",
        "Which of the 2 breads is better?",
        "For the rules: 1. Taste matters. 2. So does the price. 3. Nothing else does.",
        "It must decide what to bake in the upcoming quarter; the quarter ends in June.",
    ],
)
def test_numbers_that_name_or_date_things_are_not_asked_for(words: str) -> None:
    assert unsaid(MODEL, f"{BAKERY} {words}") == []


def test_a_formal_text_in_the_place_of_words_is_not_compared() -> None:
    assert unsaid(MODEL, json.dumps({**MODEL, "name": "batch 77 of 1999"})) == []


def test_gold_draws_no_false_alarm(shared_rows: Any) -> None:
    """All rows but those whose own labels leave a number of the words out, each read by hand."""
    from quod.evals.gold.milp import nl4opt_formalization

    unsound = ("996226930", "471112257", "1379231929", "641246185", "141730788", "137282577")
    for row in shared_rows("nl4opt/dev.jsonl"):
        found = get_backend(Formalism.MILP).lint(nl4opt_formalization(row), Problem(text=row["text"]))
        doubts = [d for d in found if d.code.startswith("faithfulness.")]
        assert bool(doubts) == row["id"].endswith(unsound), (row["id"], doubts)


UNITS: dict[str, Any] = {
    "parameters": {
        "budget": {"value": 100, "unit": "dollars"},
        "time": {"value": 40, "unit": "hours"},
        "wage": {"value": 12, "unit": "$ per hour"},
        "quick": {"value": 90, "unit": "min"},
    },
    "variables": {"x": {"unit": "hours"}, "n": {}},
}


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ("x + budget <= 3", Severity.ERROR),
        ("x <= quick", Severity.ERROR),
        ("wage * x <= time", Severity.ERROR),
        ("wage * x <= budget", None),
        ("time * x <= budget", Severity.WARNING),
        ("budget * x <= budget", None),
        ("wage <= budget", Severity.WARNING),
        ("budget / wage >= x", None),
        ("60 * x <= quick", None),
        ("n + x <= time", None),
        ("sum(wage for i in K) * x <= budget", None),
    ],
)
def test_units(rule: str, severity: Severity | None) -> None:
    found = [d for d in lint({"sets": {"K": [1]}, **UNITS, "constraints": [rule]}) if d.code == "milp.unit_mismatch"]
    assert [d.severity for d in found] == ([severity] if severity else [])
    assert all(d.span is not None for d in found)


def test_both_units_are_named() -> None:
    (found,) = [d for d in lint({**UNITS, "constraints": ["x + budget <= 3"]}) if d.code == "milp.unit_mismatch"]
    assert "hour" in found.message
    assert "dollar" in found.message


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("$/h", {"dollar": 1, "hour": -1}),
        ("kg per square metre", {"kilogram": 1, "metre": -2}),
        ("m²", {"metre": 2}),
        ("chairs", {"chair": 1}),
        ("hours/hour", {}),
        ("???", None),
    ],
)
def test_units_are_read_as_people_write_them(text: str, unit: dict[str, int] | None) -> None:
    assert parse_unit(text) == unit


@pytest.mark.parametrize(
    ("kind", "rule", "fits"),
    [
        ("upper bound", "x <= 3", True),
        ("upper bound", "x >= 3", False),
        ("lowerbound", "-x <= -3", True),
        ("sum", "x + y <= 3", True),
        ("sum", "x - y <= 3", False),
        ("xy", "x >= y", True),
        ("xy", "x + y >= 2", False),
        ("something of mine", "x + y >= 2", True),
    ],
)
def test_the_declared_class_is_compared_with_the_rule(kind: str, rule: str, fits: bool) -> None:
    model = {"variables": {"x": {}, "y": {}}, "constraints": [{"name": "c", "rule": rule, "kind": kind}]}
    assert ("faithfulness.milp_kind" in codes_of(model)) != fits


@pytest.mark.parametrize("rules", [["x + y >= 0"], ["x + y <= 4", "2*x + 2*y <= 9"], ["x + y <= 4", "4 >= x + y"]])
def test_what_forbids_nothing_is_noted(rules: list[str]) -> None:
    model = {"variables": {"x": {}, "y": {}}, "constraints": rules}
    assert "milp.redundant" in codes_of(model)


def test_a_tighter_repetition_is_not_redundant() -> None:
    model = {"variables": {"x": {}, "y": {}}, "constraints": ["x + y <= 4", "2*x + 2*y <= 7"]}
    assert "milp.redundant" not in codes_of(model)
