"""Hearing of jobs that other processes change."""

from __future__ import annotations

import asyncio
from pathlib import Path

from quod.api.hub import BUSY_PART, POLL_SECONDS, QUICK_SECONDS, Hub
from quod.core.answer import Answer, Status
from quod.core.problem import Problem
from quod.workers.records import Submission
from quod.workers.settings import ServiceSettings
from quod.workers.states import JobState
from quod.workers.store import Store


def test_those_who_wait_for_the_end_are_woken_by_it_alone_and_the_others_by_every_change(tmp_path: Path) -> None:
    settings = ServiceSettings(home=tmp_path)

    async def watch(here: Store, elsewhere: Store) -> None:
        hub = Hub(here.log)
        await hub.start()
        job = here.jobs.submit(Submission(Problem(text="p")))[0].id
        with hub.watch(job) as every, hub.watch(job, end_only=True) as end:
            await asyncio.wait_for(every.wait(), 10)  # a first look, whatever it shows
            every.clear()
            assert elsewhere.leases.claim(job, "w") is not None  # another store: this process is not told
            await asyncio.wait_for(every.wait(), 10)
            assert not end.is_set()
            elsewhere.leases.finish(job, "w", JobState.DONE, Answer(status=Status.UNVERIFIED, statement="said"))
            await asyncio.wait_for(end.wait(), 10)
        assert hub.watched == 0
        with hub.watch(job, end_only=True) as late:  # it had ended before: one look says so
            await asyncio.wait_for(late.wait(), 10)
        await hub.stop()

    with Store(settings) as here, Store(settings) as elsewhere:
        asyncio.run(watch(here, elsewhere))


def test_the_young_are_looked_after_often_and_looking_never_takes_the_most_of_the_time(tmp_path: Path) -> None:
    async def pauses(store: Store) -> tuple[float, float, float]:
        hub = Hub(store.log)
        with hub.watch("a"):
            young, slow = hub._pause(0.0), hub._pause(1.0)
            (watch,) = hub._watches["a"]
            watch.since -= 3600
            return young, slow, hub._pause(0.0)

    with Store(ServiceSettings(home=tmp_path)) as store:
        young, slow, old = asyncio.run(pauses(store))
    assert young == QUICK_SECONDS
    assert slow == 1.0 * (1 / BUSY_PART - 1)
    assert old == POLL_SECONDS
