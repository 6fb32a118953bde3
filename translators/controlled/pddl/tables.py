"""CSV tables given as context, read by a lexicon's ``tables``."""

from __future__ import annotations

import csv
import io
import re

from quod.core.diagnostics import Diagnostic
from quod.core.errors import InputError
from quod.core.problem import Problem
from quod.translators.controlled.pddl import codes
from quod.translators.controlled.pddl.building import Row
from quod.translators.controlled.pddl.lexicon import Lexicon, Table

__all__ = ["read_tables"]

_CELL = re.compile(r"[a-z0-9](?:[\w-]*[a-z0-9_])?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
MAX_ROWS = 100_000


def read_tables(problem: Problem, lexicon: Lexicon) -> tuple[list[Row], list[Diagnostic]]:
    """The rows of every CSV table in the context, and what is wrong with them."""
    rows: list[Row] = []
    found: list[Diagnostic] = []
    for item in problem.attachments(".csv"):
        try:
            text = item.read_text()
        except InputError as error:
            found.append(codes.BAD_TABLE.error(error.message, file=item.name))
            continue
        lines = [line for line in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in line)]
        header = [_column(cell) for cell in lines[0]] if lines else []
        table = next((t for t in lexicon.tables if sorted(t.columns) == sorted(header)), None)
        if table is None:
            known = "; ".join(", ".join(t.columns) for t in lexicon.tables) or "none"
            message = f"no table of this lexicon has the columns {', '.join(header) or '(none)'}"
            found.append(codes.BAD_TABLE.error(message, file=item.name, hint=f"known are: {known}"))
            continue
        for number, line in enumerate(lines[1 : MAX_ROWS + 1], start=2):
            row = _row(table, header, line, f"{item.name}, row {number}")
            if isinstance(row, Row):
                rows.append(row)
            else:
                found.append(codes.BAD_TABLE.error(f"row {number}: {row}", file=item.name))
        if len(lines) > MAX_ROWS + 1:
            found.append(codes.BAD_TABLE.error(f"more than {MAX_ROWS} rows", file=item.name))
    return rows, found[:50]


def _column(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", cell.strip().lower()).strip("_")


def _row(table: Table, header: list[str], line: list[str], where: str) -> Row | str:
    if len(line) != len(header):
        return f"{len(line)} cells, and {len(header)} columns"
    cells = {}
    objects = dict(table.kinds)
    for column, raw in zip(header, line, strict=True):
        value = raw.strip().lower().replace(" ", "-") if column in objects else raw.strip()
        if not (_CELL if column in objects else _NUMBER).fullmatch(value):
            return f"'{raw.strip()}' in column {column} is not a {'name' if column in objects else 'number'}"
        cells[column] = value
    return Row(table, cells, where)
