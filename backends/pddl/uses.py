"""Which requirements a domain and a problem really use."""

from __future__ import annotations

from collections.abc import Iterator

from quod.backends.pddl.syntax import (
    And,
    Assign,
    Compare,
    Domain,
    Effect,
    Eq,
    Exists,
    Fluent,
    ForAll,
    ForEach,
    Formula,
    Imply,
    Not,
    Num,
    Or,
    ProblemDef,
    Sequence,
    TimedEffect,
    TimedFormula,
    When,
)

__all__ = ["IMPLIES", "KNOWN", "features_of"]

_QUANTIFIED = {":existential-preconditions", ":universal-preconditions", ":quantified-preconditions"}
_ADL = {
    ":strips",
    ":typing",
    ":negative-preconditions",
    ":disjunctive-preconditions",
    ":equality",
    ":conditional-effects",
    *_QUANTIFIED,
}
IMPLIES: dict[str, set[str]] = {
    ":adl": {":adl", *_ADL},
    ":ucpop": {":ucpop", *_ADL, ":derived-predicates"},
    ":quantified-preconditions": _QUANTIFIED,
    ":fluents": {":fluents", ":numeric-fluents", ":action-costs"},
    ":numeric-fluents": {":numeric-fluents", ":action-costs", ":fluents"},
    ":timed-initial-literals": {":timed-initial-literals"},
    ":duration-inequalities": {":duration-inequalities", ":durative-actions"},
}
"""What a requirement grants besides itself."""

KNOWN = frozenset(
    {
        *_ADL,
        *IMPLIES,
        ":action-costs",
        ":durative-actions",
        ":derived-predicates",
        ":constraints",
        ":preferences",
        ":continuous-effects",
        ":goal-utilities",
        ":object-fluents",
        ":domain-axioms",
        ":safety-constraints",
        ":method-preconditions",
        ":hierarchy",
        ":time",
    }
)


def features_of(domain: Domain, problem: ProblemDef | None) -> dict[str, int]:
    """Each used requirement, without its colon, with the offset (in the domain) of its first use."""
    out: dict[str, int] = {}

    def use(name: str, at: int) -> None:
        out.setdefault(name, at)

    if domain.types:
        use("typing", domain.types[0].at)
    for rule in domain.derived:
        use("derived-predicates", rule.at)
        for name, at in _condition(rule.body):
            use(name, at)
    for action in domain.actions:
        if action.durative:
            use("durative-actions", action.at)
        for name, at in [*_condition(action.condition), *_effect(action.effect)]:
            use(name, at)
    numeric = next((f for f in domain.functions if f.name != "total-cost" and f.params == ()), None)
    if numeric and "numeric-fluents" not in out and not _costs_only(domain):
        use("numeric-fluents", numeric.at)
    if problem:
        for name, at in _condition(problem.goal):
            use(name, at)
        if any(i.time is not None for i in problem.init) or any(v.time is not None for v in problem.values):
            use("timed-initial-literals", 0)
        metric = problem.metric
        if metric:
            plain = isinstance(metric.expr, Fluent) and metric.expr.name in {"total-cost", "total-time"}
            use("action-costs" if plain and metric.minimize else "numeric-fluents", metric.at)
    return out


def _costs_only(domain: Domain) -> bool:
    """Whether functions serve only as the static cost of actions."""
    return not any(_changes_number(a.effect) for a in domain.actions)


def _changes_number(effect: Effect) -> bool:
    match effect:
        case Assign():
            return not _is_cost(effect)
        case Sequence(parts):
            return any(_changes_number(p) for p in parts)
        case When(_, inner) | ForEach(_, inner) | TimedEffect(_, inner):
            return _changes_number(inner)
        case _:
            return False


def _is_cost(effect: Assign) -> bool:
    return effect.op == "increase" and effect.target.name == "total-cost" and isinstance(effect.value, Num | Fluent)


def _condition(formula: Formula) -> Iterator[tuple[str, int]]:
    match formula:
        case Eq():
            yield "equality", formula.at
        case Not(part):
            if not isinstance(part, Eq):
                yield "negative-preconditions", formula.at
            yield from _condition(part)
        case Or(parts):
            yield "disjunctive-preconditions", formula.at
            for part in parts:
                yield from _condition(part)
        case Imply(left, right):
            yield "disjunctive-preconditions", formula.at
            yield from _condition(left)
            yield from _condition(right)
        case And(parts):
            for part in parts:
                yield from _condition(part)
        case Exists(_, body):
            yield "existential-preconditions", formula.at
            yield from _condition(body)
        case ForAll(_, body):
            yield "universal-preconditions", formula.at
            yield from _condition(body)
        case TimedFormula(_, body):
            yield from _condition(body)
        case Compare():
            yield "numeric-fluents", formula.at
        case _:
            pass


def _effect(effect: Effect) -> Iterator[tuple[str, int]]:
    match effect:
        case Sequence(parts):
            for part in parts:
                yield from _effect(part)
        case When(condition, inner):
            yield "conditional-effects", effect.at
            yield from _condition(condition)
            yield from _effect(inner)
        case ForEach(_, inner):
            yield "conditional-effects", effect.at
            yield from _effect(inner)
        case TimedEffect(_, inner):
            yield from _effect(inner)
        case Assign():
            yield ("action-costs" if _is_cost(effect) else "numeric-fluents"), effect.at
        case _:
            pass
