"""Checks of a bound model before it is solved."""

from __future__ import annotations

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.kinds import check_kinds, redundant
from quod.backends.milp.linear import Number
from quod.backends.milp.units import check_units
from quod.backends.milp.unsaid import unsaid_numbers
from quod.core.diagnostics import Diagnostic
from quod.core.problem import Problem

__all__ = ["lint_ground"]

HUGE = 10**18
"""Beyond this, the engines' floats would silently be something else."""


def lint_ground(ground: Ground, problem: Problem) -> list[Diagnostic]:
    """Warnings and errors, none of which needs an engine."""
    return [
        *_huge(ground),
        *_contradictory(ground),
        *_constant(ground),
        *_unused(ground),
        *_objective(ground),
        *_empty_pull(ground),
        *check_units(ground.model),
        *check_kinds(ground),
        *redundant(ground),
        *unsaid_numbers(ground, problem),
    ]


def _huge(ground: Ground) -> list[Diagnostic]:
    def big(value: Number | None) -> bool:
        return value is not None and not -HUGE <= value <= HUGE

    program = ground.program
    for row in program.rows:
        if big(row.lower) or big(row.upper) or any(big(a) for a in row.terms.values()):
            message = f"constraint '{row.name}' has a number beyond 10^18, which no engine here holds"
            return [codes.HUGE_COEFFICIENT.error(message, hint="measure in larger units")]
    for j, c in program.cost.items():
        if big(c):
            message = f"the objective's coefficient of '{program.names[j]}' is beyond 10^18"
            return [codes.HUGE_COEFFICIENT.error(message, hint="measure in larger units")]
    for j, (low, high) in enumerate(zip(program.lower, program.upper, strict=True)):
        if big(low) or big(high):
            message = f"a bound of '{program.names[j]}' is beyond 10^18"
            return [codes.HUGE_COEFFICIENT.error(message, hint="leave the bound out if there is none")]
    return []


def _contradictory(ground: Ground) -> list[Diagnostic]:
    program = ground.program
    for j, (low, high) in enumerate(zip(program.lower, program.upper, strict=True)):
        if low is not None and high is not None and low > high:
            message = f"the bounds of '{program.names[j]}' contradict each other: at least {low}, at most {high}"
            return [codes.CONTRADICTORY_BOUNDS.warning(message)]
    return []


def _constant(ground: Ground) -> list[Diagnostic]:
    found = []
    for name, _, holds in ground.constant[:20]:
        if holds:
            found.append(
                codes.CONSTANT_CONSTRAINT.warning(f"constraint '{name}' contains no variable: it always holds")
            )
        else:
            found.append(
                codes.CONSTANT_CONSTRAINT.warning(f"constraint '{name}' contains no variable and can never hold")
            )
    return found


def _unused(ground: Ground) -> list[Diagnostic]:
    model = ground.model
    found: list[Diagnostic] = []
    for kind, items in (("set", model.sets), ("parameter", model.parameters)):
        found += [codes.UNUSED.warning(f"{kind} '{i.name}' is never used") for i in items if i.name not in ground.used]
    unused = [v.name for v in model.variables if v.name not in ground.used]
    return [*found, *(codes.UNUSED.warning(f"variable '{name}' is never used") for name in unused)]


def _objective(ground: Ground) -> list[Diagnostic]:
    if ground.model.objective is None:
        return [codes.NO_OBJECTIVE.info("there is no objective: any point that meets the constraints will do")]
    return []


def _empty_pull(ground: Ground) -> list[Diagnostic]:
    """A variable that the objective pulls one way and that no row and no bound holds back."""
    if not ground.linear:
        return []
    program = ground.program
    held_up = {j for r in program.rows for j, a in r.terms.items() if (r.upper if a > 0 else r.lower) is not None}
    held_down = {j for r in program.rows for j, a in r.terms.items() if (r.lower if a > 0 else r.upper) is not None}
    for j, c in program.minimized.items():
        if (c < 0 and program.upper[j] is None and j not in held_up) or (
            c > 0 and program.lower[j] is None and j not in held_down
        ):
            message = f"nothing limits '{program.names[j]}' in the direction the objective pulls it"
            return [codes.UNBOUNDED_VARIABLE.warning(message)]
    return []
