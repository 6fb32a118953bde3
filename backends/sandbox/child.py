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
            _send(_answer(request.target, payload))
            os._exit(0)
        elif request.kind == "serve":
            _serve()
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
    if request.kind != "program":
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


def _answer(target: str, payload: bytes) -> dict[str, object]:
    """What came of calling ``target`` (see ``calls.py`` for the keys)."""
    started = time.perf_counter()
    try:
        value: object = json.loads(payload)
        del payload
        module, _, name = target.partition(":")
        function: Callable[[object], object] = getattr(importlib.import_module(module), name)
        started = time.perf_counter()
        result = function(value)
        inner = time.perf_counter() - started
        return {"value": result, "seconds": inner}
    except MemoryError:
        return {"memory": "out of memory"}
    except ModuleNotFoundError as error:
        kind = "error" if (error.name or "").startswith("quod") else "missing"
        return {kind: str(error)}
    except BaseException as error:
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"[:2000], "seconds": time.perf_counter() - started}


def _send(answer: dict[str, object]) -> None:
    """Write an answer to the result descriptor, as JSON with its length in front."""
    try:
        body = json.dumps(answer, allow_nan=False)
    except MemoryError:
        body = json.dumps({"memory": "out of memory"})
    except (TypeError, ValueError, RecursionError) as error:
        body = json.dumps({"garbage": f"the result is not JSON: {error}"})
    with contextlib.suppress(BaseException):
        sys.stdout.flush()
        sys.stderr.flush()
    data = body.encode()
    with open(_RESULT_FD, "wb", closefd=False) as out:
        out.write(FRAME.pack(len(data)))
        out.write(data)


def _serve() -> NoReturn:
    """Answer calls one after another (see ``steady.py``) until standard input ends."""
    with open(0, "rb", closefd=False) as calls:
        while length := calls.read(FRAME.size):
            number, target = json.loads(calls.read(FRAME.unpack(length)[0]))
            payload = calls.read(FRAME.unpack(calls.read(FRAME.size))[0])
            before = time.process_time()
            answer = _answer(target, payload)
            usage = resource.getrusage(resource.RUSAGE_SELF)
            _send({**answer, "number": number, "cpu": time.process_time() - before, "peak_kb": usage.ru_maxrss})
    os._exit(0)


def _become(request: Request) -> NoReturn:
    try:
        os.execve(request.argv[0], request.argv, os.environ)  # noqa: S606 - no shell is what we want
    except OSError as error:
        os.write(2, f"cannot run {request.argv[0]}: {error.strerror}\n".encode())
        os._exit(127)
