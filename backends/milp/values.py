"""What an expression is worth once its data are in: a number, a linear form, or a tree over linear forms."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quod.backends.milp.linear import Number

__all__ = ["BOOLEAN", "GLOBALS", "RELATIONS", "Lin", "Tree", "TypeTrouble", "Value", "add", "divide", "logic",
           "multiply", "negate", "negation", "power", "relation", "scale", "truth"]  # fmt: skip

RELATIONS = ("<=", ">=", "=", "!=", "<", ">")
GLOBALS = ("all_different", "circuit", "cumulative", "no_overlap", "table", "inverse")
BOOLEAN = frozenset({*RELATIONS, *GLOBALS, "and", "or", "not", "=>", "<=>"})


@dataclass(slots=True)
class Lin:
    """``sum terms + const`` over columns."""

    terms: dict[int, Number]
    const: Number = 0


@dataclass(slots=True)
class Tree:
    """An operation that is not linear. Relations compare their one argument with zero."""

    op: str
    args: list[Value]

    @property
    def boolean(self) -> bool:
        return self.op in BOOLEAN


Value = int | Fraction | bool | str | tuple | list | Lin | Tree  # type: ignore[type-arg] # members and lists of values


class TypeTrouble(Exception):  # noqa: N818 - becomes a diagnostic with a place
    """A value of the wrong kind."""


def _numeric(value: Value) -> Value:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, Fraction, Lin, Tree)):
        return value
    kind = "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a tuple"
    raise TypeTrouble(f"a number is needed here, not {kind}")


def add(items: Iterable[tuple[int, Value]]) -> Value:
    """The signed sum."""
    const: Number = 0
    terms: dict[int, Number] | None = None
    trees: list[Value] = []
    for sign, raw in items:
        if raw.__class__ is Lin:
            lin: Lin = raw
            if terms is None:
                terms = {}
            if sign > 0:
                for j, a in lin.terms.items():
                    terms[j] = terms[j] + a if j in terms else a
                if lin.const:
                    const += lin.const
            else:
                for j, a in lin.terms.items():
                    terms[j] = terms[j] - a if j in terms else -a
                const -= lin.const
            continue
        value = _numeric(raw)
        if isinstance(value, Tree):
            trees.append(value if sign > 0 else Tree("*", [-1, value]))
        else:
            const = const + value if sign > 0 else const - value  # type: ignore[operator]
    if trees:
        if terms or const:
            trees.append(Lin(terms or {}, const))
        return trees[0] if len(trees) == 1 else Tree("+", trees)
    if terms is None:
        return const
    return Lin({j: a for j, a in terms.items() if a}, const)


def scale(lin: Lin, by: Number) -> Value:
    if by == 1:
        return lin
    if by == 0:
        return 0
    return Lin({j: by if a == 1 else a * by for j, a in lin.terms.items()}, lin.const * by if lin.const else 0)


def multiply(a: Value, b: Value) -> Value:
    a, b = _numeric(a), _numeric(b)
    if isinstance(a, Lin) and not a.terms:
        a = a.const
    if isinstance(b, Lin) and not b.terms:
        b = b.const
    if isinstance(a, (Lin, Tree)) and not isinstance(b, (Lin, Tree)):
        a, b = b, a
    if isinstance(a, (int, Fraction)):
        if isinstance(b, (int, Fraction)):
            return a * b
        if isinstance(b, Lin):
            return scale(b, a)
        return b if a == 1 else 0 if a == 0 else Tree("*", [a, b])
    return Tree("*", [a, b])


def negate(a: Value) -> Value:
    return multiply(-1, a)


def divide(a: Value, b: Value) -> Value:
    a, b = _numeric(a), _numeric(b)
    if isinstance(b, Lin) and not b.terms:
        b = b.const
    if isinstance(b, (int, Fraction)):
        if b == 0:
            raise ZeroDivisionError
        inverse = Fraction(1, 1) / b
        return multiply(inverse.numerator if inverse.denominator == 1 else inverse, a)
    return Tree("/", [a, b])


def power(a: Value, b: Value) -> Value:
    a, b = _numeric(a), _numeric(b)
    if isinstance(b, (Lin, Tree)):
        raise TypeTrouble("an exponent must be a number, not a variable")
    if isinstance(a, (int, Fraction)):
        if isinstance(b, int):
            if abs(b) > 64:
                raise TypeTrouble("an exponent may be at most 64")
            return Fraction(a) ** b if b < 0 else a**b
        raise TypeTrouble("a fractional power of a number is not exact")
    if b == 1:
        return a
    if b == 0:
        return 1
    return Tree("^", [a, b])


def relation(op: str, a: Value, b: Value) -> Value:
    """``a op b``: a truth value for data, else a relation of ``a - b`` with zero."""
    if isinstance(a, (str, tuple)) or isinstance(b, (str, tuple)):
        if op == "=":
            return a == b
        if op == "!=":
            return a != b
        raise TypeTrouble("text and members can only be compared with = and !=")
    if isinstance(a, Tree) and a.boolean and isinstance(b, Tree) and b.boolean and op in {"=", "!="}:
        same = Tree("<=>", [a, b])
        return same if op == "=" else Tree("not", [same])
    difference = add([(1, a), (-1, b)])
    if isinstance(difference, Lin) and not difference.terms:
        difference = difference.const
    if isinstance(difference, (int, Fraction)):
        d = difference
        return {"<=": d <= 0, ">=": d >= 0, "=": d == 0, "!=": d != 0, "<": d < 0, ">": d > 0}[op]
    return Tree(op, [difference])


def truth(value: Value, binary: Sequence[bool]) -> Value:
    """A truth value; a binary variable is one."""
    if isinstance(value, bool) or (isinstance(value, Tree) and value.boolean):
        return value
    if isinstance(value, Lin) and len(value.terms) == 1 and not value.const:
        ((j, a),) = value.terms.items()
        if a == 1 and binary[j]:
            return Tree(">=", [Lin({j: 1}, -1)])
    if isinstance(value, int) and value in {0, 1}:
        return bool(value)
    raise TypeTrouble("a truth value is needed here: a comparison or a binary variable")


def negation(value: Value) -> Value:
    if isinstance(value, bool):
        return not value
    if isinstance(value, Tree) and value.op == "not":
        return value.args[0]
    return Tree("not", [value])


def logic(op: str, args: list[Value]) -> Value:
    """Connects truth values, simplifying those already known."""
    if op in {"and", "or"}:
        stop = op == "or"
        rest = [a for a in args if not isinstance(a, bool)]
        if any(a is stop for a in args):
            return stop
        if not rest:
            return not stop
        return rest[0] if len(rest) == 1 else Tree(op, rest)
    a, b = args[0], args[1]
    if op == "=>":
        if isinstance(a, bool):
            return b if a else True
        if isinstance(b, bool):
            return True if b else negation(a)
        return Tree("=>", [a, b])
    if len(args) > 2:
        return logic("and", [logic("<=>", [x, y]) for x, y in itertools.pairwise(args)])
    if isinstance(a, bool):
        return b if a else negation(b)
    if isinstance(b, bool):
        return a if b else negation(a)
    return Tree("<=>", [a, b])
