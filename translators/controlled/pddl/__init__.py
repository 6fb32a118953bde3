"""Controlled English to PDDL, by one lexicon a domain. See docs/pddl.md, "Controlled English"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quod.core.protocols import Translator

__all__ = ["translator"]


def translator() -> Translator:
    """The controlled-English translator."""
    from quod.translators.controlled.pddl.translate import ControlledPddl

    return ControlledPddl()
