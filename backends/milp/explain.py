"""Why there is no answer: which requirements contradict each other, which quantities can grow."""

from __future__ import annotations

from typing import Any, cast

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import exact
from quod.backends.milp.report import Report
from quod.backends.milp.solving import Outcome
from quod.backends.milp.words import column_words, joined
from quod.core.problem import Problem
from quod.core.run import Run

__all__ = ["explain_infeasible", "explain_unbounded"]


def explain_infeasible(ground: Ground, outcome: Outcome, problem: Problem, run: Run) -> Report:
    """The constraints at odds, in the problem's words."""
    return Report("No plan meets every requirement.", {})


def explain_unbounded(ground: Ground, outcome: Outcome) -> Report:
    """Which quantities can grow."""
    ray = cast("dict[str, Any]", (outcome.evidence or {}).get("ray", {}))
    growing = [(int(j), exact(v)) for j, v in ray.items()]
    up = [column_words(ground, j) for j, v in growing if v > 0][:5]
    down = [column_words(ground, j) for j, v in growing if v < 0][:5]
    parts = []
    if up:
        parts.append(f"{joined(up)} can grow without limit")
    if down:
        parts.append(f"{joined(down)} can fall without limit")
    what = joined(parts) or "some quantity can change without limit"
    objective = ground.model.objective
    goal = objective.gloss if objective and objective.gloss else "the objective"
    words = f"There is no best value: {what}, and {goal} improves for ever. A limit is missing."
    found = [codes.UNBOUNDED_RAY.info(words)] if growing else []
    data = {"ray": {ground.program.names[j]: str(v) for j, v in growing}}
    return Report(words, cast("Any", data), (), tuple(found))
