"""The controlled-English planning translator."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from quod.core.diagnostics import Diagnostic, has_errors
from quod.core.errors import InputError
from quod.core.faithfulness import Coverage, Faithfulness, FaithfulnessLevel, Tally
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization, SourceLink
from quod.core.problem import ContextItem, Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.translators.codes import NOT_UNDERSTOOD
from quod.translators.controlled.pddl import codes
from quod.translators.controlled.pddl.building import Built, build
from quod.translators.controlled.pddl.facts import denied
from quod.translators.controlled.pddl.lexicon import Lexicon, LexiconError, built_in, parse_lexicon
from quod.translators.controlled.pddl.reading import Understood, read
from quod.translators.controlled.pddl.tables import read_tables

__all__ = ["ControlledPddl"]

_DOMAIN_NAME = re.compile(r"\(\s*define\s*\(\s*domain\s+([^\s()]+)", re.IGNORECASE)
_CONSTANTS = re.compile(r"\(\s*:constants\s((?:[^()]|\([^()]*\))*)\)", re.IGNORECASE)
_MOST = 20


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one lexicon makes of a problem."""

    lexicon: Lexicon
    said: Understood
    built: Built | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def complete(self) -> bool:
        return self.built is not None and not has_errors(self.diagnostics)


class ControlledPddl:
    """Problem text to PDDL by the lexicons of docs/pddl.md; abstains unless every word is accounted for."""

    name = "controlled"
    formalism = Formalism.PDDL

    def translate(self, problem: Problem, run: Run) -> Translation:
        """The formalization, or the words that were not understood."""
        lexicons, wrong = _lexicons(problem)
        if wrong:
            return Translation(diagnostics=wrong)
        attempts = []
        for lexicon in lexicons:
            run.cancel.check()
            attempts.append(_attempt(problem, lexicon))
        complete = [a for a in attempts if a.complete]
        texts = {_problem_text(a) for a in complete}
        if len(texts) > 1:
            names = ", ".join(sorted(a.lexicon.domain for a in complete))
            message = f"the words can be read by several lexicons: {names}"
            question = f"Which domain is meant: {names}?"
            return Translation(diagnostics=(codes.AMBIGUOUS.error(message),), question=question, understood=1.0)
        if complete:
            return _done(problem, complete[0])
        best = max(attempts, key=lambda a: (a.said.share, len(a.said.events)), default=None)
        if best is None:
            return _no_lexicon(problem)
        return _abstain(best)


def _no_lexicon(problem: Problem) -> Translation:
    known = ", ".join(lexicon.domain for lexicon in built_in())
    hint = f"attach a lexicon (docs/pddl.md); there are lexicons for {known}"
    message = "no lexicon is known for the attached domain"
    return Translation(diagnostics=(NOT_UNDERSTOOD.error(message, source=problem.text[:500], hint=hint),))


def _lexicons(problem: Problem) -> tuple[list[Lexicon], tuple[Diagnostic, ...]]:
    """The lexicons to try: those in the context, else the built-in ones (of the attached domain, if there is one)."""
    domains: dict[str, str] = {}
    try:
        for item in problem.attachments(".pddl"):
            text = item.read_text()
            match = _DOMAIN_NAME.search(text)
            if match:
                domains[match[1].lower()] = text
        own = [_own_lexicon(item, domains) for item in problem.attachments(".yaml", ".yml")]
    except LexiconError as error:
        return [], (codes.BAD_LEXICON.error(str(error)),)
    except InputError as error:
        return [], (codes.BAD_LEXICON.error(error.message),)
    if own:
        return own, ()
    known = list(built_in())
    if not domains:
        return known, ()
    fitting = [_with_domain(lexicon, domains[lexicon.domain]) for lexicon in known if lexicon.domain in domains]
    return fitting, ()


def _own_lexicon(item: ContextItem, domains: dict[str, str]) -> Lexicon:
    lexicon = parse_lexicon(item.read_text(), "", item.name)
    if lexicon.domain not in domains:
        raise LexiconError(f"{item.name}: attach the domain {lexicon.domain} as a .pddl file too")
    return _with_domain(lexicon, domains[lexicon.domain])


