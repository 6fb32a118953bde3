"""Hearing of changes to jobs: at once for those made in this process, by one query for all watchers otherwise."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool

from quod.workers.database import StoreDown
from quod.workers.log import Log
from quod.workers.states import TERMINAL

__all__ = ["Hub"]

log = logging.getLogger(__name__)

POLL_SECONDS = 0.15
QUICK_SECONDS = 0.01
"""Between looks for those who have only begun to watch: a job of 50 ms is not to be waited for another 100."""
PART = 0.1
"""Of the time somebody has been watching: so much later than it happens he may hear of it."""
BUSY_PART = 0.25
"""Of the time that may pass in looking."""


class _Watch:
    """What one watcher waits for."""

    def __init__(self, *, end_only: bool) -> None:
        self.bell = asyncio.Event()
        self.end_only = end_only
        self.since = asyncio.get_running_loop().time()


class Hub:
    """One a server process. 200 open event streams cost one query each 0.15 s, not 200.

    Changes made by other processes are found by looking: often while somebody has just begun to watch, less often
    the longer he has waited. How long a look takes (many watchers, a busy store) bounds how often there is one.
    """

    def __init__(self, events: Log) -> None:
        self._log = events
        self._watches: dict[str, set[_Watch]] = {}
        self._came = asyncio.Event()
        self._heads: dict[str, tuple[int, str]] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start listening and polling."""
        loop = asyncio.get_running_loop()

        def heard(job: str, ended: bool) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closing
                loop.call_soon_threadsafe(self._ring, job, ended)

        self._unlisten = self._log.listen(heard)
        self._task = asyncio.create_task(self._poll())

    async def stop(self) -> None:
        """Stop, and wake every watcher."""
        self._unlisten()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for job in list(self._watches):
            self._ring(job, True)

    @contextmanager
    def watch(self, job: str, *, end_only: bool = False) -> Iterator[asyncio.Event]:
        """An event that is set when the job has changed (``end_only``: when it may have ended).

        Clear it before looking, wait for it after.
        """
        mine = _Watch(end_only=end_only)
        self._watches.setdefault(job, set()).add(mine)
        self._came.set()
        try:
            yield mine.bell
        finally:
            others = self._watches[job]
            others.discard(mine)
            if not others:
                del self._watches[job]
                self._heads.pop(job, None)

    @property
    def watched(self) -> int:
        """How many jobs are being watched."""
        return len(self._watches)

    def _ring(self, job: str, ended: bool) -> None:
        for watch in self._watches.get(job, ()):
            if ended or not watch.end_only:
                watch.bell.set()

    def _pause(self, looked: float) -> float:
        """Seconds until the next look, the last of which took ``looked``."""
        youngest = max((watch.since for watches in self._watches.values() for watch in watches), default=0.0)
        wanted = (asyncio.get_running_loop().time() - youngest) * PART
        return max(min(POLL_SECONDS, max(QUICK_SECONDS, wanted)), looked * (1 / BUSY_PART - 1))

    async def _poll(self) -> None:
        loop = asyncio.get_running_loop()
        looked = 0.0
        while True:
            if not self._watches:
                self._came.clear()
                await self._came.wait()
            pause = self._pause(looked)
            self._came.clear()
            with contextlib.suppress(TimeoutError):  # one who comes meanwhile is not made to wait for the others' turn
                await asyncio.wait_for(self._came.wait(), pause)
                await asyncio.sleep(min(pause, max(QUICK_SECONDS, looked * (1 / BUSY_PART - 1))))
            started = loop.time()
            try:
                heads = await run_in_threadpool(self._log.heads, list(self._watches))
            except StoreDown as error:
                log.warning("watching jobs: %s", error)
                heads = {}
            looked = loop.time() - started
            for job, head in heads.items():
                if job in self._watches and self._heads.get(job) != head:
                    self._heads[job] = head
                    self._ring(job, head[1] in TERMINAL)
