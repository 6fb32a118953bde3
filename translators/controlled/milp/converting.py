"""Two units of one dimension in a text: told in one of them, or told apart, where that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

__all__ = ["counted_apart", "one_unit", "told_apart"]

_KILO = r"kg|kilograms?|kilos?"
_GRAM = r"grams?|g"
_LITRE = r"lit(?:er|re)s?|l"
_MILLI = r"ml|millilit(?:er|re)s?"
_METRE = r"met(?:er|re)s?|m"
_CENTI = r"cm|centimet(?:er|re)s?"
_HOUR = r"hours?|hrs?"
_MINUTE = r"minutes?|mins?"
# The larger unit, the smaller one, and how many of the smaller are one of the larger.
_PAIRS: tuple[tuple[str, str, int], ...] = (
    (_HOUR, _MINUTE, 60),
    (_KILO, _GRAM, 1000),
    (_LITRE, _MILLI, 1000),
    (_METRE, _CENTI, 100),
)
_NUMBER = r"(?<![\w.,$-])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_EACH = r"(?:per|each|every|an?|one|half|of\s+an?)"
_CENTS = re.compile(rf"{_NUMBER}\s*(?:cents?|¢)(?!\w)", re.IGNORECASE)


def one_unit(text: str) -> Iterator[tuple[str, str]]:
    """What to write for what, so that only the smaller unit is left: *8 hours* beside minutes are 480 minutes.

    Nothing for a pair of units if the larger one is used in any other way (*per hour*, *an hour*, *how many hours*):
    rates and things counted by it are not converted.
    """
    for large, small, factor in _PAIRS:
        said = re.search(rf"{_NUMBER}\s*({small})\b", text, re.IGNORECASE)
        places = list(re.finditer(rf"{_NUMBER}\s*(?:{large})\b(?!-)", text, re.IGNORECASE))
        used = re.findall(rf"(?<![\w'’])(?:{large})(?![\w'’])", _without_numbers(text), re.IGNORECASE)
        rate = re.search(rf"\b{_EACH}\s+(?:{small})\b", text, re.IGNORECASE)
        if not said or not places or used or rate:
            continue
        for place in places:
            value = Fraction(place[1].replace(",", "")) * factor
            if value.denominator == 1:
                yield place[0], f"{value} {said[2]}"
    if "$" in text and not re.search(rf"\b{_EACH}\s+cents?\b", text, re.IGNORECASE):
        for place in _CENTS.finditer(text):
            value = Fraction(place[1].replace(",", "")) / 100
            yield place[0], f"${float(value):g}"


def _without_numbers(text: str) -> str:
    """The text without what is numbered: *8 hours*, *2.5 kg*."""
    units = "|".join(unit for pair in _PAIRS for unit in pair[:2])
    return re.sub(rf"{_NUMBER}\s*(?:{units})\b(?!-)", " ", text, flags=re.IGNORECASE)


def told_apart(unit: str, per: frozenset[str]) -> bool:
    """Whether a unit and one of those the things are counted by are two of one dimension."""
    for large, small, _ in _PAIRS:
        for a, b in ((large, small), (small, large)):
            if re.fullmatch(a, unit) and any(re.fullmatch(b, other) for other in per - {unit}):
                return True
    return False


def counted_apart(text: str, units: set[str]) -> bool:
    """Whether the larger of two units only counts the things (*each kilogram of feed has 30 grams of protein*).

    Then every amount of the larger is of something that no amount of the smaller is of.
    """
    for large, small, _ in _PAIRS[1:]:
        if not all(re.fullmatch(f"{large}|{small}", unit, re.IGNORECASE) for unit in units):
            continue
        counts = re.search(rf"\b(?:each|per|every|an?|one)\s+(?:{large})\b", text, re.IGNORECASE)
        rate = re.search(rf"\b(?:{_EACH}|many)\s+(?:{small})\b", text, re.IGNORECASE)
        if not counts or rate:
            return False
        mine = re.findall(rf"{_NUMBER}\s*(?:{large})\b(?:\s+of\s+(?:the\s+)?([a-z]+))?", text, re.IGNORECASE)
        theirs = re.findall(rf"{_NUMBER}\s*(?:{small})\b(?:\s+of\s+(?:the\s+)?([a-z]+))?", text, re.IGNORECASE)
        whose, of = {b.lower() for _, b in mine}, {b.lower() for _, b in theirs}
        things = re.findall(
            rf"\b(?:each|per|every|an?|one)\s+(?:{large})\s+of\s+(?:the\s+)?([a-z]+)", text, re.IGNORECASE
        )
        return "" not in whose and not whose & of and not {thing.lower() for thing in things} & of
    return False
