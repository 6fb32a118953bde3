"""Deterministic mending of a model's text: notation only, never meaning."""

from __future__ import annotations

import re

from quod.core.diagnostics import Diagnostic, code
from quod.core.protocols import Mended

__all__ = ["mend"]

MENDED = code("milp.mended", "The notation of a model was mended; its meaning was not touched.")

_FENCE = re.compile(r"```[\w-]*\s*\n(.*?)(?:```|\Z)", re.DOTALL)
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?\*/", re.DOTALL)
_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])", re.DOTALL)
_QUOTES = str.maketrans({"“": '"', "”": '"'})


def mend(text: str) -> Mended:
    """Code fences, prose around the object, comments, trailing commas, curly quotes."""
    notes: list[Diagnostic] = []

    def note(message: str) -> None:
        notes.append(MENDED.info(message))

    fence = _FENCE.search(text)
    if fence and "{" in fence.group(1):
        text = fence.group(1)
        note("took the model out of its code fence")
    start, end = text.find("{"), text.rfind("}")
    if 0 <= start < end and (text[:start].strip() or text[end + 1 :].strip()):
        text = text[start : end + 1]
        note("dropped the words around the model")
    if '"' not in text and "“" in text:
        text = text.translate(_QUOTES)
        note("made curly quotes straight")
    cleaned = text
    for pattern in (_COMMENT, _COMMA):
        cleaned = pattern.sub(lambda m: m.group() if m.group().startswith('"') else "", cleaned)
    if cleaned != text:
        text = cleaned
        note("dropped comments and trailing commas")
    return Mended(text=text, notes=tuple(notes))
