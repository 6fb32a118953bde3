"""Controlled English to first-order logic. See docs/fol.md, "Controlled English"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quod.core.protocols import Translator

__all__ = ["translator"]


def translator() -> Translator:
    """The controlled-English translator."""
    from quod.translators.controlled.fol.translate import ControlledFol

    return ControlledFol()
