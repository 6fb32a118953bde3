"""Models that are not linear: constraint programs and nonlinear programs."""

from __future__ import annotations

from quod.backends.milp.ground import Ground
from quod.backends.milp.solving import Outcome
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.verdict import GaveUp, Verdict

__all__ = ["solve_trees"]


def solve_trees(ground: Ground, run: Run, problem: Problem) -> Outcome:
    """No engine yet."""
    return Outcome(Verdict.giving_up(GaveUp.UNSUPPORTED, detail="only linear models are supported so far"))
