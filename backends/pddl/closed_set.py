"""Checks a certificate of unsolvability: a set of facts that no action leaves and that lacks part of the goal.

If the set contains the initial facts, and every action all of whose positive conditions lie in the set adds only
facts of the set, then no plan ever reaches a fact outside it. If the goal needs such a fact, there is no plan.
This module imports no search code; it enumerates the bindings of each action itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from quod.backends.pddl.syntax import (
    Action,
    Add,
    And,
    Effect,
    ForEach,
    Formula,
    Param,
    Pred,
    Sequence,
    TimedEffect,
    When,
)
from quod.backends.pddl.task import Fact, Task

__all__ = ["CHECKER", "check_closed"]

CHECKER = "quod.backends.pddl.closed_set"
MAX_BINDINGS = 3_000_000


def check_closed(task: Task, facts: Iterable[str]) -> bool:
    """Whether the facts (as PDDL text) prove that ``task`` has no plan. Refuses what it cannot enumerate."""
    if task.derived or task.timed:
        return False
    closed = {tuple(text.strip("()").split()) for text in facts if not text.startswith("(not ")}
    changing = task.fluent_predicates
    closed |= {f for f in task.init if f[0] not in changing}
    if not task.init <= closed:
        return False
    if not any(need not in closed for need in _needs(task.goal, {})):
        return False
    budget = [MAX_BINDINGS]
    return all(_keeps(task, action, closed, budget) for action in task.actions.values())


def _needs(formula: Formula, binding: dict[str, str]) -> Iterator[Fact]:
    """Facts that must hold for the condition to hold (not all of them: those of its plain conjuncts)."""
    if isinstance(formula, Pred):
        yield (formula.name, *(binding.get(t.name, t.name) for t in formula.args))
    elif isinstance(formula, And):
        for part in formula.parts:
            yield from _needs(part, binding)


def _keeps(task: Task, action: Action, closed: set[Fact], budget: list[int]) -> bool:
    """Whether every instance of the action that the set allows adds only facts of the set."""
    preds = list(_plain(action.condition))
    names = [p.name for p in action.params]

    def extend(binding: dict[str, str], index: int) -> bool:
        budget[0] -= 1
        if budget[0] < 0:
            return False
        if index == len(names):
            return all(fact in closed for fact in _adds(task, action.effect, binding))
        param = action.params[index]
        for value in task.objects_of(param.types):
            binding[param.name] = value
            bound = {*names[: index + 1]}
            ready = [
                p
                for p in preds
                if any(t.name == param.name for t in p.args)
                and all(not t.is_variable or t.name in bound for t in p.args)
            ]
            allowed = all((p.name, *(binding.get(t.name, t.name) for t in p.args)) in closed for p in ready)
            if allowed and not extend(binding, index + 1):
                return False
        return True

    free = [p for p in preds if not any(t.is_variable for t in p.args)]
    if any((p.name, *(t.name for t in p.args)) not in closed for p in free):
        return True
    return extend({}, 0)


def _plain(formula: Formula) -> Iterator[Pred]:
    if isinstance(formula, Pred):
        yield formula
    elif isinstance(formula, And):
        for part in formula.parts:
            yield from _plain(part)


def _adds(task: Task, effect: Effect, binding: dict[str, str]) -> Iterator[Fact]:
    match effect:
        case Add(fact):
            yield (fact.name, *(binding.get(t.name, t.name) for t in fact.args))
        case Sequence(parts):
            for part in parts:
                yield from _adds(task, part, binding)
        case When(_, inner) | TimedEffect(_, inner):
            yield from _adds(task, inner, binding)
        case ForEach(params, inner):
            yield from _for_each(task, params, inner, binding, 0)
        case _:
            pass


def _for_each(
    task: Task, params: tuple[Param, ...], inner: Effect, binding: dict[str, str], index: int
) -> Iterator[Fact]:
    if index == len(params):
        yield from _adds(task, inner, binding)
        return
    for value in task.objects_of(params[index].types):
        yield from _for_each(task, params, inner, {**binding, params[index].name: value}, index + 1)
