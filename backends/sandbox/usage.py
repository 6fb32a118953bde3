"""What a process group uses, read from /proc."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from quod.backends.sandbox.linux import children_of

__all__ = ["descendants", "group_rss_mb"]

_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def descendants(pid: int) -> list[int]:
    """A process and everything below it."""
    found, todo = [], [pid]
    while todo:
        current = todo.pop()
        found.append(current)
        todo += children_of(current)
        if len(found) > 10_000:
            break
    return found


def group_rss_mb(pid: int) -> float:
    """MiB of resident memory of a process and its descendants; 0 when it has gone."""
    total = 0
    for member in descendants(pid):
        with contextlib.suppress(OSError, ValueError, IndexError):
            total += int(Path(f"/proc/{member}/statm").read_text().split()[1])
    return total * _PAGE_MB
