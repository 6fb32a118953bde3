"""``quod eval new NAME``: a benchmark of one's own, ready to run and to change."""

from __future__ import annotations

import re
from pathlib import Path

from quod.core.errors import InputError

__all__ = ["scaffold"]

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_TEMPLATES = Path(__file__).parent / "templates"


def scaffold(name: str, where: Path = Path()) -> Path:
    """Make the folder. Raises InputError for a name that cannot be, or a folder that is there already."""
    if not _NAME.fullmatch(name):
        raise InputError(f"'{name}' cannot be a benchmark's name", hint="lower-case letters, digits, _ and -")
    folder = where / name
    if folder.exists():
        raise InputError(f"'{folder}' is there already", hint="choose another name")
    folder.mkdir(parents=True)
    for template in sorted(_TEMPLATES.glob("*.txt")):
        text = template.read_text(encoding="utf-8").replace("{{name}}", name)
        (folder / template.stem).write_text(text, encoding="utf-8")
    return folder
