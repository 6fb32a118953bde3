"""Linear relations of things named by nouns, one sentence changed at a time: the answer changes as the words do.

What a sentence means stands beside it as a condition on two whole numbers, so that the optimum is found without this
program. ``READ`` must be answered; on ``CAREFUL`` an abstention is right too, and no condition means that nothing is.
"""

# ruff: noqa: E501 - sentences stand on one line

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from milp_controlled_helpers import changed, optimum

CHOIR = "A choir director divides the rehearsal time of a season between two works: Magnificat and Requiem. The total rehearsal time for both works must be at least 40 hours. Magnificat can take at most 50 hours. Each hour of rehearsal costs $3 for Magnificat and $5 for Requiem. All times are whole numbers of hours. What is the minimum total cost?"
TOTAL = "The total rehearsal time for both works must be at least 40 hours."
BOUND = "Magnificat can take at most 50 hours."
COST = "Each hour of rehearsal costs $3 for Magnificat and $5 for Requiem."
QUESTION = "What is the minimum total cost?"
TOP = 121
Condition = Callable[[int, int], bool]
READ: tuple[tuple[str, str, Condition], ...] = (
    (BOUND, "The hours of Magnificat cannot surpass 10.", lambda m, r: m <= 10),
    (BOUND, "Three-quarters of the hours of Magnificat must be at most 12.", lambda m, r: 3 * m <= 48),
    (BOUND, "Six-tenths of the hours of Magnificat plus one-fifth of the hours of Requiem must be at least 30.", lambda m, r: 6 * m + 2 * r >= 300),
    (BOUND, "The hours of Magnificat should not exceed the hours of Requiem by more than 6.", lambda m, r: m - r <= 6),
    (BOUND, "Requiem must have at least as many hours as Magnificat.", lambda m, r: r >= m),
    (BOUND, "The hours of Requiem must be at least as much as twice the hours of Magnificat.", lambda m, r: r >= 2 * m),
    (BOUND, "The hours of Requiem must be at least equal to half the hours of Magnificat.", lambda m, r: 2 * r >= m),
    (BOUND, "The hours of Requiem must equal the hours of Magnificat plus 7.", lambda m, r: r == m + 7),
    (BOUND, "The hours of Magnificat must be at most the hours of Requiem minus 7.", lambda m, r: m <= r - 7),
    (BOUND, "Magnificat and Requiem must each take at least 15 hours.", lambda m, r: m >= 15 and r >= 15),
    (BOUND, "Magnificat and Requiem can take up to 35 hours each.", lambda m, r: m <= 35 and r <= 35),
    (BOUND, "Magnificat and Requiem can take up to 20 and 70 hours respectively.", lambda m, r: m <= 20 and r <= 70),
    (BOUND, "The maximum hours for Requiem and Magnificat are respectively 70 and 20.", lambda m, r: m <= 20 and r <= 70),
    (BOUND, "Magnificat can take no more than 30 hours and no less than 4 hours.", lambda m, r: 4 <= m <= 30),
    (BOUND, "At least 5 and at most 12 hours must go to Magnificat.", lambda m, r: 5 <= m <= 12),
    (BOUND, "The hours of Magnificat range from 0 to a maximum of 18.", lambda m, r: m <= 18),
    (BOUND, "Between 3 and 18 hours can be given to Magnificat.", lambda m, r: 3 <= m <= 18),
    (BOUND, "From 3 up to 18 hours can be given to Magnificat.", lambda m, r: 3 <= m <= 18),
    (BOUND, "3 <= Magnificat <= 18.", lambda m, r: 3 <= m <= 18),
    (BOUND, "Requiem >= 22.", lambda m, r: r >= 22),
    (BOUND, "Twice the hours of Magnificat minus the hours of Requiem must not be less than -5.", lambda m, r: 2 * m - r >= -5),
    (BOUND, "The hours of Magnificat minus the hours of Requiem should be non-negative.", lambda m, r: m - r >= 0),
    (BOUND, "The limit of Requiem is 18 hours, and Magnificat can take at most 30 hours.", lambda m, r: r <= 18 and m <= 30),
    (BOUND, "Magnificat can take at most 30 hours (as the singers tire easily).", lambda m, r: m <= 30),
    (BOUND, "Magnificat can take at most 30 hours, possibly because the singers tire easily.", lambda m, r: m <= 30),
    (BOUND, "30% of the hours of Magnificat plus 50% of the hours of Requiem must be at least 15.", lambda m, r: 3 * m + 5 * r >= 150),
    (BOUND, "The combined time of two units of Magnificat and one unit of Requiem must be at least 90 hours.", lambda m, r: 2 * m + r >= 90),
    (BOUND, "The sum of the hours of Magnificat (multiplied by 2) and Requiem (tripled) must be at least 100.", lambda m, r: 2 * m + 3 * r >= 100),
    (BOUND, "There must be at least 8 more hours for Requiem compared to Magnificat.", lambda m, r: r >= m + 8),
    (BOUND, "Magnificat: 3 to 18 hours.", lambda m, r: 3 <= m <= 18),
    (BOUND, "There is a floor of 22 hours for Requiem.", lambda m, r: r >= 22),
    (BOUND, "Another requirement is that Magnificat take at most 30 hours.", lambda m, r: m <= 30),
    (BOUND, "It is also necessary that Requiem take at least double the hours of Magnificat.", lambda m, r: r >= 2 * m),
    (TOTAL, "At least 44 hours of Magnificat and Requiem combined are needed.", lambda m, r: m <= 50 and m + r >= 44),
    (TOTAL, "At least a total of 44 hours must be spent on Magnificat and Requiem.", lambda m, r: m <= 50 and m + r >= 44),
    (TOTAL, "At least 44 hours should be spent collectively on Magnificat and Requiem.", lambda m, r: m <= 50 and m + r >= 44),
    (TOTAL, "The total hours between Magnificat and Requiem must be at least 44.", lambda m, r: m <= 50 and m + r >= 44),
)  # fmt: skip
CAREFUL: tuple[tuple[str, str, Condition | None], ...] = (
    (BOUND, "Unless the hall is free, Magnificat can take at most 50 hours.", None),
    (BOUND, "Magnificat can take at most 10 hours more than planned.", None),
    (BOUND, "Magnificat can take at most 10 hours a week.", None),
    (BOUND, "Magnificat can take at most 10 days.", None),
    (BOUND, "Magnificat can take at most 600 minutes.", lambda m, r: m <= 10),
    (BOUND, "The cost of Magnificat can be at most 30.", lambda m, r: m <= 10),
    (BOUND, "The cost of Magnificat can be at most $30.", lambda m, r: m <= 10),
    (BOUND, "The budget for both works is at most $150.", lambda m, r: 3 * m + 5 * r <= 150),
    (BOUND, "Magnificat can take at most 30% of the hours.", lambda m, r: 10 * m <= 3 * (m + r)),
    (BOUND, "Magnificat can take at most 30% of the hours of Requiem.", lambda m, r: 10 * m <= 3 * r),
    (BOUND, "Magnificat can take at most 30% more hours than Requiem.", lambda m, r: 10 * m <= 13 * r),
    (BOUND, "Magnificat needs 30% of its hours for breaks, at most 9.", None),
    (BOUND, "Magnificat takes quadruple the hours of Requiem at most.", lambda m, r: m <= 4 * r),
    (BOUND, "Quadruple the hours of Magnificat must be at most 40.", lambda m, r: m <= 10),
    (BOUND, "A fivefold Magnificat must be at most 50.", None),
    (BOUND, "Magnificat cannot be at most 50 hours.", lambda m, r: m > 50),
    (BOUND, "The difference between the sum of Magnificat and Requiem and 10 must be at least 40.", lambda m, r: m + r >= 50),
    (BOUND, "The difference between Magnificat and Requiem combined must be at most 6.", lambda m, r: m - r <= 6),
    (BOUND, "The hours between Magnificat and Requiem must be at least 60.", lambda m, r: m + r >= 60),
    (BOUND, "Magnificat and Requiem take 20 and 70 hours at most.", lambda m, r: m <= 20 and r <= 70),
    (BOUND, "Magnificat and Requiem combined must take at least 60 hours each.", None),
    (BOUND, "Magnificat should exceed Requiem by more than 5 hours.", lambda m, r: m > r + 5),
    (BOUND, "Magnificat should not exceed Requiem by less than 5 hours.", None),
    (BOUND, "Magnificat must not exceed Requiem by 5 hours.", lambda m, r: m <= r + 5),
    (BOUND, "Magnificat can exceed Requiem by at most 5 hours.", lambda m, r: m <= r + 5),
    (BOUND, "Magnificat need not be at least 50 hours.", lambda m, r: True),
    (BOUND, "The soloists of Magnificat sing at most 10 hours.", None),
    (BOUND, "At most 10 soloists sing in Magnificat.", None),
    (BOUND, "Magnificat has at most 10 movements.", None),
    (BOUND, "Every hour of Magnificat needs an hour of Requiem.", None),
    (BOUND, "Magnificat can take at most 10 hours (not counting encores).", None),
    (BOUND, "Magnificat can take at most 10 hours (doubled in May).", None),
    (BOUND, "Magnificat (doubled) can take at most 10 hours (with Requiem).", None),
    (BOUND, "Magnificat can take at most 10 hours - this holds per week.", None),
    (BOUND, "Magnificat can take at most 10 hours, which may be exceeded once.", None),
    (BOUND, "Magnificat can take at most 10 hours as an average.", None),
    (BOUND, "Magnificat may well take at most 10 hours, because only 5 are needed.", None),
    (BOUND, "The loss of Magnificat minus a 2% loss of Requiem must be at most 10.", None),
    (BOUND, "A quarter of Magnificat and Requiem must be at least 20.", lambda m, r: m + r >= 80),
    (BOUND, "Half the hours of Magnificat and Requiem combined must be at least 30.", lambda m, r: m + r >= 60),
    (BOUND, "Twice the sum of Magnificat and Requiem must be at least 100.", lambda m, r: m + r >= 50),
    (BOUND, "The hours of Magnificat minus those of Requiem and Vespers must be at least 5.", None),
    (BOUND, "Vespers takes at least 10 hours.", None),
    (BOUND, "Magnificat, Requiem and Vespers take at least 90 hours in total.", None),
    (BOUND, "Between 3 and 18 hours can be given to Magnificat, the rest to Requiem.", None),
    (BOUND, "5 hours are reserved, and Magnificat can take at most 10 hours.", None),
    (BOUND, "At most 10 hours can go to either Magnificat or Requiem.", None),
    (BOUND, "Magnificat must last a multiple of at least 4 hours.", None),
    (BOUND, "One of the works can take at most 10 hours.", None),
    (BOUND, "Another requirement is that Magnificat take at most 30 hours unless a soloist is ill.", None),
    (BOUND, "Requiem can exceed 22 hours.", lambda m, r: True),
    (BOUND, "Magnificat could take at most 30 hours.", lambda m, r: m <= 30),
    (BOUND, "A score of singers, at least 10 of them altos, sing Magnificat.", None),
    (BOUND, "If Magnificat takes 10 hours, Requiem takes at least 40 hours.", None),
    (BOUND, "The difference between Magnificat and Requiem must be at least 6.", lambda m, r: m - r >= 6),
    (BOUND, "The difference between twice the sum of Magnificat and Requiem must be at most 6.", None),
    (BOUND, "Magnificat is 3 to 18 minutes long.", None),
    (BOUND, "Magnificat can take at most 30 hours; these may be doubled.", None),
    (BOUND, "Magnificat or Requiem could be dropped.", None),
    (BOUND, "Magnificat can take at most 30 hours (which the choir hopes to halve).", None),
    (BOUND, "A ceiling of 30 applies to neither Magnificat nor Requiem.", None),
    (QUESTION, "What is the minimum total cost in thousands of dollars?", None),
    (QUESTION, "What is the minimum total cost for Magnificat?", None),
    (QUESTION, "What is the minimum total cost, with a tenth on top?", None),
    (QUESTION, "How much less than $200 is the minimum total cost?", None),
    (TOTAL, "The total rehearsal time must be at least 40 hours a week.", lambda m, r: m <= 50 and m + r >= 40),
    (TOTAL, "The total rehearsal time for both works must be at least 40 hours, without the 6 hours of the dress rehearsal.", None),
    (TOTAL, "The total rehearsal time for one of the works must be at least 40 hours.", None),
    (TOTAL, "The average rehearsal time for both works must be at least 40 hours.", lambda m, r: m <= 50 and m + r >= 80),
    (TOTAL, "Both works must take at least 40 hours.", None),
    (TOTAL, "The rehearsal time for both works must be at least 40 hours.", lambda m, r: m <= 50 and m + r >= 40),
    (TOTAL, "The total rehearsal time for both works must be at least 40 hours, and 25 hours for each.", None),
    (COST, "Each hour of rehearsal costs $3 for Magnificat and twice as much for Requiem.", None),
    (COST, "Each hour of rehearsal costs $3 for Magnificat, while it is $5 for Requiem.", lambda m, r: m <= 50 and m + r >= 40),
    (COST, "Each hour of Magnificat costs $3. Each hour of Requiem costs $5. A concert costs $7 for Requiem.", None),
    (COST, "Each hour of Magnificat costs $3. Each hour of Requiem costs $5, and $2 of lighting.", None),
    (COST, "Each hour of Magnificat costs $3. Each hour of Requiem brings in $5.", None),
    (COST, "The hourly cost, in hundreds of dollars, is 3 for Magnificat and 5 for Requiem.", None),
    (COST, "Each hour of rehearsal costs $3 for Magnificat and $5 for Requiem, in addition to $100 for the hall.", None),
    (COST, "Each two hours of rehearsal cost $3 for Magnificat and $5 for Requiem.", None),
    (COST, "Each hour of rehearsal costs at least $3 for Magnificat and $5 for Requiem.", None),
)  # fmt: skip


