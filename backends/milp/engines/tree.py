"""A branch-and-bound tree whose leaves carry exact proofs. Runs in the sandbox; the checker re-reads the tree."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd
from typing import Any

import numpy as np

from quod.backends.milp.checker import bound, is_feasible
from quod.backends.milp.engines.branching import PseudoCosts
from quod.backends.milp.engines.lattice import no_whole_solution
from quod.backends.milp.engines.lp import Lp, dyadic, exact_farkas, exact_optimum, rational
from quod.backends.milp.linear import Number, Program, as_json
from quod.core.model import JsonDict

__all__ = ["Incumbent", "closing", "grow", "step_of"]


def step_of(program: Program, cost: dict[int, Number]) -> Fraction:
    """The granularity of the objective over whole points (0 if there is none)."""
    used = [Fraction(c) for j, c in cost.items() if c and program.integer[j]]
    if any(c and not program.integer[j] for j, c in cost.items()) or not used:
        return Fraction(0)
    scale = 1
    for c in used:
        scale = scale * c.denominator // gcd(scale, c.denominator)
    total = 0
    for c in used:
        total = gcd(total, int(c * scale))
    return Fraction(total, scale)


class Incumbent:
    """The best whole point seen, exact."""

    def __init__(self, program: Program, cost: dict[int, Number]) -> None:
        self.program, self.cost = program, cost
        self.x: list[Number] | None = None
        self.value: Fraction | None = None
        self.relaxation: float | None = None
        """The value of the root's relaxation."""

    def offer(self, point: list[float], until: float) -> bool:
        """Round a float point's whole part, solve for the rest exactly, keep it if it is feasible and better."""
        program = self.program
        whole = {j: round(point[j]) for j, integer in enumerate(program.integer) if integer}
        if len(whole) == len(point):
            x: list[Number] = [whole[j] for j in range(len(point))]
        else:
            lp = Lp(program, self.cost)
            for j, k in whole.items():
                lp.bounds(j, k, k)
            lp.limit(until - time.monotonic())
            found = exact_optimum(lp, until) if lp.run() == "optimal" else None
            if found is None:
                return False
            x = found[0]
        if is_feasible(program, x) is not None:
            return False
        value = sum((Fraction(c) * x[j] for j, c in self.cost.items()), Fraction(0))
        if self.value is None or value < self.value:
            self.x, self.value = x, value
        return True


def _vector(y: dict[int, Number]) -> JsonDict:
    return {str(i): as_json(v) for i, v in y.items() if v}


_NOWHERE = object()
Bounds = dict[int, tuple[Number | None, Number | None]]


@dataclass
class _Open:
    """A node to be looked at: its place, its bounds, and what its parent knew."""

    at: int
    limits: Bounds
    basis: Any = None
    parent: float | None = None
    var: int = -1
    side: int = 0
    distance: float = 0.0


