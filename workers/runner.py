"""Running one job: claim it, run the pipeline under its lease, end it once."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

from quod.core.answer import Answer, Status
from quod.core.errors import Cancelled, InfrastructureError, QuodError
from quod.core.formalism import Formalism
from quod.core.model import JsonDict, JsonValue
from quod.core.run import Emit, Run
from quod.workers import endings
from quod.workers.database import StoreDown, patiently
from quod.workers.keeper import Keeper, Kept, Stop
from quod.workers.leases import Lease, LeaseLost
from quod.workers.log import MAX_EVENTS
from quod.workers.logs import job_context
from quod.workers.owner import new_fence
from quod.workers.solver import Solver
from quod.workers.states import JobKind, JobState, queue_of
from quod.workers.store import Store
from quod.workers.tracing import job_span

__all__ = ["Handoff", "Runner"]

log = logging.getLogger(__name__)

STORE_PATIENCE: Final = 120.0
"""Seconds a running job waits for a store that is down. Its work is not lost meanwhile."""


class Handoff(Cancelled):
    """The job turned out to be of a kind that this worker does not serve; it goes to the queue that does."""

    code = "job.handoff"


class _Running:
    """The pipeline's side of a claimed job: where it reports and remembers."""

    def __init__(self, store: Store, lease: Lease, kept: Kept, queues: frozenset[str], note: Emit) -> None:
        self._store = store
        self._lease = lease
        self._kept = kept
        self._queues = queues
        self._note = note
        self._memos = dict(lease.payload.memos)
        self._lock = threading.Lock()
        self.handoff: str | None = None

    def emit(self, kind: str, data: JsonDict) -> None:
        uid = secrets.token_hex(8)
        again = iter([False])  # only the first try is sure to be the first

        def write() -> int:
            return self._store.leases.emit(self._lease.job, self._lease.fence, kind, data, uid, again=next(again, True))

        seq = patiently(
            "logging an event",
            write,
            seconds=STORE_PATIENCE,
            stop=lambda: self._kept.cancel.requested,
        )
        self._note(kind, data)
        if seq > MAX_EVENTS:
            raise RuntimeError(f"the job has logged more than {MAX_EVENTS} events")
        formalism = data.get("formalism")
        if kind == "routed" and isinstance(formalism, str) and formalism not in self._queues:
            self.handoff = formalism
            raise Handoff(f"no {formalism} here")

    def memo(self, key: str, compute: Callable[[], JsonValue]) -> JsonValue:
        with self._lock:
            if key in self._memos:
                return self._memos[key]
        value = compute()
        self.emit("memo", {"key": key, "value": value})
        with self._lock:
            self._memos[key] = value
        return value


class Runner:
    """Runs jobs of a store. One serves all the threads of a worker process."""

    def __init__(self, store: Store, solver: Solver, keeper: Keeper, queues: tuple[str, ...]) -> None:
        self._store = store
        self._solver = solver
        self._keeper = keeper
        self._queues = frozenset(queues)
        self.finished = 0
        """Jobs run by this process, for recycling."""

    def run(self, job_id: str) -> None:
        """Run a job if it is there to be claimed. Never raises for what the job does."""
        fence = new_fence()
        leases = self._store.leases
        lease = patiently("claiming", lambda: leases.claim(job_id, fence), seconds=STORE_PATIENCE)
        if lease is None:
            return
        with job_context(job_id), job_span(job_id, lease.payload.kind.value, lease.trace) as note:
            self._run(lease, note)
        self.finished += 1

    def _run(self, lease: Lease, note: Emit) -> None:
        problem = lease.payload.problem
        overrun = time.monotonic() + problem.budget.seconds + self._store.settings.overrun_seconds
        kept = Kept(lease.job, lease.fence, deadline=overrun)
        running = _Running(self._store, lease, kept, self._queues, note)
        self._keeper.keep(kept)
        log.info("claimed, delivery %d", lease.deliveries)
        started = time.monotonic()
        try:
            run = Run(budget=problem.budget, cancel=kept.cancel, emit=running.emit, memo=running.memo)
            try:
                answer = self._call(lease, run)
            except Cancelled:
                answer = None
            except QuodError as error:
                self._failed(lease, error)
                return
            except Exception as error:
                log.exception("the pipeline raised")
                self._end(lease, JobState.FAILED, endings.crashed_answer(error))
                return
            self._settle(lease, kept, running, answer, time.monotonic() - started)
        except LeaseLost:
            log.warning("lost the lease; another worker has the job")
        except StoreDown:
            log.exception("the store stayed down; the job will be run again when its lease has expired")
        finally:
            self._keeper.drop(kept)

    def _call(self, lease: Lease, run: Run) -> Answer:
        payload = lease.payload
        if payload.kind is JobKind.CHECK:
            assert payload.formalization is not None
            return self._solver.check(payload.formalization, payload.problem, run)
        return self._solver.solve(payload.problem, run)

    def _settle(self, lease: Lease, kept: Kept, running: _Running, answer: Answer | None, seconds: float) -> None:
        if answer is not None and answer.status is not Status.CANCELLED:
            self._end(lease, JobState.DONE, answer)
        elif running.handoff is not None:
            why = f"routed to {running.handoff}"
            self._release(lease, why=why, queue=queue_of(Formalism(running.handoff)), counted=False)
        elif kept.why is Stop.LOST:
            raise LeaseLost("the lease ran out")
        elif kept.why is Stop.DRAINED:
            self._release(lease, why="its worker was told to stop", counted=False)
        elif kept.why is Stop.OVERRAN:
            self._end(lease, JobState.FAILED, endings.overrun_answer(seconds))
        else:
            self._end(lease, JobState.CANCELLED, answer or endings.cancelled_answer("it was cancelled while running"))

    def _failed(self, lease: Lease, error: QuodError) -> None:
        if isinstance(error, (LeaseLost, StoreDown)):
            raise error
        log.warning("the pipeline gave up: %s [%s]", error, error.code)
        last = lease.deliveries >= self._store.leases.max_deliveries
        if isinstance(error, InfrastructureError) and error.retryable and not last:
            self._release(lease, why=f"{error.code}: {error.message}", delay=min(60.0, 0.5 * 2.0**lease.deliveries))
        else:
            self._end(lease, JobState.FAILED, endings.refused_answer(error))

    def _end(self, lease: Lease, state: JobState, answer: Answer) -> None:
        patiently(
            "ending a job",
            lambda: self._store.leases.finish(lease.job, lease.fence, state, answer),
            seconds=STORE_PATIENCE,
        )
        log.info("ended: %s, %s", state.value, answer.status.value)

    def _release(
        self, lease: Lease, *, why: str, delay: float = 0.0, queue: str | None = None, counted: bool = True
    ) -> None:
        patiently(
            "handing a job back",
            lambda: self._store.leases.release(
                lease.job, lease.fence, why=why, delay=delay, queue=queue, counted=counted
            ),
            seconds=STORE_PATIENCE,
        )
        log.info("handed back: %s", why)
