"""What became of this process's engines: kills counted and logged, each run a span of its job's trace."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable

from quod.backends.sandbox.watching import Ending, listen
from quod.workers.stats import Stats
from quod.workers.tracing import engine_span

__all__ = ["EngineWatch"]

log = logging.getLogger(__name__)

_ORDERLY = {"outrun", "closed", "stopped"}
"""Kills that belong to the day's work: a race that is won, a session that is done, an output that is enough."""
_QUIET = {"timeout", "cancelled"}


class EngineWatch:
    """Listens from :meth:`start` to :meth:`close`; :meth:`flush` takes the counts to the store."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats
        self._lock = threading.Lock()
        self._kills: Counter[str] = Counter()
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Start listening."""
        self._stop = listen(self._heard)

    def close(self) -> None:
        """Stop listening."""
        self._stop()

    def flush(self) -> None:
        """Add what was counted since the last time to the store's counters. Raises StoreDown, losing nothing."""
        with self._lock:
            kills, self._kills = self._kills, Counter()
        try:
            if kills:
                self._stats.add("sandbox_kills", kills)
        except BaseException:
            with self._lock:
                self._kills += kills
            raise

    def _heard(self, ending: Ending) -> None:
        engine_span(ending)
        if ending.killed is None or ending.killed in _ORDERLY:
            return
        with self._lock:
            self._kills[ending.killed] += 1
        level = logging.INFO if ending.killed in _QUIET else logging.WARNING
        extra = {"engine": ending.name, "family": ending.family, "reason": ending.killed}
        figures = {"seconds": round(ending.seconds, 3), "peak_mb": round(ending.peak_mb, 1)}
        log.log(level, "engine killed: %s", ending.detail or ending.killed, extra={"quod": {**extra, **figures}})
