"""LPG: numeric and temporal planning by local search. Only where the user accepts its licence.

The binary that up-lpg brings is called as it is; up-lpg itself is never imported. Local search proves nothing: where
LPG ends without a plan, that is all that is known, also where it calls the problem unsolvable.
"""

from __future__ import annotations

import re
from dataclasses import replace

from quod.backends.pddl.engines.base import Engine, Found, Goal, Outcome, package_dir, reason_of
from quod.backends.pddl.plans import Plan, parse_plan
from quod.backends.sandbox import Ended, Limits, run_program
from quod.core.run import Cancel
from quod.core.verdict import GaveUp

__all__ = ["LPG", "read_plan"]

_NAME = "LPG"
_STEP = re.compile(r"^\s*(?P<time>\d+(?:\.\d+)?):\s*\((?P<body>[^()]*)\)\s*\[(?P<duration>\d+(?:\.\d+)?)\]\s*\)?\s*$")
"""With a stray parenthesis at the end in temporal plans."""


def _run(domain: str, problem: str, goal: Goal, features: frozenset[str], limits: Limits, cancel: Cancel) -> Outcome:
    where = package_dir("up_lpg")
    if where is None or not (where / "lpg").is_file():
        return Outcome(_NAME, _NAME, Found.NOTHING, gave_up=GaveUp.UNSUPPORTED, detail="not installed")
    # A fixed seed: the same problem has the same plan tomorrow.
    count = "1000" if goal is Goal.BETTER else "1"
    command = [str(where / "lpg"), "-o", "domain.pddl", "-f", "problem.pddl", "-n", count, "-seed", "1"]
    command += ["-cputime", str(max(1, int(limits.wall))), "-out", "plan"]
    files = {"domain.pddl": domain.encode(), "problem.pddl": problem.encode()}
    result = run_program(command, limits=limits, files=files, collect=("plan_*.SOL",), cancel=cancel)
    temporal = "durative-actions" in features
    plans = tuple(
        plan
        for name in sorted(result.files, key=_number)
        if (plan := read_plan(result.files[name].decode(errors="replace"), temporal=temporal)) is not None
    )
    if plans:
        return Outcome(_NAME, _NAME, Found.PLAN, plans, seconds=result.seconds)
    reason = GaveUp.INCOMPLETE if result.ended is Ended.OK else reason_of(result.ended)
    said = (result.stderr or result.stdout).decode(errors="replace").strip()
    detail = result.detail or said[-300:]
    return Outcome(_NAME, _NAME, Found.NOTHING, seconds=result.seconds, gave_up=reason, detail=detail)


def _number(name: str) -> int:
    digits = re.sub(r"\D", "", name)
    return int(digits) if digits else 0


def read_plan(text: str, *, temporal: bool) -> Plan | None:
    """The plan in one of LPG's files; None where there is none, or where a line is cut short.

    Times and durations count in temporal plans only; steps of the others come in the order of their levels.
    """
    steps = parse_plan(text, _STEP)
    if steps and not temporal:
        steps = tuple(replace(step, time=None, duration=None) for step in steps)
    return steps or None


_FEATURES = frozenset(
    "typing negative-preconditions equality action-costs numeric-fluents "
    "durative-actions timed-initial-literals".split()
)
LPG = Engine(
    name=_NAME,
    family=_NAME,
    package="up_lpg",
    licence="its authors' terms (lpg.unibs.it)",
    note="numeric and temporal planning by local search; optional: pip install 'quod[lpg]'",
    features=_FEATURES,
    goals=frozenset({Goal.ANY, Goal.BETTER}),
    run=_run,
    optional=True,
    asks=True,
)
