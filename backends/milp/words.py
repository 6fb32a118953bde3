"""Results in words, made from the model's own glosses and the problem's words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import Number

__all__ = ["amount", "column_words", "joined", "plan_words", "requirement"]

SHOWN = 12
"""At most this many quantities are named in a sentence."""


def amount(value: Number) -> str:
    """A number for a person: decimals where they are exact and short, else a fraction with its decimal value."""
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator) if abs(value) < 10**15 else f"{float(value):.6g}"
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1:
        short = f"{float(value):.6f}".rstrip("0")
        if Fraction(short) == value:
            return short
    if value.denominator < 1000:
        return f"{value.numerator}/{value.denominator} (about {float(value):.4g})"
    return f"about {float(value):.6g}"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def column_words(ground: Ground, j: int, value: Number | None = None) -> str:
    """``3 chairs`` for a column with a gloss, else ``chairs[oak] = 3``; without a value only the name."""
    name, index = ground.base[j]
    gloss = next((v.gloss for v in ground.model.variables if v.name == name), "")
    at = f" ({', '.join(map(str, index))})" if index else ""
    if value is None:
        return f"{gloss}{at}" if gloss else ground.program.names[j]
    if gloss:
        return f"{amount(value)} {gloss}{at}"
    return f"{ground.program.names[j]} = {amount(value)}"


def plan_words(ground: Ground, x: Sequence[Number], value: Fraction | None, conclusion: str) -> str:
    """The answer in one or two sentences."""
    chosen = [j for j, v in enumerate(x) if v]
    if len(x) <= 4:
        chosen = list(range(len(x)))
    parts = [column_words(ground, j, x[j]) for j in chosen[:SHOWN]]
    if len(chosen) > SHOWN:
        parts.append(f"{len(chosen) - SHOWN} more quantities that are not zero")
    plan = joined(parts) or "Nothing at all"
    objective = ground.model.objective
    if objective is None or value is None:
        return f"{plan}. This meets every requirement."
    what = objective.gloss or "objective"
    better = "more" if objective.sense == "maximize" else "less"
    tail = f", and no plan gives {better}" if conclusion == "optimal" else ""
    return f"{plan}: the {what} is {amount(value)}{tail}."


def requirement(ground: Ground, origin: int, name: str) -> str:
    """The words a constraint came from, else its name."""
    if origin >= 0:
        words = ground.model.constraints[origin].words
        if words:
            return f"“{words}”"
    return f"'{name}'"
