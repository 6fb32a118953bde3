"""The formal text, and which words of the problem each part of it came from."""

from __future__ import annotations

import hashlib

from pydantic import Field

from quod.core.formalism import Formalism
from quod.core.model import Frozen

__all__ = ["Formalization", "SourceLink"]


class SourceLink(Frozen):
    """Ties one element of the formal text (a formula, a constraint, an init fact) to words of the problem."""

    element: str
    """The element's name or id in the formal text."""
    words: str
    """The words, as they stand in the problem."""
    start: int | None = Field(default=None, ge=0)
    """Character offset of the words in the problem text, where they stand there verbatim."""
    end: int | None = Field(default=None, ge=0)


class Formalization(Frozen):
    """A candidate meaning of the problem, in a formal language people already know."""

    formalism: Formalism
    text: str
    """The whole formal text (for pddl: the domain, if it is not in the context, then the problem)."""
    language: str
    """``quod-fol``, ``smtlib2``, ``tptp``, ``quod-milp``, ``pddl``, ``lean4`` or ``rocq``."""
    source_map: tuple[SourceLink, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of formalism, language and text, in hex."""
        return hashlib.sha256(f"{self.formalism}\0{self.language}\0{self.text}".encode()).hexdigest()

    def words_of(self, element: str) -> str | None:
        """The words an element came from, if the map knows."""
        return next((link.words for link in self.source_map if link.element == element), None)
