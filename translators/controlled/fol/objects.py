"""What a relation is to: a name, each of several, something, everything."""

from __future__ import annotations

from collections.abc import Callable

from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.logic import Formula, conj
from quod.translators.controlled.fol.nouns import Nouns

__all__ = ["Objects"]


class Objects(Nouns):
    """Reads the object of a relation."""

    def starts_clause(self) -> bool:
        """Whether another subject with its verb stands here; known elsewhere."""
        raise NotImplementedError

    def with_object(self, name: str, term: str) -> Formula:
        """The verb's relation between the term and an object, or each of several."""
        intensional = name.removesuffix("_verb") in lexicon.INTENSIONAL
        return self.object(lambda other: self.said(name, term, other), intensional=intensional)

    def object(self, says: Callable[[str], Formula], *, intensional: bool = False) -> Formula:
        """What ``says`` makes of an object, or of each of several; ``intensional``: the object need not exist."""
        word = self.word()
        indefinite = word in {"a", "an", "some", *lexicon.NAMELESS} or (
            word in lexicon.ANYONE and self.open_condition and not self.denying
        )
        universal = word in {"every", "each", "all", *lexicon.EVERYTHING - lexicon.ANYONE}
        if (indefinite or universal) and intensional:
            raise self.fail("what is wanted or lacking need not exist: name it", at=self.at - 1)
        if indefinite and word not in {"a", "an", "some"} and self.variable is not None:
            raise self.fail("there are two of these in one sentence: it is not clear who is who")
        if indefinite and self.denying and word not in {"a", "an"}:
            raise self.fail("'not' with this word can be read two ways: say 'no …' or 'not any …'")
        if indefinite:
            self.at += 1
            self.introduced = True
            variable = self.new_variable()
            number = "one" if word in {"a", "an"} else ""
            one = word in {"a", "an", "some"}
            kind = self.within(lambda: self.noun_phrase(variable, number) if one else self.relative(variable))
            return ("some", variable, conj([*self.unnamed(kind), says(variable)]))
        if universal:
            self.at += 1
            variable = self.new_variable()
            number = "" if word == "all" else "one"
            every = word in lexicon.EVERYTHING
            kind = self.within(lambda: self.relative(variable) if every else self.noun_phrase(variable, number))
            body = says(variable)
            return ("all", variable, ("->", conj(kind), body) if kind else body)
        parts = [says(self.individual())]
        while self.word() == "and" and (self.word(1) == "the" or self.is_name(1)):
            start = self.at
            self.at += 1
            if self.starts_clause():
                self.at = start
                break
            if self.denying:
                raise self.fail("say whether this denies both together or each of them", at=start)
            parts.append(says(self.individual()))
        return conj(parts)

    def within(self, read: Callable[[], list[Formula]]) -> list[Formula]:
        """What is read as part of an object."""
        before, self.in_object = self.in_object, True
        found = read()
        self.in_object = before
        return found
