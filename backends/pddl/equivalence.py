"""Whether two tasks state the same problem.

Levels, strongest first:

``identical``    the same objects, facts, goal, metric and domain, by name.
``renamed``      isomorphic: equal up to the names of objects that the words do not use.
``vocabulary``   isomorphic if predicates, types and actions may be renamed too.
``different``    no renaming makes them equal (then ``equivalent`` is False).
``undecided``    the search for a renaming was cut off.
"""

from __future__ import annotations

import re

from quod.backends.pddl.graph import Graph, isomorphism
from quod.backends.pddl.semantics import show
from quod.backends.pddl.show import formula as show_formula
from quod.backends.pddl.syntax import (
    Action,
    Add,
    And,
    Arith,
    Assign,
    Compare,
    Delete,
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
    Signature,
    Term,
    TimedEffect,
    TimedFormula,
    When,
)
from quod.backends.pddl.task import Task
from quod.core.model import JsonDict
from quod.core.protocols import Equivalence

__all__ = ["equivalent", "task_graph"]


def equivalent(a: Task, b: Task, words: str = "") -> Equivalence:
    """Compare two tasks. Objects whose names occur in ``words`` keep their names."""
    rigid = {w for w in re.findall(r"[\w-]+", words.lower()) if w in a.objects or w in b.objects}
    undecided = False
    for level, free in (("renamed", False), ("vocabulary", True)):
        left, right = task_graph(a, rigid, free_names=free), task_graph(b, rigid, free_names=free)
        found = isomorphism(left, right)
        if isinstance(found, dict):
            renaming = {
                left.names[v]: right.names[w]
                for v, w in found.items()
                if left.names[v] and left.names[v] != right.names[w]
            }
            data: JsonDict = {"renaming": dict(sorted(renaming.items()))}
            return Equivalence(equivalent=True, level=level if renaming else "identical", data=data)
        undecided = undecided or found is None
    if undecided:
        return Equivalence(equivalent=None, level="undecided", difference=_difference(a, b))
    return Equivalence(equivalent=False, level="different", difference=_difference(a, b))


def task_graph(task: Task, rigid: set[str], *, free_names: bool) -> Graph:
    """The graph of a task. ``rigid`` object names are colours; so are declared names unless ``free_names``."""
    return _Builder(task, rigid, free_names).run()


