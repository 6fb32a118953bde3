"""Long-lived interactive programs: proof assistants and their servers."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from quod.backends.sandbox.calls import cpu_limit
from quod.backends.sandbox.codes import NOT_INSTALLED, SESSION_ENDED
from quod.backends.sandbox.flight import Flight, drive
from quod.backends.sandbox.pool import Pool, ZygoteDied, default_pool
from quod.backends.sandbox.programs import prepare
from quod.backends.sandbox.types import Ended, Limits
from quod.backends.sandbox.usage import members, memory_mb
from quod.core.errors import InfrastructureError
from quod.core.run import Cancel

__all__ = ["Session", "SessionEnded"]


class SessionEnded(InfrastructureError):  # noqa: N818 - it may well be no error
    """The program of a session has ended. ``ended`` says how, as far as it was our doing."""

    code = SESSION_ENDED.name

    def __init__(self, message: str, ended: Ended) -> None:
        super().__init__(message)
        self.ended = ended


class Session:
    """An interactive program in the sandbox, spoken to through its standard streams.

    ``limits.wall`` bounds its whole life, ``limits.cpu`` is only set if given, ``limits.output_mb`` bounds what is held
    unread. One thread at a time may use a session, except that ``kill`` and ``rss_mb`` may be used from any.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        limits: Limits,
        files: Mapping[str, bytes] | None = None,
        env: Mapping[str, str] | None = None,
        read_paths: Sequence[str | Path] = (),
        write_paths: Sequence[str | Path] = (),
        merge_stderr: bool = False,
        pool: Pool | None = None,
    ) -> None:
        """Start the program. Raises InfrastructureError if it is not installed or the sandbox cannot start."""
        cpu = cpu_limit(limits) if limits.cpu is not None else 0
        make = prepare(argv, limits, files or {}, env or {}, read_paths, write_paths, cpu)
        if make is None:
            raise InfrastructureError(f"{argv[0]} is not installed", code=NOT_INSTALLED.name, retryable=False)
        self._limits = limits
        self._buffer = bytearray()
        self._log = bytearray()
        self._lock = threading.RLock()
        self._pump = threading.Condition(self._lock)
        self._flight = Flight(pool or default_pool(), "plain", limits)
        ours = None
        reading, ours = os.pipe2(os.O_CLOEXEC)
        try:
            for chance in (1, 0):
                try:
                    on_err = self._on_out if merge_stderr else self._on_err
                    self._flight.launch(make, b"", reading, self._on_out, on_err)
                    break
                except ZygoteDied as error:
                    self._flight.close()
                    if not chance:
                        raise InfrastructureError(f"the sandbox died: {error}") from error
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(reading)
        os.set_blocking(ours, False)
        self._stdin: int | None = ours
        self._cancel = Cancel()
        self._thread = threading.Thread(target=self._attend, name=f"quod-session-{Path(argv[0]).name}", daemon=True)
        self._thread.start()

    # -- the attending thread ------------------------------------------------------------------------------------
    def _attend(self) -> None:
        drive([self._flight], self._cancel)
        with self._pump:
            self._pump.notify_all()

    def _on_out(self, data: bytes) -> None:
        with self._pump:
            self._buffer += data
            if len(self._buffer) > self._limits.output_mb << 20:
                detail = f"more than {self._limits.output_mb} MiB of unread output"
                self._flight.kill(Ended.GARBAGE, detail, reason="output")
            self._pump.notify_all()

    def _on_err(self, data: bytes) -> None:
        with self._lock:
            self._log += data
            del self._log[: -(1 << 16)]

    # -- the user's side -----------------------------------------------------------------------------------------
    @property
    def alive(self) -> bool:
        """Whether the program runs."""
        return not self._flight.over and self._flight.verdict is None

    @property
    def pid(self) -> int | None:
        """The program's process id."""
        return self._flight.pid

    @property
    def returncode(self) -> int | None:
        """Its exit status, once it has ended; negative for a signal."""
        return self._flight.returncode

    @property
    def ended(self) -> Ended | None:
        """Why it ended; None while it runs."""
        if self._flight.verdict is not None:
            return self._flight.verdict
        if not self._flight.over:
            return None
        return Ended.OK if (self._flight.returncode or 0) >= 0 and not self._flight.zygote_died else Ended.CRASHED

    @property
    def rss_mb(self) -> float:
        """MiB of resident memory of its process group now."""
        pid = self._flight.pid
        return memory_mb(members(pid)) if pid is not None and self.alive else 0.0

    @property
    def stderr(self) -> bytes:
        """The last 64 KiB of its standard error."""
        with self._lock:
            return bytes(self._log)

    @property
    def scratch(self) -> Path | None:
        """Its working folder, while it lives."""
        return self._flight.scratch

    def write(self, data: bytes, timeout: float = 60.0) -> None:
        """Write all of ``data`` to its standard input. Raises SessionEnded, or TimeoutError if it does not read."""
        deadline = time.monotonic() + timeout
        view = memoryview(data)
        while view:
            if self._stdin is None or not self.alive:
                raise self._gone()
            try:
                view = view[os.write(self._stdin, view) :]
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError("the program does not read its input") from None
                time.sleep(0.001)
            except BrokenPipeError:
                raise self._gone() from None

    def read(self, timeout: float) -> bytes:
        """What it has printed since the last read, waiting up to ``timeout`` seconds for some. Empty on time-out.

        Raises SessionEnded when it has ended and everything it printed has been read.
        """
        with self._pump:
            self._pump.wait_for(lambda: self._buffer or self._flight.over, timeout)
            if not self._buffer and self._flight.over:
                raise self._gone()
            data = bytes(self._buffer)
            self._buffer.clear()
            return data

    def read_until(self, marker: bytes | Callable[[bytes], int], timeout: float) -> bytes:
        """Everything up to and including ``marker``.

        ``marker`` may be a function of the unread bytes giving how many to take, 0 for "not yet". Raises SessionEnded,
        and TimeoutError, after which what has come so far can still be read.
        """
        searched = 0

        def length() -> int:
            nonlocal searched
            if callable(marker):
                return marker(bytes(self._buffer))
            at = self._buffer.find(marker, max(0, searched - len(marker)))
            searched = len(self._buffer)
            return at + len(marker) if at >= 0 else 0

        deadline = time.monotonic() + timeout
        with self._pump:
            while not (count := length()):
                if self._flight.over:
                    raise self._gone()
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"no answer within {timeout:g} s")
                self._pump.wait(left)
            data = bytes(self._buffer[:count])
            del self._buffer[:count]
            return data

    def close_stdin(self) -> None:
        """End its standard input."""
        if self._stdin is not None:
            os.close(self._stdin)
            self._stdin = None

    def kill(self) -> None:
        """End it at once."""
        self._flight.kill(Ended.CANCELLED, "closed", reason="closed")

    def close(self) -> None:
        """End it and remove its scratch folder. Safe to call twice."""
        self.close_stdin()
        if not self._flight.over:
            self.kill()
        self._thread.join()
        self._flight.close()

    def _gone(self) -> SessionEnded:
        ended = self.ended or Ended.CRASHED
        detail = self._flight.detail or f"it exited with status {self._flight.returncode}"
        return SessionEnded(f"the program has ended: {detail}", ended)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