def grow(
    program: Program, cost: dict[int, Number], best: Incumbent, until: float, most: int = 20_000
) -> tuple[list[JsonDict] | None, str]:
    """The nodes of a tree proving that nothing beats ``best`` (or, without one, that there is no point), and a note.

    Finds better points on the way. None when time, nodes or float precision run out.
    """
    step = step_of(program, cost)
    whole = np.flatnonzero(program.integer)
    nodes: list[JsonDict] = [{}]
    if y := no_whole_solution(program, program.lower, program.upper):
        return [{"round": _vector(y)}], "1 node"
    lp = Lp(program, cost)
    lp.option("presolve", "off")
    guide = PseudoCosts(lp)
    stack = [_Open(0, {})]
    applied: Bounds = {}
    held: Any = None
    while stack:
        if time.monotonic() > until:
            return None, f"out of time after {len(nodes)} nodes"
        if len(nodes) > most:
            return None, f"over {most} nodes"
        task = stack.pop()
        at, limits = task.at, task.limits
        for j in applied.keys() - limits.keys():
            lp.bounds(j, program.lower[j], program.upper[j])
        for j, (low, high) in limits.items():
            if applied.get(j) != (low, high):
                lp.bounds(j, low, high)
        applied = limits
        crossed = next((j for j, (a, b) in limits.items() if a is not None and b is not None and a > b), None)
        if crossed is not None:
            nodes[at] = {"empty": crossed}
            continue
        if task.basis is not held:
            lp.highs.setBasis(task.basis)
        lp.limit(until - time.monotonic())
        status = lp.run()
        held = _NOWHERE
        if status in {"infeasible", "either"}:
            leaf = _infeasible_leaf(program, lp, until)
            if leaf is None:
                leaf = _round_leaf(program, lp)
            if leaf is None:
                return None, "an empty part could not be proved empty"
            nodes[at] = leaf
            continue
        if status != "optimal":
            return None, f"the relaxation of a node ended '{status}'"
        point, value = lp.point, lp.value
        if task.parent is not None:
            guide.learn(task.var, task.side, task.distance, value - task.parent)
        if at == 0:
            best.relaxation = value
        fractional = lp.fractional(whole)
        if not fractional:
            best.offer(point, until)
        if best.value is not None:
            y = closing(lp, cost, best.value, step, until)
            if y is not None:
                nodes[at] = {"y": _vector(y)}
                continue
        if not fractional:
            # whole only for the engine: with a large multiplier a billionth of a yes is no
            fractional = [j for j in whole.tolist() if abs(point[j] - round(point[j])) > 1e-12]
        if not fractional:
            return None, "a whole point of the relaxation is not exactly feasible"
        basis = lp.highs.getBasis()
        cutoff = value + 1.0 + abs(value) if best.value is None else float(best.value - step)
        j = guide.choose(point, fractional, cutoff)
        held = _NOWHERE if guide.moved else basis
        k = floor(point[j])
        low, high = lp.lower[j], lp.upper[j]
        nodes[at] = {"var": j, "at": k, "left": len(nodes), "right": len(nodes) + 1}
        below = {**limits, j: (low, k if high is None else min(high, k))}
        above = {**limits, j: (k + 1 if low is None else max(low, k + 1), high)}
        sides = [
            _Open(len(nodes), below, basis, value, j, 0, point[j] - k),
            _Open(len(nodes) + 1, above, basis, value, j, 1, k + 1 - point[j]),
        ]
        nodes += [{}, {}]
        stack += sides if point[j] - k > 0.5 else sides[::-1]
    return nodes, f"{len(nodes)} nodes"


def closing(lp: Lp, cost: dict[int, Number], best: Fraction, step: Fraction, until: float) -> dict[int, Number] | None:
    """Multipliers that close a solved node: first rounded ones, then round ones, then the exact ones of the basis."""

    def closes(y: dict[int, Number]) -> bool:
        proved = bound(lp.program, cost, y, lp.lower, lp.upper)
        return proved is not None and (proved > best - step if step else proved >= best)

    if lp.value < float(best - step) - 1e-6 * max(1.0, abs(float(best))):
        return None
    multipliers = lp.multipliers
    for y in (rounded(multipliers) for rounded in (dyadic, rational)):
        if closes(y):
            return y
    found = exact_optimum(lp, until)
    return found[1] if found is not None and closes(found[1]) else None


def _infeasible_leaf(program: Program, lp: Lp, until: float) -> JsonDict | None:
    _, has, ray = (*lp.highs.getDualRay(), None)[:3]
    if has and ray is not None:
        direction = lp.unscaled([float(v) for v in ray])
        for y in (f([sign * v for v in direction]) for f in (dyadic, rational) for sign in (1, -1)):
            proved = bound(program, {}, y, lp.lower, lp.upper)
            if proved is not None and proved > 0:
                return {"farkas": _vector(y)}
    y2 = exact_farkas(program, lp.lower, lp.upper, until)
    return None if y2 is None else {"farkas": _vector(y2)}


def _round_leaf(program: Program, lp: Lp) -> JsonDict | None:
    """An equation over whole variables whose coefficients share a divisor that its right side lacks."""
    for i, row in enumerate(program.rows):
        if row.lower is None or row.upper is None or not all(program.integer[j] for j in row.terms):
            continue
        low = high = Fraction(0)
        rest: list[Fraction] = []
        for j, a in row.terms.items():
            fixed = lp.lower[j]
            if fixed is not None and fixed == lp.upper[j]:
                low, high = low + Fraction(a) * fixed, high + Fraction(a) * fixed
            else:
                rest.append(Fraction(a))
        if not rest:
            continue
        scale = 1
        for a in rest:
            scale = scale * a.denominator // gcd(scale, a.denominator)
        divisor = Fraction(gcd(*(int(a * scale) for a in rest)), scale)
        bottom, top = (Fraction(row.lower) - low) / divisor, (Fraction(row.upper) - high) / divisor
        if -floor(-bottom) > floor(top):
            return {"round": {str(i): as_json(1 / divisor)}}
    return None
