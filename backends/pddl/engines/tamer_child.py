"""Runs inside the sandbox: Tamer on a PDDL task, by way of unified-planning."""

from __future__ import annotations

import warnings
from typing import Any

from quod.backends.pddl.plans import Step
from quod.core.model import JsonDict, JsonValue

__all__ = ["solve"]


def solve(payload: JsonValue) -> JsonDict:
    """``{domain, problem}`` to ``{plan}`` (lines), ``{}`` (none found) or ``{unsupported}``."""
    warnings.simplefilter("ignore")
    from pyparsing import ParseBaseException
    from unified_planning.exceptions import UPException
    from unified_planning.io import PDDLReader
    from unified_planning.shortcuts import get_environment
    from up_tamer.engine import EngineImpl

    assert isinstance(payload, dict)
    environment = get_environment()
    environment.error_used_name = False
    environment.credits_stream = None
    try:
        problem = PDDLReader(environment).parse_problem_string(payload["domain"], payload["problem"])
    except (UPException, ParseBaseException, AssertionError, NotImplementedError) as error:
        return {"unsupported": f"unified-planning: {error}"}
    # A metric changes which plan is best, not which are plans, and Tamer reads none.
    problem.clear_quality_metrics()
    beyond = problem.kind.features - EngineImpl.supported_kind().features
    if beyond:
        return {"unsupported": "Tamer does not read " + ", ".join(sorted(beyond)).lower().replace("_", " ")}
    plan = EngineImpl().solve(problem).plan
    return {} if plan is None else {"plan": [str(step) for step in _steps(plan)]}


def _steps(plan: Any) -> list[Step]:
    """Steps of a sequential or time-triggered plan of unified-planning."""
    if hasattr(plan, "timed_actions"):
        return [_step(action, start, duration) for start, action, duration in plan.timed_actions]
    return [_step(action, None, None) for action in plan.actions]


def _step(action: Any, start: Any, duration: Any) -> Step:
    arguments = tuple(str(argument) for argument in action.actual_parameters)
    return Step(action.action.name, arguments, start, duration)
