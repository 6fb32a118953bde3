"""Solvers that a user names, driven by Pyomo: what they find goes the way of all points.

A linear model is then proved as ever: the solver's point is the one to beat, the certificate is ours. Of a nonlinear
one the point is re-evaluated; that nothing is better is the solver's word, and a local solver's word is not even that.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, cast

from quod.backends.milp.ground import Ground
from quod.backends.milp.solving import Outcome, named, solve_linear, version
from quod.backends.milp.trees import payload_of, settle
from quod.backends.sandbox import Limits, call
from quod.core.assurance import Assurance
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.settings import get_settings
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["Solver", "chosen_solver", "solve_with_pyomo"]

PROGRAMS = {"glpk": "glpsol", "asl": None}
"""Interfaces of Pyomo whose program has another name than they have."""
INTERFACES = {
    "glpsol": "glpk",
    "cbc": "cbc",
    "ipopt": "ipopt",
    "bonmin": "bonmin",
    "couenne": "couenne",
    "scip": "scip",
}
"""Which interface of Pyomo talks to a program; any other is taken to read AMPL's nl files, as most do."""
GLOBAL = frozenset({"glpk", "cbc", "scip", "couenne", "highs", "appsi_highs", "baron", "gurobi", "cplex", "xpress"})
"""Interfaces whose 'optimal' means that nothing is better anywhere; the others' may be a local one."""


KNOWN = frozenset({Conclusion.OPTIMAL, Conclusion.INFEASIBLE, Conclusion.UNBOUNDED})


class Solver:
    """A solver as the setting names it: an interface of Pyomo, or the path of a program."""

    def __init__(self, name: str) -> None:
        if "/" in name:
            self.program: str | None = str(Path(name).expanduser())
            self.interface = INTERFACES.get(Path(name).name, "asl")
        else:
            self.interface = name
            self.program = shutil.which(PROGRAMS.get(name) or name)
        self.name = Path(name).name

    @property
    def missing(self) -> bool:
        """Whether the setting gives a path at which there is no program."""
        return self.program is not None and shutil.which(self.program) is None

    @property
    def title(self) -> str:
        """For people: ``cbc via Pyomo 6.10.1``."""
        return f"{self.name} via {named('Pyomo', 'pyomo')}"


def chosen_solver() -> Solver | None:
    """The solver that ``QUOD_PYOMO_SOLVER`` names, if it names one and Pyomo is installed."""
    name = get_settings().pyomo_solver
    return Solver(name) if name and version("pyomo") else None


def solve_with_pyomo(ground: Ground, run: Run, problem: Problem) -> Outcome:
    """Let the user's solver solve it, and check what it says."""
    solver = chosen_solver()
    if solver is None:
        what = "Pyomo is not installed" if get_settings().pyomo_solver else "no solver is named"
        detail = f"{what}: pip install 'quod[pyomo]', and QUOD_PYOMO_SOLVER=cbc, for instance"
        return Outcome(Verdict.giving_up(GaveUp.UNSUPPORTED, engine="Pyomo", detail=detail))
    if solver.missing:
        detail = f"there is no program {solver.program}"
        return Outcome(Verdict.giving_up(GaveUp.UNSUPPORTED, engine=solver.title, detail=detail))
    payload = payload_of(ground, max(0.2, run.engine_seconds * 0.8 - 0.5))
    payload |= {"solver": solver.interface, "program": solver.program}
    limits = Limits.of(run.budget, run.engine_seconds)
    target = "quod.backends.milp.engines.pyomo_solver:solve"
    paths = (solver.program,) if solver.program else ()
    result = call("pyomo", target, payload, limits, cancel=run.cancel, read_paths=paths)
    if not result.ok:
        return Outcome(result.gave_up(solver.title))
    found = cast("dict[str, Any]", result.value)
    timings = {"solve": float(found.get("solve", 0.0)), "engine": result.inner_seconds}
    if found["conclusion"] == "gave_up":
        detail = str(found.get("note", ""))
        verdict = Verdict.giving_up(GaveUp(found["reason"]), engine=solver.title, detail=detail)
        return Outcome(verdict, timings=timings)
    if ground.linear:
        return _proved(ground, found, solver, run, problem, timings)
    outcome = Outcome(
        Verdict(conclusion=Conclusion(found["conclusion"]), engine=solver.title, seconds=timings["solve"]),
        assurance=Assurance.ENGINE,
        timings=timings,
        engines=(solver.title,),
    )
    settle(ground, outcome, found, run, solver.name)
    if outcome.verdict.conclusion is Conclusion.OPTIMAL and solver.interface not in GLOBAL:
        outcome.verdict = outcome.verdict.model_copy(update={"conclusion": Conclusion.FEASIBLE})
        outcome.assurance = Assurance.ENGINE
        outcome.note = f"{solver.name} looks for a local optimum: elsewhere there may be a better point"
    elif outcome.verdict.conclusion in {Conclusion.INFEASIBLE, Conclusion.UNBOUNDED} and solver.interface not in GLOBAL:
        detail = f"{solver.name} says '{found['conclusion']}', which a local solver cannot know"
        outcome.verdict = Verdict.giving_up(GaveUp.INCOMPLETE, engine=solver.title, detail=detail)
    return outcome


def _proved(
    ground: Ground, found: dict[str, Any], solver: Solver, run: Run, problem: Problem, timings: dict[str, float]
) -> Outcome:
    """Our own proof for a linear model, from the solver's point; where they differ, the proof decides."""
    program, theirs, x = ground.program, Conclusion(found["conclusion"]), found.get("x")
    point = x if theirs is Conclusion.OPTIMAL else None
    outcome = solve_linear(program, run, problem.options.gap, point=point)
    ours = outcome.verdict.conclusion
    outcome.timings = {key: outcome.timings.get(key, 0.0) + timings.get(key, 0.0) for key in outcome.timings | timings}
    if ours in KNOWN and theirs in KNOWN and theirs is not ours:
        outcome.contrary = f"{solver.title} says '{theirs}', {outcome.verdict.engine} says '{ours}'"
    elif x and outcome.value is not None and ours is theirs:
        value = sum(float(c) * x[j] for j, c in program.cost.items()) + float(program.offset)
        if abs(value - float(outcome.value)) > 1e-6 * max(1.0, abs(value)):
            outcome.contrary = f"{solver.title} says {value:g}, the best is {float(outcome.value):g}"
    if outcome.contrary and not outcome.accepted:
        outcome.assurance, outcome.disagreement, outcome.note = Assurance.NONE, True, outcome.contrary
    alone = point is not None and any(program.integer) and not outcome.accepted  # HiGHS only tried to prove it
    outcome.engines = (solver.title,) if alone else (solver.title, *outcome.engines)
    outcome.verdict = outcome.verdict.model_copy(update={"engine": " + ".join(outcome.engines)})
    return outcome
