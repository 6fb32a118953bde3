"""The table of ``best_offers``: 100,000 offers, of which a thousand may be accepted.

The worth of an offer is written with two decimals; the best thousand are found by sorting, so the optimum is known
without any solver.
"""

from __future__ import annotations

import random
from fractions import Fraction

__all__ = ["offers"]


def offers(count: int = 100_000, most: int = 1000, seed: int = 7) -> tuple[str, Fraction]:
    """The CSV text and the optimum."""
    rng = random.Random(seed)
    worth = [rng.randint(1, 10_000_000) for _ in range(count)]
    lines = ["offer,worth", *(f"o{k},{w // 100}.{w % 100:02d}" for k, w in enumerate(worth))]
    return "\n".join(lines) + "\n", Fraction(sum(sorted(worth)[-most:]), 100)
