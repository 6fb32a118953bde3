"""What the store gives back: typed rows."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from quod.core.answer import Answer
from quod.core.events import Event
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.workers.states import TERMINAL, JobKind, JobState
from quod.workers.tables import jobs

__all__ = ["LOCAL", "Job", "Payload", "Submission", "event_of", "job_of", "new_id", "summary_columns"]

LOCAL = "local"
"""The key id of callers that need no key."""


def new_id() -> str:
    """32 hex digits that sort by time of making (48 bits of milliseconds, then 80 random bits)."""
    return f"{int(time.time() * 1000):012x}{secrets.token_hex(10)}"


@dataclass(frozen=True)
class Submission:
    """A job to be: what is asked, by whom, and what is to happen besides."""

    problem: Problem
    formalization: Formalization | None = None
    """For a check: the formal text. None means solve."""
    key_id: str = LOCAL
    idempotency_key: str | None = None
    body_hash: str | None = None
    webhook: JsonDict | None = None
    """``{"url": …, "secret": …}``: whom to tell when it has ended."""
    batch_id: str | None = None
    batch_index: int | None = None
    parent: str | None = None
    trace: str | None = None
    """W3C traceparent of the request."""

    @property
    def kind(self) -> JobKind:
        """Solve, or check when a formal text is given."""
        return JobKind.CHECK if self.formalization else JobKind.SOLVE


@dataclass(frozen=True)
class Payload:
    """What a worker needs to run a job."""

    kind: JobKind
    problem: Problem
    formalization: Formalization | None
    memos: JsonDict = field(default_factory=dict)
    """The finished steps of earlier runs of this job, by key."""


@dataclass(frozen=True)
class Job:
    """A job without its payload and answer."""

    id: str
    kind: JobKind
    state: JobState
    queue: str
    formalism: str | None
    status: str | None
    conclusion: str | None
    submitted: float
    started: float | None
    finished: float | None
    deliveries: int
    generation: int
    last_seq: int
    cancel_requested: bool
    lease_owner: str | None
    lease_expires: float | None
    key_id: str
    batch_id: str | None
    batch_index: int | None
    parent: str | None
    seconds: float
    trace: str | None

    @property
    def ended(self) -> bool:
        """Whether nothing will happen to it by itself any more."""
        return self.state in TERMINAL


_FIELDS = tuple(Job.__dataclass_fields__)


def summary_columns() -> list[Any]:
    """The columns :func:`job_of` reads: everything but the large ones."""
    return [jobs.c[name] for name in _FIELDS]


def job_of(row: Iterable[Any]) -> Job:
    """A row of :func:`summary_columns`."""
    values = dict(zip(_FIELDS, row, strict=True))
    values["kind"] = JobKind(values["kind"])
    values["state"] = JobState(values["state"])
    values["key_id"] = values["key_id"] or LOCAL
    values["cancel_requested"] = bool(values["cancel_requested"])
    return Job(**values)


def event_of(row: Any) -> Event:
    """A row of (job, seq, time, kind, data)."""
    return Event(
        job=row.job, seq=row.seq, time=datetime.fromtimestamp(row.time, UTC), kind=row.kind, data=json.loads(row.data)
    )


def answer_columns(answer: Answer) -> dict[str, Any]:
    """What of an answer is kept beside its JSON, for lists, budgets and metrics."""
    cost = answer.cost
    return {
        "answer": answer.model_dump_json(),
        "status": answer.status.value,
        "conclusion": answer.conclusion.value if answer.conclusion else None,
        "seconds": cost.seconds,
        "engine_seconds": cost.engine_seconds,
        "tokens": cost.prompt_tokens + cost.completion_tokens,
        "money": cost.money or 0.0,
    }
