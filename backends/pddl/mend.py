"""Deterministic mending of notation: fences, prose, look-alike characters, parentheses."""

from __future__ import annotations

import re

from quod.backends.pddl import codes
from quod.backends.pddl.sexpr import read
from quod.core.diagnostics import Diagnostic, Span
from quod.core.protocols import Mended

__all__ = ["mend"]

_DEFINE = re.compile(r"\(\s*define\b", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*(```|~~~)[^\n]*$", re.MULTILINE)
_LOOKALIKES = str.maketrans(
    {
        "（": "(",
        "）": ")",
        "\u00a0": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2019": "'",
        "\ufeff": " ",
        "\u200b": " ",
        "？": "?",
        "：": ":",
    }
)


def mend(text: str) -> Mended:
    """Mend what can be mended without touching the meaning; each change leaves a note."""
    notes: list[Diagnostic] = []
    changed = text.translate(_LOOKALIKES)
    if changed != text:
        notes.append(codes.MENDED.info("look-alike characters (typographic dashes, wide brackets) became plain ones"))
    changed = _strip(changed, notes)
    changed = _parentheses(changed, notes)
    return Mended(text=changed, notes=tuple(notes))


def _strip(text: str, notes: list[Diagnostic]) -> str:
    """Keep what stands between the first ``(define`` and the parenthesis that ends the last one."""
    kept = _FENCE.sub(lambda m: " " * len(m.group()), text)
    first = _DEFINE.search(kept)
    if first is None:
        return text
    pieces: list[tuple[int, int]] = []
    position = first.start()
    while (match := _DEFINE.search(kept, position)) is not None:
        end = _balanced_end(kept, match.start())
        pieces.append((match.start(), end))
        position = end
    outside = _outside(kept, pieces)
    if not outside and kept == text:
        return text
    if outside:
        shown = " ".join(outside.split())[:60]
        notes.append(codes.STRIPPED.info(f"text around the PDDL was taken away: '{shown}'", span=Span.at(text, 0)))
    else:
        notes.append(codes.STRIPPED.info("code fences around the PDDL were taken away", span=Span.at(text, 0)))
    return "\n".join(kept[start:end] for start, end in pieces) + "\n"


def _balanced_end(text: str, start: int) -> int:
    """Where the list that starts at ``start`` ends; up to the next definition or the end if it does not."""
    depth = 0
    comment = False
    following = _DEFINE.search(text, start + 1)
    limit = following.start() if following else len(text)
    for index in range(start, limit):
        char = text[index]
        if comment:
            comment = char != "\n"
        elif char == ";":
            comment = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if (
                depth == 0
                and not re.match(r"[\s)]*\(\s*:", text[index + 1 : limit])
                and not re.match(r"\s*:\w", text[index + 1 : limit])
            ):
                return _swallow(text, index + 1, limit)
    return max(text.rfind(")", start, limit) + 1, start + 1)  # never closed: what follows the last ')' is prose


def _swallow(text: str, index: int, limit: int) -> int:
    """Include stray ')' that follow directly, so that they are noticed."""
    match = re.compile(r"(\s*\))+").match(text, index, limit)
    return match.end() if match else index


def _outside(text: str, pieces: list[tuple[int, int]]) -> str:
    """What stands outside the definitions, comments left out."""
    out = []
    position = 0
    for start, end in pieces:
        out.append(text[position:start])
        position = end
    out.append(text[position:])
    return re.sub(r";[^\n]*", "", "\n".join(out)).strip()


def _parentheses(text: str, notes: list[Diagnostic]) -> str:
    """Apply the corrections that the reader found."""
    reading = read(text)
    if not reading.edits:
        return text
    notes += [codes.MENDED.info(f"{d.message}: put right", span=d.span, hint=d.hint) for d in reading.diagnostics]
    for edit in sorted(reading.edits, key=lambda e: e.offset, reverse=True):
        text = text[: edit.offset] + edit.insert + text[edit.offset + edit.delete :]
    return text
