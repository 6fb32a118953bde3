"""The Linux calls the standard library lacks. Every function raises OSError where the kernel refuses."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
from pathlib import Path

__all__ = [
    "CLONE_NEWIPC",
    "CLONE_NEWNET",
    "CLONE_NEWNS",
    "CLONE_NEWPID",
    "CLONE_NEWUSER",
    "MACHINE",
    "bind",
    "children_of",
    "die_with_parent",
    "drop_capabilities",
    "mount",
    "no_new_privileges",
    "parent_of",
    "prctl",
    "set_dumpable",
    "set_read_only",
    "set_subreaper",
    "syscall",
    "unmount",
    "unshare",
]

MACHINE = platform.machine()

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38

_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 1, 2, 4
_SYS_MOUNT_SETATTR = 442  # the same on every architecture, as all calls since 424

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return result


def syscall(number: int, *args: object) -> int:
    """A raw system call; the arguments are ctypes values or None."""
    return _check(_libc.syscall(ctypes.c_long(number), *args), f"system call {number}")


def prctl(option: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    """prctl(2)."""
    return _check(_libc.prctl(option, *(ctypes.c_ulong(x) for x in (a, b, c, d))), f"prctl {option}")


def set_subreaper() -> None:
    """Make orphaned descendants fall to this process instead of to init."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def set_dumpable() -> None:
    """Let a process that changed its uid read its own /proc entries again."""
    prctl(_PR_SET_DUMPABLE, 1)


def no_new_privileges() -> None:
    """Set-uid programs give nothing any more, to this process and all below it."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability; uid 0 without them, or the maker of a user namespace, is a user like others."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this thread
    nothing = (ctypes.c_uint32 * 6)()
    _check(_libc.capset(header, nothing), "capset")


def die_with_parent(parent: int) -> None:
    """Be killed when the thread that made us ends; at once if our parent is no longer ``parent``.

    The kernel forgets this when the uid changes, so it must be called after that.
    """
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def unshare(flags: int) -> None:
    """unshare(2): leave the shared namespaces."""
    _check(_libc.unshare(flags), "unshare")


def mount(source: str, target: str | Path, kind: str = "", flags: int = 0, options: str = "") -> None:
    """mount(2)."""
    arguments = (source.encode(), os.fsencode(target), kind.encode() or None, ctypes.c_ulong(flags))
    _check(_libc.mount(*arguments, options.encode() or None), f"mount {target}")


def unmount(target: str | Path) -> None:
    """Take away what is mounted there as soon as nobody uses it (umount2(2), MNT_DETACH)."""
    _check(_libc.umount2(os.fsencode(target), 2), f"umount {target}")


def bind(source: str, target: str | Path) -> None:
    """Show ``source`` at ``target`` too, with whatever is mounted below it."""
    mount(source, target, flags=MS_BIND | MS_REC)


class _MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("attr_set", "attr_clr", "propagation", "userns_fd")]


def set_read_only(target: str | Path, *, read_only: bool = True, below: bool = True) -> None:
    """Make a mount (and all ``below`` it) read-only and without set-uid programs; or writable again. Linux 5.12."""
    attr = _MountAttr(attr_set=_MOUNT_ATTR_NOSUID)
    if read_only:
        attr.attr_set |= _MOUNT_ATTR_RDONLY
    else:
        attr.attr_clr = _MOUNT_ATTR_RDONLY
    path = ctypes.c_char_p(os.fsencode(target))
    size = ctypes.c_size_t(ctypes.sizeof(attr))
    flags = ctypes.c_uint(_AT_RECURSIVE if below else 0)
    syscall(_SYS_MOUNT_SETATTR, ctypes.c_int(_AT_FDCWD), path, flags, ctypes.byref(attr), size)


def children_of(pid: int) -> list[int]:
    """The direct children of a process, zombies included."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []
    found: list[int] = []
    for task in tasks:
        try:
            found += map(int, (task / "children").read_text(encoding="ascii").split())
        except FileNotFoundError:
            if task.exists():  # a kernel without CONFIG_PROC_CHILDREN
                return [int(p.name) for p in Path("/proc").glob("[1-9]*") if parent_of(int(p.name)) == pid]
        except OSError:
            continue
    return found


def parent_of(pid: int) -> int:
    """The parent of a process; 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
        return int(status.rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0
