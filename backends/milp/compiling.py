"""Expressions to closures: each takes an environment (the values of the bound names) and returns a value.

Names, indices and kinds are checked while compiling, all errors of an expression at once; what depends on the data
(a missing value, a division by zero) is raised when the closure runs, as :class:`GroundError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from quod.backends.milp import codes, nodes
from quod.backends.milp.functions import FUNCTIONS
from quod.backends.milp.linear import Number
from quod.backends.milp.model import nearest
from quod.backends.milp.nodes import Expr
from quod.backends.milp.plain import spelled
from quod.backends.milp.values import (
    Lin,
    Tree,
    TypeTrouble,
    Value,
    add,
    divide,
    logic,
    multiply,
    negation,
    relation,
    truth,
)
from quod.backends.milp.values import power as raise_to
from quod.core.diagnostics import Code

__all__ = ["Closure", "GroundError", "Scope", "compile_expression", "loop"]

Env = list[Value]
Closure = Callable[[Env], Value]
Complain = Callable[[Code, str, Expr, str | None], None]


class GroundError(Exception):
    """Something wrong that only the data show."""

    def __init__(self, code: Code, message: str, node: Expr | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.node, self.hint = code, message, node, hint


@dataclass
class Scope:
    """What names mean. ``sets`` hold members in order, ``tables`` the values of parameters, ``columns`` variables."""

    sets: dict[str, list[Any]] = field(default_factory=dict)
    members: dict[str, frozenset[Any]] = field(default_factory=dict)
    tables: dict[str, tuple[tuple[str, ...], Any]] = field(default_factory=dict)
    columns: dict[str, tuple[tuple[str, ...], Any]] = field(default_factory=dict)
    binary: list[bool] = field(default_factory=list)
    later: dict[str, str] = field(default_factory=dict)
    """Names declared further down, and a word for why that is wrong."""
    used: set[str] = field(default_factory=set)
    steps: int = 0
    most_steps: int = 30_000_000

    def known(self) -> list[str]:
        return [*self.sets, *self.tables, *self.columns]

    def tick(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > self.most_steps:
            raise GroundError(codes.TOO_LARGE, f"the model grows beyond {self.most_steps} terms")


def compile_expression(node: Expr, scope: Scope, bound: dict[str, int], complain: Complain) -> Closure:
    """A closure for ``node``; ``bound`` maps loop names to places in the environment."""
    return _Compiler(scope, complain).compile(node, bound)


def loop(
    scope: Scope, binders: tuple[nodes.Binder, ...], bound: dict[str, int], complain: Complain, node: Expr
) -> tuple[dict[str, int], Callable[[Env], Iterator[None]]]:
    """The names in scope inside the binders, and a function that walks the environment through all values."""
    inner = dict(bound)
    plan: list[tuple[list[Any], tuple[int, ...]]] = []
    for binder in binders:
        members = scope.sets.get(binder.of)
        scope.used.add(binder.of)
        if members is None:
            place = nodes.Name(binder.start, binder.end, binder.of)
            if binder.of in scope.later:
                complain(codes.USED_BEFORE_DEFINED, f"set '{binder.of}' {scope.later[binder.of]}", place, None)
            else:
                complain(
                    codes.UNKNOWN_NAME, f"there is no set '{binder.of}'", place, nearest(binder.of, list(scope.sets))
                )
            members = []
        slots = []
        for name in binder.names:
            slots.append(len(inner))
            inner[name] = len(inner)
        arity = {len(m) if isinstance(m, tuple) else 1 for m in members[:1]}
        if members and arity != {len(slots)} and len(slots) > 1:
            complain(codes.BAD_INDEX, f"members of '{binder.of}' do not have {len(slots)} parts", node, None)
            members = []
        plan.append((members, tuple(slots)))

    def walk(env: Env) -> Iterator[None]:
        while len(env) < len(inner):
            env.append(0)
        yield from _walk(plan, 0, env, scope)

    return inner, walk


def _walk(plan: list[tuple[list[Any], tuple[int, ...]]], at: int, env: Env, scope: Scope) -> Iterator[None]:
    members, slots = plan[at]
    last = at == len(plan) - 1
    scope.tick(len(members))
    for member in members:
        if len(slots) == 1:
            env[slots[0]] = member
        else:
            for slot, part in zip(slots, member, strict=True):
                env[slot] = part
        if last:
            yield
        else:
            yield from _walk(plan, at + 1, env, scope)


class _Compiler:
    def __init__(self, scope: Scope, complain: Complain) -> None:
        self.scope, self.complain = scope, complain

    def compile(self, node: Expr, bound: dict[str, int]) -> Closure:
        method: Callable[[Any, dict[str, int]], Closure] = getattr(self, "_" + type(node).__name__.lower())
        return method(node, bound)

    def guarded(self, node: Expr, action: Closure) -> Closure:
        def run(env: Env) -> Value:
            try:
                return action(env)
            except TypeTrouble as trouble:
                raise GroundError(codes.BAD_TYPE, str(trouble), node) from None
            except ZeroDivisionError:
                raise GroundError(codes.DIVISION_BY_ZERO, "division by zero", node) from None

        return run

    def _num(self, node: nodes.Num, bound: dict[str, int]) -> Closure:  # noqa: ARG002
        value: Value = node.value.numerator if node.value.denominator == 1 else node.value
        return lambda env: value

    def _text(self, node: nodes.Text, bound: dict[str, int]) -> Closure:  # noqa: ARG002
        return lambda env: node.value

    def _name(self, node: nodes.Name, bound: dict[str, int]) -> Closure:
        name, scope = node.name, self.scope
        if name in bound:
            slot = bound[name]
            return lambda env: env[slot]
        scope.used.add(name)
        for kind in (scope.tables, scope.columns):
            if name in kind:
                over, value = kind[name]
                if over:
                    self.complain(codes.BAD_INDEX, f"'{name}' needs an index: {name}[{', '.join(over)}]", node, None)
                if kind is scope.columns:
                    return lambda env: Lin({value: 1})
                return lambda env: value
        if name in scope.sets:
            members = list(scope.sets[name])
            return lambda env: members
        if any(name in m for m in scope.members.values()):
            return lambda env: name
        self.unknown(name, node, bound)
        return lambda env: 0

    def unknown(self, name: str, node: Expr, bound: dict[str, int]) -> None:
        if name in self.scope.later:
            self.complain(codes.USED_BEFORE_DEFINED, f"'{name}' {self.scope.later[name]}", node, None)
        else:
            hint = nearest(name, [*bound, *self.scope.known()])
            self.complain(codes.UNKNOWN_NAME, f"'{name}' is not declared", node, hint)

    def _index(self, node: nodes.Index, bound: dict[str, int]) -> Closure:
        name, scope = node.name, self.scope
        scope.used.add(name)
        args = [self.compile(a, bound) for a in node.args]
        if name in scope.columns:
            over, table = scope.columns[name]
            variable = True
        elif name in scope.tables:
            over, table = scope.tables[name]
            variable = False
        else:
            self.unknown(name, node, bound)
            return lambda env: 0
        if not isinstance(table, dict):
            self.complain(codes.BAD_INDEX, f"'{name}' has no index", node, None)
            return lambda env: 0
        sample = next(iter(table), None)
        width = len(sample) if isinstance(sample, tuple) else 1
        if table and len(args) != width and len(args) != len(over):
            self.complain(codes.BAD_INDEX, f"'{name}' takes {len(over)} indices, {len(args)} given", node, None)
            return lambda env: 0

        def missing(key: object) -> GroundError:
            shown = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            if isinstance(key, (Lin, Tree)):
                return GroundError(
                    codes.BAD_INDEX, f"'{name}' is indexed by a variable", node, "use element(list, index)"
                )
            what = "is not declared at" if variable else "has no value at"
            return GroundError(codes.UNKNOWN_MEMBER, f"'{name}' {what} [{shown}]", node)

        if len(args) == 1:
            only = args[0]

            def single(env: Env) -> Value:
                key = only(env)
                try:
                    value = table[key]
                except (KeyError, TypeError):
                    raise missing(key) from None
                return Lin({value: 1}) if variable else value

            return single

        def several(env: Env) -> Value:
            key: Any = ()
            for arg in args:
                part = arg(env)
                key += part if isinstance(part, tuple) else (part,)
            try:
                value = table[key]
            except (KeyError, TypeError):
                raise missing(key) from None
            return Lin({value: 1}) if variable else value

        return several

    def _add(self, node: nodes.Add, bound: dict[str, int]) -> Closure:
        terms = [(sign, self.compile(e, bound)) for sign, e in node.terms]
        return self.guarded(node, lambda env: add((sign, c(env)) for sign, c in terms))

    def _plain(self, node: nodes.Plain, bound: dict[str, int]) -> Closure:
        """Sums of variables are worth the same whatever is bound: they are added up once."""
        terms: dict[int, Number] = {}
        const: Number = 0
        columns = self.scope.columns
        for weight, name in zip(node.weights, node.names, strict=True):
            if name is None:
                const += weight
                continue
            found = columns.get(name)
            if found is None or found[0] or name in bound:
                return self.compile(spelled(node), bound)
            column = found[1]
            terms[column] = terms[column] + weight if column in terms else weight
        self.scope.used.update(name for name in node.names if name)
        value: Value = Lin({j: a for j, a in terms.items() if a}, const) if terms else const
        return lambda env: value

    def _mul(self, node: nodes.Mul, bound: dict[str, int]) -> Closure:
        (_, first), *rest = [(inverse, self.compile(e, bound)) for inverse, e in node.factors]

        def run(env: Env) -> Value:
            value = first(env)
            for inverse, factor in rest:
                value = divide(value, factor(env)) if inverse else multiply(value, factor(env))
            return value

        return self.guarded(node, run)

    def _pow(self, node: nodes.Pow, bound: dict[str, int]) -> Closure:
        base, exponent = self.compile(node.base, bound), self.compile(node.exponent, bound)
        return self.guarded(node, lambda env: raise_to(base(env), exponent(env)))

    def _compare(self, node: nodes.Compare, bound: dict[str, int]) -> Closure:
        first = self.compile(node.first, bound)
        rest = [(op, self.compile(e, bound)) for op, e in node.rest]

        def run(env: Env) -> Value:
            left = first(env)
            links: list[Value] = []
            for op, closure in rest:
                right = closure(env)
                links.append(relation(op, left, right))
                left = right
            return links[0] if len(links) == 1 else logic("and", links)

        return self.guarded(node, run)

    def _member(self, node: nodes.Member, bound: dict[str, int]) -> Closure:
        item = self.compile(node.item, bound)
        self.scope.used.add(node.of)
        members = self.scope.members.get(node.of)
        if members is None:
            hint = nearest(node.of, list(self.scope.sets))
            self.complain(codes.UNKNOWN_NAME, f"there is no set '{node.of}'", node, hint)
            return lambda env: False

        def run(env: Env) -> Value:
            value = item(env)
            if isinstance(value, Lin):
                choices: list[Value] = [relation("=", value, m) for m in sorted(members)]
                inside = logic("or", choices)
                return negation(inside) if node.negated else inside
            return (value in members) is not node.negated

        return self.guarded(node, run)

    def _logic(self, node: nodes.Logic, bound: dict[str, int]) -> Closure:
        args = [self.compile(a, bound) for a in node.args]
        return self.guarded(node, lambda env: logic(node.op, [truth(a(env), self.scope.binary) for a in args]))

    def _not(self, node: nodes.Not, bound: dict[str, int]) -> Closure:
        arg = self.compile(node.arg, bound)
        return self.guarded(node, lambda env: negation(truth(arg(env), self.scope.binary)))

    def _listexpr(self, node: nodes.ListExpr, bound: dict[str, int]) -> Closure:
        items = [self.compile(e, bound) for e in node.items]
        return lambda env: [c(env) for c in items]

    def _tupleexpr(self, node: nodes.TupleExpr, bound: dict[str, int]) -> Closure:
        items = [self.compile(e, bound) for e in node.items]
        return lambda env: tuple(c(env) for c in items)

    def _comprehension(self, node: nodes.Comprehension, bound: dict[str, int]) -> Closure:
        inner, walk = loop(self.scope, node.binders, bound, self.complain, node)
        body = self.compile(node.body, inner)
        extra = [self.compile(e, bound) for e in node.extra]
        condition = self.compile(node.condition, inner) if node.condition else None

        def each(env: Env) -> Iterator[Value]:
            for _ in walk(env):
                if condition is not None:
                    holds = condition(env)
                    if not isinstance(holds, bool):
                        raise GroundError(codes.BAD_TYPE, "a condition must not depend on variables", node.condition)
                    if not holds:
                        continue
                yield body(env)

        name = node.function
        term = self._term(node) if name == "sum" and condition is None else None
        if term is not None:
            members, table, weights = term

            def total(env: Env) -> Value:
                self.scope.tick(len(members))
                try:
                    if weights is None:
                        return Lin({table[m]: 1 for m in members})
                    terms = {table[m]: w for m in members if (w := weights[m])}
                except KeyError:
                    return add((1, v) for v in each(env))  # which says what is missing
                if not set(map(type, terms.values())) <= {int, Fraction}:
                    raise TypeTrouble("a number is needed here")
                return Lin(terms)

            return self.guarded(node, total)
        if name == "sum":
            return self.guarded(node, lambda env: add((1, v) for v in each(env)))
        if name == "list":
            return lambda env: list(each(env))
        apply = self.function(name, node)
        return self.guarded(node, lambda env: apply([*(e(env) for e in extra), list(each(env))]))

    def _term(self, node: nodes.Comprehension) -> tuple[list[Any], dict[Any, int], dict[Any, Any] | None] | None:
        """Members, columns and weights of ``sum(i in S: x[i])`` and ``sum(i in S: c[i] * x[i])``: sums over large
        tables are made of these, and are read off the tables at once."""
        body = node.body
        factors = body.factors if isinstance(body, nodes.Mul) else ((False, body),)
        binder = node.binders[0]
        if len(node.binders) > 1 or len(binder.names) > 1 or len(factors) > 2 or any(below for below, _ in factors):
            return None
        found: list[tuple[str, bool, dict[Any, Any]]] = []
        for _, e in factors:
            if not isinstance(e, nodes.Index) or len(e.args) != 1:
                return None
            (index,) = e.args
            if not isinstance(index, nodes.Name) or index.name != binder.names[0]:
                return None
            variable = e.name in self.scope.columns
            over, table = (self.scope.columns if variable else self.scope.tables).get(e.name, ((), None))
            if len(over) != 1 or not isinstance(table, dict):
                return None
            found.append((e.name, variable, table))
        found.sort(key=lambda f: f[1])
        if not found[-1][1] or (len(found) == 2 and found[0][1]):
            return None
        self.scope.used.update(name for name, _, _ in found)
        members = self.scope.sets.get(binder.of, [])
        return members, found[-1][2], found[0][2] if len(found) == 2 else None

    def _call(self, node: nodes.Call, bound: dict[str, int]) -> Closure:
        args = [self.compile(a, bound) for a in node.args]
        apply = self.function(node.function, node)
        return self.guarded(node, lambda env: apply([a(env) for a in args]))

    def function(self, name: str, node: Expr) -> Callable[[list[Value]], Value]:
        found = FUNCTIONS.get(name)
        if found is None:
            self.complain(codes.UNKNOWN_NAME, f"there is no function '{name}'", node, nearest(name, list(FUNCTIONS)))
            return lambda args: 0
        binary = self.scope.binary
        return lambda args: found(args, binary)