def _with_domain(lexicon: Lexicon, text: str) -> Lexicon:
    """The lexicon with another text of its domain; what the lexicon knows of reading it aloud comes along."""
    said = [f";; @say {name}: {template}" for name, template in lexicon.words]
    said += [line for line in lexicon.domain_text.splitlines() if line.startswith(";; @say ")]
    return replace(lexicon, domain_text=text if "@say" in text else "\n".join([*said, text]))


def _attempt(problem: Problem, lexicon: Lexicon) -> _Attempt:
    said = read(problem.text, lexicon)
    rows, wrong = read_tables(problem, lexicon)
    if said.failed or (wrong and not said.events):
        failed = tuple(
            NOT_UNDERSTOOD.error(
                f"not understood: '{_short(s.words)}'",
                source=s.words,
                hint="say it as in the examples of docs/pddl.md, or attach a lexicon that has this phrase",
            )
            for s in said.failed[:_MOST]
        )
        return _Attempt(lexicon, said, None, (*failed, *wrong))
    built = build(lexicon, said, rows)
    return _Attempt(lexicon, said, built, (*wrong, *built.diagnostics))


def _abstain(attempt: _Attempt) -> Translation:
    question = attempt.built.question if attempt.built else None
    return Translation(diagnostics=attempt.diagnostics, understood=min(1.0, attempt.said.share), question=question)


def _done(problem: Problem, attempt: _Attempt) -> Translation:
    built = attempt.built
    assert built is not None
    text = f"{attempt.lexicon.domain_text.strip()}\n\n{_problem_text(attempt)}"
    links = []
    for fact, words in (built.init | built.goals).items():
        start = problem.text.find(words)
        place = {"start": start, "end": start + len(words)} if start >= 0 else {}
        links.append(SourceLink(element=fact, words=words, **place))
    if attempt.said.best and problem.options.optimal is None:
        problem = problem.model_copy(update={"options": problem.options.model_copy(update={"optimal": True})})
    numbers = re.findall(r"(?<![\w-])\d+(?![\w-])", problem.text)
    coverage = Coverage(
        numbers=Tally(accounted=len(numbers), total=len(numbers)),
        names=Tally(accounted=len(built.objects), total=len(built.objects)),
        sentences=Tally(accounted=attempt.said.total, total=attempt.said.total),
    )
    return Translation(
        formalization=Formalization(formalism=Formalism.PDDL, text=text, language="pddl", source_map=tuple(links)),
        faithfulness=Faithfulness(
            level=FaithfulnessLevel.CONTROLLED,
            coverage=coverage,
            note=f"lexicon of {attempt.lexicon.domain}; every sentence is accounted for",
        ),
        diagnostics=attempt.diagnostics,
        problem=problem,
        understood=1.0,
    )


def _problem_text(attempt: _Attempt) -> str:
    built, lexicon = attempt.built, attempt.lexicon
    assert built is not None
    by_type: dict[str, list[str]] = {}
    constants = _constants(lexicon.domain_text)
    for name, kind in built.objects.items():
        if name in constants:
            continue
        by_type.setdefault(lexicon.kinds[kind].type, []).append(name)
    lines = [
        f"    {' '.join(names)}" + (f" - {kind}" if kind != "object" else "")
        for kind, names in sorted(by_type.items(), key=lambda item: item[0] == "object")
    ]
    metric = f"\n  {lexicon.metric}" if lexicon.metric else ""
    return (
        f"(define (problem stated-in-words)\n  (:domain {lexicon.domain})\n  (:objects\n"
        + "\n".join(lines)
        + ")\n  (:init\n"
        + "\n".join(f"    {fact}" for fact in built.init if denied(fact) is None)
        + ")\n  (:goal (and\n"
        + "\n".join(f"    {fact}" for fact in built.goals)
        + f")){metric})\n"
    )


def _constants(domain: str) -> set[str]:
    """The names that the domain declares itself."""
    match = _CONSTANTS.search(re.sub(r";.*", "", domain))
    return set(match[1].lower().split()) if match else set()


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= 80 else flat[:77] + "…"
