"""A model as Pyomo holds it: the one way from our models to Pyomo, for users and for the engine that drives solvers.

Nothing is read from Pyomo code: models go out, values come back. Importing this module imports Pyomo.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pyomo.environ as pyo

from quod.backends.milp.linear import Number, Program
from quod.backends.milp.values import Lin, Tree, Value

__all__ = ["Unsupported", "build"]

FUNCTIONS = {"exp": pyo.exp, "log": pyo.log, "sqrt": pyo.sqrt, "sin": pyo.sin, "cos": pyo.cos, "abs": abs}


class Unsupported(Exception):  # noqa: N818
    """Something that solvers behind Pyomo are not given here."""


def build(program: Program, trees: Sequence[Value], goal: Value | None) -> tuple[Any, list[Any]]:
    """A ConcreteModel and its variables in order; names must be Python identifiers. The program's costs are left
    aside for ``goal``. Raises Unsupported for trees that are no equation or inequality."""
    model = pyo.ConcreteModel()
    columns: list[Any] = []
    for j, name in enumerate(program.names):
        low, high = program.lower[j], program.upper[j]
        bounds = (None if low is None else float(low), None if high is None else float(high))
        variable = pyo.Var(domain=pyo.Integers if program.integer[j] else pyo.Reals, bounds=bounds)
        model.add_component(name, variable)
        columns.append(variable)
    sense = pyo.maximize if program.maximize else pyo.minimize
    model.objective_ = pyo.Objective(expr=0 if goal is None else _expression(goal, columns), sense=sense)
    count = 0
    for row in program.rows:
        count += 1
        ends = [None if v is None else float(v) for v in (row.lower, row.upper)]
        model.add_component(f"r{count}", _limits(row.terms, ends[0], ends[1], columns))
    waiting = list(reversed(trees))
    while waiting:
        value = waiting.pop()
        if isinstance(value, Tree) and value.op == "and":
            waiting += reversed(value.args)
            continue
        count += 1
        model.add_component(f"r{count}", _constraint(value, columns))
    return model, columns


def _limits(terms: dict[int, Number], low: float | None, high: float | None, columns: list[Any]) -> Any:
    if terms:
        return pyo.Constraint(expr=(low, _expression(Lin(terms), columns), high))
    holds = (low is None or low <= 0) and (high is None or high >= 0)
    return pyo.Constraint(expr=pyo.Constraint.Feasible if holds else pyo.Constraint.Infeasible)


def _constraint(value: Value, columns: list[Any]) -> Any:
    if isinstance(value, bool):
        return _limits({}, None if value else 1.0, None, columns)
    if not isinstance(value, Tree) or value.op not in {"<=", ">=", "="}:
        raise Unsupported("logic, counting and global constraints")
    (inner,) = value.args
    # the constant goes to the other side, where solvers expect it
    right = -float(inner.const) if isinstance(inner, Lin) else 0.0
    low, high = (None if value.op == "<=" else right), (None if value.op == ">=" else right)
    if isinstance(inner, Lin):
        return _limits(inner.terms, low, high, columns)
    return pyo.Constraint(expr=(low, _expression(inner, columns), high))


def _expression(value: Value, columns: list[Any]) -> Any:
    if isinstance(value, (bool, int, Fraction)):
        return float(value)
    if isinstance(value, Lin):
        total = pyo.quicksum(float(a) * columns[j] for j, a in value.terms.items())
        return total + float(value.const) if value.const else total
    if not isinstance(value, Tree) or value.boolean:
        raise Unsupported("a truth value inside an expression")
    if value.op == "element":
        raise Unsupported("element")
    parts = [_expression(a, columns) for a in value.args]
    match value.op:
        case "+":
            return pyo.quicksum(parts)
        case "*":
            return parts[0] * parts[1]
        case "/":
            return parts[0] / parts[1]
        case "^":
            return parts[0] ** parts[1]
        case op if op in FUNCTIONS:
            return FUNCTIONS[op](parts[0])
    raise Unsupported(value.op)
