"""Questions: a statement, ``Is Rex shy?``, ``Do all cats like Bob?``, ``Who is the tallest?``."""

from __future__ import annotations

import copy
import re

from quod.translators.controlled.fol.grammar import Reader, read_sentence
from quod.translators.controlled.fol.lexicon import CLOSED
from quod.translators.controlled.fol.logic import Formula
from quod.translators.controlled.fol.symbols import Symbols, Unread, third_person
from quod.translators.controlled.fol.tokens import BE

__all__ = ["asked_of", "read_question", "read_who"]

_INVERTED = re.compile(r"(?P<verb>is|are|does|do)\s+(?P<rest>.+)\?$", re.IGNORECASE | re.DOTALL)
_WHO = re.compile(
    r"(?:who|which(?: (?:one|of them|of these|(?!(?:is|finished|came|ranked|placed)\b)(?P<kind>[a-z]+)))?)"
    r"\s+(?P<rest>.+)\?",
    re.IGNORECASE,
)
_SEVERAL_WORDS = re.compile(r"(every|each|all|some|no|the)\s", re.IGNORECASE)
"""How a subject begins whose end only its words can tell."""


def read_question(text: str, symbols: Symbols) -> Formula:
    """The formula of a question that is answered by yes or no. Raises Unread."""
    inverted = _INVERTED.fullmatch(text.strip())
    if not inverted:
        return read_sentence(text, symbols)
    if _SEVERAL_WORDS.match(inverted["rest"]):
        return _told(text, inverted["verb"].lower(), inverted["rest"].split(), symbols)
    if re.search(r"\bor\b", inverted["rest"]):
        raise Unread(text, "this may ask which of them: ask as a statement, 'True or false: …'")
    reader = Reader(inverted["rest"], symbols)
    subject = reader.individual() if reader.is_name() else None
    if subject is None:
        raise Unread(text, "ask as a statement: 'True or false: …'")
    if inverted["verb"].lower() in BE:
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


def _told(text: str, verb: str, words: list[str], symbols: Symbols) -> Formula:
    """``Is every big cat red?`` as a statement: the verb goes where all words are then used as in the premises."""
    readings: list[Formula] = []
    for at in range(2, len(words)):
        if verb in BE:
            told = [*words[:at], verb, *words[at:]]
        elif words[at] in CLOSED or not words[at].islower():
            continue
        else:
            told = [*words[:at], third_person(words[at]) if verb == "does" else words[at], *words[at + 1 :]]
        tried = copy.deepcopy(symbols)
        try:
            read_sentence(" ".join(told) + ".", tried)
        except Unread:
            continue
        if tried.predicates == symbols.predicates and tried.constants == symbols.constants:
            readings.append(read_sentence(" ".join(told) + ".", symbols))
    if len({str(f) for f in readings}) != 1:
        raise Unread(text, "ask as a statement: 'True or false: …'")
    return readings[0]


def read_who(text: str, symbols: Symbols) -> list[tuple[str, str, Formula]]:
    """For ``Who is the tallest?``, what it would be for each one named: constant, words and formula. Raises Unread."""
    kind, rest = asked_of(text)
    if len(symbols.constants) < 2 or (kind and set(symbols.heads.values()) != {kind}):
        raise Unread(text, "name those of whom it is asked, and nothing else")
    if kind and set(symbols.heads) != set(symbols.constants):
        raise Unread(text, f"not all that are named are called '{kind}'")
    # being asked about does not make one compared
    compared = {scale: set(c.terms) for scale, c in symbols.comparisons.items()}
    found = []
    for name, words in list(symbols.constants.items()):
        reader = Reader(rest + ".", symbols)
        f = reader.predicate(name)
        if reader.at < len(reader.tokens):
            raise reader.fail()
        if f[0] in {"not", "all"}:
            raise Unread(text, "ask of each: 'True or false: …'")
        found.append((name, f"{words[:1].upper()}{words[1:]} {rest}", f))
    for scale, terms in compared.items():
        symbols.comparisons[scale].terms = terms
    return found


def asked_of(text: str) -> tuple[str | None, str]:
    """For ``Which book is red?`` the noun and the predicate; for ``Who is red?`` no noun. Raises Unread."""
    asked = _WHO.fullmatch(" ".join(text.split()))
    if not asked:
        raise Unread(text)
    return asked["kind"], asked["rest"]
