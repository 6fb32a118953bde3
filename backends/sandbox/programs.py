"""Running an external program in the sandbox, from start to end."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from quod.backends.sandbox.calls import cpu_limit, ended_without_sandbox, task_limit
from quod.backends.sandbox.flight import Flight, drive
from quod.backends.sandbox.pool import Pool, ZygoteDied, default_pool
from quod.backends.sandbox.types import Ended, Limits, ProgramResult
from quod.backends.sandbox.wire import Request
from quod.core.errors import Cancelled, InfrastructureError
from quod.core.run import Cancel

__all__ = ["prepare", "run_program"]


def run_program(
    argv: Sequence[str],
    *,
    limits: Limits,
    files: Mapping[str, bytes] | None = None,
    stdin: bytes = b"",
    collect: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    cancel: Cancel | None = None,
    on_stdout: Callable[[bytes], None] | None = None,
    stop_when: Callable[[bytes], bool] | None = None,
    read_paths: Sequence[str | Path] = (),
    write_paths: Sequence[str | Path] = (),
    pool: Pool | None = None,
) -> ProgramResult:
    """Run a program in an empty scratch folder holding ``files``.

    ``argv[0]`` is absolute or looked up on the PATH; other paths are best relative, for the scratch folder may have
    another name inside. ``collect`` are glob patterns of files to bring back. ``on_stdout`` is given each piece of
    standard output as it comes. ``stop_when`` is asked, after each piece, about all of the standard output so far; when
    it says yes the program is killed and the result is OK with no return code. ``read_paths`` and ``write_paths`` are
    further files and folders it may read and execute, or write (as far as its uid is permitted to).

    Never raises for what the program does. ValueError for a file name that leaves the scratch folder.
    """
    make = prepare(argv, limits, files or {}, env or {}, read_paths, write_paths, cpu_limit(limits))
    if make is None:
        return ProgramResult(Ended.UNAVAILABLE, detail=f"{argv[0]} is not installed")
    pool = pool or default_pool()
    for last_chance in (False, True):
        attempt = _Attempt(pool, limits, on_stdout, stop_when)
        try:
            result = attempt.run(make, stdin, cancel, collect)
        except Cancelled as error:
            return ProgramResult(Ended.CANCELLED, detail=error.message)
        except InfrastructureError as error:
            return ProgramResult(ended_without_sandbox(error), detail=str(error))
        except ZygoteDied as error:
            result = ProgramResult(Ended.CRASHED, detail=f"the sandbox died: {error}")
        else:
            # What has been streamed cannot be taken back, so a program that has spoken is not started again.
            if not attempt.flight.zygote_died or attempt.flight.verdict is not None or attempt.stdout:
                return result
        if last_chance:
            return result
    raise AssertionError


def prepare(
    argv: Sequence[str],
    limits: Limits,
    files: Mapping[str, bytes],
    env: Mapping[str, str],
    read_paths: Sequence[str | Path],
    write_paths: Sequence[str | Path],
    cpu: int,
) -> Callable[[Path], Request] | None:
    """What fills a scratch folder and says what is to run in it; None if the program is not installed."""
    names = {name: _inside(name) for name in files}
    found = shutil.which(argv[0])
    if found is None:
        return None
    program = str(Path(found).absolute())

    def make(scratch: Path) -> Request:
        for name, relative in names.items():
            path = scratch / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[name])
        return Request(
            kind="program",
            scratch=str(scratch),
            argv=[program, *argv[1:]],
            env=dict(env),
            cpu=cpu,
            file_bytes=limits.disk_mb << 20,
            tasks=task_limit(limits),
            read_paths=[program, os.path.realpath(program), *map(_absolute, read_paths)],
            write_paths=[*map(_absolute, write_paths)],
        )

    return make


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"{name!r} is not a file name inside the scratch folder")
    return path


def _absolute(path: str | Path) -> str:
    return str(Path(path).expanduser().absolute())


class _Attempt:
    def __init__(
        self,
        pool: Pool,
        limits: Limits,
        on_stdout: Callable[[bytes], None] | None,
        stop_when: Callable[[bytes], bool] | None,
    ) -> None:
        self._limits = limits
        self._on_stdout = on_stdout
        self._stop_when = stop_when
        self._stopped = False
        self.stdout = bytearray()
        self.stderr = bytearray()
        self.flight = Flight(pool, "plain", limits)

    def run(
        self, make: Callable[[Path], Request], stdin: bytes, cancel: Cancel | None, collect: Sequence[str]
    ) -> ProgramResult:
        flight = self.flight
        source = _input(stdin)
        try:
            try:
                flight.launch(make, b"", source, self._out, self._err, cancel)
            finally:
                os.close(source)
            drive([flight], cancel)
            scratch = flight.scratch
            found = _gather(scratch, collect, self._limits) if scratch is not None and collect else {}
            return self._judge(found)
        finally:
            if not flight.over:
                flight.kill(Ended.CANCELLED)
            flight.close()

    def _out(self, data: bytes) -> None:
        if self._stopped:
            return
        self.stdout += data
        self._check_size()
        if self._on_stdout is not None:
            self._on_stdout(data)
        if self._stop_when is not None and self._stop_when(bytes(self.stdout)):
            self._stopped = True
            self.flight.kill(Ended.OK, "stopped as asked", reason="stopped")

    def _err(self, data: bytes) -> None:
        self.stderr += data
        self._check_size()

    def _check_size(self) -> None:
        limit = self._limits.output_mb << 20
        if len(self.stdout) + len(self.stderr) > limit:
            self.flight.kill(Ended.GARBAGE, f"printed more than {self._limits.output_mb} MiB", reason="output")
            del self.stdout[limit:], self.stderr[limit:]

    def _judge(self, files: dict[str, bytes]) -> ProgramResult:
        flight = self.flight
        detail = flight.detail
        code: int | None = None
        if flight.verdict is not None:
            ended = flight.verdict
        elif flight.zygote_died or flight.returncode is None:
            ended, detail = Ended.CRASHED, "the sandbox died"
        elif flight.returncode < 0:
            ended, code = Ended.CRASHED, flight.returncode
            detail = f"died of signal {-flight.returncode}"
        else:
            ended, code = Ended.OK, flight.returncode
        return ProgramResult(
            ended,
            returncode=code,
            stdout=bytes(self.stdout),
            stderr=bytes(self.stderr),
            files=files,
            detail=detail,
            seconds=flight.seconds,
            cpu_seconds=flight.cpu_seconds,
            peak_mb=flight.peak_mb,
        )


def _input(data: bytes) -> int:
    fd = os.memfd_create("quod-stdin", os.MFD_CLOEXEC)
    with open(fd, "wb", closefd=False) as file:
        file.write(data)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _gather(scratch: Path, patterns: Sequence[str], limits: Limits) -> dict[str, bytes]:
    """The regular files asked for, up to the output limit. Links are not followed: they may point anywhere."""
    left = limits.output_mb << 20
    found: dict[str, bytes] = {}
    for pattern in patterns:
        for path in sorted(scratch.glob(pattern)):
            name = str(path.relative_to(scratch))
            if name in found or path.parent.resolve() != path.parent:
                continue
            try:
                fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            except OSError:
                continue
            with os.fdopen(fd, "rb") as file:
                if stat.S_ISREG(os.fstat(fd).st_mode):
                    data = file.read(left + 1)
                    if len(data) <= left:
                        found[name] = data
                        left -= len(data)
    return found
