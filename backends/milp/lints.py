"""Checks of a bound model before it is solved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.kinds import check_kinds, redundant
from quod.backends.milp.linear import Number
from quod.backends.milp.reading import Path, locate
from quod.backends.milp.units import check_units
from quod.backends.milp.unsaid import unsaid_numbers
from quod.backends.milp.values import Lin, Tree, Value
from quod.backends.milp.words import amount
from quod.core.diagnostics import Diagnostic, Span
from quod.core.problem import Problem

__all__ = ["lint_ground"]

HUGE = 10**18
"""Beyond this, the engines' floats would silently be something else."""
MOST_BITS = 1000
"""Of a denominator: about 300 digits, where floats end."""
HINT = "measure in other units"


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
        *_percent(ground),
        *check_kinds(ground),
        *redundant(ground),
        *unsaid_numbers(ground, problem),
    ]


def _huge(ground: Ground) -> list[Diagnostic]:
    """Numbers that engines cannot hold. The first is named, with its place."""
    model, program = ground.model, ground.program

    def at(path: Path) -> Span | None:
        return locate(model.text, path)

    for row in program.rows:
        trouble = _beyond((row.lower, row.upper, *row.terms.values()))
        if trouble:
            span = at(("constraints", row.origin)) if row.origin >= 0 else None
            return [
                codes.HUGE_COEFFICIENT.error(f"constraint '{row.name}' has a number {trouble}", span=span, hint=HINT)
            ]
    for tree in ground.trees:
        trouble = _beyond(tuple(_numbers(tree.tree)))
        if trouble:
            span = at(("constraints", tree.origin))
            return [
                codes.HUGE_COEFFICIENT.error(f"constraint '{tree.name}' has a number {trouble}", span=span, hint=HINT)
            ]
    goal = (*program.cost.values(), program.offset, *_numbers(ground.objective))
    if trouble := _beyond(goal):
        message = f"the objective has a number {trouble}"
        return [codes.HUGE_COEFFICIENT.error(message, span=at(("objective", "expression")), hint=HINT)]
    for j, limits in enumerate(zip(program.lower, program.upper, strict=True)):
        if trouble := _beyond(limits):
            name = ground.base[j][0]
            message = f"a bound of '{program.names[j]}' is {trouble}"
            hint = "leave the bound out if there is none"
            return [codes.HUGE_COEFFICIENT.error(message, span=at(("variables", name)), hint=hint)]
    return []


def _beyond(values: tuple[Number | None, ...]) -> str:
    """What is wrong with one of the numbers, if anything is."""
    for value in values:
        if value is not None and not -HUGE <= value <= HUGE:
            return "beyond 10^18, which no engine here holds"
        if value is not None and value.denominator.bit_length() > MOST_BITS:
            return "with over 300 digits, which no engine here holds"
    return ""


def _numbers(value: Value) -> Iterator[Number]:
    if isinstance(value, Lin):
        yield from value.terms.values()
        yield value.const
    elif isinstance(value, Tree):
        for part in value.args:
            yield from _numbers(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, (int, Fraction)):
        yield value


def _contradictory(ground: Ground) -> list[Diagnostic]:
    program = ground.program
    for j, (low, high) in enumerate(zip(program.lower, program.upper, strict=True)):
        if low is not None and high is not None and low > high:
            least, most = amount(low), amount(high)
            message = f"the bounds of '{program.names[j]}' contradict each other: at least {least}, at most {most}"
            span = locate(ground.model.text, ("variables", ground.base[j][0]))
            return [codes.CONTRADICTORY_BOUNDS.warning(message, span=span)]
    return []


def _constant(ground: Ground) -> list[Diagnostic]:
    found = []
    for name, origin, holds in ground.constant[:20]:
        what = ": it always holds" if holds else " and can never hold"
        span = locate(ground.model.text, ("constraints", origin))
        found.append(codes.CONSTANT_CONSTRAINT.warning(f"constraint '{name}' contains no variable{what}", span=span))
    return found


def _unused(ground: Ground) -> list[Diagnostic]:
    model = ground.model
    found: list[Diagnostic] = []
    for kind, items in (("set", model.sets), ("parameter", model.parameters)):
        found += [codes.UNUSED.warning(f"{kind} '{i.name}' is never used") for i in items if i.name not in ground.used]
    unused = [v.name for v in model.variables if v.name not in ground.used]
    return [*found, *(codes.UNUSED.warning(f"variable '{name}' is never used") for name in unused)]


_HUNDRED = re.compile(r"(?<![\w.])(?:100|0?\.01)(?![\w.])")


def _percent(ground: Ground) -> list[Diagnostic]:
    """Thirty percent, held as 30 with the unit %, in a model that nowhere divides by a hundred."""
    model = ground.model
    if _HUNDRED.search(model.text):
        return []
    return [
        codes.PERCENT.warning(
            f"'{p.name}' is in percent, and nothing divides it by 100",
            span=locate(model.text, p.path),
            hint='write the value as "30%", which is 3/10, and leave the unit out',
        )
        for p in model.parameters
        if p.unit.strip().lower() in {"%", "percent", "per cent", "pct"} and p.name in ground.used
    ]


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
