"""Small models of the controlled translator, solved by looking at every point: no engine needed."""

from __future__ import annotations

import itertools
import json
import math
import re
from fractions import Fraction

from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.controlled.milp import translator

_TERM = re.compile(r"([+-]?)\s*(?:(\d+(?:/\d+)?)\s*\*\s*)?([a-z_]\w*)", re.IGNORECASE)
_RULE = re.compile(r"(.*?)\s*(<=|>=|=)\s*(-?\d+(?:/\d+)?)")


def changed(text: str, old: str, new: str) -> str:
    """The text with one sentence replaced."""
    assert old in text
    return text.replace(old, new)


def _linear(words: str, names: list[str]) -> list[Fraction]:
    terms = dict.fromkeys(names, Fraction(0))
    for sign, size, name in _TERM.findall(words):
        terms[name] += Fraction(size or 1) * (-1 if sign == "-" else 1)
    return [terms[n] for n in names]


def optimum(text: str, top: int = 121) -> float | None:
    """The best value over whole points with coordinates below ``top``; None if the translator abstains."""
    found = translator().translate(Problem(text=text), Run())
    if found.formalization is None:
        assert found.diagnostics
        return None
    model = json.loads(found.formalization.text)
    names = list(model["variables"])
    rows = []
    for constraint in model["constraints"]:
        match = _RULE.fullmatch(constraint["rule"])
        assert match is not None
        rows.append((_linear(match[1], names), match[2], Fraction(match[3])))
    cost = _linear(model["objective"]["expression"], names)
    better = max if model["objective"]["sense"] == "maximize" else min
    whole = [_scaled([*a, b]) for a, _, b in rows]
    inside = (
        point
        for point in itertools.product(range(top), repeat=len(names))
        if all(_holds(_product(a, point), op, c) for (*a, c), (_, op, _) in zip(whole, rows, strict=True))
    )
    values = [_product(cost, point) for point in inside]
    return float(better(values)) if values else None


def _product(row: list[int] | list[Fraction], point: tuple[int, ...]) -> int | Fraction:
    return sum(a * x for a, x in zip(row, point, strict=True))


def _scaled(numbers: list[Fraction]) -> list[int]:
    scale = math.lcm(*(n.denominator for n in numbers))
    return [int(n * scale) for n in numbers]


def _holds(left: int | Fraction, op: str, right: int) -> bool:
    return left <= right if op == "<=" else left >= right if op == ">=" else left == right