def _best(condition: Condition, sentence: str) -> int | None:
    """The least cost over the whole points that meet the condition and the sentences that stand."""
    points = (
        3 * m + 5 * r
        for m in range(TOP)
        for r in range(TOP)
        if condition(m, r) and (sentence == TOTAL or m + r >= 40) and (sentence != COST or m <= 50)
    )
    return min(points, default=None)


@pytest.mark.parametrize(("old", "new", "condition"), READ)
def test_the_meaning_is_read(old: str, new: str, condition: Condition) -> None:
    assert optimum(changed(CHOIR, old, new)) == pytest.approx(_best(condition, old))


@pytest.mark.parametrize(("old", "new", "condition"), CAREFUL)
def test_no_other_meaning_is_read(old: str, new: str, condition: Condition | None) -> None:
    found = optimum(changed(CHOIR, old, new))
    assert found is None or (condition is not None and found == pytest.approx(_best(condition, old)))


FIELDS = "A cooperative plants three crops: wheat, barley and oats. The total of all three crops must be at least 12 acres. {} Each acre costs $4 for wheat, $3 for barley and $5 for oats. Only whole acres are planted. What is the minimum total cost?"
_AREAS: tuple[tuple[str, Callable[[int, int, int], bool] | None, bool], ...] = (
    ("The combined acres of wheat and barley cannot exceed 5.", lambda w, b, o: w + b <= 5, True),
    ("The difference between oats and the sum of wheat and barley must be at least 3 acres.", lambda w, b, o: o - w - b >= 3, True),
    ("The difference between oats and both wheat and barley combined must be at least 3 acres.", lambda w, b, o: o - w - b >= 3, True),
    ("The sum of wheat and half the acres of oats minus the acres of barley must be at least 2.", lambda w, b, o: 2 * w + o - 2 * b >= 4, True),
    ("Wheat, barley and oats can take up to 4, 5 and 9 acres respectively.", lambda w, b, o: w <= 4 and b <= 5 and o <= 9, True),
    ("The maximum area is 4 acres for wheat, 5 acres for barley and 9 acres for oats.", lambda w, b, o: w <= 4 and b <= 5 and o <= 9, True),
    ("The difference between wheat and barley plus oats must be at most 3 acres.", None, False),
    ("The difference between oats, wheat and barley must be at least 3 acres.", None, False),
    ("Twice the acres of oats minus those of wheat and barley must be at least 8.", None, False),
    ("Half the acres of wheat and barley combined must be at least 4.", lambda w, b, o: w + b >= 8, False),
    ("The acres of wheat and oats must be at least twice those of barley.", lambda w, b, o: w + o >= 2 * b, False),
    ("Each of the three crops must take at least 2 acres.", lambda w, b, o: min(w, b, o) >= 2, False),
    ("Wheat and barley can take up to 4 acres.", None, False),
    ("Rye can take up to 4 acres.", None, False),
    ("The combined area of wheat and rye cannot exceed 5 acres.", None, False),
    ("Two of the crops can take up to 4 acres.", None, False),
    ("The combined yield of wheat and barley cannot exceed 5 tons.", None, False),
)  # fmt: skip


@pytest.mark.parametrize(("sentence", "condition", "must"), _AREAS)
def test_three_things_are_told_apart(
    sentence: str, condition: Callable[[int, int, int], bool] | None, must: bool
) -> None:
    found = optimum(FIELDS.format(sentence), top=16)
    points = (
        4 * w + 3 * b + 5 * o
        for w, b, o in itertools.product(range(16), repeat=3)
        if w + b + o >= 12 and condition is not None and condition(w, b, o)
    )
    assert (found is None and not must) or (condition is not None and found == pytest.approx(min(points)))
