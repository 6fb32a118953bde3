"""The few statistics a benchmark figure needs, each from its source, none from memory of a run.

Intervals are Wilson's (J. Am. Stat. Assoc. 22, 1927); pass@k is the unbiased estimator of Chen et al. 2021
(arXiv:2107.03374, eq. 1); paired runs are compared by McNemar's exact test (Psychometrika 12, 1947) and by a
paired bootstrap.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Interval", "Paired", "compare_paired", "pass_at_k", "wilson"]

_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Interval:
    """A share with its 95% interval; all three are NaN when there was nothing to count."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        if math.isnan(self.share):
            return "–"
        return f"{100 * self.share:.1f}% [{100 * self.low:.1f}, {100 * self.high:.1f}]"


def wilson(hits: int, n: int) -> Interval:
    """Wilson's 95% score interval of ``hits`` out of ``n``."""
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is not a share")
    if n == 0:
        return Interval(math.nan, math.nan, math.nan)
    share, z2 = hits / n, _Z95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))


def pass_at_k(samples: int, right: int, k: int) -> float:
    """The chance that one of ``k`` samples drawn from these is right; NaN where there are fewer than ``k``."""
    if not 0 <= right <= samples:
        raise ValueError(f"{right} right of {samples} samples")
    if samples < k or k < 1:
        return math.nan
    return 1.0 - math.comb(samples - right, k) / math.comb(samples, k)


@dataclass(frozen=True)
class Paired:
    """Two runs over the same rows."""

    n: int
    only_first: int
    """Rows right in the first run alone."""
    only_second: int
    p_value: float
    """McNemar's exact two-sided p."""
    difference: float
    """Share right in the second minus in the first."""
    low: float
    high: float
    """95% percentile bootstrap interval of the difference."""


def compare_paired(first: Sequence[bool], second: Sequence[bool], *, seed: int = 0, rounds: int = 2000) -> Paired:
    """Compare two runs row by row; both sequences are over the same rows in the same order."""
    if len(first) != len(second):
        raise ValueError("the runs must be over the same rows")
    n = len(first)
    if n == 0:
        return Paired(0, 0, 0, math.nan, math.nan, math.nan, math.nan)
    b = sum(1 for x, y in zip(first, second, strict=True) if x and not y)
    c = sum(1 for x, y in zip(first, second, strict=True) if y and not x)
    discordant = b + c
    tail = sum(math.comb(discordant, i) for i in range(min(b, c) + 1)) / 2**discordant
    gains = [int(y) - int(x) for x, y in zip(first, second, strict=True)]
    rng = random.Random(seed)
    means = sorted(sum(rng.choices(gains, k=n)) / n for _ in range(rounds))
    return Paired(
        n=n,
        only_first=b,
        only_second=c,
        p_value=min(1.0, 2 * tail),
        difference=sum(gains) / n,
        low=means[int(0.025 * rounds)],
        high=means[min(rounds - 1, int(0.975 * rounds))],
    )
