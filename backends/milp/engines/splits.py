"""Mixed-integer cuts of the simplex tableau (Gomory 1960), as splits that a checker can follow. Runs in the sandbox.

A basic whole column ``x_j`` has a fractional value; a combination ``split`` of it with other whole columns has a value
between ``at`` and ``at + 1`` too. With ``s >= 0`` what the nonbasic columns and rows are away from their limits,
``split = value + g s``, so below the split ``-g s >= f`` and above it ``g s >= 1 - f``. Hence ``gamma s >= 1`` on both
sides, for ``gamma = max(-g / f, g / (1 - f))``; the multipliers that show it are the tableau's own.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

import highspy

from quod.backends.milp.engines.derivations import Derivation, Side, Vector
from quod.backends.milp.linear import Number, Program

__all__ = ["split_cuts"]

FINE = 2**12
"""Coefficients are rounded up to multiples of one over this, which only weakens the cut."""


def split_cuts(program: Program, basis: Any, j: int, point: list[float], line: dict[int, float]) -> list[Derivation]:
    """The cut of the tableau row of ``j``, whose multipliers of the rows are ``line``; none if a nonbasic is free."""
    f = Fraction(point[j] - floor(point[j])).limit_denominator(10**6)
    u = {i: Fraction(v).limit_denominator(10**6) for i, v in line.items()}
    combined: dict[int, Number] = {}
    for i, v in u.items():
        for k, a in program.rows[i].terms.items():
            combined[k] = combined.get(k, 0) + v * a
    split: Vector = {j: 1}
    at = floor(point[j])
    terms: Vector = {}
    below, above = Fraction(1) / f, Fraction(1) / (1 - f)

    def gamma(g: Number) -> Fraction:
        least = max(-g * below, g * above)
        return Fraction(ceil(least * FINE), FINE) if least > Fraction(1, 10**9) else Fraction(0)

    for k, a in combined.items():
        status = basis.col_status[k]
        if status == highspy.HighsBasisStatus.kBasic:
            continue
        side, limit = _side(status, program.lower[k], program.upper[k])
        if side == 0 or limit is None:
            if abs(float(a)) > 1e-9:
                return []
            continue
        g: Number = -a * side
        if program.integer[k] and limit.denominator == 1:
            # the split may turn by whole multiples of a whole column
            low, high = -floor(g), -ceil(g)
            turn = low if gamma(g + low) <= gamma(g + high) else high
            g += turn
            if turn:
                split[k] = turn * side
                at += turn * side * int(limit)
        if weight := gamma(g):
            terms[k] = terms.get(k, 0) + weight * side
    rows: dict[int, Fraction] = {}
    for i, v in u.items():
        row = program.rows[i]
        side, _ = _side(basis.row_status[i], row.lower, row.upper)
        if side == 0:
            return []
        rows[i] = gamma(v * side) * side
        for k, a in row.terms.items():
            terms[k] = terms.get(k, 0) + rows[i] * a
    return [
        Derivation(
            {k: a for k, a in terms.items() if a},
            split=split,
            at=at,
            below=Side({i: w for i, v in u.items() if (w := rows[i] + below * v)}, -below),
            above=Side({i: w for i, v in u.items() if (w := rows[i] - above * v)}, above),
        )
    ]


def _side(status: Any, low: Number | None, high: Number | None) -> tuple[int, Number | None]:
    """Which way from its limit a nonbasic can go (1 up, -1 down, 0 either), and the limit."""
    if status == highspy.HighsBasisStatus.kUpper and high is not None:
        return -1, high
    if low is not None:
        return 1, low
    return (-1, high) if high is not None else (0, None)
