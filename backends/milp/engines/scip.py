"""Nonlinear and mixed-integer programs with SCIP, global. Runs in the sandbox.

Payload as for CP-SAT plus ``integer`` (positions of whole columns) and ``gap``; ``x`` comes back as floats.
"""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any, cast

import pyscipopt

from quod.backends.milp.evaluate import unpack
from quod.backends.milp.linear import exact
from quod.backends.milp.values import Lin, Tree, Value
from quod.core.model import JsonDict

__all__ = ["solve"]


class Unsupported(Exception):  # noqa: N818
    """Something SCIP is not given here."""


_TOLERANCES = (1e-9, 1e-6)
"""How far a point may miss a constraint: SCIP's LP solver can fail at the first, and mostly does not at its own."""


def solve(payload: JsonDict) -> JsonDict:
    """See the module."""
    started = time.monotonic()
    for tolerance in _TOLERANCES:
        left = float(cast("float", payload["seconds"])) - (time.monotonic() - started)
        try:
            return _solve({**payload, "seconds": left}, tolerance)
        except Exception as error:
            # pyscipopt tells its own failures by their words alone
            if not str(error).startswith("SCIP:"):
                raise
            failure = str(error)
    return {"conclusion": "gave_up", "reason": "incomplete", "note": failure}


def _solve(payload: JsonDict, tolerance: float) -> JsonDict:
    started = time.monotonic()
    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("limits/time", max(0.1, float(cast("float", payload["seconds"]))))
    model.setParam("limits/gap", float(cast("float", payload.get("gap") or 0.0)))
    model.setParam("numerics/feastol", tolerance)
    whole = set(cast("list[int]", payload["integer"]))
    columns: list[Any] = []
    lower, upper = cast("list[Any]", payload["lower"]), cast("list[Any]", payload["upper"])
    for j, (low, high) in enumerate(zip(lower, upper, strict=True)):
        columns.append(
            model.addVar(
                name=f"x{j}", vtype="I" if j in whole else "C",
                lb=None if low is None else float(exact(low)), ub=None if high is None else float(exact(high)),
            )
        )  # fmt: skip
    try:
        for tree in cast("list[Any]", payload["trees"]):
            _post(model, unpack(tree), columns)
        if payload.get("objective") is not None:
            goal = unpack(payload["objective"])
            sense = "maximize" if payload["maximize"] else "minimize"
            if isinstance(goal, Tree):
                t = model.addVar(name="objective", vtype="C", lb=None, ub=None)
                expr = _expr(goal, columns)
                model.addCons(t <= expr if payload["maximize"] else t >= expr)
                model.setObjective(t, sense)
            else:
                model.setObjective(_expr(goal, columns), sense)
    except Unsupported as reason:
        return {"conclusion": "gave_up", "reason": "unsupported", "note": str(reason)}
    model.optimize()
    status = model.getStatus()
    result: JsonDict = {"solve": time.monotonic() - started}
    if status == "infeasible":
        return {**result, "conclusion": "infeasible"}
    if status == "unbounded":
        return {**result, "conclusion": "unbounded"}
    if status == "inforunbd":
        model.freeTransform()
        model.setObjective(0)
        model.optimize()
        return {**result, "conclusion": "infeasible" if model.getStatus() == "infeasible" else "unbounded"}
    if model.getNSols() == 0:
        return {
            **result,
            "conclusion": "gave_up",
            "reason": "timeout" if status == "timelimit" else "incomplete",
            "note": status,
        }
    best = model.getBestSol()
    done = status == "optimal"
    return {
        **result,
        "conclusion": "optimal" if done else "feasible",
        "x": [float(best[v]) for v in columns],
        "bound": _told(model, model.getDualbound()),
        "gap": _told(model, model.getGap()),
    }


def _told(model: Any, value: float) -> float | None:
    """A number of SCIP's, None where it stands for infinity."""
    return None if model.isInfinity(abs(value)) else float(value)


def _expr(value: Value, columns: list[Any]) -> Any:
    if isinstance(value, (bool, int, Fraction)):
        return float(value)
    if isinstance(value, Lin):
        return pyscipopt.quicksum(float(a) * columns[j] for j, a in value.terms.items()) + float(value.const)
    if not isinstance(value, Tree) or value.boolean:
        raise Unsupported("a truth value inside an expression")
    op = value.op
    if op == "element":
        raise Unsupported("element")
    parts = [_expr(a, columns) for a in value.args]
    if op == "+":
        return pyscipopt.quicksum(parts)
    if op == "*":
        return parts[0] * parts[1]
    if op == "/":
        return parts[0] / parts[1]
    if op == "^":
        return parts[0] ** parts[1]
    if op == "abs":
        return abs(parts[0])
    functions = {
        "exp": pyscipopt.exp,
        "log": pyscipopt.log,
        "sqrt": pyscipopt.sqrt,
        "sin": pyscipopt.sin,
        "cos": pyscipopt.cos,
    }
    if op in functions:
        return functions[op](parts[0])
    if op in {"min", "max"} and len(parts) == 2:
        a, b = parts
        return (a + b + (abs(a - b) if op == "max" else -abs(a - b))) / 2
    raise Unsupported(op)


def _post(model: Any, value: Value, columns: list[Any]) -> None:
    if not isinstance(value, Tree):
        raise Unsupported("a truth value")
    if value.op == "and":
        for a in value.args:
            _post(model, a, columns)
        return
    if value.op not in {"<=", ">=", "="}:
        raise Unsupported(f"'{value.op}' with quantities that are not whole and bounded")
    expr = _expr(value.args[0], columns)
    model.addCons(expr <= 0 if value.op == "<=" else expr >= 0 if value.op == ">=" else expr == 0)
