"""Sentences about what things are and do: a recursive-descent grammar from words to formulas.

Sentences: a clause; ``If … then …``; ``… if and only if …``; ``Either … or …, but not both``; ``It is not true
that …``. Subjects: names, ``the cat``, ``every/each/all/any/no/some …`` with adjectives and relative clauses, bare
plurals, ``someone … they``, ``everything``. Predicates: ``is (not) red``, ``is a cat``, ``is red and big``,
``neither … nor``, ``either … or … but not both``, ``likes the cat``, ``does not like Bob``.

``someone``, ``something``, ``people`` and ``things`` range over everything the text speaks of; ``they`` and ``it``
stand for the ``someone`` or ``something`` of their own sentence and for nothing else. ``A or B`` allows both; a bare
``either … or`` is refused, because English leaves it open.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.lexicon import base_verb, is_open
from quod.translators.controlled.fol.logic import Formula, conj, disj, mentions, notation
from quod.translators.controlled.fol.predicates import Predicates
from quod.translators.controlled.fol.symbols import Symbols, Unread
from quod.translators.controlled.fol.tokens import BE, DO

__all__ = ["Reader", "read_sentence"]

Says = Callable[[str], Formula]
"""A predicate, waiting for the term it is said of."""
Subject = Callable[[Says], Formula]
"""A subject, waiting for its predicate."""


class Reader(Predicates):
    """Reads one sentence."""

    # -- sentences ------------------------------------------------------------------------------------------------
    def sentence(self) -> Formula:
        if not self.tokens:
            raise self.fail()
        f = self.statement()
        if self.at < len(self.tokens):
            raise self.fail()
        return f

    def statement(self) -> Formula:
        for opening in (("it", "is", "not", "the", "case", "that"), ("it", "is", "not", "true", "that"),
                        ("it", "is", "false", "that")):  # fmt: skip
            if self.take(*opening):
                # "It is not true that A or B": nobody knows where that ends, so one clause only
                self.denying += 1
                f = self.clause()
                self.denying -= 1
                if self.at < len(self.tokens):
                    raise self.fail("say what is not true in a sentence of its own")
                if self.bare:
                    raise self.fail("this can mean that none is or that not all are: say which", at=len(opening))
                return ("not", f)
        if self.take("if"):
            return self.conditional()
        if self.word() == "either":
            return self.either_clauses()
        left = self.clauses()
        several = self.joined
        only = self.word(2) if self.word() == "if" and self.word(1) == "and" else self.word()
        if only == "only" and {"∀", "∃"} & set(notation(left)):
            # "Every cat is red only if Bob is big": if one is red, or if all are?
            raise self.fail("it is not clear whether this is said of all together or of each: say 'If …, then …'")
        if self.take("if", "and", "only", "if"):
            return ("<->", left, self.one_side(self.clauses, several))
        if self.take("only", "if"):
            return ("->", left, self.one_side(self.plain_clauses, several))
        if self.take("if"):
            if self.variable:
                raise self.fail("put the condition first: 'If …, then …'")
            return ("->", self.one_side(self.plain_clauses, several), left)
        return left

    def one_side(self, read: Callable[[], Formula], several: bool) -> Formula:
        """What stands after an *if* in the middle, which may not govern all that stands before or after it."""
        start = self.at
        f = read()
        if several or self.joined:
            raise self.fail("it is not clear how much the condition covers: say it in two sentences", at=start - 1)
        return f

    def plain_clauses(self) -> Formula:
        """A condition after its result, where *any* could mean some or all."""
        if any(token.lower() == "any" or token.lower() in lexicon.ANYONE for token, _, _ in self.tokens[self.at :]):
            raise self.fail("put the condition first: 'If …, then …'")
        return self.clauses()

    def either_clauses(self) -> Formula:
        self.take("either")
        left = self.clause()
        if not self.take("or"):
            raise self.fail()
        right = self.clause()
        return self.exclusive(left, right)

    def conditional(self) -> Formula:
        self.open_condition = True
        condition = self.clauses()
        self.open_condition = False
        self.take(",")
        self.take("then")
        result = self.clauses(result=True)
        f: Formula = ("->", condition, result)
        if self.variable and condition[0] == "or":
            loose = [part for part in condition[1:] if not mentions(part, self.variable)]
            if loose and mentions(result, self.variable):
                raise self.fail("where only the other condition holds, whom does the result speak of?", at=0)
        if self.variable:
            f = ("all", self.variable, f)
        return f

    def clauses(self, result: bool = False) -> Formula:
        """Clauses joined by ``and`` or by ``or``."""
        parts = [self.clause()]
        joint = ""
        while self.word() in {"and", "or"} or (self.word() == "," and self.word(1) in {"and", "or"}):
            start = self.at
            comma = self.take(",")
            here = self.word()
            self.at += 1
            if comma and result:
                raise self.fail("say whether the condition covers this too, or make it a sentence of its own", at=start)
            if not self.starts_clause():
                self.at = start
                break
            if joint and here != joint:
                raise self.fail("'and' and 'or' are mixed: say it in two sentences", at=start)
            joint = here
            parts.append(self.clause())
        self.joined = len(parts) > 1
        return conj(parts) if joint != "or" else disj(parts)

    def starts_clause(self) -> bool:
        """Whether a subject with its verb stands here: tried out, then taken back."""
        before = self.at, self.variable, self.fresh, self.pronouns, self.introduced, self.bare, self.symbols
        self.symbols = copy.deepcopy(self.symbols)
        try:
            self.subject()
            return self.word() in BE | DO or self.verb_here(singular_subject=False)
        except Unread:
            return False
        finally:
            self.at, self.variable, self.fresh, self.pronouns, self.introduced, self.bare, self.symbols = before

    def clause(self) -> Formula:
        subject = self.subject()
        return subject(self.predicate)

    # -- subjects -------------------------------------------------------------------------------------------------
    def subject(self) -> Subject:
        """A function from "predicate of a term" to the clause's formula."""
        word = self.word()
        if word == "not" and self.word(1) in {"every", "all", "each"}:
            self.at += 1
            inner = self.subject()

            def denied(says: Says) -> Formula:
                self.denying += 1
                f = inner(says)
                self.denying -= 1
                return ("not", f)

            return denied
        if (word == "any" or word in lexicon.ANYONE) and self.denying:
            raise self.fail("'not' with this word can be read two ways: say 'no …'")
        if word in lexicon.ANYONE and self.open_condition:
            return self.someone()
        if word == "any" and self.open_condition:
            self.at += 1
            return self.some_kind()
        if word in lexicon.ALL:
            self.at += 1
            return self.universal(
                negated=False, number="one" if word in {"every", "each"} else "", two_ways=word == "any"
            )
        if word == "no" and self.word(1) == "one":
            self.at += 2
            return self.everything(negated=True)
        if word in {"nobody", "nothing"}:
            self.at += 1
            return self.everything(negated=True)
        if word == "no":
            self.at += 1
            return self.universal(negated=True)
        if word in lexicon.EVERYTHING:
            self.at += 1
            return self.everything(negated=False)
        if word in lexicon.NAMELESS:
            return self.someone()
        if word == "some":
            self.at += 1
            return self.existential()
        if word in {"they", "it"}:
            if self.variable is None or self.introduced or word not in self.pronouns:
                raise self.fail("it is not clear whom this word means: repeat the name")
            self.at += 1
            variable = self.variable
            return lambda says: says(variable)
        if word == "the":
            return self.individuals()
        if self.is_name() and (self.at > 0 or self.name_opens()):
            return self.individuals()
        return self.bare_plural()

    def name_opens(self) -> bool:
        """Whether the capital at the start of the sentence is a name's: a singular verb follows, or another name."""
        k = 1
        while self.is_name(k):
            k += 1
        if self.word(k) == "and" and self.is_name(k + 1):
            return True
        if k == 1 and self.raw().lower() in self.symbols.lower:
            return False
        following = self.word(k)
        verb = base_verb(following) is not None and is_open(following) and following not in lexicon.PEOPLE
        return following in {"is", "does"} or (verb and self.object_at(k + 1))

    def universal(self, negated: bool, number: str = "", two_ways: bool = False) -> Subject:
        variable = self.new_variable()
        kind = self.noun_phrase(variable, number)
        return self.over(variable, kind, negated, two_ways=two_ways)

    def over(self, variable: str, kind: list[Formula], negated: bool, two_ways: bool = False) -> Subject:
        """``two_ways``: with these words "not" may deny the whole or each."""

        def says(predicate: Says) -> Formula:
            start = self.at
            self.denying += negated
            body = predicate(variable)
            self.denying -= negated
            opens = [token.lower() for token, *_ in self.tokens[start : start + 2]]
            if two_ways and opens[0] in BE | DO and opens[1:] == ["not"]:
                raise self.fail("this can mean all or not all: say 'no …' or 'not every …'", at=start)
            if negated:
                body = ("not", body)
            return ("all", variable, ("->", conj(kind), body) if kind else body)

        return says

    def everything(self, negated: bool) -> Subject:
        variable = self.new_variable()
        kind = self.relative(variable)
        self.everyone = not (kind or negated)
        return self.over(variable, kind, negated, two_ways=not kind)

    def existential(self) -> Subject:
        variable = self.new_variable()
        kind = self.unnamed(self.noun_phrase(variable))
        return lambda says: ("some", variable, conj([*kind, says(variable)]))

    def some_kind(self) -> Subject:
        """``any cat`` in a condition: the cat that *it* or *they* stands for."""
        if self.variable is not None:
            raise self.fail("there are two of these in one sentence: it is not clear who is who")
        variable = self.new_variable()
        kind = self.unnamed(self.noun_phrase(variable))
        self.variable, self.pronouns = variable, frozenset({"it", "they"})
        return lambda says: conj([*kind, says(variable)])

    def someone(self) -> Subject:
        if self.variable is not None:
            raise self.fail("there are two of these in one sentence: it is not clear who is who")
        thing = self.word().endswith("thing")
        self.at += 1
        variable = self.new_variable()
        kind = self.relative(variable)
        if kind and not self.open_condition:
            raise self.fail("this can mean one or any: say 'some …' or 'everyone who …'", at=self.at - 1)
        if self.open_condition:
            self.variable = variable
            self.pronouns = frozenset({"it"} if thing else {"they"})
            return lambda says: conj([*kind, says(variable)])
        return lambda says: ("some", variable, conj([*kind, says(variable)]))

    def bare_plural(self) -> Subject:
        if not self.open_word() and self.word() not in lexicon.PEOPLE:
            raise self.fail()
        variable = self.new_variable()
        kind = self.noun_phrase(variable, "bare")
        self.bare = True
        if self.word() in {"is", "does"}:
            raise self.fail("say 'every', 'some' or 'the'", at=0)
        return self.over(variable, kind, negated=False)

    def individuals(self) -> Subject:
        start = self.at
        terms = [self.individual()]
        if self.number_ahead() == "many" and self.tokens[start][0].lower() == "the":
            raise self.fail("say which ones: 'all cats', or each by its name", at=start)
        while self.word() == "and" and (self.word(1) == "the" or self.is_name(1)):
            start = self.at
            self.at += 1
            terms.append(self.individual())
            if self.word() not in {"are", "do", "and"} and self.number_ahead() != "many":
                # "… likes the cat and the dog is big" is two clauses: the caller sees the first.
                terms.pop()
                self.at = start
                break
        if len(terms) == 1 and self.number_ahead() == "many":
            raise self.fail("one does, several do: which is meant?", at=start)
        if (
            len(terms) > 1
            and self.word() == "are"
            and {self.word(1), self.word(1 + (self.word(1) == "not"))} & {"a", "an"}
        ):
            raise self.fail("several are said to be one: say it of each")
        if len(terms) > 1 and (word := next((w for w, *_ in self.tokens[self.at :] if w in lexicon.RECIPROCAL), None)):
            raise self.fail(f"'{word}' of several says something between them: say it of each, or with a verb")
        return lambda says: conj([says(t) for t in terms]) if len(terms) == 1 else self.each(terms, says)

    def each(self, terms: list[str], says: Says) -> Formula:
        """One predicate said of several, read again for each."""
        at = self.at
        parts = []
        for t in terms:
            self.at = at
            parts.append(says(t))
            if parts[-1][0] in {"or", "xor"}:
                raise self.fail("each may be the one or the other, or all alike: say it of each", at=at)
        return conj(parts)


def read_sentence(text: str, symbols: Symbols) -> Formula:
    """The formula of one sentence. Raises Unread with the words that stopped the reading."""
    return Reader(text, symbols).sentence()
