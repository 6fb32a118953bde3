"""Replays temporal plans (PDDL 2.1, level 3). Exact arithmetic, no engine.

A plan is a set of happenings: starts and ends of actions, and timed facts. At each time point all conditions are
read in the state just before; happenings at one time point must not touch what the others read or write (no
moving targets). An ``over all`` condition holds in every state strictly between its action's start and end.
No minimal separation of time points is asked for beyond their being different.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from quod.backends.pddl.plans import Plan, Step
from quod.backends.pddl.semantics import Binding, Change, State, Undefined, World, show
from quod.backends.pddl.show import formula as show_formula
from quod.backends.pddl.syntax import (
    Action,
    And,
    Arith,
    Compare,
    Effect,
    Exists,
    Expr,
    Fluent,
    ForAll,
    ForEach,
    Formula,
    Imply,
    Not,
    Num,
    Or,
    Pred,
    Sequence,
    TimedEffect,
    TimedFormula,
    When,
)
from quod.backends.pddl.task import Fact, Task
from quod.backends.pddl.validator import Replay, bind, metric_value
from quod.backends.pddl.walk import atoms, effect_conditions, fluents, numeric_parts

__all__ = ["validate_temporal"]


@dataclass(frozen=True, slots=True)
class _Happening:
    """The start or the end of a step, or a timed fact (``step`` 0)."""

    step: int
    label: str
    conditions: tuple[Formula, ...]
    effects: tuple[Effect, ...]
    binding: Binding
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class _Invariant:
    step: int
    label: str
    start: Fraction
    end: Fraction
    formula: Formula
    binding: Binding


def validate_temporal(task: Task, plan: Plan) -> Replay:
    """Replay a temporal plan. Steps without a time are put one after the other."""
    world = World(task)
    happenings: dict[Fraction, list[_Happening]] = {}
    invariants: list[_Invariant] = []
    makespan = Fraction(0)
    for number, step in enumerate(_timed(plan), start=1):
        action, binding, reason = bind(task, step)
        if action is None:
            return Replay(False, step=number, reason=reason)
        assert step.time is not None
        try:
            problem = _schedule(action, step, number, binding, happenings, invariants)
        except Undefined as error:
            problem = str(error)
        if problem:
            return Replay(False, step=number, reason=f"{step}: {problem}")
        makespan = max(makespan, step.time + (step.duration or 0))
    for item in task.timed:
        fact = (item.fact.name, *(t.name for t in item.fact.args))
        change = Change(delete={fact}) if item.negated else Change(add={fact})
        assert item.time is not None
        happenings.setdefault(item.time, []).append(_Happening(0, show(fact), (), (), {}, change))
    for value in task.timed_values:
        key = (value.target.name, *(t.name for t in value.target.args))
        assert value.time is not None
        change = Change(assign={key: value.value})
        happenings.setdefault(value.time, []).append(_Happening(0, show(key), (), (), {}, change))
    return _run(task, world, happenings, invariants, makespan, len(plan))


def _timed(plan: Plan) -> Iterator[Step]:
    clock = Fraction(0)
    for step in plan:
        if step.time is None:
            yield Step(step.name, step.args, clock, step.duration)
            clock += (step.duration or Fraction(0)) + Fraction(1, 1000)
        else:
            yield step


def _schedule(
    action: Action,
    step: Step,
    number: int,
    binding: Binding,
    happenings: dict[Fraction, list[_Happening]],
    invariants: list[_Invariant],
) -> str:
    """Put a step's happenings on the time line; what is wrong with it, or an empty string."""
    assert step.time is not None
    if not action.durative:
        happening = _Happening(number, str(step), (action.condition,), (action.effect,), binding)
        happenings.setdefault(step.time, []).append(happening)
        return ""
    if step.duration is None:
        return "a durative action needs a duration"
    if step.duration <= 0:
        return "its duration is not positive"
    end = step.time + step.duration
    start_conditions, end_conditions, overall = _split(action.condition)
    if action.duration is not None:
        start_conditions += tuple(_durations(action.duration, step.duration))
    starts, ends = _split_effects(action.effect)
    starts = tuple(_with_duration_effect(e, step.duration) for e in starts)
    ends = tuple(_with_duration_effect(e, step.duration) for e in ends)
    happenings.setdefault(step.time, []).append(
        _Happening(number, f"start of {step}", start_conditions, starts, binding)
    )
    happenings.setdefault(end, []).append(_Happening(number, f"end of {step}", end_conditions, ends, binding))
    invariants += [_Invariant(number, str(step), step.time, end, f, binding) for f in overall]
    return ""


