"""HiGHS as an LP solver over an exact program: floats in, basis out, evidence made exact. Runs in the sandbox."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import frexp, ldexp
from typing import Any

import highspy
import numpy as np

from quod.backends.milp.checker import bound, is_feasible
from quod.backends.milp.exact import vertex
from quod.backends.milp.linear import Number, Program, Row

__all__ = ["Lp", "dyadic", "elastic", "exact_farkas", "exact_optimum", "exact_ray", "rational", "sparse"]

INFINITY = highspy.kHighsInf
SMALL = 1e-8
"""Coefficients from here on are near what HiGHS drops unless told otherwise."""
_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "either",
    highspy.HighsModelStatus.kTimeLimit: "timeout",
    highspy.HighsModelStatus.kSolutionLimit: "timeout",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
}

Limits = list[Number | None]


def _scale(values: Iterable[Number]) -> int:
    """By which power of two numbers are multiplied before the engine sees them: 0 unless all of them are tiny or one
    is huge, as it then drops them or takes them for infinite."""
    most: Number = max((v if v > 0 else -v for v in values), default=0)
    if not most or 2**-10 <= most <= 2**30:
        return 0
    return most.denominator.bit_length() - most.numerator.bit_length()


def _rescaled(row: Row, scale: int) -> Row:
    terms = {j: _times(a, scale) or 0 for j, a in row.terms.items()} if scale else row.terms
    return Row(row.name, terms, _times(row.lower, scale), _times(row.upper, scale))


def _scaled(value: Number, scale: int) -> float:
    return float(Fraction(value) * Fraction(2) ** scale) if scale else float(value)


def _times(value: Number | None, scale: int) -> Number | None:
    return value if value is None or not scale else Fraction(value) * Fraction(2) ** scale


def _floats(values: list[Number | None], missing: float) -> Any:
    return np.array([missing if v is None else _float(v) for v in values], dtype=np.float64)


def _float(value: Number) -> float:
    try:
        return float(value)
    except OverflowError:
        return INFINITY if value > 0 else -INFINITY


@dataclass
class Lp:
    """A HiGHS instance holding a program; bounds and costs may be changed between solves (warm start)."""

    program: Program
    cost: dict[int, Number]
    integral: bool = False

    def __post_init__(self) -> None:
        program = self.program
        self._solution: Any = None
        self.lower, self.upper = list(program.lower), list(program.upper)
        self.highs: Any = highspy.Highs()
        self.option("output_flag", False)
        self.option("threads", 1)
        lp = highspy.HighsLp()
        n, m = len(program.names), len(program.rows)
        lp.num_col_, lp.num_row_ = n, m
        costs = np.zeros(n)
        self.cost_scale = _scale(self.cost.values())
        for j, c in self.cost.items():
            costs[j] = _scaled(c, self.cost_scale)
        lp.col_cost_ = costs
        lp.col_lower_, lp.col_upper_ = _floats(self.lower, -INFINITY), _floats(self.upper, INFINITY)
        self.scales = [_scale(r.terms.values()) for r in program.rows]
        rows = (
            program.rows
            if not any(self.scales)
            else [_rescaled(r, s) for r, s in zip(program.rows, self.scales, strict=True)]
        )
        lp.row_lower_ = _floats([r.lower for r in rows], -INFINITY)
        lp.row_upper_ = _floats([r.upper for r in rows], INFINITY)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        sizes = [len(r.terms) for r in program.rows]
        lp.a_matrix_.start_ = np.cumsum([0, *sizes]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([j for r in program.rows for j in r.terms], dtype=np.int32)
        values = np.array([float(a) for r in rows for a in r.terms.values()], dtype=np.float64)
        lp.a_matrix_.value_ = values
        if len(values) and np.abs(values).min() < SMALL:
            self.option("small_matrix_value", 1e-12)  # the least that can be asked for: smaller ones are dropped
        if self.integral and any(program.integer):
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[whole] for whole in program.integer]
        self.highs.passModel(lp)

    def option(self, name: str, value: object) -> None:
        self.highs.setOptionValue(name, value)

    def limit(self, seconds: float) -> None:
        """Seconds from now."""
        self.option("time_limit", max(0.01, seconds) + self.highs.getRunTime())

    def bounds(self, j: int, lower: Number | None, upper: Number | None) -> None:
        self.lower[j], self.upper[j] = lower, upper
        self.highs.changeColBounds(
            j, -INFINITY if lower is None else float(lower), INFINITY if upper is None else float(upper)
        )

    def add(self, row: Row) -> None:
        """One more row."""
        scale = _scale(row.terms.values())
        ends = _floats([_times(row.lower, scale)], -INFINITY)[0], _floats([_times(row.upper, scale)], INFINITY)[0]
        values = np.array([_scaled(a, scale) for a in row.terms.values()])
        self.highs.addRow(*ends, len(values), np.array(list(row.terms), dtype=np.int32), values)
        self.program.rows.append(row)
        self.scales.append(scale)

    def run(self) -> str:
        """``optimal infeasible unbounded either timeout failed``."""
        self.highs.run()
        self._solution = None
        return _STATUS.get(self.highs.getModelStatus(), "failed")

    @property
    def solution(self) -> Any:
        """HiGHS's own record of the last solve: copied out of the engine once."""
        if self._solution is None:
            self._solution = self.highs.getSolution()
        return self._solution

    @property
    def point(self) -> list[float]:
        return [float(v) for v in self.solution.col_value]

    @property
    def multipliers(self) -> list[float]:
        return self.unscaled([float(v) for v in self.solution.row_dual], self.cost_scale)

    def unscaled(self, multipliers: list[float], cost_scale: int = 0) -> list[float]:
        """Multipliers of the engine's rows as multipliers of the program's."""
        if not cost_scale and not any(self.scales):
            return multipliers
        return [ldexp(v, s - cost_scale) for v, s in zip(multipliers, self.scales, strict=True)]

    @property
    def value(self) -> float:
        return ldexp(float(self.highs.getObjectiveValue()), -self.cost_scale)

    def fractional(self, columns: Any) -> list[int]:
        """Those of the columns whose value is not whole."""
        values = np.array(self.solution.col_value)[columns]
        found: list[int] = columns[np.abs(values - np.rint(values)) > 1e-7].tolist()
        return found

    def vertex(self, until: float) -> tuple[list[Number], dict[int, Number]] | None:
        """The exact vertex and multipliers of the current basis; None if it is singular."""
        basis = self.highs.getBasis()
        if not basis.valid:
            return None
        kinds = highspy.HighsBasisStatus

        def side(status: Any, low: Number | None, high: Number | None) -> Number | None:
            if status == kinds.kBasic:
                return None
            if status == kinds.kUpper and high is not None:
                return high
            return low if low is not None else high if high is not None else 0

        at = [side(s, self.lower[j], self.upper[j]) for j, s in enumerate(basis.col_status)]
        tight = [side(s, r.lower, r.upper) for s, r in zip(basis.row_status, self.program.rows, strict=True)]
        return vertex(self.program, self.cost, at, tight, until)


