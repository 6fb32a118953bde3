"""What an engine found. "The engine gave up" is never confused with "logic leaves it open"."""

from __future__ import annotations

from enum import StrEnum

from pydantic import model_validator

from quod.core.model import Frozen

__all__ = ["Conclusion", "GaveUp", "Verdict"]


class Conclusion(StrEnum):
    """Everything an engine can conclude, over all formalisms."""

    # logic and theorem proving
    PROVED = "proved"
    DISPROVED = "disproved"
    UNDETERMINED = "undetermined"
    INCONSISTENT = "inconsistent"
    # puzzles
    UNIQUE = "unique"
    SEVERAL = "several"
    NONE = "none"
    # optimization
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    # planning
    PLAN = "plan"
    UNSOLVABLE = "unsolvable"
    # any
    GAVE_UP = "gave_up"


class GaveUp(StrEnum):
    """Why an engine stopped without a conclusion."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    INCOMPLETE = "incomplete"
    """The method is incomplete here: it ended in time and does not know."""
    UNSUPPORTED = "unsupported"
    """The input uses something no engine at hand can read."""
    CRASHED = "crashed"
    """The engine crashed, printed garbage, or is not installed."""


class Verdict(Frozen):
    """One engine's (or one race's) finding about one formal text."""

    conclusion: Conclusion
    gave_up: GaveUp | None = None
    engine: str = ""
    """Name and version of the engine that concluded; several are joined by `` + ``."""
    seconds: float = 0.0
    detail: str = ""

    @model_validator(mode="after")
    def _reason_with_giving_up(self) -> Verdict:
        if (self.conclusion is Conclusion.GAVE_UP) != (self.gave_up is not None):
            raise ValueError("a verdict has a reason for giving up exactly if it gave up")
        return self

    @classmethod
    def giving_up(cls, reason: GaveUp, *, engine: str = "", seconds: float = 0.0, detail: str = "") -> Verdict:
        """A verdict without a conclusion."""
        return cls(conclusion=Conclusion.GAVE_UP, gave_up=reason, engine=engine, seconds=seconds, detail=detail)
