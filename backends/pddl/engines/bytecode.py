"""Planners written in Python start sooner from bytecode. A sandboxed process cannot write it, so we do, once."""

from __future__ import annotations

import compileall
import contextlib
from functools import cache
from pathlib import Path

__all__ = ["compiled"]

_CACHE = "__pycache__"


@cache
def compiled(folder: Path) -> Path:
    """The folder, its modules compiled and their bytecode readable, as far as we may. Costs a look where it is so."""
    with contextlib.suppress(OSError):
        compileall.compile_dir(folder, quiet=2)
    for cached in folder.rglob(_CACHE):
        with contextlib.suppress(OSError):
            _open(cached)
    return folder


def _open(cached: Path) -> None:
    """As readable as the sources beside it: somebody with a narrow umask may have written it."""
    source = cached.parent.stat().st_mode
    if source & 0o055 & ~cached.stat().st_mode:
        cached.chmod(cached.stat().st_mode | source & 0o055)
    for file in cached.iterdir():
        if source & 0o044 & ~file.stat().st_mode:
            file.chmod(file.stat().st_mode | source & 0o044)
