"""Whether the things are measured, and may come in fractions, or counted in whole numbers."""

from __future__ import annotations

from quod.translators.controlled.milp.entities import Entities, mentions
from quod.translators.controlled.milp.tokens import Sentence

__all__ = ["divisible"]

_UNITS = frozenset(
    "acre hectare kg kilogram kilo gram g pound lb ton tonne liter litre gallon ounce oz ml meter metre foot".split()
)
_LENGTHS = frozenset("foot ft meter metre yard inch km kilometer kilometre".split())
_TIMES = frozenset("hour minute".split())


def divisible(said: list[Sentence], entities: Entities) -> bool:
    """Whether the text measures the things: ``per kg``, ``an acre of A``, ``how many hours``, ``how much of each``."""
    plural = {t.stem for s in said for t in s.tokens if t.low.endswith("s") and t.stem != t.low}
    return any(_measures(sentence, {m.start for m in mentions(sentence, entities)}, plural) for sentence in said)


def _measures(sentence: Sentence, starts: set[int], plural: set[str]) -> bool:
    stems = [t.stem for t in sentence.tokens]
    lows = [t.low for t in sentence.tokens]
    if {"partial", "fractional", "fractions"} & set(stems):
        return True
    numbers = any(t.value is not None for t in sentence.tokens)
    for k, word in enumerate(stems[:-1]):
        after = stems[k + 1]
        unit = after in _UNITS
        end = k + 2
        if after in {"square", "sq"} and stems[k + 2 : k + 3] and stems[k + 2] in _LENGTHS:
            unit, end = True, k + 3
        of = lows[end : end + 1] == ["of"]
        at = end + 1 + (lows[end + 1 : end + 2] == ["the"])
        if unit and numbers and word == "per" and (not of or at in starts):
            return True
        if unit and numbers and lows[k] in {"one", "1", "a", "an", "each"} and of and at in starts:
            return True
        if after in _TIMES and (
            (word == "per" and {"operate", "run", "running"} & set(lows[:k]))
            or (lows[k - 1 : k + 1] in (["for", "an"], ["for", "one"]) and {"running", "operating"} & set(lows[:k]))
        ):
            return True  # "costs $80 to operate per hour": hours are measured
        if lows[k] == "many" and (unit or after in _TIMES):
            return True
        if lows[k : k + 4] == ["how", "much", "of", "each"] and not plural & set(stems[k + 4 : k + 6]):
            return True  # "how much of each soil", but not "of each cake" where cakes are counted
    return False
