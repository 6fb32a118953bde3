"""A sentence cut into stretches, each read on its own: what one of a thing takes, what there is, a relation, scenery.

The cuts are tried at commas and conjunctions, the fewest first; two different readings with as few cuts are none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from quod.translators.controlled.milp.entities import Entities
from quod.translators.controlled.milp.lexicon import VERBS
from quod.translators.controlled.milp.limiting import limiting
from quod.translators.controlled.milp.signs import signs
from quod.translators.controlled.milp.supply import Limit, read_limits
from quod.translators.controlled.milp.tables import Table, content, read_tables
from quod.translators.controlled.milp.tiles import Tile
from quod.translators.controlled.milp.tokens import Sentence

__all__ = ["Stretches", "read_stretches"]

_MOST = 14
_CUTS = frozenset({",", ":", "(", ")", "and", "but", "while", "whereas", "with", "so"})
# What a stretch without numbers may begin with: it hangs on another, or says why, when, where; "and stools" does not.
_OPENERS = frozenset(
    """which who whose where because since as although though so they she he it this that in on at for to under over
    during by from according due given measured counted however moreover furthermore also finally additionally lastly
    likewise similarly besides otherwise thus hence therefore then suppose according based among with having being
    namely owing thanks once of""".split()
)
_VERBAL = VERBS | frozenset("is are was be can cannot could must should may will shall has have wants want".split())
_MODALS = frozenset("cannot can must should may will shall needs has have is are".split())
_COMPARING = frozenset("at no up exactly not only more less fewer".split())
_IDLE = frozenset("can could may will need needs should".split())


@dataclass
class Stretches:
    """What a sentence tells, stretch by stretch."""

    tables: list[Table] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    numbers: int = 0
    hangs: bool = False
    """Whether it is a limit of what was told right before: *…, must reach at least 18*."""


def read_stretches(
    sentence: Sentence,
    entities: Entities,
    known: frozenset[str],
    relations: Callable[[Sentence], list[Tile]],
) -> Stretches | None:
    """The only reading of the sentence with the fewest cuts, or None."""
    tokens = sentence.tokens
    cuts = [k for k, t in enumerate(tokens) if t.low in _CUTS and k > 0]
    cuts = sorted({k for k in cuts if not (k - 1 in cuts and tokens[k].low in {"and", "but", "while"})})
    if len(cuts) > _MOST:
        return None
    ends = [0, *cuts, len(tokens)]
    found: dict[tuple[int, int], Stretches | None] = {}

    def piece(low: int, high: int) -> Stretches | None:
        if (low, high) not in found:
            found[low, high] = _piece(_slice(sentence, low, high), entities, known, relations)
        return found[low, high]

    best: dict[int, tuple[int, list[list[Stretches]]]] = {0: (0, [[]])}
    for j in range(1, len(ends)):
        for i in range(j):
            if ends[i] not in best or ends[i] == ends[j]:
                continue
            read = piece(ends[i], ends[j])
            if read is None:
                continue
            count, ways = best[ends[i]]
            told = count + 1
            new = [[*way, read] for way in ways]
            if ends[j] not in best or told < best[ends[j]][0]:
                best[ends[j]] = (told, new)
            elif told == best[ends[j]][0]:
                best[ends[j]][1].extend(new)
    if len(tokens) not in best:
        return None
    ways = best[len(tokens)][1]
    joined = [_joined(way) for way in ways[:20] if _hanging(way)]
    if not joined:
        return None
    first = joined[0]
    if any(_shape(other) != _shape(first) for other in joined[1:]):
        return None
    return first


def _hanging(way: list[Stretches]) -> bool:
    """Whether each limit without a subject stands right behind the one table that it is of."""
    way = [read for read in way if read.tables or read.limits or read.tiles]
    for n, read in enumerate(way):
        if read.hangs and not (n and len(way[n - 1].tables) == 1 and len(read.limits) == 1 and not way[n - 1].limits):
            return False
    return True


def _shape(read: Stretches) -> object:
    """What matters of a reading: not where its words end."""
    return (
        [(t.amounts, t.money) for t in read.tables],
        [(v.op, v.value, v.unit) for v in read.limits],
        read.tiles,
    )


def _joined(way: list[Stretches]) -> Stretches:
    out = Stretches()
    for read in way:
        if read.hangs:  # a limit of the table right before it
            table = out.tables[-1]
            words = table.about | content(table.unit)
            out.limits += [replace(limit, about=limit.about | words) for limit in read.limits]
        else:
            out.limits += read.limits
        out.tables += read.tables
        out.tiles += read.tiles
        out.numbers += read.numbers
    return out


def _slice(sentence: Sentence, low: int, high: int) -> Sentence:
    """The stretch of the sentence, without the mark or conjunction it begins with."""
    tokens = sentence.tokens
    while low < high and tokens[low].low in _CUTS - {"with"}:
        low += 1
    while high > low and tokens[high - 1].kind == "mark":
        high -= 1
    own = tokens[low:high]
    if not own:
        return Sentence([], "", sentence.start)
    base = sentence.start
    return Sentence(own, sentence.text[own[0].start - base : own[-1].end - base], own[0].start)


def _piece(
    part: Sentence, entities: Entities, known: frozenset[str], relations: Callable[[Sentence], list[Tile]]
) -> Stretches | None:
    if not part.tokens:
        return Stretches()
    row, danger = signs(part, entities, set())
    numbers = sum(1 for s in row if s.kind in "NT")
    if not numbers and not any(t.value is not None and not t.text[:1].isalpha() for t in part.tokens):
        if danger or any(s.kind in "DOXMRFPQ%?" for s in row):
            return None
        first = part.tokens[0].low
        hangs = first in _OPENERS or (len(part.tokens) < 3 and first.endswith("ly"))
        things = any(s.kind == "E" for s in row) and first not in {"because", "since", "as", "although", "though"}
        binds = {w.lower() for w in limiting(part.tokens)} - _IDLE
        return None if binds or things or not hangs else Stretches()
    tables = read_tables(part, entities)
    if tables:
        return Stretches(tables=tables, numbers=numbers)
    tiles = relations(part)
    limits = read_limits(part, entities, known)
    if tiles and limits:
        return None
    if tiles:
        return Stretches(tiles=tiles, numbers=numbers)
    first = part.tokens[0].low
    verbs = any(t.low in _VERBAL for t in part.tokens)
    if first in _COMPARING and not verbs:
        return None  # "but no more than 24 seats": of which?
    return Stretches(limits=limits, numbers=numbers, hangs=first in _MODALS) if limits else None
