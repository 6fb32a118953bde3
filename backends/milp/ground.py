"""A model and its data become columns, rows and trees: :func:`ground`.

Sets and parameters are evaluated in the order of the text, so a definition can only use what stands before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.cells import Cells
from quod.backends.milp.collecting import no_collection
from quod.backends.milp.compiling import GroundError, compile_expression, loop
from quod.backends.milp.data import Tables
from quod.backends.milp.definitions import Definitions
from quod.backends.milp.linear import Number, Program, Row
from quod.backends.milp.members import product_of, shown
from quod.backends.milp.model import Constraint, Model, Parameter, Reporter, SetDecl, Variable
from quod.backends.milp.nodes import Compare, Num, Plain
from quod.backends.milp.ordering import explain_order
from quod.backends.milp.reading import Path
from quod.backends.milp.values import Lin, Tree, TypeTrouble, Value, truth
from quod.backends.milp.workbench import Workbench
from quod.core.diagnostics import Diagnostic
from quod.core.problem import Problem

__all__ = ["Ground", "Ungrounded", "ground"]

BYTES_PER_COLUMN = 2500
"""Rough memory of one column with its share of rows, in quod's process and the engine's together."""


@dataclass
class Ungrounded:
    """A constraint that is no row: a tree of truth value."""

    name: str
    tree: Tree
    origin: int


@dataclass
class Ground:
    """What is to be solved."""

    model: Model
    program: Program
    trees: list[Ungrounded] = field(default_factory=list)
    objective: Value = 0
    """The objective if it is not linear (a Tree); the program's costs then are empty."""
    base: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    """For every column, its variable and index."""
    constant: list[tuple[str, int, bool]] = field(default_factory=list)
    """Constraints without a variable: name, position in the model, whether they hold."""
    used: set[str] = field(default_factory=set)
    sets: dict[str, list[Any]] = field(default_factory=dict)
    numbers: set[Number] = field(default_factory=set)
    """Every number of the data, tables of more than a thousand left out."""
    numbers_complete: bool = True

    @property
    def linear(self) -> bool:
        return not self.trees and not isinstance(self.objective, Tree)


def ground(model: Model, problem: Problem) -> tuple[Ground | None, list[Diagnostic]]:
    """Bind data and expand indices; the result is None if there is an error."""
    with no_collection():
        return _Grounder(model, problem).run()


