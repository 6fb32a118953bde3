"""What a process group uses, read from /proc and from its scratch folder."""

from __future__ import annotations

import os
from pathlib import Path

from quod.backends.sandbox.linux import children_of, parent_of

__all__ = ["disk_use", "members", "memory_mb"]

_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / (1 << 20)
_MANY = 20_000


def members(leader: int) -> list[int]:
    """The processes of a group: the leader, all below it, and those that fell to its parent when theirs died."""
    seen = {leader}
    todo = [leader, *(pid for pid in children_of(parent_of(leader)) if pid != leader and _group(pid) == leader)]
    found: list[int] = []
    while todo and len(found) < _MANY:
        current = todo.pop()
        found.append(current)
        below = [pid for pid in children_of(current) if pid not in seen]
        seen.update(below)
        todo += below
    return found


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def memory_mb(processes: list[int], *, exact: bool = False) -> float:
    """MiB of resident memory of some processes.

    What they share is counted once for each, unless ``exact`` is asked for, which takes longer (and is of no effect
    where the kernel does not tell).
    """
    return sum((_proportional(pid) if exact else None) or _resident(pid) for pid in processes)


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE_MB
    except (OSError, ValueError, IndexError):
        return 0.0


def _proportional(pid: int) -> float | None:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) / 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def disk_use(folder: str) -> tuple[float, int]:
    """MiB in the files of a folder tree, and how many entries it has (counted up to a bound)."""
    total, entries = 0, 0
    todo = [folder]
    while todo and entries < _MANY:
        try:
            with os.scandir(todo.pop()) as listing:
                for entry in listing:
                    entries += 1
                    if entries >= _MANY:
                        break
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue
    return total / (1 << 20), entries
