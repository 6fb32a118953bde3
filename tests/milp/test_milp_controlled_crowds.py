"""People, wishes, elliptic bounds, several machines and lists of nouns: the model that the words say, or none."""

# ruff: noqa: E501 - sentences stand on one line

from __future__ import annotations

import json

import pytest

from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.controlled.milp import translator

BOAT = (
    "A boat trip offers deck places and cabin places. {} "
    "The profit per deck place is $12 and the profit per cabin place is $30. How many tickets of each type should be sold to maximize profit?"
)
BAKERY = (
    "A bakery makes rolls and pretzels. A roll takes 2 minutes and a pretzel takes 3 minutes. There are 300 minutes available. {} "
    "The profit is $1 per roll and $2 per pretzel. How many of each should be made to maximize profit?"
)
JOINERY = "A joinery makes doors and shutters. {} The profit is $9 per door and $7 per shutter. How many of each should be made to maximize profit?"
SAWS = "A door takes 4 hours on the band saw and 2 hours on the planer. A shutter takes 1 hour on the band saw and 3 hours on the planer."
JUICE = (
    "Two juices, Alba and Brio, are mixed. A bottle of Alba has 3 g of salt and 8 g of sugar. A bottle of Brio has 5 g of salt and 2 g of sugar. {} "
    "A bottle of Alba costs $4 and a bottle of Brio costs $3. How many bottles of each should be bought to minimize cost?"
)


def rules(text: str) -> set[str] | None:
    found = translator().translate(Problem(text=text), Run()).formalization
    if found is None:
        return None
    return {c["rule"] + (f" or {c['or']}" if "or" in c else "") for c in json.loads(found.text)["constraints"]}


@pytest.mark.parametrize(
    ("text", "sentence", "expected"),
    [
        (BOAT, "The boat can carry at most 90 people.", {"deck_places + cabin_places <= 90"}),
        (BOAT, "The boat keeps at least 15 tickets as cabin places. At most 80 tickets can be sold.", {"cabin_places >= 15"}),
        (BOAT, "At most 80 tickets can be sold. At least 3 times as many guests prefer to sit in deck places than in cabin places.",
         {"deck_places - 3 * cabin_places >= 0"}),
        (BAKERY, "The owner prefers to bake more rolls than pretzels.", {"rolls >= 0 or rolls - pretzels > 0"}),
        (BAKERY, "They must bake at least 10 rolls but can not bake more than 40.", {"rolls >= 10", "rolls <= 40"}),
        (BAKERY, "The oven is small, and at most 50 of each kind can be baked.", {"rolls <= 50", "pretzels <= 50"}),
        (BAKERY, "In total, at most 70 items can be baked. They can not bake more than 45 of either kind.",
         {"rolls + pretzels <= 70", "rolls <= 45", "pretzels <= 45"}),
        (BAKERY, "Of all items, at least 30% must be rolls.", {"7/10 * rolls - 3/10 * pretzels >= 0"}),
        (JOINERY, SAWS + " Each machine is available for at most 80 hours per week.",
         {"4 * doors + shutters <= 80", "2 * doors + 3 * shutters <= 80"}),
        (JOINERY, SAWS + " Both the band saw and the planer are available for at most 60 hours.",
         {"4 * doors + shutters <= 60", "2 * doors + 3 * shutters <= 60"}),
        (JUICE, "The minimum requirements of salt and sugar are 40 g and 70 g respectively.",
         {"3 * alba + 5 * brio >= 40", "8 * alba + 2 * brio >= 70"}),
    ],
)  # fmt: skip
def test_the_rows_said_are_in_the_model(text: str, sentence: str, expected: set[str]) -> None:
    got = rules(text.format(sentence))
    assert got is not None
    assert expected <= got


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BAKERY, "They can not bake more than 45 of either kind."),  # of each, or of both together?
        (BAKERY, "At least 30% of the minutes must go to rolls."),
        (BAKERY, "At least half the number of cakes must be rolls."),
        (BOAT, "The boat can carry at most 90 tons."),
        (BOAT, "The boat can carry at most 90 people. A cabin place is for 2 people and a deck place is for 1 person."),
        (
            BOAT,
            "At most 80 tickets can be sold. At least 3 times as many guests do not prefer to sit in deck places than in cabin places.",
        ),
        (BOAT, "At most 80 tickets can be sold. At least 3 times as many guests prefer deck places."),
        (JOINERY, SAWS + " Each machine is available for at most 80 hours unless it breaks."),
        (JOINERY, SAWS + " Each carpenter is available for at most 80 hours."),
        (
            JOINERY,
            "A door takes 4 hours on the band saw and a shutter takes 1 hour on the band saw. Each machine is available for 80 hours.",
        ),
        (JUICE, "The minimum requirements of salt, sugar and water are 40 g and 70 g respectively."),
    ],
)
def test_what_could_mean_something_else_is_refused(text: str, sentence: str) -> None:
    assert rules(text.format(sentence)) is None


