"""Who holds a lease, and whether that process is certainly gone.

A fence names the machine's boot, the PID namespace, the PID and that process's start time, so that a process on the
same machine can tell at once that the holder died (no need to wait for the lease to run out), and never mistakes
another process for it. Of another machine's or container's workers it can tell nothing: there the lease decides.
"""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

__all__ = ["is_dead", "new_fence", "same_place"]


def new_fence() -> str:
    """A fresh fence for this process."""
    pid = os.getpid()
    return f"{_place()}:{pid}:{_start_time(pid)}:{secrets.token_hex(8)}"


def is_dead(fence: str | None) -> bool:
    """Whether the process that holds this fence is certainly gone. False when that cannot be told from here."""
    parts = (fence or "").split(":")
    if len(parts) != 4 or not parts[1].isdigit() or parts[0] != _place() or parts[0].startswith("?"):
        return False
    return _start_time(int(parts[1])) != parts[2]


def same_place(fence: str) -> bool:
    """Whether the fence was made on this machine, in this container."""
    return fence.partition(":")[0] == _place()


@lru_cache(maxsize=1)
def _place() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        return f"?{os.uname().nodename.replace(':', '_')}"
    return f"{boot}/{namespace.replace(':', '')}"


def _start_time(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in {"Z", "X"} else fields[19]  # a zombie does no work; field 22 of proc(5) is the start
