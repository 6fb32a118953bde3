"""What keeps the store and the broker in step: dead workers' jobs are taken back, lost messages sent again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from quod.core.errors import QuodError
from quod.workers.broker import Broker
from quod.workers.store import Store

__all__ = ["Sweeper"]

log = logging.getLogger(__name__)

LOST_AFTER = 15.0
"""A job that has waited so long while its queue holds fewer messages than jobs wait is sent again."""
PING_EVERY = 10.0
PURGE_EVERY = 3600.0
AUDIT_DAYS = 365.0


class Sweeper:
    """A thread in every worker; any number of them work side by side."""

    def __init__(self, store: Store, broker: Broker, queues: tuple[str, ...], sign: Callable[[], None]) -> None:
        self._store = store
        self._broker = broker
        self._queues = queues
        self._sign = sign
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="quod-sweeper", daemon=True)
        self._next_ping = 0.0
        self._next_purge = time.monotonic() + 60
        self._turn = 0

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _loop(self) -> None:
        pause = min(1.0, self._store.leases.seconds / 3)
        while not self._ended.is_set():
            try:
                self.sweep()
            except QuodError as error:
                log.warning("sweeping: %s", error)
            except Exception:
                log.exception("sweeping failed")
            self._ended.wait(pause)

    def sweep(self) -> None:
        """One round."""
        leases = self._store.leases
        leases.reap()
        leases.cancel_all_asked()
        self._send(leases.due(self._queues, silent_for=time.time() - 1))  # never sent: enqueued is 0
        self._send_lost()
        now = time.monotonic()
        if now >= self._next_ping:
            self._next_ping = now + PING_EVERY
            self._turn += 1
            self._broker.ping(self._queues[self._turn % len(self._queues)])
        self._sign()
        if now >= self._next_purge:
            self._next_purge = now + PURGE_EVERY
            self._purge()

    def _send(self, due: list[tuple[str, str]]) -> None:
        for job_id, queue in due:
            self._broker.send(job_id, queue)

    def _send_lost(self) -> None:
        for queue, waiting in self._store.leases.waiting().items():
            if queue in self._queues:
                depth = self._broker.depth(queue)
                if depth is not None and depth < waiting:
                    lost = self._store.leases.due((queue,), silent_for=LOST_AFTER)
                    if lost:
                        log.info("sending %d jobs of %s again", len(lost), queue)
                    self._send(lost)

    def _purge(self) -> None:
        gone = self._store.jobs.purge(finished_before=time.time() - self._store.settings.retention_days * 86_400)
        self._store.audit.purge(before=time.time() - AUDIT_DAYS * 86_400)
        if gone:
            log.info("deleted %d old jobs", gone)
