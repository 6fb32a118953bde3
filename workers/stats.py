"""Figures over all jobs, for /metrics and `quod doctor`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from quod.workers.database import Database
from quod.workers.states import JobState
from quod.workers.tables import counters, jobs

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

    def add(self, name: str, counts: Mapping[str, int]) -> None:
        """Let the counter ``name`` grow, by label."""
        insert = sqlite.insert if self._db.sqlite else postgresql.insert
        with self._db.writing() as connection:
            for label, count in sorted(counts.items()):
                fresh = insert(counters).values(name=name, label=label[:40], value=count)
                grown = {"value": counters.c.value + fresh.excluded.value}
                connection.execute(fresh.on_conflict_do_update(index_elements=["name", "label"], set_=grown))

    def counted(self, name: str) -> dict[str, int]:
        """A counter's values by label."""
        query = select(counters.c.label, counters.c.value).where(counters.c.name == name)
        with self._db.reading() as connection:
            return {row.label: row.value for row in connection.execute(query)}

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
