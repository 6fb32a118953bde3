"""Grounding a task to propositional STRIPS, for quod's own bounds. Shares no code with any planner.

Reads conjunctions of literals, equality, ``forall`` over such, static costs. What else PDDL has (disjunction,
``exists`` over changing facts, conditional effects, numbers, time, derived predicates) raises :class:`Beyond`:
then there simply is no second judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from quod.backends.pddl.syntax import (
    Action,
    Add,
    And,
    Assign,
    Delete,
    Effect,
    Eq,
    Fluent,
    ForAll,
    ForEach,
    Formula,
    Not,
    Num,
    Param,
    Pred,
    Sequence,
)
from quod.backends.pddl.task import Fact, Task

__all__ = ["Beyond", "Grounded", "Operator", "ground"]

MAX_OPERATORS = 150_000


class Beyond(Exception):  # noqa: N818 - says what the method does not cover
    """The task uses something this grounding does not cover, or is too large for it."""


@dataclass(slots=True)
class Operator:
    """A ground action. Facts are numbers; ``not-`` facts stand for negated conditions."""

    name: tuple[str, ...]
    pre: frozenset[int]
    add: frozenset[int]
    delete: frozenset[int]
    cost: int


@dataclass(slots=True)
class Grounded:
    """A propositional task. Costs are integers, ``scale`` times the real ones."""

    facts: list[tuple[Fact, bool]] = field(default_factory=list)
    init: frozenset[int] = frozenset()
    goal: frozenset[int] = frozenset()
    operators: list[Operator] = field(default_factory=list)
    scale: int = 1
    impossible: list[str] = field(default_factory=list)
    """Goal conditions that are false whatever is done, in PDDL."""


def ground(task: Task) -> Grounded:
    """Ground a task. Raises Beyond."""
    return _Grounder(task).run()


class _Grounder:
    def __init__(self, task: Task) -> None:
        if task.temporal or task.numeric or task.derived or task.timed:
            raise Beyond("time, numbers or derived predicates")
        if task.metric is not None and not (
            task.metric.minimize and isinstance(task.metric.expr, Fluent) and not task.metric.expr.args
        ):
            raise Beyond("a metric other than the total cost")
        if task.values.get(("total-cost",), 0) != 0:
            raise Beyond("a total cost that does not start at 0")
        self.task = task
        self.fluent = task.fluent_predicates
        self.numbers: dict[tuple[Fact, bool], int] = {}
        self.out = Grounded()
        self.index: dict[tuple[str, tuple[int, ...]], dict[tuple[str, ...], list[Fact]]] = {}
        self.by_name: dict[str, list[Fact]] = {}
        for fact in task.init:
            self.by_name.setdefault(fact[0], []).append(fact)
        self.costs: list[Fraction] = []

    def run(self) -> Grounded:
        goal: list[tuple[Fact, bool]] = []
        for literal in self._conjuncts(self.task.goal, {}):
            fact, positive = literal
            if fact[0] in self.fluent:
                goal.append(literal)
            elif (fact in self.task.init) is not positive:
                self.out.impossible.append(f"({' '.join(fact)})" if positive else f"(not ({' '.join(fact)}))")
        raw = [
            instance
            for action in self.task.actions.values()
            for instance in self._instances(action)
        ]  # fmt: skip
        self.out.goal = frozenset(self._number(f, p) for f, p in goal)
        prepared = [
            (name, frozenset(self._number(f, p) for f, p in pre), add, delete, cost)
            for name, pre, add, delete, cost in raw
        ]
        for _, _, add, _, _ in prepared:
            for fact in add:
                self._number(fact, True)
        denominator = 1
        for *_, cost in prepared:
            denominator = lcm(denominator, cost.denominator)
        self.out.scale = denominator
        for name, pre, add, delete, cost in prepared:
            if cost < 0:
                raise Beyond("an action with negative cost")
            gone = delete - add
            adds = {self._number(f, True) for f in add} | {
                self.numbers[(f, False)] for f in gone if (f, False) in self.numbers
            }
            deletes = {self.numbers[(f, True)] for f in gone if (f, True) in self.numbers}
            deletes |= {self.numbers[(f, False)] for f in add if (f, False) in self.numbers}
            self.out.operators.append(
                Operator(name, pre, frozenset(adds - pre), frozenset(deletes), int(cost * denominator))
            )
        self.out.init = frozenset(
            number for (fact, positive), number in self.numbers.items() if (fact in self.task.init) is positive
        )
        return self.out

    def _number(self, fact: Fact, positive: bool) -> int:
        key = (fact, positive)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.out.facts)
            self.out.facts.append(key)
        return number

    # --- conditions ---------------------------------------------------------------------------------------------
    def _conjuncts(self, formula: Formula, binding: dict[str, str]) -> Iterator[tuple[Fact, bool]]:
        """The ground literals of a conjunction; a false equality yields the impossible literal ``(=)``."""
        match formula:
            case Pred():
                yield self._fact(formula, binding), True
            case Not(Pred() as inner):
                yield self._fact(inner, binding), False
            case Eq(left, right) | Not(Eq(left, right)):
                same = binding.get(left.name, left.name) == binding.get(right.name, right.name)
                if same is isinstance(formula, Not):
                    yield ("=",), True
            case And(parts):
                for part in parts:
                    yield from self._conjuncts(part, binding)
            case ForAll(params, body):
                yield from self._for_all(params, body, binding)
            case _:
                raise Beyond("a condition that is not a conjunction of facts")

    def _for_all(
        self, params: tuple[Param, ...], body: Formula, binding: dict[str, str]
    ) -> Iterator[tuple[Fact, bool]]:
        if not params:
            yield from self._conjuncts(body, binding)
            return
        for name in self.task.objects_of(params[0].types):
            yield from self._for_all(params[1:], body, {**binding, params[0].name: name})

    def _fact(self, pred: Pred, binding: dict[str, str]) -> Fact:
        return (pred.name, *(binding.get(t.name, t.name) for t in pred.args))

    # --- instances ----------------------------------------------------------------------------------------------
    def _instances(
        self, action: Action
    ) -> Iterator[tuple[tuple[str, ...], frozenset[tuple[Fact, bool]], frozenset[Fact], frozenset[Fact], Fraction]]:
        static = [p for p in _top_level(action.condition) if isinstance(p, Pred) and p.name not in self.fluent]
        for binding in self._bind(action, static, {}, [p.name for p in action.params]):
            pre = set()
            possible = True
            for fact, positive in self._conjuncts(action.condition, binding):
                if fact[0] in self.fluent:
                    pre.add((fact, positive))
                elif (fact in self.task.init) is not positive:
                    possible = False
                    break
            if not possible or any((f, not p) in pre for f, p in pre):
                continue
            add: set[Fact] = set()
            delete: set[Fact] = set()
            cost = self._effects(action.effect, binding, add, delete)
            if self.task.metric is None:
                cost = Fraction(1)
            if len(self.costs) >= MAX_OPERATORS:
                raise Beyond("too many ground actions")
            self.costs.append(cost)
            name = (action.name, *(binding[p.name] for p in action.params))
            yield name, frozenset(pre), frozenset(add), frozenset(delete), cost

    def _bind(
        self, action: Action, static: list[Pred], binding: dict[str, str], todo: list[str]
    ) -> Iterator[dict[str, str]]:
        """Bindings that satisfy the static conditions; the most constrained parameter is bound first."""
        if not todo:
            yield dict(binding)
            return
        types = {p.name: p.types for p in action.params}
        best: tuple[str, list[str]] | None = None
        for name in todo:
            values = self._candidates(name, types[name], static, binding)
            if best is None or len(values) < len(best[1]):
                best = (name, values)
            if not values:
                return
        assert best is not None
        name, values = best
        rest = [n for n in todo if n != name]
        for value in values:
            binding[name] = value
            yield from self._bind(action, static, binding, rest)
        binding.pop(name, None)

    def _candidates(self, name: str, types: frozenset[str], static: list[Pred], binding: dict[str, str]) -> list[str]:
        allowed: set[str] | None = None
        for pred in static:
            names = [t.name for t in pred.args]
            if name not in names:
                continue
            bound = tuple(i for i, n in enumerate(names) if n in binding or not n.startswith("?"))
            key = tuple(binding.get(names[i], names[i]) for i in bound)
            facts = self._lookup(pred.name, bound).get(key, [])
            at = names.index(name) + 1
            values = {fact[at] for fact in facts}
            allowed = values if allowed is None else allowed & values
        fitting = self.task.objects_of(types)
        return list(fitting) if allowed is None else [o for o in fitting if o in allowed]

    def _lookup(self, pred: str, bound: tuple[int, ...]) -> dict[tuple[str, ...], list[Fact]]:
        known = self.index.get((pred, bound))
        if known is None:
            known = self.index[(pred, bound)] = {}
            for fact in self.by_name.get(pred, []):
                known.setdefault(tuple(fact[i + 1] for i in bound), []).append(fact)
        return known

    def _effects(self, effect: Effect, binding: dict[str, str], add: set[Fact], delete: set[Fact]) -> Fraction:
        match effect:
            case Add(fact):
                add.add(self._fact(fact, binding))
            case Delete(fact):
                delete.add(self._fact(fact, binding))
            case Sequence(parts):
                return sum((self._effects(part, binding, add, delete) for part in parts), Fraction(0))
            case ForEach(params, inner):
                total = Fraction(0)
                for bound in self._all(params, binding):
                    total += self._effects(inner, bound, add, delete)
                return total
            case Assign("increase", Fluent("total-cost", ()), value):
                if isinstance(value, Num):
                    return value.value
                if isinstance(value, Fluent):
                    found = self.task.values.get((value.name, *(binding.get(t.name, t.name) for t in value.args)))
                    if found is not None:
                        return found
                raise Beyond("a cost that is not a constant")
            case _:
                raise Beyond("conditional or numeric effects")
        return Fraction(0)

    def _all(self, params: tuple[Param, ...], binding: dict[str, str]) -> Iterator[dict[str, str]]:
        if not params:
            yield binding
            return
        for name in self.task.objects_of(params[0].types):
            yield from self._all(params[1:], {**binding, params[0].name: name})


def _top_level(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, And) else (formula,)
