"""A number of a model, raised where it stands: the rows before and after tell what it does there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from quod.backends.milp.linear import Number, Program

__all__ = ["Effect", "Place", "compared", "holds", "places_of", "raised"]

_LITERAL = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:\s*/\s*\d+)?(?![\w.])")


@dataclass(frozen=True)
class Place:
    """Where a number stands in the model: the object and key of its text, and the spelling."""

    holder: Any
    key: Any
    element: str
    goal: bool


@dataclass(frozen=True)
class Effect:
    """What raising a number does."""

    room: str
    """``grows``, ``shrinks``, ``equal`` (an equation moves), or empty where it cannot be told."""
    columns: frozenset[int]
    """The columns whose coefficients changed; where only a limit did, those of its row."""
    limit: bool
    """Whether a limit changed, and no coefficient."""
    mixed: bool
    """Whether one row changed in both."""


def compared(before: Program, after: Program) -> Effect | None:
    """What differs between two programs of one shape; None if nothing does."""
    columns: set[int] = set()
    moved: set[str] = set()
    limit = mixed = False
    for old, new in zip(before.rows, after.rows, strict=True):
        touched = {j for j, a in old.terms.items() if new.terms.get(j) != a}
        lower, upper = old.lower != new.lower, old.upper != new.upper
        if not (touched or lower or upper):
            continue
        limit = limit or not touched
        mixed = mixed or bool(touched and (lower or upper))
        columns |= touched or set(old.terms)
        if old.lower is not None and old.lower == old.upper:
            moved.add("equal")
            continue
        if old.lower is not None and new.lower is not None:
            moved.add(_side(old.terms, old.lower, new.terms, new.lower, before, 1))
        if old.upper is not None and new.upper is not None:
            moved.add(_side(old.terms, old.upper, new.terms, new.upper, before, -1))
    for j in range(len(before.names)):
        low, high = (before.lower[j], after.lower[j]), (before.upper[j], after.upper[j])
        if low[0] != low[1] or high[0] != high[1]:
            limit, columns = True, columns | {j}
            if low[0] is not None and low[0] == high[0]:
                moved.add("equal")
            else:
                moved.add("shrinks" if low[0] != low[1] else "grows")
    costs = {j for j in range(len(before.names)) if before.cost.get(j) != after.cost.get(j)}
    columns |= costs
    if not columns:
        return None
    room = next(iter(moved)) if len(moved) == 1 else ""
    return Effect(room, frozenset(columns), limit, mixed)


def _side(old: dict[int, Number], was: Number, new: dict[int, Number], now: Number, program: Program, sign: int) -> str:
    """What becomes of ``sign * terms >= sign * limit``; ``?`` where it depends on the point."""
    changes = [sign * (new[j] - a) for j, a in old.items() if new[j] != a]
    if any(program.lower[j] is None or program.lower[j] < 0 for j, a in old.items() if new[j] != a):  # type: ignore[operator]  # None is caught before
        return "?"
    changes.append(-sign * (now - was))
    if all(c >= 0 for c in changes):
        return "grows"
    return "shrinks" if all(c <= 0 for c in changes) else "?"


def places_of(raw: dict[str, Any]) -> Iterator[Place]:
    """Every text or number of a model in which a number of the words may stand."""
    for number, constraint in enumerate(raw.get("constraints") or []):
        if isinstance(constraint, dict) and isinstance(constraint.get("rule"), str):
            yield Place(constraint, "rule", str(constraint.get("name") or f"c{number + 1}"), goal=False)
        elif isinstance(constraint, str):
            yield Place(raw["constraints"], number, f"c{number + 1}", goal=False)
    for section, keys in (("variables", ("lower", "upper")), ("parameters", ("value", "expression"))):
        entries = raw.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict):
                for key in keys:
                    if isinstance(entry.get(key), (int, float, str)) and not isinstance(entry.get(key), bool):
                        yield Place(entry, key, name, goal=False)
                yield from _cells(entry.get("values"), name)
            elif section == "parameters" and isinstance(entry, (int, float, str)) and not isinstance(entry, bool):
                yield Place(entries, name, name, goal=False)
    objective = raw.get("objective")
    if isinstance(objective, dict) and isinstance(objective.get("expression"), str):
        yield Place(objective, "expression", "objective", goal=True)


def _cells(values: Any, name: str) -> Iterator[Place]:
    items = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from _cells(value, name)
        elif isinstance(value, (int, float, str)) and not isinstance(value, bool):
            yield Place(values, key, name, goal=False)


def holds(place: Place, value: Fraction) -> bool:
    """Whether a number stands there."""
    return any(_value(m[0]) == value for m in _LITERAL.finditer(str(place.holder[place.key])))


def _value(literal: str) -> Fraction | None:
    above, _, below = literal.partition("/")
    if below and not int(below):
        return None
    return Fraction(above.strip()) / Fraction(below.strip() or "1")


def raised(content: Any, value: Fraction, more: Fraction) -> Any:
    """The content of a place with one of its numbers replaced."""
    written = _LITERAL.sub(lambda m: str(more) if _value(m[0]) == value else m[0], str(content))
    if isinstance(content, str) and re.search(r"[^\d\s./]", content):
        return _LITERAL.sub(lambda m: f"({more})" if _value(m[0]) == value else m[0], content)
    return written
