"""Figures over all jobs, for /metrics and `quod doctor`."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import func, select

from quod.workers.database import Database
from quod.workers.states import JobState
from quod.workers.tables import jobs

__all__ = ["Snapshot", "Stats"]


@dataclass(frozen=True)
class Snapshot:
    """The store at one moment. Sums are over the jobs that retention has kept."""

    by_state: dict[tuple[str, str], int]
    """(state, formalism or "") to jobs."""
    by_status: dict[tuple[str, str], int]
    """(answer status, formalism or "") to jobs."""
    waiting: dict[str, int]
    """Queue to waiting jobs."""
    oldest: dict[str, float]
    """Queue to seconds its oldest waiting job has waited."""
    seconds: float
    engine_seconds: float
    tokens: int
    money: float


class Stats:
    """Counting."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def snapshot(self) -> Snapshot:
        """Everything at once, in one transaction."""
        now = time.time()
        with self._db.reading() as connection:
            states = connection.execute(
                select(jobs.c.state, jobs.c.formalism, func.count()).group_by(jobs.c.state, jobs.c.formalism)
            ).all()
            statuses = connection.execute(
                select(jobs.c.status, jobs.c.formalism, func.count())
                .where(jobs.c.status.is_not(None))
                .group_by(jobs.c.status, jobs.c.formalism)
            ).all()
            queues = connection.execute(
                select(jobs.c.queue, func.count(), func.min(jobs.c.submitted))
                .where(jobs.c.state == JobState.QUEUED)
                .group_by(jobs.c.queue)
            ).all()
            sums = connection.execute(
                select(
                    func.coalesce(func.sum(jobs.c.seconds), 0.0),
                    func.coalesce(func.sum(jobs.c.engine_seconds), 0.0),
                    func.coalesce(func.sum(jobs.c.tokens), 0),
                    func.coalesce(func.sum(jobs.c.money), 0.0),
                )
            ).one()
        return Snapshot(
            by_state={(row[0], row[1] or ""): row[2] for row in states},
            by_status={(row[0], row[1] or ""): row[2] for row in statuses},
            waiting={row[0]: row[1] for row in queues},
            oldest={row[0]: max(0.0, now - row[2]) for row in queues},
            seconds=float(sums[0]),
            engine_seconds=float(sums[1]),
            tokens=int(sums[2]),
            money=float(sums[3]),
        )
