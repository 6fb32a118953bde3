"""One candidate and what came of it."""

from __future__ import annotations

from pydantic import Field

from quod.core.assurance import Assurance
from quod.core.diagnostics import Diagnostic
from quod.core.formalization import Formalization
from quod.core.model import Frozen
from quod.core.verdict import Verdict

__all__ = ["Attempt"]


class Attempt(Frozen):
    """A node of the tree of candidates."""

    number: int = Field(ge=1)
    parent: int | None = None
    """The attempt this one was made from; None for a first draft."""
    strategy: str
    """What made it: ``controlled``, ``draft``, ``given``, or a repair strategy's name."""
    translator: str = ""
    formalization: Formalization | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    verdict: Verdict | None = None
    assurance: Assurance = Assurance.NONE
    diff: str = ""
    """Unified diff against the parent's formal text."""
    seconds: float = 0.0
