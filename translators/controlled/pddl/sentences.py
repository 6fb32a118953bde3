"""Splitting a text into statements, with their places in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Statement", "statements"]

_END = re.compile(r"(?<=[.!?])(?=\s|$)|[\n;]")
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or line: as written, normalised, and where it stands."""

    words: str
    text: str
    """Lower case, single spaces, without its final stop."""
    start: int
    end: int

    @property
    def too_long(self) -> bool:
        """Longer than any sentence of these grammars."""
        return len(self.text) > _LONGEST


def statements(text: str) -> list[Statement]:
    """The statements of a text, in order."""
    out: list[Statement] = []
    position = 0
    for match in [*_END.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[position:end]
        stripped = piece.strip()
        if stripped.strip(".!?;:"):
            start = position + len(piece) - len(piece.lstrip())
            normal = " ".join(stripped.lower().replace("’", "'").split()).rstrip(".!?;: ")
            out.append(Statement(stripped, normal, start, start + len(stripped)))
        position = match.end() if match else end
    return out
