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
        self.moved = False
        """Whether the last choice tried branches out, so that the engine is no longer where it was."""

    def learn(self, j: int, side: int, distance: float, gain: float) -> None:
        """A branch on ``j`` (side 0 down, 1 up) that moved it by ``distance`` raised the value by ``gain``."""
        if distance > TINY:
            self.rise[side][j] = self.rise[side].get(j, 0.0) + max(gain, 0.0) / distance
            self.seen[side][j] = self.seen[side].get(j, 0) + 1

    def choose(self, point: list[float], fractional: list[int], cutoff: float) -> int:
        """The variable whose branches promise the highest rises; ``cutoff`` closes a branch whatever lies beyond."""
        value = self.lp.value
        means = [sum(self.rise[s].values()) / max(1, sum(self.seen[s].values())) or 1.0 for s in (0, 1)]

        def gains(j: int) -> list[float]:
            down = point[j] - floor(point[j])
            return [
                distance * (self.rise[s][j] / self.seen[s][j] if j in self.seen[s] else means[s])
                for s, distance in ((0, down), (1, 1 - down))
            ]

        def score(found: list[float]) -> float:
            return max(found[0], TINY) * max(found[1], TINY)

        order = sorted(fractional, key=lambda j: score(gains(j)), reverse=True)
        best, best_score, tried = order[0], -1.0, 0
        basis = None
        self.moved = False
        for j in order:
            reliable = min(self.seen[0].get(j, 0), self.seen[1].get(j, 0)) >= RELIABLE
            if reliable or tried >= TRIED:
                found = gains(j)
            else:
                tried += 1
                basis = basis or self.lp.highs.getBasis()
                found = [self._try(j, side, point[j], value, cutoff, basis) for side in (0, 1)]
                self.moved = True
            if score(found) > best_score:
                best, best_score = j, score(found)
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
