"""From a basis to the exact rational vertex and its dual.

A simplex solver ends with floats and a basis. The basis alone determines the vertex: the columns that are not basic
sit at a limit, the rows that are not basic are tight, and what is left is one square system for the point and its
transpose for the multipliers. Both are solved exactly: singletons first, then fraction elimination on small kernels,
and on large ones float solves with exact residuals and rational reconstruction (Wan, "An algorithm to solve integer
linear systems exactly using numerical methods", J. Symbolic Computation 41, 2006; Gleixner, Steffy and Wolter,
"Iterative refinement for linear programming", 2016).
"""

from __future__ import annotations

import time
from fractions import Fraction
from math import lcm

from quod.backends.milp.linear import Number, Program

__all__ = ["Deadline", "solve_square", "vertex"]

DENSE = 24
"""Kernels up to this size are eliminated with fractions."""


class Deadline(Exception):  # noqa: N818
    """The time given is over."""


def vertex(
    program: Program, cost: dict[int, Number], at: list[Number | None], tight: list[Number | None], until: float
) -> tuple[list[Number], dict[int, Number]] | None:
    """The exact point and multipliers of a basis.

    ``at[j]`` is the limit column j sits at, None if it is basic; ``tight[i]`` likewise for rows. None if the basis is
    singular. Raises Deadline.
    """
    free = [j for j, value in enumerate(at) if value is None]
    rows = [i for i, value in enumerate(tight) if value is not None]
    if len(free) != len(rows):
        return None
    place = {j: k for k, j in enumerate(free)}
    matrix: list[dict[int, Number]] = []
    right: list[Number] = []
    for i in rows:
        line: dict[int, Number] = {}
        rest = tight[i]
        assert rest is not None
        for j, a in program.rows[i].terms.items():
            value = at[j]
            if value is None:
                line[place[j]] = a
            elif value:
                rest = rest - a * value
        matrix.append(line)
        right.append(rest)
    solution = solve_square(matrix, right, until)
    if solution is None:
        return None
    transposed: list[dict[int, Number]] = [{} for _ in free]
    for k, line in enumerate(matrix):
        for c, a in line.items():
            transposed[c][k] = a
    duals = solve_square(transposed, [cost.get(j, 0) for j in free], until)
    if duals is None:
        return None
    x: list[Number] = [solution[place[j]] if value is None else value for j, value in enumerate(at)]
    return x, {i: y for i, y in zip(rows, duals, strict=True) if y}


def solve_square(matrix: list[dict[int, Number]], right: list[Number], until: float) -> list[Number] | None:
    """The solution of a square sparse system, exactly; None if it is singular. Raises Deadline."""
    n = len(matrix)
    rows = [dict(line) for line in matrix]
    rhs = list(right)
    columns: list[set[int]] = [set() for _ in range(n)]
    for i, line in enumerate(rows):
        for j in line:
            columns[j].add(i)
    solution: list[Number | None] = [None] * n
    alive = set(range(n))
    postponed: list[tuple[int, int]] = []  # (row, column): column singletons, solved last to first
    singles = [("r", i) for i in range(n) if len(rows[i]) == 1] + [("c", j) for j in range(n) if len(columns[j]) == 1]
    left = set(range(n))
    while singles:
        kind, k = singles.pop()
        if kind == "r":
            if k not in alive or len(rows[k]) != 1:
                continue
            ((j, a),) = rows[k].items()
            value = Fraction(rhs[k]) / a
            solution[j] = value
            alive.discard(k)
            left.discard(j)
            for i in columns[j]:
                if i in alive:
                    rhs[i] = rhs[i] - rows[i].pop(j) * value
                    if len(rows[i]) == 1:
                        singles.append(("r", i))
                    elif not rows[i]:
                        return None
        else:
            owners = [i for i in columns[k] if i in alive]
            if k not in left or len(owners) != 1:
                continue
            (i,) = owners
            postponed.append((i, k))
            alive.discard(i)
            left.discard(k)
            singles += [("c", j) for j in rows[i] if j in left and sum(1 for r in columns[j] if r in alive) == 1]
    if alive:
        order, names = sorted(alive), sorted(left)
        if len(order) != len(names):
            return None
        place = {j: c for c, j in enumerate(names)}
        kernel = [{place[j]: a for j, a in rows[i].items() if j in place} for i in order]
        core = _kernel(kernel, [rhs[i] for i in order], until)
        if core is None:
            return None
        for j, value in zip(names, core, strict=True):
            solution[j] = value
        # values found in the kernel are taken from the postponed rows below
    for i, k in reversed(postponed):
        total = Fraction(rhs[i])
        for j, a in rows[i].items():
            if j != k:
                known = solution[j]
                if known is None:
                    return None
                total -= a * known
        solution[k] = total / rows[i][k]
    if any(v is None for v in solution):
        return None
    return [v.numerator if isinstance(v, Fraction) and v.denominator == 1 else v for v in solution if v is not None]


def _kernel(rows: list[dict[int, Number]], rhs: list[Number], until: float) -> list[Fraction] | None:
    if len(rows) > DENSE:
        found = _refine(rows, rhs, until)
        if found is not None:
            return found
    return _eliminate(rows, rhs, until)