class _Builder:
    def __init__(self, task: Task, rigid: set[str], free_names: bool) -> None:
        self.task = task
        self.free = free_names
        self.rigid = rigid
        self.graph = Graph()
        self.declared: dict[tuple[str, str], int] = {}
        self.objects: dict[str, int] = {}

    def run(self) -> Graph:
        task, graph = self.task, self.graph
        for name in sorted({t for types in task.objects.values() for t in types} | set(task.types.parents)):
            self._declare("type", name)
        for name, parents in task.types.parents.items():
            for parent in parents if name != "object" else ():
                graph.edge(self._declare("type", name), "below", self._declare("type", parent))
        constants = {c.name for c in task.domain.constants}
        for name, types in task.objects.items():
            colour = ("object", name if name in self.rigid else None, name in constants)
            self.objects[name] = graph.vertex(colour, name)
            for kind in types:
                graph.edge(self.objects[name], "type", self._declare("type", kind))
        for kind, signatures in (("predicate", task.predicates), ("function", task.functions)):
            for signature in signatures.values():
                self._signature(kind, signature)
        for action in task.actions.values():
            self._action(action)
        for rule in task.derived:
            vertex = graph.vertex("rule")
            graph.edge(vertex, "head", self._declare("predicate", rule.head.name))
            scope = self._params(vertex, rule.head.params, {})
            graph.edge(vertex, "body", self._formula(rule.body, scope))
        self._problem()
        return graph

    def _problem(self) -> None:
        task, graph = self.task, self.graph
        for fact in task.init:
            vertex = graph.vertex("init")
            graph.edge(vertex, "of", self._declare("predicate", fact[0]))
            for position, name in enumerate(fact[1:]):
                graph.edge(vertex, position, self.objects[name])
        for key, value in task.values.items():
            vertex = graph.vertex(("value", value))
            graph.edge(vertex, "of", self._declare("function", key[0]))
            for position, name in enumerate(key[1:]):
                graph.edge(vertex, position, self.objects[name])
        for item in task.timed:
            vertex = graph.vertex(("timed", item.time, item.negated))
            graph.edge(vertex, "fact", self._formula(item.fact, {}))
        for timed in task.timed_values:
            vertex = graph.vertex(("timed value", timed.time, timed.value))
            graph.edge(vertex, "fluent", self._expr(timed.target, {}))
        root = graph.vertex("goal")
        graph.edge(root, "is", self._formula(And((task.goal,)), {}))
        if task.metric:
            vertex = graph.vertex(("metric", task.metric.minimize))
            graph.edge(vertex, "is", self._expr(task.metric.expr, {}))

    # --- declarations -------------------------------------------------------------------------------------------
    def _declare(self, kind: str, name: str) -> int:
        key = (kind, name)
        if key not in self.declared:
            fixed = not self.free or name in {"object", "total-cost", "total-time", "?duration", "#t"}
            self.declared[key] = self.graph.vertex((kind, name if fixed else None), "" if fixed else name)
        return self.declared[key]

    def _signature(self, kind: str, signature: Signature) -> None:
        vertex = self._declare(kind, signature.name)
        for position, param in enumerate(signature.params):
            slot = self.graph.vertex("slot")
            self.graph.edge(vertex, position, slot)
            for name in param.types:
                self.graph.edge(slot, "type", self._declare("type", name))

    def _params(self, owner: int, params: tuple[Param, ...], scope: dict[str, int]) -> dict[str, int]:
        scope = dict(scope)
        for param in params:
            scope[param.name] = self.graph.vertex("variable")
            self.graph.edge(owner, "binds", scope[param.name])
            for name in param.types:
                self.graph.edge(scope[param.name], "type", self._declare("type", name))
        return scope

    def _action(self, action: Action) -> None:
        name = None if self.free else action.name
        vertex = self.graph.vertex(("action", name, action.durative), action.name if self.free else "")
        scope = self._params(vertex, action.params, {})
        for position, param in enumerate(action.params):
            if not self.free:
                self.graph.edge(vertex, position, scope[param.name])
        self.graph.edge(vertex, "condition", self._formula(And((action.condition,)), scope))
        self.graph.edge(vertex, "effect", self._effect(Sequence((action.effect,)), scope))
        if action.duration:
            self.graph.edge(vertex, "duration", self._formula(action.duration, scope))

    # --- trees ----------------------------------------------------------------------------------------------------
    def _term(self, term: Term, scope: dict[str, int]) -> int:
        return scope[term.name] if term.is_variable else self.objects[term.name]

    def _node(self, colour: object, children: list[tuple[object, int]]) -> int:
        vertex = self.graph.vertex(colour)
        for label, child in children:
            self.graph.edge(vertex, label, child)
        return vertex

    def _formula(self, formula: Formula, scope: dict[str, int]) -> int:
        match formula:
            case Pred(name, args):
                terms: list[tuple[object, int]] = [(i, self._term(t, scope)) for i, t in enumerate(args)]
                return self._node("atom", [("of", self._declare("predicate", name)), *terms])
            case Eq(left, right):
                return self._node("same", [("side", self._term(left, scope)), ("side", self._term(right, scope))])
            case And(_) | Or(_):
                parts = _flat(formula, type(formula))
                if len(parts) == 1 and isinstance(formula, Or):
                    return self._formula(parts[0], scope)
                kind = "and" if isinstance(formula, And) else "or"
                return self._node(kind, [("part", self._formula(p, scope)) for p in parts])
            case Not(part):
                return self._node("not", [("part", self._formula(part, scope))])
            case Imply(left, right):
                children: list[tuple[object, int]] = [
                    ("if", self._formula(left, scope)),
                    ("then", self._formula(right, scope)),
                ]
                return self._node("imply", children)
            case Exists(params, body) | ForAll(params, body):
                vertex = self.graph.vertex(type(formula).__name__)
                inner = self._params(vertex, params, scope)
                self.graph.edge(vertex, "body", self._formula(And((body,)), inner))
                return vertex
            case Compare(op, left, right):
                sides: list[tuple[object, int]] = [(0, self._expr(left, scope)), (1, self._expr(right, scope))]
                return self._node(("compare", op), sides)
            case TimedFormula(when, body):
                return self._node(("when", when), [("part", self._formula(And((body,)), scope))])

    def _expr(self, expr: Expr, scope: dict[str, int]) -> int:
        match expr:
            case Num(value):
                return self._node(("number", value), [])
            case Fluent(name, args):
                terms: list[tuple[object, int]] = [(i, self._term(t, scope)) for i, t in enumerate(args)]
                return self._node("fluent", [("of", self._declare("function", name)), *terms])
            case Arith(op, args):
                return self._node(("arith", op), [(i, self._expr(a, scope)) for i, a in enumerate(args)])

    def _effect(self, effect: Effect, scope: dict[str, int]) -> int:
        match effect:
            case Add(fact) | Delete(fact):
                return self._node(type(effect).__name__, [("fact", self._formula(fact, scope))])
            case Assign(op, target, value):
                sides: list[tuple[object, int]] = [(0, self._expr(target, scope)), (1, self._expr(value, scope))]
                return self._node(("assign", op), sides)
            case Sequence(_):
                return self._node("all", [("part", self._effect(p, scope)) for p in _flat_effects(effect)])
            case When(condition, inner):
                children: list[tuple[object, int]] = [
                    ("if", self._formula(And((condition,)), scope)),
                    ("then", self._effect(Sequence((inner,)), scope)),
                ]
                return self._node("when", children)
            case ForEach(params, inner):
                vertex = self.graph.vertex("for each")
                bound = self._params(vertex, params, scope)
                self.graph.edge(vertex, "effect", self._effect(Sequence((inner,)), bound))
                return vertex
            case TimedEffect(when, inner):
                return self._node(("at", when), [("part", self._effect(Sequence((inner,)), scope))])


