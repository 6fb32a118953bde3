"""Landlock: a process gives up, for itself and all below it, every file access but the listed ones.

Rights by version of the kernel's interface (Linux's Documentation/userspace-api/landlock.rst): 1 files (5.13), 2 refer
(5.19), 3 truncate (6.2), 4 TCP (6.7), 5 ioctl on devices (6.10), 6 signals and abstract sockets (6.12).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from quod.backends.sandbox import linux

__all__ = ["restrict", "version"]

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_BIND_TCP, _CONNECT_TCP = 1, 2
_SCOPE_ABSTRACT_UNIX, _SCOPE_SIGNAL = 1, 2
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV

READ = _EXECUTE | _READ_FILE | _READ_DIR
LIST = _READ_DIR


class _Ruleset(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("fs", "net", "scoped")]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def version() -> int:
    """The kernel's Landlock version; 0 without Landlock."""
    with contextlib.suppress(OSError):
        return linux.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return 0


def _handled(abi: int) -> int:
    rights = (1 << 13) - 1
    if abi >= 2:
        rights |= _REFER
    if abi >= 3:
        rights |= _TRUNCATE
    if abi >= 5:
        rights |= _IOCTL_DEV
    return rights


def restrict(
    abi: int,
    read: Iterable[str | Path],
    write: Iterable[str | Path],
    devices: Iterable[str | Path] = (),
    listed: Iterable[str | Path] = (),
) -> None:
    """Keep only: reading and executing below ``read``, everything but device files below ``write``, reading and writing
    ``devices``, and the names (not the contents) below ``listed``. What does not exist is passed over.

    No-new-privileges must be set. Raises OSError.
    """
    handled = _handled(abi)
    ruleset = _Ruleset(fs=handled)
    size = 8
    if abi >= 4:
        ruleset.net = _BIND_TCP | _CONNECT_TCP
        size = 16
    if abi >= 6:
        ruleset.scoped = _SCOPE_ABSTRACT_UNIX | _SCOPE_SIGNAL
        size = 24
    fd = linux.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        everything = handled & ~(_MAKE_CHAR | _MAKE_BLOCK | _IOCTL_DEV)
        for paths, rights in (
            (read, READ),
            (write, everything),
            (devices, _READ_FILE | _WRITE_FILE | _IOCTL_DEV),
            (listed, LIST),
        ):
            for path in paths:
                _allow(fd, path, rights & handled)
        linux.syscall(_RESTRICT_SELF, ctypes.c_int(fd), ctypes.c_uint32(0))
    finally:
        os.close(fd)


def _allow(ruleset: int, path: str | Path, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= _OF_FILES
        rule = _PathBeneath(rights, fd)
        linux.syscall(
            _ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_RULE_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0)
        )
    finally:
        os.close(fd)
