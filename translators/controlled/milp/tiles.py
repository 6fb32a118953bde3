"""The relations that tile the signs of a sentence: see :mod:`quod.translators.controlled.milp.relations`."""

# ruff: noqa: E501 - each form stands on one line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from quod.translators.controlled.milp.signs import Sign

__all__ = ["Tile", "tilings"]


@dataclass(frozen=True)
class Tile:
    """One linear relation."""

    terms: dict[int, Fraction]
    op: str
    right: Fraction
    strict: bool = False
    distance: bool = False
    """Said as a difference: the sign of it may not matter."""


_K = r"T?E"
_LIST = rf"{_K}(?:,?[APW],?{_K}|,{_K})*"
_S = r"[SLl]"
_SIGNED = rf"(?:S{_S}*{_K}(?:,?[AP]{_K})*|{_K}(?:,?P{_K})*),?M{_K}(?:,?[PM]{_K})*"
_COUNTS = r"NE(?:,?[AP]NE)+"
_APART = rf"D[LZ]*{_K}A[Ll]*{_K}"
# the second of the two may be a sum if it says so: between X and the sum of Y and Z, between X and Y and Z combined
_MANY = rf"{_K}(?:,?[APW],?{_K}|,{_K})+"
_APART_SUM = rf"D[LZ]*{_K}A(?:{_S}*S{_S}*{_MANY}|[Ll]*{_MANY}{_S}*S)"
_EXPR = (
    rf"(?:{_S}*S{_S}*{_COUNTS}|NE(?:,?PNE)+|{_APART_SUM}|{_APART}|{_S}*{_SIGNED}|"
    rf"(?:{_S}*|{_S}*S{_S}*Z){_LIST}|{_S}*S{_S}*)"
)
_THINGS = r"E(?:,?A?,?E)+"
_NUMBERS = r"N(?:,?A?,?N)+"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("plain", rf"(?P<left>{_EXPR}){_S}*,?(?P<op>O+)(?P<n>N)(?![RF]|,?H|e|,?A?N)"),
        ("plain", rf"(?P<left>{_S}*{_LIST}{_S}*S{_S}*),?(?P<op>O+)(?P<n>N)(?![RF]|,?H|e|,?A?N)"),
        ("plain", rf"(?P<left>{_K}){_S}*(?P<n>N)(?P<op>O)$"),
        ("plain", rf"S*(?P<op>O){_S}*,?C?(?P<left>{_EXPR}),?(?P<op2>O)(?P<n>N)"),
        ("plain", rf"C,?(?P<left>{_EXPR}){_S}*,?A?,?(?P<op>O+)(?P<n>N)(?![RF]|,?H|e|,?A?N)"),
        ("calc", rf"(?P<left>{_EXPR}){_S}*,?(?P<op>O+)(?P<n>N),?C,?(?P<right>{_EXPR})"),
        ("calc", rf"{_S}*(?P<left>)(?P<op>O+)(?P<n>N),?C,?(?P<right>{_EXPR})"),
        ("against", rf"(?P<left>{_EXPR}),?(?P<op>O)(?P<right>{_K})(?![BPM])"),
        ("offset", rf"(?P<left>{_K})(?P<op>O)(?P<right>{_K})(?P<side>[PM])(?P<n>N)(?!E)"),
        ("more", rf"(?P<left>{_K})(?P<op>O)(?P<n>N)(?P<side>[RF]){_S}*,?H(?P<right>{_K})"),
        ("more", rf"(?P<op>O)(?P<n>N)(?P<side>[RF]){_S}*(?P<left>{_K}),?H(?P<right>{_K})"),
        ("more", rf"(?P<left>{_K})(?P<op>O)(?P<n>N){_S}*(?P<side>H)(?P<right>{_K})"),
        ("more", rf"(?P<left>{_K})R(?P<op>O)(?P<n>N){_S}*(?P<side>H)(?P<right>{_K})"),
        ("exceed", rf"(?P<left>{_K})(?P<x>X)(?P<right>{_K})B(?P<op>O)(?P<n>N)"),
        ("exceed", rf"(?P<left>{_K})(?P<x>X)(?P<right>{_K})(?!B)"),
        ("over", rf"(?P<left>{_K})(?P<op>O)(?P<right>{_K})BRH(?P<n>N)"),
        ("oversum", rf"(?P<left>E|{_S}*{_LIST}{_S}*S{_S}*),?(?P<op>O)(?P<t>T?){_S}*(?P<who>E(?:,?[APW],?E)+){_S}*S{_S}*(?![BPMRFH])"),
        ("oversum", rf"(?P<left>E|{_S}*{_LIST}{_S}*S{_S}*),?(?P<op>O)(?P<t>T?){_S}*S{_S}*(?P<who>E(?:,?[APW],?E)+)(?![BPMRFH])"),
        ("share", rf"(?P<left>{_K}){_S}*(?P<op>O)(?P<t>T)U[Ll]*"),
        ("share", rf"(?P<op>O)(?P<t>T)U(?P<left>{_K})"),
        ("together", rf"(?P<op>O)S?(?P<n>N)(?P<left>(?:Z|S){_S}*E(?:,?A,?E|,E)+)"),
        ("together", rf"(?P<op>O)(?P<s>S)(?P<n>N)(?P<left>{_S}*E(?:,?A,?E|,E)+)"),
        ("together", rf"(?P<op>O)(?P<n>N){_S}*(?P<left>E(?:,?A,?E|,E)+)S"),
        ("all", r"(?P<op>O)S[Sl]*(?P<n>N)[Ll]"),
        ("everything", rf"(?P<op>O)(?P<n>N)(?P<left>{_S}*S{_S}*)"),
        ("bounds", r"(?P<op>O),?(?P<n>N)(?P<who>E(?:,?A?,?NE)*)"),
        ("bounds", r"(?P<op>O),?(?P<who>EN(?:,?A?,?EN)*)"),
        ("each", rf"(?P<who>{_THINGS}),?(?P<op>O)(?P<n>N)e"),
        ("each", rf"(?P<who>{_THINGS}),?e(?P<op>O)(?P<n>N)"),
        ("parallel", rf"(?P<who>{_THINGS}),?r?,?(?P<op>O)(?P<many>{_NUMBERS}){_S}*,?r?"),
        ("parallel", rf"(?P<op>O){_S}*(?P<who>{_THINGS}),?r?,?(?P<many>{_NUMBERS}){_S}*,?r?"),
        ("parallel", rf"(?P<op>O)(?P<many>{_NUMBERS}){_S}*,?r?,?(?P<who>{_THINGS}),?r?"),
        ("both", r"(?P<left>E),?(?P<op>O)(?P<n>N),?A?,?(?P<other>O)(?P<m>N)"),
        ("both", r"(?P<op>O)(?P<n>N),?A,?(?P<other>O)(?P<m>N)(?P<left>E)"),
        ("range", r"(?P<left>E)[,L]*Zf?(?P<n>N)(?:[At]O?|O)(?P<m>N)"),
        ("range", r"(?P<left>E),?(?P<n>N)t(?P<m>N)"),
        ("range", r"(?P<left>E)[,L]*f(?P<n>N)(?:t|O|tO)(?P<m>N)"),
        ("range", r"Zf?(?P<n>N)[At]O?(?P<m>N)(?P<left>E)"),
        ("range", r"f(?P<n>N)(?:t|O|tO)(?P<m>N)(?P<left>E)"),
        ("as", r"(?P<op>O)Q(?P<left>E)q(?P<right>E)"),
        ("as", rf"(?P<left>{_K})(?P<op>O)Qq?(?P<right>{_K})"),
    )
)  # fmt: skip
_SEPARATORS = ",A"


