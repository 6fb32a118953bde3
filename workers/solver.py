"""What a worker runs. Imported when the first job arrives, so that starting is fast."""

from __future__ import annotations

from typing import Protocol

from quod.core.answer import Answer
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.run import Run

__all__ = ["Pipeline", "Solver"]


class Solver(Protocol):
    """Answers problems and checks formal texts. Raises only errors rooted in QuodError."""

    def solve(self, problem: Problem, run: Run) -> Answer:
        """Plain language to answer."""
        ...

    def check(self, formalization: Formalization, problem: Problem, run: Run) -> Answer:
        """Formal text to answer; nothing is translated."""
        ...


class Pipeline:
    """quod's own: :mod:`quod.repair`."""

    def solve(self, problem: Problem, run: Run) -> Answer:
        """See :func:`quod.repair.solve`."""
        from quod.repair import solve

        return solve(problem, run)

    def check(self, formalization: Formalization, problem: Problem, run: Run) -> Answer:
        """See :func:`quod.repair.check`."""
        from quod.repair import check

        return check(formalization, problem, run)
