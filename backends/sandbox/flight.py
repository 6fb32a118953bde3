"""One request in flight: its descriptors, its limits, how it ended; and the loop that drives any number of them."""

from __future__ import annotations

import contextlib
import contextvars
import json
import math
import os
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from quod.backends.sandbox.pool import Pool, ZygoteDied, ZygoteHandle
from quod.backends.sandbox.types import Ended, Limits
from quod.backends.sandbox.usage import disk_use, members, memory_mb
from quod.backends.sandbox.watching import Ending, by_signal, tell
from quod.backends.sandbox.wire import Request
from quod.core.run import Cancel

__all__ = ["Flight", "drive"]

_CHUNK = 1 << 20
_FIRST_TICK, _LAST_TICK = 0.01, 0.05
_REPORT_SECONDS = 1.0
"""How long we wait for a zygote to report the end of a child we killed; it may be busy."""
_LAUNCH_SECONDS = 120.0
"""How long a zygote may take to fork a child before it is taken for stuck."""
_DISK_TICK = 0.5
_MOST_FILES = 10_000

Sink = Callable[[bytes], None]


class Flight:
    """A child at work. Made by :meth:`launch`, driven by :func:`drive`, ended by :meth:`close`."""

    def __init__(self, pool: Pool, family: str, limits: Limits) -> None:
        self.pool = pool
        self.family = family
        self.limits = limits
        self.scratch: Path | None = None
        self.pid: int | None = None
        self.returncode: int | None = None
        self.cpu_seconds = 0.0
        self.peak_mb = 0.0
        self.verdict: Ended | None = None
        """Why we killed it, if we did."""
        self.detail = ""
        self.over = False
        """Whether nothing more will come of it."""
        self.zygote_died = False
        self.started = time.monotonic()
        self.finished: float | None = None
        self._pidfd: int | None = None
        self._handle: ZygoteHandle | None = None
        self._status: socket.socket | None = None
        self._sinks: dict[int, Sink] = {}
        self._killed_at: float | None = None
        self._running_since: float | None = None
        self._next_disk_look = self.started + _DISK_TICK
        self._lock = threading.Lock()
        self._name = ""
        self._reason = ""
        self._began = time.time()
        self._context: contextvars.Context | None = contextvars.copy_context()

    def launch(
        self,
        make: Callable[[Path], Request],
        payload: bytes,
        stdin: int,
        on_out: Sink,
        on_err: Sink,
        cancel: Cancel | None = None,
    ) -> None:
        """Have the child forked. Raises ZygoteDied and what Pool.zygote does; ``make`` gets the scratch folder."""
        self._handle = self.pool.zygote(self.family, cancel)
        self.scratch = Path(tempfile.mkdtemp(dir=self._handle.base))
        request = make(self.scratch)
        self._name = request.target or Path(request.argv[0]).name
        out_r, out_w = os.pipe2(os.O_CLOEXEC)
        err_r, err_w = os.pipe2(os.O_CLOEXEC)
        self._sinks = {out_r: on_out, err_r: on_err}
        for fd in (out_r, err_r):
            os.set_blocking(fd, False)
        try:
            self._status = self._handle.launch(request, payload, stdin, out_w, err_w)
            self._status.setblocking(False)
        finally:
            os.close(out_w)
            os.close(err_w)

    def take_up(self, name: str, limits: Limits) -> None:
        """Another request for a child that answers several: the clocks start again, and it has limits of its own."""
        self.limits = limits
        self.started = time.monotonic()
        if self._running_since is not None:
            self._running_since = self.started
        self._next_disk_look = self.started + _DISK_TICK
        self._began = time.time()
        self._name = name
        self.cpu_seconds = self.peak_mb = 0.0
        self._context = contextvars.copy_context()

    @property
    def seconds(self) -> float:
        """Wall-clock seconds, request to end."""
        return (self.finished or time.monotonic()) - self.started

    def descriptors(self) -> list[int]:
        """What to wait on."""
        status = [self._status.fileno()] if self._status is not None else []
        return [*self._sinks, *status]

    def ready(self, fd: int) -> None:
        """One of the descriptors has something."""
        if self._status is not None and fd == self._status.fileno():
            self._hear()
        elif fd in self._sinks:
            self._read(fd)

    def _read(self, fd: int) -> bool:
        try:
            data = os.read(fd, _CHUNK)
        except BlockingIOError:
            return False
        if data:
            self._sinks[fd](data)
            return True
        del self._sinks[fd]
        os.close(fd)
        return False

    def _hear(self) -> None:
        assert self._status is not None
        try:
            message, ancillary, _, _ = self._status.recvmsg(4096, 256)
        except BlockingIOError:
            return
        except OSError:
            message, ancillary = b"", []
        if message == b"s":
            for level, kind, data in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                    self.pid = struct.unpack("iII", data)[0]
                    self._running_since = time.monotonic()
                    with contextlib.suppress(OSError):
                        self._pidfd = os.pidfd_open(self.pid)
            if self._killed_at is not None:
                self._signal()
        elif message:
            report = json.loads(message)
            self.returncode = report["code"]
            self.cpu_seconds = report["cpu"]
            self.peak_mb = max(self.peak_mb, report["peak_kb"] / 1024)
            self._finish()
        else:
            self.zygote_died = True
            if self._handle is not None:
                self.pool.discard(self._handle)
            self._kill_group()
            self._finish()

    def _finish(self) -> None:
        for fd in list(self._sinks):
            while fd in self._sinks and self._read(fd):
                pass
        self.over = True
        self.finished = time.monotonic()

    def kill(self, why: Ended, detail: str = "", *, reason: str = "") -> None:
        """End the child; the reason given first stands (``reason`` is its short name). Any thread may ask."""
        with self._lock:
            if self.verdict is None:
                self.verdict, self.detail, self._reason = why, detail, reason or why.value
                self._killed_at = time.monotonic()
        self._signal()

    def _signal(self) -> None:
        """SIGKILL to the group's leader by its descriptor, which cannot hit a stranger; its zygote ends the rest."""
        with self._lock:
            if self._pidfd is not None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _kill_group(self) -> None:
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def tick(self, cancel: Cancel | None) -> None:
        """Look at the clock, at what is used, and at the cancel flag."""
        now = time.monotonic()
        if self.verdict is None and cancel is not None and cancel.requested:
            self.kill(Ended.CANCELLED, "cancelled")
        if self._killed_at is not None:
            if self.pid is None:
                self._finish()  # the child is not there yet; without a reader on its status socket it ends as it starts
            elif now - self._killed_at > _REPORT_SECONDS:
                self._kill_group()
                self._finish()
        elif self.pid is None:
            if now - self.started > _LAUNCH_SECONDS and self._handle is not None:
                self.pool.discard(self._handle)
        elif now > self.deadline:
            self.kill(Ended.TIMEOUT, f"killed after {self.limits.wall:g} s")
        else:
            self._look(self.pid, now)

    def _look(self, pid: int, now: float) -> None:
        limits = self.limits
        group = members(pid)
        used = memory_mb(group)
        if used > limits.memory_mb and len(group) > 1:
            used = memory_mb(group, exact=True)
        self.peak_mb = max(self.peak_mb, used)
        if used > limits.memory_mb:
            self.kill(Ended.MEMORY, f"killed at {used:.0f} MiB of memory; the limit is {limits.memory_mb} MiB")
        elif len(group) > limits.processes:
            detail = f"killed at {len(group)} processes; the limit is {limits.processes}"
            self.kill(Ended.CRASHED, detail, reason="processes")
        elif now > self._next_disk_look and self.scratch is not None:
            disk, files = disk_use(str(self.scratch))
            self._next_disk_look = time.monotonic() + _DISK_TICK
            if disk > limits.disk_mb:
                detail = f"killed at {disk:.0f} MiB of files; the limit is {limits.disk_mb} MiB"
                self.kill(Ended.CRASHED, detail, reason="disk")
            elif files > _MOST_FILES:
                self.kill(Ended.CRASHED, f"killed at more than {_MOST_FILES} files", reason="disk")

    @property
    def deadline(self) -> float:
        """When the wall limit falls, on the monotonic clock; its time starts with the child's."""
        return math.inf if self._running_since is None else self._running_since + self.limits.wall

    def close(self) -> None:
        """Let go of every descriptor and the scratch folder."""
        self.tell()
        for fd in self._sinks:
            os.close(fd)
        self._sinks = {}
        with self._lock:
            if self._pidfd is not None:
                os.close(self._pidfd)
                self._pidfd = None
        if self._status is not None:
            self._status.close()
            self._status = None
        if self.scratch is not None:
            _remove(self.scratch)
            self.scratch = None

    def forget(self) -> None:
        """Let go of the descriptors alone: we are a fork of the process the child belongs to."""
        self._context = None
        self.scratch = None
        self.close()

    def tell(self) -> None:
        """Tell those who listen how the request ended; once for each."""
        context, self._context = self._context, None
        if context is None or self.pid is None:
            return
        killed = self._reason if self.verdict is not None else by_signal(self.returncode)
        if killed is None and self.zygote_died:
            killed = "lost"
        tell(
            context,
            Ending(
                family=self.family,
                name=self._name,
                killed=killed,
                detail=self.detail,
                began=self._began,
                seconds=self.seconds,
                cpu_seconds=self.cpu_seconds,
                peak_mb=self.peak_mb,
            ),
        )


