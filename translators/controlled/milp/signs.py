"""The signs of a sentence and the relations that tile them: see :mod:`quod.translators.controlled.milp.relations`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from quod.translators.controlled.milp.entities import Entities, mentions
from quod.translators.controlled.milp.tokens import Sentence, Token

__all__ = ["Sign", "Tile", "signs", "tilings"]


@dataclass(frozen=True)
class Sign:
    """``kind`` is one letter: E a thing, N a number, T a multiplier, O a comparison, S sum, D difference, A and,
    P plus, W with, M minus, R more, F fewer, H than, B by, Z between, C calculated as, L all of them, X exceeds,
    Q as."""

    kind: str
    entity: int = -1
    value: Fraction = Fraction(0)
    op: str = ""
    strict: bool = False


@dataclass(frozen=True)
class Tile:
    """One linear relation."""

    terms: dict[int, Fraction]
    op: str
    right: Fraction
    strict: bool = False
    distance: bool = False
    """Said as a difference: the sign of it may not matter."""


_NOT = r"(?:cannot|can ?not|can['’]t|(?:must|should|may|shall|does|do|will|to|can)\s+not|must never|not)"
_BE = r"(?:\s+be)?(?:\s+allocated)?"
# The comparison words, longest first; each with its kind.
_PHRASES: tuple[tuple[str, str, str, bool], ...] = (
    (rf"{_NOT}\s+exceed(?:\s+a\s+(?:maximum|total|limit)(?:\s+of)?)?", "O", "<=", False),
    (rf"{_NOT}\s+(?:go|fall|drop)\s+(?:below|under)", "O", ">=", False),
    (rf"{_NOT}{_BE}\s+(?:more|greater|larger|higher)\s+than", "O", "<=", False),
    (rf"{_NOT}{_BE}\s+(?:less|fewer|lower|smaller)\s+than", "O", ">=", False),
    (r"no\s+(?:more|greater|larger|higher)\s+than", "O", "<=", False),
    (r"no\s+(?:less|fewer|lower|smaller)\s+than", "O", ">=", False),
    (r"(?:greater|more|larger|higher)\s+than\s+or\s+equal\s+to", "O", ">=", False),
    (r"(?:less|fewer|smaller|lower)\s+than\s+or\s+equal\s+to", "O", "<=", False),
    (r"as\s+(?:many|much)", "Q", "", False),
    (r"at\s+(?:a\s+)?(?:least|minimum)", "O", ">=", False),
    (r"at\s+(?:a\s+)?(?:most|maximum)", "O", "<=", False),
    (r"up\s+to(?:\s+a\s+maximum(?:\s+of)?)?", "O", "<=", False),
    (
        (r"(?:(?:is|are|be)\s+)?(?:limited|constrained|restricted|capped)\s+(?:to|at"
        r"|by)(?:\s+a\s+maximum\s+of)?"),
        "O", "<=", False,
    ),
    (r"(?:exactly\s+)?equals?(?:\s+to)?(?:\s+exactly)?", "O", "=", False),
    (r"exactly", "O", "=", False),
    (
        (r"(?:a\s+)?maximum(?:\s+(?:limit|capacity|allocation|number|value|allowance"
        r"|enrollment|threshold|allowable))*(?:\s+of)?"),
        "O", "<=", False,
    ),
    (
        (r"(?:a\s+)?minimum(?:\s+(?:limit|requirement|allocation|number|value|threshold"
        r"|excess))*(?:\s+of)?"),
        "O", ">=", False,
    ),
    (r"(?:exceeds?|surpass(?:es)?|outnumbers?)", "X", ">=", True),
    (r"along\s+with|together\s+with|combined\s+with|as\s+well\s+as", "W", "", False),
    (
        (r"(?:the\s+)?sum|combined|combination|combining|total|totall?ing|collective"
        r"|together|jointly|aggregate"),
        "S", "", False,
    ),
    (r"differences?", "D", "", False),
    (r"minus", "M", "", False),
    (r"plus|added\s+to", "P", "", False),
    (r"(?:more|greater|larger|higher|additional|excess)", "R", "", False),
    (r"(?:less|fewer|lower|smaller)", "F", "", False),
    (r"than|over", "H", "", False),
    (r"between|ranges?|ranging", "Z", "", False),
    (
        (r"(?:calculated|computed|quantified|measured|determined|defined|given)\s+(?:as"
        r"|by)|equivalent\s+to|i\.e\."),
        "C", "", False,
    ),
    (r"and", "A", "", False),
)  # fmt: skip
_PATTERN = re.compile("|".join(rf"(?P<p{i}>\b(?:{p})\b)" for i, (p, *_) in enumerate(_PHRASES)), re.IGNORECASE)
# Words that change what a relation says and that no sign stands for: the sentence is not read.
_DANGER = frozenset(
    """square squares squared cube cubed ratio ratios percent percentage proportion proportional average mean once never
    neither nor not no none unless when until except subtracted subtracting subtract negative divided
    multiplied multiply
    same equal double triple doubled tripled again least most inverse reciprocal absolute excluding remaining if
    fifth fourth rest twofold dozen dozens pair pairs couple gross expected hoped may might could percent
    reduced increased decreased""".split()
)
_NEAR_NUMBER = frozenset("above below under within beyond about around".split())
_COUNTED = frozenset("allocation production number investment quantity output resources units".split())
_HARMLESS_PER = frozenset("unit units week day month year quarter shift hour".split())


def signs(sentence: Sentence, entities: Entities, goals: set[int]) -> tuple[list[Sign], str]:
    """The signs in order, and the first word of the sentence that makes it unreadable (or nothing)."""
    tokens = sentence.tokens
    if not tokens:
        return [], ""
    places = {t.start: k for k, t in enumerate(tokens)}
    phrases: dict[int, tuple[int, Sign]] = {}
    raw = " " * sentence.start + sentence.text
    for match in _PATTERN.finditer(raw):
        if match.start() not in places or match.start() in goals:
            continue
        _, kind, op, strict = _PHRASES[int((match.lastgroup or "p0")[1:])]
        phrases[places[match.start()]] = (match.end(), Sign(kind, op=op, strict=strict))
    found = {m.start: m for m in mentions(sentence, entities)}
    row: list[Sign] = []
    danger = ""
    k = 0
    many = len(entities.names)
    while k < len(tokens):
        token = tokens[k]
        after = tokens[k + 1] if k + 1 < len(tokens) else None
        if k in found:
            row.append(Sign("E", entity=found[k].entity))
            k = found[k].end
            continue
        if k in phrases and not (token.value is not None):
            end, sign = phrases[k]
            row.append(sign)
            k += 1
            while k < len(tokens) and tokens[k].start < end:
                k += 1
            continue
        if token.value is not None:
            k += _number(tokens, k, many, row)
            signed = raw[max(0, token.start - 1) : token.start]
            if signed in {"-", "−", "–"} or raw[token.start - 2 : token.start] in {"-$", "−$"}:
                danger = danger or f"-{token.text}"
            if token.flavour == "percent":
                danger = danger or token.text
            continue
        if token.text in {",", ";", ":", "(", ")"}:
            row.append(Sign(","))
        elif token.low in {"both", "all", "these"}:
            row.append(Sign("L"))
        elif token.low == "by":
            row.append(Sign("B"))
        elif token.low == "or":
            row.append(Sign("o"))
        elif token.low in _NEAR_NUMBER:
            row.append(Sign("!"))
        elif token.stem in entities.shared and token.stem in _plurals(token):
            row.append(Sign("L"))
        elif token.low in _COUNTED and row and row[-1].kind == "S":
            row.append(Sign("l"))
        elif token.low == "product" and after is not None and after.low == "of":
            danger = danger or token.text
        elif token.low in {"as", "to", "from"}:
            row.append(Sign({"as": "q", "to": "t", "from": "f"}[token.low]))
        elif token.low == "per" and after is not None and after.low in _HARMLESS_PER:
            k += 1
        elif token.low == "per" or (token.low in _DANGER and token.start not in goals):
            danger = danger or token.text
        k += 1
    return row, danger


def _plurals(token: Token) -> frozenset[str]:
    """The stem of a plural noun, nothing for a singular: ``projects`` are all of them, a ``project`` is not."""
    return frozenset({token.stem}) if token.low.endswith("s") and token.stem != token.low else frozenset()


def _number(tokens: list[Token], k: int, many: int, row: list[Sign]) -> int:
    """The sign of a number, and how many tokens it takes."""
    token, after = tokens[k], tokens[k + 1] if k + 1 < len(tokens) else None
    value = token.value
    assert value is not None
    if token.flavour in {"times", "part"}:
        row.append(Sign("T", value=value))
        return 1
    if after is not None and after.low == "times":
        row.append(Sign("T", value=value))
        return 2
    spelled = token.text[:1].isalpha()
    if k and tokens[k - 1].low in {"every", "each", "per"}:
        spelled = False  # for every two units
    if spelled and k and tokens[k - 1].low in {"first", "last", "other"} and value < many:
        return 1  # the first two projects, named beside
    if spelled and value == many and after is not None and after.kind == "word" and not (row and row[-1].kind in "OR"):
        row.append(Sign("L"))  # these two projects: all of them
        return 1
    if spelled and value == 1 and not (row and row[-1].kind in "OR"):
        return 1
    row.append(Sign("N", value=value, strict=token.flavour == "money"))
    return 1


# relations -------------------------------------------------------------------------------------------------

_K = r"T?E"
_LIST = rf"{_K}(?:,?[APW],?{_K}|,{_K})*"
_S = r"[SLl]"
_SIGNED = rf"{_K}(?:,?P{_K})*,?M{_K}(?:,?[PM]{_K})*"
_EXPR = rf"(?:{_S}*S{_S}*NE(?:,?[AP]NE)+|D{_K}A{_K}|{_S}*{_SIGNED}|{_S}*{_LIST}|{_S}*S{_S}*)"
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("plain", rf"(?P<left>{_EXPR}){_S}*,?(?P<op>O+)(?P<n>N)(?![RF]|,?H)"),
        ("plain", rf"S*(?P<op>O){_S}*,?C?(?P<left>{_EXPR}),?(?P<op2>O)(?P<n>N)"),
        ("calc", rf"(?P<left>{_EXPR}){_S}*,?(?P<op>O+)(?P<n>N),?C,?(?P<right>{_EXPR})"),
        ("calc", rf"{_S}*(?P<left>)(?P<op>O+)(?P<n>N),?C,?(?P<right>{_EXPR})"),
        ("against", rf"(?P<left>{_EXPR}),?(?P<op>O)(?P<right>{_K})"),
        ("more", rf"(?P<left>{_K})(?P<op>O)(?P<n>N)(?P<side>[RF]){_S}*,?H(?P<right>{_K})"),
        ("more", rf"(?P<op>O)(?P<n>N)(?P<side>[RF]){_S}*(?P<left>{_K}),?H(?P<right>{_K})"),
        ("more", rf"(?P<left>{_K})(?P<op>O)(?P<n>N){_S}*(?P<side>H)(?P<right>{_K})"),
        ("exceed", rf"(?P<left>{_K})(?P<x>X)(?P<right>{_K})B(?P<op>O)(?P<n>N)"),
        ("exceed", rf"(?P<left>{_K})(?P<x>X)(?P<right>{_K})"),
        ("together", rf"(?P<op>O)S?(?P<n>N)(?P<left>(?:Z|S){_S}*E(?:,?A,?E|,E)+)"),
        ("together", rf"(?P<op>O)(?P<s>S)(?P<n>N)(?P<left>{_S}*E(?:,?A,?E|,E)+)"),
        ("everything", rf"(?P<op>O)(?P<n>N)(?P<left>{_S}*S{_S}*)"),
        ("bounds", r"(?P<op>O),?(?P<n>N)(?P<who>E(?:,?A?,?NE)*)"),
        ("bounds", r"(?P<op>O),?(?P<who>EN(?:,?A?,?EN)*)"),
        ("range", r"(?P<left>E)[,L]*Zf?(?P<n>N)[At](?P<m>N)"),
        ("range", r"(?P<left>E)[,L]*f(?P<n>N)(?:t|O)(?P<m>N)"),
        ("as", r"(?P<op>O)Q(?P<left>E)q(?P<right>E)"),
    )
)  # fmt: skip
_SEPARATORS = ",A"


def tilings(row: list[Sign], many: int) -> list[list[Tile]]:
    """Every different way to read the signs as relations, nothing left over."""
    kept = _tidy(row)
    text = "".join(s.kind for s in kept)
    if len(text) > 120:
        return []
    memo: dict[int, list[list[Tile]]] = {len(text): [[]]}

    def after(at: int) -> list[list[Tile]]:
        if at in memo:
            return memo[at]
        out: list[list[Tile]] = []
        if text[at] in _SEPARATORS or (text[at] in "LSlC" and not out):
            out += after(at + 1)
        for tiles, end in _matches(text, kept, at, many):
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
                and not (
                    after and after in "ONR" and "X" in [s.kind for s in out] + [s.kind for s in out if s.kind == "O"]
                )
            )
            or (sign.kind == "Z" and before == "D")
            or (sign.kind == "!" and after != "N")
            or (sign.kind == "o" and not (before and after and before in "NET" and after in "NETO"))
            or (sign.kind in ",LSC" and before == sign.kind)
        )
        if not idle:
            out.append(sign)
    return out


def _matches(text: str, row: list[Sign], at: int, many: int) -> Iterator[tuple[list[Tile], int]]:
    for name, form in _FORMS:
        match = form.match(text, at)
        if match is None:
            continue
        tiles = _tiles(name, match, row, many)
        if tiles:
            yield tiles, match.end()


def _ops(match: re.Match[str], row: list[Sign]) -> tuple[str, bool] | None:
    """The comparison of a form: two that say the same are one."""
    places = [*range(*match.span("op"))]
    if "op2" in match.re.groupindex:
        places += range(*match.span("op2"))
    ops = {row[i].op for i in places}
    return (ops.pop(), any(row[i].strict for i in places)) if len(ops) == 1 else None


def _tiles(name: str, match: re.Match[str], row: list[Sign], many: int) -> list[Tile]:
    groups = match.re.groupindex
    left, distance = _expression(match.span("left"), row, many) if "left" in groups else ({}, False)
    right, _ = _expression(match.span("right"), row, many) if "right" in groups else ({}, False)
    number = row[match.start("n")] if "n" in groups else Sign("N")
    if number.strict:
        return []  # an amount of money is not a number of things
    value = number.value
    if name == "range":
        high = row[match.start("m")]
        upper = Tile(left, "<=", high.value)
        return [upper] if not value else [Tile(left, ">=", value), upper]
    ops = _ops(match, row) if "op" in groups else (">=", True)
    if ops is None:
        return []
    op, strict = ops
    if name == "bounds":
        return _bounds(match.start("n") if "n" in groups else None, match.span("who"), row, op)
    if name == "calc":
        if left and left != right and len(left) != many:
            return []
        return [Tile(right, op, value, strict)] if right else []
    if not left:
        return []
    if name in {"plain", "together", "everything"}:
        return [Tile(left, op, value, strict, distance)]
    if not right or set(left) == set(right):
        return []
    if name == "more" and match["side"] == "F" and op == "<=":
        return []  # at most 5 less: so many less, or not even so many
    if name == "more" and match["side"] == "F":
        left, right = right, left
    if name == "exceed" and row[match.start("x")].op == "<=":
        return []
    apart = dict(left)
    for e, v in right.items():
        apart[e] = apart.get(e, Fraction(0)) - v
    apart = {e: v for e, v in apart.items() if v}
    return [Tile(apart, op, value if name in {"more", "exceed"} else Fraction(0), strict)] if apart else []


def _bounds(first: int | None, who: tuple[int, int], row: list[Sign], op: str) -> list[Tile]:
    """``a maximum of 700 for X, 600 for Y and 400 for Z``; ``the maximum for X is 700 and for Y 600``."""
    places = [*([] if first is None else [first]), *range(*who)]
    numbers = [row[i] for i in places if row[i].kind == "N"]
    things = [row[i].entity for i in places if row[i].kind == "E"]
    if len(set(things)) != len(things) or any(n.strict for n in numbers):
        return []
    return [Tile({e: Fraction(1)}, op, n.value) for e, n in zip(things, numbers, strict=True)]


def _expression(span: tuple[int, int], row: list[Sign], many: int) -> tuple[dict[int, Fraction], bool]:
    """The terms of an expression, empty if it says too little; and whether it is a difference."""
    terms: dict[int, Fraction] = {}
    factor, sign, joined, count = Fraction(1), 1, False, 0
    distance = False
    said_all = said_sum = False  # "total allocation" needs no "both" beside it
    for i in range(*span):
        item = row[i]
        if item.kind == "D":
            distance = True
        elif item.kind in "Ll":
            said_all = True
        elif item.kind == "S":
            said_sum = True
        elif item.kind in "PWZ":
            joined = True
        elif item.kind == "M":
            sign = -1
            joined = True
        elif item.kind in "TN":
            factor = item.value
            joined = True
        elif item.kind == "E":
            if item.entity in terms:
                return {}, False
            if distance and count == 1:
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
