"""What a prompt says about attachments: formal texts whole, tables as columns, types, ranges and a few rows.

A prompt does not grow with the data: the model writes a formalization that is bound to a table by its name.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from quod.core.errors import InputError
from quod.core.problem import ContextItem, Problem

__all__ = ["describe_attachments", "describe_table"]

MAX_TEXT = 40_000
"""Characters of an attached formal text that are shown."""
ROWS_SHOWN = 3
_VALUES_SHOWN = 6
_CELL = 60
_MAX_COLUMNS = 60
_MAX_UNPACKED = 256 * 1024 * 1024
_TABLES = {".csv", ".tsv", ".xlsx"}


def describe_attachments(problem: Problem, opened: str, closed: str) -> str:
    """All attachments of a problem, each between the marks that say "this is data"."""
    parts = []
    for item in problem.context:
        name = item.name.replace("\n", " ")
        parts.append(f"{opened} attached: {name}\n{_describe(item)}\n{closed}\n\n")
    return "".join(parts)


def _describe(item: ContextItem) -> str:
    try:
        if item.suffix in _TABLES:
            return describe_table(item)
        if item.suffix == ".json":
            return _describe_json(item)
        text = item.read_text()
    except InputError as error:
        return f"(cannot be read: {error.message})"
    if len(text) > MAX_TEXT:
        return text[:MAX_TEXT] + f"\n(… {len(text) - MAX_TEXT} more characters)"
    return text


def _describe_json(item: ContextItem) -> str:
    text = item.read_text()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text[:MAX_TEXT]
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        columns = list(dict.fromkeys(str(key) for row in value for key in row))
        rows = [[_cell(row.get(column)) for column in columns] for row in value]
        return _summary(columns, rows)
    return text if len(text) <= 2000 else text[:2000] + f"\n(… {len(text) - 2000} more characters)"


def describe_table(item: ContextItem) -> str:
    """A table's columns with type and range, its number of rows, and the first few. Raises InputError if unreadable."""
    if item.suffix == ".xlsx":
        return "\n".join(_sheets(item))
    text = item.read_text()
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = "excel-tab" if item.suffix == ".tsv" else "excel"
    try:
        rows = list(csv.reader(io.StringIO(text), dialect))
    except csv.Error as error:
        raise InputError(f"{item.name} is not a table: {error}") from None
    if not rows:
        return "(an empty table)"
    return _summary(rows[0], rows[1:])


def _sheets(item: ContextItem) -> Iterator[str]:
    from openpyxl import load_workbook  # heavy, and only for spreadsheets

    data = item.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MAX_UNPACKED:
                raise InputError(f"{item.name} unpacks to more than {_MAX_UNPACKED // 2**20} MiB")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets[:20]:
            rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            yield f"sheet '{sheet.title}': " + (_summary(rows[0], rows[1:]) if rows else "(empty)")
        book.close()
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{item.name} is not a readable spreadsheet: {error}") from None


def _summary(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    lines = [f"a table of {len(rows)} rows; columns:"]
    for index, name in enumerate(header[:_MAX_COLUMNS]):
        lines.append(f"- {name.strip()[:_CELL]}: {_column([row[index] for row in rows if index < len(row)])}")
    if len(header) > _MAX_COLUMNS:
        lines.append(f"- and {len(header) - _MAX_COLUMNS} more columns")
    lines.append("first rows:")
    lines += [", ".join(cell.strip()[:_CELL] for cell in row[:_MAX_COLUMNS]) for row in islice(rows, ROWS_SHOWN)]
    return "\n".join(lines)


def _column(cells: list[str]) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    empty = len(cells) - len(filled)
    numbers: list[float] = []
    try:
        numbers = [float(cell.replace(",", "")) for cell in filled]
    except ValueError:
        numbers = []
    if filled and numbers:
        whole = all(number.is_integer() for number in numbers if abs(number) < 1e15)
        words = f"{'whole numbers' if whole else 'numbers'} from {min(numbers):g} to {max(numbers):g}"
    else:
        distinct = list(dict.fromkeys(filled))
        shown = ", ".join(value[:_CELL] for value in distinct[:_VALUES_SHOWN])
        more = ", …" if len(distinct) > _VALUES_SHOWN else ""
        words = f"text, {len(distinct)} different: {shown}{more}"
    return words + (f"; {empty} empty" if empty else "")


def _cell(value: object) -> str:
    return "" if value is None else str(value)
