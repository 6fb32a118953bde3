"""Solve a linear or mixed-integer program with HiGHS and gather exact evidence. Runs in the sandbox.

Payload: ``{"program", "seconds", "gap", "prove", "nodes", "point"}``; a ``point`` that another engine found best is
taken for the solution of a program with whole columns, and only the proof is looked for. Result: ``{"conclusion":
optimal | feasible | infeasible | unbounded | gave_up, "reason", "x", "value", "bound", "gap", "evidence", "note",
"solve", "prove"}``; ``value`` and ``bound`` are floats of the minimization without its offset.
"""

from __future__ import annotations

import time
from math import ldexp
from typing import cast

import numpy as np

from quod.backends.milp.engines.lattice import no_whole_solution
from quod.backends.milp.engines.lp import Lp, exact_farkas, exact_optimum, exact_ray, sparse
from quod.backends.milp.engines.proving import prove
from quod.backends.milp.engines.tree import Incumbent, closing, step_of
from quod.backends.milp.exact import Deadline
from quod.backends.milp.linear import Number, Program, as_json, from_json
from quod.core.model import JsonDict

__all__ = ["solve"]

MANY = 5_000
"""Columns from which on the relaxation is tried before the search: the search's presolve alone may take minutes, and
looks at no clock."""


def solve(payload: JsonDict) -> JsonDict:
    """See the module."""
    started = time.monotonic()
    program = from_json(cast("JsonDict", payload["program"]))
    seconds = float(cast("float", payload.get("seconds", 10.0)))
    task = _Task(program, payload, started + seconds)
    result = task.run()
    result.setdefault("evidence", None)
    result["solve"] = task.solved - started
    if payload.get("prove", True) and result["conclusion"] != "gave_up":
        begun = time.monotonic()
        try:
            task.prove(result)
        except Deadline:
            result["note"] = "out of time for exact evidence"
        result["prove"] = time.monotonic() - begun
    return result


def _vector(values: dict[int, Number]) -> JsonDict:
    return {str(j): as_json(v) for j, v in values.items() if v}