def _flat(formula: Formula, kind: type[And] | type[Or]) -> list[Formula]:
    """The parts of nested conjunctions (or disjunctions), each once."""
    out: dict[str, Formula] = {}
    todo = [formula]
    while todo:
        part = todo.pop()
        if isinstance(part, And | Or) and isinstance(part, kind):
            todo += part.parts
        else:
            out.setdefault(show_formula(part), part)
    return list(out.values())


def _flat_effects(effect: Effect) -> list[Effect]:
    if isinstance(effect, Sequence):
        return [inner for part in effect.parts for inner in _flat_effects(part)]
    return [effect]


def _difference(a: Task, b: Task) -> str:
    """Where two tasks differ by name, in one sentence."""
    for what, left, right in (
        ("objects", set(a.objects), set(b.objects)),
        ("initial facts", {show(f) for f in a.init}, {show(f) for f in b.init}),
        (
            "goal conditions",
            {show_formula(p) for p in _flat(a.goal, And)},
            {show_formula(p) for p in _flat(b.goal, And)},
        ),
        ("types", set(a.types.parents), set(b.types.parents)),
        ("actions", set(a.actions), set(b.actions)),
    ):
        if left != right:
            only = [
                f"only the {which}: {', '.join(sorted(part)[:4])}{' …' if len(part) > 4 else ''}"
                for which, part in (("first", left - right), ("second", right - left))
                if part
            ]
            return f"{what} differ; {'; '.join(only)}"
    return "they differ in the domain, the metric or the values of functions"
