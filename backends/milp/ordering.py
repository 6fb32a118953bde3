"""The order of definitions: whether one that uses what stands below it is in a cycle or only out of order."""

from __future__ import annotations

from quod.backends.milp import codes
from quod.backends.milp.model import Parameter, Reporter, SetDecl
from quod.backends.milp.nodes import Expr, children
from quod.backends.milp.syntax import ExprError, parse_expression

__all__ = ["explain_order"]


def explain_order(declared: dict[str, SetDecl | Parameter], report: Reporter) -> dict[str, str]:
    """For every definition, what is wrong with a use of it before its place. Cycles are reported."""
    later: dict[str, str] = {}
    needs = {name: _names_in(item) & declared.keys() for name, item in declared.items()}
    reach = {name: set(direct) for name, direct in needs.items()}
    for _ in range(len(reach)):
        grown = False
        for direct in reach.values():
            more = set().union(*(needs[n] for n in direct)) - direct if direct else set()
            if more:
                direct |= more
                grown = True
        if not grown:
            break
    for name in declared:
        later[name] = "is used in its own definition" if name in reach[name] else "is defined further down: move it up"
        if name in reach[name]:
            message = f"the definition of '{name}' depends on itself"
            report.error(codes.CYCLE, message, declared[name].path)
    return later


def _names_in(item: SetDecl | Parameter) -> set[str]:
    """Every name a definition may refer to."""
    found: set[str] = set()
    if isinstance(item, Parameter):
        found.update(item.over)
        if item.expression is not None:
            _collect(item.expression, found)
        return found
    raw = item.raw
    if isinstance(raw, str):
        try:
            _collect(parse_expression(f"[{raw}]"), found)
        except ExprError:
            return found
    elif isinstance(raw, dict):
        for key in ("product", "union", "difference", "range"):
            parts = raw.get(key)
            if isinstance(parts, list):
                found.update(p for p in parts if isinstance(p, str))
    return found


def _collect(node: Expr, found: set[str]) -> None:
    for attribute in ("name", "of"):
        name = getattr(node, attribute, None)
        if isinstance(name, str):
            found.add(name)
    for binder in getattr(node, "binders", ()):
        found.add(binder.of)
    for part in children(node):
        _collect(part, found)
