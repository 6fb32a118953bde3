"""Notation repaired without touching meaning: code fences, prose around the text, Lean 3 spellings."""

from __future__ import annotations

import re

from quod.backends.lean import codes
from quod.core.diagnostics import Diagnostic
from quod.core.protocols import Mended

__all__ = ["mend"]

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*\n(.*?)^[ \t]*(?:```|~~~)[ \t]*$", re.MULTILINE | re.DOTALL)
_BEGINS = re.compile(
    r"^[ \t]*(?:import\s|open\s|theorem\s|lemma\s|def\s|abbrev\s|namespace\s|section\b|variable|set_option\s"
    r"|noncomputable\s|example\b|@\[|/-|--|structure\s|inductive\s|#)",
    re.MULTILINE,
)
_SYMBOLS = {"\u00a0": " ", "−": "-", "–": "-", "“": '"', "”": '"', "\r\n": "\n", "\t": "  ", "ℜ": "ℝ"}


def mend(text: str) -> Mended:
    """The text with the repairs that cannot change what it says, and a note for each."""
    notes: list[Diagnostic] = []
    fences = _FENCE.findall(text)
    if fences:
        text = max(fences, key=len)
        notes.append(codes.MENDED.info("took the text out of its code fence"))
    start = _BEGINS.search(text)
    if start and text[: start.start()].strip():
        text = text[start.start() :]
        notes.append(codes.MENDED.info("left out the words before the first command"))
    for symbol, plain in _SYMBOLS.items():
        if symbol in text:
            text = text.replace(symbol, plain)
            notes.append(codes.MENDED.info(f"wrote {plain!r} for {symbol!r}"))
    newer = re.sub(r"\b([∑∏]\s*[\w₀-₉]+)\s+in\s+", r"\1 ∈ ", text)
    if newer != text:
        text = newer
        notes.append(codes.MENDED.info("wrote big operators with ∈, as Mathlib now has them"))
    return Mended(text=text, notes=tuple(notes))