def dyadic(values: list[float], bits: int = 24) -> dict[int, Number]:
    """The nearest multiples of a power of two below the largest value: cheap, and near enough for most leaves."""
    most = max(map(abs, values), default=0.0)
    if not 0.0 < most < 1e15:
        return {}
    shift = bits - frexp(most)[1]
    found = {i: round(ldexp(v, shift)) for i, v in enumerate(values)}
    if shift < 0:
        return {i: k << -shift for i, k in found.items() if k}
    return {i: Fraction(k, 1 << shift) for i, k in found.items() if k}


def rational(values: list[float], digits: int = 9) -> dict[int, Number]:
    """Nearby fractions with small denominators, zeros left out."""
    out: dict[int, Number] = {}
    for i, value in enumerate(values):
        if abs(value) > 1e-9:
            near = Fraction(value).limit_denominator(10 ** min(digits, 4))
            if abs(float(near) - value) > 1e-9 * max(1.0, abs(value)):
                near = Fraction(value).limit_denominator(10**digits)
            if near:
                out[i] = near
    return out


def sparse(values: list[Number]) -> dict[int, Number]:
    return {j: v for j, v in enumerate(values) if v}


def exact_optimum(lp: Lp, until: float) -> tuple[list[Number], dict[int, Number]] | None:
    """Exact optimal point and multipliers of a solved LP, checked; None if the basis is not exactly optimal."""
    for attempt in range(3):
        if attempt:
            # a float-optimal basis may be a hair off: solve again, tighter and then without presolve
            lp.option("primal_feasibility_tolerance", 1e-10)
            lp.option("dual_feasibility_tolerance", 1e-10)
            if attempt == 2:
                lp.option("presolve", "off")
                lp.option("solver", "simplex")
                lp.highs.clearSolver()
            lp.limit(max(0.1, until - time.monotonic()))
            if lp.run() != "optimal":
                continue
        found = lp.vertex(until)
        if found is None:
            continue
        x, y = found
        program = Program(lp.program.names, lp.lower, lp.upper, [False] * len(x), lp.cost, rows=lp.program.rows)
        if is_feasible(program, x) is None:
            proved = bound(program, lp.cost, y, lp.lower, lp.upper)
            if proved is not None and proved >= sum((Fraction(c) * x[j] for j, c in lp.cost.items()), Fraction(0)):
                return x, y
    return None


