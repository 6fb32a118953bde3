"""A short cut for plain linear text, ``3*x + 4*y <= 24``: long files are made of little else.

Sums are kept flat, weights beside names, an order of magnitude faster than as a tree; :func:`spelled` gives the tree
that the parser of :mod:`quod.backends.milp.syntax` would have given, for whoever needs it (with places, for errors).
"""

from __future__ import annotations

import re

from quod.backends.milp.linear import Number
from quod.backends.milp.nodes import Add, Compare, Expr, Mul, Name, Num, Plain
from quod.backends.milp.reading import MAX_DIGITS, number

__all__ = ["KEYWORDS", "read_plain", "spelled"]

KEYWORDS = frozenset({"in", "for", "if", "where", "and", "or", "not"})

# possessive throughout: hostile text must not make a pattern try twice
_NUMBER = r"\d++(?:\.\d++)?+"
_NAME = r"[^\W\d]\w*+"
_TERM = re.compile(
    rf"\s*+(?:([-+])\s*+)?+(?:({_NUMBER})\s*+(?:\*\s*+({_NAME})\s*+)?+|({_NAME})\s*+)"
    r"(?:(?=([-+]))|(<=(?!>)|>=|==|=(?!>)|!=|[<>])|\Z)"
)
_WEIGHTED = rf"{_NUMBER}\s*+\*\s*+{_NAME}\s*+"
_ROW = re.compile(
    rf"\s*+([-+]?+\s*+{_WEIGHTED}(?:[-+]\s*+{_WEIGHTED})++)(?:(<=(?!>)|>=|==?(?!>))\s*+({_NUMBER})\s*+)?+"
)
"""The commonest shape, several numbers times names, alone or against a number."""


def read_plain(text: str) -> Expr | None:
    """A plain sum or comparison of sums, or None if the text holds anything else."""
    row = _ROW.fullmatch(text)
    return _sides(text) if row is None else _row(text, row)


def _row(text: str, row: re.Match[str]) -> Expr | None:
    """What :func:`_sides` gives, for text of the commonest shape: with the signs drawn to their numbers, numbers and
    names take turns."""
    left = row[1].rstrip()
    words = left.replace("*", " ").replace("+", " ").replace("-", " -").replace("- ", "-").split()
    digits, names = words[0::2], words[1::2]
    if "-" in digits or not KEYWORDS.isdisjoint(names) or max(map(len, digits)) > MAX_DIGITS:
        return _sides(text)
    weights: list[Number]
    try:
        weights = list(map(int, digits))
    except ValueError:  # decimals among them
        weights = [w for w in map(number, digits) if w is not None]
    start = row.start(1)
    total = Plain(start, start + len(left), weights, names, text, 0)
    if row[2] is None:
        return total
    right = number(row[3])
    if right is None:
        return None
    limit = Num(row.start(3), row.end(3), right)
    return Compare(start, limit.end, total, (("=" if row[2] == "==" else row[2], limit),))


def _sides(text: str) -> Expr | None:
    sides: list[Expr] = []
    operators: list[str] = []
    at = 0
    while True:
        begin = at
        weights: list[Number] = []
        names: list[str | None] = []
        while True:
            match = _TERM.match(text, at)
            if match is None:
                return None
            sign, digits, name, alone, more, operator = match.groups()
            if digits is None:
                name, weight = alone, 1
            else:
                read = number(digits)
                if read is None:
                    return None
                weight = read  # type: ignore[assignment] # a number either way
            if name in KEYWORDS:
                return None
            weights.append(-weight if sign == "-" else weight)
            names.append(name)
            at = match.end()
            if not more:
                break
        if len(names) == 1 and sign != "-":
            sides.append(_node(match))
        else:
            first = match if len(names) == 1 else _TERM.match(text, begin)
            assert first is not None
            sides.append(Plain(first.start(1) if first[1] else _start(first), _end(match), weights, names, text, begin))
        if not operator:
            break
        operators.append("=" if operator == "==" else operator)
    if not operators:
        return sides[0]
    return Compare(sides[0].start, sides[-1].end, sides[0], tuple(zip(operators, sides[1:], strict=True)))


def spelled(node: Plain) -> Expr:
    """The sum as a tree."""
    terms: list[tuple[int, Expr]] = []
    at = node.at
    for _ in node.names:
        match = _TERM.match(node.text, at)
        assert match is not None
        terms.append((-1 if match[1] == "-" else 1, _node(match)))
        at = match.end()
    return Add(node.start, node.end, tuple(terms))


def _node(match: re.Match[str]) -> Expr:
    if match[4]:
        return Name(match.start(4), match.end(4), match[4])
    value = number(match[2])
    assert value is not None
    factor = Num(match.start(2), match.end(2), value)
    if not match[3]:
        return factor
    variable = Name(match.start(3), match.end(3), match[3])
    return Mul(factor.start, variable.end, ((False, factor), (False, variable)))


def _start(match: re.Match[str]) -> int:
    return match.start(4) if match[4] else match.start(2)


def _end(match: re.Match[str]) -> int:
    return match.end(4) if match[4] else match.end(3) if match[3] else match.end(2)
