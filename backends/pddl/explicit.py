"""Search over explicit states by quod's own semantics, for what the propositional grounding does not cover.

Uniform-cost search, so its least open cost is a lower bound; and where all states were looked at, there is no plan.
Slow, and meant for small tasks with conditional effects, quantifiers, derived predicates or numbers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush

from quod.backends.pddl.ground import Beyond
from quod.backends.pddl.semantics import Binding, State, Undefined, World
from quod.backends.pddl.syntax import Action, Fluent
from quod.backends.pddl.task import Fact, Task

__all__ = ["Explored", "explore"]

MAX_INSTANCES = 5_000
MAX_STATES = 200_000
_COST: Fact = ("total-cost",)


@dataclass(frozen=True, slots=True)
class Explored:
    """What a search found: the cost of the cheapest plan, or a lower bound, or that all states were looked at."""

    lower_bound: Fraction
    exhausted: bool = False
    states: int = 0


def explore(task: Task, limit: Fraction | None, deadline: float) -> Explored:
    """Look for the cheapest plan that costs less than ``limit``. Raises Beyond for what it does not cover."""
    if task.temporal:
        raise Beyond("time")
    metric = task.metric
    if metric is not None:
        total = isinstance(metric.expr, Fluent) and metric.expr.name == "total-cost"
        if not (total and metric.minimize):
            raise Beyond("a metric other than the total cost")
    if task.values.get(_COST, Fraction(0)) != 0 or _reads_cost(task):
        raise Beyond("conditions on the total cost")
    return _search(World(task), _instances(task), limit, deadline)


def _reads_cost(task: Task) -> bool:
    from quod.backends.pddl.walk import assignments, effect_conditions, fluents, numeric_parts

    formulas = [task.goal]
    expressions = []
    for action in task.actions.values():
        formulas += [action.condition, *effect_conditions(action.effect)]
        expressions += [a.value for a in assignments(action.effect)]
    expressions += [part for formula in formulas for part in numeric_parts(formula)]
    return any(f.name == _COST[0] for e in expressions for f in fluents(e))


def _instances(task: Task) -> list[tuple[Action, Binding]]:
    world = World(task)
    out: list[tuple[Action, Binding]] = []
    for action in task.actions.values():
        for binding in world.bindings(action.params):
            if len(out) >= MAX_INSTANCES:
                raise Beyond("too many ground actions")
            out.append((action, binding))
    return out


def _search(world: World, instances: list[tuple[Action, Binding]], limit: Fraction | None, deadline: float) -> Explored:
    by_steps = world.task.metric is None
    start = world.initial()
    best = {_key(start): Fraction(0)}
    heap: list[tuple[Fraction, int, State]] = [(Fraction(0), 0, start)]
    closed: set[object] = set()
    count = 0
    while heap:
        spent, _, state = heappop(heap)
        key = _key(state)
        if key in closed:
            continue
        closed.add(key)
        if limit is not None and spent >= limit:
            return Explored(limit, states=len(closed))
        if time.monotonic() > deadline or len(best) > MAX_STATES or _true(world, state):
            return Explored(spent, states=len(closed))
        for action, binding in instances:
            after = _step(world, action, binding, state)
            if after is None:
                continue
            step = (
                Fraction(1) if by_steps else after.values.get(_COST, Fraction(0)) - state.values.get(_COST, Fraction(0))
            )
            if step < 0:
                raise Beyond("an action with negative cost")
            cost, name = spent + step, _key(after)
            if name not in best or cost < best[name]:
                best[name] = cost
                count += 1
                heappush(heap, (cost, count, after))
    return Explored(limit if limit is not None else Fraction(0), exhausted=True, states=len(closed))


def _true(world: World, state: State) -> bool:
    try:
        return world.holds(world.task.goal, state, {})
    except Undefined:
        return False


def _step(world: World, action: Action, binding: Binding, state: State) -> State | None:
    try:
        if not world.holds(action.condition, state, binding):
            return None
        change = world.change(action.effect, state, binding)
    except Undefined:
        return None
    return None if change.conflict() else world.apply(state, change)


def _key(state: State) -> object:
    """What tells states apart: everything but the cost so far."""
    return state.facts, frozenset(item for item in state.values.items() if item[0] != _COST)
