"""ENHSP: numeric planning by heuristic search, in Java. Optional."""

from __future__ import annotations

from quod.backends.pddl.engines.base import Engine, Found, Goal, Outcome, package_dir, reason_of
from quod.backends.pddl.plans import parse_plan
from quod.backends.sandbox import Ended, Limits, run_program
from quod.core.run import Cancel
from quod.core.verdict import GaveUp

__all__ = ["ENHSP"]

_NAME = "ENHSP"


def _run(domain: str, problem: str, goal: Goal, features: frozenset[str], limits: Limits, cancel: Cancel) -> Outcome:  # noqa: ARG001
    where = package_dir("up_enhsp")
    if where is None:
        return Outcome(_NAME, _NAME, Found.NOTHING, gave_up=GaveUp.UNSUPPORTED, detail="not installed")
    heap = max(64, limits.memory_mb * 3 // 4)
    jar = where / "ENHSP" / "enhsp.jar"
    command = ["java", f"-Xmx{heap}m", "-XX:+UseSerialGC", "-jar", str(jar), "-o", "domain.pddl", "-f", "problem.pddl"]
    search = ["-planner", "opt-hrmax"] if goal is Goal.BEST else ["-h", "hadd", "-s", "gbfs"]
    command += ["-sp", "plan", "-npm", *search]
    files = {"domain.pddl": domain.encode(), "problem.pddl": problem.encode()}
    result = run_program(command, limits=limits, files=files, collect=("plan",), cancel=cancel)
    said = result.stdout.decode(errors="replace")
    text = result.files.get("plan")
    plan = parse_plan(text.decode(errors="replace")) if text is not None and "Problem Solved" in said else None
    if result.ended is Ended.OK and plan is not None:
        return Outcome(_NAME, _NAME, Found.PLAN, (plan,), goal is Goal.BEST, result.seconds)
    if result.ended is Ended.OK and "Problem unsolvable" in said.replace("Unsolvable", "unsolvable"):
        return Outcome(_NAME, _NAME, Found.UNSOLVABLE, seconds=result.seconds)
    reason = GaveUp.INCOMPLETE if result.ended is Ended.OK else reason_of(result.ended)
    detail = result.detail or (result.stderr.decode(errors="replace").strip() or said.strip())[-300:]
    return Outcome(_NAME, _NAME, Found.NOTHING, seconds=result.seconds, gave_up=reason, detail=detail)


_FEATURES = frozenset(
    "typing negative-preconditions disjunctive-preconditions equality existential-preconditions "
    "universal-preconditions conditional-effects action-costs numeric-fluents".split()
)
ENHSP = Engine(
    name=_NAME,
    family=_NAME,
    package="up_enhsp",
    licence="GPL-3.0-only",
    note="numeric planning; optional: pip install 'quod[enhsp]', and Java",
    features=_FEATURES,
    optimal_features=_FEATURES,
    goals=frozenset({Goal.ANY, Goal.BEST}),
    run=_run,
    optional=True,
    program="java",
)
