"""Words of a whole text that may mean the same, or may not: each sentence alone could be read, all together cannot."""

from __future__ import annotations

import itertools
import re

from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.comparatives import unclear
from quod.translators.controlled.fol.grades import is_comparing
from quod.translators.controlled.fol.lexicon import positive, several_singulars
from quod.translators.controlled.fol.modifiers import only_as_such, refusal, two_nouns
from quod.translators.controlled.fol.related import relatives
from quod.translators.controlled.fol.symbols import Symbols

__all__ = ["ambiguities"]


def ambiguities(symbols: Symbols, introduced: frozenset[str]) -> list[tuple[str, str, str]]:
    """What the text leaves open: what is unclear, the words, and a hint.

    ``introduced`` are the nouns of which the premises bring in one without a name.
    """
    return [
        *_names(symbols),
        *_plurals(symbols),
        *_instances(symbols, introduced),
        *_adjectives(symbols),
        *_family(symbols),
        *unclear(symbols),
    ]


def _names(symbols: Symbols) -> list[tuple[str, str, str]]:
    """``Bob`` and ``Bob Smith``, ``the cat`` and ``the big cat``: one or two?"""
    found = []
    for a, b in itertools.permutations(symbols.constants, 2):
        short, long = (re.split(r"[\s-]", symbols.constants[name]) for name in (a, b))
        if len(short) >= len(long) or not set(short) <= set(long):
            continue
        behind = long[: len(short)] == short  # "Bob sees the cat outside", or a cat owner?
        if a in symbols.heads and symbols.heads.get(b) != symbols.heads[a] and not behind:
            continue  # "the cat" is not "the big dog of the cat"
        one, other = symbols.constants[a], symbols.constants[b]
        found.append((f"it is not clear whether '{one}' and '{other}' are the same", one, "call it by one name"))
    return found


def _plurals(symbols: Symbols) -> list[tuple[str, str, str]]:
    """``axes`` where the text speaks of an axe and of an axis."""
    found = []
    for word in sorted(symbols.lower - lexicon.CLOSED):
        several = [one for one in several_singulars(word, symbols.lower) if symbols.kinds.get(one) == "noun"]
        if len(several) > 1:
            message = f"'{word}' may be the plural of {' and of '.join(repr(s) for s in several)}"
            found.append((message, word, "say 'every …'"))
    return found


def _instances(symbols: Symbols, introduced: frozenset[str]) -> list[tuple[str, str, str]]:
    """``the lion`` beside Leo where lions are spoken of: the kind, Leo, or another? ``the toy lion`` and ``lions``."""
    found = []
    for name, head in symbols.heads.items():
        words = symbols.constants[name]
        if head in lexicon.POINTING or (head in lexicon.ANYBODY and set(symbols.constants) - set(symbols.heads)):
            found.append((f"it is not clear whom or what '{words}' means", words, "repeat the name"))
        # where kinds are spoken of and things have names, any of these may be meant
        others = set(symbols.constants) - set(symbols.heads) if symbols.kinds.get(head) == "noun" else set()
        others |= {other for other in symbols.called.get(head, ()) if symbols.heads.get(other, head) != head}
        if others:
            other = symbols.constants[min(others)]
            message = f"it is not clear whether '{words}' is '{other}', another one or the kind"
            found.append((message, words, "call each by one name, or say 'every …'"))
        if head in introduced:
            message = f"it is not clear whether '{words}' is the {head} said before without a name"
            found.append((message, words, "give it a name"))
        if symbols.kinds.get(head) == "noun":
            for word in words.split()[1:-1]:
                why = refusal(word, head)
                if why is not None:
                    found.append((why, words, "say plainly what it is"))
    return found


def _adjectives(symbols: Symbols) -> list[tuple[str, str, str]]:
    """``kinder`` beside ``kind``; ``a big mouse`` beside ``a big animal``, or beside ``big`` by itself."""
    adjectives = {name for name in symbols.predicates if symbols.kinds.get(name) == "adjective"}
    found = [
        (f"'{name}' compares, and it is not said with what", name, "say plainly what it is")
        for name in sorted(adjectives)
        if adjectives & set(positive(name)) or is_comparing(name)
    ]
    found += [
        (f"'{name}' compares, and it is not said with what", name, "say 'the …' of one thing")
        for name, kind in sorted(symbols.kinds.items())
        if kind == "noun" and is_comparing(name, "superlative")
    ]
    for adjective, nouns in symbols.before.items():
        if two_nouns(adjective, nouns):
            listed = " and ".join(f"'{adjective} {n}'" for n in sorted(nouns))
            found.append((f"'{adjective}' may not mean the same in {listed}", adjective, "say it by itself: 'X is …'"))
        elif only_as_such(adjective) and adjective in symbols.alone:
            (noun,) = nouns
            message = f"a '{adjective} {noun}' need not be '{adjective}' as other things go"
            found.append((message, adjective, "say it by itself: 'X is …'"))
    return found


def _family(symbols: Symbols) -> list[tuple[str, str, str]]:
    """``unkind`` beside ``kind``, ``loves`` beside ``loved``: related in a way that no sentence says."""
    words = [lemma for name, lemma in symbols.lemmas.items() if symbols.kinds.get(name) != "comparative"]
    twice = sorted({w for w in words if words.count(w) > 1})
    found = [(f"'{w}' is used as a verb and otherwise", w, "use two different words") for w in twice]
    return found + [
        (
            f"it is not clear what '{one}' and '{other}' have to do with each other",
            other,
            "use one word, or unrelated ones",
        )
        for one, other in relatives(words)
    ]
