"""A pool of prover sessions, keyed by header: warm where one is at hand, bounded in number, age and memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from quod.core.errors import InfrastructureError

__all__ = ["PoolLimits", "PoolStats", "Pooled", "SessionPool"]


class Pooled(Protocol):
    """What a pool needs to know of a session."""

    @property
    def alive(self) -> bool:
        """Whether it can be used."""
        ...

    @property
    def rss_mb(self) -> float:
        """MiB of resident memory of its process group."""
        ...

    def reset(self) -> bool:
        """Back to the state after the header; False if that failed."""
        ...

    def close(self) -> None:
        """End it. Safe to call twice."""
        ...


S = TypeVar("S", bound=Pooled)


@dataclass(frozen=True)
class PoolLimits:
    """When sessions are retired."""

    sessions: int = 2
    """Sessions alive at once, in use or idle."""
    uses: int = 50
    """A session is retired after this many leases: provers keep what they have elaborated."""
    session_mb: float = 1500.0
    """A session above this when it comes back is retired."""


@dataclass
class PoolStats:
    """What the pool has done."""

    started: int = 0
    reused: int = 0
    retired_age: int = 0
    retired_memory: int = 0
    retired_broken: int = 0
    evicted: int = 0
    """Idle sessions ended to make room for another header."""
    peak_mb: float = 0.0
    """The largest sum over sessions seen when one came back."""


@dataclass
class _Slot(Generic[S]):
    key: str
    session: S
    uses: int = 0


class SessionPool(Generic[S]):
    """``with pool.lease(header) as session:``. Threads wait for a free slot; idle sessions are evicted oldest first."""

    def __init__(self, start: Callable[[str], S], limits: PoolLimits | None = None) -> None:
        """``start(key)`` makes a session; it may raise InfrastructureError."""
        self._start = start
        self._limits = limits or PoolLimits()
        self._idle: list[_Slot[S]] = []
        self._busy: list[_Slot[S]] = []
        self._starting = 0
        self._free = threading.Condition()
        self._closed = False
        self.stats = PoolStats()

    @contextmanager
    def lease(self, key: str, timeout: float = 600.0) -> Iterator[S]:
        """A session whose header is ``key``, reset. Raises InfrastructureError when none is free in time."""
        slot = self._take(key, timeout)
        try:
            yield slot.session
        finally:
            self._give_back(slot)

    def _take(self, key: str, timeout: float) -> _Slot[S]:
        with self._free:
            if self._closed:
                raise InfrastructureError("the pool of prover sessions is closed")
            if not self._free.wait_for(lambda: self._fits(key), timeout):
                raise InfrastructureError(f"no prover session became free within {timeout:g} s")
            for slot in reversed(self._idle):
                if slot.key == key:
                    self._idle.remove(slot)
                    self._busy.append(slot)
                    self.stats.reused += 1
                    return slot
            while len(self._idle) + len(self._busy) + self._starting >= self._limits.sessions and self._idle:
                self._idle.pop(0).session.close()
                self.stats.evicted += 1
            self._starting += 1
        try:
            session = self._start(key)
        except BaseException:
            with self._free:
                self._starting -= 1
                self._free.notify_all()
            raise
        with self._free:
            self._starting -= 1
            self.stats.started += 1
            slot = _Slot(key, session)
            self._busy.append(slot)
            return slot

    def _fits(self, key: str) -> bool:
        if any(slot.key == key for slot in self._idle):
            return True
        return len(self._busy) + self._starting < self._limits.sessions

    def _give_back(self, slot: _Slot[S]) -> None:
        slot.uses += 1
        session = slot.session
        reason = ""
        with suppress(InfrastructureError):
            if not session.alive or not session.reset():
                reason = "broken"
            elif slot.uses >= self._limits.uses:
                reason = "age"
            elif session.rss_mb > self._limits.session_mb:
                reason = "memory"
        with self._free:
            self.stats.peak_mb = max(self.stats.peak_mb, self._rss())
            self._busy.remove(slot)
            if reason or self._closed:
                setattr(self.stats, f"retired_{reason or 'age'}", getattr(self.stats, f"retired_{reason or 'age'}") + 1)
            else:
                self._idle.append(slot)
            self._free.notify_all()
        if reason or self._closed:
            session.close()

    def _rss(self) -> float:
        return sum(slot.session.rss_mb for slot in [*self._idle, *self._busy])

    @property
    def rss_mb(self) -> float:
        """MiB of resident memory, summed over all sessions, now."""
        with self._free:
            return self._rss()

    def close(self) -> None:
        """End every idle session, and every busy one when it comes back."""
        with self._free:
            self._closed = True
            idle, self._idle = self._idle, []
        for slot in idle:
            slot.session.close()