def _split(formula: Formula) -> tuple[tuple[Formula, ...], tuple[Formula, ...], tuple[Formula, ...]]:
    """Conditions at the start, at the end, and in between."""
    match formula:
        case TimedFormula("start", body):
            return (body,), (), ()
        case TimedFormula("end", body):
            return (), (body,), ()
        case TimedFormula(_, body):
            return (), (), (body,)
        case And(parts):
            split = [_split(part) for part in parts]
            return (
                tuple(f for s in split for f in s[0]),
                tuple(f for s in split for f in s[1]),
                tuple(f for s in split for f in s[2]),
            )
        case ForAll(params, body):
            start, end, between = _split(body)
            return (
                tuple(ForAll(params, f) for f in start),
                tuple(ForAll(params, f) for f in end),
                tuple(ForAll(params, f) for f in between),
            )
        case _:
            return (formula,), (), ()


def _split_effects(effect: Effect) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    match effect:
        case TimedEffect("start", inner):
            return (inner,), ()
        case TimedEffect(_, inner):
            return (), (inner,)
        case Sequence(parts):
            split = [_split_effects(part) for part in parts]
            return tuple(e for s in split for e in s[0]), tuple(e for s in split for e in s[1])
        case ForEach(params, inner):
            starts, ends = _split_effects(inner)
            return tuple(ForEach(params, e) for e in starts), tuple(ForEach(params, e) for e in ends)
        case When(condition, inner):
            return _split_when(condition, inner)
        case _:
            return (), (effect,)


def _split_when(condition: Formula, inner: Effect) -> tuple[tuple[Effect, ...], tuple[Effect, ...]]:
    """A conditional effect; its condition is read where the effect happens."""
    starts, ends = _split_effects(inner)
    at_start, at_end, between = _split(condition)
    early = And((*at_start, *between))
    late = And((*at_end, *between)) if at_end or between else And(at_start)
    return tuple(When(early, e) for e in starts), tuple(When(late, e) for e in ends)


def _durations(formula: Formula, duration: Fraction) -> Iterator[Formula]:
    """The constraints on ``?duration``, with its value put in."""
    match formula:
        case And(parts):
            for part in parts:
                yield from _durations(part, duration)
        case TimedFormula(_, body):
            yield from _durations(body, duration)
        case Compare(op, left, right):
            yield Compare(op, _put(left, duration), _put(right, duration))
        case _:
            yield formula


def _put(expr: Expr, duration: Fraction) -> Expr:
    match expr:
        case Fluent("?duration", ()):
            return Num(duration)
        case Arith(op, args):
            return Arith(op, tuple(_put(a, duration) for a in args))
        case _:
            return expr


def _with_duration_effect(effect: Effect, duration: Fraction) -> Effect:
    from dataclasses import replace

    from quod.backends.pddl.syntax import Assign

    match effect:
        case Assign():
            return replace(effect, value=_put(effect.value, duration))
        case Sequence(parts):
            return Sequence(tuple(_with_duration_effect(p, duration) for p in parts))
        case When(condition, inner):
            return When(condition, _with_duration_effect(inner, duration))
        case ForEach(params, inner):
            return ForEach(params, _with_duration_effect(inner, duration))
        case _:
            return effect


