"""What the loop asks of whoever writes formal text for it, and of whoever judges that text."""

from __future__ import annotations

from typing import Protocol

from quod.core.diagnostics import Diagnostic
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.translators.llm.client import Usage

__all__ = ["Judging", "Mender"]


class Mender(Protocol):
    """A translator that can also mend what it wrote from what was found wrong with it."""

    name: str
    formalism: Formalism

    @property
    def usage(self) -> Usage:
        """What its model calls have cost so far."""
        ...

    def translate(self, problem: Problem, run: Run) -> Translation:
        """A first draft."""
        ...

    def mend(
        self, problem: Problem, previous: Formalization, diagnostics: tuple[Diagnostic, ...], run: Run
    ) -> Translation:
        """One round of repair."""
        ...


class Judging(Protocol):
    """Says how faithful a draft is to what the person said."""

    def assess(self, draft: Translation) -> Translation:
        """The draft with its faithfulness, and the doubts about it."""
        ...

    def supports(self, candidate: Formalization) -> bool:
        """Whether what the person said is known to be what the candidate says."""
        ...
