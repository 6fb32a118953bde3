"""Words of a whole text that may mean the same, or may not: each sentence alone could be read, all together cannot."""

from __future__ import annotations

import itertools

from quod.translators.controlled.fol.comparatives import unclear
from quod.translators.controlled.fol.lexicon import NEGATIVE_PREFIXES, positive
from quod.translators.controlled.fol.symbols import Symbols

__all__ = ["ambiguities"]


def ambiguities(symbols: Symbols) -> list[tuple[str, str, str]]:
    """Pairs that the text leaves open: what is unclear, the words, and a hint."""
    return [*_names(symbols), *_adjectives(symbols), *unclear(symbols)]


def _names(symbols: Symbols) -> list[tuple[str, str, str]]:
    """``Bob`` and ``Bob Smith``, ``the cat`` and ``the big cat``: one or two?"""
    found = []
    for a, b in itertools.permutations(symbols.constants, 2):
        short, long = symbols.constants[a].split(), symbols.constants[b].split()
        if len(short) >= len(long) or not set(short) <= set(long):
            continue
        if a in symbols.heads and symbols.heads.get(b) != symbols.heads[a]:
            continue  # "the cat" is not "the cat owner"
        one, other = symbols.constants[a], symbols.constants[b]
        found.append((f"it is not clear whether '{one}' and '{other}' are the same", one, "call it by one name"))
    return found


def _adjectives(symbols: Symbols) -> list[tuple[str, str, str]]:
    """``unkind`` beside ``kind``, ``kinder`` beside ``kind``: related in a way that no sentence says."""
    found = []
    adjectives = {name for name in symbols.predicates if symbols.kinds.get(name) == "adjective"}
    for name in sorted(adjectives):
        for prefix in NEGATIVE_PREFIXES:
            if name.startswith(prefix) and name.removeprefix(prefix).lstrip("_") in adjectives:
                plain = name.removeprefix(prefix).lstrip("_")
                hint = f"say 'not {plain}' or use unrelated words"
                found.append((f"it is not clear whether '{name}' means 'not {plain}'", name, hint))
        if adjectives & set(positive(name)):
            found.append((f"'{name}' compares, and it is not said with what", name, "say plainly what it is"))
    return found
