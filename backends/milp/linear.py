"""A linear or mixed-integer program in canonical form, exact: what is solved, and what certificates are about.

Columns and rows are numbered from 0. Every row and column has a lower and an upper limit, ``None`` where there is
none. Numbers are ``int`` or ``Fraction``; in JSON an ``int`` or a string such as ``"-7/10"``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Any

from quod.backends.milp.collecting import no_collection
from quod.core.model import JsonDict, JsonValue

__all__ = ["Number", "Program", "Row", "as_json", "exact", "from_json"]

Number = int | Fraction


@dataclass(slots=True)
class Row:
    """``lower <= sum terms <= upper``."""

    name: str
    terms: dict[int, Number]
    lower: Number | None
    upper: Number | None
    origin: int = -1
    """Position of the constraint of the model it came from."""


@dataclass(slots=True)
class Program:
    """``minimize (or maximize) cost x + offset`` subject to rows, column limits and integrality."""

    names: list[str] = field(default_factory=list)
    lower: list[Number | None] = field(default_factory=list)
    upper: list[Number | None] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    cost: dict[int, Number] = field(default_factory=dict)
    offset: Number = 0
    maximize: bool = False
    rows: list[Row] = field(default_factory=list)

    @property
    def minimized(self) -> dict[int, Number]:
        """The costs of the equivalent minimization."""
        return {j: -c for j, c in self.cost.items()} if self.maximize else self.cost

    def relaxed(self) -> Program:
        """The same program without integrality."""
        return Program(self.names, self.lower, self.upper, [False] * len(self.names), self.cost, self.offset,
                       self.maximize, self.rows)  # fmt: skip


def as_json(value: Number | None) -> int | str | None:
    """A number as JSON holds it exactly."""
    if value is None:
        return None
    if value.denominator == 1:
        whole = value.numerator
        return whole if whole.bit_length() <= _SHORT else _written(whole)
    return f"{_written(value.numerator)}/{_written(value.denominator)}"


_SHORT = 13_000
"""Bits of a number that ``str`` surely writes (it refuses over 4300 digits)."""


def _written(number: int) -> str:
    """``str`` for numbers of any length."""
    if number.bit_length() <= _SHORT:
        return str(number)
    if number < 0:
        return "-" + _written(-number)
    digits = number.bit_length() * 3 // 20  # about half of them
    top, bottom = divmod(number, 10**digits)
    return _written(top) + _written(bottom).rjust(digits, "0")


def exact(value: JsonValue) -> Number:
    """The number :func:`as_json` wrote. Raises ValueError for anything else, floats and booleans included."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) < 2_000_000:
        top, _, bottom = value.partition("/")
        if len(value) < 200 and top.lstrip("-").isdecimal() and bottom.isdecimal():
            return Fraction(int(top), int(bottom))
        # int() refuses very long digits by default: hexadecimal would not be readable, so long ones go in pieces
        number = Fraction(_digits(top), _digits(bottom or "1"))
        return number.numerator if number.denominator == 1 else number
    raise ValueError(f"not an exact number: {value!r}")


def _digits(text: str) -> int:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(f"not an integer: {text[:40]!r}")
    if len(digits) <= 4000:
        return sign * int(digits)
    half = len(digits) // 2
    return sign * (_digits(digits[:-half]) * int(10**half) + int_of(digits[-half:]))


def int_of(digits: str) -> int:
    """``int`` for digits of any length."""
    if len(digits) <= 4000:
        return int(digits)
    half = len(digits) // 2
    return int_of(digits[:-half]) * int(10**half) + int_of(digits[-half:])


def to_payload(program: Program) -> JsonDict:
    """For a trip into the sandbox. All coefficients are in one list and all their columns in another: ``sizes`` says
    how many belong to each row."""
    return {
        "lower": _packed(program.lower),
        "upper": _packed(program.upper),
        "integer": [j for j, whole in enumerate(program.integer) if whole],
        "cost": [list(program.cost), _packed(list(program.minimized.values()))],
        "rows": {
            "lower": _packed([r.lower for r in program.rows]),
            "upper": _packed([r.upper for r in program.rows]),
            "sizes": [len(r.terms) for r in program.rows],
            "columns": [j for r in program.rows for j in r.terms],
            "values": _packed([a for r in program.rows for a in r.terms.values()]),
        },
    }


_PLAIN = {int, type(None)}


def _packed(values: list[Number | None]) -> list[JsonValue]:
    # whole numbers, which most are, stand as they are
    return values if _PLAIN.issuperset(map(type, values)) else [as_json(v) for v in values]  # type: ignore[return-value]


def _unpacked(values: list[Any]) -> list[Any]:
    if _PLAIN.issuperset(map(type, values)):
        return values
    return [None if v is None else exact(v) for v in values]


def from_json(payload: JsonDict) -> Program:
    """The program of :func:`to_payload`, as a minimization; names are numbers."""
    raw: dict[str, Any] = payload
    whole, lines = set(raw["integer"]), raw["rows"]
    columns, values = iter(lines["columns"]), iter(_unpacked(lines["values"]))
    limits = zip(_unpacked(lines["lower"]), _unpacked(lines["upper"]), lines["sizes"], strict=True)
    with no_collection():
        rows = [
            Row(str(i), dict(zip(islice(columns, size), values, strict=False)), low, high)
            for i, (low, high, size) in enumerate(limits)
        ]
    lower = _unpacked(raw["lower"])
    return Program(
        [str(j) for j in range(len(lower))],
        lower,
        _unpacked(raw["upper"]),
        [j in whole for j in range(len(lower))],
        dict(zip(raw["cost"][0], _unpacked(raw["cost"][1]), strict=True)),
        rows=rows,
    )
