"""Exact evaluation of quantifier-free SMT-LIB terms over booleans, integers and reals. Part of what has to be trusted
for arithmetic: a solution an engine offers is put into every assertion. Imports no solver; no floating point.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from quod.backends.fol.sexpr import Node

__all__ = ["CannotEvaluate", "Value", "evaluate"]

Value = bool | Fraction


class CannotEvaluate(Exception):  # noqa: N818 - a limit of this evaluator
    """The term uses something this evaluator does not know."""


def _div(a: Fraction, b: Fraction) -> Fraction:
    """SMT-LIB's integer division: the remainder is never negative."""
    if b == 0 or a.denominator != 1 or b.denominator != 1:
        raise CannotEvaluate("division")
    q = a // b if b > 0 else -(a // -b)
    return Fraction(q)


def _quotient(a: Fraction, b: Fraction) -> Fraction:
    if b == 0:
        raise CannotEvaluate("division by zero")
    return a / b


_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def evaluate(node: Node, env: dict[str, Value], functions: dict[str, tuple[tuple[str, ...], Node]]) -> Value:
    """The value of a term. ``functions`` are the script's own definitions. Raises CannotEvaluate."""
    if node.items is None:
        return _atom(node.text, env)
    if not node.items:
        raise CannotEvaluate("()")
    name = node.items[0].text
    args = node.items[1:]
    if name == "!":
        return evaluate(args[0], env, functions)
    if name == "let":
        inner = dict(env)
        for pair in args[0].items or ():
            assert pair.items is not None
            inner[pair.items[0].text] = evaluate(pair.items[1], env, functions)
        return evaluate(args[1], inner, functions)
    values = [evaluate(a, env, functions) for a in args]
    if name in functions:
        names, body = functions[name]
        if len(names) != len(values):
            raise CannotEvaluate(name)
        return evaluate(body, {**dict(zip(names, values, strict=True))}, functions)
    return _apply(name, values)


def _atom(text: str, env: dict[str, Value]) -> Value:
    if text in env:
        return env[text]
    if text in {"true", "false"}:
        return text == "true"
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise CannotEvaluate(text) from None


def _numbers(name: str, values: list[Value]) -> list[Fraction]:
    found = [v for v in values if isinstance(v, Fraction)]
    if len(found) != len(values) or not found:
        raise CannotEvaluate(name)
    return found


def _booleans(name: str, values: list[Value]) -> list[bool]:
    found = [v for v in values if isinstance(v, bool)]
    if len(found) != len(values) or not found:
        raise CannotEvaluate(name)
    return found


def _apply(name: str, values: list[Value]) -> Value:
    if name in {"=", "distinct"}:
        if len({type(v) for v in values}) > 1:
            raise CannotEvaluate(name)
        return len(set(values)) == (1 if name == "=" else len(values))
    if name == "ite" and len(values) == 3 and isinstance(values[0], bool):
        return values[1] if values[0] else values[2]
    if name in {"not", "and", "or", "=>", "xor"}:
        return _connective(name, _booleans(name, values))
    numbers = _numbers(name, values)
    if name in _COMPARE:
        return all(_COMPARE[name](a, b) for a, b in pairwise(numbers))
    return _arithmetic(name, numbers)


def _connective(name: str, values: list[bool]) -> bool:
    if name == "not" and len(values) == 1:
        return not values[0]
    if name == "and":
        return all(values)
    if name == "or":
        return any(values)
    if name == "=>":
        return values[-1] or not all(values[:-1])
    if name == "xor":
        return sum(values) % 2 == 1
    raise CannotEvaluate(name)


def _arithmetic(name: str, numbers: list[Fraction]) -> Fraction:
    first, rest = numbers[0], numbers[1:]
    if name == "+":
        return sum(numbers, Fraction(0))
    if name == "-":
        return -first if not rest else first - sum(rest, Fraction(0))
    if name == "*":
        product = Fraction(1)
        for n in numbers:
            product *= n
        return product
    if name in {"/", "div"} and len(rest) == 1:
        return _quotient(first, rest[0]) if name == "/" else _div(first, rest[0])
    if name == "mod" and len(rest) == 1:
        return first - rest[0] * _div(first, rest[0])
    if name == "abs" and not rest:
        return abs(first)
    if name in {"to_real", "to_int"} and not rest:
        return first if name == "to_real" else Fraction(first.numerator // first.denominator)
    raise CannotEvaluate(name)
