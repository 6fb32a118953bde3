"""The elements of a formal text, told apart without solving it: what a repair may and may not touch is said of them.

An outline is lexical, so that it exists for texts that do not parse: an element that cannot be read still has its
numbers, its relations and its names.
"""

from __future__ import annotations

from enum import StrEnum

from quod.core.diagnostics import Span
from quod.core.model import Frozen

__all__ = ["Element", "ElementKind"]


class ElementKind(StrEnum):
    """What an element does in the meaning of a formal text."""

    DECLARATION = "declaration"
    """Introduces a name: a predicate, a variable without bounds, an object, an import."""
    DATA = "data"
    """A parameter or a set: numbers and names of the problem."""
    ASSUMPTION = "assumption"
    """A premise, a constraint, a bound, an initial fact, a hypothesis, an action of a domain."""
    GOAL = "goal"
    """The question, the objective, a goal fact, the statement to prove."""
    PROOF = "proof"
    """A proof: free to change, since a kernel judges it."""


class Element(Frozen):
    """One element of a formal text."""

    name: str
    """Its id, unique within its kind; made from its position where the text gives none."""
    kind: ElementKind
    text: str
    """As it stands, white space folded."""
    span: Span
    words: str = ""
    """The words of the problem it says it came from."""
    numbers: tuple[str, ...] = ()
    """The numbers in it, as reduced fractions, sorted."""
    relations: tuple[str, ...] = ()
    """What decides its direction: comparisons, connectives, quantifiers, senses, domains; normalised, sorted."""
    names: tuple[str, ...] = ()
    """The other names in it, sorted."""
    sequence: tuple[str, ...] = ()
    """Numbers, relations and names as they stand, one after the other; brackets are left out."""
