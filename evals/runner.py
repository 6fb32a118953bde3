"""Runs the rows of a benchmark through the pipeline and keeps what came of each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from quod.core.answer import Answer, Status
from quod.core.errors import QuodError
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.evals.benchmark import Case, Row
from quod.repair import check, solve

__all__ = ["Outcome", "RowResult", "run_rows", "summarize"]

Outcome = str
"""``right``, ``wrong``, ``abstained`` or ``error`` (infrastructure only)."""


@dataclass(frozen=True)
class RowResult:
    """What came of one row."""

    id: str
    outcome: Outcome
    verified: bool
    """Every case of the row was verified."""
    status: str
    conclusion: str
    assurance: str
    """The weakest over the row's cases."""
    faithfulness: str
    expected: str
    got: str
    seconds: float
    engine_seconds: float
    model_calls: int
    note: str = ""
    category: str = ""
    known_bad: str = ""

    def as_json(self) -> JsonDict:
        """For one line of a results file."""
        return dict(vars(self))


def run_rows(rows: Iterable[Row], concurrency: int = 2) -> Iterator[RowResult]:
    """Results in the order they finish; at most ``concurrency`` rows are under way."""
    source = iter(rows)
    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        pending: set[Future[RowResult]] = set()
        for row in source:
            pending.add(pool.submit(run_row, row))
            if len(pending) >= concurrency * 2:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


def run_row(row: Row) -> RowResult:
    """Run every case of a row."""
    started = time.monotonic()
    grades, answers = [], []
    for case in row.cases:
        try:
            answer = _run_case(case)
        except QuodError as error:
            return RowResult(
                id=row.id,
                outcome="error",
                verified=False,
                status="error",
                conclusion="",
                assurance="none",
                faithfulness="unchecked",
                expected="",
                got="",
                seconds=time.monotonic() - started,
                engine_seconds=0.0,
                model_calls=0,
                note=f"{error.code}: {error.message}",
                category=row.category,
                known_bad=row.known_bad,
            )
        answers.append(answer)
        grades.append(case.grade(answer))
    if any(grade.right is False for grade in grades):
        outcome = "wrong"
    elif any(grade.right is None for grade in grades):
        outcome = "abstained"
    else:
        outcome = "right"
    weakest = min((a.assurance for a in answers), key=lambda a: a.strength)
    return RowResult(
        id=row.id,
        outcome=outcome,
        verified=all(a.status is Status.VERIFIED for a in answers),
        status=" ".join(dict.fromkeys(str(a.status) for a in answers)),
        conclusion=" ".join(dict.fromkeys(str(a.conclusion or "") for a in answers)),
        assurance=str(weakest),
        faithfulness=str(answers[0].faithfulness.level),
        expected="; ".join(grade.expected for grade in grades),
        got="; ".join(grade.got for grade in grades),
        seconds=time.monotonic() - started,
        engine_seconds=sum(a.cost.engine_seconds for a in answers),
        model_calls=sum(a.cost.model_calls for a in answers),
        note="; ".join(f"{d.code}: {d.message}" for a in answers for d in a.diagnostics if d.severity != "info")[:500],
        category=row.category,
        known_bad=row.known_bad,
    )


def _run_case(case: Case) -> Answer:
    run = Run(budget=case.problem.budget)
    if case.gold is not None:
        return check(case.gold, case.problem, run)
    return solve(case.problem, run)


def summarize(results: Iterable[RowResult]) -> JsonDict:
    """The summary: n = answered + abstained + errors, answered = right + wrong."""
    rows = list(results)

    def count(test: Callable[[RowResult], bool]) -> int:
        return sum(1 for row in rows if test(row))

    answered = [row for row in rows if row.outcome in {"right", "wrong"}]
    return {
        "n": len(rows),
        "answered": len(answered),
        "right": count(lambda r: r.outcome == "right"),
        "wrong": count(lambda r: r.outcome == "wrong"),
        "abstained": count(lambda r: r.outcome == "abstained"),
        "verified": count(lambda r: r.verified),
        "wrong_verified": count(lambda r: r.verified and r.outcome == "wrong"),
        "errors": count(lambda r: r.outcome == "error"),
        "by_assurance": dict(sorted(Counter(row.assurance for row in answered).items())),
        "by_faithfulness": dict(sorted(Counter(row.faithfulness for row in answered).items())),
        "seconds": round(sum(row.seconds for row in rows), 3),
        "engine_seconds": round(sum(row.engine_seconds for row in rows), 3),
        "model_calls": sum(row.model_calls for row in rows),
    }
