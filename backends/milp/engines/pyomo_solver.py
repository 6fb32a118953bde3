"""Users' own solvers, driven by Pyomo. Runs in the sandbox, where the solver is a process of its own.

Payload as for SCIP plus ``solver`` (Pyomo's name for its interface) and ``program`` (the path of the executable, or
None). ``x`` comes back as floats; what the solver claims of it is its own word.
"""

from __future__ import annotations

import time
from typing import Any, cast

import pyomo.environ as pyo

from quod.backends.milp.evaluate import unpack
from quod.backends.milp.linear import Program, exact
from quod.backends.milp.pyomo_model import Unsupported, build
from quod.core.model import JsonDict

__all__ = ["solve"]

_LIMITS = {"ipopt": "max_cpu_time", "bonmin": "bonmin.time_limit", "couenne": "time_limit", "scip": "limits/time"}
"""Options of solvers behind the AMPL interface, which takes no time limit of its own."""


def solve(payload: JsonDict) -> JsonDict:
    """See the module."""
    started = time.monotonic()
    lower, upper = (
        [None if v is None else exact(v) for v in cast("list[Any]", payload[key])] for key in ("lower", "upper")
    )
    whole = set(cast("list[int]", payload["integer"]))
    names = [f"x{j}" for j in range(len(lower))]
    program = Program(names, lower, upper, [j in whole for j in range(len(lower))], maximize=bool(payload["maximize"]))
    goal = None if payload.get("objective") is None else unpack(payload["objective"])
    try:
        trees = [unpack(tree) for tree in cast("list[Any]", payload["trees"])]
        model, columns = build(program, trees, goal)
    except Unsupported as lack:
        return {"conclusion": "gave_up", "reason": "unsupported", "note": f"Pyomo models here have no {lack}"}
    name, path = str(payload["solver"]), payload.get("program")
    solver = pyo.SolverFactory(name, executable=path) if path else pyo.SolverFactory(name)
    if name == "asl":
        solver.options.solver = path
    if not _available(solver):
        return {"conclusion": "gave_up", "reason": "unsupported", "note": f"Pyomo finds no solver '{name}'"}
    seconds = max(1.0, float(cast("float", payload["seconds"])) - (time.monotonic() - started))
    options: dict[str, Any] = {"load_solutions": False}
    if name in _LIMITS:
        solver.options[_LIMITS[name]] = seconds
    else:
        options["timelimit"] = int(seconds)
    try:
        found = solver.solve(model, **options)
    except Exception as error:  # every interface has its own for what it cannot take
        note = f"{name} refuses the model: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
        return {"conclusion": "gave_up", "reason": "unsupported", "note": note[:300]}
    result: JsonDict = {"solve": time.monotonic() - started}
    ended = str(found.solver.termination_condition)
    if ended == "infeasible":
        return {**result, "conclusion": "infeasible"}
    if ended == "unbounded":
        return {**result, "conclusion": "unbounded"}
    if len(found.solution) == 0 and not name.startswith("appsi"):
        reason = "timeout" if ended == "maxTimeLimit" else "incomplete"
        return {**result, "conclusion": "gave_up", "reason": reason, "note": f"{name} ended with '{ended}'"}
    model.solutions.load_from(found)
    done = ended in {"optimal", "locallyOptimal", "globallyOptimal"}
    # columns that no row and no objective mentions get no value
    x = [_value(v, low, high) for v, low, high in zip(columns, lower, upper, strict=True)]
    return {**result, "conclusion": "optimal" if done else "feasible", "x": cast("Any", x), "note": ended}


def _available(solver: Any) -> bool:
    try:
        return bool(solver.available(exception_flag=False))
    except Exception:  # a program that does not answer as Pyomo expects
        return False


def _value(variable: Any, low: Any, high: Any) -> float:
    if variable.value is not None:
        return float(variable.value)
    return float(low if low is not None else high if high is not None else 0)