def elastic(program: Program, lower: Limits, upper: Limits) -> tuple[Program, dict[int, Number]]:
    """The program with every row allowed to give, and the cost of giving: positive at best if infeasible."""
    n = len(program.names)
    low, high = list(lower), list(upper)
    rows = []
    cost: dict[int, Number] = {}
    for r in program.rows:
        terms = dict(r.terms)
        for limit, sign in ((r.lower, 1), (r.upper, -1)):
            if limit is not None:
                terms[n], cost[n] = sign, 1
                low.append(0)
                high.append(None)
                n += 1
        rows.append(Row(r.name, terms, r.lower, r.upper))
    return Program([""] * n, low, high, [False] * n, cost, rows=rows), cost


def exact_farkas(program: Program, lower: Limits, upper: Limits, until: float) -> dict[int, Number] | None:
    """Multipliers that prove the linear relaxation empty, or None."""
    relaxed, cost = elastic(program, lower, upper)
    lp = Lp(relaxed, cost)
    lp.limit(until - time.monotonic())
    if lp.run() != "optimal":
        return None
    guess = rational(lp.multipliers)
    for y in (guess, None):
        if y is None:
            found = exact_optimum(lp, until)
            if found is None:
                return None
            y = found[1]
        proved = bound(program, {}, y, lower, upper)
        if proved is not None and proved > 0:
            return y
    return None


def exact_ray(program: Program, cost: dict[int, Number], until: float) -> dict[int, Number] | None:
    """A direction along which the relaxation improves for ever, or None."""
    n = len(program.names)
    low: Limits = [-1 if v is None else 0 for v in program.lower]
    high: Limits = [1 if v is None else 0 for v in program.upper]
    rows = [
        Row(r.name, r.terms, 0 if r.lower is not None else None, 0 if r.upper is not None else None)
        for r in program.rows
    ]
    lp = Lp(Program(program.names, low, high, [False] * n, cost, rows=rows), cost)
    lp.limit(until - time.monotonic())
    if lp.run() != "optimal":
        return None
    found = exact_optimum(lp, until)
    if found is None or sum((Fraction(c) * found[0][j] for j, c in cost.items()), Fraction(0)) >= 0:
        return None
    return sparse(found[0])
