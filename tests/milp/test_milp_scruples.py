"""Words that would change a problem's meaning without adding a number make the grammar abstain."""

from __future__ import annotations

import pytest
from milp_controlled_helpers import optimum

from quod.core.problem import make_problem
from quod.core.run import Run
from quod.translators.controlled.milp import translator
from quod.translators.controlled.milp.scruples import scruples

PLAIN = (
    "A carpenter makes tables and chairs. Each table takes 3 hours of work and each chair takes 2 hours of work. "
    "There are 60 hours of work available. At most 5 tables can be sold. The profit is $30 per table and $15 per "
    "chair. How many tables and chairs should be made to maximize the profit?"
)


def test_the_plain_text_is_read() -> None:
    assert scruples(PLAIN) == []
    assert translator().translate(make_problem(text=PLAIN), Run()).formalization is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("At most 5 tables", "Unless it rains, at most 5 tables"),
        ("At most 5 tables can be sold", "If it rains, at most 5 tables can be sold"),
        ("At most 5 tables", "Except on Sundays, at most 5 tables"),
        ("At most 5 tables can be sold", "At most 5 tables or so can be sold"),
        ("At most 5 tables can be sold", "Exactly 5 tables or close can be sold"),
        ("At most 5 tables", "At most about 5 tables"),
        (
            "There are 60 hours of work available",
            "There are 60 hours of work available, 12 of which are reserved for repairs",
        ),
        ("$30 per table", "$30 per table after tax"),
        ("$15 per chair", "$15 per chair with a discount for the second"),
        ("There are 60 hours", "There are 60 remaining hours"),
        ("There are 60 hours", "There are nearly 60 hours"),
        ("Each table takes 3 hours", "Each table takes 3 hours without help"),
        ("At most 5 tables can be sold", "No tables can be sold"),
        ("At most 5 tables can be sold", "The number of tables is the square of the number of chairs"),
        ("There are 60 hours", "There are not 60 hours"),
        ("At most 5 tables can be sold", "It is not necessary to make at least 5 tables"),
        ("At most 5 tables can be sold", "Either at least 5 tables or at least 9 chairs must be made"),
        ("At most 5 tables can be sold", "At least 5 tables or 9 chairs must be made"),
        ("At most 5 tables can be sold", "Last year at most 5 tables were sold"),
        ("At most 5 tables can be sold", "A competitor sells at most 5 tables"),
        ("At most 5 tables can be sold", "Every second table is given away"),
        ("At most 5 tables can be sold", "This limit does not apply"),
        ("$30 per table", "$30 per dozen tables"),
        ("There are 60 hours of work available", "There are 12 hours per day, 60 per week, of work available"),
        ("each chair takes 2 hours", "each pair of chairs takes 2 hours"),
        ("At most 5 tables can be sold", "He need not make more than 5 tables"),
        (
            "The profit is $30 per table and $15 per chair",
            "A table sells for $30 and costs $9, a chair sells for $15 and costs $2",
        ),
    ],
)
def test_a_word_that_changes_the_meaning_is_named(old: str, new: str) -> None:
    assert old in PLAIN
    translation = translator().translate(make_problem(text=PLAIN.replace(old, new)), Run())
    assert translation.formalization is None
    assert any(d.source for d in translation.diagnostics)


def test_rates_of_one_thing_by_different_periods_are_not_added() -> None:
    text = (
        "A courier uses vans and bikes. A van delivers 40 parcels {} and a bike delivers 12 parcels a day. At least "
        "200 parcels must be delivered a day. A van costs $90 a day and a bike costs $20 a day. How many of each "
        "minimize the cost?"
    )
    assert translator().translate(make_problem(text=text.format("a day")), Run()).formalization is not None
    assert translator().translate(make_problem(text=text.format("an hour")), Run()).formalization is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Each table takes 3 hours", "Each table takes 180 minutes"),
        ("There are 60 hours", "There are 3600 minutes"),
        ("$15 per chair", "1500 cents per chair"),
    ],
)
def test_two_units_of_one_dimension_are_made_one(old: str, new: str) -> None:
    assert old in PLAIN
    assert optimum(PLAIN.replace(old, new)) == optimum(PLAIN)
