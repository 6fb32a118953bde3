"""pyperplan: STRIPS planning in pure Python, with a front end and search code of its own."""

from __future__ import annotations

import sys

from quod.backends.pddl.engines.base import Engine, Found, Goal, Outcome, package_dir, reason_of
from quod.backends.pddl.plans import parse_plan
from quod.backends.sandbox import Ended, Limits, run_program
from quod.core.run import Cancel
from quod.core.verdict import GaveUp

__all__ = ["PYPERPLAN"]

_NAME = "pyperplan"


def _run(domain: str, problem: str, goal: Goal, features: frozenset[str], limits: Limits, cancel: Cancel) -> Outcome:  # noqa: ARG001
    if package_dir("pyperplan") is None:
        return Outcome(_NAME, _NAME, Found.NOTHING, gave_up=GaveUp.UNSUPPORTED, detail="not installed")
    search = ["-s", "astar", "-H", "lmcut"] if goal is Goal.BEST else ["-s", "gbf", "-H", "hff"]
    command = [sys.executable, "-m", "pyperplan", *search, "domain.pddl", "problem.pddl"]
    files = {"domain.pddl": domain.encode(), "problem.pddl": problem.encode()}
    result = run_program(command, limits=limits, files=files, collect=("problem.pddl.soln",), cancel=cancel)
    name = f"{_NAME} ({'A*, LM-cut' if goal is Goal.BEST else 'greedy, FF'})"
    solution = result.files.get("problem.pddl.soln")
    plan = parse_plan(solution.decode(errors="replace")) if solution is not None else None
    if result.ended is Ended.OK and plan is not None and result.returncode == 0:
        return Outcome(name, _NAME, Found.PLAN, (plan,), goal is Goal.BEST, result.seconds)
    said = (result.stdout + result.stderr).decode(errors="replace")
    if result.ended is Ended.OK and result.returncode in {0, 2} and "No solution could be found" in said:
        return Outcome(name, _NAME, Found.UNSOLVABLE, seconds=result.seconds)
    reason = GaveUp.CRASHED if result.ended is Ended.OK else reason_of(result.ended)
    detail = result.detail or said.strip()[-300:]
    return Outcome(name, _NAME, Found.NOTHING, seconds=result.seconds, gave_up=reason, detail=detail)


PYPERPLAN = Engine(
    name=_NAME,
    family=_NAME,
    package="pyperplan",
    licence="GPL-3.0-or-later",
    note="STRIPS in pure Python: the fallback, and a second judge; comes with up-pyperplan",
    features=frozenset({"typing"}),
    optimal_features=frozenset({"typing"}),
    goals=frozenset({Goal.ANY, Goal.BEST}),
    run=_run,
)
