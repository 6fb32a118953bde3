"""The zygote's surroundings: no network, its own view of processes, and a file tree without anyone's secrets.

Made with namespaces, as root directly and otherwise through a user namespace, where the kernel lets us. The children
inherit all of it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quod.backends.sandbox import linux
from quod.backends.sandbox.layers import Layer

__all__ = ["Jail", "enter", "interpreter_folders", "quod_folders"]

_ALWAYS_HIDDEN = ("/root", "/home", "/tmp", "/var/tmp", "/dev/shm", "/run", "/mnt", "/media")  # noqa: S108
_ISOLATED = linux.CLONE_NEWNS | linux.CLONE_NEWNET | linux.CLONE_NEWIPC


@dataclass
class Jail:
    """What was achieved, and what is needed to open a door in it later."""

    network: bool = False
    files: bool = False
    processes: bool = False
    why_not: str = ""
    _hidden: dict[Path, int] = field(default_factory=dict)
    """Folders that were toped, each with a descriptor of what lies beneath."""
    _shown: dict[Path, bool] = field(default_factory=dict)

    def layers(self) -> list[Layer]:
        """For ``quod doctor``."""
        why = self.why_not
        return [
            Layer("network", self.network, "no network but an unconnected loopback" if self.network else why),
            Layer("files", self.files, "homes, /tmp and /run are hidden, the rest is read-only" if self.files else why),
            Layer("processes", self.processes, "engines see no process but their own" if self.processes else why),
        ]

    def free_tmp(self, base: Path) -> bool:
        """Whether nothing but the scratch folders in ``base`` is needed from /tmp, so that a child may have its own."""
        tmp = Path("/tmp")  # noqa: S108
        return self.files and tmp in self._hidden and not any(p.is_relative_to(tmp) for p in self._shown if p != base)

    def show(self, path: str | Path, *, write: bool = False) -> None:
        """Make a file or folder that lies in a hidden place visible again. The other layers decide who may use it."""
        path = Path(path)
        if not self.files or (not write and self._toped_by_shown(path, write)) or self._shown.get(path, False):
            return
        if self._bind_from_below(path) or write:
            if write:
                if path not in self._shown and not self._is_hidden(path):
                    linux.bind(str(path), path)
                linux.set_read_only(path, read_only=False)
            self._shown[path] = write

    def _is_hidden(self, path: Path) -> bool:
        return any(path.is_relative_to(top) for top in self._hidden)

    def _toped_by_shown(self, path: Path, write: bool) -> bool:
        return any(path.is_relative_to(top) and (may_write or not write) for top, may_write in self._shown.items())

    def _bind_from_below(self, path: Path) -> bool:
        tops = [top for top in self._hidden if path.is_relative_to(top)]
        if not tops:
            return False
        top = max(tops, key=lambda p: len(p.parts))
        source = Path(f"/proc/self/fd/{self._hidden[top]}") / path.relative_to(top)
        if not source.exists():
            return False
        if not path.exists():
            linux.set_read_only(top, read_only=False, below=False)
            if source.is_dir():
                path.mkdir(mode=0o755, parents=True, exist_ok=True)
            else:
                path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
                path.touch()
            linux.set_read_only(top, below=False)
        linux.bind(str(source), path)
        linux.set_read_only(path)
        return True


def quod_folders() -> list[Path]:
    """The folders of quod's own code, the package's links followed."""
    package = Path(sys.modules["quod"].__file__ or "").parent
    return [package, *sorted({p.resolve() for p in package.iterdir() if p.is_dir()} - {package})]


def interpreter_folders() -> list[Path]:
    """Where Python and its libraries lie."""
    found = {Path(p).resolve() for p in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
    found |= {Path(p) for p in (sys.prefix, sys.base_prefix)}
    executable = Path(sys.executable)
    for _ in range(10):
        found.add(executable.parent)
        if not executable.is_symlink():
            break
        executable = executable.parent / executable.readlink()
    return sorted(p for p in found if p != Path("/usr") and p != Path("/usr/bin") and p != Path("/"))


def enter(hide: Sequence[str], keep: Sequence[str | Path], scratch: Path, *, keep_open: int) -> Jail:
    """Move this process (still single-threaded) into the best jail to be had, and fork into its process namespace.

    Returns in the process that is to be the zygote; the original one stays behind, waits and ends with it.
    ``keep_open`` is the control socket, which only the zygote may hold.
    """
    last = ""
    for flags in _plans():
        why = _trial(flags)
        if why is None:
            _unshare(flags)
            jail = Jail(network=True, files=True, processes=bool(flags & linux.CLONE_NEWPID))
            if jail.processes:
                _fork_into(keep_open)
            _private_files(jail)
            _rebuild_files(jail, [Path(p) for p in hide], [Path(p) for p in keep], scratch)
            return jail
        last = why
    jail = Jail(why_not=last)
    with contextlib.suppress(OSError):
        linux.unshare(linux.CLONE_NEWNET)
        jail.network = True
    return jail


def _plans() -> list[int]:
    user = 0 if os.geteuid() == 0 else linux.CLONE_NEWUSER
    return [user | _ISOLATED | linux.CLONE_NEWPID, user | _ISOLATED]


def _unshare(flags: int) -> None:
    uid, gid = os.geteuid(), os.getegid()
    linux.unshare(flags)
    if flags & linux.CLONE_NEWUSER:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")


def _trial(flags: int) -> str | None:
    """Try a set of namespaces in a child that is thrown away; None if it works, else why not."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _unshare(flags)
            if flags & linux.CLONE_NEWPID and (inner := os.fork()):
                _, status = os.waitpid(inner, 0)
                os._exit(0 if status == 0 else 1)
            _private_files(Jail(processes=bool(flags & linux.CLONE_NEWPID)))
            linux.mount("tmpfs", "/tmp", "tmpfs")  # noqa: S108
            linux.set_read_only("/")
            os._exit(0)
        except OSError as error:
            os.write(writer, str(error).encode()[:500])
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        why = file.read().decode()
    _, status = os.waitpid(pid, 0)
    return None if status == 0 else why or "the kernel refused"


def _fork_into(control: int) -> None:
    """Fork; go on in the child, which is the first process of the new process namespace."""
    pid = os.fork()
    if pid:
        os.close(control)
        _, status = os.waitpid(pid, 0)
        os._exit(0 if status == 0 else 1)
    linux.die_with_parent(0)  # our parent is outside the namespace and has no number in it


def _private_files(jail: Jail) -> None:
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    if jail.processes:
        try:
            linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC, "hidepid=2")
        except OSError:
            linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)


def _rebuild_files(jail: Jail, hide: list[Path], keep: list[Path], scratch: Path) -> None:
    """Cover what is to be hidden and untop what is to be kept, the deeper path having the last word."""
    hide = [Path(os.path.realpath(p)) for p in [*map(Path, _ALWAYS_HIDDEN), *hide] if p.exists() and p != Path("/")]
    order = [(p, True) for p in set(hide)] + [(p, False) for p in set(keep) - set(hide)]
    for path, is_hidden in sorted(order, key=lambda pair: len(pair[0].parts)):
        if not is_hidden:
            if not jail._toped_by_shown(path, write=False):  # noqa: SLF001
                jail.show(path)
        elif path.is_dir():
            beneath = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
            linux.mount("tmpfs", path, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=64k")
            jail._hidden[path] = beneath  # noqa: SLF001
        elif path.is_file():
            linux.bind(os.devnull, path)
    linux.set_read_only("/")
    jail.show(scratch, write=True)
