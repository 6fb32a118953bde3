"""Rows that cut off fractional points and no whole one. Runs in the sandbox.

Any multipliers of the rows prove ``terms x >= bound`` (weak duality, :func:`quod.backends.milp.checker.bound`); with
whole coefficients on whole columns the bound may be rounded up (Chvátal, "Edmonds polytopes and a hierarchy of
combinatorial problems", Discrete Mathematics 4, 1973). Where multipliers come from does not matter: single rows, rows
of the simplex tableau (Gomory 1958), covers of knapsacks, which are of this kind too. With columns that need not be
whole, splits serve (:mod:`quod.backends.milp.engines.splits`). The checker derives each cut again.
"""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, gcd, lcm, sqrt

from quod.backends.milp.engines.derivations import Cuts, Derivation, Vector
from quod.backends.milp.engines.lp import Lp
from quod.backends.milp.engines.splits import split_cuts
from quod.backends.milp.linear import Program, Row

__all__ = ["Cuts", "strengthen"]

ROUNDS, EACH, MOST = 12, 20, 150
VIOLATED = 1e-4
LARGEST = 10**5


def strengthen(program: Program, cost: Vector, until: float) -> Cuts:
    """Cuts that raise the relaxation's value, at most ``MOST``."""
    cuts = Cuts(program)
    _round_rows(cuts)
    lp = Lp(replace(cuts.program, rows=list(cuts.program.rows)), cost)
    lp.option("presolve", "off")
    lp.limit(until - time.monotonic())
    before, stalled = None, 0
    for _ in range(ROUNDS):
        if lp.run() != "optimal" or time.monotonic() > until or len(cuts.derived) > 3 * MOST:
            break
        point, value = lp.point, lp.value
        stalled = stalled + 1 if before is not None and value < before + 1e-6 * max(1.0, abs(before)) else 0
        before = value
        if stalled > 2:
            break
        chosen = _chosen(cuts, point, [*_gomory(cuts, lp, point), *_covers(cuts, point)])
        if not chosen:
            break
        for row, how in chosen:
            cuts.add(row, how)
            lp.add(row)
    first = len(program.rows)
    if lp.run() == "optimal":
        multipliers = lp.multipliers
        weight = sorted(range(first, len(cuts.program.rows)), key=lambda i: -abs(multipliers[i]))
        cuts.keep({i for i in weight[:MOST] if abs(multipliers[i]) > 1e-9})
    return cuts


def _round_rows(cuts: Cuts) -> None:
    """Rows over whole columns whose limit no sum of theirs can reach: ``3x + 3y <= 20`` says ``x + y <= 6``."""
    for i, row in enumerate(cuts.original.rows):
        if not row.terms or not all(cuts.original.integer[j] for j in row.terms):
            continue
        scale = lcm(*(a.denominator for a in row.terms.values()))
        divisor = Fraction(gcd(*(int(a * scale) for a in row.terms.values())), scale)
        for limit, sign in ((row.lower, 1), (row.upper, -1)):
            if limit is not None and (limit / divisor).denominator != 1:
                terms: Vector = {j: int(sign * a / divisor) for j, a in row.terms.items()}
                how = Derivation(terms, {i: sign / divisor})
                found = cuts.row(how)
                if found is not None:
                    cuts.add(found, how)


def _chosen(cuts: Cuts, point: list[float], candidates: list[Derivation]) -> list[tuple[Row, Derivation]]:
    """The cuts that the point violates most, no two of nearly one direction."""
    scored: list[tuple[float, Row, Derivation]] = []
    for how in candidates:
        sizes = [abs(float(a)) for a in how.terms.values() if a]
        if not sizes or max(sizes) > LARGEST * min(1.0, min(sizes)):
            continue
        row = cuts.row(how)
        if row is None or row.lower is None:
            continue
        norm = sqrt(sum(a * a for a in sizes))
        missing = float(row.lower) - sum(float(a) * point[j] for j, a in row.terms.items())
        if missing > VIOLATED * max(1.0, norm):
            scored.append((missing / norm, row, how))
    scored.sort(key=lambda s: -s[0])
    chosen: list[tuple[Row, Derivation]] = []
    for _, row, how in scored:
        if len(chosen) < EACH and all(_apart(row.terms, other.terms) for other, _ in chosen):
            chosen.append((row, how))
    return chosen


def _apart(a: Vector, b: Vector) -> bool:
    common = float(sum(v * b[j] for j, v in a.items() if j in b))
    return common < 0.95 * sqrt(float(sum(v * v for v in a.values())) * float(sum(v * v for v in b.values())))


