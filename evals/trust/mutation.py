"""What a mutation is: one fault, in one place, of a known class."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from quod.core.formalism import Formalism

__all__ = ["Edit", "FaultClass", "Mutant", "Operator", "mutate", "replace_at"]


class FaultClass(StrEnum):
    """How a fault could be noticed."""

    SYNTAX = "syntax"
    TYPING = "typing"
    SCOPE = "scope"
    LINT = "lint"
    """Well formed and well typed, yet odd enough for a lint to see without the words."""
    SEMANTIC = "semantic"
    """A sound formal text that says something else: only the words can tell."""

    @property
    def visible(self) -> bool:
        """Whether the formal text alone shows that something is wrong."""
        return self is not FaultClass.SEMANTIC


@dataclass(frozen=True)
class Edit:
    """The text with one fault, and where the fault is."""

    text: str
    offset: int
    """Offset of the fault in the new text."""
    element: str = ""
    """Name of the element that was touched, where it is still there to be named."""


Apply = Callable[[str, random.Random], Iterator[Edit]]


@dataclass(frozen=True)
class Operator:
    """A kind of fault: yields every text it can make of one (in an order that ``random`` decides)."""

    name: str
    fault: FaultClass
    formalism: Formalism
    apply: Apply


@dataclass(frozen=True)
class Mutant:
    """One broken formal text."""

    operator: str
    fault: FaultClass
    formalism: Formalism
    text: str
    line: int
    """Line of the fault, from 1."""
    element: str


def mutate(operator: Operator, text: str, rng: random.Random, most: int = 1) -> list[Mutant]:
    """At most ``most`` different mutants of ``text``; none where the operator finds nothing to break."""
    found: dict[str, Mutant] = {}
    for edit in operator.apply(text, rng):
        if edit.text != text and edit.text not in found:
            line = edit.text.count("\n", 0, edit.offset) + 1
            found[edit.text] = Mutant(operator.name, operator.fault, operator.formalism, edit.text, line, edit.element)
        if len(found) >= most:
            break
    return list(found.values())


def replace_at(text: str, match: re.Match[str], new: str, element: str = "", start: int = 0) -> Edit:
    """The edit that puts ``new`` where ``match`` (in ``text[start:]``) stands."""
    return Edit(text[: start + match.start()] + new + text[start + match.end() :], start + match.start(), element)
