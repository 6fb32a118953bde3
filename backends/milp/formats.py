"""LP and MPS files in and out; Pyomo out. Files are read into a model's JSON text, so one path serves all.

LP: the CPLEX dialect without quadratic parts. MPS: free or fixed form with single blanks in names not allowed.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import Number, as_json
from quod.backends.milp.reading import number
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["read_lp_or_mps", "to_lp", "to_mps", "to_pyomo"]

_SECTION = re.compile(
    r"\s*(?P<obj>max(?:imi[sz]e|imum)?|min(?:imi[sz]e|imum)?)|(?P<st>subject\s+to|such\s+that|s\.?t\.?)|(?P<bounds>bounds?)"
    r"|(?P<int>gen(?:eral|erals)?|int(?:eger|egers)?)|(?P<bin>bin(?:ary|aries)?)|(?P<end>end)",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?P<num>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)?\s*\*?\s*(?P<name>[A-Za-z_][\w.\[\],()#$%&!@]*)?"
)


class Bad(Exception):  # noqa: N818
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_lp_or_mps(text: str) -> tuple[str | None, list[Diagnostic]]:
    """A model's JSON text, or what is wrong with the file."""
    try:
        first = next((line for line in text.splitlines() if line.strip() and not line.startswith(("*", "\\"))), "")
        model = _read_mps(text) if re.match(r"(NAME|ROWS|OBJSENSE)\b", first) else _read_lp(text)
    except Bad as bad:
        return None, [codes.BAD_SYNTAX.error(str(bad), span=Span(line=bad.line, column=1))]
    return json.dumps(model, indent=1), []


def _names(raw: list[str]) -> dict[str, str]:
    """Model names for file names: letters, digits and _, kept apart."""
    taken: set[str] = set()
    out: dict[str, str] = {}
    for name in raw:
        base = re.sub(r"\W", "_", name)
        base = base if base[:1].isalpha() or base[:1] == "_" else f"x_{base}"
        if base in {"in", "for", "if", "where", "and", "or", "not"}:
            base += "_"
        fresh, k = base, 2
        while fresh in taken:
            fresh, k = f"{base}_{k}", k + 1
        taken.add(fresh)
        out[name] = fresh
    return out


def _linear(terms: dict[str, Number], names: dict[str, str]) -> str:
    return " + ".join(f"({as_json(a)}) * {names[n]}" for n, a in terms.items()) or "0"


def _document(
    sense: str,
    goal: dict[str, Number],
    rows: list[tuple[str, dict[str, Number], str, Number]],
    lower: dict[str, Number | None],
    upper: dict[str, Number | None],
    whole: set[str],
    offset: Number = 0,
) -> dict[str, Any]:
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


def _read_lp(text: str) -> dict[str, Any]:
    section, pieces = "", {"obj": "", "st": [], "bounds": [], "int": [], "bin": []}
    sense = "minimize"
    store: dict[str, Any] = pieces
    for at, raw in enumerate(text.splitlines(), 1):
        line = raw.split("\\", 1)[0].strip()
        if not line:
            continue
        head = _SECTION.fullmatch(line) or (
            re.match(r"(?P<obj>max\w*|min\w*)\b(?P<rest>.*)", line, re.IGNORECASE) if not section else None
        )
        if head:
            groups = head.groupdict()
            section = next(k for k in ("obj", "st", "bounds", "int", "bin", "end") if groups.get(k))
            if section == "obj":
                sense = "maximize" if groups["obj"].lower().startswith("max") else "minimize"
                store["obj"] += " " + (groups.get("rest") or "")
            continue
        if section == "obj":
            store["obj"] += " " + line
        elif section == "st":
            store["st"].append((at, line))
        elif section in {"bounds", "int", "bin"}:
            store[section].append((at, line))
        elif section != "end":
            raise Bad(f"{line[:40]!r} stands before any section", at)
    goal, offset = _terms(store["obj"].partition(":")[2] if ":" in store["obj"] else store["obj"], 1)
    rows: list[tuple[str, dict[str, Number], str, Number]] = []
    pending = ""
    begun = 0
    for at, line in store["st"]:
        begun = begun or at
        pending += " " + line
        if re.search(r"[<>=]\s*=?\s*[+-]?\s*[\d.]", pending):
            rows.append(_row(pending, begun, len(rows) + 1))
            pending, begun = "", 0
    if pending:
        raise Bad(f"the constraint {pending.strip()[:60]!r} has no right side", begun)
    lower: dict[str, Number | None] = {}
    upper: dict[str, Number | None] = {}
    for at, line in store["bounds"]:
        _bound(line, at, lower, upper)
    whole = {n for _, line in store["int"] for n in line.split()}
    for _, line in store["bin"]:
        for n in line.split():
            whole.add(n)
            lower[n], upper[n] = 0, 1
    return _document(sense, goal, rows, lower, upper, whole, offset)


