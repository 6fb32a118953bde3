"""What conditions and effects mean in a state. Solver-free, exact; PDDL 2.1 (Fox and Long 2003), section 4.

A state is a set of ground facts and the values of the numeric functions. Effects read the state as it was
before, deletions come before additions, and a numeric function may be assigned once, or increased and decreased
several times, but not both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from quod.backends.pddl.stratify import strata
from quod.backends.pddl.syntax import (
    Add,
    And,
    Arith,
    Assign,
    Compare,
    Delete,
    Derived,
    Effect,
    Eq,
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
    Param,
    Pred,
    Sequence,
    Term,
    TimedEffect,
    TimedFormula,
    When,
)
from quod.backends.pddl.task import Fact, Task

__all__ = ["Binding", "Change", "State", "Undefined", "World", "show"]

Binding = dict[str, str]
"""Variables to objects."""


class Undefined(Exception):  # noqa: N818 - a numeric function without a value is not our error
    """A number was needed that has no value."""


@dataclass(slots=True)
class State:
    """Facts and numbers. ``duration`` is the value of ``?duration`` while an action's conditions are read."""

    facts: frozenset[Fact]
    values: dict[Fact, Fraction]
    derived: frozenset[Fact] | None = None


@dataclass(slots=True)
class Change:
    """What effects do to a state."""

    add: set[Fact] = field(default_factory=set)
    delete: set[Fact] = field(default_factory=set)
    assign: dict[Fact, Fraction] = field(default_factory=dict)
    delta: dict[Fact, Fraction] = field(default_factory=dict)
    scale: dict[Fact, Fraction] = field(default_factory=dict)

    def conflict(self) -> Fact | None:
        """A numeric function that is changed in two ways at once, or None."""
        kinds = [self.assign.keys(), self.delta.keys(), self.scale.keys()]
        for index, kind in enumerate(kinds):
            for other in kinds[index + 1 :]:
                both = kind & other
                if both:
                    return min(both)
        return None


def show(fact: Fact) -> str:
    """A ground fact as PDDL."""
    return f"({' '.join(fact)})"


