"""Facts from tables: CSV or JSON attached by name, one row a fact. Linear in the rows; cells are only names."""

from __future__ import annotations

import csv
import io
import json

from quod.backends.fol import codes
from quod.backends.fol.document import Raw
from quod.core.diagnostics import Diagnostic, Span
from quod.core.errors import InputError
from quod.core.problem import ContextItem, Problem

__all__ = ["MAX_ROWS", "load_tables"]

MAX_ROWS = 200_000
_CELL = 1000

Rows = tuple[tuple[str, ...], ...]


class _Bad(Exception):  # noqa: N818 - becomes a diagnostic
    """Why a table cannot be used."""


def load_tables(raw: Raw, problem: Problem) -> tuple[dict[str, Rows], list[Diagnostic]]:
    """The rows of every table a text declares, by predicate, and what was wrong with them."""
    facts: dict[str, Rows] = {}
    found: list[Diagnostic] = []
    for name, (source, line) in raw.tables.items():
        file, _, columns = source.partition(":")
        file = file.strip()
        item = next((c for c in problem.context if c.name == file), None)
        try:
            if item is None:
                have = ", ".join(c.name for c in problem.context) or "nothing"
                raise _Bad(f"no file '{file}' is attached (attached: {have})")
            wanted = [c.strip() for c in columns.split(",")] if columns.strip() else None
            facts[name] = _rows(item, len(raw.predicates[name].sorts), wanted)
        except (_Bad, InputError) as error:
            found.append(codes.TABLE.error(f"table of '{name}': {error}", span=Span(line=line, column=1), file=file))
    return facts, found


def _rows(item: ContextItem, width: int, wanted: list[str] | None) -> Rows:
    header, body = _json(item) if item.suffix == ".json" else _csv(item)
    if wanted is None:
        if len(header) < width:
            raise _Bad(f"it has {len(header)} columns, and {width} are needed")
        if len(header) > width:
            raise _Bad(
                f"it has {len(header)} columns, and {width} are needed: name them after the file, 'from file.csv: a, b'"
            )
        places = list(range(width))
    else:
        missing = [w for w in wanted if w not in header]
        if missing or len(wanted) != width:
            said = f"there is no column '{missing[0]}'" if missing else f"{width} columns are needed"
            raise _Bad(f"{said} (columns: {', '.join(header)})")
        places = [header.index(w) for w in wanted]
    rows: dict[tuple[str, ...], None] = {}
    for number, row in enumerate(body, start=2):
        if not row:
            continue
        if len(row) != len(header):
            raise _Bad(f"row {number} has {len(row)} cells, the header has {len(header)}")
        cells = tuple(row[i].strip() for i in places)
        if any(not c or len(c) > _CELL or any(ord(ch) < 32 for ch in c) for c in cells):
            raise _Bad(f"row {number} has an empty, overlong or unprintable cell")
        rows[cells] = None
        if len(rows) > MAX_ROWS:
            raise _Bad(f"it has more than {MAX_ROWS:,} rows")
    return tuple(rows)


def _csv(item: ContextItem) -> tuple[list[str], list[list[str]]]:
    if item.suffix not in {".csv", ".tsv", ".txt"}:
        raise _Bad("only CSV and JSON tables are read here")
    text = item.read_text().removeprefix("\ufeff")
    try:
        rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter="\t" if item.suffix == ".tsv" else ",", strict=True)
        )
    except csv.Error as error:
        raise _Bad(f"it is not CSV: {error}") from None
    if not rows or not rows[0]:
        raise _Bad("it is empty: the first row must name the columns")
    return [h.strip() for h in rows[0]], rows[1:]


def _json(item: ContextItem) -> tuple[list[str], list[list[str]]]:
    try:
        data = json.loads(item.read_text())
    except (ValueError, RecursionError) as error:
        raise _Bad(f"it is not JSON: {error}") from None
    if (
        not isinstance(data, list)
        or not data
        or not all(isinstance(r, dict) and r.keys() == data[0].keys() for r in data)
    ):
        raise _Bad("it must be a list of objects with the same keys")
    header = [str(k) for k in data[0]]
    if any(isinstance(v, dict | list | bool) or v is None for r in data for v in r.values()):
        raise _Bad("its cells must be text or numbers")
    return header, [[str(v) for v in r.values()] for r in data]