def _terms(text: str, line: int) -> tuple[dict[str, Number], Number]:
    terms: dict[str, Number] = {}
    constant: Number = 0
    at = 0
    text = text.strip()
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None or match.end() == at or not (match["num"] or match["name"]):
            raise Bad(f"cannot read {text[at : at + 30]!r}", line)
        value = number(match["num"] or "1")
        assert value is not None
        value = -value if match["sign"] == "-" else value
        if match["name"]:
            terms[match["name"]] = terms.get(match["name"], 0) + value
        else:
            constant += value
        at = match.end()
        while at < len(text) and text[at].isspace():
            at += 1
    return terms, constant


def _row(text: str, line: int, count: int) -> tuple[str, dict[str, Number], str, Number]:
    name = f"c{count}"
    if ":" in text:
        label, _, text = text.partition(":")
        name = label.strip() or name
    match = re.match(r"(.*?)(<=|=<|>=|=>|<|>|=)\s*([+-]?\s*[\d.]+(?:[eE][+-]?\d+)?)\s*$", text)
    if not match:
        raise Bad(f"cannot read the constraint {text.strip()[:60]!r}", line)
    terms, constant = _terms(match[1], line)
    right = number(match[3].replace(" ", ""))
    if right is None:
        raise Bad(f"{match[3]!r} is not a number", line)
    op = {"<": "<=", "=<": "<=", ">": ">=", "=>": ">="}.get(match[2], match[2])
    return name, terms, op, right - constant


def _bound(line: str, at: int, lower: dict[str, Number | None], upper: dict[str, Number | None]) -> None:
    def value(text: str) -> Number | None:
        text = text.replace(" ", "").lower()
        if text.lstrip("+-") in {"inf", "infinity"}:
            return None
        found = number(text)
        if found is None:
            raise Bad(f"{text!r} is not a number", at)
        return found

    free = re.fullmatch(r"(\S+)\s+free", line, re.IGNORECASE)
    if free:
        lower[free[1]] = upper[free[1]] = None
        return
    num = r"[+-]?\s*(?:[\d.]+(?:[eE][+-]?\d+)?|inf(?:inity)?)"
    double = re.fullmatch(rf"({num})\s*<=?\s*(\S+)\s*<=?\s*({num})", line, re.IGNORECASE)
    if double:
        lower[double[2]], upper[double[2]] = value(double[1]), value(double[3])
        return
    single = re.fullmatch(rf"([A-Za-z_]\S*)\s*(<=?|>=?|=)\s*({num})", line, re.IGNORECASE)
    if single:
        sides = {"<": (upper,), ">": (lower,), "=": (lower, upper)}[single[2][0]]
        for side in sides:
            side[single[1]] = value(single[3])
        return
    left = re.fullmatch(rf"({num})\s*(<=?|>=?)\s*(\S+)", line, re.IGNORECASE)
    if not left:
        raise Bad(f"cannot read the bound {line[:60]!r}", at)
    (lower if left[2][0] == "<" else upper)[left[3]] = value(left[1])


def _read_mps(text: str) -> dict[str, Any]:
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
    return _document(sense, rows.get(goal_row, {}), lines, lower, upper, whole, -right.get(goal_row, 0))


def _float(value: Number) -> str:
    return str(int(value)) if Fraction(value).denominator == 1 else repr(float(value))


