"""Equations that no whole numbers meet, whatever their bounds. Runs in the sandbox.

Either ``A x = b`` has a whole solution, or there are multipliers ``y`` with ``y A`` whole and ``y b`` not (Schrijver,
"Theory of Linear and Integer Programming", corollary 4.1a). They are read off the Hermite normal form of ``A``.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from quod.backends.milp.linear import Number, Program

__all__ = ["no_whole_solution"]

MOST_ROWS, MOST_COLUMNS, MOST_BITS = 60, 400, 4000


def no_whole_solution(
    program: Program, lower: list[Number | None], upper: list[Number | None]
) -> dict[int, Number] | None:
    """Multipliers of equations between whole columns that fit no whole numbers, or None if there are none (or the
    numbers grow too large). Columns whose two limits are equal count as constants."""
    lines: list[tuple[int, int, dict[int, int], int]] = []  # row, its scale, terms, right side
    for i, row in enumerate(program.rows):
        if row.lower is None or row.lower != row.upper:
            continue
        right = Fraction(row.lower)
        terms: dict[int, Number] = {}
        for j, a in row.terms.items():
            fixed = lower[j]
            if fixed is not None and fixed == upper[j]:
                right -= a * fixed
            else:
                terms[j] = a
        if terms and all(program.integer[j] for j in terms):
            scale = lcm(right.denominator, *(a.denominator for a in terms.values()))
            lines.append((i, scale, {j: int(a * scale) for j, a in terms.items()}, int(right * scale)))
    names = sorted({j for _, _, terms, _ in lines for j in terms})
    if not lines or len(lines) > MOST_ROWS or len(names) > MOST_COLUMNS:
        return None
    place = {j: k for k, j in enumerate(names)}
    columns = [[0] * len(lines) for _ in names]
    for r, (_, _, whole, _) in enumerate(lines):
        for j, k in whole.items():
            columns[place[j]][r] = k
    y = _obstacle(columns, [right for *_, right in lines])
    if y is None:
        return None
    return {lines[r][0]: v * lines[r][1] for r, v in y.items()}


def _obstacle(columns: list[list[int]], right: list[int]) -> dict[int, Fraction] | None:
    """Columns are added to and taken from each other until the first ones are a triangle; the equations are then
    solved from the top."""
    pivots: list[int] = []  # the row of each column that is done
    solution: list[int] = []
    for r in range(len(right)):
        done = len(pivots)
        rest = columns[done:]
        while True:  # Euclid, all columns at once
            left = [c for c in rest if c[r]]
            if len(left) < 2:
                break
            least = min(left, key=lambda c: abs(c[r]))
            for c in left:
                if c is not least:
                    times = c[r] // least[r]
                    for k in range(r, len(right)):
                        c[k] -= times * least[k]
            if max(abs(v).bit_length() for c in left for v in c) > MOST_BITS:
                return None
        if not left:
            continue  # it follows from those above, or contradicts them even in fractions
        columns.remove(left[0])
        columns.insert(done, left[0])
        pivots.append(r)
        missing = right[r] - sum(columns[k][r] * solution[k] for k in range(done))
        if missing % left[0][r]:
            return _multipliers(columns, pivots)
        solution.append(missing // left[0][r])
    return None


def _multipliers(columns: list[list[int]], pivots: list[int]) -> dict[int, Fraction]:
    """The last row of the triangle's inverse."""
    y: dict[int, Fraction] = {}
    for k in range(len(pivots) - 1, -1, -1):
        wanted = Fraction(int(k == len(pivots) - 1))
        wanted -= sum((y[pivots[m]] * columns[k][pivots[m]] for m in range(k + 1, len(pivots))), Fraction(0))
        y[pivots[k]] = wanted / columns[k][pivots[k]]
    return {r: v for r, v in y.items() if v}
