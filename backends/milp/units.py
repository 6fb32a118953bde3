"""Units of parameters and variables: dollars are not added to hours, nor minutes to hours.

A name without a unit, and a bare number, may have any unit, so nothing is said of them. Where both sides are of one
unit with a fixed meaning (money, time, mass, length …) a mismatch is an error, else (chairs, trips) a warning.
"""

from __future__ import annotations

import re
from fractions import Fraction

from quod.backends.milp import codes
from quod.backends.milp.model import Model
from quod.backends.milp.nodes import (
    Add,
    Call,
    Compare,
    Comprehension,
    Expr,
    Index,
    Logic,
    Mul,
    Name,
    Not,
    Num,
    Plain,
    Pow,
)
from quod.backends.milp.plain import spelled
from quod.backends.milp.reading import Path, locate
from quod.core.diagnostics import Diagnostic

__all__ = ["Unit", "check_units", "parse_unit"]

Unit = dict[str, Fraction]
"""Powers of base units: dollars per hour are ``{"dollar": 1, "hour": -1}``; ``{}`` is a pure number."""

_SAME = {
    "$": "dollar", "usd": "dollar", "buck": "dollar", "€": "euro", "eur": "euro", "£": "pound sterling",
    "h": "hour", "hr": "hour", "min": "minute", "sec": "second", "s": "second", "d": "day", "wk": "week",
    "kg": "kilogram", "kilo": "kilogram", "kilogramme": "kilogram", "g": "gram", "gramme": "gram", "mg": "milligram",
    "t": "tonne", "lb": "pound", "oz": "ounce", "l": "litre", "liter": "litre", "ml": "millilitre",
    "milliliter": "millilitre", "m": "metre", "meter": "metre", "km": "kilometre", "kilometer": "kilometre",
    "cm": "centimetre", "centimeter": "centimetre", "ft": "foot", "feet": "foot", "in": "inch", "mi": "mile",
    "kwh": "kilowatt-hour", "gal": "gallon", "%": "percent",
}  # fmt: skip
_FIXED = frozenset(
    "dollar cent euro hour minute second day week month year kilogram gram milligram tonne ton pound ounce litre "
    "millilitre gallon metre kilometre centimetre foot inch mile acre hectare kilowatt kilowatt-hour calorie".split()
)
_PART = re.compile(
    r"\s*(per\b|[/*·×])?\s*(?:(sq(?:uare)?|cu(?:bic)?)\.?\s+)?"
    r"([^\W\d²³]+(?:[-\s](?!per\b)[^\W\d²³]+)*|[$€£%])(?:\s*(?:\^|\*\*)\s*(\d)|([²³]))?",
    re.IGNORECASE,
)


def parse_unit(text: str) -> Unit | None:
    """A unit as people write it: ``$ per hour``, ``kg/m²``, ``square feet``; None if it cannot be told."""
    unit: Unit = {}
    at, text = 0, text.strip()
    below = False
    while at < len(text):
        match = _PART.match(text, at)
        if match is None or match.end() == at:
            return None
        joint, power, name, exponent, raised = match.groups()
        if joint in {"/", "per", "Per"}:
            below = True
        elif joint in {"*", "·", "×"} or not unit:
            below = False
        base = _base(name.lower())
        size = int(exponent or {"²": 2, "³": 3}.get(raised, 0) or {"s": 2, "c": 3}.get((power or "")[:1].lower(), 1))
        unit[base] = unit.get(base, Fraction(0)) + (-size if below else size)
        at = match.end()
    return {name: p for name, p in unit.items() if p}


def _base(name: str) -> str:
    name = " ".join(name.split())
    if name in _SAME:
        return _SAME[name]
    single = name[:-1] if name.endswith("s") and not name.endswith("ss") and len(name) > 2 else name
    return _SAME.get(single, single)


