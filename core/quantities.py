"""The numbers that a text in English states, each with its place and every value it may be taken for.

"30%" may enter a model as 30 or as 3/10, "a third" as 1/3, "two dozen" as 24 or as 2 and 12, "1,200" as 1200.
Ordinals, years in names and the like are numbers too: that a number *should* appear in a formal text is for the
caller to decide, that it *may* is decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Quantity", "canonical", "find_quantities", "quantities"]


@dataclass(frozen=True)
class Quantity:
    """A number as it stands in a text."""

    words: str
    start: int
    end: int
    values: tuple[Fraction, ...]
    """Every value it may stand for, the plainest first."""


_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: value
    for value, word in zip(
        range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_OTHERS = {
    "dozen": Fraction(12),
    "half": Fraction(1, 2),
    "halves": Fraction(1, 2),
    "third": Fraction(1, 3),
    "thirds": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "quarters": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "fifths": Fraction(1, 5),
    "tenth": Fraction(1, 10),
    "tenths": Fraction(1, 10),
    "once": Fraction(1),
    "twice": Fraction(2),
    "double": Fraction(2),
    "doubled": Fraction(2),
    "thrice": Fraction(3),
    "triple": Fraction(3),
    "tripled": Fraction(3),
    "both": Fraction(2),
    "pair": Fraction(2),
}
_WORD = "|".join(sorted([*_UNITS, *_TENS, *_SCALES, *_OTHERS], key=len, reverse=True))
_NUMERAL = re.compile(
    r"(?<![\w.])(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?P<fraction>\.\d+)?"
    r"(?:\s*/\s*(?P<below>\d+))?(?P<exponent>[eE][+-]?\d{1,3})?\s*(?P<percent>%|percent\b|per\s+cent\b)?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    rf"\b(?:{_WORD})(?:(?:[\s-]+(?:and[\s-]+)?)(?:{_WORD}))*\b(?P<percent>\s+(?:percent|per\s+cent)\b)?", re.IGNORECASE
)
_STRAIGHTEN = str.maketrans("‐‑–−", "----")


def find_quantities(text: str) -> list[Quantity]:
    """Every number of a text, in order."""
    text = text.translate(_STRAIGHTEN)
    found: list[Quantity] = []
    for match in _NUMERAL.finditer(text):
        if not (match["whole"] or match["fraction"]):
            continue
        value = Fraction((match["whole"] or "0").replace(",", "") + (match["fraction"] or ""))
        values = [value]
        if match["exponent"]:
            values = [value * Fraction(10) ** int(match["exponent"][1:])]
        if match["below"]:
            below = Fraction(match["below"])
            values = [*([value / below] if below else []), value, below]
        found.append(_quantity(match, values))
    found += [_quantity(match, _spelt(re.split(r"[\s-]+", match[0].lower()))) for match in _WORDS.finditer(text)]
    return sorted(found, key=lambda q: q.start)


def quantities(text: str) -> list[str]:
    """Every value that any number of the text may stand for, in canonical form."""
    return [canonical(value) for quantity in find_quantities(text) for value in quantity.values]


def canonical(value: Fraction) -> str:
    """``3``, ``-1/2``: a reduced fraction, the form in which numbers are compared."""
    return str(value)


def _quantity(match: re.Match[str], values: list[Fraction]) -> Quantity:
    if match["percent"]:
        values = [*values, *(value / 100 for value in values), *(1 + value / 100 for value in values)]
    words = match[0].strip()
    return Quantity(words, match.start(), match.start() + len(words), tuple(dict.fromkeys(values)))


def _spelt(words: list[str]) -> list[Fraction]:
    """The value of spelt words taken together, then of each part that is a number by itself."""
    total, group = Fraction(0), Fraction(0)
    parts: list[Fraction] = []
    for word in words:
        if word in _UNITS or word in _TENS:
            value = Fraction(_UNITS.get(word, _TENS.get(word, 0)))
            group += value
        elif word in _SCALES:
            value = Fraction(_SCALES[word])
            group = (group or Fraction(1)) * value
            if value >= 1000:
                total, group = total + group, Fraction(0)
        elif word in _OTHERS:
            value = _OTHERS[word]
            group = (group or Fraction(1)) * value
        else:  # "and", "percent", "per", "cent"
            continue
        parts.append(value)
    # "twenty-five" is 25 and nothing else; "two thirds" may also enter a model as 2 and 1/3
    separate = parts if any(word in _OTHERS for word in words) else []
    return list(dict.fromkeys([total + group, *separate]))
