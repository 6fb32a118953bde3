"""The same said otherwise: aims by superlatives, units made one, reasons, what was got; and what only looks like it."""

# ruff: noqa: E501 - texts stand in long lines

from __future__ import annotations

import pytest
from milp_controlled_helpers import optimum

from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.controlled.milp import translator
from quod.translators.controlled.milp.paraphrase import paraphrase

BAKERY = (
    "A bakery makes scones and tarts. A scone takes {a} of butter and 4 minutes of work. A tart takes {b} of butter and "
    "9 minutes of work. {more} The bakery has {c} of butter and {d} of work. The profit is $2 per scone and $5 per tart. "
    "{aim}"
)
PLAIN = {"a": "20 grams", "b": "30 grams", "c": "3000 grams", "d": "720 minutes", "more": "",
         "aim": "How many of each should be made to maximize profit?"}  # fmt: skip


def bakery(**said: str) -> str:
    return BAKERY.format(**{**PLAIN, **said})


@pytest.mark.parametrize(
    "said",
    [
        {"aim": "How many of each should be made to make the most profit?"},
        {"aim": "How many of each should it make in order to earn the most?"},
        {"aim": "How many of each should be baked to bring in as much money as possible?"},
        {"aim": "How many of each should be made to get the highest possible profit?"},
        {"aim": "Find how many of each to bake so that the profit is as large as possible."},
        {"aim": "How many of each should it make for maximum profit?"},
        {"aim": "Find how many of each to bake so that profit is at a maximum."},
        {"aim": "How many of each will earn the most?"},
        {"aim": "How many of each should it bake to make the profit the highest?"},
        {"c": "3 kg"},
        {"a": "0.02 kg", "c": "3 kilograms"},
        {"d": "12 hours"},
        {"c": "3 kg", "d": "12 hours"},
        {"more": "Tarts are rare, so at most 80 of them can be made."},
        {"more": "The owner does not trust the oven, thus at most 80 tarts can be made."},
    ],
)
def test_the_same_optimum_in_other_words(said: dict[str, str]) -> None:
    assert optimum(bakery(**said)) == optimum(bakery()) == 400


@pytest.mark.parametrize(
    "said",
    [
        {"aim": "How many of each should be made to make the most profit per hour?"},
        {"aim": "How many of each should be made to sell the most scones?"},
        {"d": "12 hours", "more": "The baker is paid $9 an hour."},
        {"c": "3 kg", "more": "Butter costs $6 per kg."},
        {"more": "Tarts are sold with scones, so at least 10 of them must be made."},
        {"more": "Tarts are only sold in boxes, so at most 80 of them can be made."},
        {"more": "The bakery does not make tarts, so at least 20 scones must be made."},
        {"more": "The owner does not care for tarts, thus at most 80 tarts can be made."},
        {"more": "A tart needs no butter."},
        {"more": "It received 20 scones."},
        {"more": "A shelf can hold 30 pastries."},
    ],
)
def test_what_only_looks_like_it_is_refused(said: dict[str, str]) -> None:
    assert optimum(bakery(**said)) is None


TEXT = "A firm has small crews and large crews. A small crew finishes 6 jobs per hour and costs $50. A large crew finishes 15 jobs per hour and costs $90. {} How many of each should be used {}?"


@pytest.mark.parametrize(
    ("limit", "aim", "value"),
    [
        ("The firm wants to finish 90 jobs per hour with a maximum of 8 crews.", "to minimize cost", 540),
        ("The firm must finish at least 90 jobs per hour.", "to spend the least money", 540),
        ("The firm must finish at least 90 jobs per hour.", "to do it at the lowest cost", 540),
        ("The firm can spend at most $900.", "to maximize the number of jobs finished per hour", 150),
        ("The firm can spend at most $900. Large crews are slow to form, so at most 5 can be used.",
         "to finish as many jobs as possible", 129),
        ("The firm can spend at most $900. There must be at least one small crew for every 2 large crews.",
         "to finish as many jobs as possible", 135),
        ("The firm can spend at most $900. At least 3 small crews must be formed.",
         "so that the most jobs are finished", 138),
        ("The firm must finish at least 90 jobs per hour.", "to keep the cost at a minimum", 540),
        ("The firm must finish at least 90 jobs per hour.", "with minimal cost", 540),
        ("The firm can spend at most $900. The regular clients expect at least 3 small crews.", "to finish the most jobs", 138),
        ("The firm can spend at most $900. There must be at least half as many small crews as large crews.",
         "to finish the most jobs", 135),
    ],
)  # fmt: skip
def test_limits_said_otherwise(limit: str, aim: str, value: int) -> None:
    assert optimum(TEXT.format(limit, aim)) == value


