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

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.lexicon import base_verb, is_open, singular
from quod.translators.controlled.fol.logic import Formula, conj, disj

__all__ = ["Symbols", "Unread", "read_sentence"]


Says = Callable[[str], Formula]
"""A predicate, waiting for the term it is said of."""
Subject = Callable[[Says], Formula]
"""A subject, waiting for its predicate."""


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
    names: frozenset[str] = frozenset()
    """Words (lower-cased) that the text uses as names: capitals inside a sentence, or before ``is`` or ``does``."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Predicate names to ``noun``, ``adjective`` or ``verb``."""

    def unary(self, lemma: str, kind: str) -> str:
        """The predicate of a noun or adjective."""
        name = identifier(lemma)
        other = self.kinds.setdefault(name, kind)
        if {other, kind} == {"noun", "adjective"}:
            # "a human" and "human" mean the same, "an orange" and "orange" do not: nobody told us which this is.
            raise Unread(lemma, f"'{lemma}' is used as a noun and as an adjective: use it in one way")
        if other != kind:
            name = f"{name}_{kind}"
            self.kinds.setdefault(name, kind)
        self.predicates.setdefault(name, f"x is {article(lemma)} {lemma}" if kind == "noun" else f"x is {lemma}")
        self.arity[name] = 1
        return name

    def binary(self, lemma: str) -> str:
        """The predicate of a transitive verb."""
        name = identifier(lemma)
        if self.kinds.setdefault(name, "verb") != "verb":
            name = f"{name}_verb"
        self.predicates.setdefault(name, f"x {third_person(lemma)} y")
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


_TOKEN = re.compile(r"[A-Za-z][\w'’-]*|\d+(?:\.\d+)?|[,.;:?!]|\S")
_BE = {"is", "are"}
_DO = {"does", "do"}


