"""Doubts about a formal text that can be read: is it likely to say what its words say? Calls no engine."""

from __future__ import annotations

import difflib
import itertools

from quod.backends.fol import codes
from quod.backends.fol.document import Raw
from quod.backends.fol.syntax import (
    And,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
    Or,
    Sentence,
    Theory,
    children,
    free_variables,
    symbols,
)
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["lint"]


def lint(theory: Theory, raw: Raw) -> list[Diagnostic]:
    """Every lint of a resolved theory."""
    found: list[Diagnostic] = []
    for group, premise in ((theory.premises, True), (theory.question.formulas, False)):
        for s in group:
            for f in _subformulas(s.formula):
                found += _shape(f, s, premise=premise)
    found += _symbols(theory, raw)
    return found


def _subformulas(f: Formula) -> list[Formula]:
    found, stack = [], [f]
    while stack:
        g = stack.pop()
        found.append(g)
        stack.extend(reversed(children(g)))
    return found


def _shape(f: Formula, s: Sentence, premise: bool) -> list[Diagnostic]:
    place = {"span": Span(line=s.line, column=1), "source": s.words or None}
    if not isinstance(f, Forall | Exists):
        return []
    found = []
    if f.var not in free_variables(f.body):
        found.append(codes.VACUOUS.warning(f"the quantifier over '{f.var}' binds nothing", **place))
    body = f.body
    while isinstance(body, Forall | Exists) and type(body) is type(f):
        body = body.body
    if isinstance(f, Exists) and isinstance(body, Implies) and f.var in free_variables(body.left):
        found.append(
            codes.EXISTS_IMPLIES.warning(
                f"'∃{f.var} (… → …)' already holds if something lacks the condition",
                hint="'some A is B' is ∃x (A(x) ∧ B(x))",
                **place,
            )
        )
    if isinstance(f, Forall) and premise and isinstance(body, And) and all(not _is_rule(p) for p in body.parts):
        found.append(
            codes.FORALL_AND.warning(
                f"'∀{f.var} (… ∧ …)' says all of this of everything there is",
                hint="'every A is B' is ∀x (A(x) → B(x))",
                **place,
            )
        )
    return found


def _is_rule(f: Formula) -> bool:
    return isinstance(f, Implies | Or | Not | Forall | Exists)


def _symbols(theory: Theory, raw: Raw) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    in_premises: set[str] = set(theory.facts)
    for s in theory.premises:
        in_premises |= symbols(s.formula)
    for rows in theory.facts.values():
        in_premises |= {c for row in rows for c in row}
    asked: dict[str, Sentence] = {}
    for s in theory.question.formulas:
        for name in symbols(s.formula):
            asked.setdefault(name, s)
    fresh = [n for n in sorted(asked) if n not in in_premises and n not in theory.elements]
    if theory.premises or theory.facts:
        for name in fresh:
            s = asked[name]
            near = _near(name, in_premises, theory)
            if name in raw.only_asked:
                continue
            hint = f"did you mean '{near}'?" if near else None
            # a question may well ask of somebody new; a new relation, or nearly a known name, is a slip
            doubtful = near is not None or name in theory.predicates
            found.append(
                (codes.UNMENTIONED.warning if doubtful else codes.UNMENTIONED.info)(
                    f"the question speaks of '{name}', which no premise mentions",
                    span=Span(line=s.line, column=1),
                    source=s.words or None,
                    hint=hint,
                )
            )
    used = in_premises | set(asked)
    for name, line in raw.places.items():
        declared = name in theory.predicates or name in theory.functions
        if declared and name not in used and name not in raw.tables:
            found.append(codes.UNUSED.warning(f"'{name}' is declared and never used", span=Span(line=line, column=1)))
    if len(used) <= 400:
        found += _near_misses(theory, used, raw)
    return found


def _near(name: str, pool: set[str], theory: Theory) -> str | None:
    same = [n for n in pool if (n in theory.predicates) == (name in theory.predicates)]
    close = difflib.get_close_matches(name, same, 1, 0.75)
    # short names come out as less alike than they look: "Rxe" for "Rex"
    swapped = (n for n in sorted(same) if n[:1].lower() == name[:1].lower() and _one_slip(n.lower(), name.lower()))
    return close[0] if close else next(swapped, None)


def _one_slip(a: str, b: str) -> bool:
    """One letter changed, dropped or added, or two neighbours swapped."""
    if any(c.isdigit() for c in a + b):
        return False
    x, y = _differing(a, b)
    return max(len(x), len(y)) <= 1 or (len(x) == 2 and x == y[::-1])


def _differing(a: str, b: str) -> tuple[str, str]:
    """What is left of two names without their common beginning and end."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    x, y = a[start:], b[start:]
    end = 0
    while end < min(len(x), len(y)) and x[-1 - end] == y[-1 - end]:
        end += 1
    return x[: len(x) - end], y[: len(y) - end]


def _near_misses(theory: Theory, used: set[str], raw: Raw) -> list[Diagnostic]:
    """Two names of one kind that differ by a slip, one of them undeclared or used only once."""
    count: dict[str, int] = {}
    together: set[frozenset[str]] = set()
    """Names that stand side by side in one formula are meant to differ."""
    for s in (*theory.premises, *theory.question.formulas):
        named = symbols(s.formula)
        for name in named:
            count[name] = count.get(name, 0) + 1
        if len(named) <= 40:
            together |= {frozenset(pair) for pair in itertools.combinations(named, 2)}
    found = []
    names = sorted(used)
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            alike = (a in theory.predicates) == (b in theory.predicates)
            if (
                alike
                and frozenset({a, b}) not in together
                # the elements of a closed sort were listed side by side
                and not (a in theory.elements and theory.elements[a] == theory.elements.get(b))
                and min(count.get(a, 0), count.get(b, 0)) <= 1
                and _slip(a, b)
            ):
                found.append(
                    codes.NEAR_MISS.warning(
                        f"'{a}' and '{b}' differ so little that one may be a slip of the other",
                        span=Span(line=raw.places.get(a, raw.places.get(b, 1)), column=1),
                        hint="if they are the same thing, give them one name",
                    )
                )
    return found


def _slip(a: str, b: str) -> bool:
    """One letter dropped or added or two neighbours swapped; in names of five letters or more, one changed."""
    if a.lower().replace("_", "") == b.lower().replace("_", ""):
        return True
    x, y = _differing(a, b)
    if len(x) == len(y) == 1 and (a[0] != b[0] or len(a) < 5):
        return False  # "cat" and "hat", "cat" and "car", "wumpus" and "yumpus": other words, not slips
    if min(len(a), len(b)) < (3 if a[0] == b[0] else 5):
        return False
    return x + y == "es" or _one_slip(a, b)