def check_units(model: Model) -> list[Diagnostic]:
    """Everything added, compared or optimized whose units differ."""
    known = {p.name: parse_unit(p.unit) for p in model.parameters if p.unit}
    known |= {v.name: parse_unit(v.unit) for v in model.variables if v.unit}
    units = {name: unit for name, unit in known.items() if unit is not None}
    if not units:
        return []
    checker = _Checker(model.text, units)
    for c in model.constraints:
        checker.path = c.path if c.bare else (*c.path, "rule")
        checker.unit(c.rule)
    for p in model.parameters:
        if p.expression is not None:
            checker.path = (*p.path, "expression")
            checker.same(units.get(p.name), checker.unit(p.expression), p.expression, "has the value")
    for v in model.variables:
        for key, bound in (("lower", v.lower), ("upper", v.upper)):
            if bound is not None:
                checker.path = (*v.path, key)
                checker.same(units.get(v.name), checker.unit(bound), bound, "is bounded by")
    if model.objective is not None:
        checker.path = (*model.objective.path, "expression")
        found = checker.unit(model.objective.expression)
        wanted = parse_unit(model.objective.unit) if model.objective.unit else None
        checker.same(wanted, found, model.objective.expression, "is measured by")
    return checker.found


class _Checker:
    def __init__(self, text: str, units: dict[str, Unit]) -> None:
        self.text, self.units = text, units
        self.path: Path = ()
        self.found: list[Diagnostic] = []

    def same(self, a: Unit | None, b: Unit | None, node: Expr, verb: str) -> Unit | None:
        """The one unit of both; a diagnostic if they differ. What is unknown takes the other's unit."""
        if a is None or b is None:
            return b if a is None else a
        if _left_out(a, b) or _left_out(b, a):
            return a if len(a) < len(b) else b
        if a != b and len(self.found) < 20:
            message = f"units do not match: what is in {_shown(a)} {verb} what is in {_shown(b)}"
            span = locate(self.text, self.path, (node.start, node.end))
            fixed = set(a) | set(b) <= _FIXED and all(list(u.values()) == [1] for u in (a, b))
            make = codes.UNIT_MISMATCH.error if fixed else codes.UNIT_MISMATCH.warning
            self.found.append(make(message, span=span, hint="convert one of them, or mend the unit"))
        return a

    def unit(self, node: Expr) -> Unit | None:
        """The unit of an expression, None if it may be any."""
        match node:
            case Name(name=name) | Index(name=name):
                return self.units.get(name)
            case Add(terms=terms):
                result: Unit | None = None
                for _, e in terms:
                    result = self.same(result, self.unit(e), node, "is added to")
                return result
            case Plain():
                return self.unit(spelled(node))
            case Compare(first=first, rest=rest):
                result = self.unit(first)
                for _, e in rest:
                    result = self.same(result, self.unit(e), node, "is compared with")
                return None
            case Mul(factors=factors):
                return self._product([(inverse, self.unit(e)) for inverse, e in factors])
            case Pow(base=base, exponent=exponent):
                unit = self.unit(base)
                if unit is None or not isinstance(exponent, Num):
                    return None
                return {name: p * Fraction(exponent.value) for name, p in unit.items() if exponent.value}
            case Comprehension(function=function, body=body, condition=condition, extra=extra):
                for e in (*extra, *([condition] if condition else [])):
                    self.unit(e)
                unit = self.unit(body)
                return unit if function in {"sum", "min", "max"} else None
            case Call(function=function, args=args):
                parts = [self.unit(e) for e in args]
                if function not in {"min", "max", "abs", "sum", "floor", "ceil"}:
                    return None
                result = None
                for part in parts:
                    result = self.same(result, part, node, "is compared with")
                return result
            case Logic(args=args):
                for e in args:
                    self.unit(e)
            case Not(arg=arg):
                self.unit(arg)
        return None

    def _product(self, parts: list[tuple[bool, Unit | None]]) -> Unit | None:
        total: Unit = {}
        for inverse, unit in parts:
            if unit is None:
                return None
            for name, p in unit.items():
                total[name] = total.get(name, Fraction(0)) + (-p if inverse else p)
        return {name: p for name, p in total.items() if p}


def _left_out(short: Unit, long: Unit) -> bool:
    """Whether a "per" was left out: costs in "dollars" times pallets are meant to be dollars.

    ``dollar pallet`` is let pass beside ``dollar``; ``dollar per pallet`` beside ``dollar`` is not, since there the
    number of pallets was forgotten.
    """
    more = set(long) - set(short)
    return bool(short and more) and all(long[n] > 0 for n in more) and all(long.get(n) == p for n, p in short.items())


def _shown(unit: Unit) -> str:
    above = [_raised(name, p) for name, p in unit.items() if p > 0]
    below = [_raised(name, -p) for name, p in unit.items() if p < 0]
    return (" ".join(above) or "pure numbers") + (f" per {' '.join(below)}" if below else "")


def _raised(name: str, power: Fraction) -> str:
    return name if power == 1 else f"{name}^{power}"
