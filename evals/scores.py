"""A run's figures, taken in one record at a time so that memory does not grow with the answers.

The counts keep to one rule: ``n = answered + abstained + errors`` and ``answered = right + wrong``; an
infrastructure error is never wrong. Coverage is over what infrastructure let through (n - errors); precision is
over what was answered.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from quod.core.model import JsonDict, JsonValue
from quod.evals.runner import RowResult
from quod.evals.stats import Interval, pass_at_k, wilson

__all__ = ["Counts", "Scores", "score"]


@dataclass
class Counts:
    """Outcomes of some records."""

    right: int = 0
    wrong: int = 0
    abstained: int = 0
    errors: int = 0
    unlabelled: int = 0
    """Of the abstained: answered, but without a label to compare with."""
    verified: int = 0
    wrong_verified: int = 0
    right_verified: int = 0

    def add(self, result: RowResult) -> None:
        """Count one record."""
        if result.outcome == "right":
            self.right += 1
        elif result.outcome == "wrong":
            self.wrong += 1
        elif result.outcome == "abstained":
            self.abstained += 1
            self.unlabelled += result.unlabelled
        else:
            self.errors += 1
        if result.verified:
            self.verified += 1
            self.wrong_verified += result.outcome == "wrong"
            self.right_verified += result.outcome == "right"

    @property
    def answered(self) -> int:
        """Right or wrong."""
        return self.right + self.wrong

    @property
    def n(self) -> int:
        """All."""
        return self.answered + self.abstained + self.errors

    @property
    def accuracy(self) -> Interval:
        """Right over all that infrastructure let through."""
        return wilson(self.right, self.n - self.errors)

    @property
    def coverage(self) -> Interval:
        """Answered (with or without a label to compare with) over all that infrastructure let through."""
        return wilson(self.answered + self.unlabelled, self.n - self.errors)

    @property
    def precision(self) -> Interval:
        """Right over answered."""
        return wilson(self.right, self.answered)

    @property
    def precision_verified(self) -> Interval:
        """Right over verified and labelled right or wrong."""
        return wilson(self.right_verified, self.right_verified + self.wrong_verified)

    def as_json(self) -> JsonDict:
        """Counts and shares with their intervals."""
        return {
            "n": self.n,
            "answered": self.answered,
            "right": self.right,
            "wrong": self.wrong,
            "abstained": self.abstained,
            "verified": self.verified,
            "wrong_verified": self.wrong_verified,
            "errors": self.errors,
            "unlabelled": self.unlabelled,
            "accuracy": _interval(self.accuracy),
            "coverage": _interval(self.coverage),
            "precision": _interval(self.precision),
            "precision_verified": _interval(self.precision_verified),
        }


def _interval(value: Interval) -> JsonValue:
    if math.isnan(value.share):
        return None
    return [round(value.share, 6), round(value.low, 6), round(value.high, 6)]


@dataclass
class Scores:
    """Everything the summary says about a run."""

    all: Counts = field(default_factory=Counts)
    sound: Counts = field(default_factory=Counts)
    """Without the rows whose label is known to be bad."""
    categories: dict[str, Counts] = field(default_factory=dict)
    by_assurance: Counter[str] = field(default_factory=Counter)
    by_faithfulness: Counter[str] = field(default_factory=Counter)
    assurance_counts: dict[str, Counts] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=dict)
    strategies: dict[str, list[int]] = field(default_factory=dict)
    attempts_to_verified: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    engine_seconds: float = 0.0
    model_calls: int = 0
    tokens: int = 0
    money: float | None = None
    _named: dict[str, list[float]] = field(default_factory=dict)
    _samples: dict[str, list[int]] = field(default_factory=dict)
    """Row to its samples and how many of them were right."""

    def add(self, result: RowResult) -> None:
        """Count one record."""
        self.all.add(result)
        if not result.known_bad:
            self.sound.add(result)
        if result.category:
            self.categories.setdefault(result.category, Counts()).add(result)
        if result.outcome in {"right", "wrong"}:
            self.by_assurance[result.assurance] += 1
            self.by_faithfulness[result.faithfulness] += 1
            self.assurance_counts.setdefault(result.assurance, Counts()).add(result)
        for stage, spent in result.stages.items():
            self.stages[stage] = self.stages.get(stage, 0.0) + spent
        for strategy, (made, accepted) in result.strategies.items():
            tally = self.strategies.setdefault(strategy, [0, 0])
            tally[0] += made
            tally[1] += accepted
        if result.verified:
            self.attempts_to_verified[result.attempts] += 1
        for name, value in result.scores.items():
            self._named.setdefault(name, []).append(value)
        self.seconds += result.seconds
        self.engine_seconds += result.engine_seconds
        self.model_calls += result.model_calls
        self.tokens += result.tokens
        if result.money is not None:
            self.money = (self.money or 0.0) + result.money
        if result.outcome != "error":
            tally = self._samples.setdefault(result.id, [0, 0])
            tally[0] += 1
            tally[1] += result.outcome == "right"

    def pass_at(self, k: int) -> tuple[float, int]:
        """pass@k averaged over the rows with at least k samples (NaN if none has), and how many have."""
        values = [v for n, c in self._samples.values() if not math.isnan(v := pass_at_k(n, c, k))]
        return (sum(values) / len(values) if values else math.nan), len(values)

    @property
    def samples(self) -> dict[str, tuple[int, int]]:
        """Row to its samples and how many were right."""
        return {row: (n, right) for row, (n, right) in self._samples.items()}

    @property
    def named(self) -> dict[str, tuple[float, int]]:
        """Other scores of the field: mean and how many rows had one."""
        return {name: (sum(v) / len(v), len(v)) for name, v in sorted(self._named.items())}

    def as_json(self, k: int = 1) -> JsonDict:
        """The summary."""
        passed, rows = self.pass_at(k)
        summary = self.all.as_json()
        summary |= {
            "by_assurance": dict(sorted(self.by_assurance.items())),
            "by_faithfulness": dict(sorted(self.by_faithfulness.items())),
            "sound": self.sound.as_json(),
            f"pass@{k}": None if math.isnan(passed) else round(passed, 6),
            f"pass@{k}_rows": rows,
            "scores": {name: {"mean": round(m, 6), "rows": n} for name, (m, n) in self.named.items()},
            "attempts": sum(made for made, _ in self.strategies.values()),
            "seconds": round(self.seconds, 3),
            "engine_seconds": round(self.engine_seconds, 3),
            "stages": {name: round(spent, 3) for name, spent in sorted(self.stages.items())},
            "model_calls": self.model_calls,
            "tokens": self.tokens,
            "money": None if self.money is None else round(self.money, 6),
        }
        return summary


def score(results: Iterable[RowResult]) -> Scores:
    """The figures of some records."""
    scores = Scores()
    for result in results:
        scores.add(result)
    return scores
