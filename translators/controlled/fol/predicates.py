"""Verb phrases: what is said of a subject."""

from __future__ import annotations

from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.comparatives import Comparatives
from quod.translators.controlled.fol.lexicon import base_verb, is_past, singular
from quod.translators.controlled.fol.logic import Formula, conj, disj
from quod.translators.controlled.fol.symbols import third_person
from quod.translators.controlled.fol.tokens import BE, DO

__all__ = ["Predicates"]


class Predicates(Comparatives):
    """Reads what is said of a term."""

    def exclusive(self, left: Formula, right: Formula) -> Formula:
        """After ``either A or B``: whether both may hold must be said."""
        self.take(",")
        if self.take("but", "not", "both"):
            return ("xor", left, right)
        if self.take("or", "both"):
            return ("or", left, right)
        raise self.fail("say 'but not both' or 'or both'", at=max(0, min(self.at, len(self.tokens)) - 1))

    be = "is"
    """The form of *be* before a complement."""

    # -- predicates -------------------------------------------------------------------------------------------------
    def predicate(self, term: str) -> Formula:
        """A verb phrase, or several joined by ``and``, ``but`` or ``or``."""
        does_not = self.word() in DO
        parts = [self.verb_phrase(term)]
        joint = ""
        while self.word() in {"and", "or", "but"}:
            start = self.at
            if self.word() == "but" and self.denying:
                raise self.fail("it is not clear whether this is denied too: say it in a sentence of its own")
            here = "and" if self.word() == "but" else self.word()
            self.at += 1
            if not (self.word() in BE | DO or self.verb_here(singular_subject=False)) or self.starts_clause():
                self.at = start
                break
            if joint and here != joint:
                raise self.fail("'and' and 'or' are mixed: say it in two sentences", at=start)
            joint = here
            if does_not and self.word() not in BE | DO and base_verb(self.word()) is None:
                raise self.fail(
                    "it is not clear whether 'not' covers this too: say it in a sentence of its own", at=start
                )
            does_not = does_not or self.word() in DO
            parts.append(self.verb_phrase(term))
        return conj(parts) if joint != "or" else disj(parts)

    def verb_phrase(self, term: str) -> Formula:
        if self.word() in BE:
            self.be = self.word()
            self.at += 1
            return self.complement(term)
        if self.word() in DO:
            self.at += 1
            if not self.take("not"):
                raise self.fail()
            if not self.open_word():
                raise self.fail()
            verb = self.verb(self.word(), several=self.word(-2) == "do")
            if self.word() in {"a", "an"}:
                raise self.fail("'not' with this word can mean one or any: say 'any …'")
            if self.word() == "any":
                self.tokens[self.at] = ("a", *self.tokens[self.at][1:])
            elif self.word() in {"every", "each", "all", *lexicon.EVERYTHING}:
                raise self.fail("'not' with this word can be read two ways: say 'no …' or 'not any …'")
            self.denying += 1
            said = self.with_object(verb, term)
            self.denying -= 1
            return ("not", said)
        if not self.open_word() or not self.object_at(1):
            raise self.fail()
        base = base_verb(self.word(), self.symbols.lower)
        return self.with_object(self.verb(base or self.word(), several=base is None), term)

    def verb(self, base: str, *, several: bool) -> str:
        """The relation of the verb that stands here; ``several``: it is said of more than one."""
        # "tellers hit Ivo" may be long ago, unless the text also says "hits"
        doubtful = several and self.word() in lexicon.SAME_PAST and third_person(base) not in self.symbols.lower
        if is_past(self.word()) or (doubtful and self.word(-2) != "do"):
            raise self.fail("only the present is read: who does what now")
        if base in lexicon.NO_RELATION:
            raise self.fail(f"'{base}' is no relation to a thing: use 'is', or another verb")
        if several and self.variable is None and base in lexicon.COLLECTIVE:
            raise self.fail("they may do this together: say it of each")
        self.at += 1
        return self.symbols.binary(base)

    def complement(self, term: str) -> Formula:
        """What stands after ``is``."""
        if self.take("neither"):
            parts: list[Formula] = [("not", self.quality(term))]
            while self.take("nor"):
                parts.append(("not", self.quality(term)))
            if len(parts) < 2:
                raise self.fail()
            return conj(parts)
        if self.take("either"):
            left = self.quality(term)
            if not self.take("or"):
                raise self.fail()
            return self.exclusive(left, self.quality(term))
        both = self.take("both")
        first_negated = self.word() == "not"
        parts = [self.signed(term)]
        joint = ""
        negations = [first_negated]
        while self.word() in {"and", "or", ",", "but"}:
            start = self.at
            if self.word() == "but" and self.denying:
                raise self.fail("it is not clear whether this is denied too: say it in a sentence of its own")
            comma = self.take(",")
            here = self.word()
            if here in {"and", "or", "but"}:
                self.at += 1
                here = "and" if here == "but" else here
            elif comma:
                here = "list"
            if not self.starts_quality():
                self.at = start
                break
            if joint not in {"", "list"} and here not in {joint, "list"}:
                raise self.fail("'and' and 'or' are mixed: say it in two sentences", at=start)
            joint = here
            negations.append(self.word() == "not")
            parts.append(self.signed(term))
        if joint == "list" or (both and joint != "and"):
            raise self.fail()
        if negations[0] and not all(negations):
            raise self.fail("say whether 'not' covers one or all of these", at=max(0, self.at - 1))
        return conj(parts) if joint != "or" else disj(parts)

    def starts_quality(self) -> bool:
        k = 1 if self.word() == "not" else 0
        if self.word(k) in {"a", "an", "more", "less"}:
            return True
        if not self.open_word(k) or self.object_at(k + 1):
            return False
        # "everyone who is kind and rich is happy": here the verb is the main clause's, which has no other
        plural = singular(self.word(k), self.symbols.lower, self.symbols.single) is not None
        return self.word(k + 1) not in BE | DO or (self.in_relative and not plural)

    def signed(self, term: str) -> Formula:
        if self.take("not"):
            if self.compares():
                return self.comparison(term, denied=True)
            self.denying += 1
            said = self.quality(term)
            self.denying -= 1
            return ("not", said)
        return self.quality(term)

    def quality(self, term: str) -> Formula:
        """``red``, ``a cat``, ``a big cat``, ``cats``, ``bigger than Bob``."""
        if self.compares():
            return self.comparison(term, denied=False)
        if self.take("a") or self.take("an"):
            start = self.at
            before = self.relatives
            found = self.noun_phrase(term, "one", of_one=True)
            behind = [w for w, *_ in self.tokens[start : self.at] if w in {"or", "and", "but"}]
            if ("or" in behind or (behind and self.denying)) and self.relatives > before:
                raise self.fail(f"it is not clear how far what stands after '{behind[0]}' reaches", at=start)
            if not found:
                raise self.fail("everything is one: use another word, or leave it out", at=start)
            return conj(found)
        if not self.open_word() or self.raw()[:1].isupper():
            raise self.fail()
        word = self.word()
        self.at += 1
        if self.open_word() and not self.object_at(1):
            raise self.fail("two words stand where one was expected", at=self.at - 1)
        if self.be == "are" and self.variable is None and word in lexicon.RECIPROCAL:
            raise self.fail(f"'{word}' of several says something between them: say it of each, or with a verb")
        if self.bare and self.be == "are" and word in lexicon.OF_KINDS:
            raise self.fail(f"'{word}' is said of a kind, not of each: say 'every …' if each is meant")
        lemma = singular(word, self.symbols.lower, self.symbols.single)
        if lemma is not None and self.be == "is":
            raise self.fail("one thing is not several: say 'is a …'", at=self.at - 1)
        if lemma is not None:
            return self.said(self.symbols.unary(lemma, "noun"), term)
        self.symbols.alone.add(word)
        return self.said(self.symbols.unary(word, "adjective"), term)
