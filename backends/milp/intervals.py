"""Enclosures: what a nonlinear expression is worth at an exact point, between two fractions that surely hold it.

Arithmetic is exact; roots are bracketed by whole-number roots; ``exp log sin cos`` come from the C library, whose
results are taken to be within ``ULPS`` units in the last place (glibc documents at most 2 for these).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from quod.backends.milp.values import Lin, Tree, Value

__all__ = ["ULPS", "Interval", "enclose", "violation"]

ULPS = 4
DIGITS = 10**18
Interval = tuple[Fraction, Fraction]


def enclose(value: Value, x: Sequence[Fraction]) -> Interval:
    """Raises ValueError where the expression is not defined (or not a number), ZeroDivisionError, OverflowError."""
    if isinstance(value, Lin):
        total = Fraction(value.const) + sum((Fraction(a) * x[j] for j, a in value.terms.items()), Fraction(0))
        return total, total
    if isinstance(value, Tree) and not value.boolean:
        return _tree(value, x)
    if isinstance(value, (int, Fraction)):
        return Fraction(value), Fraction(value)
    raise ValueError(f"not a number: {value!r}")


def violation(value: Value, x: Sequence[Fraction]) -> Fraction:
    """By how much, at the very most, a relation (or a conjunction of them) fails at the point; 0 if it surely holds."""
    if isinstance(value, bool):
        if value:
            return Fraction(0)
        raise ValueError("never true")
    assert isinstance(value, Tree)
    if value.op == "and":
        return max((violation(a, x) for a in value.args), default=Fraction(0))
    low, high = enclose(value.args[0], x)
    if value.op == "<=":
        return max(high, Fraction(0))
    if value.op == ">=":
        return max(-low, Fraction(0))
    if value.op == "=":
        return max(abs(low), abs(high))
    raise ValueError(f"'{value.op}' is not measured")


def _tree(tree: Tree, x: Sequence[Fraction]) -> Interval:
    op = tree.op
    parts = [enclose(a, x) for a in tree.args]
    if op == "+":
        return sum((a for a, _ in parts), Fraction(0)), sum((b for _, b in parts), Fraction(0))
    if op == "*":
        return _times(parts[0], parts[1])
    if op == "/":
        low, high = parts[1]
        if low <= 0 <= high:
            raise ZeroDivisionError
        return _times(parts[0], (1 / high, 1 / low))
    if op == "^":
        return _power(parts[0], parts[1])
    if op in {"min", "max"}:
        pick = min if op == "min" else max
        return pick(a for a, _ in parts), pick(b for _, b in parts)
    low, high = parts[0]
    if op == "abs":
        ends = sorted((abs(low), abs(high)))
        return (Fraction(0) if low < 0 < high else ends[0]), ends[1]
    if op == "sqrt":
        return _root(low, up=False), _root(high, up=True)
    if op in {"exp", "log"}:
        function = math.exp if op == "exp" else math.log
        return _near(function, low)[0], _near(function, high)[1]
    if op in {"sin", "cos"}:
        # neither changes faster than its argument
        function = math.sin if op == "sin" else math.cos
        bottom, top = _near(function, (low + high) / 2)
        spread = (high - low) / 2
        return max(bottom - spread, Fraction(-1)), min(top + spread, Fraction(1))
    raise ValueError(f"'{op}' is not measured")


def _times(a: Interval, b: Interval) -> Interval:
    products = [u * v for u in a for v in b]
    return min(products), max(products)


def _power(base: Interval, exponent: Interval) -> Interval:
    p, other = exponent
    if p != other:
        raise ValueError("the exponent is not a number")
    if p.denominator != 1:
        if p == Fraction(1, 2):
            return _root(base[0], up=False), _root(base[1], up=True)
        # b^p = exp(p log b), b > 0
        logs = _near(math.log, base[0])[0], _near(math.log, base[1])[1]
        low, high = _times(logs, (p, p))
        return _near(math.exp, low)[0], _near(math.exp, high)[1]
    k = int(p)
    if k < 0 and base[0] <= 0 <= base[1]:
        raise ZeroDivisionError
    ends = sorted((base[0] ** k, base[1] ** k))
    if k > 0 and k % 2 == 0 and base[0] < 0 < base[1]:
        return Fraction(0), ends[1]
    return ends[0], ends[1]


def _root(v: Fraction, *, up: bool) -> Fraction:
    if v < 0:
        raise ValueError("the root of a negative number")
    scaled = v * DIGITS * DIGITS
    whole = math.isqrt(-(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator)
    if up and whole * whole < scaled:
        whole += 1
    return Fraction(whole, DIGITS)


def _near(function: object, at: Fraction) -> Interval:
    """The function at a fraction: at the floats on either side of it, with the library's error about each."""
    assert callable(function)
    middle = float(at)
    values = []
    for argument in {middle, math.nextafter(middle, -math.inf), math.nextafter(middle, math.inf)}:
        if function is math.log and argument <= 0:
            raise ValueError("the logarithm of what may not be positive")
        value = function(argument)
        margin = ULPS * Fraction(math.ulp(value))
        values += [Fraction(value) - margin, Fraction(value) + margin]
    return min(values), max(values)
