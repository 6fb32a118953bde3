"""Tables from the context: CSV, JSON and XLSX, read exactly, with every bad cell named by file, row and column."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field

from quod.backends.milp import codes
from quod.backends.milp.linear import Number
from quod.backends.milp.reading import number, read_json
from quod.core.diagnostics import Diagnostic
from quod.core.problem import ContextItem, Problem

__all__ = ["MAX_CELLS", "Table", "Tables"]

MAX_CELLS = 5_000_000
MAX_UNPACKED = 256 * 2**20
MAX_RATIO = 200

Cell = str | Number | None


@dataclass
class Table:
    """Columns by name. Numbers that stand as numbers in the file are exact; the rest is text."""

    name: str
    columns: dict[str, list[Cell]]
    first_row: int = 2
    """The number of the first data row, as a person counts in the file."""

    @property
    def height(self) -> int:
        return len(next(iter(self.columns.values()), []))


class Refused(Exception):  # noqa: N818
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass
class Tables:
    """The tables of a problem's context, each read once."""

    problem: Problem
    read: dict[tuple[str, str], Table] = field(default_factory=dict)

    def get(self, name: str, sheet: str = "") -> Table:
        """Raises Refused with a diagnostic if the file is absent, unreadable or dangerous."""
        key = (name, sheet)
        if key not in self.read:
            item = next((c for c in self.problem.context if c.name == name), None)
            if item is None:
                known = ", ".join(c.name for c in self.problem.context) or "none"
                message = f"there is no file '{name}' in the context"
                raise Refused(codes.MISSING_FILE.error(message, hint=f"files given: {known}"))
            self.read[key] = _read(item, sheet)
        return self.read[key]


def _bad(item: ContextItem, message: str) -> Refused:
    return Refused(codes.BAD_TABLE.error(message, file=item.name))


def _read(item: ContextItem, sheet: str) -> Table:
    if item.suffix == ".csv":
        return _csv(item)
    if item.suffix == ".json":
        return _json(item)
    if item.suffix in {".xlsx", ".xlsm"}:
        return _xlsx(item, sheet)
    raise _bad(item, f"'{item.name}' is not a table this model can read (.csv, .json or .xlsx)")


def _headed(item: ContextItem, header: list[str], rows: list[list[Cell]], first_row: int) -> Table:
    header = [h.strip() for h in header]
    if not any(header):
        raise _bad(item, f"'{item.name}' has no header row")
    twice = {h for h in header if header.count(h) > 1 and h}
    if twice:
        raise _bad(item, f"column '{min(twice)}' stands twice in the header")
    if len(rows) * len(header) > MAX_CELLS:
        raise Refused(codes.TOO_LARGE.error(f"'{item.name}' has over {MAX_CELLS} cells", file=item.name))
    width = len(header)
    if rows and set(map(len, rows)) == {width}:
        return Table(
            item.name, {h: list(c) for h, c in zip(header, zip(*rows, strict=True), strict=True) if h}, first_row
        )
    for i, row in enumerate(rows):
        if len(row) > width and any(c not in (None, "") for c in row[width:]):
            raise _bad(item, f"row {i + first_row} has {len(row)} cells, the header has {width}")
        if len(row) < width:
            row.extend([None] * (width - len(row)))
    columns = {h: [row[k] for row in rows] for k, h in enumerate(header) if h}
    return Table(item.name, columns, first_row)


def _csv(item: ContextItem) -> Table:
    text = item.read_text().lstrip("\ufeff")
    sample = text[:4096].split("\n", 1)[0]
    delimiter = max(",;\t", key=sample.count)
    try:
        rows: list[list[Cell]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))  # type: ignore[arg-type]
    except csv.Error as error:
        raise _bad(item, f"'{item.name}' is not CSV: {error}") from None
    rows = [r for r in rows if r]
    if not rows:
        raise _bad(item, f"'{item.name}' is empty")
    return _headed(item, [str(h) for h in rows[0]], rows[1:], 2)


def _json(item: ContextItem) -> Table:
    value, found = read_json(item.read_text())
    if found:
        raise Refused(found[0].model_copy(update={"file": item.name}))
    if isinstance(value, dict) and all(isinstance(v, list) for v in value.values()):
        columns = {k: list(v) for k, v in value.items() if isinstance(v, list)}
        if len({len(c) for c in columns.values()}) > 1:
            raise _bad(item, "the columns have different lengths")
        return Table(item.name, columns, 1)  # type: ignore[arg-type]
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        names = list(dict.fromkeys(k for v in value if isinstance(v, dict) for k in v))
        rows: list[list[Cell]] = [[v.get(k) for k in names] for v in value if isinstance(v, dict)]  # type: ignore[misc]
        return _headed(item, names, rows, 1)
    raise _bad(item, f"'{item.name}' is neither a list of objects nor an object of columns")


def _xlsx(item: ContextItem, sheet: str) -> Table:
    raw = item.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            infos = archive.infolist()
            unpacked = sum(i.file_size for i in infos)
            packed = max(1, sum(i.compress_size for i in infos))
            if unpacked > MAX_UNPACKED or (unpacked / packed > MAX_RATIO and unpacked > 2**24) or len(infos) > 2000:
                message = f"'{item.name}' unpacks to {unpacked // 2**20} MiB: it may be a zip bomb"
                raise Refused(codes.SPREADSHEET_REFUSED.error(message, file=item.name))
            for info in infos:
                if _declares_types(archive, info):
                    message = f"'{item.name}' declares document types, as attacks with external entities do"
                    raise Refused(codes.SPREADSHEET_REFUSED.error(message, file=item.name))
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise _bad(item, f"'{item.name}' is not a spreadsheet: {error}") from None
    import openpyxl  # slow to import, and only needed here

    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        names = book.sheetnames
        if sheet and sheet not in names:
            raise _bad(item, f"there is no sheet '{sheet}' in '{item.name}' (sheets: {', '.join(names)})")
        page = book[sheet or names[0]]
        rows: list[list[Cell]] = []
        for line in page.iter_rows(values_only=True):
            rows.append([_cell(v) for v in line])
            if len(rows) * len(line) > MAX_CELLS:
                raise Refused(codes.TOO_LARGE.error(f"'{item.name}' has over {MAX_CELLS} cells", file=item.name))
    except Refused:
        raise
    except Exception as error:  # openpyxl raises many kinds on broken files
        raise _bad(item, f"'{item.name}' cannot be read as a spreadsheet: {error}") from None
    rows = [r for r in rows if any(c is not None for c in r)]
    if not rows:
        raise _bad(item, f"'{item.name}' is empty")
    return _headed(item, [str(h or "") for h in rows[0]], rows[1:], 2)


def _declares_types(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Whether a part has a DOCTYPE anywhere, in whatever encoding: UTF-16 is ASCII with zeros between."""
    tail = b""
    with archive.open(info) as part:
        while chunk := part.read(2**20):
            text = tail + chunk.replace(b"\0", b"").upper()
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                return True
            tail = text[-16:]
    return False


def _cell(value: object) -> Cell:
    """What a person sees in the cell: 0.1 is one tenth, whatever the float is."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return number(repr(value))
    return str(value)
