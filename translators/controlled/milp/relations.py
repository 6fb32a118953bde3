"""A second grammar: linear relations said in words, ``twice the units of X plus those of Y must be at least 50``.

A sentence becomes a row of signs (a thing, a number, a multiplier, a comparison, ``sum``, ``difference``, ``and`` …);
the signs of a sentence must be tiled completely by the relations of :mod:`.signs`, and words outside the signs may
not be of the kind that change what a relation says. A text is read if every sentence is: one gives each thing its
coefficient in the objective, one asks for the optimum, the others are relations or say nothing of quantities.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from quod.translators.controlled.milp.assemble import Assembled, Row
from quod.translators.controlled.milp.entities import Entities, mentions
from quod.translators.controlled.milp.guards import among_others, elsewhere, restricted, strange, whole_of, words_of
from quod.translators.controlled.milp.lexicon import GENERIC
from quod.translators.controlled.milp.limiting import limiting
from quod.translators.controlled.milp.pricing import MEASURED, PRICED, coefficients, per_dollar
from quod.translators.controlled.milp.resources import measures, resolve
from quod.translators.controlled.milp.signs import Sign, signs
from quod.translators.controlled.milp.stretches import read_stretches
from quod.translators.controlled.milp.supply import Limit
from quod.translators.controlled.milp.tables import Table, first_unit, read_tables, told_apiece
from quod.translators.controlled.milp.tiles import Tile, tilings
from quod.translators.controlled.milp.tokens import Sentence, sentences
from quod.translators.controlled.milp.wording import FUNCTION_STEMS

__all__ = ["read_relations"]

_DEMANDS = frozenset("require need demand".split())
_TAIL = re.compile(
    r"\b(?:due to|because of|owing to|as a result of|because|since|considering|reflecting|possibly|"
    r"(?:in order )?to (?:ensure|maintain|meet|satisfy|prevent|avoid|achieve|keep|comply|guarantee|"
    r"reflect|balance|provide|support)|"
    r"for (?:balanced?|safety|security|diversification|stability))\b[^,.;:()\n]*",
    re.IGNORECASE,
)


@dataclass
class _Text:
    model: Assembled = field(default_factory=Assembled)
    tables: list[Table] = field(default_factory=list)
    """So much for one of each thing: what is optimized, and what the limits are of."""
    limits: list[Limit] = field(default_factory=list)
    bounded: list[tuple[str, frozenset[str], bool]] = field(default_factory=list)
    """The relations, each with the nouns behind its numbers."""
    asked: frozenset[str] = frozenset()
    dollars: bool = False
    """Whether the coefficients are for each dollar put in: the things are sums of money."""
    money: bool = False
    """Whether limits are read as amounts of money."""
    senses: set[str] = field(default_factory=set)
    numbers: int = 0
    known: frozenset[str] = frozenset()
    said: Counter[str] = field(default_factory=Counter)
    """How often each word of the text is said."""


def read_relations(
    text: str,
    entities: Entities,
    *,
    money: bool = False,
    known: frozenset[str] = frozenset(),
    dollars: bool = False,
    lettered: bool = False,
) -> tuple[Assembled, int]:
    """The model, with the first words that found no place in ``problems``; and how many numbers were read.

    ``known`` are stems that the text says more than once as it was written; ``dollars`` tells that it says so of
    amounts for each dollar; ``lettered`` that the things are called X, Y. With ``money`` the things are sums of money:
    every limit must be an amount of it and every coefficient per dollar.
    """
    out = _Text(money=money, dollars=dollars or per_dollar(text))
    if _periods(text):
        out.model.problems.append(_periods(text))
        return out.model, 0
    out.said = Counter(t.stem for s in sentences(text) for t in s.tokens if t.kind == "word")
    out.known = known
    out.said.update(dict.fromkeys(measures(text), 2))
    for sentence in sentences(text):
        _sentence(sentence, entities, out)
        if out.model.problems:
            return out.model, out.numbers
    model = out.model
    if len(out.senses) != 1:
        model.problems.append("nothing says plainly what to maximize or minimize")
    else:
        (model.sense,) = out.senses
        told = frozenset().union(*(t.unit for t in out.tables)) - measures(text) - {"unit", "point", "resource"}
        resources = len(out.tables) > 1 or bool(out.limits)
        for words, unit, doubted in out.bounded:
            if unit & told or (resources and doubted):  # hours of X, or X itself? what an apprentice makes?
                model.problems.append(words)
        if resources and not lettered:
            # amounts of what named things take are the first grammar's, which knows what is no limit of theirs
            model.problems += [table.words for table in out.tables[:1]]
        if resources:
            model.problems += [row.words for row in model.rows if row.distance]
        resolve(model, out.tables, out.limits, out.asked, entities, measures(text))
    if not model.rows:
        model.problems.append("no limit was found")
    if money and not out.dollars:
        model.problems.append("the amounts are not said to be for each dollar")
    model.money = money
    _dedupe(model)
    return model, out.numbers


_QUALIFIED = re.compile(
    r"\b(?:a|per|each|every)\s+(day|week|month|year|season)\b|\b(dai|week|month|year)ly\b", re.IGNORECASE
)
_PERIOD = re.compile(r"\b(day|week|month|year|season)s?\b", re.IGNORECASE)


def _periods(text: str) -> str:
    """Words that limit so much a week where other amounts may be of another period."""
    for match in _QUALIFIED.finditer(text):
        own = (match[1] or match[2]).lower().replace("dai", "day")
        other = next((m[0] for m in _PERIOD.finditer(text) if m[1].lower() != own), "")
        if other:
            return f"{match[0]} beside {other}"
    return ""


def _dedupe(model: Assembled) -> None:
    """A relation said twice is one relation; two different ones of the same things on one side are suspicious."""
    rows: list[Row] = []
    for row in model.rows:
        twin = next((r for r in rows if r.terms == row.terms and r.op == row.op), None)
        if twin is None:
            rows.append(row)
        elif twin.right != row.right:
            model.problems.append(row.words)
    model.rows = rows


_BINDING = frozenset("same equal square squared ratio never unless neither nor double triple".split())
# In a text of relations these introduce: the two projects both need resources, each of them must get some.
_SAID_OF_ALL = frozenset(
    "each both must need needs require requires required should limited limits limit restrictions combined mix "
    "combination include includes can optimally effectively efficiently strategically".split()
)
_OF_ALL = frozenset(
    "could may might all next quarter counted measured contain contains contained include along across".split()
)
_INTEGER = re.compile(r"\b(?:integers?|whole|indivisib\w+|discrete|fraction\w*)\b", re.IGNORECASE)
_GOAL = re.compile(r"\b(minimi[sz]\w*|maximi[sz]\w*)\b", re.IGNORECASE)
_ASK = re.compile(
    r"\b(?:what|find|calculate|determine|compute)\b.*?\b(minimum|minimal|lowest|least|smallest|maximum|maximal|highest|greatest|largest)\b",
    re.IGNORECASE | re.DOTALL,
)
_SENSE = {"mini": "minimize", "lowe": "minimize", "leas": "minimize", "smal": "minimize"}


def _sense(word: str) -> str:
    return _SENSE.get(word.lower()[:4], "maximize")


def _sentence(sentence: Sentence, entities: Entities, out: _Text) -> None:
    if _SCALED.search(sentence.text) or _SEPARATED.search(sentence.text):
        out.model.problems.append(sentence.text)
        return
    asked = _ASK.search(sentence.text)
    goals = list(_GOAL.finditer(sentence.text))
    if goals or asked:
        out.senses |= {_sense(g[1]) for g in goals} | ({_sense(asked[1])} if asked else set())
        if _asks_otherwise(sentence, entities, goals, asked):
            out.model.problems.append(sentence.text)
        out.asked |= _asked(sentence, goals, asked)
    keep = _without_tails(sentence, entities)
    row, danger = signs(keep, entities, _goal_places(sentence, goals, [asked] if asked else []))
    numbers = sum(1 for s in row if s.kind == "N" or s.kind == "T")
    out.numbers += numbers
    kinds = {s.kind for s in row}
    if not numbers and not ("E" in kinds and kinds & set("ODX")):
        inside = {i for m in mentions(keep, entities) for i in range(m.start, m.end)}
        outside = [t for k, t in enumerate(keep.tokens) if k not in inside]
        binds = limiting(outside) if not (goals or asked or _INTEGER.search(sentence.text)) else []
        every = {s.entity for s in row if s.kind == "E"} == set(range(len(entities.names)))
        if every and not any(s.kind == "o" for s in row):
            binds = [word for word in binds if word.lower() not in _OF_ALL]  # what they may all be
        if (danger in _BINDING or set(map(str.lower, binds)) - _SAID_OF_ALL) and any(s.kind == "E" for s in row):
            out.model.problems.append(sentence.text)
        return
    if _told(row, sentence, keep, entities, out, danger):
        return
    tiles = _relation(keep, row, danger, entities, out)
    if tiles:
        out.model.rows.extend(_row(tile, sentence) for tile in tiles)
        return
    known = out.known | {word for word, n in out.said.items() if n > 1}
    read = read_stretches(
        keep, entities, known, lambda part: _relation(part, *signs(part, entities, set()), entities, out)
    )
    if read is None:
        out.model.problems.append(sentence.text)
        return
    _widen(read.tables, read.limits, sentence, bool(goals))
    out.tables += read.tables
    out.limits += read.limits
    out.model.rows.extend(_row(tile, sentence) for tile in read.tiles)


def _relation(part: Sentence, row: list[Sign], danger: str, entities: Entities, out: _Text) -> list[Tile]:
    """The only reading of the signs as relations, if no word of the stretch is strange."""
    shares = [s for s in row if s.kind == "U"]
    if shares and not whole_of(part, entities):
        return []
    if danger or any(t.stem in PRICED for t in part.tokens) or strange(part, entities, out.said):
        return []
    if among_others(part, entities) or restricted(part, entities):
        return []
    found = tilings(row, len(entities.names), money=out.money)
    if len(found) != 1:
        return []
    out.bounded.append((part.text, words_of(part, entities), elsewhere(part, entities, out.said, out.known)))
    return found[0]


def _asked(sentence: Sentence, goals: list[re.Match[str]], asked: re.Match[str] | None) -> frozenset[str]:
    """The words that name what is optimized."""
    places = _goal_places(sentence, goals, [asked] if asked else [])
    words: set[str] = set()
    for k, token in enumerate(sentence.tokens):
        if token.start in places:
            words |= {t.stem for t in sentence.tokens[k + 1 : k + 7] if t.kind == "word"}
    return frozenset(words - FUNCTION_STEMS - GENERIC | words & MEASURED)


_OPTIMA = re.compile(
    r"\b(minimum|minimal|lowest|smallest|maximum|maximal|highest|largest)\b(?!\s+(?:of|limits?|capacit\w+)\b)",
    re.IGNORECASE,
)


_SEPARATED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?!\d)")  # 1.200: a thousand and some, or little more than one?
_SCALED = re.compile(r"\bin (?:cents|units of|(?:tens|hundreds|thousands|millions|billions)\b)", re.IGNORECASE)


def _asks_otherwise(
    sentence: Sentence, entities: Entities, goals: list[re.Match[str]], asked: re.Match[str] | None
) -> bool:
    """Whether something other than the optimum of the whole is asked for: of one thing, a second one, an average."""
    if asked:
        senses = {_sense(m[1]) for m in _OPTIMA.finditer(sentence.text) if m.start() >= asked.start()}
        before = sentence.text[: asked.start(1)].split()
        if len(senses) > 1 or (before and before[-1].lower() in {"second", "third", "next", "twice", "half"}):
            return True
        if re.search(r"\b(?:average|mean|twice|half|double|per)\b", sentence.text[asked.start() :], re.IGNORECASE):
            return True
    if _SCALED.search(sentence.text):
        return True
    places = _goal_places(sentence, goals, [asked] if asked else [])
    first = min(places)
    end = next(
        (t.start for t in sentence.tokens if t.start > first and (t.kind == "mark" or t.value is not None)), first + 200
    )
    whom = {m.entity for m in mentions(sentence, entities) if first < sentence.tokens[m.start].start < end}
    return bool(whom) and len(whom) < len(entities.names)


def _goal_places(sentence: Sentence, *groups: list[re.Match[str]]) -> set[int]:
    """Where the word for the optimum stands: it is not a comparison there."""
    base = sentence.tokens[0].start
    return {base + m.start(1) for group in groups for m in group}


def _without_tails(sentence: Sentence, entities: Entities) -> Sentence:
    """Reasons and purposes taken off, where they say nothing of quantities."""
    drop: list[tuple[int, int]] = []
    base = sentence.tokens[0].start
    for match in _TAIL.finditer(sentence.text):
        low, high = base + match.start(), base + match.end()
        inside = [t for t in sentence.tokens if low <= t.start < high]
        row, _ = signs(Sentence(inside, match[0], low), entities, set()) if inside else ([], "")
        if not any(s.kind in "NTD" for s in row) and not ("O" in (kinds := [s.kind for s in row]) and "E" in kinds):
            drop.append((low, high))
    tokens = [t for t in sentence.tokens if not any(low <= t.start < high for low, high in drop)]
    return Sentence(tokens, sentence.text, sentence.start)


def _told(row: list[Sign], sentence: Sentence, keep: Sentence, entities: Entities, out: _Text, danger: str) -> bool:
    """Whether the sentence tells so much for one of each thing, which is then taken."""
    found = coefficients(row, sentence, len(entities.names), danger)
    tables = read_tables(keep, entities)
    if not told_apiece(keep, entities):
        found = {}
    if not found and not tables:
        return False
    stems = frozenset(t.stem for t in sentence.tokens if t.kind == "word")
    measured = stems - FUNCTION_STEMS - GENERIC | stems & MEASURED
    dollars = any(s.kind == "N" and s.strict for s in row)
    if dollars and not stems & MEASURED and stems & _DEMANDS:
        measured |= {"cost"}  # a project of this type requires $2000
    if found and len(tables) <= 1:
        unit = tables[0].unit if tables else first_unit(keep, entities)
        own = tables[0].own if tables else frozenset()
        tables = [Table(found, unit, own, measured, dollars, sentence.text)]
    elif len(tables) == 1:
        tables[0].about |= measured
    out.tables += tables
    return True


def _widen(tables: list[Table], limits: list[Limit], sentence: Sentence, goal: bool) -> None:
    """Where the aim is told with the only table of the sentence, all its words are about what the table tells."""
    if goal and len(tables) == 1 and not limits:
        stems = frozenset(t.stem for t in sentence.tokens if t.kind == "word")
        tables[0].about |= stems - FUNCTION_STEMS - GENERIC | stems & MEASURED


def _row(tile: Tile, sentence: Sentence) -> Row:
    words = sentence.text.strip(" .-\n")
    kind = {1: {"<=": "upperbound", ">=": "lowerbound"}.get(tile.op, "fixed")}.get(len(tile.terms), "linear")
    return Row(tile.terms, tile.op, tile.right, words, kind, kind, tile.strict, distance=tile.distance)
