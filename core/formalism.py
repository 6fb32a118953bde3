"""The five formal languages quod reasons in."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Formalism"]


class Formalism(StrEnum):
    """Which family of formal text, engines and evidence a problem belongs to."""

    LEAN = "lean"
    ROCQ = "rocq"
    FOL = "fol"
    MILP = "milp"
    PDDL = "pddl"
