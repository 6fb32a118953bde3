"""The elements of a proof assistant's text: header, statement, proof. The statement may not change, the proof may."""

from __future__ import annotations

import re

from quod.core.diagnostics import Span
from quod.core.outline import Element, ElementKind
from quod.core.signature import signature

__all__ = ["outline_lean", "outline_rocq"]

_OPERATORS = {op: op for op in "< > <= >= = <> != -> <-> => + - / ^ ≤ ≥ ≠ → ↔ ∧ ∨ ¬ ∀ ∃ ~ % ∣ ∈ ∉".split()}
_WORDS = {word: word for word in "forall exists not false true nat int real z r".split()}
_LEAN = re.compile(r"^[ \t]*(?:theorem|lemma|example)\b", re.MULTILINE)
_ROCQ = re.compile(r"^[ \t]*(?:Theorem|Lemma|Example|Corollary|Proposition|Fact|Remark|Property|Goal)\b", re.MULTILINE)


def outline_lean(text: str) -> tuple[Element, ...]:
    """Header, statement up to ``:=``, proof."""
    return _outline(text, _LEAN, re.compile(r":=(?!=)"), keep_end=False)


def outline_rocq(text: str) -> tuple[Element, ...]:
    """Header, statement up to its full stop, proof."""
    return _outline(text, _ROCQ, re.compile(r"\.(?=\s|\Z)"), keep_end=True)


def _outline(text: str, start: re.Pattern[str], end: re.Pattern[str], *, keep_end: bool) -> tuple[Element, ...]:
    starts = list(start.finditer(text))
    if not starts:
        return ()
    begin = starts[-1].start()
    stop = end.search(text, begin)
    border = len(text) if stop is None else stop.end() if keep_end else stop.start()
    parts = (
        ("header", ElementKind.ASSUMPTION, 0, begin),
        ("statement", ElementKind.GOAL, begin, border),
        ("proof", ElementKind.PROOF, border, len(text)),
    )
    return tuple(_element(text, name, kind, a, b) for name, kind, a, b in parts if text[a:b].strip())


def _element(text: str, name: str, kind: ElementKind, start: int, end: int) -> Element:
    sign = signature(text[start:end], _OPERATORS, _WORDS)
    return Element(
        name=name,
        kind=kind,
        text=" ".join(text[start:end].split()),
        span=Span.at(text, start, end),
        numbers=sign.numbers,
        relations=sign.relations,
        names=sign.names,
        sequence=sign.sequence,
    )