def _remove(folder: Path) -> None:
    """Remove a folder that a hostile child may have filled: too deep for recursion, or unreadable."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)


def drive(
    flights: Sequence[Flight],
    cancel: Cancel | None,
    after: Callable[[Flight], None] | None = None,
    *,
    until: Callable[[], bool] = lambda: False,
) -> None:
    """Run until every flight is over, or ``until`` says so. ``after`` is called as each one ends."""
    tick = _FIRST_TICK
    open_flights = [f for f in flights if not f.over]
    with selectors.DefaultSelector() as selector:
        registered: dict[int, Flight] = {}
        for flight in open_flights:
            for fd in flight.descriptors():
                selector.register(fd, selectors.EVENT_READ)
                registered[fd] = flight
        next_tick = time.monotonic() + tick
        while open_flights and not until():
            now = time.monotonic()
            if now >= next_tick:
                for flight in open_flights:
                    flight.tick(cancel)
                next_tick = time.monotonic() + tick
                tick = min(_LAST_TICK, tick * 1.5)
            wake = min([next_tick, *(f.deadline for f in open_flights if f.verdict is None)])
            for key, _ in selector.select(max(0.0, wake - time.monotonic())):
                registered[key.fd].ready(key.fd)
                # A descriptor that has ended is closed already; epoll has dropped it, the selector has not.
            if any(f.deadline < time.monotonic() for f in open_flights):
                next_tick = 0.0
            live = {fd for f in open_flights if not f.over for fd in f.descriptors()}
            for fd in [fd for fd in registered if fd not in live]:
                selector.unregister(fd)
                del registered[fd]
            for flight in [f for f in open_flights if f.over]:
                open_flights.remove(flight)
                if after is not None:
                    after(flight)


__all__ += ["ZygoteDied"]
