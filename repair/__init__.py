"""From a problem to an answer: route, translate, check, judge, and repair what fails.

The two ways in are :func:`solve` (plain language) and :func:`check` (formal text). Both return an Answer for
whatever the text or the engines do; they raise only Cancelled, InputError and InfrastructureError.
"""

from __future__ import annotations

from quod.core.answer import Answer
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.run import Run

__all__ = ["check", "solve"]


def check(formalization: Formalization, problem: Problem, run: Run | None = None) -> Answer:
    """Formal text to checked answer; nothing is translated and nothing repaired but its notation."""
    from quod.repair import pipeline  # late: importing quod.repair's parts must not load the backends

    return pipeline.check(formalization, problem, run or Run(budget=problem.budget))


def solve(problem: Problem, run: Run | None = None) -> Answer:
    """Plain language to checked answer."""
    from quod.repair import pipeline

    return pipeline.solve(problem, run or Run(budget=problem.budget))
