"""What keeps a statement from being about the things themselves: others, each of many, losses, yields, permissions."""

from __future__ import annotations

import itertools

from quod.translators.controlled.milp.comparing import NEGATIONS, Comparing
from quod.translators.controlled.milp.converting import told_apart
from quod.translators.controlled.milp.entities import Mention
from quod.translators.controlled.milp.lexicon import FUNCTION, GENERIC, MEASURES, NEEDS, VERBS
from quod.translators.controlled.milp.scanner import CLASS, TIMES_OF, Chunk
from quod.translators.controlled.milp.tokens import stem

__all__ = ["IMPOSES", "Strangers"]

# Who does one of these sets a limit on the things, whoever he is.
IMPOSES = frozenset(
    "expect expects expected promise promises promised insist insists allow allows allowed permit permits say says "
    "state states demand demands demanded ask asks asked advise advises recommend recommends want wants need needs "
    "require requires required order ordered tolerate tolerates lets dictate dictates specify specifies".split()
)
_MAY = frozenset("may could".split())
_HOLDS = frozenset("supply provide hold store accommodate take fit absorb".split())
_GIVES = frozenset("provides provide supplies stocks estimates estimate".split())
_PERMITS = frozenset("allow allows allowed permit permits permitted support supports lets tolerate tolerates".split())
_LOSES = frozenset("waste burn lose repair wash discard destroy return donate give rent own".split())
_LOST = frozenset(
    "wasted burned burnt lost washed returned discarded destroyed donated trained repaired off leave raise "
    "bought stolen broken owns owned loaded".split()
)
_RULES = frozenset(
    stem(w)
    for w in "regulations rules laws restrictions requirements guidelines sales demands constraints limits "
    "customers clients policies".split()
)
_SIZES = frozenset(
    "kg kilogram kilo gram g ton tonne liter litre l ml pound lb ounce oz gallon meter metre cm mile".split()
)
_MANY = frozenset("people men women children kids".split())
# What is done to money, hours and what things give: *must earn twice as much as* compares no numbers of things.
_YIELDS = frozenset(
    "earn earns pay pays paid spend spends spent cost costs weigh weighs bring brings see sees "
    "hour hours minute minutes pay space revenue profit".split()
)
_COMPARES = frozenset("exceed exceeds compared outnumber equal".split())
# What may stand behind a name and still be of the thing: *table demand*, *chair production*.
_OF_THEM = frozenset(stem(w) for w in "demand production output sale limit amount investment".split())


# What may stand behind "as many" and "number of" before the things are named.
_NO_THING = frozenset("of the a total all people as".split())


