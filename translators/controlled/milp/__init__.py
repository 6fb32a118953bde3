"""Optimization word problems in English, read by a grammar: see docs/milp.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quod.core.protocols import Translator

__all__ = ["translator"]


def translator() -> Translator:
    """The controlled-English translator of optimization problems."""
    from quod.translators.controlled.milp.translate import ControlledMilp

    return ControlledMilp()
