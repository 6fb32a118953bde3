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


def literals(formula: Formula, positive: bool = True) -> Iterator[tuple[Pred, bool]]:
    """Every predicate in a condition with its polarity."""
    match formula:
        case Pred():
            yield formula, positive
        case And(parts) | Or(parts):
            for part in parts:
                yield from literals(part, positive)
        case Not(part):
            yield from literals(part, not positive)
        case Imply(left, right):
            yield from literals(left, not positive)
            yield from literals(right, positive)
        case Exists(_, body) | ForAll(_, body) | TimedFormula(_, body):
            yield from literals(body, positive)
        case _:
            pass


def numeric_parts(formula: Formula) -> Iterator[Expr]:
    """Every numeric expression in a condition."""
    match formula:
        case Compare(_, left, right):
            yield left
            yield right
        case And(parts) | Or(parts):
            for part in parts:
                yield from numeric_parts(part)
        case Not(part):
            yield from numeric_parts(part)
        case Imply(left, right):
            yield from numeric_parts(left)
            yield from numeric_parts(right)
        case Exists(_, body) | ForAll(_, body) | TimedFormula(_, body):
            yield from numeric_parts(body)
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
    match effect:
        case Add(fact):
            yield fact, True
        case Delete(fact):
            yield fact, False
        case Sequence(parts):
            for part in parts:
                yield from changed_facts(part)
        case When(_, inner) | ForEach(_, inner) | TimedEffect(_, inner):
            yield from changed_facts(inner)
        case _:
            pass


def assignments(effect: Effect) -> Iterator[Assign]:
    """Every numeric change in an effect."""
    match effect:
        case Assign():
            yield effect
        case Sequence(parts):
            for part in parts:
                yield from assignments(part)
        case When(_, inner) | ForEach(_, inner) | TimedEffect(_, inner):
            yield from assignments(inner)
        case _:
            pass


def effect_conditions(effect: Effect) -> Iterator[Formula]:
    """Every condition of a conditional effect."""
    match effect:
        case When(condition, inner):
            yield condition
            yield from effect_conditions(inner)
        case Sequence(parts):
            for part in parts:
                yield from effect_conditions(part)
        case ForEach(_, inner) | TimedEffect(_, inner):
            yield from effect_conditions(inner)
        case _:
            pass
