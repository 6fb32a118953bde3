"""The grammar of allocation problems: right when it answers, silent when it does not understand."""

from __future__ import annotations

from typing import Any

import pytest
from milp_helpers import solve

from quod.core.faithfulness import FaithfulnessLevel
from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.controlled.milp import translator

WORKSHOP = (
    "A workshop makes stools and benches. Each stool takes 2 hours of carving and 1 hour of sanding. Each bench "
    "takes 3 hours of carving "
    "and 4 hours of sanding. There are 60 hours of carving and 40 hours of sanding available. The profit per "
    "stool is $20 and the profit per "
    "bench is $45. {} How many of each should the workshop make to maximize profit?"
)


def answer(text: str) -> str | None:
    problem = Problem(text=text)
    found = translator().translate(problem, Run(budget=problem.budget))
    if found.formalization is None:
        assert found.diagnostics
        assert all(d.code == "translate.not_understood" for d in found.diagnostics)
        return None
    assert found.faithfulness is not None
    assert found.faithfulness.level is FaithfulnessLevel.CONTROLLED
    objective = solve(found.formalization.text).data["objective"]
    return str(objective)


@pytest.mark.parametrize(
    ("extra", "optimum"),
    [
        ("", "660"),
        ("At least 8 benches must be made.", "520"),
        ("At most a quarter of the items must be benches.", "?"),
        ("The number of stools must be at least twice the number of benches.", "?"),
        ("At most 15 items can be made in total.", None),
    ],
)
def test_a_workshop(extra: str, optimum: str | None) -> None:
    got = answer(WORKSHOP.format(extra))
    if optimum == "?":
        assert got is not None
    elif optimum is not None:
        assert got == optimum


@pytest.mark.parametrize(
    "extra",
    [
        "Each stool needs 3 bolts unless it is painted.",
        "After the first 10 benches the profit falls by 5 dollars.",
        "Every third bench is given away.",
        "Storage is limited to 70 pieces and 80 pieces of walnut and pine respectively.",
        "The difference between stools and benches must be at most 5.",
        "The carving team loses 4 hours to repairs.",
    ],
)
def test_what_is_not_understood_is_not_guessed(extra: str) -> None:
    assert answer(WORKSHOP.format(extra)) is None


@pytest.mark.parametrize("text", ["Hello there.", "Maximize profit.", "What is 2 + 2?", "x " * 3000])
def test_other_texts_are_left_alone(text: str) -> None:
    assert answer(text) is None


def test_development_rows(shared_rows: Any) -> None:
    rows = [r for r in shared_rows("nl4opt/dev.jsonl") if r["status"]["ip"] == "Optimal"][:12]
    right = wrong = 0
    for row in rows:
        problem = Problem(text=row["text"])
        found = translator().translate(problem, Run(budget=problem.budget))
        if found.formalization is None:
            continue
        key = "ip" if '"integer"' in found.formalization.text else "lp"
        got = solve(found.formalization.text).data.get("objective_float")
        same = isinstance(got, float) and abs(got - row["optimum"][key]) <= 1e-6 * max(1, abs(got))
        right, wrong = right + same, wrong + (not same)
    assert right >= 6
    assert wrong <= 1
