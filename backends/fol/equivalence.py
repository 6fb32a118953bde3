"""Do two formalizations of one text say the same, names aside?

A renaming of the second's symbols to the first's is looked for: same name, same gloss, names alike, then whatever
keeps arities. Under a renaming the question is one of logic: are the premises equivalent, and the questions too,
given the premises? Levels, strongest first: ``identical`` (the same formulas), ``renamed`` (the same up to names),
``equivalent`` (proved so, the proof checked).
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator

from quod.backends.fol.syntax import (
    And,
    App,
    Bool,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Function,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Predicate,
    Term,
    Theory,
    Var,
    Xor,
)
from quod.backends.fol.words import show, show_term

__all__ = [
    "combined_header",
    "complete",
    "conjunction",
    "plain",
    "question_text",
    "rename",
    "renamings",
    "same_formulas",
]

MAX_RENAMINGS = 12
BOUND = "_bound"
"""How bound variables are named here; no symbol may be."""


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _likeness(a: Predicate | Function, b: Predicate | Function) -> float:
    if a.name == b.name:
        return 3.0
    if a.gloss and _plain(a.gloss) == _plain(b.gloss):
        return 2.5
    if _plain(a.name) == _plain(b.name):
        return 2.0
    return difflib.SequenceMatcher(None, _plain(a.name), _plain(b.name)).ratio()


def _fits(a: Predicate | Function, b: Predicate | Function) -> bool:
    return len(a.sorts) == len(b.sorts)


def _pairings(ours: list[Predicate | Function], theirs: list[Predicate | Function]) -> Iterator[dict[str, str]]:
    """Renamings of ``theirs`` to ``ours``, likeliest first."""
    scored = sorted(
        ((_likeness(a, b), a.name, b.name) for a in ours for b in theirs if _fits(a, b)),
        key=lambda t: (-t[0], t[1], t[2]),
    )
    sure: dict[str, str] = {}
    for score, a, b in scored:
        if score >= 0.8 and b not in sure and a not in sure.values():
            sure[b] = a
    left_a = [a for a in ours if a.name not in sure.values()]
    left_b = [b for b in theirs if b.name not in sure]
    if not left_b:
        yield sure
        return
    for choice in itertools.islice(itertools.permutations([*left_a, *[None] * len(left_b)], len(left_b)), 5000):
        if all(a is None or _fits(a, b) for a, b in zip(choice, left_b, strict=True)):
            extra = {b.name: a.name for a, b in zip(choice, left_b, strict=True) if a is not None}
            if len(extra) < min(len(left_a), len(left_b)) and any(
                _fits(a, b) for a in left_a if a.name not in extra.values() for b in left_b if b.name not in extra
            ):
                continue
            yield {**sure, **extra}


def renamings(a: Theory, b: Theory) -> list[dict[str, str]]:
    """Renamings of the second theory's predicates, functions and constants to the first's."""
    predicates = _pairings(list(a.predicates.values()), list(b.predicates.values()))
    found: list[dict[str, str]] = []
    for p in predicates:
        for f in _pairings(list(a.functions.values()), list(b.functions.values())):
            found.append({**p, **f})
            if len(found) >= MAX_RENAMINGS:
                return found
    return found


def rename(f: Formula, names: dict[str, str]) -> Formula:
    """The formula in the first theory's names, bound variables named by how deep they are bound."""
    return _renamed(f, names, {})


def plain(f: Formula) -> Formula:
    """The formula with its bound variables named in that way."""
    return _renamed(f, {}, {})


def _renamed(f: Formula, names: dict[str, str], bound: dict[str, str]) -> Formula:
    def term(t: Term) -> Term:
        if isinstance(t, Var):
            return Var(bound.get(t.name, t.name))
        return App(names.get(t.name, t.name), tuple(term(x) for x in t.args))

    def within(g: Formula) -> Formula:
        return _renamed(g, names, bound)

    match f:
        case Bool():
            return f
        case Pred(name, args):
            return Pred(names.get(name, name), tuple(term(t) for t in args))
        case Eq(left, right):
            return Eq(term(left), term(right))
        case Compare(op, left, right):
            return Compare(op, term(left), term(right))
        case Not(body):
            return Not(within(body))
        case And(parts):
            return And(tuple(map(within, parts)))
        case Or(parts):
            return Or(tuple(map(within, parts)))
        case Implies(left, right):
            return Implies(within(left), within(right))
        case Iff(left, right):
            return Iff(within(left), within(right))
        case Xor(left, right):
            return Xor(within(left), within(right))
        case Forall(var, sort, body) | Exists(var, sort, body):
            here = f"{BOUND}{len(bound) + 1}"
            made = _renamed(body, names, {**bound, var: here})
            return Forall(here, sort, made) if isinstance(f, Forall) else Exists(here, sort, made)