class _Task:
    def __init__(self, program: Program, payload: JsonDict, until: float) -> None:
        self.program = program
        self.cost = program.cost
        self.until = until
        self.gap = payload.get("gap")
        self.nodes = int(cast("int", payload.get("nodes", 20_000)))
        self.whole = any(program.integer)
        self.lp: Lp | None = None
        self.relaxed: Lp | None = None
        """The relaxation, if its optimum was found to be whole."""
        self.point: list[float] | None = None
        self.known = cast("list[float] | None", payload.get("point"))
        self.solved = time.monotonic()

    def left(self) -> float:
        return self.until - time.monotonic()

    def run(self) -> JsonDict:
        """Solve in floats; 'infeasible or unbounded' is always resolved to one."""
        program = self.program
        if self.whole and (y := no_whole_solution(program, program.lower, program.upper)):
            # no search would ever end where the columns have no bounds
            self.solved = time.monotonic()
            return {"conclusion": "infeasible", "evidence": {"tree": [{"round": _vector(y)}]}}
        if self.whole and self.known:
            self.point = self.known
            return self._settled(sum(float(c) * self.known[j] for j, c in self.cost.items()))
        if self.whole and len(program.names) >= MANY and (found := self._whole_at_once()):
            return found
        lp = self.lp = Lp(self.program, self.cost, integral=True)
        # the proof needs time too: a MIP search may take four fifths
        lp.limit(self.left() * (0.8 if self.whole else 0.9))
        if self.gap is not None:
            lp.option("mip_rel_gap", float(cast("float", self.gap)))
        else:
            lp.option("mip_rel_gap", 0.0)
            lp.option("mip_abs_gap", 1e-9)
        status = lp.run()
        if status == "either" or (status in {"unbounded", "infeasible"} and self.whole):
            status = self._resolve(status)
        self.solved = time.monotonic()
        if status in {"infeasible", "unbounded"}:
            return {"conclusion": status}
        info = lp.highs.getInfo()
        has_point = info.primal_solution_status == 2  # feasible
        if status == "optimal" or (status == "timeout" and has_point):
            self.point = lp.point
            gap = float(info.mip_gap) if self.whole else 0.0
            done = status == "optimal" and (self.gap is None or gap <= 1e-9)
            bound = ldexp(float(info.mip_dual_bound), -lp.cost_scale) if self.whole else lp.value
            return {
                "conclusion": "optimal" if done else "feasible",
                "value": lp.value,
                "bound": bound,
                "gap": gap,
                "x": {str(j): v for j, v in enumerate(self.point) if v},
            }
        return {"conclusion": "gave_up", "reason": "timeout" if status == "timeout" else "incomplete", "note": status}

    def _whole_at_once(self) -> JsonDict | None:
        """The relaxation's optimum, where it is whole already: assignments, flows and most tables of offers are."""
        lp = Lp(self.program, self.cost)
        lp.limit(self.left() * 0.3)
        if lp.run() != "optimal" or lp.fractional(np.flatnonzero(self.program.integer)):
            return None
        self.relaxed, self.point = lp, lp.point
        return self._settled(lp.value)

    def _settled(self, value: float) -> JsonDict:
        """The point at hand as the best, no search being needed."""
        assert self.point is not None
        self.solved = time.monotonic()
        points: JsonDict = {str(j): v for j, v in enumerate(self.point) if v}
        return {"conclusion": "optimal", "value": value, "bound": value, "gap": 0.0, "x": points}

    def _resolve(self, status: str) -> str:
        feasible = Lp(self.program, {}, integral=True)
        feasible.limit(self.left() * 0.5)
        found = feasible.run()
        if found == "optimal":
            self.point = feasible.point
            return "unbounded" if status != "infeasible" else "failed"
        return "infeasible" if found in {"infeasible", "either"} else found

    def prove(self, result: JsonDict) -> None:
        conclusion = result["conclusion"]
        if result.get("evidence"):
            return
        if conclusion == "optimal":
            self._optimal(result)
        elif conclusion == "infeasible":
            y = exact_farkas(self.program, self.program.lower, self.program.upper, self.until)
            if y is not None:
                result["evidence"] = {"farkas": _vector(y)}
            elif self.whole:
                result["evidence"], result["note"] = prove(
                    self.program, {}, Incumbent(self.program, {}), self.until, self.nodes
                )
        elif conclusion == "unbounded":
            self._unbounded(result)
        elif conclusion == "feasible" and self.point is not None:
            best = Incumbent(self.program, self.cost)
            if best.offer(self.point, self.until) and best.x is not None:
                result["evidence"] = {"x": _vector(sparse(best.x))}

    def _optimal(self, result: JsonDict) -> None:
        assert self.point is not None
        if not self.whole:
            assert self.lp is not None
            found = exact_optimum(self.lp, self.until)
            if found is not None:
                result["evidence"] = {"x": _vector(sparse(found[0])), "y": _vector(found[1])}
            else:
                self._perhaps_infeasible(result)
            return
        best = Incumbent(self.program, self.cost)
        best.offer(self.point, self.until)
        if best.x is not None:
            result["evidence"] = {"x": _vector(sparse(best.x))}  # feasible at least
            if self.relaxed and best.value is not None:
                step = step_of(self.program, self.cost)
                y = closing(self.relaxed, self.cost, best.value, step, self.until)
                if y is not None:
                    result["evidence"] = {"x": _vector(sparse(best.x)), "tree": [{"y": _vector(y)}]}
                    result["relaxation"] = self.relaxed.value
                    return
        proof, note = prove(self.program, self.cost, best, self.until, self.nodes)
        result["note"] = note
        result["relaxation"] = best.relaxation
        if best.x is not None and best.value is not None:
            result["evidence"] = {"x": _vector(sparse(best.x)), **(proof or {})}
            result["value"] = float(best.value)
        else:
            self._perhaps_infeasible(result)

    def _perhaps_infeasible(self, result: JsonDict) -> None:
        """Limits that miss each other by less than the engine can tell: a contradiction says so exactly."""
        y = exact_farkas(self.program, self.program.lower, self.program.upper, self.until)
        if y is not None:
            for key in ("x", "value", "bound", "gap"):
                result.pop(key, None)
            result |= {"conclusion": "infeasible", "evidence": {"farkas": _vector(y)}}

    def _unbounded(self, result: JsonDict) -> None:
        ray = exact_ray(self.program, self.cost, self.until)
        if ray is None:
            return
        best = Incumbent(self.program, {})
        if self.point is None:
            lp = Lp(self.program, {}, integral=True)
            lp.limit(self.left())
            if lp.run() != "optimal":
                return
            self.point = lp.point
        if best.offer(self.point, self.until) and best.x is not None:
            result["evidence"] = {"x": _vector(sparse(best.x)), "ray": _vector(ray)}
