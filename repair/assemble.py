"""Answers are put together here, so that every way of ending says the same things in the same places."""

from __future__ import annotations

import time

from quod.core.answer import Answer, Status
from quod.core.attempt import Attempt
from quod.core.budget import Cost
from quod.core.diagnostics import Diagnostic
from quod.core.faithfulness import Faithfulness
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.judge import judge
from quod.core.protocols import CheckResult
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["Ledger", "concluded", "no_answer"]

_GAVE_UP_WORDS = {
    GaveUp.TIMEOUT: "the engines ran out of time",
    GaveUp.MEMORY: "the engines ran out of memory",
    GaveUp.INCOMPLETE: "the engines ended without a conclusion",
    GaveUp.UNSUPPORTED: "no engine at hand can read this",
    GaveUp.CRASHED: "the engine crashed",
}


class Ledger:
    """What one run has spent so far."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stages: dict[str, float] = {}
        self._engine = 0.0
        self.model_calls = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.money: float | None = None

    def add(self, stage: str, seconds: float) -> None:
        """Book seconds on a stage; ``engine`` is booked apart, being part of the others."""
        if stage == "engine":
            self._engine += seconds
        else:
            self._stages[stage] = self._stages.get(stage, 0.0) + seconds

    def cost(self) -> Cost:
        """The account so far."""
        return Cost(
            seconds=time.monotonic() - self._run.started,
            stages=dict(self._stages),
            engine_seconds=self._engine,
            model_calls=self.model_calls,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            money=self.money,
        )


def concluded(
    formalization: Formalization,
    result: CheckResult,
    faithfulness: Faithfulness,
    diagnostics: tuple[Diagnostic, ...],
    attempts: tuple[Attempt, ...],
    ledger: Ledger,
) -> Answer:
    """The answer for a formal text that an engine has looked at (or refused to read)."""
    verdict = result.verdict
    if verdict is None:
        status, statement = Status.FAILED, "No answer: the formal text could not be read; see the diagnostics."
    else:
        status, statement = judge(
            verdict.conclusion,
            result.assurance,
            result.certificate,
            faithfulness,
            diagnostics,
            suffices=result.suffices,
        )
        if verdict.conclusion is Conclusion.GAVE_UP:
            status, statement = _gave_up(verdict)
    question = result.question if status is not Status.FAILED else None
    return Answer(
        status=status,
        statement=statement,
        conclusion=verdict.conclusion if verdict else None,
        answer=result.words,
        data=result.data,
        formalism=formalization.formalism,
        formalization=result.formalization or formalization,
        verdict=verdict,
        assurance=result.assurance,
        claims=result.claims,
        faithfulness=faithfulness,
        certificate=result.certificate,
        diagnostics=diagnostics,
        question=question,
        attempts=attempts,
        cost=ledger.cost(),
    )


def _gave_up(verdict: Verdict) -> tuple[Status, str]:
    assert verdict.gave_up is not None
    out_of_budget = verdict.gave_up in {GaveUp.TIMEOUT, GaveUp.MEMORY}
    words = _GAVE_UP_WORDS[verdict.gave_up]
    detail = f" ({verdict.detail})" if verdict.detail else ""
    return (Status.EXHAUSTED if out_of_budget else Status.FAILED), f"No answer: {words}{detail}."


def no_answer(
    status: Status,
    statement: str,
    diagnostics: tuple[Diagnostic, ...],
    ledger: Ledger,
    *,
    formalism: Formalism | None = None,
    question: str | None = None,
    attempts: tuple[Attempt, ...] = (),
) -> Answer:
    """An answer for a problem that never reached an engine."""
    return Answer(
        status=status,
        statement=statement,
        formalism=formalism,
        diagnostics=diagnostics,
        question=question,
        attempts=attempts,
        cost=ledger.cost(),
    )
