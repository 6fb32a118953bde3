"""Calls that need no fresh child: searches that keep nothing from one call to the next.

A child is forked, locked down like every other, and then answers calls one after another until it has had enough of
them. What one call does to it can spoil the next one in the same child, so this is for searches whose results the
caller checks, and for checkers asked besides ours; a call that fails in a child that served before is tried again in a
fresh one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from dataclasses import replace

from quod.backends.sandbox.calls import call, ended_without_sandbox, read_answer, task_limit
from quod.backends.sandbox.flight import Flight, drive
from quod.backends.sandbox.pool import Pool, ZygoteDied, default_pool
from quod.backends.sandbox.types import CallResult, Ended, Limits
from quod.backends.sandbox.wire import FRAME, Request
from quod.core.errors import Cancelled, InfrastructureError
from quod.core.model import JsonValue
from quod.core.run import Cancel

__all__ = ["steady"]

_MOST_BYTES = 900 << 10
"""A longer payload gets a fresh child: it would not fit into the pipe at once."""
_PIPE_BYTES = 1 << 20
"""What a pipe may be made to hold without privileges."""
_MOST_CALLS = 500
_MOST_MB = 300.0
"""A child that ever was larger than this is not used again."""
_MOST_IDLE = 2 * (os.cpu_count() or 1)


def steady(
    family: str,
    target: str,
    payload: JsonValue,
    limits: Limits,
    *,
    cancel: Cancel | None = None,
    pool: Pool | None = None,
) -> CallResult:
    """As :func:`quod.backends.sandbox.call`, in a child that may have answered other calls before.

    Limits of wall clock, memory and output hold for each call; where others than the usual are asked for, or the
    payload is long, the child is a fresh one.
    """
    pool = pool or default_pool()
    try:
        data = json.dumps(payload, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        return call(family, target, payload, limits, cancel=cancel, pool=pool)
    usual = replace(limits, wall=1.0, memory_mb=1, output_mb=1) == Limits(wall=1.0, memory_mb=1, output_mb=1)
    if len(data) > _MOST_BYTES or not usual:
        return call(family, target, payload, limits, cancel=cancel, pool=pool)
    # one module's calls share children, and never with another's
    waiting = pool.idle.setdefault(f"{family} {target.partition(':')[0]}", [])
    try:
        child = waiting.pop()
    except IndexError:
        child = _Child(pool, family, limits)
    assert isinstance(child, _Child)
    fresh = not child.served
    result = child.ask(target, data, limits, cancel)
    if child.usable and len(waiting) < _MOST_IDLE:
        waiting.append(child)
    else:
        child.close()
    spoilt = result.ended in {Ended.CRASHED, Ended.GARBAGE, Ended.MEMORY}
    if spoilt and (not fresh or child.lost):
        return call(family, target, payload, limits, cancel=cancel, pool=pool)
    return result


class _Child:
    """One child that serves calls. One thread at a time may use it."""

    def __init__(self, pool: Pool, family: str, limits: Limits) -> None:
        self.served = 0
        self._flight = Flight(pool, family, limits)
        self._stdin: int | None = None
        self._out = bytearray()
        self._peak_mb = 0.0

    @property
    def usable(self) -> bool:
        """Whether it may have another call."""
        alive = self._stdin is not None and not self._flight.over and self._flight.verdict is None
        return alive and not self._out and self.served < _MOST_CALLS and self._peak_mb < _MOST_MB

    @property
    def lost(self) -> bool:
        """Whether its zygote died."""
        return self._flight.zygote_died

    def ask(self, target: str, payload: bytes, limits: Limits, cancel: Cancel | None) -> CallResult:
        """Have one call answered."""
        if self._stdin is None:
            failed = self._launch(target, limits, cancel)
            if failed is not None:
                return failed
        assert self._stdin is not None
        self.served += 1
        flight = self._flight
        flight.take_up(target, limits)
        head = json.dumps([self.served, target]).encode()
        try:
            os.write(self._stdin, FRAME.pack(len(head)) + head + FRAME.pack(len(payload)) + payload)
            drive([flight], cancel, until=self._complete)
        except BrokenPipeError:
            flight.kill(Ended.CRASHED, "it ended while it waited")
        result = replace(self._judge(), seconds=flight.seconds, cpu_seconds=flight.cpu_seconds, peak_mb=flight.peak_mb)
        flight.tell()
        return result

    def _launch(self, target: str, limits: Limits, cancel: Cancel | None) -> CallResult | None:
        reading, self._stdin = os.pipe2(os.O_CLOEXEC)
        with contextlib.suppress(OSError):  # too many pipes of this user: what does not fit is waited for
            fcntl.fcntl(self._stdin, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        try:
            self._flight.launch(
                lambda scratch: Request(
                    kind="serve",
                    scratch=str(scratch),
                    target=target,
                    file_bytes=limits.disk_mb << 20,
                    tasks=task_limit(limits),
                ),
                b"",
                reading,
                self._on_out,
                lambda data: None,
                cancel,
            )
        except Cancelled as error:
            return CallResult(Ended.CANCELLED, detail=error.message)
        except InfrastructureError as error:
            return CallResult(ended_without_sandbox(error), detail=str(error))
        except ZygoteDied as error:
            self._flight.zygote_died = True
            return CallResult(Ended.CRASHED, detail=f"the sandbox died: {error}")
        finally:
            os.close(reading)
        return None

    def _on_out(self, data: bytes) -> None:
        self._out += data
        if len(self._out) > self._flight.limits.output_mb << 20:
            detail = f"more than {self._flight.limits.output_mb} MiB of result"
            self._flight.kill(Ended.GARBAGE, detail, reason="output")

    def _complete(self) -> bool:
        size = FRAME.size
        return len(self._out) >= size and len(self._out) >= size + FRAME.unpack_from(self._out)[0]

    def _judge(self) -> CallResult:
        flight = self._flight
        if not self._complete():
            if flight.verdict is not None:
                return CallResult(flight.verdict, detail=flight.detail)
            return CallResult(Ended.CRASHED, detail=f"it ended without a result (status {flight.returncode})")
        length = FRAME.unpack_from(self._out)[0]
        body = bytes(self._out[FRAME.size : FRAME.size + length])
        del self._out[: FRAME.size + length]
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError) as error:
            flight.kill(Ended.GARBAGE, f"the result is not JSON: {error}", reason="garbage")
            return CallResult(Ended.GARBAGE, detail=flight.detail)
        if not isinstance(answer, dict) or answer.get("number") != self.served or self._out:
            flight.kill(Ended.GARBAGE, "the result is not a frame", reason="garbage")
            return CallResult(Ended.GARBAGE, detail=flight.detail)
        cpu, peak = answer.get("cpu"), answer.get("peak_kb")
        flight.cpu_seconds = float(cpu) if isinstance(cpu, int | float) else 0.0
        flight.peak_mb = max(flight.peak_mb, peak / 1024 if isinstance(peak, int | float) else 0.0)
        self._peak_mb = max(self._peak_mb, flight.peak_mb)
        return read_answer(answer)

    def close(self) -> None:
        """End it."""
        if not self._flight.over:
            self._flight.kill(Ended.CANCELLED)
        self._end_input()
        self._flight.close()

    def forget(self) -> None:
        """Let go of it without ending it: we are a fork of the process it belongs to."""
        self._end_input()
        self._flight.forget()

    def _end_input(self) -> None:
        if self._stdin is not None:
            os.close(self._stdin)
            self._stdin = None
