"""What the amounts of a text are of."""

from __future__ import annotations

from quod.translators.controlled.milp.entities import Entities, mentions
from quod.translators.controlled.milp.lexicon import FUNCTION, GENERIC, MEASURES, VERBS
from quod.translators.controlled.milp.scanner import CLASS
from quod.translators.controlled.milp.tokens import Sentence

__all__ = ["doubly_measured", "matters", "measured"]

# Nouns of which a share is one of the things, though numbers are of them too: *at most 100 units in total*.
_ALL_SORTS = frozenset({"item", "product", "unit", "piece", "total", "thing", "good"}) | CLASS
_BOUNDING = frozenset("least most than exactly minimum maximum to".split())


def measured(text: list[Sentence], entities: Entities) -> frozenset[str]:
    """The nouns that the amounts of a text are of: not the things themselves, nor units, nor words for all sorts."""
    return frozenset(noun for sentence in text for noun in _measured(sentence, entities)) - _ALL_SORTS


def _measured(sentence: Sentence, entities: Entities) -> set[str]:
    inside = {i for m in mentions(sentence, entities) for i in range(m.start, m.end)}
    tokens = sentence.tokens
    found = set()
    for k, token in enumerate(tokens):
        before = tokens[k - 1].low if k else ""
        if token.value is None or token.flavour or token.value == len(entities.names) or before in _BOUNDING:
            continue
        at = k + 1
        while at < len(tokens) and tokens[at].stem in GENERIC | MEASURES:
            at += 1
        counted = at - 1 if at > k + 1 and tokens[at - 1].stem not in GENERIC else -1  # "20 boxes"
        if at < len(tokens) and tokens[at].low == "of":
            at += 1 + (at + 1 < len(tokens) and tokens[at + 1].low == "the")
            counted = -1
        if at < len(tokens) and tokens[at].kind == "word" and tokens[at].low not in FUNCTION | VERBS:
            counted = at
        if counted > 0 and counted not in inside:
            found.add(tokens[counted].stem)
    return found


def matters(text: list[Sentence]) -> frozenset[str]:
    """What so many of some unit are of, verbs or not: ounces of *paint*."""
    return frozenset(
        d.stem
        for sentence in text
        for a, c, d in zip(sentence.tokens, sentence.tokens[2:], sentence.tokens[3:], strict=False)
        if a.value is not None and c.low == "of" and d.kind == "word" and d.low not in FUNCTION
    )


def doubly_measured(text: list[Sentence], entities: Entities) -> list[str]:
    """Two measures of one thing, each with amounts: per acre of wheat, per ton of wheat."""
    seen: dict[int, set[str]] = {}
    for sentence in text:
        tokens = sentence.tokens
        for m in mentions(sentence, entities):
            if m.start >= 3 and tokens[m.start - 1].low == "of" and tokens[m.start - 2].stem in MEASURES:
                lead = tokens[m.start - 3]
                if lead.low in {"per", "each", "every", "a", "an"} or lead.value == 1:
                    seen.setdefault(m.entity, set()).add(tokens[m.start - 2].stem)
    return [" and ".join(sorted(found)) for found in seen.values() if len(found) > 1]
