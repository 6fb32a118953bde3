"""Tamer: numeric and temporal planning by heuristic search. Only where the user accepts its licence.

It is a library, not a program: ``tamer_child`` runs it inside the sandbox.
"""

from __future__ import annotations

from quod.backends.pddl.engines.base import Engine, Found, Goal, Outcome, package_dir, reason_of
from quod.backends.pddl.plans import parse_plan
from quod.backends.sandbox import Limits, call
from quod.core.run import Cancel
from quod.core.verdict import GaveUp

__all__ = ["TAMER"]

_NAME = "Tamer"
_TARGET = "quod.backends.pddl.engines.tamer_child:solve"


def _run(domain: str, problem: str, goal: Goal, features: frozenset[str], limits: Limits, cancel: Cancel) -> Outcome:  # noqa: ARG001
    if package_dir("up_tamer") is None:
        return Outcome(_NAME, _NAME, Found.NOTHING, gave_up=GaveUp.UNSUPPORTED, detail="not installed")
    result = call("up", _TARGET, {"domain": domain, "problem": problem}, limits, cancel=cancel)
    value = result.value if result.ok and isinstance(result.value, dict) else {}
    lines = value.get("plan")
    plan = parse_plan("\n".join(str(line) for line in lines)) if isinstance(lines, list) else None
    if plan is not None:
        return Outcome(_NAME, _NAME, Found.PLAN, (plan,), seconds=result.seconds)
    if not result.ok:
        reason = reason_of(result.ended)
    else:
        reason = GaveUp.UNSUPPORTED if "unsupported" in value else GaveUp.INCOMPLETE
    detail = str(value.get("unsupported") or result.detail or "no plan found")
    return Outcome(_NAME, _NAME, Found.NOTHING, seconds=result.seconds, gave_up=reason, detail=detail)


_FEATURES = frozenset(
    "typing negative-preconditions disjunctive-preconditions equality action-costs numeric-fluents "
    "durative-actions duration-inequalities timed-initial-literals".split()
)
TAMER = Engine(
    name=_NAME,
    family=_NAME,
    package="up_tamer",
    licence="free for educational use (tamer.fbk.eu)",
    note="numeric and temporal planning; optional: pip install 'quod[tamer]'; flat types only",
    features=_FEATURES,
    goals=frozenset({Goal.ANY}),
    run=_run,
    optional=True,
    asks=True,
)
