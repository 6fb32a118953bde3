"""Amounts told for one of each thing: ``each tank requires 5 points, each aircraft 3``; ``2 hours for X and 3 for Y``.

A stretch of a sentence is read as tables or not at all: numbers and things take turns, each number with the nouns
behind it, and no word of comparison stands between.
"""

# ruff: noqa: E501 - word lists stand in long lines

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from quod.translators.controlled.milp.entities import Entities, Mention, mentions
from quod.translators.controlled.milp.lexicon import COST, FUNCTION, GAIN, GENERIC, MEASURES, VERBS
from quod.translators.controlled.milp.signs import DANGER, signs
from quod.translators.controlled.milp.tokens import Sentence, Token

__all__ = ["Table", "content", "first_unit", "joined", "periods", "read_tables", "told_apiece", "unit_of"]


@dataclass
class Table:
    """So much of one resource for one of each thing."""

    amounts: dict[int, Fraction] = field(default_factory=dict)
    unit: frozenset[str] = frozenset()
    """Stems of the nouns behind the numbers."""
    own: frozenset[str] = frozenset()
    """Stems of the words right before the first number: what one of it does."""
    about: frozenset[str] = frozenset()
    """Stems of the other words of the clause: what is done, who does it."""
    money: bool = False
    words: str = ""


@dataclass(frozen=True)
class _Item:
    kind: str
    entity: int
    value: Fraction
    unit: frozenset[str]
    money: bool
    start: int
    end: int


_SHORT = {
    "kg": "kilogram",
    "g": "gram",
    "lb": "pound",
    "lbs": "pound",
    "kwh": "kilowatt-hour",
    "hrs": "hour",
    "ml": "milliliter",
}
_WHEN = re.compile(r"today|tomorrow|hourly|daily|weekly|monthly|yearly|annually|nightly|overall|altogether")
_JOINS = frozenset("for per on from to each every by through in with of a an at".split())
_BARRED = frozenset("all both these those no some many most any few several half neither either other".split())
_ADJECTIVES = frozenset("only just up about".split())


def read_tables(part: Sentence, entities: Entities) -> list[Table]:
    """The tables that the stretch tells, nothing left over; none if it is no such stretch."""
    row, danger = signs(part, entities, set())
    if danger not in {"", "per", "expected"} or _barred(part) or any(s.kind in "OTDMXQF%!?ZRSCPH" for s in row):
        return []
    said = "".join(s.kind for s in row)
    if re.search(r"(?<!N)W|W(?!N)|NtN|fN|NBN|NoN", said):  # "2 nuts together with 3 bolts" are two amounts
        return []
    if any(s.kind == "L" and not s.op for s in row) and not any(s.kind == "r" for s in row):
        return []
    items = _items(part, entities)
    if items is None:
        return []
    kinds = "".join(i.kind for i in items)
    numbers = [i for i in items if i.kind == "N"]
    things = [i for i in items if i.kind == "E"]
    if not numbers or any(i.value < 0 for i in numbers):
        return []
    many = len(entities.names)
    tables: list[Table] = []
    if re.fullmatch(r"(?:EN+)+", kinds):
        tables = _by_thing(items, part)
    elif re.fullmatch(r"(?:NE)+", kinds):
        tables = _by_number(items, part)
    elif any(s.kind == "r" for s in row) or _in_order(part):
        lists = kinds in {"N" * many + "E" * many, "E" * many + "N" * many}
        whole = kinds == "N" * many
        if lists or whole:
            order = [t.entity for t in things] if lists else [*range(many)]
            if sorted(order) == [*range(many)] and len({n.money for n in numbers}) == 1:
                unit = frozenset().union(*(n.unit for n in numbers))
                amounts = {e: n.value for e, n in zip(order, numbers, strict=True)}
                tables = [Table(amounts, unit, frozenset(), _about(part, items), numbers[0].money, part.text)]
    return tables


_PERIOD = re.compile(
    r"\b(?:per|an?|each|every|this|one|in an?) (hour|minute|day|week|month|year|season|night)\b|\b(hour|dai|week|month|year)ly\b",
    re.IGNORECASE,
)
# What is paid once is no amount for each of a thing.
_STARTS = frozenset("start open launch begin establish activate once initially fixed more less extra".split())
_SUPPLY = re.compile(r"\b(?:there (?:is|are|were)|available|on hand|budget|in stock)\b", re.IGNORECASE)


def _barred(part: Sentence) -> bool:
    """Whether a word stands there that makes the amounts something else than so much for one of each."""
    if re.search(r"\b(?:is|are) for \d", part.text):
        return True
    loose = DANGER - {"expected", "per", "square", "average"} | _STARTS
    return any(t.low in loose for t in part.tokens) or bool(_SUPPLY.search(part.text)) or len(periods(part.text)) > 1


