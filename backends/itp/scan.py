"""Scanning text with brackets: splitting at the top level, in linear time, without recursion."""

from __future__ import annotations

__all__ = ["CLOSERS", "matching", "top_level"]

CLOSERS = {"(": ")", "[": "]", "{": "}", "⦃": "⦄", "⟨": "⟩"}
_CLOSING = set(CLOSERS.values())


def matching(text: str, start: int) -> int | None:
    """The offset of the bracket that closes the one at ``start``; None if it never closes."""
    depth = 0
    for i in range(start, len(text)):
        c = text[i]
        if c in CLOSERS:
            depth += 1
        elif c in _CLOSING:
            depth -= 1
            if depth == 0:
                return i
    return None


def top_level(text: str, needles: tuple[str, ...], start: int = 0) -> tuple[int, str] | None:
    """The first place at or after ``start``, outside all brackets, where one of ``needles`` stands; longest first."""
    depth = 0
    ordered = sorted(needles, key=len, reverse=True)
    for i in range(start, len(text)):
        c = text[i]
        if c in CLOSERS:
            depth += 1
        elif c in _CLOSING:
            depth -= 1
        elif depth == 0:
            for needle in ordered:
                if text.startswith(needle, i):
                    return i, needle
    return None