class _Grounder:
    def __init__(self, model: Model, problem: Problem) -> None:
        self.model = model
        self.bench = Workbench(model, Reporter(model.text), problem.budget.memory_mb * 2**20 // BYTES_PER_COLUMN)
        self.bench.scope.most_steps = self.bench.most * 12
        self.definitions = Definitions(self.bench, Cells(self.bench, Tables(problem)))
        self.result = Ground(model, Program())

    def run(self) -> tuple[Ground | None, list[Diagnostic]]:
        model, report, scope = self.model, self.bench.report, self.bench.scope
        self._define()
        if not report.found:
            for variable in model.variables:
                self._variable(variable)
        if not report.found:
            self._bounds()
            self._objective()
            for position, constraint in enumerate(model.constraints):
                self._constraint(constraint, position)
        if not report.found and not self.result.program.names:
            report.error(codes.NO_VARIABLES, "the sets are empty: there is nothing to decide", ("variables",))
        self.result.used, self.result.sets = scope.used, scope.sets
        self.result.numbers = self.definitions.numbers
        self.result.numbers_complete = self.definitions.numbers_complete
        return (None if report.found else self.result), report.found

    def _define(self) -> None:
        declared: dict[str, SetDecl | Parameter] = {d.name: d for d in self.model.sets}
        declared |= {d.name: d for d in self.model.parameters}
        later = self.bench.scope.later = explain_order(declared, self.bench.report)
        for name in self.model.order:
            later.pop(name, None)
            item = declared[name]
            try:
                if isinstance(item, SetDecl):
                    self.definitions.set_(item)
                else:
                    self.definitions.parameter(item)
            except GroundError as error:
                self.bench.report.error(error.code, error.message, item.path, hint=error.hint)
                return

    def _variable(self, item: Variable) -> None:
        over = [self.bench.known_set(s, (*item.path, "over")) for s in item.over]
        size = 1
        for members in over:
            size *= len(members)
        program = self.result.program
        if len(program.names) + size > self.bench.most:
            message = (
                f"the model would have {len(program.names) + size} variables; {self.bench.most} fit the memory limit"
            )
            self.bench.report.error(
                codes.TOO_LARGE, message, item.path, hint="raise the memory limit, or make the model smaller"
            )
            return
        integer = item.domain != "continuous"
        binary = item.domain == "binary"
        keys: list[Any] = product_of(over, self.bench.most) if over else [()]
        start = len(program.names)
        program.names += [f"{item.name}[{shown(k)}]" if over else item.name for k in keys]
        program.integer += [integer] * size
        self.bench.scope.binary += [binary] * size
        # as word problems do, a variable that says nothing about its lower bound is not negative
        program.lower += [0] * size
        program.upper += [1 if binary else None] * size
        self.result.base += [(item.name, k if isinstance(k, tuple) else (k,)) for k in keys]
        self.bench.scope.columns[item.name] = (item.over, {k: start + n for n, k in enumerate(keys)} if over else start)

    def _bounds(self) -> None:
        program = self.result.program
        for item in self.model.variables:
            for key, limits in (("lower", program.lower), ("upper", program.upper)):
                expression = item.lower if key == "lower" else item.upper
                if expression is None:
                    if key == "lower" and item.free:
                        for j in self._columns(item):
                            limits[j] = None
                    continue
                path = (*item.path, key)
                bound = {name: k for k, name in enumerate(item.over)} if item.over else {}
                # inside a bound, the name of a set stands for the member at hand
                closure = compile_expression(expression, self.bench.scope, bound, self.bench.complain(path))
                if self.bench.report.found:
                    return
                same: Any = None
                for j in self._columns(item):
                    if same is not None:
                        limits[j] = same
                        continue
                    try:
                        value = closure(list(self.result.base[j][1]))
                    except GroundError as error:
                        self.bench.trouble(error, path)
                        return
                    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
                        self.bench.report.error(codes.BAD_TYPE, f"a bound of '{item.name}' must be a number", path)
                        return
                    if item.domain == "binary" and not 0 <= value <= 1:
                        message = f"'{item.name}' is binary: its {key} bound is not between 0 and 1"
                        hint = "leave the bound out, or let the domain be integer"
                        self.bench.report.error(codes.BINARY_BOUND, message, path, hint=hint)
                        return
                    if item.domain != "continuous":
                        value = ceil(value) if key == "lower" else floor(value)
                    limits[j] = value
                    if isinstance(expression, Num):
                        same = value

    def _columns(self, item: Variable) -> list[int]:
        columns = self.bench.scope.columns[item.name][1]
        return list(columns.values()) if isinstance(columns, dict) else [columns]

    def _objective(self) -> None:
        item = self.model.objective
        if item is None:
            return
        path = (*item.path, "expression")
        value = self.bench.evaluate(item.expression, path)
        program = self.result.program
        program.maximize = item.sense == "maximize"
        if isinstance(value, Lin):
            program.cost, program.offset = value.terms, value.const
        elif isinstance(value, Tree):
            self.result.objective = value
            if value.boolean:
                self.bench.report.error(codes.BAD_TYPE, "the objective must be a number, not a truth value", path)
        elif isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            program.offset = value
        else:
            self.bench.report.error(codes.BAD_TYPE, "the objective must be a number", path)

    def _constraint(self, item: Constraint, position: int) -> None:
        if not item.binders and (plain := self._plain_row(item, position)):
            self.result.program.rows.append(plain)
            return
        raw_path: Path = item.path if item.bare else (*item.path, "rule")
        before = len(self.bench.report.found)
        bound: dict[str, int] = {}
        walk = None
        if item.binders:
            loop_path = (*item.path, "for")
            bound, walk = loop(self.bench.scope, item.binders, {}, self.bench.complain(loop_path), item.rule)
        closure = compile_expression(item.rule, self.bench.scope, bound, self.bench.complain(raw_path))
        condition = None
        if item.condition is not None:
            condition = compile_expression(
                item.condition, self.bench.scope, bound, self.bench.complain((*item.path, "for"))
            )
        if len(self.bench.report.found) > before:
            return
        env: list[Value] = []
        try:
            if walk is None:
                self._post(item.name, closure(env), position)
                return
            slots = [k for k, b in enumerate(bound)]
            for _ in walk(env):
                if condition is not None and condition(env) is not True:
                    continue
                index = ",".join(shown(env[k]) for k in slots)
                self._post(f"{item.name}[{index}]", closure(env), position)
        except GroundError as error:
            at = f" (at {', '.join(shown(env[k]) for k in range(len(bound)))})" if bound and env else ""
            self.bench.trouble(error, raw_path, at)
        except TypeTrouble as trouble:
            self.bench.report.error(codes.BAD_TYPE, str(trouble), raw_path)

    def _plain_row(self, item: Constraint, position: int) -> Row | None:
        """The row of a plain sum of different variables against a number, without the detour over closures."""
        rule = item.rule
        if not isinstance(rule, Compare) or not isinstance(rule.first, Plain) or len(rule.rest) > 1:
            return None
        ((op, limit),) = rule.rest
        sides = {"<=": (False, True), ">=": (True, False), "=": (True, True)}.get(op)
        names, weights, columns = rule.first.names, rule.first.weights, self.bench.scope.columns
        if sides is None or not isinstance(limit, Num) or None in names or 0 in weights:
            return None
        try:
            terms: dict[int, Number] = dict(zip([columns[name][1] for name in names], weights, strict=True))  # type: ignore[index]
        except (KeyError, TypeError):  # not a variable, or one with indices, whose columns are a dict
            return None
        if len(terms) < len(names):
            return None
        self.bench.scope.used.update(names)  # type: ignore[arg-type]
        value = limit.value
        return Row(item.name, terms, value if sides[0] else None, value if sides[1] else None, position)

    def _post(self, name: str, value: Value, origin: int) -> None:
        value = truth(value, self.bench.scope.binary)
        if isinstance(value, bool):
            self.result.constant.append((name, origin, value))
            if not value:
                self.result.program.rows.append(Row(name, {}, 1, None, origin))  # 0 >= 1: never
            return
        assert isinstance(value, Tree)
        if value.op == "and":
            for k, part in enumerate(value.args):
                self._post(f"{name}.{k + 1}", part, origin)
            return
        if value.op == "not" and isinstance(value.args[0], Tree):
            opposite = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "!=": "="}.get(value.args[0].op)
            if opposite:
                value = Tree(opposite, value.args[0].args)
        if len(value.args) == 1 and isinstance(value.args[0], Lin):
            row = self._row(name, value.op, value.args[0], origin)
            if row is not None:
                self.result.program.rows.append(row)
                return
        if value.op in {"<", ">"}:
            raise GroundError(codes.STRICT, f"'{value.op}' over quantities that need not be whole has no edge", None,
                              "write <= or >=, with a margin if one is meant")  # fmt: skip
        self.result.trees.append(Ungrounded(name, value, origin))

    def _row(self, name: str, op: str, lin: Lin, origin: int) -> Row | None:
        limit = -lin.const
        if op == "<=":
            return Row(name, lin.terms, None, limit, origin)
        if op == ">=":
            return Row(name, lin.terms, limit, None, origin)
        if op == "=":
            return Row(name, lin.terms, limit, limit, origin)
        if op in {"<", ">"} and all(self.result.program.integer[j] for j in lin.terms):
            # over whole numbers a < b says a <= b - 1, once all coefficients are whole
            by = lcm(*(Fraction(a).denominator for a in lin.terms.values()))
            terms: dict[int, Number] = {j: int(a * by) for j, a in lin.terms.items()}
            edge = limit * by
            if op == "<":
                return Row(name, terms, None, ceil(edge) - 1, origin)
            return Row(name, terms, floor(edge) + 1, None, origin)
        return None
