"""Do two models say the same, names aside?

Levels, strongest first: ``identical`` (the same canonical rows in the same variables), ``isomorphic`` (the same after
renaming; Weisfeiler-Leman colours, then an exact matching), ``mutual`` (each row of one is implied by the other, by
solver, with the same objective). Where none holds: a point that tells them apart, or different optima; agreement of
optima (``same_optimum``; ``perturbed`` where it lasts when the data are changed) decides nothing and is reported as
undecided.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import Number, Program, to_payload
from quod.backends.milp.solving import solve_linear
from quod.backends.milp.words import amount
from quod.backends.sandbox import Limits, call
from quod.core.protocols import Equivalence
from quod.core.run import Run
from quod.core.verdict import Conclusion

__all__ = ["canonical", "compare", "matching"]

Canonical = tuple[frozenset[Any], ...]
MOST_STEPS = 20_000
MOST_ROWS = 60
PERTURBATIONS = 6


def canonical(program: Program, order: list[int] | None = None) -> Canonical:
    """Columns and rows in one normal form, with column ``j`` called ``order[j]``.

    Rows in one variable become bounds, rows are scaled so that their first coefficient is 1, repeated rows merge.
    """
    name = order or list(range(len(program.names)))
    low, high = list(program.lower), list(program.upper)
    rows: dict[Any, tuple[Number | None, Number | None]] = {}
    for row in program.rows:
        terms = {j: Fraction(a) for j, a in row.terms.items() if a}
        if not terms:
            if (row.lower is None or row.lower <= 0) and (row.upper is None or row.upper >= 0):
                continue
            rows[frozenset()] = (1, None)
            continue
        lead = terms[min(terms, key=lambda j: name[j])]
        a, b = (None if v is None else v / lead for v in (row.lower, row.upper))
        if lead < 0:
            a, b = b, a
        if len(terms) == 1:
            (j,) = terms
            low[j], high[j] = _tighter(low[j], a, up=True), _tighter(high[j], b, up=False)
            continue
        key = frozenset((name[j], v / lead) for j, v in terms.items())
        old = rows.get(key, (None, None))
        rows[key] = (_tighter(old[0], a, up=True), _tighter(old[1], b, up=False))
    columns = frozenset((name[j], low[j], high[j], program.integer[j]) for j in range(len(low)))
    cost = frozenset((name[j], Fraction(c)) for j, c in program.minimized.items() if c)
    return columns, frozenset((k, *v) for k, v in rows.items()), cost


def _tighter(a: Number | None, b: Number | None, *, up: bool) -> Number | None:
    if a is None or b is None:
        return b if a is None else a
    return max(a, b) if up else min(a, b)


def _colours(program: Program, rounds: int = 4) -> list[Any]:
    """A colour for every column that no renaming can change."""
    columns, rows, cost = canonical(program)
    costs = dict(cost)
    colour: dict[int, Any] = {j: (low, high, whole, costs.get(j, 0)) for j, low, high, whole in columns}
    for _ in range(rounds):
        seen: dict[int, list[Any]] = {j: [] for j in colour}
        for key, low, high in rows:
            for j, a in key:
                # scaled by the own coefficient, so that the choice of a leading term does not matter
                ends = tuple(None if v is None else v / a for v in (low, high))
                ends = ends if a > 0 else ends[::-1]
                seen[j].append((ends, tuple(sorted((v / a, hash(colour[k])) for k, v in key if k != j))))
        colour = {j: hash((colour[j], tuple(sorted(map(repr, seen[j]))))) for j in colour}
    return [colour[j] for j in range(len(program.names))]


def matching(a: Program, b: Program) -> list[int] | None:
    """A renaming of the columns of ``b`` that makes it ``a``; None if there is none (or none was found in time)."""
    if len(a.names) != len(b.names):
        return None
    wanted = canonical(a)
    ca, cb = _colours(a), _colours(b)
    if sorted(map(repr, ca)) != sorted(map(repr, cb)):
        return None
    for steps, order in enumerate(_orders(ca, cb), 1):
        if canonical(b, order) == wanted:
            return order
        if steps > MOST_STEPS // max(1, len(order)):
            return None
    return None


def _orders(ca: list[Any], cb: list[Any]) -> Iterator[list[int]]:
    """Every assignment of columns of b to columns of a with equal colours."""
    choices = [[i for i, c in enumerate(ca) if c == colour] for colour in cb]
    order: list[int] = []
    at = [0]
    while at:
        depth = len(at) - 1
        if depth == len(choices):
            yield list(order)
            at.pop()
            if order:
                order.pop()
            continue
        while at[depth] < len(choices[depth]) and choices[depth][at[depth]] in order:
            at[depth] += 1
        if at[depth] == len(choices[depth]):
            at.pop()
            if order:
                order.pop()
            continue
        order.append(choices[depth][at[depth]])
        at[depth] += 1
        at.append(0)


def compare(a: Ground, b: Ground, run: Run) -> Equivalence:
    """See the module."""
    if not a.linear or not b.linear:
        same = [str(u.tree) for u in a.trees] == [str(u.tree) for u in b.trees] and str(a.objective) == str(b.objective)
        if same and canonical(a.program) == canonical(b.program):
            return Equivalence(equivalent=True, level="identical")
        return Equivalence(equivalent=None, difference="models that are not linear are only compared word for word")
    pa, pb = a.program, b.program
    if canonical(pa) == canonical(pb):
        return Equivalence(equivalent=True, level="identical")
    order = matching(pa, pb)
    if order is not None:
        pairs = {pb.names[j]: pa.names[i] for j, i in enumerate(order)}
        return Equivalence(equivalent=True, level="isomorphic", data={"renaming": cast("Any", pairs)})
    verdict = _mutual(pa, pb, run)
    if verdict is not None:
        return verdict
    return _optima(pa, pb, run)


def _optima(a: Program, b: Program, run: Run) -> Equivalence:
    """Compare best values: of the models as they are, then with every number of them changed alike.

    The same number is changed by the same factor wherever it stands in either model, so two models of one text move
    together. Agreement makes it likely that they say the same and proves nothing: it is reported as undecided.
    """
    first, second = _best(a, run), _best(b, run)
    if first is None or second is None:
        return Equivalence(equivalent=None, difference="one of them could not be solved exactly within the limits")
    if first != second:
        shown = [f"{c}" + (f" {amount(v)}" if v is not None else "") for c, v in (first, second)]
        return Equivalence(equivalent=False, level="optimum", difference=f"one is {shown[0]}, the other {shown[1]}")
    numbers = sorted({abs(Fraction(v)) for p in (a, b) for v in _numbers(p)} - {0, 1})
    agreed = 0
    for round_ in range(PERTURBATIONS):
        rng = random.Random(round_)
        factors = {v: Fraction(rng.randint(20, 60), 40) for v in numbers}
        if run.engine_seconds < 0.5:
            break
        moved = [_best(_perturbed(p, factors), run) for p in (a, b)]
        if None in moved:
            break
        if moved[0] != moved[1]:
            difference = "their best values agree, but no longer when the numbers in them are changed alike"
            return Equivalence(equivalent=None, level="same_optimum", difference=difference, data={"agreed": agreed})
        agreed += 1
    if not agreed:
        return Equivalence(
            equivalent=None, level="same_optimum", difference="their best values agree; nothing more is known"
        )
    return Equivalence(
        equivalent=None,
        level="perturbed",
        difference=f"their best values agree, also with all numbers changed alike {agreed} times; no more is known",
        data={"agreed": agreed},
    )


def _best(program: Program, run: Run) -> tuple[Conclusion, Fraction | None] | None:
    """What comes of a program and its best value; None unless there is a certificate for it."""
    outcome = solve_linear(program, run, None)
    return (outcome.verdict.conclusion, outcome.value) if outcome.accepted else None


def _numbers(program: Program) -> Iterator[Number]:
    yield from program.cost.values()
    for row in program.rows:
        yield from row.terms.values()
        yield from (v for v in (row.lower, row.upper) if v is not None)
    yield from (v for v in (*program.lower, *program.upper) if v is not None)


def _perturbed(program: Program, factors: dict[Fraction, Fraction]) -> Program:
    def moved(v: Number) -> Number:
        return v * factors.get(abs(Fraction(v)), Fraction(1))

    def limit(v: Number | None) -> Number | None:
        return None if v is None else moved(v)

    rows = [
        replace(r, terms={j: moved(a) for j, a in r.terms.items()}, lower=limit(r.lower), upper=limit(r.upper))
        for r in program.rows
    ]
    lower, upper = [limit(v) for v in program.lower], [limit(v) for v in program.upper]
    cost = {j: moved(c) for j, c in program.cost.items()}
    return replace(program, lower=lower, upper=upper, cost=cost, rows=rows)


def _mutual(a: Program, b: Program, run: Run) -> Equivalence | None:
    """By solver, with columns matched by name or, if the names differ, by place."""
    if len(a.names) != len(b.names) or max(len(a.rows), len(b.rows)) > MOST_ROWS:
        return None
    at = {n: i for i, n in enumerate(a.names)}
    order = [at[n] for n in b.names] if set(at) == set(b.names) else None
    if order is None:
        return None
    moved = _renamed(b, order)
    if {j: Fraction(c) for j, c in a.minimized.items() if c} != {
        j: Fraction(c) for j, c in moved.minimized.items() if c
    }:
        return None
    for one, other in ((a, moved), (moved, a)):
        point = _outside(one, other, run)
        if point is None:
            continue
        if not point:
            return None
        shown = ", ".join(f"{n} = {amount(v)}" for n, v in zip(a.names, point, strict=True) if v)
        text = f"{shown or 'the origin'} meets the requirements of one and not of the other"
        return Equivalence(equivalent=False, level="point", difference=text)
    return Equivalence(equivalent=True, level="mutual")


def _renamed(b: Program, order: list[int]) -> Program:
    n = len(order)
    lower: list[Number | None] = [None] * n
    upper: list[Number | None] = [None] * n
    whole = [False] * n
    for j, i in enumerate(order):
        lower[i], upper[i], whole[i] = b.lower[j], b.upper[j], b.integer[j]
    rows = [replace(r, terms={order[j]: v for j, v in r.terms.items()}) for r in b.rows]
    cost = {order[j]: c for j, c in b.cost.items()}
    return Program([str(i) for i in range(n)], lower, upper, whole, cost, b.offset, b.maximize, rows)


def _outside(one: Program, other: Program, run: Run) -> list[Number] | None:
    """A point of ``one`` that ``other`` forbids; None if there is none, an empty list if that is not known."""
    if one.integer != other.integer:
        return []
    goals: list[tuple[dict[int, Number], Number | None, Number | None]] = [
        (r.terms, r.lower, r.upper) for r in other.rows
    ]
    goals += [({j: 1}, low, high) for j, (low, high) in enumerate(zip(other.lower, other.upper, strict=True))]
    known = {(tuple(sorted(r.terms.items())), r.lower, r.upper) for r in one.rows}
    for terms, low, high in goals:
        if (tuple(sorted(terms.items())), low, high) in known:
            continue
        for limit, sign in ((low, 1), (high, -1)):
            if limit is None:
                continue
            goal = replace(one, cost={j: sign * v for j, v in terms.items()}, maximize=False, offset=0)
            payload = {"program": to_payload(goal), "seconds": 5.0, "prove": True, "nodes": 2000}
            limits = Limits.of(run.budget, min(run.engine_seconds, 6.0))
            result = call(
                "highs", "quod.backends.milp.engines.highs:solve", cast("Any", payload), limits, cancel=run.cancel
            )
            gave_up: dict[str, Any] = {"conclusion": "gave_up"}
            found = cast("dict[str, Any]", result.value) if result.ok else gave_up
            if found["conclusion"] == "infeasible":
                return None
            evidence = found.get("evidence") or {}
            if found["conclusion"] != "optimal" or "x" not in evidence:
                return []
            x: list[Number] = [Fraction(evidence["x"].get(str(j), 0)) for j in range(len(one.names))]
            value = sum((Fraction(v) * x[j] for j, v in terms.items()), Fraction(0))
            if (sign > 0 and value < limit) or (sign < 0 and value > limit):
                return x
    return None
