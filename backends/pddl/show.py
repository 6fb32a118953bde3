"""Conditions and numbers back as PDDL."""

from __future__ import annotations

from quod.backends.pddl.plans import decimal
from quod.backends.pddl.syntax import (
    And,
    Arith,
    Compare,
    Eq,
    Exists,
    Expr,
    Fluent,
    ForAll,
    Formula,
    Imply,
    Not,
    Num,
    Or,
    Param,
    Pred,
    TimedFormula,
)

__all__ = ["expression", "formula", "params"]


def params(listed: tuple[Param, ...]) -> str:
    """``?x - t ?y - (either u v)``."""
    out = []
    for param in listed:
        types = sorted(param.types)
        kind = types[0] if len(types) == 1 else f"(either {' '.join(types)})"
        out.append(f"{param.name} - {kind}")
    return " ".join(out)


def expression(expr: Expr) -> str:
    """A numeric expression as PDDL."""
    match expr:
        case Num(value):
            return decimal(value)
        case Fluent(name, args):
            return name if name.startswith(("?", "#")) else f"({' '.join([name, *(t.name for t in args)])})"
        case Arith(op, args):
            return f"({' '.join([op, *(expression(a) for a in args)])})"


def formula(tree: Formula) -> str:
    """A condition as PDDL."""
    match tree:
        case Pred(name, args):
            return f"({' '.join([name, *(t.name for t in args)])})"
        case Eq(left, right):
            return f"(= {left.name} {right.name})"
        case And(parts):
            return f"({' '.join(['and', *(formula(p) for p in parts)])})"
        case Or(parts):
            return f"({' '.join(['or', *(formula(p) for p in parts)])})"
        case Not(part):
            return f"(not {formula(part)})"
        case Imply(left, right):
            return f"(imply {formula(left)} {formula(right)})"
        case Exists(bound, body):
            return f"(exists ({params(bound)}) {formula(body)})"
        case ForAll(bound, body):
            return f"(forall ({params(bound)}) {formula(body)})"
        case Compare(op, left, right):
            return f"({op} {expression(left)} {expression(right)})"
        case TimedFormula(when, body):
            return f"({'over all' if when == 'all' else f'at {when}'} {formula(body)})"
