"""The answers of jobs whose pipeline gave none, so that every ended job has one and says why."""

from __future__ import annotations

from quod.core.answer import Answer, Status
from quod.core.diagnostics import Diagnostic
from quod.core.errors import InputError, QuodError
from quod.workers import codes

__all__ = ["cancelled_answer", "crashed_answer", "dead_answer", "overrun_answer", "refused_answer"]


def _without_conclusion(status: Status, statement: str, *diagnostics: Diagnostic) -> Answer:
    return Answer(status=status, statement=statement, diagnostics=diagnostics)


def cancelled_answer(why: str) -> Answer:
    """For a job that was cancelled."""
    return _without_conclusion(
        Status.CANCELLED, f"Nothing was concluded: {why}.", codes.CANCELLED.info(f"The job ended early: {why}.")
    )


def dead_answer(deliveries: int, last: str) -> Answer:
    """For a job that was started as often as allowed. ``last`` says how it ended the last time."""
    return _without_conclusion(
        Status.FAILED,
        "Nothing was concluded: every worker that took the job up lost it.",
        codes.DEAD.error(
            f"The job was started {deliveries} times and never finished; the last time, {last}.",
            hint="see the worker's log; `quod jobs requeue` starts it afresh",
        ),
    )


def overrun_answer(seconds: float) -> Answer:
    """For a job that had to be stopped from outside."""
    return _without_conclusion(
        Status.EXHAUSTED,
        "Nothing was concluded: the time budget ended first.",
        codes.OVERRAN.error(
            f"The job was still running {seconds:.0f} s after its start and was stopped.",
            hint="give it a larger budget of seconds",
        ),
    )


def crashed_answer(error: Exception) -> Answer:
    """For a pipeline that raised what it should not have."""
    return _without_conclusion(
        Status.FAILED,
        "Nothing was concluded: quod itself failed.",
        codes.CRASHED.error(
            f"The pipeline raised {type(error).__name__}.", hint="please report it, with the worker's log"
        ),
    )


def refused_answer(error: QuodError) -> Answer:
    """For input the pipeline refused, or infrastructure that stayed down."""
    if isinstance(error, InputError):
        made = codes.REFUSED.error(error.message, hint=error.hint, data={"error": error.code})
        return _without_conclusion(
            Status.FAILED, "Nothing was concluded: the input cannot be used.", *error.diagnostics, made
        )
    made = codes.UNAVAILABLE.error(error.message, hint=error.hint, data={"error": error.code})
    return _without_conclusion(
        Status.FAILED, "Nothing was concluded: something the job needs is not available.", *error.diagnostics, made
    )