def tilings(row: list[Sign], many: int, *, money: bool = False) -> list[list[Tile]]:
    """Every different way to read the signs as relations, nothing left over.

    ``money`` tells that the things are sums of money, so that limits are amounts of it.
    """
    kept = _tidy(row)
    text = "".join(s.kind for s in kept)
    if len(text) > 120:
        return []
    memo: dict[int, list[list[Tile]]] = {len(text): [[]]}

    def after(at: int) -> list[list[Tile]]:
        if at in memo:
            return memo[at]
        out: list[list[Tile]] = []
        if text[at] in _SEPARATORS or (text[at] in "LSlCr" and not out):
            out += after(at + 1)
        for tiles, end in _matches(text, kept, at, many, money):
            out += [[*tiles, *rest] for rest in after(end)]
        unique: list[list[Tile]] = []
        for reading in out:
            if reading not in unique:
                unique.append(reading)
        memo[at] = unique[:8]
        return memo[at]

    for start in range(len(text), -1, -1):
        after(start)
    return [reading for reading in after(0) if reading]


def _tidy(row: list[Sign]) -> list[Sign]:
    """Without the prepositions that join nothing here."""
    many_as = any(s.kind == "Q" for s in row)
    out: list[Sign] = []
    for i, sign in enumerate(row):
        before, after = out[-1].kind if out else "", row[i + 1].kind if i + 1 < len(row) else ""
        idle = (
            (sign.kind == "t" and not (before == "N" and after == "N"))
            or (sign.kind == "f" and after != "N")
            or (sign.kind == "q" and not many_as)
            or (
                sign.kind == "B"
                and not (after and after in "ONR" and (before == "E" or any(s.kind == "X" for s in out)))
            )
            or (sign.kind == "Z" and before == "D")
            or (sign.kind == "!" and after != "N")
            or (sign.kind == "o" and not (before and after and before in "NET" and after in "NETO"))
            or (sign.kind in ",LSCZ" and before == sign.kind)
        )
        if not idle:
            out.append(sign)
    return out


