"""Bounded whole-number models with CP-SAT. Runs in the sandbox.

Payload: ``{"lower", "upper", "rows", "trees", "objective", "maximize", "seconds", "again", "seed"}``; ``objective``
is a packed value or None; with ``again`` and no objective a second solution is looked for.
"""

from __future__ import annotations

import time
from fractions import Fraction
from math import lcm
from typing import Any, cast

from ortools.sat.python import cp_model

from quod.backends.milp.evaluate import unpack
from quod.backends.milp.values import Lin, Tree, Value
from quod.core.model import JsonDict

__all__ = ["solve"]

LIMIT = 2**53


class Unsupported(Exception):  # noqa: N818
    """Something CP-SAT cannot take."""


def solve(payload: JsonDict) -> JsonDict:
    """See the module."""
    started = time.monotonic()
    seconds = float(cast("float", payload["seconds"]))
    try:
        builder = _Builder(payload)
        builder.build()
    except Unsupported as reason:
        return {"conclusion": "gave_up", "reason": "unsupported", "note": str(reason)}
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds - (time.monotonic() - started))
    solver.parameters.num_workers = int(cast("int", payload.get("workers", 2)))
    solver.parameters.random_seed = int(cast("int", payload.get("seed", 0)))
    status = solver.solve(builder.model)
    result: JsonDict = {"solve": time.monotonic() - started}
    if status == cp_model.INFEASIBLE:
        return {**result, "conclusion": "infeasible"}
    if status == cp_model.MODEL_INVALID:
        return {**result, "conclusion": "gave_up", "reason": "unsupported", "note": builder.model.validate()[:300]}
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return {**result, "conclusion": "gave_up", "reason": "timeout"}
    x = [int(solver.value(v)) for v in builder.columns]
    result |= {"conclusion": "optimal" if status == cp_model.OPTIMAL else "feasible", "x": cast("Any", x)}
    if payload.get("objective") is not None:
        result["bound"] = solver.best_objective_bound / builder.scale
    elif payload.get("again"):
        builder.forbid(x)
        solver.parameters.max_time_in_seconds = max(0.1, seconds - (time.monotonic() - started))
        status = solver.solve(builder.model)
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            result["other"] = [int(solver.value(v)) for v in builder.columns]
        elif status == cp_model.INFEASIBLE:
            result["unique"] = True
    return result


