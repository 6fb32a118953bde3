"""What a planner is given and what it found."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from quod.backends.pddl.plans import Plan
from quod.backends.sandbox import Limits
from quod.backends.sandbox.types import Ended
from quod.core.run import Cancel
from quod.core.settings import get_settings
from quod.core.verdict import GaveUp

__all__ = ["Engine", "Found", "Goal", "Outcome", "package_dir", "reason_of"]


class Goal(StrEnum):
    """What is asked of a planner."""

    ANY = "any"
    """Any plan, quickly."""
    BETTER = "better"
    """Better and better plans until time is up."""
    BEST = "best"
    """A plan and the proof that there is no cheaper one."""


class Found(StrEnum):
    """What a planner says it found."""

    PLAN = "plan"
    UNSOLVABLE = "unsolvable"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run of one planner."""

    engine: str
    family: str
    """Planners of one family share a front end or search code: they count as one."""
    found: Found
    plans: tuple[Plan, ...] = ()
    """Every plan printed, the last one the best."""
    optimal: bool = False
    """Whether the planner claims that the last plan is optimal."""
    seconds: float = 0.0
    gave_up: GaveUp | None = None
    detail: str = ""


Run = Callable[[str, str, Goal, frozenset[str], Limits, Cancel], Outcome]
"""``run(domain, problem, goal, features, limits, cancel)``."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One planner: what it reads, what it can promise, how to run it."""

    name: str
    family: str
    package: str
    """The Python package that brings it."""
    licence: str
    note: str
    features: frozenset[str]
    """Requirements it reads, besides strips."""
    goals: frozenset[Goal]
    run: Run
    optional: bool = False
    program: str = ""
    """A program it needs besides (``java``)."""
    optimal_features: frozenset[str] = field(default_factory=frozenset)
    """Requirements under which it still proves optimality; a subset of ``features``."""
    asks: bool = False
    """Whether its licence is for the user to accept (``QUOD_ACCEPT_LICENCES``) before it may be run."""

    @property
    def accepted(self) -> bool:
        """Whether its licence lets us run it: it does not ask, or the user accepted it by the engine's name."""
        return not self.asks or self.name.lower() in get_settings().accepted_licences

    @property
    def installed(self) -> bool:
        """Whether its package (and its program, if it needs one) is here."""
        return package_dir(self.package) is not None and (not self.program or shutil.which(self.program) is not None)

    def reads(self, used: frozenset[str], goal: Goal) -> bool:
        """Whether it can be asked."""
        known = self.optimal_features if goal is Goal.BEST else self.features
        return goal in self.goals and used <= known | {"strips"}


_REASONS = {
    Ended.TIMEOUT: GaveUp.TIMEOUT,
    Ended.MEMORY: GaveUp.MEMORY,
    Ended.UNAVAILABLE: GaveUp.UNSUPPORTED,
    Ended.CANCELLED: GaveUp.TIMEOUT,
}


def reason_of(ended: Ended) -> GaveUp:
    """Why a planner that ended so gave up."""
    return _REASONS.get(ended, GaveUp.CRASHED)


def package_dir(package: str) -> Path | None:
    """Where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))