def _gomory(cuts: Cuts, lp: Lp, point: list[float]) -> list[Derivation]:
    """From the tableau rows of basic columns with a fractional value."""
    program = cuts.program
    _, basic = lp.highs.getBasicVariables()
    found: list[Derivation] = []
    wanted = [
        (abs(point[j] - floor(point[j]) - 0.5), k, j)
        for k, j in enumerate(basic.tolist())
        if j >= 0 and program.integer[j] and 0.01 < point[j] - floor(point[j]) < 0.99
    ]
    plain = [_is_plain(program, row) for row in program.rows]
    mixed = not all(program.integer)
    basis = lp.highs.getBasis() if mixed else None
    for _, k, j in sorted(wanted)[:EACH]:
        _, inverse = lp.highs.getBasisInverseRow(k)
        line = {i: v for i, v in enumerate(lp.unscaled([float(v) for v in inverse])) if abs(v) > 1e-9}
        if mixed:
            found += split_cuts(program, basis, j, point, line)
        fractions = {i: Fraction(v).limit_denominator(10**6) for i, v in line.items()}
        for sign in (1, -1):
            y: Vector = {}
            for i, v in fractions.items():
                u = sign * v
                row = program.rows[i]
                if plain[i]:
                    # whole multiples of a whole row change nothing: only the fraction counts
                    u = u - ceil(u) if row.lower is None else u - floor(u)
                if u:
                    y[i] = u
            terms = _rounded(program, y, point)
            if terms:
                found.append(Derivation(terms, y))
    return found


def _is_plain(program: Program, row: Row) -> bool:
    return all(program.integer[j] and a.denominator == 1 for j, a in row.terms.items())


def _rounded(program: Program, y: Vector, point: list[float]) -> Vector:
    """Whole coefficients near the combination's, on the side where the column's limit pays least."""
    # floats will do: whatever the coefficients are, the limit is derived from them exactly
    total: dict[int, float] = {}
    for i, v in y.items():
        weight = float(v)
        for j, factor in program.rows[i].terms.items():
            total[j] = total.get(j, 0.0) + weight * float(factor)
    terms: Vector = {}
    for j, a in total.items():
        if not program.integer[j]:
            continue
        near = round(a)
        if abs(a - near) > 1e-6:
            low, high = program.lower[j], program.upper[j]
            if low is not None and (high is None or 2 * point[j] <= float(low + high)):
                near = ceil(a)
            elif high is not None:
                near = floor(a)
        if near:
            terms[j] = near
    return terms


def _covers(cuts: Cuts, point: list[float]) -> list[Derivation]:
    """Of items that do not fit together, not all are taken: from rows over columns between 0 and 1."""
    program = cuts.original
    binary = [
        whole and low == 0 and high == 1
        for whole, low, high in zip(program.integer, program.lower, program.upper, strict=True)
    ]
    found: list[Derivation] = []
    for i, row in enumerate(program.rows):
        for limit, sign in ((row.upper, 1), (row.lower, -1)):
            if limit is None:
                continue
            # as a knapsack: complements stand for columns with a negative weight
            weights: dict[int, Fraction] = {j: Fraction(sign * a) for j, a in row.terms.items() if binary[j]}
            room = Fraction(sign * limit)
            for j, a in row.terms.items():
                if binary[j]:
                    room -= min(sign * a, 0)
                    continue
                least = program.lower[j] if sign * a > 0 else program.upper[j]
                if least is None:
                    break
                room -= sign * a * least
            else:
                cover = _cover(weights, room, point)
                if cover:
                    most = max(abs(weights[j]) for j in cover)
                    terms: Vector = {j: -1 if weights[j] > 0 else 1 for j in cover}
                    found.append(Derivation(terms, {i: -Fraction(sign) / most}))
    return found


def _cover(weights: dict[int, Fraction], room: Fraction, point: list[float]) -> list[int]:
    """Columns whose weights together exceed the room, without any that can be spared."""

    def taken(j: int) -> float:
        return point[j] if weights[j] > 0 else 1 - point[j]

    cover: list[int] = []
    total = Fraction(0)
    for j in sorted(weights, key=lambda j: (1 - taken(j)) / float(abs(weights[j]) or 1)):
        cover.append(j)
        total += abs(weights[j])
        if total > room:
            break
    else:
        return []
    for j in sorted(cover, key=taken):
        if total - abs(weights[j]) > room:
            cover.remove(j)
            total -= abs(weights[j])
    return cover
