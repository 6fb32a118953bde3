"""What a zygote's child does: lock itself down, then call the function or become the program. It never returns."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import json
import os
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from typing import NoReturn

from quod.backends.sandbox import linux
from quod.backends.sandbox.lockdown import Policy
from quod.backends.sandbox.wire import FRAME, Request, read_request

__all__ = ["main"]

_RESULT_FD = 3
_ALL_FDS = 1 << 20
_OPEN_FILES = 1024


def main(fds: list[int], policy: Policy, uid: int, zygote: int) -> NoReturn:
    """Run the request in ``fds`` (see wire.py) under a policy and exit. ``zygote`` is our parent's pid."""
    try:
        os.setsid()
        linux.die_with_parent(zygote)
        request_fd, status_fd, *streams = fds
        status = socket.socket(fileno=status_fd)
        status.send(b"s")  # the kernel stamps it with our pid, as our reader counts pids
        status.close()
        request, payload = read_request(request_fd)
        _arrange_descriptors(request, streams)
        _limit_self(request)
        home = policy.apply(
            uid=uid,
            parent=zygote,
            scratch=request.scratch,
            read=request.read_paths,
            write=request.write_paths,
            tasks=request.tasks,
        )
        os.environ.clear()
        os.environ.update(_environment(home) | request.env)
        if request.kind == "call":
            _call(request, payload)
        else:
            _become(request)
    except BaseException:
        with contextlib.suppress(BaseException):
            traceback.print_exc()
            sys.stderr.flush()
    finally:
        os._exit(1)
    raise AssertionError


def _arrange_descriptors(request: Request, streams: list[int]) -> None:
    """Put the streams in their places and close everything else."""
    # First out of the way, so that no target number is still in use as a source.
    stdin, out, err = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 64) for fd in streams)
    os.dup2(stdin, 0)
    os.dup2(err, 2)
    if request.kind == "call":
        os.dup2(err, 1)
        os.dup2(out, _RESULT_FD, inheritable=False)
        os.closerange(_RESULT_FD + 1, _ALL_FDS)
    else:
        os.dup2(out, 1)
        os.closerange(3, _ALL_FDS)


def _environment(home: str) -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8"}


def _limit_self(request: Request) -> None:
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.umask(0o077)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    if request.cpu:
        _limit(resource.RLIMIT_CPU, request.cpu)
    if request.file_bytes:
        _limit(resource.RLIMIT_FSIZE, request.file_bytes)


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def _call(request: Request, payload: bytes) -> NoReturn:
    value: object = json.loads(payload)
    del payload
    started = time.perf_counter()
    answer: dict[str, object]
    try:
        module, _, name = request.target.partition(":")
        function: Callable[[object], object] = getattr(importlib.import_module(module), name)
        started = time.perf_counter()
        result = function(value)
        inner = time.perf_counter() - started
        try:
            body = json.dumps({"value": result, "seconds": inner}, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            body = json.dumps({"garbage": f"the result is not JSON: {error}"})
    except MemoryError:
        body = json.dumps({"memory": "out of memory"})
    except ModuleNotFoundError as error:
        kind = "error" if (error.name or "").startswith("quod") else "missing"
        body = json.dumps({kind: str(error)})
    except BaseException as error:
        traceback.print_exc()
        answer = {"error": f"{type(error).__name__}: {error}"[:2000], "seconds": time.perf_counter() - started}
        body = json.dumps(answer)
    with contextlib.suppress(BaseException):
        sys.stdout.flush()
        sys.stderr.flush()
    data = body.encode()
    with open(_RESULT_FD, "wb", closefd=False) as out:
        out.write(FRAME.pack(len(data)))
        out.write(data)
    os._exit(0)


def _become(request: Request) -> NoReturn:
    try:
        os.execve(request.argv[0], request.argv, os.environ)  # noqa: S606 - no shell is what we want
    except OSError as error:
        os.write(2, f"cannot run {request.argv[0]}: {error.strerror}\n".encode())
        os._exit(127)
