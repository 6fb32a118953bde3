"""Closed classes of English words, and inflection. Whatever is in a closed class is never read as an open-class word,
so a word the grammar does not know the meaning of ("most", "unless", "he") stops the reading instead of becoming a
predicate.
"""

from __future__ import annotations

import re

__all__ = [
    "ALL",
    "CLOSED",
    "EVERYTHING",
    "NAMELESS",
    "NUMBERS",
    "ORDINALS",
    "PEOPLE",
    "base_verb",
    "is_open",
    "singular",
]

ALL = frozenset({"all", "every", "each", "any"})
"""Determiners of universal statements."""
PEOPLE = frozenset({"people", "things", "persons", "thing", "person", "one", "ones"})
"""Nouns that mean whatever the text speaks of."""
NAMELESS = frozenset({"someone", "something", "somebody"})
EVERYTHING = frozenset({"everyone", "everything", "everybody", "anyone", "anything", "anybody"})
NUMBERS = {word: n for n, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve".split())}  # fmt: skip
ORDINALS = {word: n for n, word in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1)}  # fmt: skip
ORDINALS |= {f"{n}{'st' if n == 1 else 'nd' if n == 2 else 'rd' if n == 3 else 'th'}": n for n in range(1, 13)}

CLOSED = frozenset(
    """
    a an the this that these those my your his her its our their whose which who whom what when where why how
    i you he she it we they me him us them himself herself itself themselves myself yourself mine yours hers ours theirs
    all every each any no none some most many few several both half either neither another other others such same
    more less least much little enough plenty lot lots majority minority fewer certain various numerous countless
    someone something somebody everyone everything everybody anyone anything anybody nobody nothing noone
    zero one two three four five six seven eight nine ten eleven twelve dozen hundred thousand once twice
    is are was were be been being am do does did done has have had having can could may might must shall should will
    would ought cannot isn't aren't wasn't weren't don't doesn't didn't can't won't
    not never always often sometimes seldom usually also too only just even still yet already again ever almost nearly
    about quite rather very so then else perhaps maybe instead together apart ago now today soon later here there
    and or nor but xor if unless until because since while although though whereas whether than as lest provided
    except besides despite without within with of in on at by for from to into onto over under above below between
    among amongst through during before after against toward towards upon off out up down around next beside
    behind beyond along across per via unlike versus iff
    true false unknown probably possibly
    alleged former fake supposed potential would-be so-called pseudo ex future past mere putative
    """.split()
)
"""Words with a grammatical meaning, and adjectives that do not simply narrow their noun."""

_LY = frozenset(
    "friendly lonely lovely ugly silly holy early elderly lively curly bubbly chilly hilly jelly fly ally bully".split()
)
_WORD = re.compile(r"[a-z][a-z'’-]*[a-z]|[a-z]")


def is_open(word: str) -> bool:
    """Whether a lower-case word may be an adjective, a noun or a verb of the text's own."""
    if word in CLOSED or not _WORD.fullmatch(word) or "'" in word or "’" in word:
        return False
    return not word.endswith("ly") or word in _LY


_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "people:person men:man women:woman children:child mice:mouse geese:goose feet:foot teeth:tooth oxen:ox "
        "wolves:wolf leaves:leaf lives:life knives:knife sheep:sheep fish:fish deer:deer buses:bus"
    ).split()
)


def singular(noun: str, written: frozenset[str] = frozenset()) -> str | None:
    """The singular of a plural noun, or None if the word does not look like a plural.

    English spelling leaves some open ("movies": movie or movy); ``written``, the words of the text, then decides.
    """
    candidates = _singulars(noun)
    return next((c for c in candidates if c in written), candidates[0] if candidates else None)


def _singulars(noun: str) -> list[str]:
    """What the singular may be, likeliest first."""
    if noun in _IRREGULAR:
        return [_IRREGULAR[noun]]
    if not noun.endswith("s") or noun.endswith(("ss", "us", "is")) or len(noun) <= 2:
        return []
    if noun.endswith("ies") and len(noun) > 4:
        return [noun[:-3] + "y", noun[:-1]]
    if noun.endswith("ves") and len(noun) > 4:
        return [noun[:-1], noun[:-3] + "f", noun[:-3] + "fe"]
    if re.search(r"(s|x|z|ch|sh|o)es$", noun) and len(noun) > 4:
        # "wumpuses" → "wumpus"; "houses" → "house" is told apart by the vowel before.
        sibilant = re.search(r"(us|is|ss|x|z|ch|sh|o)es$", noun) and not re.search(r"[aeo]uses$", noun)
        return [noun[:-2], noun[:-1]] if sibilant else [noun[:-1], noun[:-2]]
    return [noun[:-1]]


def base_verb(verb: str) -> str | None:
    """``chases`` → ``chase``; None if the word is not a third person singular."""
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if re.search(r"(ss|x|zz|ch|sh|o)es$", verb):
        return verb[:-2]
    if verb.endswith("s") and not verb.endswith(("ss", "us", "is")) and len(verb) > 2:
        return verb[:-1]
    return None
