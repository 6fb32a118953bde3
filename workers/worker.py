"""A worker: a Celery consumer with a pool of threads, a heartbeat, a sweeper, a sender of webhooks.

Threads, not forked processes: the pipeline waits for engines that are processes of their own in the sandbox, and
one set of preloaded engines serves all the threads. One worker a process (Celery keeps its stop flag in a module).
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery.exceptions import Reject
from celery.worker import WorkController, state

from quod.core.errors import InfrastructureError
from quod.workers.broker import PING, RUN, Broker
from quod.workers.database import StoreDown
from quod.workers.engines import EngineWatch
from quod.workers.keeper import Keeper
from quod.workers.owner import new_fence
from quod.workers.runner import Runner
from quod.workers.sender import Sender
from quod.workers.solver import Pipeline, Solver
from quod.workers.states import QUEUES
from quod.workers.store import Store
from quod.workers.sweeper import Sweeper

__all__ = ["Worker"]

log = logging.getLogger(__name__)


class _Controller(WorkController):  # type: ignore[misc]  # celery has no types
    """Celery's worker without its command line, signal handlers and process titles."""

    def __init__(self, ready: threading.Event, **options: Any) -> None:
        self._ready = ready
        super().__init__(**options)

    def on_consumer_ready(self, consumer: object) -> None:  # noqa: ARG002
        self._ready.set()


class Worker:
    """Takes jobs of ``queues`` from the broker and runs them. Start, then stop; not to be started again."""

    def __init__(
        self,
        store: Store,
        broker: Broker,
        *,
        solver: Solver | None = None,
        queues: tuple[str, ...] = QUEUES,
        concurrency: int | None = None,
    ) -> None:
        unknown = [name for name in queues if name not in QUEUES]
        if unknown or not queues:
            raise ValueError(f"no such queue: {', '.join(unknown)}; there are {', '.join(QUEUES)}")
        self._store = store
        self._broker = broker
        self._queues = queues
        self._slots = concurrency or store.settings.concurrency
        self.id = new_fence()
        self.keeper = Keeper(store.leases)
        self.runner = Runner(store, solver or Pipeline(), self.keeper, queues)
        self._consumed = threading.Event()
        self._stopping = threading.Event()
        self.sweeper = Sweeper(store, broker, queues, self._sign)
        self.sender = Sender(store)
        self._watch = EngineWatch(store.stats)
        self._thread: threading.Thread | None = None

    def start(self, timeout: float = 30.0) -> None:
        """Start consuming. Raises InfrastructureError when the broker cannot be reached in time."""
        self._register()
        ready = threading.Event()
        state.should_stop = state.should_terminate = None
        controller = _Controller(
            ready,
            app=self._broker.app,
            hostname=f"quod@{self.id[-16:]}",
            pool="threads",
            concurrency=self._slots,
            loglevel="WARNING",
            queues=[self._broker.prefix + name for name in self._queues],
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        if self._store.settings.embedded:
            self._store.leases.forget_broker()  # the broker is this process: it knows of nothing yet
        self._thread = threading.Thread(target=controller.start, name="quod-consumer", daemon=True)
        self._thread.start()
        if not ready.wait(timeout):
            self.stop(drain=0)
            raise InfrastructureError("the worker could not reach the broker", code="infrastructure.broker")
        self._watch.start()
        self.keeper.start()
        self.sweeper.start()
        self.sender.start()
        log.info("worker ready: %s, %d slots", ", ".join(self._queues), self._slots)

    def _register(self) -> None:
        # Tasks belong to this app alone and to this worker: two stores in one process do not mix.
        def run(job_id: str) -> None:
            if self._stopping.is_set():
                raise Reject("stopping", requeue=True)
            self._consumed.set()
            try:
                self.runner.run(job_id)
            except StoreDown:
                log.exception("could not claim %s; a sweeper will see to it", job_id)

        self._broker.app.task(run, name=RUN, shared=False)
        self._broker.app.task(self._consumed.set, name=PING, shared=False)
        self._broker.app.finalize()
        self._broker.app.set_default()  # the pool's threads ask for the default app

    def _sign(self) -> None:
        consumed = self._consumed.is_set()
        self._consumed.clear()
        self._watch.flush()
        self._store.roster.sign(self.id, self._queues, self._slots, self.keeper.busy, consumed=consumed)

    @property
    def alive(self) -> bool:
        """Whether the consumer's thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self, drain: float | None = None) -> None:
        """Stop consuming, wait ``drain`` seconds for running jobs, hand the rest back to the queue."""
        drain = self._store.settings.drain_seconds if drain is None else drain
        self._stopping.set()
        self.sweeper.close()
        self.sender.close()
        state.should_stop = 0
        if self._store.settings.embedded:
            self._broker.ping(self._queues[0])  # wakes the consumer, which otherwise looks up every two seconds
        deadline = time.monotonic() + drain
        while self.keeper.busy and time.monotonic() < deadline:
            time.sleep(0.02)
        self.keeper.drain()
        if self._thread is not None:
            self._thread.join(10)
            if self._thread.is_alive():
                log.warning("a job does not stop; its lease will expire")
        self.keeper.close()
        state.should_stop = None
        self._watch.close()
        try:
            self._watch.flush()
            self._store.roster.leave(self.id)
        except StoreDown as error:
            log.warning("could not sign off: %s", error)
