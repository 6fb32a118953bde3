"""LP files (the CPLEX dialect without quadratic parts), in and out."""

from __future__ import annotations

import re
from typing import Any

from quod.backends.milp.ground import Ground
from quod.backends.milp.interchange import Bad, as_float, document, safe_names
from quod.backends.milp.linear import Number
from quod.backends.milp.reading import number

__all__ = ["read_lp", "to_lp"]

_SECTION = re.compile(
    r"\s*(?P<obj>max(?:imi[sz]e|imum)?|min(?:imi[sz]e|imum)?)|(?P<st>subject\s+to|such\s+that|s\.?t\.?)|(?P<bounds>bounds?)"
    r"|(?P<int>gen(?:eral|erals)?|int(?:eger|egers)?)|(?P<bin>bin(?:ary|aries)?)|(?P<end>end)",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?P<num>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)?\s*\*?\s*(?P<name>[A-Za-z_][\w.\[\],()#$%&!@]*)?"
)


def read_lp(text: str) -> dict[str, Any]:
    """A model's JSON. Raises Bad."""
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
    return document(sense, goal, rows, lower, upper, whole, offset)


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


def to_lp(ground: Ground) -> str:
    """The program as an LP file. Fractions without a short decimal are rounded to the nearest float."""
    program, names = ground.program, safe_names(ground)

    def signed(a: Number) -> str:
        return f"- {as_float(-a)}" if a < 0 else f"+ {as_float(a)}"

    def linear(terms: dict[int, Number]) -> str:
        return " ".join(f"{signed(a)} {names[j]}" for j, a in terms.items()) or f"0 {names[0]}"

    offset = f" {signed(program.offset)}" if program.offset else ""
    out = ["Maximize" if program.maximize else "Minimize", f" obj: {linear(program.cost)}{offset}", "Subject To"]
    for i, row in enumerate(program.rows, 1):
        label = re.sub(r"\W", "_", row.name) or f"c{i}"
        if row.lower is not None and row.lower == row.upper:
            out.append(f" {label}: {linear(row.terms)} = {as_float(row.lower)}")
            continue
        if row.lower is not None:
            out.append(
                f" {label}{'_low' if row.upper is not None else ''}: {linear(row.terms)} >= {as_float(row.lower)}"
            )
        if row.upper is not None:
            out.append(f" {label}: {linear(row.terms)} <= {as_float(row.upper)}")
    out.append("Bounds")
    for name, low, high in zip(names, program.lower, program.upper, strict=True):
        left = "-inf" if low is None else as_float(low)
        out.append(f" {left} <= {name} <= {'inf' if high is None else as_float(high)}")
    if any(program.integer):
        out += ["Generals", " " + " ".join(n for n, whole in zip(names, program.integer, strict=True) if whole)]
    return "\n".join([*out, "End", ""])
