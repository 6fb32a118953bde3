"""The embedded runtime: store, broker and worker in this process. No server to install.

::

    with Embedded(settings) as runtime:
        job = runtime.submit(Submission(problem))
        for event in runtime.follow(job.id):
            ...
        answer = runtime.answer(job.id)
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quod.core.answer import Answer
from quod.core.errors import NotFoundError
from quod.core.events import Event
from quod.core.settings import Settings, get_settings
from quod.workers.broker import Broker
from quod.workers.database import StoreDown, patiently
from quod.workers.records import Job, Submission
from quod.workers.settings import ServiceSettings
from quod.workers.solver import Solver
from quod.workers.states import QUEUES
from quod.workers.store import Store

if TYPE_CHECKING:
    from quod.workers.worker import Worker

__all__ = ["Embedded", "Runtime"]

log = logging.getLogger(__name__)

_PATIENCE = 30.0
"""Seconds a starting process waits for a store that is still starting too."""


class Runtime:
    """A store and a way to tell workers of new jobs. With ``worker=True`` one of them is in this process."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        solver: Solver | None = None,
        worker: bool,
        queues: tuple[str, ...] = QUEUES,
    ) -> None:
        self.settings = ServiceSettings.of(settings or get_settings())
        self.store = patiently("opening the store", lambda: Store(self.settings), seconds=_PATIENCE)
        self.broker = Broker(self.settings)
        self.worker: Worker | None = None
        if worker:
            from quod.workers.worker import Worker  # late: an API in front of other workers has none

            self.worker = Worker(self.store, self.broker, solver=solver, queues=queues)

    def start(self) -> None:
        """Start the worker, if there is one here."""
        if self.worker is not None:
            self.worker.start()

    def stop(self, drain: float | None = None) -> None:
        """Stop the worker (jobs that do not end within ``drain`` seconds go back to the queue), close the store."""
        if self.worker is not None:
            self.worker.stop(drain)
        self.broker.close()
        self.store.close()

    def __enter__(self) -> Runtime:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def submit(self, submission: Submission) -> Job:
        """Store a job and tell the workers. Raises Conflict (idempotency key reused) and StoreDown."""
        job, fresh = self.store.jobs.submit(submission)
        if fresh:
            self._send([job])
        return job

    def submit_batch(
        self, submissions: list[Submission], *, key_id: str, idempotency_key: str | None = None, body_hash: str = ""
    ) -> tuple[str, bool]:
        """Store many jobs at once, all or none: the batch's id, and whether it is new.

        Raises Conflict (idempotency key reused) and StoreDown.
        """
        batch, fresh = self.store.jobs.submit_batch(
            submissions, key_id=key_id, idempotency_key=idempotency_key, body_hash=body_hash
        )
        if fresh:
            self._send([job for _, job, _answer in self.store.jobs.batch_results(batch, limit=len(submissions))])
        return batch, fresh

    def retry(self, job_id: str) -> Job:
        """Start an ended job afresh. Raises Conflict."""
        job = self.store.jobs.retry(job_id)
        self._send([job])
        return job

    def _send(self, jobs: list[Job]) -> None:
        # Where the worker is another process that has its broker in itself, or the broker is down, the workers'
        # sweepers are told: they look each second for what was never sent.
        here = not self.settings.embedded or self.worker is not None
        unsent = [job.id for job in jobs if not (here and self.broker.send(job.id, job.queue))]
        if unsent:
            try:
                self.store.jobs.unsent(unsent)
            except StoreDown as error:
                log.warning("%d jobs are sent again later: %s", len(unsent), error)

    def cancel(self, job_id: str) -> Job:
        """Ask for a job to stop."""
        return self.store.jobs.cancel(job_id)

    def follow(self, job_id: str, after: int = 0, timeout: float | None = None) -> Iterator[Event]:
        """The job's events as they happen, until it has ended (or ``timeout`` seconds have passed)."""
        deadline = None if timeout is None else time.monotonic() + timeout
        changed = threading.Event()
        stop = self.store.log.listen(lambda job, _: changed.set() if job == job_id else None)
        try:
            while True:
                changed.clear()
                ended = self.store.jobs.get(job_id).ended  # asked first: what is logged after the end is not missed
                head = self.store.log.heads([job_id])
                if job_id not in head:
                    raise NotFoundError(f"there is no job {job_id}")
                for event in self.store.log.read(job_id, after):
                    after = event.seq
                    yield event
                if after >= head[job_id][0] and ended:
                    return
                if deadline is not None and time.monotonic() > deadline:
                    return
                if after >= head[job_id][0]:
                    changed.wait(0.2)  # workers in other processes do not ring
        finally:
            stop()

    def answer(self, job_id: str, timeout: float | None = None) -> Answer | None:
        """Wait for the job's end and give its answer; None when it has not ended in time."""
        for _ in self.follow(job_id, after=self.store.jobs.get(job_id).last_seq, timeout=timeout):
            pass
        return self.store.jobs.answer(job_id)


class Embedded(Runtime):
    """The runtime with its worker here."""

    def __init__(self, settings: Settings | None = None, *, solver: Solver | None = None) -> None:
        super().__init__(settings, solver=solver, worker=True)
