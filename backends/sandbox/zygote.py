"""A zygote: a small process that has an engine family loaded and forks one child for each request.

Started as ``python -m quod.backends.sandbox.zygote FAMILY CONTROL_FD BASE``. It has one thread and one loop, and runs no
engine itself. It ends, taking every child with it, when its parent closes the control socket or dies.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from dataclasses import dataclass

from quod.backends.sandbox import child, linux
from quod.backends.sandbox.families import FAMILIES
from quod.backends.sandbox.wire import FDS_PER_REQUEST

__all__ = ["main"]


@dataclass
class _Child:
    pid: int
    pidfd: int
    status: socket.socket


class Zygote:
    """The loop: take requests, fork, report ends."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, None)
        self._children: dict[int, _Child] = {}

    def run(self) -> None:
        """Serve until the control socket ends."""
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    if not self._serve():
                        return
                else:
                    self._bury(key.data)

    def _serve(self) -> bool:
        message, fds, _, _ = socket.recv_fds(self._control, 16, FDS_PER_REQUEST)
        if not message:
            return False
        pid = os.fork()
        if pid == 0:
            child.main(fds)
        request, status, *streams = fds
        for fd in (request, *streams):
            os.close(fd)
        entry = _Child(pid, os.pidfd_open(pid), socket.socket(fileno=status))
        self._children[pid] = entry
        self._selector.register(entry.pidfd, selectors.EVENT_READ, entry)
        return True

    def _bury(self, entry: _Child) -> None:
        """A child has ended: end its group while its zombie still holds the group's number, then report."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(entry.pid, signal.SIGKILL)
        _, status, usage = os.wait4(entry.pid, 0)
        self._selector.unregister(entry.pidfd)
        os.close(entry.pidfd)
        del self._children[entry.pid]
        self._kill_strays()
        report = {
            "code": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime,
            "peak_kb": usage.ru_maxrss,
        }
        with contextlib.suppress(OSError), entry.status:
            entry.status.send(json.dumps(report).encode(), socket.MSG_NOSIGNAL)

    def _kill_strays(self) -> None:
        """End and reap the descendants that fell to us because their parent has died (we are their subreaper)."""
        while strays := [pid for pid in linux.children_of(os.getpid()) if pid not in self._children]:
            for pid in strays:
                # A stray in the group of a living child is that child's own affair: it lives and dies with the group.
                with contextlib.suppress(OSError):
                    if os.getpgid(pid) not in self._children:
                        os.kill(pid, signal.SIGKILL)
            reaped = 0
            for pid in strays:
                with contextlib.suppress(ChildProcessError):
                    if os.getpgid(pid) in self._children:
                        reaped += os.waitpid(pid, os.WNOHANG)[0] != 0
                    else:
                        os.waitpid(pid, 0)
                        reaped += 1
            if not reaped:
                return

    def end(self) -> None:
        """End every child and whatever it started."""
        for entry in self._children.values():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(entry.pid, signal.SIGKILL)
        for entry in list(self._children.values()):
            self._bury(entry)


def main() -> None:
    """The zygote's entry point."""
    family, control_fd, base = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    control = socket.socket(fileno=control_fd)
    linux.set_subreaper()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business; it closes our socket
    for module in FAMILIES[family]:
        # A library that is missing is reported by the call that needs it.
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()
    zygote = Zygote(control)
    control.send(json.dumps({"layers": []}).encode())
    try:
        zygote.run()
    except ConnectionResetError:
        pass
    finally:
        zygote.end()
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
