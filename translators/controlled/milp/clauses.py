"""The words of a clause without a number, as the rules for passing it over see it."""

from __future__ import annotations

from dataclasses import dataclass

from quod.translators.controlled.milp.entities import Mention
from quod.translators.controlled.milp.tokens import Token

__all__ = ["Clause"]


@dataclass(frozen=True)
class Clause:
    """The words of a clause, those already read left out."""

    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    """Positions count within ``tokens``."""
    opener: str
    whole: bool
    """Whether nothing else of its sentence stands beside it."""
    words: str
    kinds: bool = False
    """Whether it counts the kinds of things: *two types of cakes*."""
