"""Which variable to branch on: pseudo-costs, begun by strong branching. Runs in the sandbox.

The product rule and reliability of Achterberg, Koch and Martin, "Branching rules revisited", Operations Research
Letters 33, 2005. The choice makes a tree small; what the tree proves does not rest on it.
"""

from __future__ import annotations

from math import floor
from typing import Any

from quod.backends.milp.engines.lp import Lp

__all__ = ["PseudoCosts"]

RELIABLE = 8
"""So many times a direction has been seen before its mean is trusted."""
TRIED = 8
"""At most so many variables are tried out at a node."""
PIVOTS = 60
TINY = 1e-6


class PseudoCosts:
    """The mean rise of the relaxation's value per unit by which a branch moves a variable, down and up."""

    def __init__(self, lp: Lp) -> None:
        self.lp = lp
        self.rise: tuple[dict[int, float], dict[int, float]] = ({}, {})
        self.seen: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self.total, self.count = [0.0, 0.0], [0, 0]
        self.moved = False
        """Whether the last choice tried branches out, so that the engine is no longer where it was."""

    def learn(self, j: int, side: int, distance: float, gain: float) -> None:
        """A branch on ``j`` (side 0 down, 1 up) that moved it by ``distance`` raised the value by ``gain``."""
        if distance > TINY:
            rise = max(gain, 0.0) / distance
            self.rise[side][j] = self.rise[side].get(j, 0.0) + rise
            self.seen[side][j] = self.seen[side].get(j, 0) + 1
            self.total[side] += rise
            self.count[side] += 1

    def choose(self, point: list[float], fractional: list[int], cutoff: float) -> int:
        """The variable whose branches promise the highest rises; ``cutoff`` closes a branch whatever lies beyond."""
        value = self.lp.value
        down_mean, up_mean = (self.total[s] / max(1, self.count[s]) or 1.0 for s in (0, 1))
        (down_rise, up_rise), (down_seen, up_seen) = self.rise, self.seen

        def promise(j: int) -> float:
            down = point[j] - floor(point[j])
            return _score(
                down * (down_rise[j] / down_seen[j] if j in down_seen else down_mean),
                (1 - down) * (up_rise[j] / up_seen[j] if j in up_seen else up_mean),
            )

        promised = {j: promise(j) for j in fractional}
        order = sorted(fractional, key=promised.__getitem__, reverse=True)
        best, best_score, tried = order[0], -1.0, 0
        basis = None
        self.moved = False
        for j in order:
            found = promised[j]
            if tried < TRIED and min(down_seen.get(j, 0), up_seen.get(j, 0)) < RELIABLE:
                tried += 1
                basis = basis or self.lp.highs.getBasis()
                down, up = (self._try(j, side, point[j], value, cutoff, basis) for side in (0, 1))
                found = _score(down, up)
                self.moved = True
            if found > best_score:
                best, best_score = j, found
        return best

    def _try(self, j: int, side: int, at: float, value: float, cutoff: float, basis: Any) -> float:
        """The rise of one branch after a few pivots."""
        lp = self.lp
        low, high = lp.lower[j], lp.upper[j]
        k = floor(at)
        lp.bounds(j, *((low, k) if side == 0 else (k + 1, high)))
        lp.option("simplex_iteration_limit", PIVOTS)
        status = lp.run()
        found = lp.value - value if status in {"optimal", "failed"} else max(cutoff - value, 0.0)
        lp.option("simplex_iteration_limit", 2**31 - 1)
        lp.bounds(j, low, high)
        lp.highs.setBasis(basis)
        found = min(max(found, 0.0), max(cutoff - value, 1.0))
        self.learn(j, side, at - k if side == 0 else k + 1 - at, found)
        return found


def _score(down: float, up: float) -> float:
    return max(down, TINY) * max(up, TINY)
