"""Limits on what tables tell: ``at least 60 points are needed``, ``there are 240 hours of carpentry``; and the match.

A limit goes to the one table whose nouns it shares, or counts all the things; where two would fit, or none, its words
are named and nothing is read.
"""

# ruff: noqa: E501 - word lists stand in long lines

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from quod.translators.controlled.milp.entities import Entities, mentions
from quod.translators.controlled.milp.lexicon import COST, FUNCTION, GAIN, GENERIC, VERB_STEMS
from quod.translators.controlled.milp.signs import signs
from quod.translators.controlled.milp.tables import Table, content, periods, unit_of
from quod.translators.controlled.milp.tokens import Sentence, stem

__all__ = ["Limit", "read_limits", "settle"]


@dataclass(frozen=True)
class Limit:
    """So much of something, of which no thing is named."""

    op: str
    value: Fraction
    unit: frozenset[str]
    about: frozenset[str]
    money: bool
    words: str
    total: bool
    """Whether it is said to be of everything together."""
    implied: str = ""
    """``has`` or ``needs``, where no comparison is said."""
    strict: bool = False
    head: str = ""
    """The first noun behind the number."""


_HAS = re.compile(
    r"\b(?:has|have|had|there (?:is|are)|available|on hand|at (?:\w+ )?disposal|in stock|owns?|possess(?:es)?|"
    r"holds?|measures|provides?|provided|delivers|supplies|employs?|budget|open for|grants|leaves?|allows?|"
    r"permits?|approved|delivery is|consists? of up to)\b",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    r"\b(?:needs?|needed|requires?|required|must|have to|has to|demands?|demanded|promised|agreed|call(?:s|ed)? for)\b",
    re.IGNORECASE,
)
_CAN = re.compile(r"\b(?:can|could) [a-z]+(?: (?:in|up|out))?\s*$", re.IGNORECASE)
_EACH = re.compile(
    r"\b(?:each|every|either|per)(?! (?:day|week|month|year|hour|shift|season|night|quarter|unit|flight|batch)\b)",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\b(?:only|just)\s*$", re.IGNORECASE)
_PREPOSITIONS = frozenset(
    "of on during in for from by at among within across over under after before through to".split()
)
_OPEN = frozenset(
    stem(w)
    for w in "total hand stock disposal day week month year season hour weekend morning evening night shift plan budget "
    "limit contract label agreement law policy rule regulation supply demand customer client guideline company "
    "requirement reason space capacity most least today store operation period quarter production use time".split()
)


def read_limits(part: Sentence, entities: Entities, known: frozenset[str]) -> list[Limit]:
    """The limits that the stretch tells, nothing left over; none if it is no such stretch.

    ``known`` are the stems that the text says elsewhere too: what a limit is of must be said twice.
    """
    row, danger = signs(part, entities, set())
    if _EACH.search(part.text) or part.tokens[0].low in {"it", "they", "each"}:
        return []  # of each machine, not of all
    of_all = {s.entity for s in row if s.kind == "E"} == set(range(len(entities.names)))
    if of_all:  # "240 hectares on which he can grow wheat, barley and rapeseed"
        if not re.fullmatch(r"[^E]*N[^E]*E(?:[,A]*E)+[SLl]*", "".join(s.kind for s in row)):
            return []
        row = [s for s in row if s.kind != "E"]
    kinds = "".join(s.kind for s in row)
    if (danger and danger.lower() not in {"per", "least", "most"}) or re.search(r"[ETDMXQF%!?ZRPeo]", kinds):
        return []
    bare = re.sub(r"[^ON]", "", kinds)
    if bare not in {"ON", "OON", "NO", "N", "NN", "ONON", "ONN"}:
        return []
    ops = [s for s in row if s.kind == "O"]
    if len({(s.op, s.strict) for s in ops}) > 1 and bare != "ONON":
        return []
    tokens = part.tokens
    places = [k for k, t in enumerate(tokens) if t.value is not None]
    if len(places) > len(bare.replace("O", "")):
        whole = len(entities.names)  # "the two titles" are all of them
        places = [
            k for k in places
            if tokens[k].low != "one" and not (tokens[k].text[:1].isalpha() and tokens[k].value == whole)
        ]  # fmt: skip
    numbers = [s for s in row if s.kind == "N"]
    if len(places) != len(numbers) or any(n.value < 0 for n in numbers) or (mentions(part, entities) and not of_all):
        return []
    if any(tokens[k].flavour not in {"", "money"} for k in places):
        return []
    if len(places) > 1 and not {"and", ","} & {t.low for t in tokens[places[0] : places[1]]}:
        return []
    out: list[Limit] = []
    total = bool(set("S") & set(kinds)) or bool(
        re.search(r"\bin (?:total|all)\b|\baltogether\b", part.text, re.IGNORECASE)
    )
    named = {m.start for m in mentions(part, entities)}
    units = [unit_of(tokens, k + 1, named) for k in places]
    taken = {i for k, (_, end) in zip(places, units, strict=True) for i in range(k, end)}
    inside = {i for m in mentions(part, entities) for i in range(m.start, m.end)}
    if not _said(part, taken | inside, places[0], known):
        return []
    about = frozenset(
        t.stem for k, t in enumerate(tokens)
        if k not in taken and t.kind == "word" and (t.low not in FUNCTION or t.stem in COST | GAIN)
    )  # fmt: skip
    for n, (k, (unit, _)) in enumerate(zip(places, units, strict=True)):
        op = ops[n] if bare == "ONON" else ops[0] if ops else None
        implied = ""
        said = op.op if op is not None else ""
        if op is None:
            before = part.text[: tokens[k].start - part.start]
            if _ONLY.search(before):
                said, implied = "<=", ""
            can = _CAN.search(before)
            has, needs = bool(can) or bool(_HAS.search(part.text)), bool(_NEEDS.search(part.text))
            if has == needs:
                return []
            if needs and not has and tokens[k - 1].low in {"in", "within", "by", "after", "for", "of"}:
                return []  # "must be loaded in 45 hours"
            implied = "can" if can and not needs else implied or ("has" if has else "needs")
            said = said or ("<=" if has else ">=")
        if op is not None and op.op != "<=" and _HAS.search(part.text) and not _NEEDS.search(part.text):
            return []  # "has at least 200 eggs": to be used, or there?
        head = tokens[k + 1].stem if k + 1 < len(tokens) and tokens[k + 1].kind == "word" else ""
        out.append(
            Limit(said, tokens[k].value or Fraction(0), unit, about, tokens[k].flavour == "money", part.text, total,
                  implied, bool(op and op.strict), head)
        )  # fmt: skip
    return out


def _said(part: Sentence, taken: set[int], first: int, known: frozenset[str]) -> bool:
    """Whether what stands behind a preposition after the number is known: *at most 30 hours on Mondays* is not."""
    tokens = part.tokens
    for k, token in enumerate(tokens):
        if k <= first or k in taken or token.kind != "word" or token.low in FUNCTION:
            continue
        back = k - 1
        while back > first and tokens[back].low in {
            "the",
            "a",
            "an",
            "this",
            "that",
            "its",
            "his",
            "her",
            "their",
            "one",
        }:
            back -= 1
        behind = tokens[back].low in _PREPOSITIONS or (tokens[back].stem not in VERB_STEMS and back not in taken)
        if behind and token.stem not in known | _OPEN | VERB_STEMS | GENERIC:
            return False
    return True


def settle(
    limits: list[Limit], tables: list[Table], counted: frozenset[str], sense: str
) -> tuple[list[tuple[Limit, Table | None, bool]], str]:
    """Which table each limit is of (None: all the things), and whether it may mean exactly; or the words that fit none."""
    out: list[tuple[Limit, Table | None, bool]] = []
    pushed = any(v.op != "<=" and v.value > 0 for v in limits)
    for limit in limits:
        found = _fitting(limit, tables, counted)
        if len(found) != 1:
            return [], limit.words
        (table,) = found
        loose = False
        if table is None and limit.implied == "needs" and sense == "minimize":
            out.append((limit, table, "must" in limit.words.lower().split()))
            continue
        if limit.implied == "has" and sense == "minimize" and not (table is not None and _consumed(table)):
            return [], limit.words  # so many boxes: to be dealt with, or all there are?
        if sense == "minimize" and limit.op == "<=" and table is not None:
            does = table.own if table.own & VERB_STEMS else table.about
            if does & _YIELDS and (limit.implied or not pushed):
                return [], limit.words  # up to 90 pupils are served: a wish, or all that may be?
        if limit.implied == "needs":
            if sense == "maximize" or table is None or _consumed(table):
                return [], limit.words
            loose = "must" in limit.words.lower().split()
        out.append((limit, table, loose))
    return out, ""


_CONSUMES = frozenset(
    stem(w)
    for w in "take takes use uses require requires need needs consume consumes keep keeps occupy occupies cost costs "
    "spend draw draws weigh weighs last lasts involve call".split()
)


_YIELDS = frozenset(
    stem(w)
    for w in "hold carry transport move deliver ship bring teach serve clean wash produce make yield process treat "
    "provide give generate seat accommodate purify extract answer contain".split()
)


def _consumed(table: Table) -> bool:
    """Whether the table tells what the things use up."""
    return bool((table.own if table.own & VERB_STEMS else table.about) & _CONSUMES)


def _fitting(limit: Limit, tables: list[Table], counted: frozenset[str]) -> list[Table | None]:
    scored: list[tuple[float, int]] = []
    for k, table in enumerate(tables):
        score = _score(limit, table, counted)
        if score > 0:
            scored.append((score, k))
    whole = limit.total and not limit.implied and not scored and limit.unit <= _THINGS | {"unit"}
    if whole and limit.unit and not limit.money:
        return [None]
    things = (
        not limit.money and bool(limit.unit & counted) and not content(limit.unit) - counted - limit.about - _THINGS
    )
    if things and limit.total and limit.about & _MIXED:
        return [None]
    sure = [k for s, k in scored if s >= 1.6]
    if things and not limit.total and len(sure) == 1:
        return [tables[sure[0]]]
    if things:
        if any(tables[k].unit & limit.unit for _, k in scored):
            return []
        return [None] if limit.total or not any(s >= 2 for s, _ in scored) else []
    scored.sort(reverse=True)
    if not scored:
        return []
    if len(scored) > 1 and scored[0][0] - scored[1][0] < 0.5:
        return []
    return [tables[scored[0][1]]]


_GAINS = GAIN | {"earning", "takings", "proceed"}
_COSTS = COST - _GAINS
_MIXED = frozenset("blend mixture mix".split())
_THINGS = frozenset(
    stem(w)
    for w in "item items product goods piece vehicle employee staff installation animal plant machine boat ticket package "
    "object appliance device instrument vessel building home meal dish event class course trip crop".split()
)


def _score(limit: Limit, table: Table, counted: frozenset[str]) -> float:
    if limit.money != table.money or len((periods(limit.words) | periods(table.words)) - counted) > 1:
        return 0.0
    own, its = content(limit.unit), content(table.unit)
    if own - its - table.about:
        if its or not (limit.unit & table.unit & GENERIC and limit.about & table.about):
            return 0.0  # oak boards are not all boards
        own = frozenset()  # "absorbs 22 kilograms", then "5,000 kilograms of carbon dioxide" are absorbed
    if limit.money:
        costs, gains = limit.about & _COSTS, limit.about & _GAINS
        t_costs, t_gains = table.about & _COSTS, table.about & _GAINS
        if bool(gains) != bool(t_gains) or (t_costs and gains and not t_gains):
            return 0.0
        if limit.op == "<=" and gains and not costs:
            return 0.0
        return 1.0 + 0.6 * len(content(limit.about) & content(table.about) - VERB_STEMS)
    score = 0.0
    if own:
        hit = own & its
        if hit:
            if not (limit.unit & table.unit & GENERIC) and (limit.unit & GENERIC and table.unit & GENERIC):
                return 0.0  # kilograms of meat are no boxes of it
            score = 2.0 * len(hit)
        elif own & content(table.about) and limit.unit & table.unit:
            score = 1.5
        elif limit.head and own & content(table.about) - VERB_STEMS and not table.unit:
            score = 1.0
    elif limit.unit:
        if limit.unit & table.unit:
            score = 1.0
    elif limit.about & (its | content(table.about) - VERB_STEMS):
        score = 1.0
    if score:
        score += 0.6 * len((content(limit.about) & (its | content(table.about))) - VERB_STEMS)
    return score
