"""The words a text speaks of, as symbols of the formal text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quod.translators.controlled.fol.comparatives import Comparison

__all__ = ["Symbols", "Unread", "article", "identifier", "third_person"]


class Unread(Exception):  # noqa: N818 - an abstention
    """The words that could not be read, and what could be done about it."""

    def __init__(self, words: str, hint: str | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.hint = hint


@dataclass
class Symbols:
    """What the text speaks of. Keys are lemmas; values the glosses."""

    predicates: dict[str, str] = field(default_factory=dict)
    arity: dict[str, int] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    """For ``the bald eagle``: its constant to its head noun."""
    lower: frozenset[str] = frozenset()
    """Every word the text writes in lower case."""
    single: frozenset[str] = frozenset()
    """Nouns that the text writes in the singular."""
    names: frozenset[str] = frozenset()
    """Words (lower-cased) that the text uses as names: capitals inside a sentence, or before ``is`` or ``does``."""
    before: dict[str, set[str]] = field(default_factory=dict)
    """Adjectives to the nouns they stand before."""
    alone: set[str] = field(default_factory=set)
    """Adjectives said of a thing by themselves."""
    lemmas: dict[str, str] = field(default_factory=dict)
    """Predicate names to the words they were made from."""
    introduced: set[str] = field(default_factory=set)
    """Nouns of which the text brings in one without a name: "some cat", "owns a dog"."""
    called: dict[str, set[str]] = field(default_factory=dict)
    """Nouns to the terms of which they are said."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Predicate names to ``noun``, ``adjective``, ``verb`` or ``comparative``."""
    comparisons: dict[str, Comparison] = field(default_factory=dict)
    """The scales on which the text compares, by name."""

    def unary(self, lemma: str, kind: str) -> str:
        """The predicate of a noun or adjective."""
        name = identifier(lemma)
        other = self.kinds.setdefault(name, kind)
        if {other, kind} == {"noun", "adjective"}:
            # "a human" and "human" mean the same, "an orange" and "orange" do not: nobody told us which this is.
            raise Unread(lemma, f"'{lemma}' is used as a noun and as an adjective: use it in one way")
        if other == "comparative":
            raise Unread(lemma, f"'{lemma}' compares here and not there")
        if other != kind:
            name = f"{name}_{kind}"
            self.kinds.setdefault(name, kind)
        self.lemmas[name] = lemma
        self.predicates.setdefault(name, f"x is {article(lemma)} {lemma}" if kind == "noun" else f"x is {lemma}")
        self.arity[name] = 1
        return name

    def binary(self, lemma: str) -> str:
        """The predicate of a transitive verb."""
        name = identifier(lemma)
        if self.kinds.setdefault(name, "verb") != "verb":
            name = f"{name}_verb"
        self.lemmas[name] = lemma
        self.predicates.setdefault(name, f"x {third_person(lemma)} y")
        self.arity[name] = 2
        return name

    def comparative(self, words: str) -> str:
        """The relation of a comparative."""
        name = identifier(words)
        if self.kinds.setdefault(name, "comparative") != "comparative":
            raise Unread(words, f"'{words}' is used in two ways")
        self.predicates.setdefault(name, f"x is {words} than y")
        self.arity[name] = 2
        return name


def identifier(words: str) -> str:
    """A name of the formal text made from words."""
    return re.sub(r"\W+", "_", words)


def article(noun: str) -> str:
    """The indefinite article as a rule of thumb; only glosses use it."""
    return "an" if noun[:1] in "aeiou" else "a"


def third_person(verb: str) -> str:
    """``chase`` → ``chases``."""
    if re.search(r"(ss|x|zz|ch|sh|o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"