def periods(text: str) -> frozenset[str]:
    """The periods that a stretch names: *per hour*, *a day*, *weekly*."""
    said = {(m[1] or m[2]).lower().replace("dai", "day") for m in _PERIOD.finditer(text)}
    return frozenset(said)


def _in_order(part: Sentence) -> bool:
    return bool(re.search(r"\bin (?:that|this|the same) order\b", part.text, re.IGNORECASE))


def unit_of(tokens: list[Token], k: int, stops: set[int]) -> tuple[frozenset[str], int]:
    """The stems of the nouns right behind a number, ``of`` passed over, and where they end."""
    stems: set[str] = set()
    while k < len(tokens) and k not in stops and tokens[k].kind == "word":
        token = tokens[k]
        if token.low == "of" and stems:
            k += 1
            continue
        after = tokens[k + 1] if k + 1 < len(tokens) else None
        named = after is not None and after.kind == "word" and after.low not in FUNCTION
        participle = token.low.endswith("ed") and not named
        if token.low in FUNCTION - {"time", "type", "order"} or participle or _WHEN.fullmatch(token.low):
            break
        if tokens[k - 1].low == "of" and stems:
            stems.add(token.stem)
            k += 1
            continue
        if token.low in VERBS and token.stem not in MEASURES | GENERIC and (stems or not token.low.endswith("s")):
            break
        stems.add(_SHORT.get(token.low, token.stem))
        k += 1
    return frozenset(stems), k


def told_apiece(part: Sentence, entities: Entities) -> bool:
    """Whether what the sentence tells of the things may be for one of each: not *the vans use 3*, *two vans use 3*."""
    if _barred(part) or len(periods(part.text)) > 1:
        return False
    tokens = part.tokens
    single = {"each", "every", "per", "a", "an", "one", "unit", "respectively"} & {t.low for t in tokens}
    found = mentions(part, entities)
    starts = {m.start for m in found}
    for m in found:
        before = tokens[m.start - 1] if m.start else None
        listed = m.end + 1 < len(tokens) and tokens[m.end].low in {",", "and"} and m.end + 1 in starts
        if before is not None and before.value is not None and before.low != "one" and not listed:
            return False
        if not single and not _one_of(tokens, m):
            return False
    return True


def first_unit(part: Sentence, entities: Entities) -> frozenset[str]:
    """The nouns behind the first number of the sentence."""
    stops = {m.start for m in mentions(part, entities)}
    at = next((k for k, t in enumerate(part.tokens) if t.value is not None), len(part.tokens))
    return unit_of(part.tokens, at + 1, stops)[0]


def _items(part: Sentence, entities: Entities) -> list[_Item] | None:
    """The things and numbers of the stretch, or None if one of them is not for one of each thing."""
    tokens = part.tokens
    found = {m.start: m for m in mentions(part, entities)}
    inside = {i for m in found.values() for i in range(m.start, m.end)}
    out: list[_Item] = []
    k = 0
    while k < len(tokens):
        token = tokens[k]
        if k in found:
            mention = found[k]
            if not _one_of(tokens, mention):
                return None
            out.append(_Item("E", mention.entity, Fraction(0), frozenset(), False, k, mention.end))
            k = mention.end
            continue
        if token.value is not None:
            if token.flavour not in {"", "money", "part"} or (token.flavour == "part" and token.value >= 1):
                return None
            if token.low == "one" and _determines(tokens, k, found):
                k += 1
                continue
            if token.flavour == "part":
                return None
            if k + 1 in found and not (k + 1 < len(tokens) and tokens[k + 1].low in _JOINS):
                return None  # "2 tables": so many of the things themselves
            unit, end = unit_of(tokens, k + 1, set(found))
            if any(w in entities.shared for w in unit) and token.flavour != "money":
                return None  # counts the things themselves
            out.append(_Item("N", -1, token.value, unit, token.flavour == "money", k, end))
            k = end
            continue
        if token.low in _BARRED and k not in inside:
            return None
        k += 1
    return out


def _determines(tokens: list[Token], k: int, found: dict[int, Mention]) -> bool:
    """Whether ``one`` is the article of a thing: ``for one kilogram of cheese``, ``one tank``."""
    at = k + 1
    if at in found:
        return True
    if at + 1 < len(tokens) and tokens[at].stem in MEASURES | GENERIC and tokens[at + 1].low == "of":
        return at + 2 in found or at + 3 in found
    return k > 0 and tokens[k - 1].low in {"for", "per"}


def _one_of(tokens: list[Token], mention: Mention) -> bool:
    """Whether an amount may be for one of the thing here: *each tank*, *tanks*, *tank X*; not *the tanks*."""
    k = mention.start - 1
    if k < 0:
        return True
    before = tokens[k].low
    plural = tokens[mention.end - 1].low.endswith("s") and len(tokens[mention.end - 1].text) > 3
    if before in {"the", "our", "their", "its", "his", "her"} and plural:
        return (
            tokens[mention.end - 1].text[:1].isupper() and tokens[mention.end - 1].stem == tokens[mention.end - 1].low
        )
    if tokens[k].value is not None and before != "one":
        return False
    return before not in _BARRED and not (before == "of" and k and tokens[k - 1].value is not None)


