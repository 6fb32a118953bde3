"""What a long measurement has found so far, in a file: a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import quod

__all__ = ["Kept", "code_digest"]


class Kept:
    """Findings by key, one JSON line each. Without a path nothing is kept.

    The file belongs to one state of the code and one choice of parameters (see :func:`code_digest`): it is not checked.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.found: dict[str, Any] = dict(self._read())

    def _read(self) -> Iterator[tuple[str, Any]]:
        if self._path is None or not self._path.exists():
            return
        text = self._path.read_text(encoding="utf-8")
        for line in text.splitlines():
            try:
                key, value = json.loads(line)
            except ValueError:
                continue  # the last line of a run that was killed while writing
            yield key, value
        if text and not text.endswith("\n"):
            with self._path.open("a", encoding="utf-8") as out:
                out.write("\n")

    def add(self, key: str, value: Any) -> None:
        """Keep a finding."""
        self.found[key] = value
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as out:
                out.write(json.dumps([key, value], ensure_ascii=False) + "\n")


def code_digest(*said: object, of: tuple[str, ...] = ()) -> str:
    """A digest of the code as it stands, or of some folders of it, and of ``said``: figures got with one are not those
    of another."""
    digest = hashlib.sha256(repr(said).encode())
    root = Path(quod.__file__).parent.resolve()
    for place in [root / folder for folder in of] or sorted(root.iterdir()):
        for path in sorted(place.resolve().rglob("*.py")) if place.is_dir() else ():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
