"""Numbers of a text, and what they may stand for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.core.quantities import find_quantities, quantities


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,200 planks and 3.5 hours", [["1200"], ["7/2"]]),
        ("at most 30% of it", [["30", "3/10", "13/10"]]),
        ("twenty-five chairs", [["25"]]),
        ("two hundred and five", [["205"]]),
        ("three thousand four hundred", [["3400"]]),
        ("two thirds of", [["2/3", "2", "1/3"]]),
        ("two dozen eggs", [["24", "2", "12"]]),
        ("twice as many as", [["2"]]),
        ("1/4 of the time", [["1/4", "1", "4"]]),
        ("$.50 each", [["1/2"]]),
        ("five percent more", [["5", "1/20", "21/20"]]),
        ("room b12 has x2 lamps", []),
        ("In 1e3 cases", [["1000"]]),
        ("no numbers here", []),
        ("10,20 and 30", [["10"], ["20"], ["30"]]),
    ],
)
def test_numbers_of_a_text(text: str, values: list[list[str]]) -> None:
    assert [[str(v) for v in q.values] for q in find_quantities(text)] == values


@given(st.fractions(min_value=0, max_denominator=1).map(int))
def test_grouped_and_plain_numerals_read_alike(value: int) -> None:
    assert quantities(f"about {value:,} of them") == quantities(f"about {value} of them") == [str(Fraction(value))]


@given(st.text(max_size=80))
def test_places_are_right_and_nothing_raises(text: str) -> None:
    for quantity in find_quantities(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert quantity.values
