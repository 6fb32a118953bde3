"""Read Rocq statements: name, binders, quantifiers, premises and goal; print them back to the character.

The reader cuts text, it does not elaborate: what a notation means is Rocq's to say. The *last* theorem sentence of a
text is its statement; everything before is header (which may hold definitions and lemmas), everything after, proof.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from quod.backends.itp.scan import matching, top_level
from quod.backends.itp.types import Binder, Statement
from quod.backends.rocq.codes import NO_STATEMENT, UNTERMINATED
from quod.backends.rocq.sentences import Sentence, split, strip_comments
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["STATEMENT_KEYWORDS", "holed", "negated", "read_statement", "statement_sentence"]

STATEMENT_KEYWORDS = ("Theorem", "Lemma", "Example", "Corollary", "Proposition", "Fact", "Remark", "Property")
_NAME = r"[^\W\d][\w']*"
_START = re.compile(rf"(?P<keyword>{'|'.join(STATEMENT_KEYWORDS)})\s+(?P<name>{_NAME})\s*")
_NAMES = re.compile(rf"(?:{_NAME}|_)(?:\s+(?:{_NAME}|_))*")
_OPEN = {"(": ")", "{": "}", "[": "]", "`": ""}


def statement_sentence(sentences: tuple[Sentence, ...]) -> int | None:
    """The index of the last theorem sentence; None if there is none."""
    for index in range(len(sentences) - 1, -1, -1):
        if sentences[index].words[:1] and sentences[index].words[0] in STATEMENT_KEYWORDS:
            return index
    return None


def read_statement(text: str, name: str | None = None) -> tuple[Statement | None, tuple[Diagnostic, ...]]:
    """The statement of a text (the last one, or the last one called ``name``), and what was wrong with it."""
    sentences = split(text)
    wanted = [
        i
        for i, s in enumerate(sentences)
        if s.words[:1] and s.words[0] in STATEMENT_KEYWORDS and (name is None or s.words[1:2] == (name,))
    ]
    if not wanted:
        what = f"called '{name}'" if name else "to prove"
        hint = "state it as: Theorem name : … ."
        return None, (NO_STATEMENT.error(f"there is no theorem {what} in the text", hint=hint),)
    sentence = sentences[wanted[-1]]
    span = Span.at(text, sentence.start, sentence.end)
    if not sentence.terminated:
        return None, (UNTERMINATED.error("the statement has no full stop at its end", span=span),)
    match = _START.match(sentence.text)
    if match is None:
        return None, (NO_STATEMENT.error("the theorem has no name", span=span),)
    clean = strip_comments(sentence.text)
    binders, position = _binders(clean, match.end())
    position = _skip(clean, position)
    if not clean.startswith(":", position):
        return None, (NO_STATEMENT.error("a colon should stand before what is stated", span=span),)
    stated = clean[position + 1 : -1].strip()
    quantified, premises, goal = _take_apart(stated)
    return (
        Statement(
            header=text[: sentence.start],
            text=sentence.text,
            keyword=match["keyword"],
            name=match["name"],
            binders=binders,
            type=stated,
            quantified=quantified,
            hypotheses=premises,
            goal=goal,
            proof=text[sentence.end :],
        ),
        (),
    )


def _skip(text: str, i: int) -> int:
    while i < len(text) and text[i].isspace():
        i += 1
    return i


def _binders(text: str, i: int) -> tuple[tuple[Binder, ...], int]:
    """The binder groups at ``i``, up to a colon or comma at the top level, and the offset after them."""
    groups: list[Binder] = []
    while True:
        i = _skip(text, i)
        if i >= len(text):
            return tuple(groups), i
        c = text[i]
        generalizing = c == "`" and i + 1 < len(text) and text[i + 1] in "({["
        if generalizing or (c in "({[" and c in _OPEN):
            end = matching(text, i + 1 if generalizing else i)
            if end is None:
                return tuple(groups), i
            groups.append(_group(text[i : end + 1]))
            i = end + 1
            continue
        match = _NAMES.match(text, i)
        if match is None:
            return tuple(groups), i
        groups.append(Binder(tuple(match.group().split()), "", match.group()))
        i = match.end()


def _group(text: str) -> Binder:
    inner = text.lstrip("`")[1:-1]
    colon = top_level(inner, (":=", ":"))
    if colon is None:
        return Binder(tuple(inner.split()), "", text)
    return Binder(tuple(inner[: colon[0]].split()), inner[colon[0] + len(colon[1]) :].strip(), text)


def _take_apart(stated: str) -> tuple[tuple[Binder, ...], tuple[str, ...], str]:
    """Quantifiers at the front, premises, and the rest. Quantifiers between premises are kept with the goal."""
    quantified: list[Binder] = []
    rest = stated
    while match := re.match(r"(?:forall\b|∀)\s*", rest):
        comma = top_level(rest, (",",), match.end())
        if comma is None:
            break
        groups, end = _binders(rest, match.end())
        after = _skip(rest, end)
        if after < comma[0] and rest[after] == ":":  # forall x y : T, …
            names = tuple(n for group in groups for n in group.names)
            groups = (Binder(names, rest[after + 1 : comma[0]].strip(), rest[match.end() : comma[0]]),)
        elif after != comma[0]:
            break
        quantified += groups
        rest = rest[comma[0] + 1 :].strip()
    premises: list[str] = []
    while not re.match(r"(?:forall|exists|fun|let|match|if)\b|[∀∃]", rest):
        arrow = top_level(rest, ("<->", "->", "→", "↔", "exists", "forall", " fun ", "let "))
        if arrow is None or arrow[1] not in {"->", "→"}:
            break
        premises.append(rest[: arrow[0]].strip())
        rest = rest[arrow[0] + len(arrow[1]) :].strip()
    return tuple(quantified), tuple(premises), rest


def holed(statement: Statement) -> str:
    """The whole file with the proof left open: what coqc accepts if the statement itself is well formed."""
    return f"{statement.source}\nProof.\nAdmitted.\n"


def negated(statement: Statement, name: str | None = None) -> Statement:
    """The statement that says the contrary of the closed statement: ``~ (forall binders, type)``."""
    inner = statement.type
    if statement.binders:
        inner = f"forall {' '.join(b.text for b in statement.binders)}, {inner}"
    new = name or f"{statement.name}_is_false"
    # the annotation keeps the scope the theorem had: a proposition is read in type_scope
    text = f"{statement.keyword} {new} : ~ ({inner})."
    closed = f"~ ({inner})"
    empty: dict[str, Any] = {"binders": (), "quantified": (), "hypotheses": (), "proof": ""}
    return replace(statement, text=text, name=new, type=closed, goal=closed, **empty)
