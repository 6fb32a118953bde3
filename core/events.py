"""The append-only log of a job: what the events stream shows and what a crashed job resumes from."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quod.core.model import Frozen, JsonDict

__all__ = ["Event"]


class Event(Frozen):
    """One line of a job's log. Sequence numbers of a job start at 1 and have no gaps."""

    job: str
    seq: int = Field(ge=1)
    time: datetime
    kind: str
    """``submitted claimed routed translating translated linted solving solved certified judged repairing memo
    answered cancelled failed`` - documented in docs/events.md."""
    data: JsonDict = Field(default_factory=dict)
