"""What one of each thing takes, told in sentences, and limits on it: read so, or refused where the words tell more."""

# ruff: noqa: E501 - sentences stand on one line

from __future__ import annotations

import pytest
from milp_controlled_helpers import changed, optimum

# Lower bounds are small, so that the best plan is found by looking at every point.
DEPOT = (
    "A depot manager is sending out vans and trucks. Each van uses 3 liters of fuel and each truck 7 liters. A van carries "
    "20 crates, a truck 60 crates. The depot has to move at least 400 crates in total. No more than 90 liters of fuel are "
    "available. There must be at least 3 vans. With a van costing $40 and a truck costing $90, what is the lowest possible "
    "total cost, rounded to the nearest dollar?"
)
_LIMIT = "The depot has to move at least 400 crates in total."
_FUEL = "No more than 90 liters of fuel are available."
_VANS = "There must be at least 3 vans."


def _best(more: object = None, crates: int = 400, fuel: int = 90, vans: int = 3) -> float:
    points = ((x, y) for x in range(80) for y in range(80))
    return min(
        40 * x + 90 * y
        for x, y in points
        if 20 * x + 60 * y >= crates and 3 * x + 7 * y <= fuel and x >= vans and (more is None or more(x, y))  # type: ignore[operator]
    )


READ = (
    (_VANS, _VANS, _best()),
    (_VANS, "No fewer than 4 vans must be sent.", _best(vans=4)),
    (_FUEL, "The depot has 60 liters of fuel.", _best(fuel=60)),
    (_FUEL, "There are 70 liters of fuel on hand.", _best(fuel=70)),
    (_LIMIT, "At least 500 crates need to be moved today.", _best(crates=500)),
    (_LIMIT, "A total of at least 500 crates is required.", _best(crates=500)),
    (_VANS, "Vans must make up at least 60% of all vehicles.", _best(lambda x, y: 5 * x >= 3 * (x + y), vans=0)),
    (_VANS, "The number of vans must be at least one third of the number of trucks.", _best(lambda x, y: 3 * x >= y, vans=0)),
    (_VANS, "The depot may not send more than 5 trucks.", _best(lambda _x, y: y <= 5, vans=0)),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "With each van using 3 liters of fuel and each truck using 7 liters, the depot can spend at most 60 liters.", None),
    ("A van carries 20 crates, a truck 60 crates. The depot has to move at least 400 crates in total.", "The load, which amounts to 20 crates per van and 60 crates per truck, must reach at least 500 crates.", _best(crates=500)),
)  # fmt: skip
CAREFUL = (
    (_FUEL, "No more than 90 liters of water are available.", None),
    (_FUEL, "No more than 90 gallons of fuel are available.", None),
    (_FUEL, "The vans may use no more than 30 liters of fuel.", _best(lambda x, _y: 3 * x <= 30)),
    (_FUEL, "No more than 90 liters of fuel are available per van.", None),
    (_FUEL, "", None),
    (_LIMIT, "The depot has 400 crates.", None),
    (_LIMIT, "The depot has to move at least 400 crates more than last year.", None),
    (_LIMIT, "The depot has to move at least 400 crates, half of them by truck.", None),
    (_VANS, "At least 3 vans and bicycles must be sent.", None),
    (_VANS, "The vans are at least 3 meters long.", None),
    (_VANS, "Vans must make up at least 60% of the total cost.", None),
    (_VANS, "Vans must carry at least 60% of all crates.", None),
    (_VANS, "There must be at least 3 vans but no more than 5 vehicles per driver.", None),
    (_VANS, "The depot need not send more than 3 vans.", _best(vans=0)),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "Each van uses at least 3 liters of fuel and each truck 7 liters.", None),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "Each van uses 3 to 4 liters of fuel and each truck 7 liters.", None),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "Two vans use 3 liters of fuel and each truck 7 liters.", None),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "Each van uses 3 liters of fuel, each truck 7 liters and each bus 9 liters.", None),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "Each van uses 3 liters of fuel and each truck 7 liters more.", None),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "Each van uses 3 liters of fuel and each truck twice as much.", None),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "Each van uses 3 liters of fuel and each truck 7 liters of oil.", None),
    ("Each van uses 3 liters of fuel and each truck 7 liters.", "Each van uses 3 liters of fuel and there are 7 liters for each truck.", None),
    ("what is the lowest possible total cost", "what is the lowest possible average cost", None),
    ("what is the lowest possible total cost", "what is the lowest possible use of fuel", None),
    ("what is the lowest possible total cost, rounded to the nearest dollar", "what is the lowest possible total cost in thousands of dollars", None),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "value"), READ)
def test_the_meaning_is_read(old: str, new: str, value: float | None) -> None:
    found = optimum(changed(DEPOT, old, new), top=80)
    assert found == value


@pytest.mark.parametrize(("old", "new", "value"), CAREFUL)
def test_no_other_meaning_is_read(old: str, new: str, value: float | None) -> None:
    found = optimum(changed(DEPOT, old, new), top=80)
    assert found is None or (value is not None and found == pytest.approx(value))