def _run(
    task: Task,
    world: World,
    happenings: dict[Fraction, list[_Happening]],
    invariants: list[_Invariant],
    makespan: Fraction,
    steps: int,
) -> Replay:
    state = world.initial()
    times = sorted(happenings)
    for index, time in enumerate(times):
        try:
            failure, state = _moment(world, state, happenings[time])
        except Undefined as error:
            failure = (happenings[time][0].step, str(error))
        if failure:
            return Replay(False, step=failure[0] or None, reason=f"at time {time}: {failure[1]}")
        following = times[index + 1] if index + 1 < len(times) else None
        for invariant in invariants:
            if invariant.start <= time and following is not None and following <= invariant.end:
                try:
                    kept = world.holds(invariant.formula, state, invariant.binding)
                except Undefined:
                    kept = False
                if not kept:
                    reason = f"{invariant.label}: {show_formula(invariant.formula)} does not hold all the while"
                    return Replay(False, step=invariant.step, reason=reason)
    try:
        if not world.holds(task.goal, state, {}):
            return Replay(False, reason="the goal does not hold at the end", final=state)
        cost, metric = metric_value(task, world, state, steps, makespan)
    except Undefined as error:
        return Replay(False, reason=f"at the end: {error}", final=state)
    return Replay(True, cost, metric, final=state, makespan=makespan)


def _moment(world: World, state: State, group: list[_Happening]) -> tuple[tuple[int, str] | None, State]:
    """One time point: all conditions in the state before, all effects at once."""
    changes = []
    for happening in group:
        for condition in happening.conditions:
            if not world.holds(condition, state, happening.binding):
                return (happening.step, f"{happening.label}: {show_formula(condition)} does not hold"), state
        change = happening.change or Change()
        for effect in happening.effects:
            world.change(effect, state, happening.binding, change)
        changes.append(change)
    for i, first in enumerate(group):
        for j, second in enumerate(group):
            if i != j:
                clash = _clash(world, first, changes[j]) or (_write_clash(changes[i], changes[j]) if i < j else None)
                if clash:
                    message = f"{first.label} and {second.label} touch {show(clash)} at the same moment"
                    return (first.step, message), state
    total = Change()
    for change in changes:
        total.add |= change.add
        total.delete |= change.delete
        total.assign |= change.assign
        for key, value in change.delta.items():
            total.delta[key] = total.delta.get(key, Fraction(0)) + value
        for key, value in change.scale.items():
            total.scale[key] = total.scale.get(key, Fraction(1)) * value
    conflict = total.conflict()
    if conflict:
        return (group[0].step, f"{show(conflict)} is changed in two ways at once"), state
    return None, world.apply(state, total)


def _clash(world: World, reader: _Happening, change: Change) -> Fact | None:
    """Something that ``reader`` reads and the other changes."""
    written = change.add | change.delete | change.assign.keys() | change.delta.keys() | change.scale.keys()
    if not written:
        return None
    names = {fact[0] for fact in written}
    conditions = [*reader.conditions, *(c for e in reader.effects for c in effect_conditions(e))]
    for formula in conditions:
        for fact in _read(world, formula, reader.binding, names):
            if fact in written:
                return fact
    return None


def _read(world: World, formula: Formula, binding: Binding, names: set[str]) -> Iterator[Fact]:
    """Ground facts and functions that a condition reads, of the given names."""
    match formula:
        case Exists(params, body) | ForAll(params, body):
            if any(a.name in names for a in atoms(body)):
                for more in world.bindings(params):
                    yield from _read(world, body, {**binding, **more}, names)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _read(world, part, binding, names)
        case Not(part):
            yield from _read(world, part, binding, names)
        case Imply(left, right):
            yield from _read(world, left, binding, names)
            yield from _read(world, right, binding, names)
        case Pred(name, args):
            yield (name, *(binding.get(t.name, t.name) for t in args))
        case _:
            for expr in numeric_parts(formula):
                for fluent in fluents(expr):
                    yield (fluent.name, *(binding.get(t.name, t.name) for t in fluent.args))


def _write_clash(first: Change, second: Change) -> Fact | None:
    """Something that one adds and the other deletes, or that both assign."""
    both = (first.add & second.delete) | (first.delete & second.add)
    both |= first.assign.keys() & (second.assign.keys() | second.delta.keys() | second.scale.keys())
    both |= (first.delta.keys() | first.scale.keys()) & second.assign.keys()
    return min(both) if both else None
