"""What the parent sends: the text and the rows of its tables."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from quod.core.model import JsonValue

__all__ = ["no_collection", "rows_from_json"]


@contextmanager
def no_collection() -> Iterator[None]:
    """Without the garbage collector: these searches make hardly a cycle, and walking 10⁶ objects takes seconds."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def rows_from_json(facts: JsonValue) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Rows by predicate; anything else is no table."""
    if not isinstance(facts, dict):
        return {}
    return {
        name: tuple(tuple(str(c) for c in row) for row in rows if isinstance(row, list))
        for name, rows in facts.items()
        if isinstance(rows, list)
    }
