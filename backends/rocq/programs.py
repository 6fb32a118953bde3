"""How Rocq's programs are started in the sandbox: their arguments and the few files outside /usr they read."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

__all__ = ["ARGUMENTS", "READ_PATHS", "installed", "toplevel"]

ARGUMENTS = ("-q", "-Q", ".", "Quod", "-w", "none")
"""No start-up file, the scratch folder as library ``Quod``, no warnings."""
_WANTED = ("/etc/ocamlfind.conf", "/etc/ocamlfind.conf.d", "/var/lib/coq")
READ_PATHS: tuple[str, ...] = tuple(path for path in _WANTED if Path(path).exists())
"""Findlib's configuration, which Coq reads to load its plugins."""


def toplevel() -> list[str]:
    """An interactive Rocq with numbered prompts, standard error joined to standard output to keep their order."""
    return ["sh", "-c", f"exec coqtop -emacs {' '.join(ARGUMENTS)} 2>&1"]


@cache
def installed() -> str | None:
    """The version of Rocq on the path; None without one."""
    if shutil.which("coqc") is None or shutil.which("coqchk") is None:
        return None
    from quod.backends.sandbox import Ended, Limits, run_program

    result = run_program(["coqc", "--print-version"], limits=Limits(wall=20), read_paths=READ_PATHS)
    words = result.stdout.decode(errors="replace").split()
    return words[0] if result.ended is Ended.OK and words else None
