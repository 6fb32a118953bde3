"""Calling a Python function in the sandbox, and racing several."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quod.backends.sandbox.flight import Flight, drive
from quod.backends.sandbox.pool import Pool, ZygoteDied, default_pool
from quod.backends.sandbox.types import CallResult, Ended, Limits
from quod.backends.sandbox.wire import FRAME, Request
from quod.core.errors import Cancelled, InfrastructureError
from quod.core.model import JsonValue
from quod.core.run import Cancel

__all__ = ["Call", "Race", "call", "ended_without_sandbox", "race", "read_answer", "task_limit"]

_TAIL = 4096


@dataclass(frozen=True)
class Call:
    """One function to call: ``target`` is ``module:function``, which takes and returns JSON."""

    family: str
    target: str
    payload: JsonValue
    limits: Limits
    read_paths: tuple[str, ...] = ()
    """Further files that the function may read and run: a program that it starts."""


@dataclass(frozen=True)
class Race:
    """What came of a race: the results in the order of the calls, and which one won."""

    results: tuple[CallResult, ...]
    winner: int | None = None

    @property
    def best(self) -> CallResult | None:
        """The result that was accepted."""
        return None if self.winner is None else self.results[self.winner]

    def __iter__(self) -> Iterator[CallResult]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, index: int) -> CallResult:
        return self.results[index]


def call(
    family: str,
    target: str,
    payload: JsonValue,
    limits: Limits,
    *,
    cancel: Cancel | None = None,
    pool: Pool | None = None,
    read_paths: tuple[str, ...] = (),
) -> CallResult:
    """Call ``target`` with ``payload`` in a fresh child of the family's zygote.

    Never raises for what the engine does. The payload and the result are JSON; numbers must be finite.
    """
    return race([Call(family, target, payload, limits, read_paths)], cancel=cancel, pool=pool).results[0]


def race(
    calls: Sequence[Call],
    accept: Callable[[CallResult], bool] | None = None,
    *,
    cancel: Cancel | None = None,
    pool: Pool | None = None,
) -> Race:
    """Run calls side by side; when ``accept`` says yes to one, the others are killed (and end as CANCELLED).

    Without ``accept`` all run to their end.
    """
    pool = pool or default_pool()
    runs = [_Running(c, pool, cancel) for c in calls]
    winner: int | None = None
    todo = [r for r in runs if r.result is None]
    try:
        while todo and winner is None:

            def ended(flight: Flight) -> None:
                nonlocal winner
                index = next(i for i, r in enumerate(runs) if r.flight is flight)
                result = runs[index].land()
                if result is not None and winner is None and accept is not None and accept(result):
                    winner = index
                    for other in runs:
                        if other.result is None:
                            other.flight.kill(Ended.CANCELLED, "another engine was first", reason="outrun")

            drive([r.flight for r in todo], cancel, ended)
            todo = [r for r in runs if r.result is None]
    finally:
        for run in runs:
            run.abandon()
    return Race(tuple(r.result or CallResult(Ended.CANCELLED, detail="another engine was first") for r in runs), winner)


class _Running:
    """A call on its way, with one second chance if its zygote dies."""

    def __init__(self, what: Call, pool: Pool, cancel: Cancel | None) -> None:
        self._what = what
        self._cancel = cancel
        self._pool = pool
        self._chances = 2
        self._started = time.monotonic()
        self.result: CallResult | None = None
        self.flight = Flight(pool, what.family, what.limits)
        try:
            self._payload = json.dumps(what.payload, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            self.result = CallResult(Ended.CRASHED, detail=f"the payload is not JSON: {error}")
            return
        self._launch()

    def _launch(self) -> None:
        while self._chances and self.result is None:
            self._chances -= 1
            self._out = bytearray()
            self._log = bytearray()
            self._printed = 0
            self.flight = Flight(self._pool, self._what.family, self._what.limits)
            null = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
            try:
                self.flight.launch(self._request, self._payload, null, self._on_out, self._on_err, self._cancel)
                return
            except Cancelled as error:
                self.result = CallResult(Ended.CANCELLED, detail=error.message)
            except InfrastructureError as error:
                self.result = CallResult(ended_without_sandbox(error), detail=str(error))
            except ZygoteDied as error:
                if not self._chances:
                    self.result = CallResult(Ended.CRASHED, detail=f"the sandbox died: {error}")
            finally:
                os.close(null)
                if self.flight.over or self.result is not None:
                    self.flight.close()

    def _request(self, scratch: Path) -> Request:
        limits = self._what.limits
        return Request(
            kind="call",
            scratch=str(scratch),
            target=self._what.target,
            cpu=cpu_limit(limits),
            file_bytes=limits.disk_mb << 20,
            tasks=task_limit(limits),
            read_paths=[path for p in self._what.read_paths for path in (p, os.path.realpath(p))],
        )

    def _on_out(self, data: bytes) -> None:
        self._out += data
        if len(self._out) > self._what.limits.output_mb << 20:
            self.flight.kill(Ended.GARBAGE, f"more than {self._what.limits.output_mb} MiB of result", reason="output")

    def _on_err(self, data: bytes) -> None:
        self._printed += len(data)
        self._log += data
        del self._log[:-_TAIL]
        if self._printed > self._what.limits.output_mb << 20:
            self.flight.kill(Ended.GARBAGE, f"printed more than {self._what.limits.output_mb} MiB", reason="output")

    def land(self) -> CallResult | None:
        """The result of a flight that is over; None when it was started again."""
        flight = self.flight
        flight.close()
        if flight.zygote_died and flight.verdict is None and self._chances and not self._complete():
            self._launch()
            return self.result
        self.result = replace(
            self._judge(),
            seconds=time.monotonic() - self._started,
            cpu_seconds=flight.cpu_seconds,
            peak_mb=flight.peak_mb,
        )
        return self.result

    def _complete(self) -> bool:
        size = FRAME.size
        return len(self._out) >= size and len(self._out) == size + FRAME.unpack_from(self._out)[0]

    def _judge(self) -> CallResult:
        flight = self.flight
        if self._complete():
            try:
                answer = json.loads(self._out[FRAME.size :])
            except (ValueError, RecursionError) as error:
                return CallResult(Ended.GARBAGE, detail=f"the result is not JSON: {error}")
            if isinstance(answer, dict):
                return read_answer(answer)
            return CallResult(Ended.GARBAGE, detail="the result is not a frame")
        if flight.verdict is not None:
            return CallResult(flight.verdict, detail=flight.detail)
        if flight.zygote_died:
            return CallResult(Ended.CRASHED, detail="the sandbox died")
        code = flight.returncode
        if code is not None and code < 0:
            how = f"died of signal {-code}"
        else:
            how = f"exited with status {code} without a result"
        tail = bytes(self._log).decode(errors="replace").strip()
        ended = Ended.GARBAGE if self._out else Ended.CRASHED
        return CallResult(ended, detail=f"{how}: {tail}" if tail else how)

    def abandon(self) -> None:
        """Leave nothing behind, whatever happened."""
        if not self.flight.over:
            self.flight.kill(Ended.CANCELLED)
        self.flight.close()


def ended_without_sandbox(error: InfrastructureError) -> Ended:
    """How a request ends for which there is no zygote: one that may come later, or none that the settings allow."""
    return Ended.CRASHED if error.retryable else Ended.UNAVAILABLE


def cpu_limit(limits: Limits) -> int:
    """CPU seconds per process, whole and at least one."""
    cpu = 2 * limits.wall + 1 if limits.cpu is None else limits.cpu
    return max(1, min(int(cpu + 0.999), 1 << 30))


def task_limit(limits: Limits) -> int:
    """Tasks the kernel may count: the processes allowed, with room for threads (a JVM starts some for each core)."""
    return 4 * limits.processes + 16 * (os.cpu_count() or 1)


def read_answer(answer: dict[str, JsonValue]) -> CallResult:
    """The result that a child's answer stands for."""
    seconds = answer.get("seconds")
    inner = float(seconds) if isinstance(seconds, int | float) else 0.0
    if "value" in answer:
        return CallResult(Ended.OK, value=answer["value"], inner_seconds=inner)
    for key, ended in (
        ("garbage", Ended.GARBAGE),
        ("memory", Ended.MEMORY),
        ("missing", Ended.UNAVAILABLE),
        ("error", Ended.CRASHED),
    ):
        if key in answer:
            return CallResult(ended, detail=str(answer[key]), inner_seconds=inner)
    return CallResult(Ended.GARBAGE, detail="the result is not a frame")