class _Reader:
    def __init__(self, text: str, symbols: Symbols) -> None:
        self.text = text
        self.tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
        while self.tokens and self.tokens[-1][0] in ".?!":
            self.tokens.pop()
        self.at = 0
        self.symbols = symbols
        self.variable: str | None = None
        """The ``someone`` of this sentence."""
        self.fresh = 0

    # -- tokens ---------------------------------------------------------------------------------------------------
    def word(self, ahead: int = 0) -> str:
        i = self.at + ahead
        return self.tokens[i][0].lower() if i < len(self.tokens) else ""

    def raw(self, ahead: int = 0) -> str:
        i = self.at + ahead
        return self.tokens[i][0] if i < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Consume a run of words if it stands here."""
        if all(self.word(i) == w for i, w in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def fail(self, hint: str | None = None, at: int | None = None) -> Unread:
        i = self.at if at is None else at
        if i >= len(self.tokens):
            return Unread(self.text, hint or "the sentence ends too early")
        return Unread(self.text[self.tokens[i][1] : self.tokens[min(len(self.tokens), i + 4) - 1][2]], hint)

    def open_word(self, ahead: int = 0) -> bool:
        """Whether an adjective, noun or verb of the text stands here, in lower case or starting the sentence."""
        raw = self.raw(ahead)
        starts = self.at + ahead == 0 and raw.lower() not in self.symbols.names
        return is_open(raw.lower()) and (raw.islower() or starts)

    def is_name(self, ahead: int = 0) -> bool:
        raw = self.raw(ahead)
        return (
            bool(raw[:1].isupper())
            and raw.lower() not in lexicon.CLOSED
            and bool(re.fullmatch(r"[A-Z][A-Za-z-]*", raw))
        )

    def new_variable(self) -> str:
        name = "xyzuvw"[self.fresh] if self.fresh < 6 else f"x{self.fresh}"
        self.fresh += 1
        return name

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
                return ("not", self.statement())
        if self.take("if"):
            return self.conditional()
        if self.word() == "either":
            return self.either_clauses()
        left = self.clauses()
        if self.take("if", "and", "only", "if"):
            return ("<->", left, self.clauses())
        if self.take("only", "if"):
            return ("->", left, self.clauses())
        if self.take("if"):
            if self.variable:
                raise self.fail("put the condition first: 'If …, then …'")
            return ("->", self.clauses(), left)
        return left

    def either_clauses(self) -> Formula:
        self.take("either")
        left = self.clause()
        if not self.take("or"):
            raise self.fail()
        right = self.clause()
        return self.exclusive(left, right)

    def exclusive(self, left: Formula, right: Formula) -> Formula:
        """After ``either A or B``: whether both may hold must be said."""
        self.take(",")
        if self.take("but", "not", "both"):
            return ("xor", left, right)
        if self.take("or", "both"):
            return ("or", left, right)
        raise self.fail("say 'but not both' or 'or both'", at=max(0, min(self.at, len(self.tokens)) - 1))

    def conditional(self) -> Formula:
        self.open_condition = True
        condition = self.clauses()
        self.open_condition = False
        self.take(",")
        self.take("then")
        result = self.clauses()
        f: Formula = ("->", condition, result)
        if self.variable:
            f = ("all", self.variable, f)
        return f

    open_condition = False

    def clauses(self) -> Formula:
        """Clauses joined by ``and`` or by ``or``."""
        parts = [self.clause()]
        joint = ""
        while self.word() in {"and", "or"} or (self.word() == "," and self.word(1) in {"and", "or"}):
            start = self.at
            self.take(",")
            here = self.word()
            self.at += 1
            if not self.starts_clause():
                self.at = start
                break
            if joint and here != joint:
                raise self.fail("'and' and 'or' are mixed: say it in two sentences", at=start)
            joint = here
            parts.append(self.clause())
        return conj(parts) if joint != "or" else disj(parts)

    def starts_clause(self) -> bool:
        """Whether a subject with its verb stands here: tried out, then taken back."""
        at, variable, fresh = self.at, self.variable, self.fresh
        try:
            self.subject()
            return self.word() in _BE | _DO or self.verb_here(singular_subject=False)
        except Unread:
            return False
        finally:
            self.at, self.variable, self.fresh = at, variable, fresh

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
            return lambda says: ("not", inner(says))
        if word in lexicon.ALL:
            self.at += 1
            return self.universal(negated=False)
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
            if self.variable is None:
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

    def universal(self, negated: bool) -> Subject:
        variable = self.new_variable()
        kind = self.noun_phrase(variable)
        return self.over(variable, kind, negated)

    def over(self, variable: str, kind: list[Formula], negated: bool) -> Subject:
        def says(predicate: Says) -> Formula:
            body = predicate(variable)
            if negated:
                body = ("not", body)
            return ("all", variable, ("->", conj(kind), body) if kind else body)

        return says

    def everything(self, negated: bool) -> Subject:
        variable = self.new_variable()
        return self.over(variable, self.relative(variable), negated)

    def existential(self) -> Subject:
        variable = self.new_variable()
        kind = self.noun_phrase(variable)
        return lambda says: ("some", variable, conj([*kind, says(variable)]))

    def someone(self) -> Subject:
        if self.variable is not None:
            raise self.fail("there are two of these in one sentence: it is not clear who is who")
        self.at += 1
        variable = self.new_variable()
        kind = self.relative(variable)
        if self.open_condition:
            self.variable = variable
            return lambda says: conj([*kind, says(variable)])
        return lambda says: ("some", variable, conj([*kind, says(variable)]))

    def bare_plural(self) -> Subject:
        if not self.open_word() and self.word() not in lexicon.PEOPLE:
            raise self.fail()
        variable = self.new_variable()
        kind = self.noun_phrase(variable, plural=True)
        if self.word() in {"is", "does"}:
            raise self.fail("say 'every', 'some' or 'the'", at=0)
        return self.over(variable, kind, negated=False)

    def individuals(self) -> Subject:
        terms = [self.individual()]
        while self.word() == "and" and (self.word(1) == "the" or self.is_name(1)):
            start = self.at
            self.at += 1
            terms.append(self.individual())
            if self.word() not in {"are", "do", "and"}:
                # "… likes the cat and the dog is big" is two clauses: the caller sees the first.
                terms.pop()
                self.at = start
                break
        return lambda says: conj([says(t) for t in terms]) if len(terms) == 1 else self.each(terms, says)

    def each(self, terms: list[str], says: Says) -> Formula:
        """One predicate said of several, read again for each."""
        at = self.at
        parts = []
        for t in terms:
            self.at = at
            parts.append(says(t))
        return conj(parts)

    def individual(self) -> str:
        """A name or ``the`` with its words."""
        if self.take("the"):
            words: list[str] = []
            while self.open_word() and self.raw().islower() and not self.ends_definite(len(words)):
                words.append(self.word())
                self.at += 1
            if not words:
                raise self.fail()
            name = identifier("the " + " ".join(words))
            self.symbols.constants.setdefault(name, "the " + " ".join(words))
            self.symbols.heads[name] = words[-1]
            return name
        if not self.is_name():
            raise self.fail()
        words = []
        while self.is_name() and (not words or self.at > 0):
            words.append(self.raw())
            self.at += 1
        name = identifier(" ".join(words))
        self.symbols.constants.setdefault(name, " ".join(words))
        return name

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
    def noun_phrase(self, variable: str, plural: bool = False) -> list[Formula]:
        """Adjectives, a noun and relative clauses, as conditions on the variable. ``people`` adds none."""
        words: list[str] = []
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
            if self.take(",") or (self.word() == "and" and self.adjective_then_noun()):
                self.take("and")
                continue
            if self.word() in _BE | _DO | {"that", "who", "which"} or (len(words) >= 1 and self.plural_verb_here()):
                break
        if not words:
            raise self.fail()
        *adjectives, noun = words
        found = [self.said(self.symbols.unary(a, "adjective"), variable) for a in adjectives]
        if noun not in lexicon.PEOPLE:
            lemma = singular(noun, self.symbols.lower)
            if plural and lemma is None:
                raise self.fail("say 'every', 'some' or 'the'", at=start)
            found.append(self.said(self.symbols.unary(lemma or noun, "noun"), variable))
        elif plural and not adjectives and self.word() not in {"that", "who", "which"}:
            raise self.fail("say 'all people' or 'everything'", at=start)
        return found + self.relative(variable)

    def adjective_then_noun(self) -> bool:
        """After an adjective and ``and``: another adjective and then more of the phrase."""
        return self.open_word(1) and (self.open_word(2) or self.word(2) in lexicon.PEOPLE) and not self.object_at(2)

    def plural_verb_here(self) -> bool:
        return self.open_word() and self.object_at(1)

    def relative(self, variable: str) -> list[Formula]:
        """``who is red``, ``that likes the cat``."""
        found = []
        while self.word() in {"who", "that", "which"}:
            self.at += 1
            found.append(self.predicate(variable))
        return found

    @staticmethod
    def said(name: str, *terms: str) -> Formula:
        return ("p", name, *terms)

    # -- predicates -------------------------------------------------------------------------------------------------
    def predicate(self, term: str) -> Formula:
        """A verb phrase, or several joined by ``and``, ``but`` or ``or``."""
        parts = [self.verb_phrase(term)]
        joint = ""
        while self.word() in {"and", "or", "but"}:
            start = self.at
            here = "and" if self.word() == "but" else self.word()
            self.at += 1
            if not (self.word() in _BE | _DO or self.verb_here(singular_subject=False)) or self.starts_clause():
                self.at = start
                break
            if joint and here != joint:
                raise self.fail("'and' and 'or' are mixed: say it in two sentences", at=start)
            joint = here
            parts.append(self.verb_phrase(term))
        return conj(parts) if joint != "or" else disj(parts)

    def verb_phrase(self, term: str) -> Formula:
        if self.word() in _BE:
            self.at += 1
            return self.complement(term)
        if self.word() in _DO:
            self.at += 1
            if not self.take("not"):
                raise self.fail()
            if not self.open_word():
                raise self.fail()
            verb = self.word()
            self.at += 1
            if self.word() == "any":
                self.tokens[self.at] = ("a", *self.tokens[self.at][1:])
            elif self.word() in {"some", "every", "each", "all", *lexicon.NAMELESS, *lexicon.EVERYTHING}:
                raise self.fail("'not' with this word can be read two ways: say 'no …' or 'not any …'")
            return ("not", self.with_object(self.symbols.binary(verb), term))
        if not self.open_word() or not self.object_at(1):
            raise self.fail()
        verb = base_verb(self.word()) or self.word()
        self.at += 1
        return self.with_object(self.symbols.binary(verb), term)

    def with_object(self, name: str, term: str) -> Formula:
        """The relation to an object, or to each of several."""
        word = self.word()
        if word in lexicon.NAMELESS and self.variable is not None:
            raise self.fail("there are two of these in one sentence: it is not clear who is who")
        if word in {"a", "an", "some", *lexicon.NAMELESS}:
            self.at += 1
            variable = self.new_variable()
            kind = self.relative(variable) if word in lexicon.NAMELESS else self.noun_phrase(variable)
            return ("some", variable, conj([*kind, self.said(name, term, variable)]))
        if word in {"every", "each", "all", *lexicon.EVERYTHING}:
            self.at += 1
            variable = self.new_variable()
            kind = self.relative(variable) if word in lexicon.EVERYTHING else self.noun_phrase(variable)
            body = self.said(name, term, variable)
            return ("all", variable, ("->", conj(kind), body) if kind else body)
        parts = [self.said(name, term, self.individual())]
        while self.word() == "and" and (self.word(1) == "the" or self.is_name(1)):
            start = self.at
            self.at += 1
            if self.starts_clause():
                self.at = start
                break
            parts.append(self.said(name, term, self.individual()))
        return conj(parts)

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
        if self.word(k) in {"a", "an"}:
            return True
        return self.open_word(k) and not self.object_at(k + 1) and self.word(k + 1) not in _BE | _DO

    def signed(self, term: str) -> Formula:
        if self.take("not"):
            return ("not", self.quality(term))
        return self.quality(term)

    def quality(self, term: str) -> Formula:
        """``red``, ``a cat``, ``a big cat``, ``cats``."""
        if self.take("a") or self.take("an"):
            found = self.noun_phrase(term)
            return conj(found)
        if not self.open_word() or self.raw()[:1].isupper():
            raise self.fail()
        word = self.word()
        self.at += 1
        if self.open_word() and not self.object_at(1):
            raise self.fail("two words stand where one was expected", at=self.at - 1)
        lemma = singular(word, self.symbols.lower)
        if lemma is not None:
            return self.said(self.symbols.unary(lemma, "noun"), term)
        return self.said(self.symbols.unary(word, "adjective"), term)


_INVERTED = re.compile(r"(?P<verb>is|are|does|do)\s+(?P<rest>.+)\?$", re.IGNORECASE | re.DOTALL)


def read_sentence(text: str, symbols: Symbols) -> Formula:
    """The formula of one sentence. Raises Unread with the words that stopped the reading."""
    return _Reader(text, symbols).sentence()


def read_question(text: str, symbols: Symbols) -> Formula:
    """The formula of a question: a statement, or ``Is Rex shy?``, ``Does the cat like Bob?``."""
    inverted = _INVERTED.fullmatch(text.strip())
    if not inverted:
        return read_sentence(text, symbols)
    reader = _Reader(inverted["rest"], symbols)
    subject = reader.individual() if reader.word() == "the" or reader.is_name() else None
    if subject is None:
        raise Unread(text, "ask as a statement: 'True or false: …'")
    if inverted["verb"].lower() in _BE:
        f = reader.complement(subject)
    else:
        verb = reader.word()
        if not reader.open_word() or not reader.object_at(1):
            raise reader.fail()
        reader.at += 1
        f = reader.with_object(symbols.binary(verb), subject)
    if reader.at < len(reader.tokens):
        raise reader.fail()
    return f
