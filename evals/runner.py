"""Runs one sample of one row and condenses what came of it into a line of a results file."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from quod.core.answer import Answer, Status
from quod.core.errors import Cancelled, InputError, QuodError
from quod.core.model import JsonDict
from quod.core.run import Cancel
from quod.evals.benchmark import Case, Grade, Row

__all__ = ["Drive", "Outcome", "RowResult", "run_row"]

Outcome = str
"""``right``, ``wrong``, ``abstained`` or ``error`` (infrastructure only)."""

_OUT_OF_MEANS = {"model.budget", "model.no_price", "model.refused", "model.filtered", "model.too_long"}
"""Errors of models that are nobody's infrastructure: the row is not answered, and asking again would not help."""

Drive = Callable[[Case, Cancel], Answer]
"""Puts a case to quod (embedded, on a server, or to the model alone) and returns the answer."""


@dataclass(frozen=True)
class RowResult:
    """What came of one sample of one row."""

    id: str
    outcome: Outcome
    sample: int = 0
    verified: bool = False
    """Every case of the row was verified."""
    status: str = "error"
    conclusion: str = ""
    assurance: str = "none"
    """The weakest over the row's cases."""
    faithfulness: str = "unchecked"
    expected: str = ""
    got: str = ""
    seconds: float = 0.0
    engine_seconds: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    model_calls: int = 0
    tokens: int = 0
    money: float | None = None
    unlabelled: bool = False
    """Answered, but there is no label to compare with; counted as abstained, and for coverage."""
    attempts: int = 0
    strategies: dict[str, list[int]] = field(default_factory=dict)
    """Strategy to how often it made an attempt, and how often that attempt was accepted by a checker."""
    scores: dict[str, float] = field(default_factory=dict)
    note: str = ""
    category: str = ""
    known_bad: str = ""

    def as_json(self) -> JsonDict:
        """For one line of a results file."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> RowResult:
        """Back from a results file; fields it does not know are passed over."""
        known = {f.name for f in fields(cls)}
        return cls(**{key: value for key, value in raw.items() if key in known})


def run_row(row: Row, sample: int, drive: Drive, cancel: Cancel) -> tuple[RowResult, list[Answer]]:
    """Run every case of a row; with samples, each has a seed of its own.

    Raises only Cancelled. Whatever is not quod's or a model's answer is infrastructure and becomes ``error``.
    """
    started = time.monotonic()
    grades: list[Grade] = []
    answers: list[Answer] = []
    for case in row.cases:
        try:
            answer = drive(_seeded(case, sample), cancel)
            if answer.status is Status.CANCELLED:
                raise Cancelled("the row was cancelled")
            grades.append(case.grade(answer))
        except Cancelled:
            raise
        except InputError as error:  # the row asks for what quod refuses: an abstention, with its reason
            result = _failed(row, sample, f"{error.code}: {error.message}", started)
            return replace(result, outcome="abstained", status="failed"), answers
        except QuodError as error:
            if error.code in _OUT_OF_MEANS:
                result = _failed(row, sample, f"{error.code}: {error.message}", started)
                return replace(result, outcome="abstained", status="exhausted"), answers
            return _failed(row, sample, f"{error.code}: {error.message}", started), answers
        except Exception as error:
            return _failed(row, sample, f"internal: {type(error).__name__}: {error}", started), answers
        answers.append(answer)
    return _condensed(row, sample, grades, answers, time.monotonic() - started), answers


def _seeded(case: Case, sample: int) -> Case:
    if sample == 0:
        return case
    options = case.problem.options
    options = options.model_copy(update={"seed": options.seed + sample})
    return replace(case, problem=case.problem.model_copy(update={"options": options}))


def _failed(row: Row, sample: int, note: str, started: float) -> RowResult:
    return RowResult(
        id=row.id,
        outcome="error",
        sample=sample,
        seconds=time.monotonic() - started,
        note=note[:1000],
        category=row.category,
        known_bad=row.known_bad,
    )


def _condensed(row: Row, sample: int, grades: list[Grade], answers: list[Answer], seconds: float) -> RowResult:
    if any(grade.right is False for grade in grades):
        outcome = "wrong"
    elif any(grade.right is None for grade in grades):
        outcome = "abstained"
    else:
        outcome = "right"
    if outcome == "abstained" and any(d.code.endswith(".not_installed") for a in answers for d in a.diagnostics):
        outcome = "error"  # what is missing here is not quod's to answer for
    stages: dict[str, float] = {}
    strategies: dict[str, list[int]] = {}
    scores: dict[str, float] = {}
    for answer in answers:
        for stage, spent in answer.cost.stages.items():
            stages[stage] = round(stages.get(stage, 0.0) + spent, 6)
        for attempt in answer.attempts:
            tally = strategies.setdefault(attempt.strategy, [0, 0])
            tally[0] += 1
            tally[1] += attempt.assurance.strength >= 2
    for grade in grades:
        for name, value in grade.scores.items():
            scores[name] = min(value, scores.get(name, 1.0))
    money = [a.cost.money for a in answers if a.cost.money is not None]
    diagnostics = [d for a in answers for d in a.diagnostics if d.severity != "info"]
    return RowResult(
        id=row.id,
        outcome=outcome,
        sample=sample,
        verified=all(a.status is Status.VERIFIED for a in answers),
        status=_joined(a.status for a in answers),
        conclusion=_joined(a.conclusion or "" for a in answers),
        assurance=str(min((a.assurance for a in answers), key=lambda a: a.strength)),
        faithfulness=str(answers[0].faithfulness.level),
        expected="; ".join(grade.expected for grade in grades)[:1000],
        got="; ".join(grade.got for grade in grades)[:1000],
        seconds=seconds,
        engine_seconds=sum(a.cost.engine_seconds for a in answers),
        stages=stages,
        model_calls=sum(a.cost.model_calls for a in answers),
        tokens=sum(a.cost.prompt_tokens + a.cost.completion_tokens for a in answers),
        money=sum(money) if money else None,
        unlabelled=outcome == "abstained" and all(grade.unlabelled for grade in grades),
        attempts=sum(len(a.attempts) for a in answers),
        strategies=strategies,
        scores=scores,
        note="; ".join(f"{d.code}: {d.message}" for d in diagnostics)[:500],
        category=row.category,
        known_bad=row.known_bad,
    )


def _joined(words: Any) -> str:
    return " ".join(dict.fromkeys(str(word) for word in words))