def _eliminate(rows: list[dict[int, Number]], rhs: list[Number], until: float) -> list[Fraction] | None:
    """Gauss-Jordan with fractions, the sparsest row first."""
    n = len(rows)
    work = [({j: Fraction(a) for j, a in line.items()}, Fraction(b)) for line, b in zip(rows, rhs, strict=True)]
    done: list[tuple[int, dict[int, Fraction], Fraction]] = []
    for _ in range(n):
        if time.monotonic() > until:
            raise Deadline
        k = min(range(len(work)), key=lambda i: len(work[i][0]))
        line, b = work.pop(k)
        if not line:
            return None
        j = min(line, key=lambda c: sum(1 for other, _ in work if c in other))
        pivot = line[j]
        line = {c: a / pivot for c, a in line.items()}
        b /= pivot
        for i, (other, value) in enumerate(work):
            factor = other.get(j)
            if factor:
                for c, a in line.items():
                    new = other.get(c, Fraction(0)) - factor * a
                    if new:
                        other[c] = new
                    else:
                        other.pop(c, None)
                work[i] = (other, value - factor * b)
        done.append((j, line, b))
    solution: dict[int, Fraction] = {}
    for j, line, b in reversed(done):
        solution[j] = b - sum((a * solution[c] for c, a in line.items() if c != j), Fraction(0))
    return [solution[j] for j in range(n)]


def _refine(rows: list[dict[int, Number]], rhs: list[Number], until: float) -> list[Fraction] | None:
    """Float inverse, exact residuals, rational reconstruction. None where floats are not good enough.

    Invariant, in whole numbers: ``A found + residual = target * 2^bits``.
    """
    import numpy as np

    n = len(rows)
    whole: list[dict[int, int]] = []
    target: list[int] = []
    for line, b in zip(rows, rhs, strict=True):
        if not line:
            return None
        scale = lcm(Fraction(b).denominator, *(Fraction(a).denominator for a in line.values()))
        whole.append({j: int(a * scale) for j, a in line.items()})
        target.append(int(b * scale))
    largest = max(abs(a) for line in whole for a in line.values())
    if largest > 2**40 or max(map(abs, target)) > 2**1000:
        return None
    dense = np.zeros((n, n))
    for i, coefficients in enumerate(whole):
        for j, a in coefficients.items():
            dense[i, j] = a
    try:
        inverse = np.linalg.inv(dense)
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(inverse).all():
        return None
    columns = np.concatenate([np.fromiter(line.keys(), np.int64, len(line)) for line in whole])
    values = np.concatenate([np.fromiter(line.values(), np.int64, len(line)) for line in whole])
    starts = np.cumsum([0] + [len(line) for line in whole])[:-1]
    growth = largest * max(len(line) for line in whole)
    residual, found = list(target), [0] * n
    bits, goal = 0, 96
    # Cramer and Hadamard: numerator and denominator together need no more bits than this
    most = 2 * sum(sum(a * a for a in line.values()).bit_length() // 2 + 1 for line in whole) + 256
    step = 24
    while any(residual):
        if time.monotonic() > until:
            raise Deadline
        top = max(map(abs, residual))
        correction = np.rint(np.ldexp(inverse @ np.array([float(r) for r in residual]), step))
        if not np.isfinite(correction).all():
            return None
        if float(np.abs(correction).max()) * growth < 2**62:
            integers = correction.astype(np.int64)
            steps = integers.tolist()
            moved = np.add.reduceat(values * integers[columns], starts).tolist()
        else:
            steps = [int(v) for v in correction]
            moved = [sum(a * steps[j] for j, a in line.items()) for line in whole]
        residual = [(r << step) - m for r, m in zip(residual, moved, strict=True)]
        if max(map(abs, residual)) >> (step // 2) > max(top, growth):
            return None  # the inverse is too rough: hardly a bit gained
        found = [(v << step) + s for v, s in zip(found, steps, strict=True)]
        bits += step
        if bits >= goal:
            answer = _reconstruct(found, bits, whole, target)
            if answer is not None or bits > most:
                return answer
            goal = bits * 2
    return [Fraction(v, 1 << bits) for v in found]


def _reconstruct(found: list[int], bits: int, rows: list[dict[int, int]], target: list[int]) -> list[Fraction] | None:
    """Fractions with one common denominator near ``found / 2^bits`` that solve the system, if there are any."""
    half = 1 << max(1, bits // 2 - 8)
    denominator = 1
    modulus = 1 << bits
    for v in found:
        scaled = v * denominator
        near = (scaled + (modulus >> 1)) >> bits
        if abs(scaled - (near << bits)) > half * denominator:
            part = Fraction(scaled, modulus).limit_denominator(max(1, half // denominator)).denominator
            denominator *= part
            if denominator > half:
                return None
    numerators = [(v * denominator + (modulus >> 1)) >> bits for v in found]
    for line, b in zip(rows, target, strict=True):
        if sum(a * numerators[j] for j, a in line.items()) != b * denominator:
            return None
    return [Fraction(v, denominator) for v in numerators]
