"""Does the formal text say what the person said? Kept apart from assurance, always."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from quod.core.model import Frozen

__all__ = ["Coverage", "Faithfulness", "FaithfulnessLevel", "Tally"]


class FaithfulnessLevel(StrEnum):
    """How the formal text was tied to the words, strongest first."""

    GIVEN = "given"
    """The person wrote the formal text."""
    CONTROLLED = "controlled"
    """A deterministic grammar accounts for every word."""
    AGREED = "agreed"
    """Independent translations are formally equivalent."""
    ROUND_TRIP = "round_trip"
    """Read back into words and compared."""
    UNCHECKED = "unchecked"


class Tally(Frozen):
    """How many things of one kind the text has, how many the formal text accounts for, and which are missing."""

    accounted: int = Field(default=0, ge=0)
    total: int = Field(default=0, ge=0)
    missing: tuple[str, ...] = ()


class Coverage(Frozen):
    """Which numbers, names and sentences of the problem the formal text accounts for."""

    numbers: Tally = Field(default_factory=Tally)
    names: Tally = Field(default_factory=Tally)
    sentences: Tally = Field(default_factory=Tally)


class Faithfulness(Frozen):
    """The level, what it rests on, and the coverage measured."""

    level: FaithfulnessLevel
    coverage: Coverage | None = None
    note: str = ""
    """What the level rests on, for instance ``grammar quod.translators.controlled.fol``, ``3 of 5 agree``."""
