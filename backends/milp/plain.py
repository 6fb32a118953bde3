"""A short cut for plain linear text, ``3*x + 4*y <= 24``: long files are made of little else.

Gives the very tree that the parser of :mod:`quod.backends.milp.syntax` gives, some ten times as fast, or None where
the text holds anything but numbers, names, ``+ - *`` and comparisons.
"""

from __future__ import annotations

import re

from quod.backends.milp.nodes import Add, Compare, Expr, Mul, Name, Num
from quod.backends.milp.reading import number

__all__ = ["KEYWORDS", "read_plain"]

KEYWORDS = frozenset({"in", "for", "if", "where", "and", "or", "not"})

_NUMBER = r"\d++(?:\.\d++)?+"
_NAME = r"[^\W\d]\w*+"
_TERM = re.compile(  # possessive throughout: hostile text must not make it try twice
    rf"\s*+(?:([-+])\s*+)?+(?:({_NUMBER})\s*+(?:\*\s*+({_NAME})\s*+)?+|({_NAME})\s*+)"
    r"(?:(?=([-+]))|(<=(?!>)|>=|==|=(?!>)|!=|[<>])|\Z)"
)


def read_plain(text: str) -> Expr | None:
    """The tree of a plain sum or comparison of sums, or None if the text is not plain."""
    sides: list[Expr] = []
    operators: list[str] = []
    terms: list[tuple[int, Expr]] = []
    at = begin = 0
    while True:
        match = _TERM.match(text, at)
        if match is None:
            return None
        sign, digits, name, alone, more, operator = match.groups()
        if terms and sign is None:
            return None  # cannot be: the term before it ends at a sign
        term = _term(match, digits, name or alone)
        if term is None:
            return None
        if not terms:
            begin = match.start(1) if sign else term.start
        terms.append((-1 if sign == "-" else 1, term))
        at = match.end()
        if more:
            continue
        single = len(terms) == 1 and terms[0][0] == 1
        sides.append(term if single else Add(begin, term.end, tuple(terms)))
        if not operator:
            break
        operators.append("=" if operator == "==" else operator)
        terms = []
    if not operators:
        return sides[0]
    return Compare(sides[0].start, sides[-1].end, sides[0], tuple(zip(operators, sides[1:], strict=True)))


def _term(match: re.Match[str], digits: str | None, name: str | None) -> Expr | None:
    if name in KEYWORDS:
        return None
    if digits is None:
        assert name is not None
        return Name(match.start(4), match.end(4), name)
    value = number(digits)
    if value is None:
        return None
    factor = Num(match.start(2), match.end(2), value)
    if name is None:
        return factor
    end = match.end(3)
    return Mul(factor.start, end, ((False, factor), (False, Name(match.start(3), end, name))))
