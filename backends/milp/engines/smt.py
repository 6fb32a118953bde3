"""A second opinion from Z3: is there a point at all, or one strictly better than a value? Runs in the sandbox.

Payload as for CP-SAT, with ``better`` (an exact value to beat, or None) and ``forbid`` (a point that does not count).
Result: ``{"answer": "no" | "yes" | "unknown"}``.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from typing import Any, cast

import z3

from quod.backends.milp.evaluate import unpack
from quod.backends.milp.linear import exact
from quod.backends.milp.values import Lin, Tree, Value
from quod.core.model import JsonDict

__all__ = ["beat"]


def beat(payload: JsonDict) -> JsonDict:
    """See the module."""
    whole = set(cast("list[int]", payload["integer"]))
    solver = z3.Solver()
    solver.set("timeout", int(1000 * float(cast("float", payload["seconds"]))))
    columns = _Columns(
        z3.Int(f"x{j}") if j in whole else z3.Real(f"x{j}") for j in range(len(cast("list[Any]", payload["lower"])))
    )
    for key, sign in (("lower", 1), ("upper", -1)):
        for v, limit in zip(columns, cast("list[Any]", payload[key]), strict=True):
            if limit is not None:
                solver.add(v >= _constant(exact(limit)) if sign > 0 else v <= _constant(exact(limit)))
    try:
        for tree in cast("list[Any]", payload["trees"]):
            solver.add(_truth(unpack(tree), columns))
        # the objective too must mean something at a point, whether or not a value is to be beaten
        goal = None if payload.get("objective") is None else _number(unpack(payload["objective"]), columns)
        if payload.get("better") is not None and goal is not None:
            value = _constant(exact(payload["better"]))
            solver.add(goal > value if payload["maximize"] else goal < value)
        if payload.get("forbid") is not None:
            solver.add(z3.Or([v != int(k) for v, k in zip(columns, cast("list[int]", payload["forbid"]), strict=True)]))
        solver.add(columns.side)
    except NotImplementedError as reason:
        return {"answer": "unknown", "note": str(reason)}
    answer = solver.check()
    return {"answer": "no" if answer == z3.unsat else "yes" if answer == z3.sat else "unknown"}


class _Columns(list[Any]):
    """The variables; and what must hold besides, for expressions to mean anything: positions are inside their lists."""

    def __init__(self, variables: Iterable[Any]) -> None:
        super().__init__(variables)
        self.side: list[Any] = []


def _constant(value: int | Fraction) -> Any:
    value = Fraction(value)
    return (
        z3.IntVal(value.numerator) if value.denominator == 1 else z3.RealVal(f"{value.numerator}/{value.denominator}")
    )


def _number(value: Value, x: _Columns) -> Any:
    if isinstance(value, (bool, int, Fraction)):
        return _constant(int(value) if isinstance(value, bool) else value)
    if isinstance(value, Lin):
        return z3.Sum([_constant(a) * x[j] for j, a in value.terms.items()] + [_constant(value.const)])
    if not isinstance(value, Tree):
        raise NotImplementedError("a list")
    if value.boolean:
        return z3.If(_truth(value, x), z3.IntVal(1), z3.IntVal(0))
    op = value.op
    if op == "element":
        items, index = cast("list[Value]", value.args[0]), _number(value.args[1], x)
        x.side.append(z3.And(index >= 1, index <= len(items)))
        result = _number(items[-1], x)
        for k in range(len(items) - 1, 0, -1):
            result = z3.If(index == k, _number(items[k - 1], x), result)
        return result
    parts = [_number(a, x) for a in value.args]
    if op == "+":
        return z3.Sum(parts)
    if op == "*":
        return parts[0] * parts[1]
    if op == "^":
        exponent = value.args[1]
        if not isinstance(exponent, int) or not 2 <= exponent <= 6:
            raise NotImplementedError("power")
        return z3.Product([parts[0]] * exponent)
    if op == "abs":
        return z3.If(parts[0] >= 0, parts[0], -parts[0])
    if op in {"min", "max"}:
        best = parts[0]
        for p in parts[1:]:
            best = z3.If(p < best if op == "min" else p > best, p, best)
        return best
    raise NotImplementedError(op)


def _truth(value: Value, x: _Columns) -> Any:
    if isinstance(value, bool):
        return z3.BoolVal(value)
    assert isinstance(value, Tree)
    op, args = value.op, value.args
    if op in {"<=", ">=", "=", "!=", "<", ">"}:
        v = _number(args[0], x)
        return {"<=": v <= 0, ">=": v >= 0, "=": v == 0, "!=": v != 0, "<": v < 0, ">": v > 0}[op]
    if op == "and":
        return z3.And([_truth(a, x) for a in args])
    if op == "or":
        return z3.Or([_truth(a, x) for a in args])
    if op == "not":
        return z3.Not(_truth(args[0], x))
    if op == "=>":
        return z3.Implies(_truth(args[0], x), _truth(args[1], x))
    if op == "<=>":
        return _truth(args[0], x) == _truth(args[1], x)
    first = [_number(v, x) for v in cast("list[Value]", args[0])]
    n = len(first)
    if op == "all_different":
        return z3.Distinct(first) if n > 1 else z3.BoolVal(True)
    if op == "table":
        rows = cast("list[list[Value]]", args[1])
        return z3.Or([z3.And([a == _number(b, x) for a, b in zip(first, row, strict=True)]) for row in rows])
    if op == "inverse":
        second = [_number(v, x) for v in cast("list[Value]", args[1])]
        pairs = [(first[i] == k + 1) == (second[k] == i + 1) for i in range(n) for k in range(n)]
        return z3.And([z3.And(v >= 1, v <= n) for v in (*first, *second)] + pairs)
    if op == "circuit":
        # positions along the tour from 1: the successor of i comes right after i
        order = [z3.FreshInt("order") for _ in first]
        facts = [z3.And(o >= 0, o < n) for o in order] + [order[0] == 0, z3.Distinct(order), z3.Distinct(first)]
        facts += [z3.And(s >= 1, s <= n) for s in first]
        facts += [z3.Implies(first[i] == k + 1, order[k] == order[i] + 1) for i in range(n) for k in range(1, n)]
        return z3.And(facts)
    durations = [_number(v, x) for v in cast("list[Value]", args[1])]
    if op == "no_overlap":
        tasks = list(zip(first, durations, strict=True))
        return z3.And(
            [z3.Or(a + d <= b, b + e <= a, d <= 0, e <= 0) for (a, d), (b, e) in combinations(tasks, 2)] or [True]
        )
    if op == "cumulative":
        demands, capacity = [_number(v, x) for v in cast("list[Value]", args[2])], _number(args[3], x)
        return z3.And(
            [
                z3.Sum(
                    [
                        z3.If(z3.And(s <= t, t < s + d), r, z3.IntVal(0))
                        for s, d, r in zip(first, durations, demands, strict=True)
                    ]
                )
                <= capacity
                for t in first
            ]
        )
    raise NotImplementedError(op)
