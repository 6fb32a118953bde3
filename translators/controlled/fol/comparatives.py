"""``is taller than Ben``, ``is less expensive than the lamp``, ``is the second tallest``.

A comparative is a relation between two, and its scale puts things in a *strict weak order*: nothing is taller than
itself; what is taller than another is taller than all that this one is taller than; and between two of which one is
taller, a third is shorter than the one or taller than the other. ``shorter`` is ``taller`` the other way round. A
superlative is read only where all the text names is compared, since else nobody knows among whom.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.grades import Form, Grade, comparative, grade, is_comparing
from quod.translators.controlled.fol.lexicon import NUMBERS, ORDINALS, is_open, positive
from quod.translators.controlled.fol.logic import Formula, conj, disj
from quod.translators.controlled.fol.objects import Objects
from quod.translators.controlled.fol.symbols import Symbols, Unread

__all__ = ["Comparatives", "Comparison", "axioms", "unclear", "written_out"]

_MANY = 500
"""A superlative is written out in so many comparisons at the most."""


@dataclass
class Comparison:
    """A scale as the text uses it. Its relation is the first comparative that stood there."""

    grade: Grade
    words: str
    """``taller``, ``more expensive``."""
    name: str
    """The relation in the formal text."""
    up: bool
    """Whether the relation goes to the scale's high end."""
    used: set[str] = field(default_factory=set)
    """Every adjective, as written, that speaks of it."""
    terms: set[str] = field(default_factory=set)
    """Constants and variables compared."""


def axioms(scale: Comparison) -> list[tuple[str, str]]:
    """What the order obeys: formulas with their words."""
    r, words = scale.name, scale.words
    return [
        (f"∀x (¬{r}(x, x))", f"Nothing is {words} than itself."),
        (
            f"∀x (∀y (∀z (({r}(x, y) ∧ {r}(y, z)) → {r}(x, z))))",
            f"What is {words} than another is {words} than all that this one is {words} than.",
        ),
        (
            f"∀x (∀y (∀z ({r}(x, z) → ({r}(x, y) ∨ {r}(y, z)))))",
            f"If one is {words} than another, it is {words} than a third or this third is {words} than the other.",
        ),
    ]


class Comparatives(Objects):
    """Reads comparisons said of a term."""

    def compares(self) -> bool:
        """Whether a comparison stands here."""
        word = self.word()
        if word in {"more", "less"}:
            return is_open(self.word(1)) and self.word(2) == "than"
        if word == "as":
            return is_open(self.word(1)) and self.word(2) == "as"
        return word == "the" or (self.word(1) == "than" and is_open(word)) or is_comparing(word, "superlative")

    def comparison(self, term: str, denied: bool) -> Formula:
        """A comparison where :meth:`compares` has seen one; ``denied`` after ``not``."""
        if is_comparing(self.word(), "superlative"):
            if denied:
                raise self.fail("say who is")
            return self.superlative(term)
        if self.word() in {"the", "as"} and denied != (self.word() == "as"):
            raise self.fail("say who is" if denied else "'as … as' may mean just so or at least so")
        if self.take("the"):
            return self.superlative(term)
        if self.word() == "as":
            scale, turned = self.scale("plain", 1, more=True)
            self.at += 3
            return self.compared(scale, term, self.individual(), turned=not turned)
        if self.word() in {"more", "less"}:
            scale, turned = self.scale("plain", 1, more=self.word() == "more")
            self.at += 3
        else:
            scale, turned = self.scale("comparative", 0, more=True)
            self.at += 2
        if self.everyone or self.word() in lexicon.EVERYTHING - lexicon.ANYONE:
            raise self.fail("nothing compares with itself: say with which others")
        if not denied and self.word() in {"a", "an"}:
            raise self.fail("this can mean one or any: say 'some …' or 'every …'")
        if denied and self.word() == "any":
            self.tokens[self.at] = ("a", *self.tokens[self.at][1:])
        elif denied and self.word() in lexicon.ALL:
            raise self.fail("'not' with this word can be read two ways: say 'no …' or 'not any …'")
        self.denying += denied
        said = self.object(lambda other: self.compared(scale, term, other, turned=turned))
        self.denying -= denied
        return ("not", said) if denied else said

    def scale(self, form: Form, ahead: int, *, more: bool) -> tuple[Comparison, bool]:
        """The scale of the adjective there, and whether what is said goes against its relation."""
        word = self.word(ahead)
        found = grade(word, form, self.symbols.lower)
        words = f"{'more' if more else 'less'} {word}"
        if form != "plain":
            words = comparative(word) if form == "superlative" else word
        up = found.low != more
        entry = self.symbols.comparisons.get(found.scale)
        if entry is None:
            entry = Comparison(found, words, self.symbols.comparative(words), up)
            self.symbols.comparisons[found.scale] = entry
        entry.used.add(word)
        return entry, entry.up != up

    def compared(self, scale: Comparison, term: str, other: str, *, turned: bool) -> Formula:
        """The scale's relation between two."""
        scale.terms |= {term, other}
        return self.said(scale.name, *((other, term) if turned else (term, other)))

    def superlative(self, term: str) -> Formula:
        """After ``the``: ``tallest``, ``second tallest``, ``least expensive``, for :func:`written_out`."""
        nth = ORDINALS.get(self.word(), 1)
        self.at += self.word() in ORDINALS
        if self.word() in {"most", "least"} and is_open(self.word(1)):
            scale, turned = self.scale("plain", 1, more=self.word() == "most")
            self.at += 2
        elif self.word().endswith("st") and is_open(self.word()):
            scale, turned = self.scale("superlative", 0, more=True)
            self.at += 1
        else:
            raise self.fail()
        among = 0
        if self.word() == "of" and self.word(1) == "the" and self.word(2) in NUMBERS:
            among = NUMBERS[self.word(2)]
            self.at += 3
        else:
            self.take("of", "all")
        scale.terms.add(term)
        return ("most", scale, term, turned, nth, among)


