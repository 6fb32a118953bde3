"""What a stage is given besides its input: limits, a way to be stopped, a way to report, a memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from quod.core.budget import Budget
from quod.core.errors import Cancelled
from quod.core.model import JsonDict, JsonValue

__all__ = ["Cancel", "Emit", "Memo", "Run", "no_memo", "silent"]

Emit = Callable[[str, JsonDict], None]
"""``emit(kind, data)`` appends an event to the job's log."""

Memo = Callable[[str, Callable[[], JsonValue]], JsonValue]
"""``memo(key, compute)`` returns what was stored under ``key`` in this job's log, or computes and stores it."""


class Cancel:
    """A flag that may be raised from another thread. Engines are killed within a second of it.

    One stands for one job: what its model calls cost is booked under it. A job of many has the flag of them all as
    ``parent``.
    """

    def __init__(self, parent: Cancel | None = None) -> None:
        self._event = threading.Event()
        self._parent = parent

    def set(self) -> None:
        """Ask for the work to stop."""
        self._event.set()

    @property
    def requested(self) -> bool:
        """Whether it has been asked."""
        return self._event.is_set() or (self._parent is not None and self._parent.requested)

    def check(self) -> None:
        """Raise Cancelled if it has been asked."""
        if self.requested:
            raise Cancelled("the job was cancelled")


def silent(kind: str, data: JsonDict) -> None:
    """An ``emit`` that drops everything."""


def no_memo(key: str, compute: Callable[[], JsonValue]) -> JsonValue:  # noqa: ARG001
    """A ``memo`` that remembers nothing."""
    return compute()


@dataclass(frozen=True)
class Run:
    """One run of the pipeline over one problem."""

    budget: Budget = field(default_factory=Budget)
    cancel: Cancel = field(default_factory=Cancel)
    emit: Emit = silent
    memo: Memo = no_memo
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds_left(self) -> float:
        """Wall-clock seconds until the budget ends; never negative."""
        return max(0.0, self.started + self.budget.seconds - time.monotonic())

    @property
    def engine_seconds(self) -> float:
        """How long the next engine call may take."""
        return min(self.budget.engine_seconds, self.seconds_left)