def _matches(text: str, row: list[Sign], at: int, many: int, money: bool) -> Iterator[tuple[list[Tile], int]]:
    for name, form in _FORMS:
        match = form.match(text, at)
        if match is None:
            continue
        tiles = _tiles(name, match, row, many, money)
        if tiles:
            yield tiles, match.end()


def _ops(match: re.Match[str], row: list[Sign]) -> tuple[str, bool] | None:
    """The comparison of a form: two that say the same are one."""
    places = [*range(*match.span("op"))]
    if "op2" in match.re.groupindex:
        places += range(*match.span("op2"))
    ops = {row[i].op for i in places}
    return (ops.pop(), any(row[i].strict for i in places)) if len(ops) == 1 else None


def _tiles(name: str, match: re.Match[str], row: list[Sign], many: int, money: bool) -> list[Tile]:
    groups = match.re.groupindex
    if any(_other_kind(row[i], money) for i in range(*match.span()) if row[i].kind == "N"):
        return []
    together = name == "together"
    left, distance = _expression(match.span("left"), row, many, together) if "left" in groups else ({}, False)
    right, apart = _expression(match.span("right"), row, many) if "right" in groups else ({}, False)
    value = row[match.start("n")].value if "n" in groups else Fraction(0)
    if name == "range":
        return _between(left, value, row[match.start("m")].value)
    ops = _ops(match, row) if "op" in groups else (">=", True)
    if ops is None:
        return []
    op, strict = ops
    if name == "all":
        return [Tile(dict.fromkeys(range(many), Fraction(1)), op, value, strict)]
    if name == "bounds":
        return _bounds(match.start("n") if "n" in groups else None, match.span("who"), row, op)
    if name in {"each", "parallel"}:
        return _bounds_of_many(match, row, op, value)
    if name == "both":
        low, high = (value, row[match.start("m")].value)
        other = row[match.start("other")].op
        if {op, other} != {"<=", ">="}:
            return []
        return _between(left, *((low, high) if op == ">=" else (high, low)))
    if name == "calc":
        if (left and left != right and len(left) != many) or apart:
            return []
        return [Tile(right, op, value, strict)] if right else []
    if not left:
        return []
    if name == "oversum":
        factor = row[match.start("t")].value if match["t"] else Fraction(1)
        others = [row[i].entity for i in range(*match.span("who")) if row[i].kind == "E"]
        if len(set(others)) < len(others) or set(others) & left.keys():
            return []
        return [Tile({**left, **dict.fromkeys(others, -factor)}, op, Fraction(0), strict)]
    if name == "share":
        return _share(left, row[match.start("t")].value, op, many)
    if name in {"plain", "together", "everything"}:
        return [Tile(left, op, value, strict, distance)]
    return [] if distance or apart else _compared(name, match, row, (left, right), (op, value, strict))


def _share(left: dict[int, Fraction], part: Fraction, op: str, many: int) -> list[Tile]:
    """*at least 15% of the total*: so much of all the things together."""
    if not 0 < part < 1 or len(left) != 1:
        return []
    terms = {e: left.get(e, Fraction(0)) - part for e in range(many)}
    return [Tile(terms, op, Fraction(0))]