SHOP = "A club sells mugs and caps. {} They earn $3 on every mug and $4 on every cap. It can order no more than 50 mugs. How many of each should they order to earn the most?"


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("The closet only fits 90 items altogether.", 360),
        (
            "Caps are dear, so no more than 40 of them can be sold. The closet fits 90 items in total.",
            310,
        ),
        ("The closet holds 18 shelves in total.", None),
        ("The closet holds 90 items on each shelf.", None),
    ],
)
def test_what_a_place_holds(limit: str, value: int | None) -> None:
    assert optimum(SHOP.format(limit)) == value


REFINERY = "A refinery sells regular gasoline and premium gasoline. Each barrel of regular needs 7 barrels of naphtha. Each barrel of premium needs 4 barrels of naphtha. There are 100 barrels of naphtha. {} Profits are $18 a barrel for regular and $3 a barrel for premium. How many barrels of each should be blended to maximize profit?"


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("At least 10 barrels of premium must be made.", 177),
        ("The refinery has contracts for at least 10 barrels of premium.", 177),
        ("At least 10 barrels of diesel must be made.", None),
    ],
)
def test_barrels_of_one_thing_are_no_barrels_of_another(limit: str, value: int | None) -> None:
    assert optimum(REFINERY.format(limit)) == value


@pytest.mark.parametrize(
    "limit",
    [
        "A client expects at least 3 small crews. The firm can spend at most $900.",
        "The firm can spend at most $900. Each client orders at least 3 small crews.",
        "The firm can spend at most $900 on the first two days.",
        "The firm can spend at most $900. At least 3 small crews must be formed for large crews.",
    ],
)
def test_limits_of_one_among_many_are_refused(limit: str) -> None:
    assert optimum(TEXT.format(limit, "to finish the most jobs")) is None


def test_strictly_more_has_one_reading() -> None:
    text = "A firm has vans and trucks. A van carries 12 boxes and costs $40. A truck carries 35 boxes and costs $90. At least 420 boxes must be carried. The number of vans must be strictly more than the number of trucks. How many of each are needed to minimize the cost?"
    found = translator().translate(Problem(text=text), Run())
    assert found.formalization is not None
    assert '"vans - trucks > 0"' in found.formalization.text
    assert '"or"' not in found.formalization.text


def test_what_stood_is_what_is_quoted() -> None:
    text = bakery(d="12 hours", aim="How many of each should be made to make the most profit?")
    plainly = paraphrase(text)
    assert "720 minutes" in plainly.text
    assert plainly.original("The bakery has 3000 grams of butter and 720 minutes of work") in text
    assert plainly.original("maximize profit") == "make the most profit"


@pytest.mark.parametrize(
    "text",
    [
        "A van carries 9 boxes per hour and works 30 minutes.",
        "It takes 45 minutes, and the shop is open for 8-hour shifts of 2 hours each, at 3 hours per shift hour.",
        "Each kilogram of feed has 30 grams of protein. How many kilograms of feed are needed?",
        "A stall needs 90 cents each hour.",
        "Buses are known to carry the most people.",
    ],
)
def test_rates_and_remarks_are_left_as_they_are(text: str) -> None:
    assert paraphrase(text).text == text


RENTALS = "A shop rents heaters and fans. A heater rents for $25 per day and a fan for $12 per day. {} How many of each should it own to {}?"


@pytest.mark.parametrize(
    ("limit", "aim", "value"),
    [
        (
            "The room is 260 cubic feet. A heater takes 20 cubic feet and a fan takes 10 cubic feet.",
            "maximize the rent per day",
            325,
        ),
        (
            "She has 60 minutes. A heater takes 6 minutes and a fan takes 2 minutes.",
            "maximize the rent per day",
            360,
        ),
        (
            "She can work 60 hours. A heater takes 6 hours a week and a fan takes 2 hours a week.",
            "maximize the rent per day",
            None,
        ),
        ("It can carry 60 kg. A heater weighs 6 kg and a fan weighs 2 kg.", "maximize the rent per day", None),
    ],
)
def test_what_is_told_by_one_period_and_what_somebody_can_do(limit: str, aim: str, value: int | None) -> None:
    assert optimum(RENTALS.format(limit, aim)) == value


def test_what_it_takes_to_make_one_and_the_other() -> None:
    text = "A shop prints posters and banners. It takes 4 ml of ink and 2 sheets of paper to print a poster, and 9 ml of ink and 5 sheets of paper to print a banner. There are 90 ml of ink and 48 sheets of paper. Posters are sold at a profit of $5 and banners at a profit of $12. Find how many of each to print to maximize the profit."
    assert optimum(text) == 117
