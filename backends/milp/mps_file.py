"""MPS files, free or fixed form (names without blanks), in and out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from quod.backends.milp.ground import Ground
from quod.backends.milp.interchange import Bad, as_float, document, safe_names
from quod.backends.milp.linear import Number
from quod.backends.milp.reading import number

__all__ = ["read_mps", "to_mps"]


def read_mps(text: str) -> dict[str, Any]:
    """A model's JSON. Raises Bad."""
    section, sense, goal_row = "", "minimize", ""
    kinds: dict[str, str] = {}
    rows: dict[str, dict[str, Number]] = {}
    right: dict[str, Number] = {}
    ranges: dict[str, Number] = {}
    lower: dict[str, Number | None] = {}
    upper: dict[str, Number | None] = {}
    whole: set[str] = set()
    marked = False
    amount: Number | None
    for at, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("*"):
            continue
        parts = line.split()
        if not line[0].isspace():
            section = parts[0].upper()
            if section == "OBJSENSE" and len(parts) > 1:
                sense = "maximize" if parts[1].upper().startswith("MAX") else "minimize"
            if section == "ENDATA":
                break
            continue

        def value(text: str, at: int = at) -> Number:
            found = number(text)
            if found is None:
                raise Bad(f"{text!r} is not a number", at)
            return found

        if section == "OBJSENSE":
            sense = "maximize" if parts[0].upper().startswith("MAX") else "minimize"
        elif section == "ROWS":
            if len(parts) != 2 or parts[0].upper() not in {"N", "L", "G", "E"}:
                raise Bad("a row is its kind (N, L, G, E) and a name", at)
            kind, name = parts[0].upper(), parts[1]
            if kind == "N":
                goal_row = goal_row or name
            kinds[name], rows[name] = kind, {}
        elif section == "COLUMNS":
            if len(parts) > 2 and parts[1].strip("'").upper() == "MARKER":
                marked = "INTORG" in parts[2].upper()
                continue
            column = parts[0]
            if marked:
                whole.add(column)
            for name, v in zip(parts[1::2], parts[2::2], strict=False):
                if name not in rows:
                    raise Bad(f"there is no row {name!r}", at)
                rows[name][column] = value(v)
        elif section in {"RHS", "RANGES"}:
            pairs = parts[1:] if len(parts) % 2 else parts
            for name, v in zip(pairs[::2], pairs[1::2], strict=False):
                if name not in rows:
                    raise Bad(f"there is no row {name!r}", at)
                (right if section == "RHS" else ranges)[name] = value(v)
        elif section == "BOUNDS":
            kind = parts[0].upper()
            # the name of the bound set may be left out
            full = 3 if kind in {"FR", "MI", "PL", "BV"} else 4
            rest = parts[2:] if len(parts) >= full else parts[1:]
            if not rest:
                raise Bad("a bound is its kind, a set, a column and a value", at)
            column = rest[0]
            amount = value(rest[1]) if len(rest) > 1 else None
            if kind in {"UP", "UI"}:
                upper[column] = amount
                if amount is not None and amount < 0 and column not in lower:
                    lower[column] = None
            elif kind in {"LO", "LI"}:
                lower[column] = amount
            elif kind == "FX":
                lower[column] = upper[column] = amount
            elif kind in {"FR", "MI"}:
                lower[column] = None
            elif kind == "BV":
                lower[column], upper[column] = 0, 1
                whole.add(column)
            elif kind != "PL":
                raise Bad(f"{kind!r} is not a kind of bound", at)
            if kind in {"UI", "LI"}:
                whole.add(column)
    if not kinds:
        raise Bad("there are no rows", 1)
    lines: list[tuple[str, dict[str, Number], str, Number]] = []
    for name, kind in kinds.items():
        if kind == "N":
            continue
        b = right.get(name, 0)
        lines.append((name, rows[name], {"L": "<=", "G": ">=", "E": "="}[kind], b))
        if name in ranges:
            width = abs(Fraction(ranges[name])) if kind != "E" else Fraction(ranges[name])
            if kind == "E":
                lines[-1] = (name, rows[name], ">=", min(b, b + width))
                lines.append((f"{name}_range", rows[name], "<=", max(b, b + width)))
            else:
                lines.append(
                    (
                        f"{name}_range",
                        rows[name],
                        ">=" if kind == "L" else "<=",
                        b - width if kind == "L" else b + width,
                    )
                )
    return document(sense, rows.get(goal_row, {}), lines, lower, upper, whole, -right.get(goal_row, 0))


def to_mps(ground: Ground) -> str:
    """The program as a free MPS file."""
    program, names = ground.program, safe_names(ground)
    rows = [(f"r{i}", row) for i, row in enumerate(program.rows, 1)]
    out = ["NAME quod", "OBJSENSE", f"    {'MAX' if program.maximize else 'MIN'}", "ROWS", " N obj"]
    for label, row in rows:
        kind = "E" if row.lower is not None and row.lower == row.upper else "G" if row.lower is not None else "L"
        out.append(f" {kind} {label}")
    out.append("COLUMNS")
    marked = False
    by_column: dict[int, list[tuple[str, Number]]] = {j: [] for j in range(len(names))}
    for j, c in program.cost.items():
        by_column[j].append(("obj", c))
    for label, row in rows:
        for j, a in row.terms.items():
            by_column[j].append((label, a))
    for j, entries in by_column.items():
        if program.integer[j] != marked:
            out.append(f" M{j} 'MARKER' '{'INTEND' if marked else 'INTORG'}'")
            marked = not marked
        out += [f" {names[j]} {label} {as_float(a)}" for label, a in entries or [("obj", 0)]]
    if marked:
        out.append(" MEND 'MARKER' 'INTEND'")
    out.append("RHS")
    if program.offset:
        out.append(f" RHS obj {as_float(-program.offset)}")
    ranges = []
    for label, row in rows:
        side = row.lower if row.lower is not None else row.upper
        if side:
            out.append(f" RHS {label} {as_float(side)}")
        if row.lower is not None and row.upper is not None and row.lower != row.upper:
            ranges.append(f" RNG {label} {as_float(row.upper - row.lower)}")
    out += ["RANGES", *ranges] if ranges else []
    out.append("BOUNDS")
    for name, low, high in zip(names, program.lower, program.upper, strict=True):
        if low is None and high is None:
            out.append(f" FR BND {name}")
            continue
        out.append(f" MI BND {name}" if low is None else f" LO BND {name} {as_float(low)}")
        out.append(f" PL BND {name}" if high is None else f" UP BND {name} {as_float(high)}")
    return "\n".join([*out, "ENDATA", ""])
