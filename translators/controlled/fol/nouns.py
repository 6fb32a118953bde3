"""Names, ``the cat``, and noun phrases with adjectives and relative clauses."""

from __future__ import annotations

import itertools

from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.grades import is_comparing
from quod.translators.controlled.fol.lexicon import base_verb, singular
from quod.translators.controlled.fol.logic import Formula
from quod.translators.controlled.fol.modifiers import refusal, shades
from quod.translators.controlled.fol.symbols import identifier
from quod.translators.controlled.fol.tokens import BE, DO, Tokens

__all__ = ["Nouns"]


class Nouns(Tokens):
    """Reads what stands for a thing or for a kind of things."""

    def predicate(self, term: str) -> Formula:
        """What a relative clause says; read elsewhere."""
        raise NotImplementedError

    def individual(self) -> str:
        """A name or ``the`` with its words."""
        if self.take("the"):
            words: list[str] = []
            while self.open_word() and self.raw().islower() and not self.ends_definite(len(words)):
                words.append(self.word())
                self.at += 1
            if not words:
                raise self.fail()
            self.refuse_plural(words[-1])
            if any(is_comparing(w) for w in words):
                raise self.fail("say which one that is, by its name", at=self.at - len(words))
            for modifier in words[:-1]:
                why = refusal(modifier, words[-1])
                if why is not None and "how many" in why:
                    raise self.fail(why, at=self.at - len(words))
            name = identifier("the " + " ".join(words))
            self.symbols.constants.setdefault(name, "the " + " ".join(words))
            self.symbols.heads[name] = words[-1]
            return name
        if not self.is_name():
            raise self.fail()
        if self.at == 0 and self.is_name(1) and self.raw().lower() not in self.symbols.names:
            # "Allegedly Ivo is calm", "Poor Ivo is calm": only inside a sentence does a capital show a name
            raise self.fail("is the first word a part of the name?")
        words = []
        while self.is_name() and (not words or self.at > 0):
            words.append(self.raw())
            self.at += 1
        name = identifier(" ".join(words))
        self.symbols.constants.setdefault(name, " ".join(words))
        return name

    def refuse_plural(self, noun: str) -> None:
        """``the cats`` are several; only one thing can have a name."""
        one = singular(noun, self.symbols.lower, self.symbols.single)
        if one is not None and one != noun and self.number_ahead() != "one":
            raise self.fail("say which ones: 'all cats', or each by its name", at=self.at - 1)

    def number_ahead(self) -> str:
        """``one`` or ``many`` by the verb that follows the noun just read, or an empty string."""
        k = 1 if self.word() in {"that", "who", "which"} else 0
        if self.word(k) in {"is", "does"}:
            return "one"
        if self.word(k) in {"are", "do"}:
            return "many"
        if self.open_word(k) and self.object_at(k + 1):
            return "many" if base_verb(self.word(k)) is None else "one"
        return ""

    def ends_definite(self, taken: int) -> bool:
        """Whether the word here is the verb after ``the …`` and not part of it."""
        return taken > 0 and self.verb_here(singular_subject=True)

    def verb_here(self, singular_subject: bool) -> bool:
        """Whether a verb with its object stands here."""
        if not self.open_word() or (singular_subject and base_verb(self.word()) is None):
            return False
        return self.object_at(1)

    def object_at(self, ahead: int) -> bool:
        word = self.word(ahead)
        determiners = {"the", "a", "an", "some", "any", "every", "each", "all"}
        return word in determiners | lexicon.NAMELESS | lexicon.EVERYTHING or self.is_name(ahead)

    # -- noun phrases -----------------------------------------------------------------------------------------------
    def noun_phrase(self, variable: str, number: str = "", *, of_one: bool = False) -> list[Formula]:
        """Adjectives, a noun and relative clauses, as conditions on the variable. ``people`` adds none.

        ``number`` is ``one`` after *a* or *every*, ``bare`` for a plural without article, else what the verb shows.
        ``of_one``: it is said of one thing, so that "kind and rich" are both said of it, while "old and young people"
        may be some that are old and some that are young.
        """
        plural = number == "bare"
        words: list[str] = []
        apart: set[int] = set()
        start = self.at
        while True:
            if self.word() in lexicon.PEOPLE:
                words.append(self.word())
                self.at += 1
                break
            if not self.open_word():
                break
            words.append(self.word())
            self.at += 1
            if self.word() == "and" and not of_one and self.adjective_then_noun():
                raise self.fail(
                    "these may be such as are both, or some of each: say 'that are … and …', or each by itself"
                )
            if (self.word() == "," and self.open_word(1)) or (self.word() == "and" and self.adjective_then_noun()):
                self.at += 1
                apart.add(len(words))
                continue
            if self.word() in BE | DO | {"that", "who", "which"} or (len(words) >= 1 and self.plural_verb_here()):
                break
        if not words:
            raise self.fail()
        *adjectives, noun = words
        for i, (one, other) in enumerate(itertools.pairwise(adjectives), start=1):
            if i not in apart and shades(one, other):
                raise self.fail(f"'{one}' may say how '{other}' it is: put a comma between them", at=start)
        self.modified(adjectives, noun, start)
        found = [self.said(self.symbols.unary(a, "adjective"), variable) for a in adjectives]
        if noun not in lexicon.PEOPLE:
            lemma = self.lemma(noun, "many" if plural else number or self.number_ahead())
            if lemma is None:
                hint = "say 'every', 'some' or 'the'" if plural else f"'{noun}' does not look like a plural"
                raise self.fail(hint, at=start)
            found.append(self.said(self.symbols.unary(lemma, "noun"), variable))
            self.symbols.called.setdefault(lemma, set()).add(variable)
        elif plural and not adjectives and self.word() not in {"that", "who", "which"}:
            raise self.fail("say 'all people' or 'everything'", at=start)
        return found + self.relative(variable)

    def modified(self, adjectives: list[str], noun: str, start: int) -> None:
        """Whether each adjective narrows its noun and no more."""
        one = singular(noun, self.symbols.lower, self.symbols.single) or noun
        for a in adjectives:
            why = refusal(a, "thing" if noun in lexicon.PEOPLE else one)
            if why is not None and (noun not in lexicon.PEOPLE or "how many" in why):
                raise self.fail(why, at=start)
            if noun in lexicon.PEOPLE:
                self.symbols.alone.add(a)
            else:
                self.symbols.before.setdefault(a, set()).add(one)

    def lemma(self, noun: str, number: str) -> str | None:
        """The singular of a noun, or None where a plural is needed and this is none that is known."""
        if number == "one":
            return noun
        one = singular(noun, self.symbols.lower, self.symbols.single)
        return one if number == "many" else one or noun

    def unnamed(self, kind: list[Formula]) -> list[Formula]:
        """The conditions on something that is brought in without a name: *the …* later on may mean it."""
        nouns = {str(f[1]) for f in kind if f[0] == "p"}
        self.symbols.introduced |= {n for n in nouns if self.symbols.kinds.get(n) == "noun"}
        return kind

    def adjective_then_noun(self) -> bool:
        """After an adjective and ``and``: another adjective and then more of the phrase."""
        return self.open_word(1) and (self.open_word(2) or self.word(2) in lexicon.PEOPLE) and not self.object_at(2)

    def plural_verb_here(self) -> bool:
        return self.open_word() and self.object_at(1)

    def relative(self, variable: str) -> list[Formula]:
        """``who is red``, ``that likes the cat``."""
        found: list[Formula] = []
        while self.word() in {"who", "that", "which"}:
            if found:
                raise self.fail("it is not clear of whom this is said: join the two with 'and'")
            self.at += 1
            self.relatives += 1
            start = self.at
            before, self.in_relative = self.in_relative, True
            found.append(self.predicate(variable))
            self.in_relative = before
            joints = [w for w, *_ in self.tokens[start : self.at] if w in {"and", "or", "but"}]
            if joints and self.in_object:
                raise self.fail(f"it is not clear of whom what stands after '{joints[0]}' is said", at=start)
        return found

    @staticmethod
    def said(name: str, *terms: str) -> Formula:
        return ("p", name, *terms)
