"""Quod's own search for proofs: a lower bound of the cost, or that no plan exists. Runs inside the sandbox.

A* with LM-cut, cut off at the cost of the plan at hand: if nothing cheaper is left to expand, that plan is
optimal; when time ends first, the least value still open is a proved lower bound all the same.
"""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from heapq import heappop, heappush
from itertools import product

from quod.backends.pddl.documents import load_text
from quod.backends.pddl.explicit import explore
from quod.backends.pddl.ground import Beyond, Grounded, ground
from quod.backends.pddl.plans import decimal
from quod.backends.pddl.relaxed import Relaxation
from quod.backends.pddl.task import Task
from quod.core.model import JsonDict, JsonValue

__all__ = ["prove_optimal", "prove_unsolvable"]

MAX_STATES = 2_000_000


def _loaded(payload: JsonValue) -> tuple[Task, float]:
    assert isinstance(payload, dict)
    loaded = load_text(str(payload["problem"]), str(payload["domain"]))
    if loaded.task is None:
        raise Beyond("the task does not load")
    seconds = payload["seconds"]
    assert isinstance(seconds, int | float)
    return loaded.task, float(seconds)


def prove_optimal(payload: JsonValue) -> JsonDict:
    """``{domain, problem, cost, seconds, search}`` to ``{lower_bound}`` (as text) or ``{beyond: why}``."""
    started = time.monotonic()
    assert isinstance(payload, dict)
    try:
        loaded, seconds = _loaded(payload)
        task = ground(loaded)
    except Beyond:
        return _explicit_bound(payload, started)
    limit = Fraction(str(payload["cost"])) * task.scale
    relaxation = Relaxation(task)
    first = relaxation.lmcut(task.init)
    if first is None:
        return {"lower_bound": None, "unsolvable": True}
    bound = first
    if payload.get("search") and first < limit:
        bound = _astar(task, relaxation, first, limit, started + seconds)
    return {"lower_bound": decimal(Fraction(bound, task.scale))}


def _explicit_bound(payload: JsonDict, started: float) -> JsonDict:
    """The same where grounding does not reach: uniform-cost search over explicit states."""
    if not payload.get("search"):
        return {"beyond": "the heuristic does not cover this task"}
    try:
        loaded, seconds = _loaded(payload)
        found = explore(loaded, Fraction(str(payload["cost"])), started + seconds)
    except Beyond as error:
        return {"beyond": str(error)}
    return {"lower_bound": decimal(found.lower_bound)}


def _astar(task: Grounded, relaxation: Relaxation, first: int, limit: Fraction, deadline: float) -> int:
    """The largest proved lower bound, at most ``limit``."""
    best = {task.init: 0}
    heap: list[tuple[int, int, int, frozenset[int]]] = [(first, 0, 0, task.init)]
    closed: set[frozenset[int]] = set()
    count = 0
    proved = first
    while heap:
        value, _, _, state = heappop(heap)
        proved = max(proved, value)
        if time.monotonic() > deadline or len(best) > MAX_STATES:
            return proved
        if state in closed:
            continue
        closed.add(state)
        spent = best[state]
        if task.goal <= state:
            return proved  # a plan this cheap exists: the bound cannot be raised
        for operator in task.operators:
            if not operator.pre <= state:
                continue
            after = (state - operator.delete) | operator.add
            cost = spent + operator.cost
            known = best.get(after)
            if known is not None and known <= cost:
                continue
            rest = relaxation.lmcut(after)
            if rest is None or cost + rest >= limit:
                continue
            best[after] = cost
            closed.discard(after)
            count += 1
            heappush(heap, (max(value, cost + rest), -cost, count, after))
    return int(limit)


def prove_unsolvable(payload: JsonValue) -> JsonDict:
    """``{domain, problem, seconds}`` to ``{how, …}``: goal, relaxation, pairs, exhausted or unknown."""
    started = time.monotonic()
    try:
        loaded, seconds = _loaded(payload)
        task = ground(loaded)
    except Beyond:
        return _explicit_exhaustion(payload, started)
    if task.impossible:
        return {"how": "goal", "goals": list(task.impossible)}
    relaxation = Relaxation(task)
    reached = relaxation.reachable(task.init)
    if relaxation.end not in reached:
        missing = sorted(_shown(task, fact) for fact in task.goal if fact not in reached)
        lacking = _lacking(loaded, task, relaxation, reached, started + seconds / 2)
        return {"how": "relaxation", "goals": [*missing], "facts": _facts(task, reached), "lacking": [*lacking]}
    deadline = started + seconds
    pairs = _pairs(task, started + seconds / 2)
    if pairs is not None:
        clash = next(((a, b) for a in task.goal for b in task.goal if a < b and (a, b) not in pairs), None)
        if clash:
            return {"how": "pairs", "goals": [_shown(task, clash[0]), _shown(task, clash[1])]}
    explored = _exhaust(task, deadline)
    return {"how": "unknown"} if explored is None else {"how": "exhausted", "states": explored}


