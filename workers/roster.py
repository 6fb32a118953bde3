"""Which workers there are, and whether they really take work from the broker (a PID alone proves nothing)."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from quod.workers.database import Database
from quod.workers.owner import is_dead
from quod.workers.tables import workers

__all__ = ["Roster", "WorkerInfo"]

SILENT = 20.0
"""Seconds without a sign of life after which a worker counts as gone."""
IDLE = 45.0
"""Seconds without taking anything from the broker after which a worker with free hands counts as stuck."""


@dataclass(frozen=True)
class WorkerInfo:
    """One worker process."""

    id: str
    queues: tuple[str, ...]
    slots: int
    busy: int
    seen: float
    """Seconds since its last sign of life."""
    consumed: float
    """Seconds since it last took a message from the broker."""

    @property
    def ready(self) -> bool:
        """Whether it takes work, or would if its hands were free."""
        return self.seen < SILENT and (self.consumed < IDLE or self.busy >= self.slots) and not is_dead(self.id)


class Roster:
    """The table of workers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sign(self, worker: str, queues: tuple[str, ...], slots: int, busy: int, *, consumed: bool) -> None:
        """A sign of life."""
        now = time.time()
        values = {"seen": now, "busy": busy, **({"consumed": now} if consumed else {})}
        with self._db.writing() as connection:
            if connection.execute(update(workers).where(workers.c.id == worker).values(**values)).rowcount == 0:
                fresh = {"queues": json.dumps(queues), "slots": slots, "started": now, "consumed": 0.0, **values}
                connection.execute(insert(workers).values(id=worker, **fresh))
                connection.execute(delete(workers).where(workers.c.seen < now - 3600))

    def leave(self, worker: str) -> None:
        """An orderly goodbye."""
        with self._db.writing() as connection:
            connection.execute(delete(workers).where(workers.c.id == worker))

    def list(self) -> list[WorkerInfo]:
        """Every worker heard of in the last hour."""
        now = time.time()
        with self._db.reading() as connection:
            rows = connection.execute(select(workers)).all()
        return [
            WorkerInfo(r.id, tuple(json.loads(r.queues)), r.slots, r.busy, now - r.seen, now - r.consumed) for r in rows
        ]
