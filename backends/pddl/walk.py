"""Walks over conditions and effects."""

from __future__ import annotations

from collections.abc import Iterator

from quod.backends.pddl.syntax import (
    Add,
    And,
    Arith,
    Assign,
    Compare,
    Delete,
    Effect,
    Exists,
    Expr,
    Fluent,
    ForAll,
    ForEach,
    Formula,
    Imply,
    Not,
    Or,
    Pred,
    Sequence,
    TimedEffect,
    TimedFormula,
    When,
)

__all__ = ["assignments", "atoms", "changed_facts", "effect_conditions", "fluents", "literals", "numeric_parts"]


def atoms(formula: Formula) -> Iterator[Pred]:
    """Every predicate in a condition, whatever its sign."""
    for atom, _ in literals(formula):
        yield atom


def literals(formula: Formula) -> Iterator[tuple[Pred, bool]]:
    """Every predicate in a condition with its polarity."""
    return ((part, positive) for part, positive in _conditions(formula, True) if isinstance(part, Pred))


def numeric_parts(formula: Formula) -> Iterator[Expr]:
    """Every numeric expression in a condition."""
    for part, _ in _conditions(formula, True):
        if isinstance(part, Compare):
            yield part.left
            yield part.right


def _conditions(formula: Formula, positive: bool) -> Iterator[tuple[Formula, bool]]:
    """A condition and every part of it, with its polarity."""
    yield formula, positive
    match formula:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _conditions(part, positive)
        case Not(part):
            yield from _conditions(part, not positive)
        case Imply(left, right):
            yield from _conditions(left, not positive)
            yield from _conditions(right, positive)
        case Exists(_, body) | ForAll(_, body) | TimedFormula(_, body):
            yield from _conditions(body, positive)
        case _:
            pass


def fluents(expr: Expr) -> Iterator[Fluent]:
    """Every numeric function in an expression."""
    match expr:
        case Fluent():
            yield expr
        case Arith(_, args):
            for arg in args:
                yield from fluents(arg)
        case _:
            pass


def changed_facts(effect: Effect) -> Iterator[tuple[Pred, bool]]:
    """Every fact an effect may change, with True for adding."""
    return ((part.fact, isinstance(part, Add)) for part in _effects(effect) if isinstance(part, Add | Delete))


def assignments(effect: Effect) -> Iterator[Assign]:
    """Every numeric change in an effect."""
    return (part for part in _effects(effect) if isinstance(part, Assign))


def effect_conditions(effect: Effect) -> Iterator[Formula]:
    """Every condition of a conditional effect."""
    return (part.condition for part in _effects(effect) if isinstance(part, When))


def _effects(effect: Effect) -> Iterator[Effect]:
    """An effect and every part of it."""
    yield effect
    match effect:
        case Sequence(parts):
            for part in parts:
                yield from _effects(part)
        case When(_, inner) | ForEach(_, inner) | TimedEffect(_, inner):
            yield from _effects(inner)
        case _:
            pass
