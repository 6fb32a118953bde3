"""Amounts of the same resource found together: one of each thing, the most alike."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from quod.translators.controlled.milp.entities import Entities
from quod.translators.controlled.milp.lexicon import COST, GAIN, GENERIC, VERB_STEMS
from quod.translators.controlled.milp.reading import Amount, Reading
from quod.translators.controlled.milp.tokens import alike

__all__ = ["Resource", "money_class", "overlap", "resources"]


@dataclass
class Resource:
    """Amounts of one thing, one for each entity."""

    amounts: list[Amount]
    used: bool = False
    per: frozenset[str] = frozenset()
    """What the things are counted or measured by."""

    @property
    def after(self) -> frozenset[str]:
        return frozenset().union(*(a.after for a in self.amounts))

    @property
    def before(self) -> frozenset[str]:
        return frozenset().union(*(a.before for a in self.amounts))

    @property
    def matter(self) -> frozenset[str]:
        return frozenset().union(*(a.matter for a in self.amounts))

    @property
    def flavour(self) -> str:
        return self.amounts[0].flavour

    @property
    def coefficients(self) -> dict[int, Fraction]:
        return {a.entity: a.value for a in self.amounts}

    @property
    def name(self) -> str:
        nouns = (
            sorted(self.after - GENERIC)
            or sorted((self.after | self.before) & (COST | GAIN))
            or sorted(self.after)
            or sorted(self.before)
        )
        return "_".join(nouns[:2]) or "amount"


def _weight(word: str) -> float:
    return 0.35 if word in GENERIC else 1.0


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Summed weight of the words of ``a`` that have a like in ``b``."""
    return sum(_weight(w) for w in a if any(alike(w, v) for v in b))


def similarity(a: Amount, b: Amount) -> float:
    """How likely two amounts are of the same resource; negative where they cannot be."""
    if (a.flavour == "money") != (b.flavour == "money") or (a.flavour == "percent") != (b.flavour == "percent"):
        return -1.0
    mine = a.after - GENERIC - VERB_STEMS | a.matter - GENERIC
    yours = b.after - GENERIC - VERB_STEMS | b.matter - GENERIC
    if mine and yours and not overlap(mine, yours):
        return -1.0  # kilograms of two different things
    total = sum(map(_weight, a.after)) + sum(map(_weight, b.after))
    same = (overlap(a.after, b.after) + overlap(b.after, a.after)) / total if total else 0.3
    leads = sum(map(_weight, a.before)) + sum(map(_weight, b.before))
    lead = (overlap(a.before, b.before) + overlap(b.before, a.before)) / leads if leads else 0.0
    both = money_class(a) * money_class(b)
    if both < 0:
        return -1.0
    return 2 * same + lead + 0.4 * both


def money_class(a: Amount) -> int:
    """1 for what is earned, -1 for what is spent, 0 for what is neither or both."""
    if a.flavour not in {"money", "percent"}:
        return 0
    words = a.after | a.before
    gain, cost = bool(words & GAIN), bool(words & COST)
    return 1 if gain and not cost else -1 if cost and not gain else 0


def resources(reading: Reading, entities: Entities, problems: list[str]) -> list[Resource]:
    """Group the amounts: one of each entity, the most alike together."""
    many = len(entities.names)
    of: list[list[Amount]] = [[a for a in reading.amounts if a.entity == e] for e in range(many)]
    of = [_once(list_) for list_ in of]
    found = [Resource([a]) for a in of[0]]
    left: list[Amount] = []
    for e in range(1, many):
        pairs = sorted(
            ((similarity(r.amounts[0], b) + 0.05 * (i == j) - 0.01 * abs(i - j), -abs(i - j), i, j)
             for i, r in enumerate(found) for j, b in enumerate(of[e])), reverse=True)  # fmt: skip
        taken_r: set[int] = set()
        taken_b: set[int] = set()
        for score, _, i, j in pairs:
            if i in taken_r or j in taken_b or score < 0.3:
                continue
            taken_r.add(i)
            taken_b.add(j)
            found[i].amounts.append(of[e][j])
        left += [b for j, b in enumerate(of[e]) if j not in taken_b]
    full = [r for r in found if len(r.amounts) == many]
    part = [r for r in found if len(r.amounts) < many]
    alone = [r for r in part if _own_limit(r, full, part, reading)]
    problems += [r.amounts[0].words for r in part if r not in alone]
    problems += [b.words for b in left if not _own_limit(Resource([b]), full, part, reading)]
    return [*full, *alone, *(Resource([b]) for b in left if _own_limit(Resource([b]), full, part, reading))]


def _own_limit(r: Resource, full: list[Resource], part: list[Resource], reading: Reading) -> bool:
    """Whether a limit speaks of just this resource, of which some things use nothing: salmon for salmon pies."""
    nouns = r.after - GENERIC - VERB_STEMS
    others = [o.after - GENERIC - VERB_STEMS for o in [*full, *part] if o is not r and o.amounts != r.amounts]
    if not nouns or r.flavour or any(nouns <= o or o <= nouns for o in others if o):
        return False
    return sum(nouns <= limit.head for limit in reading.limits) == 1


def _once(amounts: list[Amount]) -> list[Amount]:
    """The same amount said twice is one amount."""
    out: list[Amount] = []
    for a in amounts:
        twin = next(
            (
                b
                for b in out
                if b.value == a.value and b.flavour == a.flavour and a.after == b.after and a.before == b.before
            ),
            None,
        )
        if twin is None:
            out.append(a)
    return out