def _about(part: Sentence, items: list[_Item], low: int = 0, high: int | None = None) -> frozenset[str]:
    taken = {k for i in items for k in range(i.start, i.end)}
    high = len(part.tokens) if high is None else high
    return frozenset(
        t.stem
        for k, t in enumerate(part.tokens)
        if low <= k < high and k not in taken and t.kind == "word" and (t.low not in FUNCTION or t.stem in COST | GAIN)
    )


def content(stems: frozenset[str]) -> frozenset[str]:
    """Nouns that tell more than a measure."""
    return stems - GENERIC - frozenset({"total", "unit", "value", "number"})


def joined(early: frozenset[str], late: frozenset[str]) -> bool:
    """Whether two units may be one: a common noun, and the later says no more than the earlier."""
    if not early or not late:
        return True
    return bool(early & late) and (not content(early) or content(late) <= early)


_NEW_CLAUSE = frozenset("there they she he it which who while whereas but so".split())
_CONTINUES = frozenset("and , plus along together with also as well up about of in for".split())


def _by_thing(items: list[_Item], part: Sentence) -> list[Table]:
    """``X takes 2 hours and 3 bolts, Y 4 hours and 5 bolts``."""
    tables: list[Table] = []
    who, used, place = -1, set[int](), 0
    for n, item in enumerate(items):
        if item.kind == "E":
            who, used, place = item.entity, set(), 0
            continue
        before = items[n - 1]
        between = part.tokens[before.end : item.start]
        lows = {t.low for t in between}
        if before.kind == "E" and lows & (_NEW_CLAUSE | {"for", "per", ",", "and"}):
            return []
        if before.kind == "N" and any(t.low not in _CONTINUES and t.low not in VERBS for t in between):
            return []  # "2 hours, and there are 40 hours"
        following = items[n + 1] if n + 1 < len(items) else None
        if following is not None and following.kind == "E":
            gap = [t.low for t in part.tokens[item.end : following.start]]
            if not gap or not ({",", "and", "while", "whereas", "but", ":", "("} & set(gap)):
                return []  # "X costs $5 for Y": not one after the other
            if set(gap) & {"for", "per"} and gap[-1] in {"for", "per", "each", "every"}:
                return []
        fit = [
            k
            for k, t in enumerate(tables)
            if k not in used and who not in t.amounts and t.money == item.money and item.unit and t.unit & item.unit
            and joined(t.unit, item.unit)
        ]  # fmt: skip
        if not item.unit or (item.money and not fit):
            fit = [k for k, t in enumerate(tables) if k == place and who not in t.amounts and (t.money == item.money)]
        if len(fit) > 1:
            return []
        if (
            not fit
            and who >= 0
            and any(who in t.amounts and t.unit == item.unit and t.money == item.money for t in tables)
        ):
            return []  # two amounts of one thing for one
        if fit:
            k = fit[0]
            tables[k].amounts[who] = item.value
            tables[k].unit |= item.unit
        else:
            k = len(tables)
            own = frozenset(t.stem for t in between if t.kind == "word")
            tables.append(Table({who: item.value}, item.unit, own, frozenset(), item.money, part.text))
        used.add(k)
        place += 1
    about = _about(part, items)
    for table in tables:
        table.about = about
    return tables


def _by_number(items: list[_Item], part: Sentence) -> list[Table]:
    """``2 hours for X and 3 hours for Y``, once or more times over."""
    tables: list[Table] = []
    start = 0
    for number, thing in zip(items[::2], items[1::2], strict=True):
        gap = [t.low for t in part.tokens[number.end : thing.start]]
        if not gap or not set(gap) & _JOINS or {",", "and"} & set(gap):
            return []
        last = tables[-1] if tables else None
        if (
            last is not None
            and thing.entity not in last.amounts
            and last.money == number.money
            and (not number.unit or not last.unit or (last.unit & number.unit and joined(last.unit, number.unit)))
        ):
            last.amounts[thing.entity] = number.value
            last.unit |= number.unit
            start = thing.end
            continue
        tables.append(
            Table({thing.entity: number.value}, number.unit, _about(part, items, start, number.start), _about(part, items, start, number.start),
                  number.money, part.text)
        )  # fmt: skip
        start = thing.end
    tail = _about(part, items, start)
    for table in tables:
        table.about |= tail if len(tables) == 1 else frozenset()
    if len(tables) > 1 and any(not t.about for t in tables):
        return []
    if any(t.about & {"have", "own", "possess", "allocate", "reserve"} for t in tables):
        return []  # "has 40 hours for X and 30 for Y"
    return tables
