"""What `make demo` runs: problems in plain language, each answered with its evidence.

Every problem is put to quod exactly as a person would type it; the expected conclusion stands beside it only so
that the demo can say whether all went as it should. Exit status 0 means that it did.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from rich.rule import Rule

import quod
from quod.cli.inputs import read_context
from quod.cli.show import answer_console, show_answer

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Shown:
    """A problem of the demo."""

    title: str
    text: str
    expected: str
    """The conclusion that is right."""
    facts: tuple[tuple[str, object], ...] = ()
    """Entries of the answer's data that are right."""
    context: tuple[str, ...] = ()


PROBLEMS = (
    Shown(
        "Logic: does it follow?",
        "Every wumpus is not shy. Each numpus is a wumpus. Rex is a numpus. True or false: Rex is shy.",
        "disproved",
    ),
    Shown(
        "Logic: premises that contradict each other",
        "All auditors are independent. No auditor is independent. Dana is an auditor. "
        "True or false: Dana is independent.",
        "inconsistent",
    ),
    Shown(
        "Optimization: what to make",
        "A carpenter makes tables and chairs. Each table takes 3 hours of work and 4 planks of wood, and each chair "
        "takes 2 hours of work and 1 plank of wood. There are 60 hours of work and 50 planks of wood available. "
        "The profit is $30 per table and $15 per chair. How many tables and chairs should the carpenter make to "
        "maximize the profit?",
        "optimal",
        (("objective", "510"),),
    ),
    Shown(
        "Optimization: demands that cannot all be met",
        "A bakery bakes cakes and pies. Each cake takes 2 hours of baking and each pie takes 1 hour of baking. "
        "There are 10 hours of baking available. At least 4 cakes and at least 5 pies must be baked. "
        "The profit is $8 per cake and $5 per pie. How many of each should be baked to maximize profit?",
        "infeasible",
    ),
    Shown(
        "Planning: blocks, in words",
        "You have 3 blocks. b1 is on the table. b2 is on the table. b3 is on top of b1. b2 is clear. b3 is clear. "
        "Your arm is empty. Your goal is to move the blocks. "
        "b1 should be on top of b2. b2 should be on top of b3.",
        "plan",
    ),
    Shown(
        "Planning: a domain and a problem of your own",
        "Find a plan.",
        "plan",
        context=("demo/ferry-domain.pddl", "demo/ferry-problem.pddl"),
    ),
)


def main() -> int:
    """Solve them all, and say whether each came out as expected."""
    console = answer_console()
    unexpected = []
    for problem in PROBLEMS:
        console.print(Rule(problem.title, align="left"))
        console.print(problem.text, markup=False)
        context = read_context(tuple(HERE / name for name in problem.context))
        for item in context:
            console.print(f"  + {item.name}", markup=False)
        answer = quod.solve(problem.text, context=context)
        show_answer(console, answer, formal=False)
        as_expected = (
            answer.status is quod.Status.VERIFIED
            and answer.conclusion == problem.expected
            and all(answer.data.get(key) == value for key, value in problem.facts)
        )
        if not as_expected:
            unexpected.append(problem.title)
    console.print(Rule())
    if unexpected:
        console.print(f"NOT as expected: {'; '.join(unexpected)}", markup=False)
        return 1
    console.print(f"{len(PROBLEMS)} problems, every answer verified and as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
