"""Adjectives that compare: which scale a word speaks of, and which end of it.

``taller``, ``shorter``, ``the tallest`` and ``less tall`` all speak of height. A word that is not in the table makes a
scale of its own, which has no other word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from quod.translators.controlled.fol.lexicon import CLOSED
from quod.translators.controlled.fol.symbols import Unread

__all__ = ["Form", "Grade", "comparative", "grade", "is_comparing"]

Form = Literal["plain", "comparative", "superlative"]


@dataclass(frozen=True, slots=True)
class Grade:
    """A word's scale; ``low`` if it points to the scale's low end; ``known`` if it stands in the table."""

    scale: str
    low: bool
    known: bool = True


# For each scale: the words of its high end and of its low end, then other words of its high end.
_GRADES = {
    "age": (("old", "older", "oldest", "young", "younger", "youngest"), ("new", "newer", "newest")),
    "price": (("expensive", "", "", "cheap", "cheaper", "cheapest"), ("costly", "costlier", "costliest")),
    "height": (("tall", "taller", "tallest", "short", "shorter", "shortest"), ("high", "higher", "highest")),
    "size": (("big", "bigger", "biggest", "small", "smaller", "smallest"), ("large", "larger", "largest")),
    "weight": (("heavy", "heavier", "heaviest", "light", "lighter", "lightest"), ()),
    "speed": (("fast", "faster", "fastest", "slow", "slower", "slowest"), ("quick", "quicker", "quickest")),
    "length": (("long", "longer", "longest"), ()),
    "time": (("late", "later", "latest", "early", "earlier", "earliest"), ()),
    "merit": (("good", "better", "best", "bad", "worse", "worst"), ()),
    "wealth": (("rich", "richer", "richest", "poor", "poorer", "poorest"), ("wealthy", "wealthier", "wealthiest")),
    "strength": (("strong", "stronger", "strongest", "weak", "weaker", "weakest"), ()),
    "temperature": (("hot", "hotter", "hottest", "cold", "colder", "coldest"), ("warm", "warmer", "warmest")),
    "width": (("wide", "wider", "widest", "narrow", "narrower", "narrowest"), ()),
    "depth": (("deep", "deeper", "deepest", "shallow", "shallower", "shallowest"), ()),
}
_SHORT = ("short", "shorter", "shortest")
_FORMS: tuple[Form, ...] = ("plain", "comparative", "superlative")
_ENDING: dict[Form, str] = {"plain": "", "comparative": "er", "superlative": "est"}


def _tables() -> dict[Form, dict[str, Grade]]:
    found: dict[Form, dict[str, Grade]] = {form: {} for form in _FORMS}
    for scale, (forms, more) in _GRADES.items():
        # "new" goes with "young"; the other further words with their scale's high end
        groups = [(forms[:3], False), (forms[3:], True), (more, scale == "age")]
        for words, low in groups:
            for form, word in zip(_FORMS, words, strict=False):
                if word:
                    found[form][word] = Grade(scale, low)
    return found


_KNOWN = _tables()
_GRADED = frozenset(word for table in _KNOWN.values() for word in table)
_BEST = {"best": "better", "worst": "worse"}
_NO_GRADE = frozenset(
    "honest modest earnest west east priest guest forest tempest harvest conquest quest request interest protest "
    "contest chest nest crest arrest vest pest jest zest test inquest digest unrest behest bequest fest".split()
)
"""Words on -est that compare nothing."""


def is_comparing(word: str, *forms: Form) -> bool:
    """Whether this is a comparative or a superlative of the table, or one of the forms asked for."""
    return any(word in _KNOWN[form] for form in forms or ("comparative", "superlative"))


def comparative(superlative: str) -> str:
    """``tallest`` → ``taller``."""
    return _BEST.get(superlative, superlative.removesuffix("st") + "r")


def grade(word: str, form: Form, text: frozenset[str]) -> Grade:
    """The scale of a word in this form, in a text of these words (all lower case). Raises Unread if there is none."""
    if word in _SHORT and text & {"long", "longer", "longest"}:
        if text & {"tall", "taller", "tallest", "high", "higher", "highest"}:
            raise Unread(word, "is this the opposite of 'tall' or of 'long'?")
        return Grade("length", low=True)
    if known := _KNOWN[form].get(word):
        return known
    ending = _ENDING[form]
    stem = word.removesuffix(ending)
    misleading = word in CLOSED | _GRADED or (form == "superlative" and word in _NO_GRADE)
    if misleading or not word.endswith(ending) or len(stem) < 3:
        raise Unread(word, "this is no scale that is known")
    return Grade(stem, low=False, known=False)
