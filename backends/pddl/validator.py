"""Replays a plan step by step and recomputes its cost. Imports no engine; exact arithmetic.

The meaning of a plan is that of PDDL 2.1 (Fox and Long 2003). Temporal plans are in :mod:`.timeline`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from quod.backends.pddl.plans import Plan, Step
from quod.backends.pddl.semantics import Binding, State, Undefined, World, show
from quod.backends.pddl.show import expression
from quod.backends.pddl.show import formula as formula_text
from quod.backends.pddl.syntax import Action, And, Formula, Not, Pred
from quod.backends.pddl.task import Task

__all__ = ["CHECKER", "Replay", "bind", "first_failing", "metric_value", "validate"]

CHECKER = "quod.backends.pddl.validator"


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of replaying a plan."""

    valid: bool
    cost: Fraction | None = None
    """The metric's value at the end, or the number of steps where there is no metric; None if not valid."""
    metric: str = ""
    """What the cost counts, in words."""
    step: int | None = None
    """The first step (from 1) that cannot be done; None if the goal is what fails."""
    reason: str = ""
    final: State | None = None
    makespan: Fraction | None = None


def validate(task: Task, plan: Plan) -> Replay:
    """Replay ``plan``. Never raises for what a plan says."""
    if task.temporal:
        from quod.backends.pddl.timeline import validate_temporal

        return validate_temporal(task, plan)
    world = World(task)
    state = world.initial()
    for number, step in enumerate(plan, start=1):
        action, binding, reason = bind(task, step)
        if action is None:
            return Replay(False, step=number, reason=reason)
        try:
            if not world.holds(action.condition, state, binding):
                failing = first_failing(world, action.condition, state, binding)
                return Replay(False, step=number, reason=f"{step}: its precondition {failing} does not hold")
            change = world.change(action.effect, state, binding)
            clash = change.conflict()
            if clash:
                return Replay(False, step=number, reason=f"{step}: changes {show(clash)} in two ways at once")
        except Undefined as error:
            return Replay(False, step=number, reason=f"{step}: {error}")
        state = world.apply(state, change)
    try:
        if not world.holds(task.goal, state, {}):
            failing = first_failing(world, task.goal, state, {})
            return Replay(False, reason=f"after the last step, the goal {failing} does not hold", final=state)
        cost, metric = metric_value(task, world, state, len(plan), None)
    except Undefined as error:
        return Replay(False, reason=f"at the end: {error}", final=state)
    return Replay(True, cost, metric, final=state)


def bind(task: Task, step: Step) -> tuple[Action | None, Binding, str]:
    """The action of a step and its arguments, or None and why not."""
    action = task.actions.get(step.name)
    if action is None:
        return None, {}, f"there is no action {step.name}"
    if len(step.args) != len(action.params):
        return None, {}, f"{step.name} takes {len(action.params)} arguments, not {len(step.args)}"
    for arg, param in zip(step.args, action.params, strict=True):
        types = task.objects.get(arg)
        if types is None:
            return None, {}, f"{step}: there is no object {arg}"
        if not task.types.fits(types, param.types):
            return None, {}, f"{step}: {arg} is not a {' or '.join(sorted(param.types))}"
    return action, {p.name: a for p, a in zip(action.params, step.args, strict=True)}, ""


def first_failing(world: World, formula: Formula, state: State, binding: Binding) -> str:
    """The first part of a conjunction that does not hold, as PDDL where it is a literal."""
    if isinstance(formula, And):
        for part in formula.parts:
            if not world.holds(part, state, binding):
                return first_failing(world, part, state, binding)
    if isinstance(formula, Pred):
        return show((formula.name, *(binding.get(t.name, t.name) for t in formula.args)))
    if isinstance(formula, Not) and isinstance(formula.part, Pred):
        return f"(not {first_failing(world, formula.part, state, binding)})"
    return formula_text(formula)


def metric_value(task: Task, world: World, state: State, steps: int, makespan: Fraction | None) -> tuple[Fraction, str]:
    """The cost of having ended in ``state``, and what it counts. Raises Undefined."""
    if task.metric is None:
        if makespan is not None:
            return makespan, "total time"
        return Fraction(steps), "number of steps"
    values = dict(state.values)
    values.setdefault(("total-cost",), Fraction(0))
    if makespan is not None:
        values[("total-time",)] = makespan
    else:
        values.setdefault(("total-time",), Fraction(steps))
    value = world.value(task.metric.expr, State(state.facts, values), {})
    return value, expression(task.metric.expr).strip("()")
