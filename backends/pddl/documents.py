"""From a formalization and its context to one domain and one problem."""

from __future__ import annotations

from dataclasses import dataclass, field

from quod.backends.pddl import codes
from quod.backends.pddl.check import build, check_domain
from quod.backends.pddl.definitions import Definitions, parse
from quod.backends.pddl.syntax import Domain, ProblemDef
from quod.backends.pddl.task import Task
from quod.core.diagnostics import Diagnostic, Span, has_errors
from quod.core.errors import InputError
from quod.core.formalization import Formalization
from quod.core.problem import Problem

__all__ = ["Loaded", "load", "load_text"]


@dataclass(slots=True)
class Loaded:
    """What a text and its context came to. ``task`` is None exactly if there is an error."""

    task: Task | None = None
    domain: Domain | None = None
    problem: ProblemDef | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def domain_text(self) -> str:
        """The domain as it was written, by itself."""
        assert self.domain is not None
        return _cut(self.domain.source.text, self.domain.at)

    @property
    def problem_text(self) -> str:
        """The problem as it was written, by itself."""
        assert self.problem is not None
        return _cut(self.problem.source.text, self.problem.at)


def load(formalization: Formalization, problem: Problem) -> Loaded:
    """Read the formal text; what it lacks (a domain, a problem) is looked for in the context's PDDL files."""
    own = parse(formalization.text)
    out = Loaded(diagnostics=list(own.diagnostics))
    others: list[Definitions] = []
    if not own.domains or not own.problems:
        for item in problem.attachments(".pddl"):
            try:
                others.append(parse(item.read_text(), item.name))
            except InputError as error:
                out.diagnostics.append(codes.NOT_TEXT.error(error.message, file=item.name))
    domains, problems = list(own.domains), list(own.problems)
    for other in others:
        if (other.domains and not own.domains) or (other.problems and not own.problems):
            out.diagnostics += other.diagnostics
        domains += other.domains if not own.domains else []
        problems += other.problems if not own.problems else []
    return _choose(out, domains, problems, formalization.text)


def load_text(text: str, domain: str = "") -> Loaded:
    """Read a text (and a domain, if the text has none)."""
    own = parse(text)
    extra = parse(domain) if domain and not own.domains else Definitions()
    out = Loaded(diagnostics=own.diagnostics + extra.diagnostics)
    return _choose(out, own.domains + extra.domains, own.problems, text)


def _choose(out: Loaded, domains: list[Domain], problems: list[ProblemDef], text: str) -> Loaded:
    start = Span.at(text, 0)
    if not domains and not problems:
        if not out.diagnostics:
            out.diagnostics.append(codes.EMPTY.error("there is no PDDL in the text", span=start))
        out.diagnostics.append(codes.MISSING_PROBLEM.error("no (define (problem …) …) was found", span=start))
        return out
    named = {p.domain for p in problems}
    if len(domains) > 1 and sum(d.name in named for d in domains) == 1:
        domains = [d for d in domains if d.name in named]
    for kind, found in (("domain", domains[1:]), ("problem", problems[1:])):
        for extra in found:
            span = Span.at(extra.source.text, extra.at)
            message = f"a second {kind}, {extra.name}: one is solved at a time"
            out.diagnostics.append(codes.SEVERAL.error(message, span=span, file=extra.source.file))
    out.domain = domains[0] if domains else None
    out.problem = problems[0] if problems else None
    if out.domain is None:
        wanted = problems[0].domain
        message = f"the problem needs domain {wanted or '(unnamed)'}, and neither the text nor the context has it"
        out.diagnostics.append(codes.MISSING_DOMAIN.error(message, span=start, hint="attach the domain's .pddl file"))
    elif out.problem is None:
        out.diagnostics.append(codes.MISSING_PROBLEM.error("there is a domain, but no problem", span=start))
        out.diagnostics += check_domain(out.domain)
    else:
        task, found_by_check = build(out.domain, out.problem)
        out.diagnostics += found_by_check
        out.task = None if has_errors(out.diagnostics) else task
    return out


def _cut(text: str, start: int) -> str:
    """The balanced list that starts at ``start``; comments are skipped when counting."""
    depth = 0
    comment = False
    for index in range(start, len(text)):
        char = text[index]
        if comment:
            comment = char != "\n"
        elif char == ";":
            comment = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return text[start : index + 1]
    return text[start:]
