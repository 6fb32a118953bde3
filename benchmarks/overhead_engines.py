"""The bare engine calls of overhead.py: JSON in, JSON out, so that the same function runs bare and in the sandbox.

``size`` sets how hard the problem is; every function returns what the engine found, which must not depend on where it
ran.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from typing import Any


def _pigeons(solver: Any, module: Any, size: int) -> str:
    """``size`` + 1 pigeons do not fit into ``size`` holes."""
    at = [[module.Bool(f"p{p}_{h}") for h in range(size)] for p in range(size + 1)]
    for row in at:
        solver.add(module.Or(*row))
    for hole in range(size):
        for a in range(size + 1):
            for b in range(a):
                solver.add(module.Or(module.Not(at[a][hole]), module.Not(at[b][hole])))
    return str(solver.check())


def z3(size: int) -> str:
    """Propositional, through the Python interface."""
    import z3 as module

    return _pigeons(module.Solver(), module, size)


def cvc5(size: int) -> str:
    """The same problem through the same interface."""
    from cvc5 import pythonic as module

    return _pigeons(module.Solver(), module, size)


def _knapsacks(size: int) -> tuple[list[int], list[list[int]], list[int]]:
    """A knapsack with several weights: values, weights, capacities."""
    numbers = random.Random(size)
    values = [numbers.randint(10, 99) for _ in range(size)]
    weights = [[numbers.randint(5, 60) for _ in range(size)] for _ in range(5)]
    return values, weights, [sum(row) // 2 for row in weights]


def highs(size: int) -> float:
    """Mixed-integer programming."""
    import highspy

    values, weights, capacities = _knapsacks(size)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    for value in values:
        solver.addCol(float(value), 0.0, 1.0, 0, [], [])
    solver.changeColsIntegrality(size, list(range(size)), [highspy.HighsVarType.kInteger] * size)
    for row, capacity in zip(weights, capacities, strict=True):
        solver.addRow(-highspy.kHighsInf, float(capacity), size, list(range(size)), [float(w) for w in row])
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    solver.run()
    return round(solver.getInfo().objective_function_value)


def ortools(size: int) -> float:
    """Constraint programming (CP-SAT)."""
    from ortools.sat.python import cp_model

    values, weights, capacities = _knapsacks(size)
    model = cp_model.CpModel()
    take = [model.new_bool_var(f"x{i}") for i in range(size)]
    for row, capacity in zip(weights, capacities, strict=True):
        model.add(sum(w * x for w, x in zip(row, take, strict=True)) <= capacity)
    model.maximize(sum(v * x for v, x in zip(values, take, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.solve(model)
    return round(solver.objective_value)


def scip(size: int) -> float:
    """Mixed-integer programming."""
    from pyscipopt import Model, quicksum

    values, weights, capacities = _knapsacks(size)
    model = Model()
    model.hideOutput()
    take = [model.addVar(vtype="B") for _ in range(size)]
    for row, capacity in zip(weights, capacities, strict=True):
        model.addCons(quicksum(w * x for w, x in zip(row, take, strict=True)) <= capacity)
    model.setObjective(quicksum(v * x for v, x in zip(values, take, strict=True)), "maximize")
    model.optimize()
    return round(model.getObjVal())


ENGINES: dict[str, Callable[[int], Any]] = {
    "z3": z3,
    "cvc5": cvc5,
    "highs": highs,
    "ortools": ortools,
    "scip": scip,
}


def bare_times(name: str, size: int, repeats: int) -> tuple[Any, list[tuple[float, float]]]:
    """What the engine found, and the wall-clock and processor seconds of ``repeats`` calls after one to warm up."""
    engine = ENGINES[name]
    found = engine(size)
    times = []
    for _ in range(repeats):
        started, spent = time.perf_counter(), time.process_time()
        engine(size)
        times.append((time.perf_counter() - started, time.process_time() - spent))
    return found, times


if __name__ == "__main__":
    import json

    print(json.dumps(bare_times(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