def complete(a: Theory, b: Theory, names: dict[str, str]) -> dict[str, str]:
    """The renaming with a fresh name for every symbol of ``b`` that has no partner."""
    full = dict(names)
    taken = {*a.predicates, *a.functions, *a.elements}
    for name in (*b.predicates, *b.functions):
        if name not in full:
            new = f"{name}_b"
            while new in taken:
                new += "_"
            taken.add(new)
            full[name] = new
    return full


def same_formulas(a: Theory, b: Theory, names: dict[str, str]) -> bool:
    """Whether the formulas are the same, in the same order, under a renaming."""
    ours = [plain(s.formula) for s in (*a.premises, *a.question.formulas)]
    theirs = [rename(s.formula, complete(a, b, names)) for s in (*b.premises, *b.question.formulas)]
    return ours == theirs


def combined_header(a: Theory, b: Theory, names: dict[str, str]) -> str | None:
    """The declarations of both, the second's under the renaming; None where their sorts differ."""
    if any(name.startswith(BOUND) for t in (a, b) for name in (*t.functions, *t.predicates, *t.elements)):
        return None
    if a.sorts.keys() != b.sorts.keys() or any(a.sorts[s].elements != b.sorts[s].elements for s in a.sorts):
        return None
    full = complete(a, b, names)
    lines = ["sorts:"]
    for s in a.sorts.values():
        if s.elements is None:
            lines.append(f"  {show_term(App(s.name))}")
        elif s.numeric:
            lines.append(f"  {show_term(App(s.name))} = {s.elements[0]}..{s.elements[-1]}")
        else:
            lines.append(f"  {show_term(App(s.name))} = {{{', '.join(show_term(App(e)) for e in s.elements)}}}")
    constants, functions, predicates = ["constants:"], ["functions:"], ["predicates:"]
    for f in (*a.functions.values(), *(f for f in b.functions.values() if full[f.name] not in a.functions)):
        name = f.name if f is a.functions.get(f.name) else full[f.name]
        if f.sorts:
            line = f"  {show_term(App(name))}({_parameters(f)}) -> {f.result}{' injective' if f.injective else ''}"
            functions.append(line + _gloss(f))
        else:
            constants.append(f"  {show_term(App(name))}: {f.result}" + _gloss(f))
    for p in (*a.predicates.values(), *(p for p in b.predicates.values() if full[p.name] not in a.predicates)):
        name = p.name if p is a.predicates.get(p.name) else full[p.name]
        line = f"  {show_term(App(name))}({_parameters(p)})" if p.sorts else f"  {show_term(App(name))}"
        predicates.append(line + _gloss(p))
    return "\n".join([*lines, *constants, *functions, *predicates])


def _parameters(symbol: Predicate | Function) -> str:
    named = len(symbol.params) == len(symbol.sorts)
    return (
        ", ".join(f"{p}: {s}" for p, s in zip(symbol.params, symbol.sorts, strict=True))
        if named
        else ", ".join(symbol.sorts)
    )


def _gloss(symbol: Predicate | Function) -> str:
    return f" ::: {symbol.gloss}" if symbol.gloss else ""


def question_text(header: str, assumed: list[Formula], asked: Formula) -> str:
    """A formal text that asks whether one formula follows from others."""
    premises = [f"  {show(f, sorts=True)}" for f in assumed]
    return "\n".join([header, "premises:", *premises, "question:", f"  {show(asked, sorts=True)}"]) + "\n"


def conjunction(parts: list[Formula]) -> Formula:
    """All of them."""
    if not parts:
        return Bool(True)
    return parts[0] if len(parts) == 1 else And(tuple(parts))
