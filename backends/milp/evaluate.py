"""Our own evaluation of expression trees at a point: exact where arithmetic is exact. Knows no solver.

Trees travel as JSON (:func:`pack`, :func:`unpack`); positions in lists count from 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from quod.backends.milp.linear import as_json, exact
from quod.backends.milp.values import Lin, Tree, Value
from quod.core.model import JsonValue

__all__ = ["evaluate", "holds", "is_exact", "pack", "unpack"]

Result = Fraction | float
INEXACT = frozenset({"exp", "log", "sin", "cos", "sqrt"})


def pack(value: Value) -> JsonValue:
    """A value as JSON."""
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, (int, Fraction)):
        return as_json(value)
    if isinstance(value, Lin):
        return {"lin": [[j, as_json(a)] for j, a in value.terms.items()], "const": as_json(value.const)}
    if isinstance(value, Tree):
        return {"op": value.op, "args": [pack(a) for a in value.args]}
    if isinstance(value, (list, tuple)):
        return [pack(v) for v in value]
    raise ValueError(f"cannot pack {value!r}")


def unpack(raw: Any) -> Value:
    """What :func:`pack` wrote."""
    if isinstance(raw, list):
        return [unpack(v) for v in raw]
    if isinstance(raw, dict):
        if "bool" in raw:
            return bool(raw["bool"])
        if "lin" in raw:
            return Lin({int(j): exact(a) for j, a in raw["lin"]}, exact(raw["const"]))
        return Tree(str(raw["op"]), [unpack(a) for a in raw["args"]])
    return exact(raw)


def is_exact(value: Value) -> bool:
    """Whether evaluation needs no transcendental function."""
    if isinstance(value, Tree):
        return value.op not in INEXACT and all(is_exact(a) for a in value.args)
    if isinstance(value, list):
        return all(is_exact(v) for v in value)
    return True


def evaluate(value: Value, x: Sequence[Fraction]) -> Result:
    """A number; truth values are 0 and 1. Raises ZeroDivisionError, ValueError."""
    if isinstance(value, Lin):
        return Fraction(value.const) + sum((Fraction(a) * x[j] for j, a in value.terms.items()), Fraction(0))
    if isinstance(value, Tree):
        if value.boolean:
            return Fraction(int(holds(value, x)))
        return _number(value, x)
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    raise ValueError(f"not a number: {value!r}")


def _number(tree: Tree, x: Sequence[Fraction]) -> Result:
    op = tree.op
    if op == "element":
        items, index = tree.args
        assert isinstance(items, list)
        at = int(evaluate(index, x))
        if not 1 <= at <= len(items):
            raise ValueError("element: the position is outside the list")
        return evaluate(items[at - 1], x)
    values = [evaluate(a, x) for a in tree.args]
    if op == "+":
        return sum(values, Fraction(0))
    if op == "*":
        return values[0] * values[1]
    if op == "/":
        return values[0] / values[1]
    if op == "^":
        exponent = values[1]
        whole = Fraction(exponent).denominator == 1
        return values[0] ** int(exponent) if whole else float(values[0]) ** float(exponent)
    if op in {"min", "max"}:
        return min(values) if op == "min" else max(values)
    if op == "abs":
        return max(values[0], -values[0])
    functions = {"exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos, "sqrt": math.sqrt}
    return functions[op](float(values[0]))


def holds(value: Value, x: Sequence[Fraction]) -> bool:
    """Whether a truth value is true at a point."""
    if isinstance(value, bool):
        return value
    assert isinstance(value, Tree)
    op, args = value.op, value.args
    if op in {"<=", ">=", "=", "!=", "<", ">"}:
        v = evaluate(args[0], x)
        return {"<=": v <= 0, ">=": v >= 0, "=": v == 0, "!=": v != 0, "<": v < 0, ">": v > 0}[op]
    if op == "and":
        return all(holds(a, x) for a in args)
    if op == "or":
        return any(holds(a, x) for a in args)
    if op == "not":
        return not holds(args[0], x)
    if op == "=>":
        return not holds(args[0], x) or holds(args[1], x)
    if op == "<=>":
        return holds(args[0], x) == holds(args[1], x)
    return _global(op, args, x)


def _list(value: Value, x: Sequence[Fraction]) -> list[Result]:
    assert isinstance(value, list)
    return [evaluate(v, x) for v in value]


def _global(op: str, args: list[Value], x: Sequence[Fraction]) -> bool:
    first = _list(args[0], x)
    if op == "all_different":
        return len(set(first)) == len(first)
    if op == "circuit":
        seen, at = set(), 1
        while at not in seen and 1 <= at <= len(first):
            seen.add(at)
            at = int(first[at - 1])
        return at == 1 and len(seen) == len(first)
    if op == "inverse":
        second = _list(args[1], x)
        n = len(first)
        return len(second) == n and all(1 <= f <= n and second[int(f) - 1] == i for i, f in enumerate(first, 1))
    if op == "table":
        assert isinstance(args[1], list)
        return any(_list(row, x) == first for row in args[1])
    durations = _list(args[1], x)
    if op == "no_overlap":
        spans = [(s, s + d) for s, d in zip(first, durations, strict=True) if d > 0]
        return all(b <= c or d <= a for (a, b), (c, d) in combinations(spans, 2))
    if op == "cumulative":
        demands, capacity = _list(args[2], x), evaluate(args[3], x)
        return all(
            sum((r for s, d, r in zip(first, durations, demands, strict=True) if s <= t < s + d), Fraction(0))
            <= capacity
            for t in first
        )
    raise ValueError(f"unknown constraint {op}")