def _other_kind(number: Sign, money: bool) -> bool:
    """An amount of money is not a number of things, unless the things are sums of money."""
    return number.strict != money and not (money and number.value == 0)


def _compared(
    name: str,
    match: re.Match[str],
    row: list[Sign],
    sides: tuple[dict[int, Fraction], dict[int, Fraction]],
    limit: tuple[str, Fraction, bool],
) -> list[Tile]:
    """One side against another, by so much."""
    left, right = sides
    op, value, strict = limit
    if not right or set(left) == set(right):
        return []
    side = match["side"] if "side" in match.re.groupindex else ""
    if name == "more" and side == "F":
        if op == "<=":
            return []  # at most 5 less: so many less, or not even so many
        left, right = right, left
    if (name == "exceed" and row[match.start("x")].op == "<=") or (name == "over" and op != "<="):
        return []
    if name == "offset" and side == "M":
        value = -value
    apart = dict(left)
    for e, v in right.items():
        apart[e] = apart.get(e, Fraction(0)) - v
    apart = {e: v for e, v in apart.items() if v}
    return [Tile(apart, op, value, strict)] if apart else []


def _between(terms: dict[int, Fraction], low: Fraction, high: Fraction) -> list[Tile]:
    if low > high or not terms:
        return []
    return [Tile(terms, "<=", high)] if not low else [Tile(terms, ">=", low), Tile(terms, "<=", high)]


def _bounds(first: int | None, who: tuple[int, int], row: list[Sign], op: str) -> list[Tile]:
    """``a maximum of 700 for X, 600 for Y and 400 for Z``; ``the maximum for X is 700 and for Y 600``."""
    places = [*([] if first is None else [first]), *range(*who)]
    numbers = [row[i] for i in places if row[i].kind == "N"]
    things = [row[i].entity for i in places if row[i].kind == "E"]
    if len(set(things)) != len(things):
        return []
    return [Tile({e: Fraction(1)}, op, n.value) for e, n in zip(things, numbers, strict=True)]


def _bounds_of_many(match: re.Match[str], row: list[Sign], op: str, value: Fraction) -> list[Tile]:
    """``X and Y can each have 5``; ``X, Y and Z can have up to 5, 6 and 7 respectively``."""
    things = [row[i].entity for i in range(*match.span("who")) if row[i].kind == "E"]
    values = [value] * len(things)
    if "many" in match.re.groupindex:
        if "r" not in "".join(s.kind for s in row[match.start() : match.end()]):
            return []
        values = [row[i].value for i in range(*match.span("many")) if row[i].kind == "N"]
    if len(set(things)) != len(things) or len(values) != len(things):
        return []
    return [Tile({e: Fraction(1)}, op, v) for e, v in zip(things, values, strict=True)]


def _expression(
    span: tuple[int, int], row: list[Sign], many: int, together: bool = False
) -> tuple[dict[int, Fraction], bool]:
    """The terms of an expression, empty if it says too little; and whether it is a difference.

    ``together`` tells that the form itself says that a sum is meant.
    """
    terms: dict[int, Fraction] = {}
    factor, sign, joined, count = Fraction(1), 1, together, 0
    distance = spread = False
    joint = ""
    said_all = said_sum = False  # "total allocation" needs no "both" beside it
    for i in range(*span):
        item = row[i]
        if item.kind == "D":
            distance = True
        elif item.kind in "Ll":
            said_all = True
        elif item.kind == "S":
            said_sum = True
        elif item.kind in "A,":
            joint = joint or item.kind
        elif item.kind in "PWZ":
            joint = item.kind
            joined = True
        elif item.kind == "M":
            joint = "M"
            sign = -1
            joined = True
        elif item.kind in "TN":
            factor = item.value
            joined = True
        elif item.kind == "E":
            loose = spread and not distance and joint in {"A", ","} and factor == 1
            if item.entity in terms or loose:
                return {}, False  # half of X and Y: of which?
            spread = spread or (factor != 1 and not said_sum)
            joint = ""
            if distance and count:
                sign = -1
            terms[item.entity] = sign * factor
            sign = 1
            factor, count = Fraction(1), count + 1
    if not terms:
        everything = said_all and said_sum
        return (dict.fromkeys(range(many), Fraction(1)) if everything else {}), False
    if count > 1 and not (joined or said_sum or distance):
        return {}, False
    return terms, distance