class Strangers(Comparing):
    """Doubts about bounds, comparisons and totals."""

    def _of_others(self, k: int, entity: int, op: tuple[str, bool], chunk: Chunk) -> bool:
        """Whether a bound is one of somebody else's, of each of many, a permission, or of things that are lost."""
        before = [t.low for t in self.tokens[chunk.start : k]]
        after = [t.low for t in self.tokens[k + 1 : chunk.end]]
        if op[0] == ">=" and self._permission(before, after, op[1]):
            return True
        some = before[:1] in (["all"], ["most"], ["some"], ["many"])
        if some and self.tokens[chunk.start + 1].stem not in self.nouns:
            return True
        if {"buy", "keep", "order"} & set(before) and "for" in after:
            return True  # bought for the office, not to be sold
        if any(a == "for" and b.endswith("ing") for a, b in itertools.pairwise(after)) or "want" in after:
            return True  # made for testing; want to work
        apiece = any(a in {"each", "apiece"} and stem(b) not in TIMES_OF for a, b in itertools.pairwise([*after, ""]))
        if apiece or any(a == "per" and stem(b) not in TIMES_OF | self.nouns for a, b in itertools.pairwise(before)):
            return True
        if {"expect", "expects", "expected"} & set(before) and "to" in after:
            return after[after.index("to") + 1 : after.index("to") + 2] != ["be"]  # at least 20 to come back
        rivals = [m for m in self.found if chunk.start <= m.start < chunk.end and m.entity != entity]
        if any(m.start < k or self.tokens[m.start - 1].low in {"a", "an", "each", "every"} for m in rivals):
            return True  # doctors need at least 4 nurses; 4 nurses must assist a doctor
        mine = [m for m in self.found if chunk.start <= m.start < chunk.end and m.entity == entity]
        compound = not any(m.start > k for m in mine) and any(self._heads_another(m) for m in mine)
        return compound or self._of_many(chunk, k) or self._lost(k, chunk) or self._otherwise_measured(k, chunk)

    def _permission(self, before: list[str], after: list[str], more_than: bool) -> bool:
        """``the law permits more than 30``, ``room for at least 4``, ``could take 20``: none of them is needed."""
        said = set(before) | set(after)
        able = "can" in before and set(before) & _HOLDS
        there = after[-1:] == ["available"] or {"room", "space"} & set(before) or able
        given = set(before) & _GIVES and not said & {"must", "should"}
        asked = more_than and said & {"can", "demand"}
        return bool(set(before) & _PERMITS or said & _MAY or there or given or asked or "can" in after)

    def _lost(self, k: int, chunk: Chunk) -> bool:
        """``must waste at most 20``, ``at least 12 must be washed``, ``other schools want``: nothing to decide."""
        before = {t.low for t in self.tokens[chunk.start : k]}
        after = {t.low for t in self.tokens[k + 1 : chunk.end]}
        return bool(before & (_LOSES | _LOST) or after & _LOST or {"other", "others", "another"} & before)

    def _otherwise_measured(self, k: int, chunk: Chunk) -> bool:
        """Whether the number has a unit that the things are not counted by, or counts them by the hour."""
        unit = self.tokens[k + 1].stem if k + 1 < chunk.end else ""
        by_the_hour = self.tokens[chunk.end - 1].low in {"hour", "minute"} - self.nouns
        return bool({unit} & _SIZES - self.per - self.nouns) or told_apart(unit, self.per) or by_the_hour

    def _no_limit_of_theirs(self, k: int, chunk: Chunk, everything: bool, op: str) -> bool:
        """Whether a limit on a total is of what is lost, of kinds, in another unit, or one that may be."""
        behind = {t.low for t in self.tokens[k + 1 : chunk.end]}
        kinds = k + 1 < chunk.end and self.tokens[k + 1].stem in CLASS and "of" in behind
        may = op == ">=" and {t.low for t in self.tokens[chunk.start : chunk.end]} & {"may", "could"}
        return kinds or bool(may) or self._lost(k, chunk) or (everything and self._otherwise_measured(k, chunk))

    def _for_each_behind(self, k: int, chunk: Chunk) -> bool:
        """``300 gallons of water per machine``: of each of them, unless everything is told by it."""
        for i in range(k + 1, chunk.end - 1):
            if self.tokens[i].low in {"each", "every", "per"}:
                what = self.tokens[i + 1].stem
                common = self.rates[what] > 2 or self.tokens[i - 1].low in {"after", "before", "during"}
                if not common and what not in TIMES_OF | self.nouns | self.per:
                    return True
        return False

    def _of_many(self, chunk: Chunk, k: int) -> bool:
        """``Schools need at least 2``, ``the wards require at least 2``: each of them, or all together?"""
        for i in range(chunk.start, k):
            token = self.tokens[i]
            if token.low in IMPOSES | {"must", "should", "have", "contain", "hold", "fit"}:
                who = self.tokens[i - 1] if i > chunk.start else None
                if who is None or who.kind != "word":
                    return False
                plural = (who.low.endswith("s") and who.stem != who.low) or who.low in _MANY
                named = any(m.start < i <= m.end for m in self.found)
                return plural and not named and who.stem not in self.nouns | _RULES
        return False

    def _heads_another(self, m: Mention) -> bool:
        """Whether the name stands before another noun: *doll paint*, *nurse rooms*."""
        after = self.tokens[m.end] if m.end < len(self.tokens) else None
        return (
            after is not None
            and after.kind == "word"
            and after.value is None
            and after.low not in FUNCTION | VERBS | NEEDS | NEGATIONS | _COMPARES
            and after.stem not in self.nouns | GENERIC | MEASURES | TIMES_OF | _OF_THEM
        )

    def _of_yields(self, low: int, high: int) -> bool:
        """Whether a comparison is of what the things cost, use or give: *twice as much paint for A as for B*."""
        if self.reading.money:
            return False
        inside = {i for m in self.found for i in range(m.start, m.end)}
        starts = {m.start for m in self.found}
        counted = self.nouns | self.counted | self.per
        for i in range(low, high):
            token = self.tokens[i]
            if i in inside or token.kind != "word":
                continue
            if token.low in _YIELDS - self.nouns or token.stem in (self.measured | self.matters) - MEASURES - counted:
                return True
            after = self.tokens[i + 1] if i + 1 < high else None
            lead = [t.low for t in self.tokens[max(low, i - 1) : i + 1]]
            if lead in (["as", "many"], ["as", "much"], ["number", "of"]) and after is not None and i + 1 not in starts:
                thing = after.stem in counted | MEASURES or after.low in _NO_THING
                if not thing and not any(i < start <= i + 3 for start in starts):
                    return True  # as many stores sell A as B; as much as
        return any(self._heads_another(m) for m in self.found if low <= m.start < high)
