"""What LP and MPS files have in common: a program by names, and names that both can hold."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import Number, as_json
from quod.backends.milp.plain import KEYWORDS

__all__ = ["Bad", "as_float", "document", "safe_names"]


class Bad(Exception):  # noqa: N818
    """What is wrong with a file, and in which line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def _names(raw: list[str]) -> dict[str, str]:
    """Model names for file names: letters, digits and _, kept apart."""
    taken: set[str] = set()
    out: dict[str, str] = {}
    for name in raw:
        base = re.sub(r"\W", "_", name)
        base = base if base[:1].isalpha() or base[:1] == "_" else f"x_{base}"
        if base in KEYWORDS:
            base += "_"
        fresh, k = base, 2
        while fresh in taken:
            fresh, k = f"{base}_{k}", k + 1
        taken.add(fresh)
        out[name] = fresh
    return out


def _linear(terms: dict[str, Number], names: dict[str, str]) -> str:
    parts = (f"- {as_json(-a)} * {names[n]}" if a < 0 else f"+ {as_json(a)} * {names[n]}" for n, a in terms.items())
    return " ".join(parts) or "0"


def document(
    sense: str,
    goal: dict[str, Number],
    rows: list[tuple[str, dict[str, Number], str, Number]],
    lower: dict[str, Number | None],
    upper: dict[str, Number | None],
    whole: set[str],
    offset: Number = 0,
) -> dict[str, Any]:
    """A model's JSON: columns are whole where ``whole`` says so and not negative unless ``lower`` says so."""
    order = list(dict.fromkeys([*goal, *(n for _, terms, _, _ in rows for n in terms), *lower, *upper, *whole]))
    names = _names(order)
    variables = {}
    for n in order:
        item: dict[str, Any] = {"domain": "integer" if n in whole else "continuous", "lower": as_json(lower.get(n, 0))}
        if upper.get(n) is not None:
            item["upper"] = as_json(upper[n])
        variables[names[n]] = item
    seen: dict[str, int] = {}
    constraints = []
    for name, terms, op, right in rows:
        seen[name] = seen.get(name, 0) + 1
        label = name if seen[name] == 1 else f"{name}_{seen[name]}"
        constraints.append({"name": label, "rule": f"{_linear(terms, names)} {op} {as_json(right)}"})
    extra = f" + {as_json(offset)}" if offset else ""
    return {
        "variables": variables,
        "objective": {"sense": sense, "expression": _linear(goal, names) + extra},
        "constraints": constraints,
    }


def as_float(value: Number) -> str:
    """The shortest decimal that is the nearest float."""
    return str(int(value)) if Fraction(value).denominator == 1 else repr(float(value))


def safe_names(ground: Ground) -> list[str]:
    """The names of the columns as files can hold them, kept apart."""
    return list(_names(ground.program.names).values())
