"""Two runs over the same rows, compared in pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from quod.core.errors import InputError
from quod.core.model import JsonDict
from quod.evals.runs import RunFolder
from quod.evals.stats import Paired, compare_paired

__all__ = ["Comparison", "compare_runs"]


@dataclass(frozen=True)
class Comparison:
    """What two runs say about the rows both have."""

    paired: Paired
    gained: tuple[str, ...]
    """Rows right in the second run only."""
    lost: tuple[str, ...]
    """Rows right in the first run only."""
    only_first: int
    """Samples that only the first run has (or that failed by infrastructure in the second)."""
    only_second: int
    differences: dict[str, tuple[object, object]] = field(default_factory=dict)
    """Settings that differ."""

    def as_json(self) -> JsonDict:
        """For programs."""

        def finite(value: float) -> float | None:
            return None if math.isnan(value) else value

        paired = self.paired
        return {
            "n": paired.n,
            "right_first_only": paired.only_first,
            "right_second_only": paired.only_second,
            "mcnemar_p": finite(paired.p_value),
            "difference": finite(paired.difference),
            "difference_95": [finite(paired.low), finite(paired.high)],
            "gained": list(self.gained),
            "lost": list(self.lost),
            "unpaired_first": self.only_first,
            "unpaired_second": self.only_second,
            "settings": {name: [str(a), str(b)] for name, (a, b) in self.differences.items()},
        }


def compare_runs(first: RunFolder, second: RunFolder) -> Comparison:
    """Pair the samples both runs have. Raises InputError if they are of other benchmarks or data."""
    if first.config.benchmark != second.config.benchmark:
        raise InputError(f"a run of {first.config.benchmark} cannot be compared with one of {second.config.benchmark}")
    if first.config.data_sha256 != second.config.data_sha256:
        raise InputError("the two runs are over different data (their checksums differ)", code="input.stale_checksum")
    a, b = _outcomes(first), _outcomes(second)
    keys = sorted(a.keys() & b.keys())
    differences = {
        name: (value, other)
        for (name, value), (_, other) in zip(first.config, second.config, strict=True)
        if value != other
    }
    return Comparison(
        paired=compare_paired([a[key] for key in keys], [b[key] for key in keys]),
        gained=tuple(key[0] for key in keys if b[key] and not a[key]),
        lost=tuple(key[0] for key in keys if a[key] and not b[key]),
        only_first=len(a) - len(keys),
        only_second=len(b) - len(keys),
        differences=differences,
    )


def _outcomes(run: RunFolder) -> dict[tuple[str, int], bool]:
    return {r.key: r.result["outcome"] == "right" for r in run.records() if r.result["outcome"] != "error"}
