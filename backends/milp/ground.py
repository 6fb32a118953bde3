"""A model and its data become columns, rows and trees: :func:`ground`.

Sets and parameters are evaluated in the order of the text, so a definition can only use what stands before it.
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.compiling import GroundError, Scope, compile_expression, loop
from quod.backends.milp.data import Refused, Table, Tables
from quod.backends.milp.linear import Number, Program, Row
from quod.backends.milp.model import Constraint, Model, Parameter, Reporter, SetDecl, Variable, nearest
from quod.backends.milp.nodes import Expr, Num, children
from quod.backends.milp.reading import Json, Path, number
from quod.backends.milp.syntax import ExprError, parse_expression
from quod.backends.milp.values import Lin, Tree, TypeTrouble, Value, truth
from quod.core.diagnostics import Code, Diagnostic
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
    with _without_collection():
        return _Grounder(model, problem).run()


@contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage collection meanwhile: cells hold no cycles, and looking for them takes a third of the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Grounder:
    def __init__(self, model: Model, problem: Problem) -> None:
        self.model = model
        self.report = Reporter(model.text)
        self.tables = Tables(problem)
        self.scope = Scope()
        self.most = problem.budget.memory_mb * 2**20 // BYTES_PER_COLUMN
        self.scope.most_steps = self.most * 12
        self.result = Ground(model, Program())
        self.refused: set[str] = set()
        self.keys: dict[tuple[int, tuple[str, ...]], list[Any]] = {}

    def run(self) -> tuple[Ground | None, list[Diagnostic]]:
        model, report = self.model, self.report
        declared: dict[str, SetDecl | Parameter] = {d.name: d for d in model.sets}
        declared |= {d.name: d for d in model.parameters}
        self._explain_order(declared)
        for name in model.order:
            self.scope.later.pop(name, None)
            item = declared[name]
            if isinstance(item, SetDecl):
                self._set(item)
            else:
                self._parameter(item)
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
        self.result.used = self.scope.used
        self.result.sets = self.scope.sets
        return (None if report.found else self.result), report.found

    def _explain_order(self, declared: dict[str, SetDecl | Parameter]) -> None:
        """For every definition: is a use of it before its place a cycle, or only out of order?"""
        needs = {name: _names_in(item) & declared.keys() for name, item in declared.items()}
        reach = {name: set(direct) for name, direct in needs.items()}
        for _ in range(len(reach)):
            grown = False
            for direct in reach.values():
                more = set().union(*(needs[n] for n in direct)) - direct if direct else set()
                if more:
                    direct |= more
                    grown = True
            if not grown:
                break
        for name in declared:
            self.scope.later[name] = (
                "is used in its own definition" if name in reach[name] else "is defined further down: move it up"
            )
            if name in reach[name]:
                message = f"the definition of '{name}' depends on itself"
                self.report.error(codes.CYCLE, message, declared[name].path)

    def _complain(self, path: Path) -> Any:
        def complain(code: Code, message: str, node: Expr, hint: str | None) -> None:
            self.report.error(code, message, path, (node.start, node.end), hint)

        return complain

    def _trouble(self, error: GroundError, path: Path, extra: str = "") -> None:
        inside = (error.node.start, error.node.end) if error.node else None
        self.report.error(error.code, error.message + extra, path, inside, error.hint)

    def evaluate(self, expression: Expr, path: Path, env: list[Value] | None = None) -> Value:
        before = len(self.report.found)
        closure = compile_expression(expression, self.scope, {}, self._complain(path))
        if len(self.report.found) > before:
            return 0
        try:
            return closure(env or [])
        except GroundError as error:
            self._trouble(error, path)
            return 0

    # sets ------------------------------------------------------------------------------------------------

    def _set(self, item: SetDecl) -> None:
        members = self._members(item)
        seen: set[Any] = set()
        for member in members:
            if member in seen:
                self.report.error(codes.DUPLICATE, f"'{_shown(member)}' is twice in set '{item.name}'", item.path)
                break
            seen.add(member)
        widths = {len(m) if isinstance(m, tuple) else 1 for m in members}
        if len(widths) > 1:
            self.report.error(
                codes.BAD_TYPE, f"members of set '{item.name}' have different numbers of parts", item.path
            )
            members = []
        self.scope.sets[item.name] = members
        self.scope.members[item.name] = frozenset(members)

    def _members(self, item: SetDecl) -> list[Any]:
        raw, path = item.raw, item.path
        if isinstance(raw, str):
            try:
                value = self.evaluate(parse_expression(f"[{raw}]"), path)
            except ExprError as error:
                self.report.error(codes.BAD_SYNTAX, error.message, path, (max(0, error.start - 1), error.end - 1))
                return []
            return self._plain(value if isinstance(value, list) else [], item)
        if isinstance(raw, list):
            return [self._member(m, path) for m in raw]
        if not isinstance(raw, dict):
            self.report.error(codes.BAD_SHAPE, f"set '{item.name}' is a list, a text or an object", path)
            return []
        if "members" in raw and isinstance(raw["members"], list):
            return [self._member(m, path) for m in raw["members"]]
        if "range" in raw:
            ends = raw["range"]
            if isinstance(ends, list) and len(ends) == 2:
                values = [self._whole(e, (*path, "range", k)) for k, e in enumerate(ends)]
                if values[1] - values[0] > self.most:
                    self.report.error(codes.TOO_LARGE, f"set '{item.name}' has over {self.most} members", path)
                    return []
                return list(range(values[0], values[1] + 1))
        for key in ("product", "union", "difference"):
            parts = raw.get(key)
            if isinstance(parts, list) and parts and all(isinstance(p, str) for p in parts):
                return self._combined(key, [self._known_set(str(p), (*path, key)) for p in parts], item)
        if "file" in raw:
            return self._file_set(item, raw)
        self.report.error(
            codes.BAD_SHAPE,
            f"set '{item.name}' has no members",
            path,
            hint="members, range, product, union, difference or file",
        )
        return []

    def _plain(self, members: list[Any], item: SetDecl) -> list[Any]:
        flat = members[0] if len(members) == 1 and isinstance(members[0], list) else members
        for m in flat:
            if isinstance(m, (Lin, Tree, list)):
                self.report.error(codes.BAD_TYPE, f"set '{item.name}' must not depend on variables", item.path)
                return []
        return list(flat)

    def _combined(self, key: str, parts: list[list[Any]], item: SetDecl) -> list[Any]:
        if key == "product":
            size = 1
            for p in parts:
                size *= len(p)
            if size > self.most:
                self.report.error(codes.TOO_LARGE, f"set '{item.name}' would have {size} members", item.path)
                return []
            return [
                tuple(itertools.chain.from_iterable(m if isinstance(m, tuple) else (m,) for m in combo))
                for combo in itertools.product(*parts)
            ]
        if key == "union":
            return list(dict.fromkeys(m for p in parts for m in p))
        gone = {m for p in parts[1:] for m in p}
        return [m for m in parts[0] if m not in gone]

    def _known_set(self, name: str, path: Path) -> list[Any]:
        self.scope.used.add(name)
        if name in self.scope.sets:
            return self.scope.sets[name]
        if name in self.scope.later:
            self.report.error(codes.USED_BEFORE_DEFINED, f"set '{name}' {self.scope.later[name]}", path)
        else:
            self.report.error(
                codes.UNKNOWN_NAME, f"there is no set '{name}'", path, hint=nearest(name, list(self.scope.sets))
            )
        return []

    def _member(self, raw: Json, path: Path) -> Any:
        if isinstance(raw, list):
            return tuple(self._member(m, path) for m in raw)
        if isinstance(raw, str) or (isinstance(raw, int) and not isinstance(raw, bool)):
            return raw
        self.report.error(codes.BAD_TYPE, "a member is text, a whole number, or a list of these", path)
        return ""

    def _whole(self, raw: Json, path: Path) -> int:
        value: Any = raw
        if isinstance(raw, str):
            try:
                value = self.evaluate(parse_expression(raw), path)
            except ExprError as error:
                self.report.error(codes.BAD_SYNTAX, error.message, path, (error.start, error.end))
                return 0
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.report.error(codes.BAD_TYPE, "a whole number is needed here", path)
        return 0

    # tables ----------------------------------------------------------------------------------------------

    def _table(self, raw: dict[str, Json]) -> Table | None:
        name, sheet = str(raw.get("file")), str(raw.get("sheet", ""))
        try:
            return self.tables.get(name, sheet)
        except Refused as refused:
            if name not in self.refused:
                self.refused.add(name)
                d = refused.diagnostic
                self.report.found.append(d)
            return None

    def _column(self, table: Table, name: str, path: Path) -> list[Any]:
        if name in table.columns:
            return table.columns[name]
        hint = nearest(name, list(table.columns)) or f"columns: {', '.join(table.columns)}"
        self.report.error(codes.BAD_TABLE, f"'{table.name}' has no column '{name}'", path, hint=hint)
        return []

    def _file_set(self, item: SetDecl, raw: dict[str, Json]) -> list[Any]:
        table = self._table(raw)
        if table is None:
            return []
        wanted = raw.get("columns", raw.get("column"))
        names = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
        if not names:
            self.report.error(codes.BAD_SHAPE, f"set '{item.name}': which column of the file?", item.path)
            return []
        columns = [self._column(table, str(n), item.path) for n in names]
        if not all(columns):
            return []
        keys = self._keys(table, [str(n) for n in names], columns, item.path)
        return list(dict.fromkeys(keys)) if len(names) == 1 else keys

    def _keys(self, table: Table, names: list[str], columns: list[list[Any]], path: Path) -> list[Any]:
        """The members that the rows name; read once, however many parameters are keyed by the same columns."""
        place = (id(table), tuple(names))
        if place not in self.keys:
            self.keys[place] = self._read_keys(table, names, columns, path)
        return self.keys[place]

    def _read_keys(self, table: Table, names: list[str], columns: list[list[Any]], path: Path) -> list[Any]:
        converted = []
        for name, column in zip(names, columns, strict=True):
            # a key column of whole numbers is a set of numbers; anything else is text
            cells = [c.strip() if isinstance(c, str) else c for c in column]
            if None in cells or "" in cells:
                for i, c in enumerate(cells):
                    if c is None or c == "":
                        self._cell(table, i, name, "is empty", path)
                        cells[i] = ""
            numbers: list[Any] = []
            for c in cells:
                value = c if isinstance(c, int) else number(c) if isinstance(c, str) else None
                if not isinstance(value, int):
                    break
                numbers.append(value)
            converted.append(numbers if len(numbers) == len(cells) else [str(c) for c in cells])
        if len(converted) == 1:
            return list(converted[0])
        return list(zip(*converted, strict=True))

    def _cell(self, table: Table, row: int, column: str, problem: str, path: Path) -> None:
        line = row + table.first_row
        message = f"{table.name}, row {line}, column '{column}': the cell {problem}"
        self.report.error(codes.BAD_CELL, message, path, file=table.name)

    # parameters ------------------------------------------------------------------------------------------

    def _parameter(self, item: Parameter) -> None:
        over = [self._known_set(s, (*item.path, "over")) for s in item.over]
        raw = item.raw
        keys: list[Any] = _product(over, self.most) if over else [()]
        textual = raw.get("type") == "text"
        table: Any
        if "file" in raw:
            table = self._file_parameter(item, over, textual)
        elif item.expression is not None:
            table = self._computed(item, keys)
        elif not item.over:
            table = {(): self._value(raw.get("value", raw.get("values")), (*item.path, "value"), textual)}
        else:
            table = self._given(raw.get("values", raw.get("value")), item, over, textual)
        if "default" in raw:
            default = self._value(raw["default"], (*item.path, "default"), textual)
            for key in keys:
                table.setdefault(key, default)
        missing = [k for k in keys if k not in table] if len(table) < len(keys) else []
        if missing and not self.report.found:
            shown = ", ".join(_shown(k) for k in missing[:3])
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            message = f"parameter '{item.name}' has no value for {shown}{more}"
            self.report.error(codes.MISSING_VALUE, message, item.path, hint="give the values or a 'default'")
        if len(table) > 1000:
            self.result.numbers_complete = False
        else:
            self.result.numbers.update(v for v in table.values() if not isinstance(v, str))
        self.scope.tables[item.name] = (item.over, table if item.over else table.get((), 0))

    def _computed(self, item: Parameter, keys: list[Any]) -> dict[Any, Any]:
        names = item.binders or tuple(f"i{k + 1}" for k in range(len(item.over)))
        assert item.expression is not None
        path = (*item.path, "expression")
        before = len(self.report.found)
        bound = {n: k for k, n in enumerate(names)}
        closure = compile_expression(item.expression, self.scope, bound, self._complain(path))
        table: dict[Any, Any] = {}
        if len(self.report.found) > before:
            return dict.fromkeys(keys, 0)
        try:
            for key in keys:
                env = list(key) if isinstance(key, tuple) else [key]
                value = closure(env)
                if isinstance(value, (Lin, Tree, list, tuple)):
                    raise GroundError(
                        codes.BAD_TYPE, f"parameter '{item.name}' must not depend on variables", item.expression
                    )
                table[key] = value
        except GroundError as error:
            self._trouble(error, path)
            return dict.fromkeys(keys, 0)
        return table

    def _value(self, raw: Any, path: Path, textual: bool) -> Any:
        if textual:
            return str(raw)
        value = number(raw) if isinstance(raw, str) else raw
        if isinstance(value, bool):
            return int(value)
        if not isinstance(value, (int, Fraction)):
            self.report.error(codes.BAD_NUMBER, f"{str(raw)[:60]!r} is not a number", path)
            return 0
        return value

    def _given(self, raw: Any, item: Parameter, over: list[list[Any]], textual: bool) -> dict[Any, Any]:
        table: dict[Any, Any] = {}
        path: Path = (*item.path, "values" if "values" in item.raw else "value")

        def fill(raw: Any, depth: int, prefix: tuple[Any, ...], at: Path) -> None:
            if len(self.report.found) >= self.report.most:
                return
            if depth == len(over):
                key = tuple(itertools.chain.from_iterable(p if isinstance(p, tuple) else (p,) for p in prefix))
                table[key[0] if len(key) == 1 else key] = self._value(raw, at, textual)
            elif isinstance(raw, list):
                if len(raw) != len(over[depth]):
                    message = (
                        f"'{item.name}': {len(raw)} values for the {len(over[depth])} members of '{item.over[depth]}'"
                    )
                    self.report.error(codes.MISSING_VALUE, message, at)
                    return
                for k, (member, value) in enumerate(zip(over[depth], raw, strict=True)):
                    fill(value, depth + 1, (*prefix, member), (*at, k))
            elif isinstance(raw, dict):
                by_text = {_shown(m): m for m in over[depth]}
                for name, value in raw.items():
                    if name not in by_text:
                        message = f"'{name}' is not a member of set '{item.over[depth]}'"
                        self.report.error(codes.UNKNOWN_MEMBER, message, (*at, name), hint=nearest(name, list(by_text)))
                        continue
                    fill(value, depth + 1, (*prefix, by_text[name]), (*at, name))
            elif depth == 0 and raw is not None:
                value = self._value(raw, at, textual)
                table.update(dict.fromkeys(_product(over, self.most), value))
            elif raw is not None:
                self.report.error(codes.BAD_SHAPE, f"'{item.name}' needs a list or object here", at)

        fill(raw, 0, (), path)
        return table

    def _file_parameter(self, item: Parameter, over: list[list[Any]], textual: bool) -> dict[Any, Any]:
        raw = item.raw
        table = self._table(raw)
        if table is None:
            return {}
        column_name = str(raw.get("column", item.name))
        column = self._column(table, column_name, item.path)
        named = raw.get("keys")
        names = [named] if isinstance(named, str) else [str(n) for n in named] if isinstance(named, list) else []
        if not names and item.over:
            self.report.error(
                codes.BAD_SHAPE, f"'{item.name}': 'keys' must name the columns that hold the index", item.path
            )
            return {}
        columns = [self._column(table, n, item.path) for n in names]
        if not column or not all(columns):
            return {}
        keys = self._keys(table, names, columns, item.path) if names else [()]
        flat = set(over[0] if len(over) == 1 else _product(over, self.most)) if over else {()}
        if not textual and (clean := _clean(keys, column, flat)) is not None:
            return clean
        out: dict[Any, Any] = {}
        for i, (key, cell) in enumerate(zip(keys, column, strict=False)):
            if key not in flat:
                if "subset" not in raw:
                    self._cell(
                        table, i, names[0], f"holds '{_shown(key)}', which is not in {' × '.join(item.over)}", item.path
                    )
            elif key in out:
                self._cell(table, i, names[0], f"repeats '{_shown(key)}'", item.path)
            elif cell is None or cell == "":
                if "default" not in raw:
                    self._cell(table, i, column_name, "is empty", item.path)
            elif textual:
                out[key] = str(cell)
            else:
                value = number(cell) if isinstance(cell, str) else cell
                if value is None:
                    self._cell(table, i, column_name, f"holds {str(cell)[:40]!r}, which is not a number", item.path)
                    value = 0
                out[key] = value
            if len(self.report.found) > 20:
                break
        return out

    # variables, objective, constraints --------------------------------------------------------------------

    def _variable(self, item: Variable) -> None:
        over = [self._known_set(s, (*item.path, "over")) for s in item.over]
        size = 1
        for members in over:
            size *= len(members)
        program = self.result.program
        if len(program.names) + size > self.most:
            message = f"the model would have {len(program.names) + size} variables; {self.most} fit the memory limit"
            self.report.error(
                codes.TOO_LARGE, message, item.path, hint="raise the memory limit, or make the model smaller"
            )
            return
        integer = item.domain != "continuous"
        binary = item.domain == "binary"
        keys: list[Any] = _product(over, self.most) if over else [()]
        start = len(program.names)
        program.names += [f"{item.name}[{_shown(k)}]" if over else item.name for k in keys]
        program.integer += [integer] * size
        self.scope.binary += [binary] * size
        # as word problems do, a variable that says nothing about its lower bound is not negative
        program.lower += [0] * size
        program.upper += [1 if binary else None] * size
        self.result.base += [(item.name, k if isinstance(k, tuple) else (k,)) for k in keys]
        self.scope.columns[item.name] = (item.over, {k: start + n for n, k in enumerate(keys)} if over else start)

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
                closure = compile_expression(expression, self.scope, bound, self._complain(path))
                if self.report.found:
                    return
                same: Any = None
                for j in self._columns(item):
                    if same is not None:
                        limits[j] = same
                        continue
                    try:
                        value = closure(list(self.result.base[j][1]))
                    except GroundError as error:
                        self._trouble(error, path)
                        return
                    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
                        self.report.error(codes.BAD_TYPE, f"a bound of '{item.name}' must be a number", path)
                        return
                    if item.domain == "integer":
                        value = ceil(value) if key == "lower" else floor(value)
                    limits[j] = value
                    if isinstance(expression, Num):
                        same = value

    def _columns(self, item: Variable) -> list[int]:
        columns = self.scope.columns[item.name][1]
        return list(columns.values()) if isinstance(columns, dict) else [columns]

    def _objective(self) -> None:
        item = self.model.objective
        if item is None:
            return
        path = (*item.path, "expression")
        value = self.evaluate(item.expression, path)
        program = self.result.program
        program.maximize = item.sense == "maximize"
        if isinstance(value, Lin):
            program.cost, program.offset = value.terms, value.const
        elif isinstance(value, Tree):
            self.result.objective = value
            if value.boolean:
                self.report.error(codes.BAD_TYPE, "the objective must be a number, not a truth value", path)
        elif isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            program.offset = value
        else:
            self.report.error(codes.BAD_TYPE, "the objective must be a number", path)

    def _constraint(self, item: Constraint, position: int) -> None:
        raw_path: Path = item.path if item.bare else (*item.path, "rule")
        before = len(self.report.found)
        bound: dict[str, int] = {}
        walk = None
        if item.binders:
            loop_path = (*item.path, "for")
            bound, walk = loop(self.scope, item.binders, {}, self._complain(loop_path), item.rule)
        closure = compile_expression(item.rule, self.scope, bound, self._complain(raw_path))
        condition = None
        if item.condition is not None:
            condition = compile_expression(item.condition, self.scope, bound, self._complain((*item.path, "for")))
        if len(self.report.found) > before:
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
                index = ",".join(_shown(env[k]) for k in slots)
                self._post(f"{item.name}[{index}]", closure(env), position)
        except GroundError as error:
            at = f" (at {', '.join(_shown(env[k]) for k in range(len(bound)))})" if bound and env else ""
            self._trouble(error, raw_path, at)
        except TypeTrouble as trouble:
            self.report.error(codes.BAD_TYPE, str(trouble), raw_path)

    def _post(self, name: str, value: Value, origin: int) -> None:
        value = truth(value, self.scope.binary)
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


def _clean(keys: list[Any], column: list[Any], flat: set[Any]) -> dict[Any, Any] | None:
    """The table at once where nothing is wrong with it; None sends it through the cell by cell reading."""
    if len(keys) != len(column) or set(map(type, column)) != {str}:
        return None
    values = list(map(number, column))
    table = dict(zip(keys, values, strict=True))
    whole = len(table) == len(keys) and type(None) not in set(map(type, values))
    return table if whole and flat.issuperset(table) else None


def _product(over: list[list[Any]], most: int) -> list[Any]:
    if len(over) == 1:
        return over[0]
    size = 1
    for members in over:
        size *= len(members)
    if size > most:
        raise GroundError(codes.TOO_LARGE, f"{size} combinations of indices; {most} fit the memory limit")
    flat = [[m if isinstance(m, tuple) else (m,) for m in members] for members in over]
    return [tuple(itertools.chain.from_iterable(combo)) for combo in itertools.product(*flat)]


def _shown(member: Any) -> str:
    return ",".join(map(str, member)) if isinstance(member, tuple) else str(member)


def _names_in(item: SetDecl | Parameter) -> set[str]:
    """Every name a definition may refer to."""
    found: set[str] = set()
    if isinstance(item, Parameter):
        found.update(item.over)
        if item.expression is not None:
            _collect(item.expression, found)
        return found
    raw = item.raw
    if isinstance(raw, str):
        try:
            _collect(parse_expression(f"[{raw}]"), found)
        except ExprError:
            return found
    elif isinstance(raw, dict):
        for key in ("product", "union", "difference", "range"):
            parts = raw.get(key)
            if isinstance(parts, list):
                found.update(p for p in parts if isinstance(p, str))
    return found


def _collect(node: Expr, found: set[str]) -> None:
    for attribute in ("name", "of"):
        name = getattr(node, attribute, None)
        if isinstance(name, str):
            found.add(name)
    for binder in getattr(node, "binders", ()):
        found.add(binder.of)
    for part in children(node):
        _collect(part, found)