def _explicit_exhaustion(payload: JsonValue, started: float) -> JsonDict:
    """All states looked at, one by one, where grounding does not reach."""
    try:
        loaded, seconds = _loaded(payload)
        found = explore(loaded, None, started + seconds)
    except Beyond as error:
        return {"how": "unknown", "beyond": str(error)}
    return {"how": "exhausted", "states": found.states} if found.exhausted else {"how": "unknown"}


def _lacking(loaded: Task, task: Grounded, relaxation: Relaxation, reached: set[int], deadline: float) -> list[str]:
    """Single initial facts, other than goals, with which the goal would come into reach: they look forgotten.

    Facts of fixed relations come first, for those are given or not; facts that actions bring about come after.
    """
    out: list[str] = []
    names = list(loaded.objects)
    for predicate, signature in loaded.predicates.items():
        if predicate in loaded.fluent_predicates or len(out) >= 3:
            continue
        for args in product(*(loaded.objects_of(p.types) for p in signature.params)):
            fact = (predicate, *args)
            if len(names) > 12 or time.monotonic() > deadline:
                break
            if fact in loaded.init or len(set(args)) < len(args):
                continue
            tried = ground(replace(loaded, init=loaded.init | {fact}, _by_types={}))
            relaxed = Relaxation(tried)
            if not tried.impossible and relaxed.end in relaxed.reachable(tried.init):
                out.append(f"({' '.join(fact)})")
                if len(out) >= 3:
                    break
    for number, (fact, positive) in enumerate(task.facts):
        if len(out) >= 3 or time.monotonic() > deadline:
            break
        open_fact = positive and number not in reached and number not in task.goal
        if open_fact and relaxation.end in relaxation.reachable(task.init | {number}):
            out.append(f"({' '.join(fact)})")
    return out


def _shown(task: Grounded, number: int) -> str:
    fact, positive = task.facts[number]
    text = f"({' '.join(fact)})"
    return text if positive else f"(not {text})"


def _facts(task: Grounded, reached: set[int]) -> list[JsonValue]:
    """Positive facts of the closed set that proves the claim."""
    return [_shown(task, n) for n in sorted(reached) if n < len(task.facts)]


def _pairs(task: Grounded, deadline: float) -> set[tuple[int, int]] | None:
    """Which pairs of facts may hold together (h², Haslum and Geffner 2000); None if time is up."""
    if len(task.facts) > 700:
        return None
    together = {(a, b) for a in task.init for b in task.init if a <= b}
    changed = True

    def ok(a: int, b: int) -> bool:
        return ((a, b) if a <= b else (b, a)) in together

    while changed:
        changed = False
        for operator in task.operators:
            if time.monotonic() > deadline:
                return None
            pre = sorted(operator.pre)
            if not all(ok(a, b) for i, a in enumerate(pre) for b in pre[i:]):
                continue
            adds = sorted(operator.add)
            for i, a in enumerate(adds):
                for b in adds[i:]:
                    if (a, b) not in together:
                        together.add((a, b))
                        changed = True
            touched = operator.add | operator.delete
            for other in range(len(task.facts)):
                if other in touched or not ok(other, other) or not all(ok(other, p) for p in pre):
                    continue
                for a in adds:
                    key = (a, other) if a <= other else (other, a)
                    if key not in together:
                        together.add(key)
                        changed = True
    return together


def _exhaust(task: Grounded, deadline: float) -> int | None:
    """How many states there are, if none of them is a goal; None if one is, or if there is no time."""
    seen = {task.init}
    todo = [task.init]
    while todo:
        state = todo.pop()
        if task.goal <= state or time.monotonic() > deadline or len(seen) > MAX_STATES:
            return None
        for operator in task.operators:
            if operator.pre <= state:
                after = (state - operator.delete) | operator.add
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
    return len(seen)
