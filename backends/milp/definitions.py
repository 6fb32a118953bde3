"""Sets and parameters get their members and values, from the model's text or from tables."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.cells import Cells
from quod.backends.milp.compiling import GroundError, compile_expression
from quod.backends.milp.linear import Number
from quod.backends.milp.members import product_of, shown
from quod.backends.milp.model import Parameter, SetDecl, nearest
from quod.backends.milp.reading import Json, Path, number
from quod.backends.milp.syntax import ExprError, parse_expression
from quod.backends.milp.values import Lin, Tree
from quod.backends.milp.workbench import Workbench

__all__ = ["Definitions"]


class Definitions:
    """Evaluates definitions one after the other into the scope of the workbench."""

    def __init__(self, bench: Workbench, cells: Cells) -> None:
        self.bench, self.cells = bench, cells
        self.numbers: set[Number] = set()
        self.numbers_complete = True

    def set_(self, item: SetDecl) -> None:
        members = self._members(item)
        seen: set[Any] = set()
        for member in members:
            if member in seen:
                self.bench.report.error(codes.DUPLICATE, f"'{shown(member)}' is twice in set '{item.name}'", item.path)
                break
            seen.add(member)
        widths = {len(m) if isinstance(m, tuple) else 1 for m in members}
        if len(widths) > 1:
            self.bench.report.error(
                codes.BAD_TYPE, f"members of set '{item.name}' have different numbers of parts", item.path
            )
            members = []
        self.bench.scope.sets[item.name] = members
        self.bench.scope.members[item.name] = frozenset(members)

    def _members(self, item: SetDecl) -> list[Any]:
        raw, path = item.raw, item.path
        if isinstance(raw, str):
            try:
                value = self.bench.evaluate(parse_expression(f"[{raw}]"), path)
            except ExprError as error:
                self.bench.report.error(codes.BAD_SYNTAX, error.message, path, (max(0, error.start - 1), error.end - 1))
                return []
            return self._plain(value if isinstance(value, list) else [], item)
        if isinstance(raw, list):
            return [self._member(m, path) for m in raw]
        if not isinstance(raw, dict):
            self.bench.report.error(codes.BAD_SHAPE, f"set '{item.name}' is a list, a text or an object", path)
            return []
        if "members" in raw and isinstance(raw["members"], list):
            return [self._member(m, path) for m in raw["members"]]
        if "range" in raw:
            ends = raw["range"]
            if isinstance(ends, list) and len(ends) == 2:
                values = [self._whole(e, (*path, "range", k)) for k, e in enumerate(ends)]
                if values[1] - values[0] > self.bench.most:
                    self.bench.report.error(
                        codes.TOO_LARGE, f"set '{item.name}' has over {self.bench.most} members", path
                    )
                    return []
                return list(range(values[0], values[1] + 1))
        for key in ("product", "union", "difference"):
            parts = raw.get(key)
            if isinstance(parts, list) and parts and all(isinstance(p, str) for p in parts):
                return self._combined(key, [self.bench.known_set(str(p), (*path, key)) for p in parts], item)
        if "file" in raw:
            return self.cells.members(item, raw)
        self.bench.report.error(
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
                self.bench.report.error(codes.BAD_TYPE, f"set '{item.name}' must not depend on variables", item.path)
                return []
        return list(flat)

    def _combined(self, key: str, parts: list[list[Any]], item: SetDecl) -> list[Any]:
        if key == "product":
            size = 1
            for p in parts:
                size *= len(p)
            if size > self.bench.most:
                self.bench.report.error(codes.TOO_LARGE, f"set '{item.name}' would have {size} members", item.path)
                return []
            return [
                tuple(itertools.chain.from_iterable(m if isinstance(m, tuple) else (m,) for m in combo))
                for combo in itertools.product(*parts)
            ]
        if key == "union":
            return list(dict.fromkeys(m for p in parts for m in p))
        gone = {m for p in parts[1:] for m in p}
        return [m for m in parts[0] if m not in gone]

    def _member(self, raw: Json, path: Path) -> Any:
        if isinstance(raw, list):
            return tuple(self._member(m, path) for m in raw)
        if isinstance(raw, str) or (isinstance(raw, int) and not isinstance(raw, bool)):
            return raw
        self.bench.report.error(codes.BAD_TYPE, "a member is text, a whole number, or a list of these", path)
        return ""

    def _whole(self, raw: Json, path: Path) -> int:
        value: Any = raw
        if isinstance(raw, str):
            try:
                value = self.bench.evaluate(parse_expression(raw), path)
            except ExprError as error:
                self.bench.report.error(codes.BAD_SYNTAX, error.message, path, (error.start, error.end))
                return 0
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.bench.report.error(codes.BAD_TYPE, "a whole number is needed here", path)
        return 0

    def parameter(self, item: Parameter) -> None:
        over = [self.bench.known_set(s, (*item.path, "over")) for s in item.over]
        raw = item.raw
        keys: list[Any] = product_of(over, self.bench.most) if over else [()]
        textual = raw.get("type") == "text"
        table: Any
        if "file" in raw:
            table = self.cells.values(item, over, textual)
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
        if missing and not self.bench.report.found:
            listed = ", ".join(shown(k) for k in missing[:3])
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            message = f"parameter '{item.name}' has no value for {listed}{more}"
            self.bench.report.error(codes.MISSING_VALUE, message, item.path, hint="give the values or a 'default'")
        if len(table) > 1000:
            self.numbers_complete = False
        else:
            self.numbers.update(v for v in table.values() if not isinstance(v, str))
        self.bench.scope.tables[item.name] = (item.over, table if item.over else table.get((), 0))

    def _computed(self, item: Parameter, keys: list[Any]) -> dict[Any, Any]:
        names = item.binders or tuple(f"i{k + 1}" for k in range(len(item.over)))
        assert item.expression is not None
        path = (*item.path, "expression")
        before = len(self.bench.report.found)
        bound = {n: k for k, n in enumerate(names)}
        closure = compile_expression(item.expression, self.bench.scope, bound, self.bench.complain(path))
        table: dict[Any, Any] = {}
        if len(self.bench.report.found) > before:
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
            self.bench.trouble(error, path)
            return dict.fromkeys(keys, 0)
        return table

    def _value(self, raw: Any, path: Path, textual: bool) -> Any:
        if textual:
            return str(raw)
        value = number(raw) if isinstance(raw, str) else raw
        if isinstance(value, bool):
            return int(value)
        if not isinstance(value, (int, Fraction)):
            self.bench.report.error(codes.BAD_NUMBER, f"{str(raw)[:60]!r} is not a number", path)
            return 0
        return value

    def _given(self, raw: Any, item: Parameter, over: list[list[Any]], textual: bool) -> dict[Any, Any]:
        table: dict[Any, Any] = {}
        path: Path = (*item.path, "values" if "values" in item.raw else "value")

        def fill(raw: Any, depth: int, prefix: tuple[Any, ...], at: Path) -> None:
            if len(self.bench.report.found) >= self.bench.report.most:
                return
            if depth == len(over):
                key = tuple(itertools.chain.from_iterable(p if isinstance(p, tuple) else (p,) for p in prefix))
                table[key[0] if len(key) == 1 else key] = self._value(raw, at, textual)
            elif isinstance(raw, list):
                if len(raw) != len(over[depth]):
                    message = (
                        f"'{item.name}': {len(raw)} values for the {len(over[depth])} members of '{item.over[depth]}'"
                    )
                    self.bench.report.error(codes.MISSING_VALUE, message, at)
                    return
                for k, (member, value) in enumerate(zip(over[depth], raw, strict=True)):
                    fill(value, depth + 1, (*prefix, member), (*at, k))
            elif isinstance(raw, dict):
                by_text = {shown(m): m for m in over[depth]}
                for name, value in raw.items():
                    if name not in by_text:
                        message = f"'{name}' is not a member of set '{item.over[depth]}'"
                        self.bench.report.error(
                            codes.UNKNOWN_MEMBER, message, (*at, name), hint=nearest(name, list(by_text))
                        )
                        continue
                    fill(value, depth + 1, (*prefix, by_text[name]), (*at, name))
            elif depth == 0 and raw is not None:
                value = self._value(raw, at, textual)
                table.update(dict.fromkeys(product_of(over, self.bench.most), value))
            elif raw is not None:
                self.bench.report.error(codes.BAD_SHAPE, f"'{item.name}' needs a list or object here", at)

        fill(raw, 0, (), path)
        return table
