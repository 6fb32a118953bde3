"""The controlled-English translator: every sentence is read by a grammar, or none is and the words are named."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from quod.core.diagnostics import Diagnostic, Span
from quod.core.faithfulness import Coverage, Faithfulness, FaithfulnessLevel, Tally
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization, SourceLink
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.translators.codes import NOT_UNDERSTOOD
from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.ambiguity import ambiguities
from quod.translators.controlled.fol.comparatives import axioms, written_out
from quod.translators.controlled.fol.grammar import read_sentence
from quod.translators.controlled.fol.logic import Formula, notation
from quod.translators.controlled.fol.ordering import (
    header,
    is_ordering,
    open_order,
    read_order_sentence,
    read_order_who,
)
from quod.translators.controlled.fol.questions import read_question, read_who
from quod.translators.controlled.fol.sentences import Sentence, Split, split
from quod.translators.controlled.fol.symbols import Symbols, Unread

__all__ = ["ControlledFol"]

NAME = "controlled-fol"


class ControlledFol:
    """Implements :class:`quod.core.protocols.Translator`."""

    name = NAME
    formalism = Formalism.FOL

    def translate(self, problem: Problem, run: Run) -> Translation:
        """A formalization that accounts for every sentence, or diagnostics naming the words that were not read."""
        run.cancel.check()
        parts = split(problem.text)
        if is_ordering(parts.premises):
            return _ordering(problem, parts)
        return _attributes(problem, parts)


_ANY = re.compile(r"\bany(one|body|thing)?\b", re.IGNORECASE)


def _unread(text: str, s: Sentence, error: Unread) -> Diagnostic:
    hint = error.hint or "rephrase it with 'every', 'no', 'some', 'if … then …', 'is', or a plain verb"
    return NOT_UNDERSTOOD.error(
        f"the words “{error.words.strip()}” could not be read",
        span=Span.at(text, s.start, s.end),
        source=s.text,
        hint=hint,
    )


def _ordering(problem: Problem, parts: Split) -> Translation:
    text = problem.text
    order, rest, failed = open_order(parts.premises, text)
    errors = [_unread(text, s, error) for s, error in failed]
    read: list[tuple[str, Sentence, Formula]] = []
    asked: list[tuple[str, Sentence, Formula]] = []
    understood = sum(len(s.text) for s in parts.premises) - sum(len(s.text) for s in rest)
    for group, into, prefix in ((rest, read, "s"), (list(parts.asked), asked, "q")):
        for i, s in enumerate(group, start=1):
            try:
                into.append((s.label or f"{prefix}{i}", s, read_order_sentence(s.text, order)))
                understood += len(s.text)
            except Unread as error:
                errors.append(_unread(text, s, error))
    _each(parts, lambda asks: read_order_who(asks, order), asked, errors, text)
    errors += _asks_nothing(parts, text)
    question = None
    loose = [s for s in order.scales.values() if not s.strict]
    if loose and len(order.scales) > 1 and not errors:
        names = " and ".join(s.name for s in order.scales.values())
        message = f"the text speaks of several orders at once ({names})"
        hint = "use one way to say what comes before what"
        errors.append(NOT_UNDERSTOOD.error(message, source=parts.premises[0].text, hint=hint))
    elif loose and not order.fixed and not errors:
        question = f"Can two of the {order.kind} have the same {loose[0].name}?"
        errors.append(
            NOT_UNDERSTOOD.error(
                f"the text does not say whether two of the {order.kind} can have the same {loose[0].name}",
                source=parts.premises[0].text,
                hint="say that they are 'arranged in a fixed order'",
            )
        )
    if errors:
        share = min(1.0, understood / max(1, len(text)))
        return Translation(diagnostics=tuple(errors), understood=share, question=question)
    return _written(header(order), read, asked, [], parts, len(order.things))


def _each(
    parts: Split,
    read_who: Callable[[str], list[tuple[str, str, Formula]]],
    asked: list[tuple[str, Sentence, Formula]],
    errors: list[Diagnostic],
    text: str,
) -> None:
    """Make ``Who is …?`` a choice: an option for each that it could be."""
    if parts.kind != "who" or parts.ask is None:
        return
    try:
        asked += [(name, replace(parts.ask, said=said), f) for name, said, f in read_who(parts.ask.text)]
    except Unread as error:
        errors.append(_unread(text, parts.ask, error))


def _asks_nothing(parts: Split, text: str) -> list[Diagnostic]:
    """An error if nothing, or not one thing, is asked."""
    letters = {s.label for s in parts.asked}
    several = len(letters) == len(parts.asked) >= 2
    few = {"entails": len(parts.asked) == 1, "choice": several, "who": True}.get(parts.kind, False)
    if few:
        return []
    last = (*parts.premises, *parts.asked)[-1:]
    return [
        NOT_UNDERSTOOD.error(
            "the text asks no one question that could be read",
            source=last[0].text if last else text,
            hint="end with 'True or false: …', or 'Which of the following is true?' and options 'A) …'",
        )
    ]


def _written(
    head: list[str],
    read: list[tuple[str, Sentence, Formula]],
    asked: list[tuple[str, Sentence, Formula]],
    extra: list[tuple[str, str, str]],
    parts: Split,
    names: int,
) -> Translation:
    """The formal text with its source map: every sentence stands in it."""
    lines = [*head, "premises:"]
    lines += [f"  {name}: {notation(f)} ::: {_one_line(s.text)}" for name, s, f in read]
    lines += [f"  {name}: {formula} ::: {words}" for name, formula, words in extra]
    lines += ["question:" if parts.kind == "entails" else "options:"]
    lines += [f"  {name}: {notation(f)} ::: {_one_line(s.said or s.text)}" for name, s, f in asked]
    links = tuple(SourceLink(element=n, words=s.text, start=s.start, end=s.end) for n, s, _ in [*read, *asked])
    total = len(parts.premises) + max(1, len(parts.asked))
    coverage = Coverage(sentences=Tally(accounted=total, total=total), names=Tally(accounted=names, total=names))
    text = "\n".join(lines) + "\n"
    return Translation(
        formalization=Formalization(formalism=Formalism.FOL, text=text, language="quod-fol", source_map=links),
        faithfulness=Faithfulness(
            level=FaithfulnessLevel.CONTROLLED, coverage=coverage, note="grammar quod.translators.controlled.fol"
        ),
        understood=1.0,
    )


def _attributes(problem: Problem, parts: Split) -> Translation:
    text = problem.text
    inside = re.findall(r"(?<=[a-z,:;] )[A-Z][a-z]+|(?<![A-Za-z])[A-Z][a-z]+(?= (?:is|does) )", text)
    symbols = Symbols(
        lower=frozenset(re.findall(r"(?<![A-Za-z])[a-z]+", text)),
        single=lexicon.singles(text),
        names=frozenset(w.lower() for w in inside),
    )
    read: list[tuple[str, Sentence, Formula]] = []
    errors: list[Diagnostic] = []
    understood = 0
    mentioned: set[str] = set()
    for i, s in enumerate(parts.premises, start=1):
        try:
            if s.text.endswith("?"):
                raise Unread(s.text, "one question is answered at a time: put it last")
            read.append((f"s{i}", s, read_sentence(s.text, symbols)))
            understood += len(s.text)
        except Unread as error:
            errors.append(_unread(text, s, error))
    mentioned = set(symbols.predicates)
    introduced = frozenset(symbols.introduced)
    asked: list[tuple[str, Sentence, Formula]] = []
    if not errors:
        _each(parts, lambda asks: read_who(asks, symbols), asked, errors, text)
    for i, s in enumerate(parts.asked, start=1):
        try:
            if parts.ask and parts.ask.text.endswith("that") and (word := _ANY.search(s.text)):
                raise Unread(word[0], "in a question this can mean some or all: say which")
            asked.append((s.label or f"q{i}", s, read_question(s.text, symbols)))
            understood += len(s.text)
        except Unread as error:
            errors.append(_unread(text, s, error))
    errors += _asks_nothing(parts, text)
    errors += [NOT_UNDERSTOOD.error(m, source=w, hint=h) for m, w, h in ambiguities(symbols, introduced)]
    for group in (read, asked):
        for i, (name, s, f) in enumerate(group):
            try:
                group[i] = (name, s, written_out(f, symbols))
            except Unread as error:
                errors.append(_unread(text, s, error))
    if parts.ask:
        understood += len(parts.ask.text)
    if errors:
        return Translation(diagnostics=tuple(errors), understood=min(1.0, understood / max(1, len(text))))
    extra = _presupposed(symbols)
    return _written(_header(symbols, mentioned), read, asked, extra, parts, len(symbols.constants))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _presupposed(symbols: Symbols) -> list[tuple[str, str, str]]:
    """``the big cat`` is a cat and big, where the text speaks of such in general; comparisons are orders."""
    found: list[tuple[str, str, str]] = []
    for name, head in symbols.heads.items():
        words = symbols.constants[name]
        for word in dict.fromkeys(words.split()[1:]):
            kind = "noun" if word == head else "adjective"
            if symbols.kinds.get(word) == kind:
                is_so = f"is a {word}" if kind == "noun" else f"is {word}"
                found.append((f"p{len(found) + 1}", f"{word}({name})", f"{words.capitalize()} {is_so}."))
    for scale in symbols.comparisons.values():
        found += [(f"p{len(found) + k}", formula, words) for k, (formula, words) in enumerate(axioms(scale), start=1)]
    return found


def _header(symbols: Symbols, mentioned: set[str]) -> list[str]:
    lines = ["constants:"]
    lines += [f"  {name} ::: {gloss}" for name, gloss in symbols.constants.items()]
    lines += ["predicates:"]
    for name, gloss in symbols.predicates.items():
        params = "x, y" if symbols.arity[name] == 2 else "x"
        lines.append(f"  {name}({params}){'' if name in mentioned else ' only asked'} ::: {gloss}")
    return lines
