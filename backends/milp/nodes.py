"""The syntax tree of an expression. Nodes know their place in the text; they are walked, never run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quod.backends.milp.linear import Number

__all__ = [
    "Add", "Binder", "Call", "Compare", "Comprehension", "Expr", "Index", "ListExpr", "Logic", "Member", "Mul", "Name",
    "Not", "Num", "Plain", "Pow", "Text", "TupleExpr", "children",
]  # fmt: skip


@dataclass(slots=True)
class Expr:
    """A node; ``start`` and ``end`` are character offsets in the expression's text."""

    start: int
    end: int


@dataclass(slots=True)
class Num(Expr):
    value: Number


@dataclass(slots=True)
class Text(Expr):
    value: str


@dataclass(slots=True)
class Name(Expr):
    name: str


@dataclass(slots=True)
class Index(Expr):
    name: str
    args: tuple[Expr, ...]


@dataclass(slots=True)
class Add(Expr):
    terms: tuple[tuple[int, Expr], ...]
    """Signs (1 or -1) and terms."""


@dataclass(slots=True)
class Plain(Expr):
    """A sum of numbers and of numbers times names, flat: :mod:`quod.backends.milp.plain` reads it and spells it out."""

    weights: list[Number]
    names: Sequence[str | None]
    """None for a bare number."""
    text: str
    """The whole expression, in which the sum begins at ``at``."""
    at: int


@dataclass(slots=True)
class Mul(Expr):
    factors: tuple[tuple[bool, Expr], ...]
    """Whether it divides, and the factor."""


@dataclass(slots=True)
class Pow(Expr):
    base: Expr
    exponent: Expr


@dataclass(slots=True)
class Compare(Expr):
    first: Expr
    rest: tuple[tuple[str, Expr], ...]
    """Operators ``<= >= < > = !=`` and what follows them; a chain means all of its links."""


@dataclass(slots=True)
class Member(Expr):
    item: Expr
    of: str
    negated: bool


@dataclass(slots=True)
class Logic(Expr):
    op: str
    """``and or => <=>``."""
    args: tuple[Expr, ...]


@dataclass(slots=True)
class Not(Expr):
    arg: Expr


@dataclass(slots=True)
class ListExpr(Expr):
    items: tuple[Expr, ...]


@dataclass(slots=True)
class TupleExpr(Expr):
    items: tuple[Expr, ...]


@dataclass(slots=True)
class Call(Expr):
    function: str
    args: tuple[Expr, ...]


@dataclass(slots=True)
class Binder:
    names: tuple[str, ...]
    of: str
    start: int
    end: int


@dataclass(slots=True)
class Comprehension(Expr):
    function: str
    """``sum``, …, or ``list``."""
    binders: tuple[Binder, ...]
    condition: Expr | None
    body: Expr
    extra: tuple[Expr, ...] = ()
    """Arguments before the generator: ``exactly(2, x[i] for i in S)``."""


def children(node: Expr) -> tuple[Expr, ...]:
    """The direct parts of a node."""
    match node:
        case Index(args=args) | Call(args=args) | Logic(args=args):
            return args
        case ListExpr(items=items) | TupleExpr(items=items):
            return items
        case Add(terms=terms):
            return tuple(e for _, e in terms)
        case Mul(factors=factors):
            return tuple(e for _, e in factors)
        case Pow(base=base, exponent=exponent):
            return base, exponent
        case Compare(first=first, rest=rest):
            return first, *(e for _, e in rest)
        case Not(arg=arg) | Member(item=arg):
            return (arg,)
        case Plain(start=start, end=end, weights=weights, names=names):
            return (*(Num(start, end, w) for w in weights), *(Name(start, end, n) for n in names if n))
        case Comprehension(condition=condition, body=body, extra=extra):
            return (*extra, *((condition,) if condition else ()), body)
    return ()