class World:
    """Evaluates conditions and effects of one task."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._strata = strata(task.derived)
        self._derived_names = task.derived_names

    def initial(self) -> State:
        """The state described by ``:init``."""
        values = dict(self.task.values)
        if "total-cost" in self.task.functions:
            values.setdefault(("total-cost",), Fraction(0))
        return State(self.task.init, values)

    # --- conditions -----------------------------------------------------------------------------------------
    def holds(self, formula: Formula, state: State, binding: Binding) -> bool:
        """Whether a condition holds. Raises Undefined if it compares a number that has no value."""
        match formula:
            case Pred(name, args):
                fact = (name, *(self._object(t, binding) for t in args))
                if name in self._derived_names:
                    return fact in self._derived(state)
                return fact in state.facts
            case Eq(left, right):
                return self._object(left, binding) == self._object(right, binding)
            case And(parts):
                return all(self.holds(part, state, binding) for part in parts)
            case Or(parts):
                return any(self.holds(part, state, binding) for part in parts)
            case Not(part):
                return not self.holds(part, state, binding)
            case Imply(left, right):
                return not self.holds(left, state, binding) or self.holds(right, state, binding)
            case Exists(params, body):
                return any(self.holds(body, state, {**binding, **b}) for b in self.bindings(params))
            case ForAll(params, body):
                return all(self.holds(body, state, {**binding, **b}) for b in self.bindings(params))
            case Compare(op, left, right):
                return _compare(op, self.value(left, state, binding), self.value(right, state, binding))
            case TimedFormula(_, body):
                return self.holds(body, state, binding)

    def bindings(self, params: tuple[Param, ...]) -> Iterator[Binding]:
        """Every way to bind parameters to objects of their types."""
        names = [p.name for p in params]
        for objects in product(*(self.task.objects_of(p.types) for p in params)):
            yield dict(zip(names, objects, strict=True))

    def value(self, expr: Expr, state: State, binding: Binding) -> Fraction:
        """The value of a numeric expression. Raises Undefined."""
        match expr:
            case Num(value):
                return value
            case Fluent(name, args):
                key = (name, *(self._object(t, binding) for t in args))
                found = state.values.get(key)
                if found is None:
                    raise Undefined(f"{show(key)} has no value")
                return found
            case Arith(op, args):
                numbers = [self.value(arg, state, binding) for arg in args]
                return _arith(op, numbers)

    def _object(self, term: Term, binding: Binding) -> str:
        return binding[term.name] if term.is_variable else term.name

    # --- derived predicates -----------------------------------------------------------------------------------
    def _derived(self, state: State) -> frozenset[Fact]:
        if state.derived is None:
            state.derived = frozenset()
            for layer in self._strata:
                while new := {f for rule in layer for f in self._consequences(rule, state)} - state.derived:
                    state.derived |= new
        return state.derived

    def _consequences(self, rule: Derived, state: State) -> Iterator[Fact]:
        for binding in self.bindings(rule.head.params):
            fact = (rule.head.name, *(binding[p.name] for p in rule.head.params))
            if fact not in (state.derived or ()) and self.holds(rule.body, state, binding):
                yield fact

    # --- effects ----------------------------------------------------------------------------------------------
    def change(self, effect: Effect, state: State, binding: Binding, into: Change | None = None) -> Change:
        """What an effect does in a state. Raises Undefined."""
        into = Change() if into is None else into
        match effect:
            case Add(fact):
                into.add.add(self._fact(fact, binding))
            case Delete(fact):
                into.delete.add(self._fact(fact, binding))
            case Sequence(parts):
                for part in parts:
                    self.change(part, state, binding, into)
            case When(condition, inner):
                if self.holds(condition, state, binding):
                    self.change(inner, state, binding, into)
            case ForEach(params, inner):
                for more in self.bindings(params):
                    self.change(inner, state, {**binding, **more}, into)
            case TimedEffect(_, inner):
                self.change(inner, state, binding, into)
            case Assign(op, target, value):
                key = (target.name, *(self._object(t, binding) for t in target.args))
                _assign(into, op, key, self.value(value, state, binding), state)
        return into

    def _fact(self, pred: Pred, binding: Binding) -> Fact:
        return (pred.name, *(self._object(t, binding) for t in pred.args))

    def apply(self, state: State, change: Change) -> State:
        """The next state."""
        values = dict(state.values)
        values.update(change.assign)
        for key, delta in change.delta.items():
            values[key] = values.get(key, Fraction(0)) + delta
        for key, factor in change.scale.items():
            values[key] = values[key] * factor
        return State((state.facts - change.delete) | change.add, values)


def _assign(into: Change, op: str, key: Fact, value: Fraction, state: State) -> None:
    if op == "assign":
        if into.assign.get(key, value) != value:
            raise Undefined(f"{show(key)} is assigned two values at once")
        into.assign[key] = value
        return
    if key not in state.values:
        raise Undefined(f"{show(key)} has no value to change")
    if op in {"increase", "decrease"}:
        into.delta[key] = into.delta.get(key, Fraction(0)) + (value if op == "increase" else -value)
        return
    if op == "scale-down" and value == 0:
        raise Undefined(f"{show(key)} is divided by zero")
    factor = value if op == "scale-up" else 1 / value
    into.scale[key] = into.scale.get(key, Fraction(1)) * factor


def _compare(op: str, left: Fraction, right: Fraction) -> bool:
    match op:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case _:
            return left == right


def _arith(op: str, numbers: list[Fraction]) -> Fraction:
    first, rest = numbers[0], numbers[1:]
    if op == "-" and not rest:
        return -first
    for number in rest:
        if op == "+":
            first += number
        elif op == "-":
            first -= number
        elif op == "*":
            first *= number
        elif number == 0:
            raise Undefined("division by zero")
        else:
            first /= number
    return first
