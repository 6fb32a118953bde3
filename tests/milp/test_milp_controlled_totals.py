"""Totals, ranges and parts said in one whole clause."""

from __future__ import annotations

import json

import pytest

from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.controlled.milp import translator

_TEXT = (
    "A shop makes mugs and plates. A mug takes 2 hours and a plate takes 1 hour. There are 40 hours available. {} "
    "The profit is $10 per mug and $7 per plate. How many of each should be made to maximize profit?"
)


def _rules(sentence: str) -> list[str] | None:
    found = translator().translate(Problem(text=_TEXT.format(sentence)), Run()).formalization
    return None if found is None else [c["rule"] for c in json.loads(found.text)["constraints"]]


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        ("The shop can make at most 33 items total.", ["mugs + plates <= 33"]),
        ("The owner estimates that at least 3 but at most 9 mugs are sold each week.", ["mugs >= 3", "mugs <= 9"]),
    ],
)
def test_a_whole_clause_becomes_its_rows(sentence: str, rules: list[str]) -> None:
    got = _rules(sentence)
    assert got is not None
    assert set(rules) <= set(got)


@pytest.mark.parametrize(
    "sentence",
    ["The owner estimates that at least 9 but at most 3 mugs are sold.", "All items must be halved by a cutter."],
)
def test_what_no_form_fills_is_refused(sentence: str) -> None:
    assert _rules(sentence) is None
