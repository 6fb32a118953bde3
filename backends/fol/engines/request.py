"""What the parent sends: the text and the rows of its tables."""

from __future__ import annotations

from quod.core.model import JsonValue

__all__ = ["rows_from_json"]


def rows_from_json(facts: JsonValue) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Rows by predicate; anything else is no table."""
    if not isinstance(facts, dict):
        return {}
    return {
        name: tuple(tuple(str(c) for c in row) for row in rows if isinstance(row, list))
        for name, rows in facts.items()
        if isinstance(rows, list)
    }
