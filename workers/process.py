"""`quod worker`: a worker as a process of its own, for the distributed runtime."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from quod.core.errors import InputError
from quod.core.settings import Settings
from quod.workers.embedded import Runtime
from quod.workers.logs import setup_logging
from quod.workers.settings import ServiceSettings
from quod.workers.solver import Solver
from quod.workers.states import QUEUES
from quod.workers.tracing import export_traces

__all__ = ["run_worker"]

log = logging.getLogger(__name__)


def run_worker(
    settings: Settings,
    *,
    queues: tuple[str, ...] = QUEUES,
    solver: Solver | None = None,
    recycle: bool = True,
) -> None:
    """Work until SIGTERM or SIGINT; a second one gives up waiting for running jobs.

    After QUOD_MAX_JOBS_PER_WORKER jobs, or above QUOD_MAX_WORKER_MB, the process drains and starts afresh in place
    (same PID), so that no leak of an engine library lives for months. Raises InputError for a `memory://` broker,
    InfrastructureError when the store or the broker cannot be reached.
    """
    settled = ServiceSettings.of(settings)
    if settled.embedded:
        raise InputError(
            "a worker of its own needs a broker that other processes can reach",
            code="input.settings",
            hint="set QUOD_BROKER_URL=redis://…, or run `quod serve`, which has a worker in it",
        )
    setup_logging(settled.log_level)
    send_traces = export_traces()
    told = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
        if told.is_set():
            os._exit(1)  # leases of what runs here expire at once: the store sees that this process is gone
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    runtime = Runtime(settled, solver=solver, worker=True, queues=queues)
    worker = runtime.worker
    assert worker is not None
    runtime.start()
    worn = False
    while not told.wait(1.0):
        if not worker.alive:
            log.error("the consumer has ended")
            break
        worn = recycle and _worn(settled, worker.runner.finished)
        if worn:
            break
    alive = worker.alive
    runtime.stop()
    send_traces()
    if worn and not told.is_set():
        log.info("starting afresh after %d jobs", worker.runner.finished)
        if "quod.backends.sandbox.pool" in sys.modules:  # exec runs no exit handlers, and would keep its processes
            sys.modules["quod.backends.sandbox.pool"].default_pool().close()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves, as we were started
    if not alive:
        sys.exit(3)


def _worn(settings: ServiceSettings, finished: int) -> bool:
    if settings.max_jobs_per_worker and finished >= settings.max_jobs_per_worker:
        return True
    if not settings.max_worker_mb or not finished:  # a fresh process above the limit must work, not start for ever
        return False
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return False
    return pages * os.sysconf("SC_PAGE_SIZE") > settings.max_worker_mb * 2**20


if __name__ == "__main__":
    # As `python -m quod.workers.process [QUEUE,QUEUE…]`: for images, which need no more than this.
    from quod.core.settings import get_settings

    run_worker(get_settings(), queues=tuple(sys.argv[1].split(",")) if len(sys.argv) > 1 else QUEUES)
