"""One problem of linear relations with one sentence changed: the answer changes as the words do, or there is none.

Every optimum was found from the meaning by enumeration, not by this program. ``READ`` must be answered so; on
``CAREFUL`` an abstention is right too, and None means that no answer is.
"""

# ruff: noqa: E501 - sentences stand on one line

from __future__ import annotations

import pytest
from milp_controlled_helpers import changed, optimum

PROJECTS = "A company is planning to allocate resources between two projects, X and Y. The combined resources allocated to projects X and Y must be at least 40 units. Project X can receive at most 50 units. Each unit of resource costs $3 for project X and $5 for project Y. The company wants whole numbers of units. What is the minimum total cost?"
READ = (
    ("Project X can receive at most 50 units.", "Project X must receive at most 10 units.", 180),
    ("Project X can receive at most 50 units.", "Project X cannot be less than 50 units.", 150),
    ("Project X can receive at most 50 units.", "Project X should receive no fewer than 50 units.", 150),
    (
        "Project X can receive at most 50 units.",
        "Twice the units of project X plus three times the units of project Y must be at least 100.",
        150,
    ),
    (
        "Project X can receive at most 50 units.",
        "Twice the units of project X minus three times the units of project Y must be at most 10.",
        148,
    ),
    (
        "Project X can receive at most 50 units.",
        "Three times the units of project Y minus the units of project X must be at least 20.",
        150,
    ),
    ("Project X can receive at most 50 units.", "The units of project Y exceed those of project X by at least 4.", 164),
    (
        "Project X can receive at most 50 units.",
        "The units of project Y must exceed those of project X by at least 4.",
        164,
    ),
    ("Project X can receive at most 50 units.", "The units of project X must not exceed those of project Y.", 160),
    ("Project X can receive at most 50 units.", "The units of project X must exceed those of project Y.", 120),
    ("Project X can receive at most 50 units.", "The units of project X cannot exceed twice those of project Y.", 148),
    ("Project X can receive at most 50 units.", "Project Y needs at least 4 more units than project X.", 164),
    ("Project X can receive at most 50 units.", "Project Y needs at least 4 more units than twice project X.", 176),
    ("Project X can receive at most 50 units.", "Project X needs at least 4 fewer units than project Y.", 164),
    ("Project X can receive at most 50 units.", "Project X needs at most 4 more units than project Y.", 156),
    (
        "Project X can receive at most 50 units.",
        "At least 4 more units must be allocated to project Y than to project X.",
        164,
    ),
    (
        "Project X can receive at most 50 units.",
        "At least 4 units more must be allocated to project Y than to project X.",
        164,
    ),
    (
        "Project X can receive at most 50 units.",
        "At least as many units must be allocated to project Y as to project X.",
        160,
    ),
    (
        "Project X can receive at most 50 units.",
        "At most as many units must be allocated to project X as to project Y.",
        160,
    ),
    (
        "Project X can receive at most 50 units.",
        "The difference between project X and project Y must not exceed 6 units.",
        154,
    ),
    (
        "Project X can receive at most 50 units.",
        "The difference between project X and project Y must be at least 6 units.",
        120,
    ),
    ("Project X can receive at most 50 units.", "Project X must receive between 5 and 12 units.", 176),
    ("Project X can receive at most 50 units.", "X: [5, 12].", 176),
    (
        "Project X can receive at most 50 units.",
        "There is a maximum of 20 units for project X and 30 units for project Y.",
        160,
    ),
    ("Project X can receive at most 50 units.", "Project Y must receive at least half of the units of project X.", 148),
    ("Project X can receive at most 50 units.", "Project X must be at least three times project Y.", 120),
    ("Project X can receive at most 50 units.", "Three times project X must be at most project Y.", 180),
    ("Project X can receive at most 50 units.", "Project Y must be at least 5 more than twice project X.", 178),
    ("Project X can receive at most 50 units.", "Project Y must equal twice project X.", 182),
    ("Project X can receive at most 50 units.", "Project X must receive exactly 10 units.", 180),
    ("Project X can receive at most 50 units.", "Project X must receive at least one hundred and ten units.", 330),
    (
        "Project X can receive at most 50 units.",
        "The combined effort of 2 units of project X and 3 units of project Y must be at least 100.",
        150,
    ),
    (
        "Project X can receive at most 50 units.",
        "Half of project X plus a quarter of project Y must be at least 20.",
        120,
    ),
    ("Project X can receive at most 50 units.", "One third of project X must be at least 8.", 120),
    ("Project X can receive at most 50 units.", "X must be at least 5 less than Y.", 166),
    ("Project X can receive at most 50 units.", "Y minus X must be at least 4.", 164),
    ("Project X can receive at most 50 units.", "Y exceeds X by at least 4 units.", 164),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources allocated to projects X and Y must be at least 30 units.",
        90,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources of twice project X and project Y must be at least 30 units.",
        45,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The total allocation must be at least 30 units.",
        90,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit of resource costs $5 for project Y and $3 for project X.",
        120,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Projects X and Y cost $3 and $5 per unit respectively.",
        120,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Projects Y and X cost $5 and $3 per unit respectively.",
        120,
    ),
)
CAREFUL = (
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit of resource costs $3 for project X and $5 more for project Y.",
        120,
    ),
    ("Project X can receive at most 50 units.", "Project X must receive an even number of units.", 120),
    ("Project X can receive at most 50 units.", "At least one of X and Y must be at least 30.", 120),
    ("Project X can receive at most 50 units.", "At least one of X and Y must be at least 45.", 135),
    ("Project X can receive at most 50 units.", "Project X should preferably receive at most 10 units.", None),
    ("Project X can receive at most 50 units.", "Project X used to be at most 10 units.", None),
    ("Project X can receive at most 50 units.", "Project X as well as project Y can receive at most 30 units.", 140),
    ("Project X can receive at most 50 units.", "Project X must not receive more than 10 units.", 180),
    ("Project X can receive at most 50 units.", "Project X must not receive less than 10 units.", 120),
    (
        "Project X can receive at most 50 units.",
        "The units of project Y must not exceed those of project X by more than 4.",
        120,
    ),
    (
        "Project X can receive at most 50 units.",
        "The units of project X must not exceed those of project Y by more than 4.",
        156,
    ),
    (
        "Project X can receive at most 50 units.",
        "The units of project X should be at most half of those of project Y.",
        174,
    ),
    (
        "Project X can receive at most 50 units.",
        "At least twice as many units must be allocated to project Y as to project X.",
        174,
    ),
    (
        "Project X can receive at most 50 units.",
        "The absolute difference between project X and project Y must not exceed 6 units.",
        154,
    ),
    ("Project X can receive at most 50 units.", "Project X must receive at least 5 units and at most 12 units.", 176),
    (
        "Project X can receive at most 50 units.",
        "At least 5 units must go to project X and at most 12 units to project Y.",
        120,
    ),
    ("Project X can receive at most 50 units.", "At least 5 and at most 12 units must go to project X.", 176),
    ("Project X can receive at most 50 units.", "Project X and project Y must each receive at least 15 units.", 150),
    ("Project X can receive at most 50 units.", "Projects X and Y must receive at least 15 units.", 150),
    ("Project X can receive at most 50 units.", "Each project must receive at least 15 units.", 150),
    ("Project X can receive at most 50 units.", "Both projects must receive at least 15 units.", 150),
    ("Project X can receive at most 50 units.", "Either project X or project Y must receive at least 45 units.", 135),
    ("Project X can receive at most 50 units.", "Project X or project Y must receive at least 45 units.", 135),
    ("Project X can receive at most 50 units.", "Neither project may receive more than 30 units.", 140),
    ("Project X can receive at most 50 units.", "Project X must receive at least 20% of the units.", 120),
    ("Project X can receive at most 50 units.", "Project Y must receive at least 60% of all units.", 168),
    ("Project X can receive at most 50 units.", "Project Y must receive at least half of the units.", 160),
    ("Project X can receive at most 50 units.", "The ratio of project Y to project X must be at least 2.", 174),
    ("Project X can receive at most 50 units.", "The product of X and Y must be at least 100.", 126),
    ("Project X can receive at most 50 units.", "The square of X must be at most 100.", 180),
    ("Project X can receive at most 50 units.", "X squared must be at most 100.", 180),
    ("Project X can receive at most 50 units.", "The average of X and Y must be at least 30.", 180),
    ("Project X can receive at most 50 units.", "The sum of X and the square of Y must be at most 100.", 120),
    ("Project X can receive at most 50 units.", "Project X must receive a multiple of 7 units.", 126),
    (
        "Project X can receive at most 50 units.",
        "Unless project Y is cancelled, project X must receive at most 10 units.",
        None,
    ),
    (
        "Project X can receive at most 50 units.",
        "If project X receives more than 10 units, project Y must receive at least 20 units.",
        160,
    ),
    ("Project X can receive at most 50 units.", "Last year project X received at most 10 units.", 120),
    ("Project X can receive at most 50 units.", "A rival gives project X at most 10 units.", 120),
    ("Project X can receive at most 50 units.", "It would be nice if project X received at most 10 units.", None),
    ("Project X can receive at most 50 units.", "Project X once received at most 10 units.", 120),
    ("Project X can receive at most 50 units.", "The manager of project X is at least 50 years old.", 120),
    ("Project X can receive at most 50 units.", "Project X lasts at most 10 weeks.", 120),
    ("Project X can receive at most 50 units.", "Project X employs at most 10 people.", 120),
    ("Project X can receive at most 50 units.", "Project X started at least 10 years before project Y.", 120),
    ("Project X can receive at most 50 units.", "Project X needs at least 10 hours of work per unit.", 120),
    ("Project X can receive at most 50 units.", "The cost of project X must be at most 30.", 180),
    ("Project X can receive at most 50 units.", "The cost of project X must be at most $30.", 180),
    ("Project X can receive at most 50 units.", "At most $30 can be spent on project X.", 180),
    ("Project X can receive at most 50 units.", "The total cost must be at most $150.", 120),
    ("Project X can receive at most 50 units.", "The total budget for both projects cannot exceed $150.", 120),
    ("Project X can receive at most 50 units.", "The budget of project X cannot exceed 30 dollars.", 180),
    (
        "Project X can receive at most 50 units.",
        "Each unit of project X takes 2 hours and each unit of project Y takes 3 hours. At most 100 hours are available.",
        120,
    ),
    (
        "Project X can receive at most 50 units.",
        "Each unit of project X takes 2 hours. Project X can take at most 30 hours.",
        170,
    ),
    ("Project X can receive at most 50 units.", "Project X must be at least three times greater than project Y.", 120),
    ("Project X can receive at most 50 units.", "Project Y must be at least twice project X plus 5.", 178),
    ("Project X can receive at most 50 units.", "Project X and project Y must be equal.", 160),
    ("Project X can receive at most 50 units.", "Project X must receive the same number of units as project Y.", 160),
    ("Project X can receive at most 50 units.", "Project X must receive 10 units.", 180),
    (
        "Project X can receive at most 50 units.",
        "Project X must receive more than 10 units and project Y fewer than 20 units.",
        120,
    ),
    ("Project X can receive at most 50 units.", "Project X must receive 10 or more units.", 120),
    ("Project X can receive at most 50 units.", "Project X must receive 10 units or fewer.", 180),
    ("Project X can receive at most 50 units.", "Project X must receive at least ten dozen units.", 360),
    ("Project X can receive at most 50 units.", "Project X should not exceed -10 units.", None),
    ("Project X can receive at most 50 units.", "Project X minus project Y must be at least -10.", 120),
    (
        "Project X can receive at most 50 units.",
        "Project X can receive at most 5 tons and project Y at most 5000 kilograms.",
        None,
    ),
    ("Project X can receive at most 50 units.", "Project X can receive at most 10 units per week for 3 weeks.", 140),
    ("Project X can receive at most 50 units.", "Project X can receive at most 10 units more than planned.", None),
    (
        "Project X can receive at most 50 units.",
        "Project X can receive at most 10 units not including 5 donated units.",
        None,
    ),
    ("Project X can receive at most 50 units.", "Project X can receive at most 10 units, plus 5 donated units.", 170),
    ("Project X can receive at most 50 units.", "Project X can receive at most 10 units, except in May.", None),
    (
        "Project X can receive at most 50 units.",
        "Project X can receive at most 10 units, of which 4 are reserved.",
        None,
    ),
    (
        "Project X can receive at most 50 units.",
        "Project X can receive at most 10 units in addition to twice project Y.",
        140,
    ),
    ("Project X can receive at most 50 units.", "Project X can receive at most 10 plus twice project Y.", 140),
    ("Project X can receive at most 50 units.", "The units of X and Y respectively can be at most 30 and 20.", 140),
    ("Project X can receive at most 50 units.", "At most 30 and 20 units can go to X and Y respectively.", 140),
    ("Project X can receive at most 50 units.", "The limits for Y and X are 20 and 30 respectively.", 140),
    (
        "Project X can receive at most 50 units.",
        "Two units of project X and three units of project Y need at most 100 hours.",
        None,
    ),
    (
        "Project X can receive at most 50 units.",
        "The combined resources for projects X and Z must be at least 50 units.",
        None,
    ),
    ("Project X can receive at most 50 units.", "Project Z must receive at least 10 units.", None),
    ("Project X can receive at most 50 units.", "Projects A and B need at least 10 units.", None),
    (
        "Project X can receive at most 50 units.",
        "The sum of project X and project Y must be at most 30% higher than 40.",
        None,
    ),
    ("Project X can receive at most 50 units.", "The sum of X, Y and 10 must be at least 60.", 150),
    ("Project X can receive at most 50 units.", "X + Y >= 60.", 180),
    ("Project X can receive at most 50 units.", "2X + 3Y must be at least 150.", 225),
    ("Project X can receive at most 50 units.", "Project X: 10.", None),
    ("Project X can receive at most 50 units.", "Project X's share must be at most a third of the total.", 174),
    ("Project X can receive at most 50 units.", "The larger of X and Y must be at most 25.", 150),
    ("Project X can receive at most 50 units.", "The smaller of X and Y must be at least 25.", 200),
    ("Project X can receive at most 50 units.", "X reduced by 5 must be at most 10.", 170),
    ("Project X can receive at most 50 units.", "X increased by Y must be at most 45.", 120),
    ("Project X can receive at most 50 units.", "Five less than X must be at most 10.", 170),
    ("Project X can receive at most 50 units.", "X must be at most 5 less than Y.", 166),
    ("Project X can receive at most 50 units.", "X should be closer to 10 than to 50.", None),
    ("Project X can receive at most 50 units.", "It is not required that project X receive at least 45 units.", 120),
    ("Project X can receive at most 50 units.", "Project X does not need at least 45 units.", 120),
    ("Project X can receive at most 50 units.", "Project X may receive at least 45 units.", 120),
    ("Project X can receive at most 50 units.", "Project X is expected to receive at least 45 units.", None),
    ("Project X can receive at most 50 units.", "Subtracting Y from X gives at most 10.", 150),
    ("Project X can receive at most 50 units.", "X subtracted from Y must be at least 10.", 170),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined cost of projects X and Y must be at least 200.",
        200,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The total must be at least 30 units.",
        90,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The total hours must be at least 30.",
        None,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The total weight of both projects must be at least 30.",
        None,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The total number of workers on both projects must be at least 30.",
        None,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The total risk of both projects must be at most 30.",
        None,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources allocated to projects X and Y in the first year must be at least 30 units and in the second year at least 20 units.",
        None,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources allocated to projects X and Y must be at least 30 units more than 10.",
        120,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources allocated to projects X and Y, less 5 units, must be at least 30 units.",
        105,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources allocated to projects X and Y must be 30 to 50 units.",
        90,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources allocated to projects X and Y must be at least 30 units, rising to 50 units.",
        None,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources allocated to projects X and Y must be at least twice 20 units.",
        120,
    ),
    (
        "The combined resources allocated to projects X and Y must be at least 40 units.",
        "The combined resources allocated to projects X and Y must be twice at least 20 units.",
        None,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit of resource costs $3 for project X and twice as much for project Y.",
        120,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Every two units of resource cost $6 for project X and $10 for project Y.",
        120,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each dozen units of resource costs $3 for project X and $5 for project Y.",
        10,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit costs $3 for project X and $5 for project Y, with a discount for 10 units.",
        None,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit costs $3 for project X and $5 for project Y, and each unit of X also needs $2 of transport.",
        200,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit costs $3 for project X and $5 for project Y. Storage costs $1 for project X and $2 for project Y.",
        160,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit costs 300 cents for project X and $5 for project Y.",
        120,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit brings a profit of $3 for project X and $5 for project Y.",
        None,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit costs between $2 and $4 for project X and $5 for project Y.",
        None,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit costs at most $3 for project X and $5 for project Y.",
        None,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit does not cost $3 for project X and $5 for project Y.",
        None,
    ),
    (
        "Each unit of resource costs $3 for project X and $5 for project Y.",
        "Each unit costs about $3 for project X and $5 for project Y.",
        None,
    ),
    ("What is the minimum total cost?", "What is the minimum total risk?", None),
    ("What is the minimum total cost?", "What is the minimum total profit?", None),
    ("What is the minimum total cost?", "What is the minimum number of units?", 40),
    ("What is the minimum total cost?", "What is the minimum total cost if project X receives 5 units?", None),
    ("What is the minimum total cost?", "What is the minimum total cost of project X?", 0),
    ("What is the minimum total cost?", "What is the minimum total cost, and the maximum number of units?", None),
    ("What is the minimum total cost?", "What is the total cost?", None),
    ("What is the minimum total cost?", "What is the second smallest total cost?", None),
    ("What is the minimum total cost?", "What is the minimum average cost?", None),
    ("What is the minimum total cost?", "What is the minimum total cost after tax of 10%?", None),
    ("What is the minimum total cost?", "What is twice the minimum total cost?", None),
    ("What is the minimum total cost?", "What is the minimum total cost over 3 years?", None),
    ("What is the minimum total cost?", "What is the minimum total cost without project X?", None),
)


@pytest.mark.parametrize(("old", "new", "value"), READ)
def test_the_meaning_is_read(old: str, new: str, value: float) -> None:
    found = optimum(changed(PROJECTS, old, new))
    assert found == pytest.approx(value)


@pytest.mark.parametrize(("old", "new", "value"), CAREFUL)
def test_no_other_meaning_is_read(old: str, new: str, value: float | None) -> None:
    found = optimum(changed(PROJECTS, old, new))
    assert found is None or (value is not None and found == pytest.approx(value))