def written_out(f: Formula, symbols: Symbols) -> Formula:
    """The formula with every superlative said of all the names of the text. Raises Unread."""
    if f[0] != "most":
        return tuple(written_out(part, symbols) if isinstance(part, tuple) else part for part in f)
    _, scale, term, turned, nth, among = f
    assert isinstance(scale, Comparison)
    assert isinstance(term, str)
    assert isinstance(nth, int)
    names = set(symbols.constants)
    if scale.terms != names or len(names) < 2:
        raise Unread(scale.words, "say among whom: compare each one named, and no others")
    if nth > len(names) or among not in {0, len(names)}:
        raise Unread(scale.words, f"{len(names)} are named")
    others = sorted(names - {term})
    cases = list(itertools.islice(itertools.combinations(others, nth - 1), _MANY))
    if len(cases) * len(others) > _MANY:
        raise Unread(scale.words, "there are too many to say who is where")

    def over(a: str, b: str) -> Formula:
        return ("p", scale.name, *((b, a) if turned else (a, b)))

    return disj([conj([over(o, term) if o in above else over(term, o) for o in others]) for above in cases])


def unclear(symbols: Symbols) -> list[tuple[str, str, str]]:
    """What the text leaves open about its scales: what is unclear, the words, and a hint."""
    found = []
    scales = list(symbols.comparisons.values())
    if len(scales) > 1 and any(not s.grade.known for s in scales):
        message = "it is not clear whether these compare the same: " + ", ".join(s.words for s in scales)
        found.append((message, scales[0].words, "use one comparative, and turn it round where needed"))
    adjectives = {name for name, kind in symbols.kinds.items() if kind == "adjective"}
    for scale in scales:
        stems = {p for word in scale.used for p in (word, *positive(word))}
        if {"tall", "high"} <= stems:
            found.append(("'tall' and 'high' may compare different things", scale.words, "use one of the two words"))
        for plain in sorted(a for a in adjectives if stems & {a, *positive(a)} or _scale_of(a) == scale.grade.scale):
            message = f"'{plain}' beside '{scale.words} than' can be read more than one way"
            found.append((message, plain, "only compare, or only describe"))
    return found


def _scale_of(adjective: str) -> str:
    """The scale that a plain adjective of the table speaks of."""
    try:
        found = grade(adjective, "plain", frozenset())
    except Unread:
        return ""
    return found.scale if found.known else ""
