"""What keeps a relation from being read though its signs fit: words that make it one of something else."""

# ruff: noqa: E501 - closed classes stand in long lines

from __future__ import annotations

import re
from collections import Counter

from quod.translators.controlled.milp.entities import Entities, mentions
from quod.translators.controlled.milp.lexicon import FUNCTION, GENERIC, VERBS
from quod.translators.controlled.milp.tokens import Sentence, alike, stem

__all__ = ["among_others", "elsewhere", "restricted", "strange", "whole_of", "words_of"]


_PLAIN = frozenset(
    stem(form)
    for w in "unit point resource allocation amount number quantity level score effectiveness "
    "effort output performance "
    "target capacity limit limitation constraint requirement bound specific specifically additionally "
    "furthermore similarly "
    "lastly finally combined strength value quota threshold demand minimum maximum contribution hand "
    "allowable allowed requirement viable viability balance balanced moreover hence restriction factor term equivalent "
    "individual individually due regulatory operational physical budget budgetary logistical practical strategic "
    "sum times difference usage item dedicate category distribution "
    "count go goes compare compared devote assign spend "
    "condition company manager investor farmer thus second third first whole integer upper lower excess overall "
    "respective certain particular portfolio diversification diversity need standard".split()
    for form in (w, f"{w}d", f"{w}ed")
)

_OF = frozenset("of for in from on by to across between".split())


def strange(sentence: Sentence, entities: Entities, said: Counter[str]) -> str:
    """A word that is measured or counted here and nowhere else in the text: years of age, workers, a weight."""
    tokens = sentence.tokens
    inside = {i for m in mentions(sentence, entities) for i in range(m.start, m.end)}

    def known(k: int) -> bool:
        token = tokens[k]
        return (
            k in inside
            or token.kind != "word"
            or token.low in FUNCTION
            or token.low in VERBS
            or token.stem in _PLAIN | entities.shared
            or said[token.stem] > 1
            or (len(token.stem) > 4 and any(w != token.stem and alike(w, token.stem) for w in said))
        )

    for k, token in enumerate(tokens):
        behind = k + 1 < len(tokens) and token.value is not None and not known(k + 1)
        done = k > 0 and tokens[k - 1].low.endswith("ed")  # hired for X, enrolled in Y
        before = token.low in _OF and k > 0 and not (known(k - 1) or done) and k + 1 < len(tokens)
        if behind or (before and ({k + 1, k + 2, k + 3} & inside or tokens[k + 1].low in {"both", "all", "these"})):
            return tokens[k + 1 if behind else k - 1].text
        if token.low in {"lasts", "old", "age", "takes"} and said[token.stem] == 1:
            return token.text
    return ""


_WHOLES = frozenset(
    "blend mixture mix total whole fleet allocation allocations resources units production generation".split()
)
_WHOLE = re.compile(
    r"\bof (?:the )?(?:(?:total|entire|whole|all)(?: the)? (?:planted |combined )?)?([a-z]+)\b", re.IGNORECASE
)


def whole_of(part: Sentence, entities: Entities) -> bool:
    """Whether a share is one of all the things: *of all agents*, *of the blend*; not *of the total cost*."""
    said = [m[1].lower() for m in _WHOLE.finditer(part.text)]
    return bool(said) and all(w in _WHOLES or stem(w) in entities.shared or w == "area" for w in said[-1:])


def among_others(part: Sentence, entities: Entities) -> bool:
    """Whether a thing stands in a list with something that is none: *at least 3 vans and bicycles*."""
    tokens = part.tokens
    found = mentions(part, entities)
    inside = {i for m in found for i in range(m.start, m.end)}

    def other(k: int) -> bool:
        token = tokens[k]
        return (
            k not in inside
            and token.kind == "word"
            and token.low not in FUNCTION
            and token.low not in VERBS
            and token.value is None
            and token.stem not in _PLAIN | entities.shared | GENERIC
            and not token.low.endswith("ly")
        )

    for m in found:
        if m.end + 1 < len(tokens) and tokens[m.end].low in {"and", "or", "plus"} and other(m.end + 1):
            return True
        if m.start > 1 and tokens[m.start - 1].low in {"and", "or", "plus"} and other(m.start - 2):
            return True
    return False


def words_of(part: Sentence, entities: Entities) -> frozenset[str]:
    """The words of a relation that are no name."""
    inside = {i for m in mentions(part, entities) for i in range(m.start, m.end)}
    said = {t.stem for k, t in enumerate(part.tokens) if k not in inside and t.kind == "word" and t.low not in FUNCTION}
    return frozenset(said) - entities.shared


_OF_SOME = re.compile(
    r"\bof (?:them|these|those)\b(?! (?:two|three|four|five|[a-z]+s\b))|"
    r"\d(?:[\d,.]*\d)? of the (?!\w+ (?:of|for)\b)|\b(?:to|for|by|in|on|from) (?:each|every) (\w+)",
    re.IGNORECASE,
)
_DEMANDING = re.compile(
    r"\b(?:must|should|shall|cannot|needs?|needed|requires?|required|demands?|calls? for|expects?|insists?|wants?|allows?|permits?|"
    r"limit\w*|restrict\w*|prescribes?|mandates?|stipulates?|specifi\w+|guarantees?|asks?|asked|sets?|has to|have to|can|may be|may not|"
    r"there (?:is|are)|own|owns|possess(?:es)?|order\w*|be|are needed|are available|still has)\b",
    re.IGNORECASE,
)


def restricted(part: Sentence, entities: Entities) -> bool:
    """Whether a relation is of some of the things, or of each of something else: *5 of the chairs*, *to each customer*."""
    some = _OF_SOME.search(part.text)
    if not some:
        return False
    return some[1] is None or stem(some[1].lower()) not in entities.shared | _TIMES


_TIMES = frozenset("day week month year hour shift season quarter unit".split())


def elsewhere(part: Sentence, entities: Entities, said: Counter[str], known: frozenset[str]) -> bool:
    """Whether somebody does so much, whom the text names only here: *his apprentice makes at most 5 tables*."""
    if _DEMANDING.search(part.text):
        return False
    inside = {i for m in mentions(part, entities) for i in range(m.start, m.end)}
    return any(
        k not in inside
        and t.kind == "word"
        and t.low not in FUNCTION
        and t.low not in VERBS
        and t.stem not in _PLAIN | entities.shared | GENERIC
        and said[t.stem] < 2
        and t.stem not in known
        for k, t in enumerate(part.tokens)
    )