def _safe(ground: Ground) -> list[str]:
    return list(_names(ground.program.names).values())


def to_lp(ground: Ground) -> str:
    """The program as an LP file. Fractions without a short decimal are rounded to the nearest float."""
    program, names = ground.program, _safe(ground)

    def linear(terms: dict[int, Number]) -> str:
        return (
            " ".join(f"{'-' if a < 0 else '+'} {_float(abs(Fraction(a)))} {names[j]}" for j, a in terms.items())
            or f"0 {names[0]}"
        )

    offset = f" {'-' if program.offset < 0 else '+'} {_float(abs(program.offset))}" if program.offset else ""
    out = ["Maximize" if program.maximize else "Minimize", f" obj: {linear(program.cost)}{offset}", "Subject To"]
    for i, row in enumerate(program.rows, 1):
        label = re.sub(r"\W", "_", row.name) or f"c{i}"
        if row.lower is not None and row.lower == row.upper:
            out.append(f" {label}: {linear(row.terms)} = {_float(row.lower)}")
            continue
        if row.lower is not None:
            out.append(f" {label}{'_low' if row.upper is not None else ''}: {linear(row.terms)} >= {_float(row.lower)}")
        if row.upper is not None:
            out.append(f" {label}: {linear(row.terms)} <= {_float(row.upper)}")
    out.append("Bounds")
    for name, low, high in zip(names, program.lower, program.upper, strict=True):
        left = "-inf" if low is None else _float(low)
        out.append(f" {left} <= {name} <= {'inf' if high is None else _float(high)}")
    if any(program.integer):
        out += ["Generals", " " + " ".join(n for n, whole in zip(names, program.integer, strict=True) if whole)]
    return "\n".join([*out, "End", ""])


def to_mps(ground: Ground) -> str:
    """The program as a free MPS file."""
    program, names = ground.program, _safe(ground)
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
        out += [f" {names[j]} {label} {_float(a)}" for label, a in entries or [("obj", 0)]]
    if marked:
        out.append(" MEND 'MARKER' 'INTEND'")
    out.append("RHS")
    if program.offset:
        out.append(f" RHS obj {_float(-program.offset)}")
    ranges = []
    for label, row in rows:
        side = row.lower if row.lower is not None else row.upper
        if side:
            out.append(f" RHS {label} {_float(side)}")
        if row.lower is not None and row.upper is not None and row.lower != row.upper:
            ranges.append(f" RNG {label} {_float(row.upper - row.lower)}")
    out += ["RANGES", *ranges] if ranges else []
    out.append("BOUNDS")
    for name, low, high in zip(names, program.lower, program.upper, strict=True):
        if low is None and high is None:
            out.append(f" FR BND {name}")
            continue
        out.append(f" MI BND {name}" if low is None else f" LO BND {name} {_float(low)}")
        out.append(f" PL BND {name}" if high is None else f" UP BND {name} {_float(high)}")
    return "\n".join([*out, "ENDATA", ""])


def to_pyomo(ground: Ground) -> Any:
    """A Pyomo ConcreteModel of the linear part, for users' own solvers. Needs ``pip install 'quod[pyomo]'``."""
    import pyomo.environ as pyo

    program, names = ground.program, _safe(ground)
    model = pyo.ConcreteModel()
    columns = []
    for j, name in enumerate(names):
        low, high = program.lower[j], program.upper[j]
        bounds = (None if low is None else float(low), None if high is None else float(high))
        variable = pyo.Var(domain=pyo.Integers if program.integer[j] else pyo.Reals, bounds=bounds)
        model.add_component(name, variable)
        columns.append(variable)
    goal = sum(float(c) * columns[j] for j, c in program.cost.items()) + float(program.offset)
    model.objective_ = pyo.Objective(expr=goal, sense=pyo.maximize if program.maximize else pyo.minimize)
    for i, row in enumerate(program.rows, 1):
        ends = [None if v is None else float(v) for v in (row.lower, row.upper)]
        expr = sum(float(a) * columns[j] for j, a in row.terms.items())
        model.add_component(f"r{i}", pyo.Constraint(expr=(ends[0], expr, ends[1])))
    return model
