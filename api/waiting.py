"""Waiting for a job's end."""

from __future__ import annotations

import asyncio
import re

from starlette.concurrency import run_in_threadpool

from quod.api.hub import Hub
from quod.workers.records import Job
from quod.workers.store import Store

__all__ = ["ended_within", "preferred_wait"]

_WAIT = re.compile(r"wait\s*=\s*\"?(\d{1,9})\"?", re.ASCII | re.IGNORECASE)


def preferred_wait(header: str | None, longest: float) -> float | None:
    """Seconds that a Prefer header (RFC 7240) asks to wait, cut to ``longest``; None when it does not ask."""
    for preference in (header or "").split(","):
        found = _WAIT.fullmatch(preference.split(";")[0].strip())
        if found:
            return min(float(found[1]), longest)
    return None


async def ended_within(store: Store, hub: Hub, job_id: str, seconds: float) -> Job:
    """The job when it has ended or ``seconds`` have passed, whichever is first."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    with hub.watch(job_id, end_only=True) as bell:
        while True:
            bell.clear()
            job = await run_in_threadpool(store.jobs.get, job_id)
            left = deadline - loop.time()
            if job.ended or left <= 0:
                return job
            try:
                await asyncio.wait_for(bell.wait(), left)
            except TimeoutError:
                continue
