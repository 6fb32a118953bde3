"""Two-variable models of the controlled translator, solved by looking at every point: no engine needed."""

from __future__ import annotations

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
    """The best value over whole points from 0 to ``top``; None if the translator abstains."""
    found = translator().translate(Problem(text=text), Run())
    if found.formalization is None:
        assert found.diagnostics
        return None
    model = json.loads(found.formalization.text)
    names = list(model["variables"])
    assert len(names) == 2
    rows = []
    for constraint in model["constraints"]:
        match = _RULE.fullmatch(constraint["rule"])
        assert match is not None
        rows.append((_linear(match[1], names), match[2], Fraction(match[3])))
    cost = _linear(model["objective"]["expression"], names)
    better = max if model["objective"]["sense"] == "maximize" else min
    whole = [_scaled([*a, b]) for a, _, b in rows]
    inside = (
        (x, y)
        for x in range(top)
        for y in range(top)
        if all(_holds(a * x + b * y, op, c) for (a, b, c), (_, op, _) in zip(whole, rows, strict=True))
    )
    values = [cost[0] * x + cost[1] * y for x, y in inside]
    return float(better(values)) if values else None


def _scaled(numbers: list[Fraction]) -> list[int]:
    scale = math.lcm(*(n.denominator for n in numbers))
    return [int(n * scale) for n in numbers]


def _holds(left: int, op: str, right: int) -> bool:
    return left <= right if op == "<=" else left >= right if op == ">=" else left == right
