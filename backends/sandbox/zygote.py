"""A zygote: a small process that has an engine family loaded and forks one child for each request.

Started as ``python -m quod.backends.sandbox.zygote FAMILY CONFIG``, where CONFIG is the JSON of :class:`Config`. It has
one thread and one loop, and runs no engine itself. It ends, taking every child with it, when its parent closes the
control socket or dies.
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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quod.backends.sandbox import child, jail, linux, lockdown
from quod.backends.sandbox.families import FAMILIES
from quod.backends.sandbox.layers import Layer
from quod.backends.sandbox.wire import FDS_PER_REQUEST, MESSAGE, Config

__all__ = ["main"]


@dataclass
class _Child:
    pid: int
    pidfd: int
    uid: int
    status: socket.socket


class Zygote:
    """The loop: take requests, fork, report ends."""

    def __init__(self, control: socket.socket, walls: jail.Jail, policy: lockdown.Policy) -> None:
        self._control = control
        self._jail = walls
        self._policy = policy
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, None)
        self._children: dict[int, _Child] = {}
        self._pid = os.getpid()
        self._served = 0

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
        message, fds, _, _ = socket.recv_fds(self._control, MESSAGE, FDS_PER_REQUEST)
        if not message:
            return False
        doors = json.loads(message)
        self._load(doors["module"])
        for path in doors["read"]:
            with contextlib.suppress(OSError):
                self._jail.show(path)
        for path in doors["write"]:
            with contextlib.suppress(OSError):
                self._jail.show(path, write=True)
        taken = {entry.uid for entry in self._children.values()}
        for _ in taken | {0}:
            uid = self._policy.uid(self._served)
            self._served += 1
            if uid not in taken:
                break
        pid = os.fork()
        if pid == 0:
            child.main(fds, self._policy, uid, self._pid)
        request, status, *streams = fds
        for fd in (request, *streams):
            os.close(fd)
        entry = _Child(pid, os.pidfd_open(pid), uid, socket.socket(fileno=status))
        self._children[pid] = entry
        self._selector.register(entry.pidfd, selectors.EVENT_READ, entry)
        return True

    def _load(self, module: str) -> None:
        """Have quod's own code loaded before the fork, so that no child spends time on it."""
        if module.startswith("quod.") and module not in sys.modules:
            with contextlib.suppress(Exception):  # the child meets it again and reports it
                importlib.import_module(module)
            gc.freeze()

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
        """End and reap the descendants that fell to us because their parent has died (we are their reaper).

        A stray in the group of a living child is that child's own affair: it dies with the group.
        """
        while strays := [pid for pid in linux.children_of(self._pid) if pid not in self._children]:
            doomed = [pid for pid in strays if _group(pid) not in self._children]
            for pid in doomed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for pid in strays:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0 if pid in doomed else os.WNOHANG)
            if not doomed:
                return

    def end(self) -> None:
        """End every child and whatever it started."""
        for entry in self._children.values():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(entry.pid, signal.SIGKILL)
        for entry in list(self._children.values()):
            self._bury(entry)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _wall_in(config: Config, control: socket.socket) -> tuple[jail.Jail, lockdown.Policy, list[Layer]]:
    """Build what can be built around this process; returns in the process that is to serve."""
    serial = os.getpid()  # before we enter a process namespace, where it would be 1
    base = Path(config.base)
    searched = _searched(config.private)
    python = jail.interpreter_folders()
    quod = jail.quod_folders()
    walls = jail.Jail(why_not="switched off by QUOD_SANDBOX=rlimits")
    if config.mode != "rlimits":
        walls = jail.enter(config.hide, [*python, *quod, *searched], base, keep_open=control.fileno())
    trial = base / "trial"
    trial.mkdir(mode=0o700)
    policy, layers = lockdown.settle(
        config.mode,
        user_namespace=walls.files and os.geteuid() != 0,
        serial=serial,
        read=[*map(str, python), *map(str, quod), *map(str, searched)],
        listed=[str(quod[0].parent)],
        private=config.hide,
        scratch=trial,
    )
    trial.rmdir()
    policy.private_tmp = walls.free_tmp(base)
    return walls, policy, [*walls.layers(), *layers]


def _searched(private: list[str]) -> list[Path]:
    """The folders of modules besides Python's and ours, but none that contains a place where people keep secrets."""
    places = [Path(p) for p in private]
    found = (Path(p) for p in sys.path if Path(p).is_dir())
    ours = jail.quod_folders()[0].parent
    return [p for p in found if p != ours and not any(place.is_relative_to(p) for place in places)]


class _Base:
    """The folder of the scratch folders, by a handle from before it got another face in our mount namespace."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def remove(self) -> None:
        name = self._path.name
        for _ in range(2):
            with contextlib.suppress(OSError, RecursionError):
                shutil.rmtree(name, dir_fd=self._parent)
                return
            with contextlib.suppress(OSError):
                linux.unmount(self._path)


def _isolated(layers: list[Layer]) -> bool:
    active = {layer.name for layer in layers if layer.active}
    return bool(active & {"network", "seccomp"}) and bool(active & {"files", "landlock"})


def main() -> None:
    """The zygote's entry point."""
    family = sys.argv[1]
    config = Config(**json.loads(sys.argv[2]))
    control = socket.socket(fileno=config.control)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business; it closes our socket
    hello: dict[str, Any] = {}
    base = _Base(Path(config.base))
    try:
        walls, policy, layers = _wall_in(config, control)
        hello["layers"] = [asdict(layer) for layer in layers]
        if config.mode == "require" and not _isolated(layers):
            missing = "; ".join(f"{layer.name}: {layer.note}" for layer in layers if not layer.active)
            hello["refused"] = f"QUOD_SANDBOX=require, and engines cannot be isolated here ({missing})"
        linux.set_subreaper()
    except Exception as error:
        hello["refused"] = f"{type(error).__name__}: {error}"
    if "refused" in hello:
        control.send(json.dumps(hello).encode())
        base.remove()
        return
    for module in FAMILIES[family]:
        # A library that is missing is reported by the call that needs it.
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()
    zygote = Zygote(control, walls, policy)
    control.send(json.dumps(hello).encode())
    try:
        zygote.run()
    except ConnectionResetError:
        pass
    finally:
        zygote.end()
        base.remove()


if __name__ == "__main__":
    main()
