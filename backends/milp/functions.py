"""What the functions of the language do to values: sums and extremes, logic, counting and the global constraints."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from quod.backends.milp.values import Lin, Tree, TypeTrouble, Value, add, logic, multiply, relation, truth

__all__ = ["FUNCTIONS"]

UNARY = ("abs", "sqrt", "exp", "log", "sin", "cos", "floor", "ceil")
Function = Callable[[list[Value], list[bool]], Value]


def _flat(args: list[Value]) -> list[Value]:
    return args[0] if len(args) == 1 and isinstance(args[0], list) else args


def _want(args: list[Value], count: int, name: str) -> None:
    if len(args) != count:
        raise TypeTrouble(f"{name} takes {count} arguments, {len(args)} given")


def _lists(args: list[Value], name: str, count: int) -> list[list[Value]]:
    for a in args[:count]:
        if not isinstance(a, list):
            raise TypeTrouble(f"{name} takes lists: [x[i] for i in S]")
    return args  # type: ignore[return-value]


def _sum(args: list[Value], binary: list[bool]) -> Value:  # noqa: ARG001
    return add((1, a) for a in _flat(args))


def _prod(args: list[Value], binary: list[bool]) -> Value:  # noqa: ARG001
    value: Value = 1
    for a in _flat(args):
        value = multiply(value, a)
    return value


def _extreme(name: str) -> Function:
    def apply(args: list[Value], binary: list[bool]) -> Value:  # noqa: ARG001
        items = _flat(args)
        if not items:
            raise TypeTrouble(f"{name} of nothing")
        if all(isinstance(a, (int, Fraction)) for a in items):
            return (min if name == "min" else max)(items)  # type: ignore[type-var]
        return Tree(name, [add([(1, a)]) for a in items])

    return apply


def _unary(name: str) -> Function:
    def apply(args: list[Value], binary: list[bool]) -> Value:  # noqa: ARG001
        _want(args, 1, name)
        a = add([(1, args[0])])
        if isinstance(a, (int, Fraction)):
            if name == "abs":
                return max(a, -a)
            if name == "floor":
                return a.__floor__()
            if name == "ceil":
                return a.__ceil__()
            if name == "sqrt" and a >= 0:
                f = Fraction(a)
                top, bottom = _root(f.numerator), _root(f.denominator)
                if top is not None and bottom is not None:
                    return Fraction(top, bottom) if bottom > 1 else top
            raise TypeTrouble(f"{name}({a}) is not an exact number")
        if name in {"floor", "ceil"}:
            raise TypeTrouble(f"{name} of a variable is not supported")
        return Tree(name, [a])

    return apply


def _root(n: int) -> int | None:
    r = isqrt(n)
    return r if r * r == n else None


def _all(op: str) -> Function:
    def apply(args: list[Value], binary: list[bool]) -> Value:
        return logic(op, [truth(a, binary) for a in _flat(args)])

    return apply


def _count(args: list[Value], binary: list[bool]) -> Value:
    return add((1, truth(a, binary)) for a in _flat(args))


def _cardinality(op: str) -> Function:
    def apply(args: list[Value], binary: list[bool]) -> Value:
        if not args or not isinstance(args[0], int):
            raise TypeTrouble("the first argument is how many: exactly(2, x[i] for i in S)")
        items = args[1] if len(args) == 2 and isinstance(args[1], list) else args[1:]
        # binary variables count as themselves, so that the result stays linear where it can
        return relation(op, add((1, _countable(a, binary)) for a in items), args[0])

    return apply


def _countable(value: Value, binary: list[bool]) -> Value:
    if isinstance(value, Lin) and len(value.terms) == 1 and not value.const and binary[next(iter(value.terms))]:
        return value
    return truth(value, binary)


def _global(name: str, lists: int, total: int) -> Function:
    def apply(args: list[Value], binary: list[bool]) -> Value:  # noqa: ARG001
        if total == 1 and len(args) != 1:
            args = [list(args)]
        _want(args, total, name)
        found = _lists(args, name, lists)
        if name == "table":
            _rows(found[0], found[1])
        elif len({len(part) for part in found[:lists]}) > 1:
            lengths = ", ".join(str(len(part)) for part in found[:lists])
            raise TypeTrouble(f"the lists of {name} must be equally long, not {lengths}")
        return Tree(name, list(found))

    return apply


def _rows(columns: list[Value], rows: list[Value]) -> None:
    for row in rows:
        if not isinstance(row, (list, tuple)) or len(row) != len(columns):
            raise TypeTrouble(f"every row of a table must be a list of {len(columns)} values")
        if not all(isinstance(v, (int, Fraction)) for v in row):
            raise TypeTrouble("the rows of a table must be numbers")


def _element(args: list[Value], binary: list[bool]) -> Value:  # noqa: ARG001
    _want(args, 2, "element")
    items, index = args
    if not isinstance(items, list) or not items:
        raise TypeTrouble("element takes a list and a position: element([p[i] for i in S], k)")
    if isinstance(index, int):
        if not 1 <= index <= len(items):
            raise TypeTrouble(f"position {index} is outside the list of {len(items)}")
        return items[index - 1]  # type: ignore[no-any-return]
    return Tree("element", [items, index])


def _length(args: list[Value], binary: list[bool]) -> Value:  # noqa: ARG001
    if len(args) != 1 or not isinstance(args[0], list):
        raise TypeTrouble("len takes a set or a list")
    return len(args[0])


def _mod(args: list[Value], binary: list[bool]) -> Value:  # noqa: ARG001
    _want(args, 2, "mod")
    a, b = args
    if not isinstance(a, int) or not isinstance(b, int):
        raise TypeTrouble(
            "mod takes whole numbers that are known; of a variable, write x = n*q + r with 0 <= r <= n - 1"
        )
    if b == 0:
        raise TypeTrouble("division by zero")
    return a % b


FUNCTIONS: dict[str, Function] = {
    "sum": _sum,
    "prod": _prod,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "forall": _all("and"),
    "exists": _all("or"),
    "count": _count,
    "exactly": _cardinality("="),
    "at_least": _cardinality(">="),
    "at_most": _cardinality("<="),
    "element": _element,
    "len": _length,
    "mod": _mod,
    "all_different": _global("all_different", 1, 1),
    "circuit": _global("circuit", 1, 1),
    "cumulative": _global("cumulative", 3, 4),
    "no_overlap": _global("no_overlap", 2, 2),
    "table": _global("table", 2, 2),
    "inverse": _global("inverse", 2, 2),
    **{name: _unary(name) for name in UNARY},
}