class _Builder:
    def __init__(self, payload: JsonDict) -> None:
        self.payload = payload
        self.model: Any = cp_model.CpModel()
        self.columns: list[Any] = []
        self.bounds: list[tuple[int, int]] = []
        self.scale = 1

    def build(self) -> None:
        lower, upper = cast("list[Any]", self.payload["lower"]), cast("list[Any]", self.payload["upper"])
        for j, (low, high) in enumerate(zip(lower, upper, strict=True)):
            if not isinstance(low, int) or not isinstance(high, int) or max(abs(low), abs(high)) > LIMIT:
                raise Unsupported("a variable has no whole bounds")
            self.columns.append(self.model.new_int_var(low, high, f"x{j}"))
            self.bounds.append((low, high))
        for tree in cast("list[Any]", self.payload["trees"]):
            self.post(unpack(tree))
        if self.payload.get("objective") is not None:
            objective = unpack(self.payload["objective"])
            if isinstance(objective, Lin):
                self.scale = lcm(
                    Fraction(objective.const).denominator, *(Fraction(a).denominator for a in objective.terms.values())
                )
                objective = Lin({j: a * self.scale for j, a in objective.terms.items()}, objective.const * self.scale)
            expr, _, _ = self.number(objective)
            (self.model.maximize if self.payload["maximize"] else self.model.minimize)(expr)

    def forbid(self, x: list[int]) -> None:
        """Any solution but this."""
        self.model.add_bool_or([self._differs(v, k) for v, k in zip(self.columns, x, strict=True)])

    def _differs(self, variable: Any, k: int) -> Any:
        b = self.model.new_bool_var("")
        self.model.add(variable != k).only_enforce_if(b)
        return b

    # values ---------------------------------------------------------------------------------------------

    def number(self, value: Value) -> tuple[Any, int, int]:
        """An expression with its least and greatest value."""
        if isinstance(value, bool):
            return int(value), int(value), int(value)
        if isinstance(value, (int, Fraction)):
            if Fraction(value).denominator != 1 or not -LIMIT <= value <= LIMIT:
                raise Unsupported("a number is not whole")
            return int(value), int(value), int(value)
        if isinstance(value, Lin):
            if any(Fraction(a).denominator != 1 for a in [*value.terms.values(), value.const]):
                raise Unsupported("a coefficient is not whole")
            low = high = int(value.const)
            for j, a in value.terms.items():
                ends = sorted((int(a) * self.bounds[j][0], int(a) * self.bounds[j][1]))
                low, high = low + ends[0], high + ends[1]
            if max(abs(low), abs(high)) > LIMIT:
                raise Unsupported("a sum may grow too large")
            expr = cp_model.LinearExpr.weighted_sum(
                [self.columns[j] for j in value.terms], [int(a) for a in value.terms.values()]
            )
            return expr + int(value.const), low, high
        if isinstance(value, Tree):
            return self.tree(value)
        raise Unsupported("a list stands where a number is needed")

    def fresh(self, low: int, high: int) -> Any:
        if max(abs(low), abs(high)) > LIMIT:
            raise Unsupported("a product may grow too large")
        return self.model.new_int_var(low, high, "")

    def tree(self, tree: Tree) -> tuple[Any, int, int]:
        op = tree.op
        if tree.boolean:
            return self.truth(tree), 0, 1
        if op == "element":
            items = tree.args[0]
            assert isinstance(items, list)
            parts = [self.number(v) for v in items]
            low, high = min(p[1] for p in parts), max(p[2] for p in parts)
            target = self.fresh(low, high)
            index, _, _ = self.number(tree.args[1])
            at = self.fresh(0, len(items) - 1)
            self.model.add(at == index - 1)
            self.model.add_element(at, [p[0] for p in parts], target)
            return target, low, high
        parts = [self.number(a) for a in tree.args]
        if op == "+":
            return sum(p[0] for p in parts), sum(p[1] for p in parts), sum(p[2] for p in parts)
        if op == "*":
            (a, al, ah), (b, bl, bh) = parts
            ends = [al * bl, al * bh, ah * bl, ah * bh]
            if al == ah or bl == bh:
                return a * b, min(ends), max(ends)
            target = self.fresh(min(ends), max(ends))
            self.model.add_multiplication_equality(target, [a, b])
            return target, min(ends), max(ends)
        if op == "^":
            (a, al, ah), (_n, nl, nh) = parts
            if nl != nh or not 2 <= nl <= 6:
                raise Unsupported("a power beyond 6")
            result, low, high = a, al, ah
            for _ in range(nl - 1):
                ends = [low * al, low * ah, high * al, high * ah]
                target = self.fresh(min(ends), max(ends))
                self.model.add_multiplication_equality(target, [result, a])
                result, low, high = target, min(ends), max(ends)
            return result, low, high
        if op == "abs":
            (a, al, ah) = parts[0]
            low, high = (0 if al <= 0 <= ah else min(abs(al), abs(ah))), max(abs(al), abs(ah))
            target = self.fresh(low, high)
            self.model.add_abs_equality(target, a)
            return target, low, high
        if op in {"min", "max"}:
            pick = min if op == "min" else max
            low, high = pick(p[1] for p in parts), pick(p[2] for p in parts)
            target = self.fresh(low, high)
            (self.model.add_min_equality if op == "min" else self.model.add_max_equality)(target, [p[0] for p in parts])
            return target, low, high
        raise Unsupported(f"'{op}' over whole numbers")

    # truth ----------------------------------------------------------------------------------------------

    def scaled(self, value: Value) -> Value:
        """A linear form times the denominators, for a relation with zero."""
        if isinstance(value, Lin):
            by = lcm(Fraction(value.const).denominator, *(Fraction(a).denominator for a in value.terms.values()))
            return Lin({j: a * by for j, a in value.terms.items()}, value.const * by)
        return value

    def relation(self, op: str, value: Value) -> Any:
        expr, _, _ = self.number(self.scaled(value))
        return {"<=": expr <= 0, ">=": expr >= 0, "=": expr == 0, "!=": expr != 0, "<": expr <= -1, ">": expr >= 1}[op]

    def truth(self, value: Value) -> Any:
        """A literal that is true exactly if the value is."""
        if isinstance(value, bool):
            return self.model.new_constant(int(value))
        assert isinstance(value, Tree)
        op, args = value.op, value.args
        if op == "not":
            return ~self.truth(args[0])
        b = self.model.new_bool_var("")
        opposite = {"<=": ">", ">=": "<", "=": "!=", "!=": "=", "<": ">=", ">": "<="}
        if op in opposite:
            self.model.add(self.relation(op, args[0])).only_enforce_if(b)
            self.model.add(self.relation(opposite[op], args[0])).only_enforce_if(~b)
            return b
        if op in {"and", "or"}:
            literals = [self.truth(a) for a in args]
            if op == "or":
                self.model.add_bool_or(literals).only_enforce_if(b)
                self.model.add_bool_and([~v for v in literals]).only_enforce_if(~b)
            else:
                self.model.add_bool_and(literals).only_enforce_if(b)
                self.model.add_bool_or([~v for v in literals]).only_enforce_if(~b)
            return b
        if op == "=>":
            return self.truth(Tree("or", [Tree("not", [args[0]]), args[1]]))
        if op == "<=>":
            p, q = self.truth(args[0]), self.truth(args[1])
            self.model.add(p == q).only_enforce_if(b)
            self.model.add(p != q).only_enforce_if(~b)
            return b
        raise Unsupported(f"'{op}' inside a condition")

    def post(self, value: Value) -> None:
        if isinstance(value, bool):
            if not value:
                self.model.add_bool_or([])
            return
        assert isinstance(value, Tree)
        op, args = value.op, value.args
        if op in {"<=", ">=", "=", "!=", "<", ">"}:
            self.model.add(self.relation(op, args[0]))
        elif op == "and":
            for a in args:
                self.post(a)
        elif op in {"or", "not", "=>", "<=>"}:
            self.model.add_bool_or([self.truth(value)])
        else:
            self.globally(op, args)

    def exprs(self, value: Value) -> list[Any]:
        assert isinstance(value, list)
        return [self.number(v)[0] for v in value]

    def globally(self, op: str, args: list[Value]) -> None:
        model = self.model
        if op == "all_different":
            model.add_all_different(self.exprs(args[0]))
        elif op == "inverse":
            first, second = (self._shifted(a) for a in args)
            model.add_inverse(first, second)
        elif op == "table":
            assert isinstance(args[1], list)
            # a row with a fraction in it is met by no whole numbers
            table = [[Fraction(v) for v in cast("list[Any]", row)] for row in args[1]]
            rows = [[int(v) for v in row] for row in table if all(v.denominator == 1 for v in row)]
            if not rows:
                model.add_bool_or([])
                return
            model.add_allowed_assignments(self.exprs(args[0]), rows)
        elif op == "circuit":
            successors = self.exprs(args[0])
            n = len(successors)
            arcs = []
            for i, s in enumerate(successors):
                model.add(s >= 1)
                model.add(s <= n)
                for k in range(n):
                    b = model.new_bool_var("")
                    model.add(s == k + 1).only_enforce_if(b)
                    model.add(s != k + 1).only_enforce_if(~b)
                    if i != k:
                        arcs.append((i, k, b))
                    elif n > 1:
                        model.add_bool_or([~b])
            if n > 1:
                model.add_circuit(arcs)
        elif op in {"no_overlap", "cumulative"}:
            intervals = []
            assert isinstance(args[0], list)
            assert isinstance(args[1], list)
            for s, d in zip(args[0], args[1], strict=True):
                (start, sl, sh), (size, dl, dh) = self.number(s), self.number(d)
                end = self.fresh(sl + dl, sh + dh)
                model.add(end == start + size)
                # a task that takes no time is in nobody's way
                lasts = model.new_constant(int(dl > 0)) if dl > 0 or dh <= 0 else self.truth(Tree(">", [d]))
                intervals.append(model.new_optional_interval_var(start, size, end, lasts, ""))
            if op == "no_overlap":
                model.add_no_overlap(intervals)
            else:
                model.add_cumulative(intervals, self.exprs(args[2]), self.number(args[3])[0])
        else:
            raise Unsupported(f"constraint '{op}'")

    def _shifted(self, value: Value) -> list[Any]:
        assert isinstance(value, list)
        out = []
        for e in self.exprs(value):
            v = self.fresh(0, len(value) - 1)
            self.model.add(v == e - 1)
            out.append(v)
        return out
