"""Re-checks evidence about a linear or mixed-integer program. Exact arithmetic; knows no solver.

Everything rests on one fact, weak duality: for any multipliers ``y`` of the rows,

    cost x  =  sum_i y_i (row_i x)  +  sum_j d_j x_j        with  d = cost - A' y,

and each product is at least its multiplier times the limit it pulls against. So *any* ``y`` proves a lower bound of
``cost x``, whoever found it and however roughly: :func:`bound`. With zero cost, a bound above zero proves that no
point exists (Farkas). Integer programs: a tree whose branches ``x_j <= k`` and ``x_j >= k + 1`` cover all whole
numbers, each leaf closed by such a ``y``. A bound of a whole sum of whole variables may be rounded up, and one that is
proved on both sides of such a split holds; it then serves as a further row (a *cut*) for the tree.

Evidence (JSON; sparse vectors are objects from position to number):

- ``{"x", "y"}``: optimal (``y`` of the minimization; absent for "feasible" only);  ``{"x", "tree"}``: optimal, integer
- ``{"farkas": y}`` or ``{"tree"}``: infeasible;  ``{"x", "ray"}``: unbounded
- ``cuts`` beside a tree: ``[{"terms", "limit", "y"}]`` or ``[{"terms", "limit", "split", "at", "below", "above"}]``;
  rows are counted on through them, and a split counts as the row after those before its cut
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import cast

from quod.backends.milp.linear import Number, Program, Row, exact
from quod.core.model import JsonDict, JsonValue

__all__ = ["Rejected", "bound", "check", "is_feasible", "objective", "step"]

Limits = Sequence[Number | None]
Vector = Mapping[int, Number]


class Rejected(Exception):  # noqa: N818 - it is the checker's answer
    """The evidence does not prove the claim; the message says where it fails."""


def check(program: Program, conclusion: str, evidence: JsonDict) -> Fraction | None:
    """Accept the evidence for ``optimal | feasible | infeasible | unbounded`` or raise Rejected.

    Returns the objective value (in the program's own sense) for optimal and feasible.
    """
    try:
        if conclusion == "infeasible":
            _infeasible(program, evidence)
            return None
        x = _point(program, evidence)
        if conclusion == "unbounded":
            _unbounded(program, _vector(evidence, "ray", len(program.names)))
            return None
        if conclusion == "optimal":
            _optimal(program, x, evidence)
        elif conclusion != "feasible":
            raise Rejected(f"no evidence is defined for {conclusion!r}")
        return objective(program, x)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, ZeroDivisionError) as error:
        raise Rejected(f"the evidence is malformed: {error!r}") from None


def objective(program: Program, x: Sequence[Number]) -> Fraction:
    """The objective at a point."""
    return Fraction(program.offset) + sum((Fraction(c) * x[j] for j, c in program.cost.items()), Fraction(0))


def is_feasible(program: Program, x: Sequence[Number]) -> str | None:
    """None if the point satisfies everything exactly, else what it violates."""
    for j, value in enumerate(x):
        low, high = program.lower[j], program.upper[j]
        if (low is not None and value < low) or (high is not None and value > high):
            return f"{program.names[j]} = {value} is outside its bounds"
        if program.integer[j] and value.denominator != 1:
            return f"{program.names[j]} = {value} is not whole"
    whole, scale = _whole(dict(enumerate(x)))
    for row in program.rows:
        total = sum(a * whole[j] for j, a in row.terms.items())
        if (row.lower is not None and total < row.lower * scale) or (
            row.upper is not None and total > row.upper * scale
        ):
            return f"constraint '{row.name}' is violated"
    return None


def bound(program: Program, cost: Vector, y: Vector, lower: Limits, upper: Limits) -> Fraction | None:
    """The lower bound of ``cost x`` that the multipliers ``y`` prove; None if they prove none (minus infinity)."""
    whole, scale = _whole(y)
    total: Number = 0
    reduced = {j: c * scale for j, c in cost.items()}
    for i, multiplier in whole.items():
        row = program.rows[i]
        limit = row.lower if multiplier > 0 else row.upper
        if not multiplier:
            continue
        if limit is None:
            return None
        total += multiplier * limit
        for j, a in row.terms.items():
            reduced[j] = reduced.get(j, 0) - multiplier * a
    for j, d in reduced.items():
        if d:
            limit = lower[j] if d > 0 else upper[j]
            if limit is None:
                return None
            total += d * limit
    return Fraction(total) / scale


def _whole(values: Vector) -> tuple[dict[int, int], int]:
    """The same numbers over one denominator: sums of whole numbers are many times faster than sums of fractions."""
    scale = lcm(*(v.denominator for v in values.values()))
    return {i: v.numerator * (scale // v.denominator) for i, v in values.items()}, scale


def _optimal(program: Program, x: Sequence[Number], evidence: JsonDict) -> None:
    cost = program.minimized
    value = objective(program, x) - program.offset
    value = -value if program.maximize else value
    if "tree" in evidence:
        _walk(_with_cuts(program, evidence), evidence["tree"], cost, value - step(program, cost))
        return
    proved = bound(program, cost, _vector(evidence, "y", len(program.rows)), program.lower, program.upper)
    if proved is None or proved < value:
        raise Rejected(f"the multipliers prove {proved}, the point has {value}")


def _infeasible(program: Program, evidence: JsonDict) -> None:
    if "tree" in evidence:
        _walk(_with_cuts(program, evidence), evidence["tree"], {}, None)
        return
    proved = bound(program, {}, _vector(evidence, "farkas", len(program.rows)), program.lower, program.upper)
    if proved is None or proved <= 0:
        raise Rejected("the multipliers do not contradict each other")


def _unbounded(program: Program, ray: Vector) -> None:
    """A feasible point exists (checked before) and moving along ``ray`` stays feasible and improves for ever.

    For integer programs the ray is rational, so a multiple of it is whole: the conclusion holds for them too.
    """
    if sum((c * ray.get(j, 0) for j, c in program.minimized.items()), Fraction(0)) >= 0:
        raise Rejected("the objective does not improve along the ray")
    for j, r in ray.items():
        if (r < 0 and program.lower[j] is not None) or (r > 0 and program.upper[j] is not None):
            raise Rejected(f"the ray leaves the bounds of {program.names[j]}")
    for row in program.rows:
        slope = sum((a * ray.get(j, 0) for j, a in row.terms.items()), Fraction(0))
        if (slope < 0 and row.lower is not None) or (slope > 0 and row.upper is not None):
            raise Rejected(f"the ray leaves constraint '{row.name}'")


def _with_cuts(program: Program, evidence: JsonDict) -> Program:
    """The program with rows that every whole point of it satisfies, each derived from the rows before it.

    Either multipliers prove ``terms x >= bound`` of a left side that is whole, and the bound may be rounded up; or
    they prove it twice, on both sides of a split that no whole point escapes.
    """
    cuts = evidence.get("cuts", [])
    if not isinstance(cuts, list) or not all(isinstance(cut, dict) for cut in cuts):
        raise Rejected("the cuts are not a list")
    rows = list(program.rows)
    extended = replace(program, rows=rows)
    for k, cut in enumerate(cast("list[dict[str, JsonValue]]", cuts)):
        terms, limit = _vector(cut, "terms", len(program.names)), exact(cut["limit"])
        if "split" in cut:
            sides = _sides(extended, cut)
            proofs = [bound(side, terms, y, program.lower, program.upper) for side, y in sides]
        else:
            _want_whole(program, terms)
            found = bound(extended, terms, _vector(cut, "y", len(rows)), program.lower, program.upper)
            proofs = [None if found is None else Fraction(ceil(found))]
        if any(proved is None or limit > proved for proved in proofs):
            raise Rejected(f"cut {k}: the multipliers do not prove {limit}")
        rows.append(Row(f"cut {k}", terms, limit, None))
    return extended


def _want_whole(program: Program, terms: Vector) -> None:
    if any(a.denominator != 1 or not program.integer[j] for j, a in terms.items()):
        raise Rejected("a cut does not have whole coefficients on whole variables")


def _sides(program: Program, cut: Mapping[str, JsonValue]) -> list[tuple[Program, dict[int, Number]]]:
    """The program with ``split x <= at``, and with ``split x >= at + 1``, as its last row; and the multipliers."""
    raw, at = cast("dict[str, JsonValue]", cut["split"]), cut["at"]
    split = _vector({"split": raw}, "split", len(program.names))
    _want_whole(program, split)
    if type(at) is not int:
        raise Rejected("a split is not at a whole number")
    last = len(program.rows) + 1
    return [
        (replace(program, rows=[*program.rows, Row("split", split, low, high)]), _vector(cut, side, last))
        for side, low, high in (("below", None, at), ("above", at + 1, None))
    ]


def step(program: Program, cost: Vector) -> Fraction:
    """By how much a better whole point must be better: 0 unless all costs fall on whole variables."""
    used = {j: Fraction(c) for j, c in cost.items() if c}
    if not used:
        return Fraction(1)
    if not all(program.integer[j] for j in used):
        return Fraction(0)
    scale = lcm(*(c.denominator for c in used.values()))
    return Fraction(gcd(*(int(c * scale) for c in used.values())), scale)


def _walk(program: Program, tree: JsonValue, cost: Vector, cutoff: Fraction | None) -> None:
    """Every leaf shows that its part holds no point (or none whose cost is below the value to beat).

    ``cutoff`` is the best value a better point could have; a leaf must prove a bound above it. With no granularity
    (``step`` is 0) the cutoff is the value itself, and a leaf that reaches it is closed.
    """
    if not isinstance(tree, list) or not tree or not all(isinstance(node, dict) for node in tree):
        raise Rejected("the tree is not a list of nodes")
    nodes = cast("list[dict[str, JsonValue]]", tree)
    strict = cost and step(program, cost) > 0
    stack = [(0, list(program.lower), list(program.upper))]
    while stack:
        at, lower, upper = stack.pop()
        node = nodes[at]
        if "var" in node:
            j, k = node["var"], node["at"]
            if type(j) is not int or type(k) is not int or not 0 <= j < len(lower) or not program.integer[j]:
                raise Rejected(f"node {at} branches on something that is not a whole variable")
            left, right = node["left"], node["right"]
            if type(left) is not int or type(right) is not int or not at < min(left, right):
                raise Rejected(f"node {at} does not point forward")  # so the walk ends
            low, high = lower[j], upper[j]
            below, above = list(upper), list(lower)
            below[j] = k if high is None else min(high, k)
            above[j] = k + 1 if low is None else max(low, k + 1)
            stack += [(left, lower, below), (right, above, upper)]
        elif "empty" in node:
            j = node["empty"]
            if type(j) is not int or j < 0 or lower[j] is None or upper[j] is None or lower[j] <= upper[j]:  # type: ignore[operator]
                raise Rejected(f"leaf {at}: the bounds are not contradictory")
        elif "round" in node:
            _no_whole_value(program, _vector(node, "round", len(program.rows)), lower, upper, at)
        elif "farkas" in node:
            proved = bound(program, {}, _vector(node, "farkas", len(program.rows)), lower, upper)
            if proved is None or proved <= 0:
                raise Rejected(f"leaf {at}: the multipliers do not contradict each other")
        else:
            proved = bound(program, cost, _vector(node, "y", len(program.rows)), lower, upper)
            closed = proved is not None and cutoff is not None and (proved > cutoff if strict else proved >= cutoff)
            if not closed:
                raise Rejected(f"leaf {at}: proves {proved}, must beat {cutoff}")


def _no_whole_value(program: Program, y: Vector, lower: Limits, upper: Limits, at: int) -> None:
    """A combination of rows with whole coefficients on whole variables that fits no whole number."""
    total: dict[int, Fraction] = {}
    low = high = Fraction(0)
    for i, multiplier in y.items():
        row = program.rows[i]
        ends = (row.lower, row.upper) if multiplier > 0 else (row.upper, row.lower)
        if ends[0] is None or ends[1] is None:
            raise Rejected(f"leaf {at}: constraint '{row.name}' has one side only")
        low, high = low + multiplier * ends[0], high + multiplier * ends[1]
        for j, a in row.terms.items():
            total[j] = total.get(j, Fraction(0)) + multiplier * a
    for j, a in total.items():
        if a and lower[j] is not None and lower[j] == upper[j]:
            low, high = low - a * lower[j], high - a * lower[j]  # type: ignore[operator]
        elif a and (a.denominator != 1 or not program.integer[j]):
            raise Rejected(f"leaf {at}: the combination is not whole")
    if ceil(low) <= floor(high):
        raise Rejected(f"leaf {at}: a whole value is left")


def _point(program: Program, evidence: JsonDict) -> list[Number]:
    sparse = _vector(evidence, "x", len(program.names))
    x: list[Number] = [sparse.get(j, 0) for j in range(len(program.names))]
    problem = is_feasible(program, x)
    if problem:
        raise Rejected(problem)
    return x


def _vector(evidence: Mapping[str, JsonValue], key: str, size: int) -> dict[int, Number]:
    raw = evidence[key]
    if not isinstance(raw, dict):
        raise Rejected(f"{key!r} is not a sparse vector")
    vector = {int(i): exact(value) for i, value in raw.items()}
    if len(vector) != len(raw) or any(not 0 <= i < size for i in vector):
        raise Rejected(f"{key!r} has positions that do not exist")
    return vector
