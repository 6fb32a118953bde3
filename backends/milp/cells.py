"""Sets and parameters from tables: members from key columns, values from others, every bad cell named."""

from __future__ import annotations

from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.data import Refused, Table, Tables
from quod.backends.milp.members import product_of, shown
from quod.backends.milp.model import Parameter, SetDecl, nearest
from quod.backends.milp.reading import Json, Path, number
from quod.backends.milp.workbench import Workbench

__all__ = ["Cells"]


class Cells:
    """Reads the attached tables for one model."""

    def __init__(self, bench: Workbench, tables: Tables) -> None:
        self.bench, self.tables = bench, tables
        self.refused: set[str] = set()
        self.keys: dict[tuple[int, tuple[str, ...]], list[Any]] = {}

    def _table(self, raw: dict[str, Json]) -> Table | None:
        name, sheet = str(raw.get("file")), str(raw.get("sheet", ""))
        try:
            return self.tables.get(name, sheet)
        except Refused as refused:
            if name not in self.refused:
                self.refused.add(name)
                d = refused.diagnostic
                self.bench.report.found.append(d)
            return None

    def _column(self, table: Table, name: str, path: Path) -> list[Any]:
        if name in table.columns:
            return table.columns[name]
        hint = nearest(name, list(table.columns)) or f"columns: {', '.join(table.columns)}"
        self.bench.report.error(codes.BAD_TABLE, f"'{table.name}' has no column '{name}'", path, hint=hint)
        return []

    def members(self, item: SetDecl, raw: dict[str, Json]) -> list[Any]:
        table = self._table(raw)
        if table is None:
            return []
        wanted = raw.get("columns", raw.get("column"))
        names = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
        if not names:
            self.bench.report.error(codes.BAD_SHAPE, f"set '{item.name}': which column of the file?", item.path)
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
                        self._complain(table, i, name, "is empty", path)
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

    def _complain(self, table: Table, row: int, column: str, problem: str, path: Path) -> None:
        line = row + table.first_row
        message = f"{table.name}, row {line}, column '{column}': the cell {problem}"
        self.bench.report.error(codes.BAD_CELL, message, path, file=table.name)

    # parameters ------------------------------------------------------------------------------------------

    def values(self, item: Parameter, over: list[list[Any]], textual: bool) -> dict[Any, Any]:
        raw = item.raw
        table = self._table(raw)
        if table is None:
            return {}
        column_name = str(raw.get("column", item.name))
        column = self._column(table, column_name, item.path)
        named = raw.get("keys")
        names = [named] if isinstance(named, str) else [str(n) for n in named] if isinstance(named, list) else []
        if not names and item.over:
            self.bench.report.error(
                codes.BAD_SHAPE, f"'{item.name}': 'keys' must name the columns that hold the index", item.path
            )
            return {}
        columns = [self._column(table, n, item.path) for n in names]
        if not column or not all(columns):
            return {}
        keys = self._keys(table, names, columns, item.path) if names else [()]
        flat = set(over[0] if len(over) == 1 else product_of(over, self.bench.most)) if over else {()}
        if not textual and (clean := _clean(keys, column, flat)) is not None:
            return clean
        out: dict[Any, Any] = {}
        for i, (key, cell) in enumerate(zip(keys, column, strict=False)):
            if key not in flat:
                if "subset" not in raw:
                    self._complain(
                        table, i, names[0], f"holds '{shown(key)}', which is not in {' × '.join(item.over)}", item.path
                    )
            elif key in out:
                self._complain(table, i, names[0], f"repeats '{shown(key)}'", item.path)
            elif cell is None or cell == "":
                if "default" not in raw:
                    self._complain(table, i, column_name, "is empty", item.path)
            elif textual:
                out[key] = str(cell)
            else:
                value = number(cell) if isinstance(cell, str) else cell
                if value is None:
                    self._complain(table, i, column_name, f"holds {str(cell)[:40]!r}, which is not a number", item.path)
                    value = 0
                out[key] = value
            if len(self.bench.report.found) > 20:
                break
        return out


def _clean(keys: list[Any], column: list[Any], flat: set[Any]) -> dict[Any, Any] | None:
    """The table at once where nothing is wrong with it; None sends it through the cell by cell reading."""
    if len(keys) != len(column) or set(map(type, column)) != {str}:
        return None
    values = list(map(number, column))
    table = dict(zip(keys, values, strict=True))
    whole = len(table) == len(keys) and type(None) not in set(map(type, values))
    return table if whole and flat.issuperset(table) else None
