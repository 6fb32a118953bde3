"""Rows in worker processes: checking certificates is Python, and Python runs one thread at a time.

Each worker holds up to ``threads`` rows at once (a row that waits for a model costs no processor), and dies with
its parent: its main thread sits on the pipe and leaves when it closes, so that SIGKILL of the parent leaves nothing
behind. A worker that dies itself costs the rows it held, which become infrastructure errors, and is replaced.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from quod.core.answer import Answer
from quod.core.errors import Cancelled
from quod.core.run import Cancel
from quod.evals.benchmark import Row
from quod.evals.runner import Drive, RowResult, run_row

__all__ = ["Finished", "Prepare", "Task", "run_tasks"]

_GRACE_SECONDS = 8.0

Prepare = Callable[[], Drive]
"""Called once in each worker; must be picklable."""


@dataclass(frozen=True)
class Task:
    """One sample of one row."""

    row: Row
    sample: int = 0


@dataclass(frozen=True)
class Finished:
    """A task and what came of it; ``answers`` is empty where none came."""

    task: Task
    result: RowResult
    answers: tuple[Answer, ...] = ()


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    held: dict[int, Task] = field(default_factory=dict)


def run_tasks(
    tasks: Iterable[Task],
    prepare: Prepare,
    *,
    concurrency: int = 2,
    processes: int | None = None,
    cancel: Cancel | None = None,
) -> Iterator[Finished]:
    """Results in the order they finish; at most ``concurrency`` rows are under way, and no more are read ahead.

    ``processes=0`` runs them in threads of this process. When ``cancel`` is set, rows under way are stopped and
    nothing more is yielded for them.
    """
    cancel = cancel or Cancel()
    if processes == 0:
        drive = prepare()
        try:
            yield from _in_threads(iter(tasks), drive, concurrency, cancel)
        finally:
            getattr(drive, "close", lambda: None)()
        return
    count = min(concurrency, processes or os.cpu_count() or 1)
    pool = _Pool(prepare, count, -(-concurrency // count))
    try:
        yield from pool.run(iter(tasks), concurrency, cancel)
    finally:
        pool.close()


class _Pool:
    def __init__(self, prepare: Prepare, count: int, threads: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._prepare = prepare
        self._threads = threads
        self._workers = [self._start() for _ in range(count)]
        self._next = 0

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        # daemonic processes may not have children, and engines are children
        process = self._context.Process(target=_work, args=(theirs, self._prepare, self._threads), name="quod-eval")
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def run(self, tasks: Iterator[Task], concurrency: int, cancel: Cancel) -> Iterator[Finished]:
        exhausted = stopping = False
        while True:
            if cancel.requested and not stopping:
                stopping = exhausted = True
                for worker in self._workers:
                    with contextlib.suppress(OSError):
                        worker.pipe.send(None)
            while not exhausted and sum(len(w.held) for w in self._workers) < concurrency:
                task = next(tasks, None)
                if task is None:
                    exhausted = True
                    break
                self._give(task)
            if exhausted and not any(worker.held for worker in self._workers):
                return
            for pipe in wait([w.pipe for w in self._workers], timeout=0.2):
                worker = next(w for w in self._workers if w.pipe is pipe)
                yield from self._take(worker, stopping)

    def _give(self, task: Task) -> None:
        worker = min(self._workers, key=lambda w: len(w.held))
        self._next += 1
        worker.held[self._next] = task
        with contextlib.suppress(OSError):  # a dead worker is noticed when its pipe is read
            worker.pipe.send((self._next, task))

    def _take(self, worker: _Worker, stopping: bool) -> Iterator[Finished]:
        try:
            number, finished = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            held = list(worker.held.values())
            self._workers[self._workers.index(worker)] = self._start()
            if not stopping:
                yield from (_lost(task, worker.process.exitcode) for task in held)
            return
        worker.held.pop(number, None)
        if finished is not None and not stopping:
            yield finished

    def close(self) -> None:
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(_GRACE_SECONDS + 2)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


def _lost(task: Task, status: int | None) -> Finished:
    note = f"infrastructure.worker_died: the evaluation worker ended with status {status}"
    row = task.row
    result = RowResult(
        id=row.id, outcome="error", sample=task.sample, note=note, category=row.category, known_bad=row.known_bad
    )
    return Finished(task, result)


def _work(pipe: Connection, prepare: Prepare, threads: int) -> None:
    """A worker's life: read tasks until the pipe closes, then leave at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent tells us in order
    cancel = Cancel()
    drive = prepare()
    lock = threading.Lock()

    def run(number: int, task: Task) -> None:
        finished = _run(task, drive, cancel)
        with lock, contextlib.suppress(OSError):
            pipe.send((number, finished))

    with ThreadPoolExecutor(max_workers=threads) as executor:
        while True:
            try:
                message: Any = pipe.recv()
            except (EOFError, OSError):
                cancel.set()  # engines end within a second of it; then this process ends in order
                executor.shutdown(wait=False, cancel_futures=True)
                last_resort = threading.Timer(_GRACE_SECONDS, os._exit, (1,))
                last_resort.daemon = True
                last_resort.start()
                return
            if message is None:
                cancel.set()
            else:
                executor.submit(run, *message)


def _run(task: Task, drive: Drive, cancel: Cancel) -> Finished | None:
    try:
        result, answers = run_row(task.row, task.sample, drive, cancel)
    except Cancelled:
        return None
    return Finished(task, result, tuple(answers))


def _in_threads(tasks: Iterator[Task], drive: Drive, concurrency: int, cancel: Cancel) -> Iterator[Finished]:
    from concurrent.futures import FIRST_COMPLETED, Future
    from concurrent.futures import wait as wait_futures

    pending: set[Future[Finished | None]] = set()
    with ThreadPoolExecutor(max_workers=concurrency) as executor:
        exhausted = False
        while True:
            while not exhausted and not cancel.requested and len(pending) < concurrency:
                task = next(tasks, None)
                if task is None:
                    exhausted = True
                    break
                pending.add(executor.submit(_run, task, drive, cancel))
            if not pending:
                return
            done, pending = wait_futures(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            for future in done:
                finished = future.result()
                if finished is not None and not cancel.requested:
                    yield finished