def test_numbered_names_are_names() -> None:
    text = (
        "A florist sells two bunches. Bunch 1 has 3 roses and 4 tulips. Bunch 2 has 5 roses and 2 tulips. There are 60 "
        "roses and 50 tulips available. The profit is $6 for bunch 1 and $8 for bunch 2. How many of each bunch should be sold to maximize profit?"
    )
    assert rules(text) == {"3 * bunch_1 + 5 * bunch_2 <= 60", "4 * bunch_1 + 2 * bunch_2 <= 50"}


def test_who_decides_is_no_thing_to_decide() -> None:
    text = (
        "A vineyard company employs pickers earning $400 a week and drivers earning $600 a week. The company needs at "
        "least 20 workers of whom at least 4 must be drivers. The number of drivers should be at least a fifth of the number of pickers. Minimize the wage bill."
    )
    assert rules(text) == {"pickers + drivers >= 20", "drivers >= 4", "-1/5 * pickers + drivers >= 0"}


BLEND = (
    "Two ores, Alba and Brio, are melted. Alba contains 10% tin and 20% zinc. Brio contains 15% tin and 5% zinc. The melt needs at least 6 kg of tin and 8 kg of zinc. "
    "The cost per kg of Alba is $4 and the cost per kg of Brio is $3. How many kg of each should be bought to minimize cost?"
)
PIES = (
    "A stand makes salmon pies and trout pies. A salmon pie takes 2 units of dough and 3 units of salmon. A trout pie takes 4 units of dough and 5 units of trout. "
    "There are 80 units of dough, 60 units of salmon and 70 units of trout available. The profit is $3 per salmon pie and $4 per trout pie. How many of each should be made to maximize profit?"
)


def domain(text: str) -> str | None:
    found = translator().translate(Problem(text=text), Run()).formalization
    return None if found is None else next(iter(json.loads(found.text)["variables"].values()))["domain"]


def test_shares_of_a_blend_are_amounts_of_what_is_measured_alike() -> None:
    assert rules(BLEND) == {"1/10 * alba + 3/20 * brio >= 6", "1/5 * alba + 1/20 * brio >= 8"}
    assert domain(BLEND) == "continuous"
    assert rules(BLEND.replace("How many kg", "How many bags").replace("per kg", "per bag")) is None


def test_what_a_thing_needs_does_not_measure_it() -> None:
    text = BAKERY.format(
        "A roll takes 1 gram of salt and a pretzel takes 2 grams of salt. There are 90 grams of salt available."
    )
    assert domain(text) == "integer"


@pytest.mark.parametrize(
    "sentence",
    ["", "The figures above are in hundreds.", "However, salmon pies and trout pies share everything equally."],
)
def test_a_resource_of_one_thing_needs_a_limit_of_its_own(sentence: str) -> None:
    got = rules(PIES.replace("The profit", sentence + " The profit", 1))
    assert got == (
        None
        if sentence
        else {"2 * salmon_pies + 4 * trout_pies <= 80", "3 * salmon_pies <= 60", "5 * trout_pies <= 70"}
    )
    assert rules(PIES.replace(", 60 units of salmon and 70 units of trout", " and 60 units of salmon")) is None


@pytest.mark.parametrize(
    "words",
    ["The total of rolls and pretzels is to be kept as small as possible.", "Rolls use what pretzels leave over."],
)
def test_a_second_goal_and_what_is_left_over_are_refused(words: str) -> None:
    assert rules(BAKERY.format(words)) is None
