"""The states of a job and the only moves between them."""

from __future__ import annotations

from enum import StrEnum

from quod.core.formalism import Formalism

__all__ = ["MOVES", "QUEUES", "TERMINAL", "JobKind", "JobState", "queue_of"]


class JobState(StrEnum):
    """Where a job stands. Every terminal job has an answer."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    """The pipeline gave its answer, whatever that answer's status."""
    FAILED = "failed"
    """The pipeline could not give one: it raised; the answer's diagnostics say what."""
    CANCELLED = "cancelled"
    DEAD = "dead"
    """Started as often as allowed, lost every time. `quod jobs requeue` starts it afresh."""


TERMINAL = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.DEAD})

MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED, JobState.DEAD}),
    JobState.RUNNING: TERMINAL | {JobState.QUEUED},
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset({JobState.QUEUED}),
    JobState.CANCELLED: frozenset({JobState.QUEUED}),
    JobState.DEAD: frozenset({JobState.QUEUED}),
}
"""The moves out of a terminal state are a person's: retry and requeue."""


class JobKind(StrEnum):
    """What is asked of the pipeline."""

    SOLVE = "solve"
    CHECK = "check"


QUEUES = ("translate", *(f.value for f in Formalism))
"""One queue per kind of work: `translate` holds the jobs whose formalism is not known yet."""


def queue_of(formalism: Formalism | None) -> str:
    """The queue a job waits in."""
    return formalism.value if formalism else "translate"
