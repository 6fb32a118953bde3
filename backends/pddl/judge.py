"""The second judge: asks quod's own code, in the sandbox, about optimality and unsolvability."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from quod.backends.sandbox import Limits, call
from quod.core.model import JsonDict, JsonValue
from quod.core.run import Run

__all__ = ["Judgement", "judge_optimal", "judge_unsolvable"]

LOWER = "quod.backends.pddl.lower"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What quod's own code found."""

    lower_bound: Fraction | None = None
    """No plan costs less than this."""
    how: str = "unknown"
    """How unsolvability was proved: goal, relaxation, pairs, exhausted; else unknown."""
    detail: JsonDict = field(default_factory=dict)
    seconds: float = 0.0


def judge_optimal(domain: str, problem: str, cost: Fraction, seconds: float, run: Run, *, tries: int) -> Judgement:
    """A lower bound of the cost. With ``tries`` 0 only the heuristic of the initial state, else a search."""
    payload: JsonValue = {
        "domain": domain,
        "problem": problem,
        "cost": str(cost),
        "seconds": max(0.1, seconds - 0.3),
        "search": tries > 0,
    }
    result = call("plain", f"{LOWER}:prove_optimal", payload, Limits.of(run.budget, seconds + 0.5), cancel=run.cancel)
    value = result.value if result.ok and isinstance(result.value, dict) else {}
    bound = value.get("lower_bound")
    found = Fraction(bound) if isinstance(bound, str) else None
    return Judgement(lower_bound=found, seconds=result.seconds)


def judge_unsolvable(domain: str, problem: str, seconds: float, run: Run) -> Judgement:
    """Whether our own code proves that there is no plan, and how."""
    payload: JsonValue = {"domain": domain, "problem": problem, "seconds": max(0.1, seconds - 0.3)}
    limits = Limits.of(run.budget, seconds + 0.5)
    result = call("plain", f"{LOWER}:prove_unsolvable", payload, limits, cancel=run.cancel)
    value = result.value if result.ok and isinstance(result.value, dict) else {}
    return Judgement(how=str(value.get("how", "unknown")), detail=value, seconds=result.seconds)
