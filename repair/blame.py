"""Which element a diagnostic speaks of: by place, by name, by words, or by what it quotes."""

from __future__ import annotations

import re

from quod.core.diagnostics import Diagnostic, Severity, Span
from quod.core.outline import Element

__all__ = ["Blame", "fold", "quoted"]

_QUOTED = re.compile(r"['‘“\"`]([^'’”\"`\n]{1,200})['’”\"`]")


class Blame:
    """Errors and warnings, each with the elements it is about."""

    def __init__(self, elements: tuple[Element, ...], diagnostics: tuple[Diagnostic, ...]) -> None:
        self.wrong = tuple(d for d in diagnostics if d.severity is not Severity.INFO)
        self._of: dict[Element, list[Diagnostic]] = {}
        self.unplaced = False
        """Whether an error or a doubt of faithfulness is about no element at all."""
        for d in self.wrong:
            about = _elements(d, elements)
            for element in about:
                self._of.setdefault(element, []).append(d)
            serious = d.severity is Severity.ERROR or d.code.startswith("faithfulness.")
            if serious and not about and d.span is None and not _says_missing(d):
                self.unplaced = True

    def of(self, element: Element) -> tuple[Diagnostic, ...]:
        """What is wrong with an element."""
        return tuple(self._of.get(element, ()))


def _says_missing(d: Diagnostic) -> bool:
    """A doubt that names what is missing speaks of no element, and of nothing else that may change."""
    return bool(d.data.get("missing")) or d.code.endswith(("sentence_missing", "fact_missing", "repair.weakened"))


def _elements(d: Diagnostic, elements: tuple[Element, ...]) -> list[Element]:
    if _says_missing(d):
        return []
    words, said = fold(d.source or ""), quoted((d,))
    placed = [e for e in elements if d.span is not None and d.file is None and _inside(d.span, e.span)]
    quoting = [e for e in elements if said & {e.name, *e.names} or fold(e.text) in {fold(s) for s in said}]
    # a place is trusted over a name, unless the name stands elsewhere alone (the text has moved since)
    if placed and (not quoting or any(e in quoting for e in placed)):
        quoting = []
    named = d.data.get("element")
    return [
        e
        for e in elements
        if e in placed
        or e in quoting
        or (named and named == e.name)
        or (words and e.words and (words in fold(e.words) or fold(e.words) in words))
    ]


def quoted(diagnostics: tuple[Diagnostic, ...]) -> set[str]:
    """What the messages have in quotes, and the words of it."""
    found = {q for d in diagnostics for q in _QUOTED.findall(d.message)}
    return found | {word for q in found for word in re.findall(r"[^\W\d][\w'-]*", q)}


def fold(text: str) -> str:
    """Lower case, white space folded."""
    return " ".join(text.lower().split())


def _inside(span: Span, outer: Span) -> bool:
    end = (outer.end_line or outer.line, outer.end_column or outer.column)
    return (outer.line, outer.column) <= (span.line, span.column) <= end
