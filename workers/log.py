"""The append-only log of each job: gap-free, in the same transaction as what it tells of."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from quod.core.events import Event
from quod.core.model import JsonDict
from quod.workers.database import Database
from quod.workers.records import event_of
from quod.workers.tables import events, jobs

__all__ = ["MAX_EVENTS", "Log", "append"]

MAX_EVENTS = 20_000
"""A job that logs more is running away; the worker stops it."""


def append(connection: Connection, job: str, kind: str, data: JsonDict, *, uid: str | None = None) -> int:
    """Append one event and return its number. The job's row is locked by the update, so numbers have no gaps."""
    seq = connection.execute(
        update(jobs).where(jobs.c.id == job).values(last_seq=jobs.c.last_seq + 1).returning(jobs.c.last_seq)
    ).scalar_one()
    connection.execute(
        insert(events).values(
            job=job, seq=seq, time=time.time(), kind=kind, data=json.dumps(data, ensure_ascii=False), uid=uid
        )
    )
    return int(seq)


class Log:
    """Reading events, and hearing of new ones in this process."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._listeners: list[Callable[[str], None]] = []

    def read(self, job: str, after: int = 0, limit: int = 500) -> list[Event]:
        """The events numbered above ``after``, oldest first."""
        query = (
            select(events.c.job, events.c.seq, events.c.time, events.c.kind, events.c.data)
            .where(events.c.job == job, events.c.seq > after)
            .order_by(events.c.seq)
            .limit(limit)
        )
        with self._db.reading() as connection:
            return [event_of(row) for row in connection.execute(query)]

    def heads(self, ids: list[str]) -> dict[str, tuple[int, str]]:
        """The last event number and the state of each of these jobs."""
        found: dict[str, tuple[int, str]] = {}
        with self._db.reading() as connection:
            for start in range(0, len(ids), 400):
                query = select(jobs.c.id, jobs.c.last_seq, jobs.c.state).where(jobs.c.id.in_(ids[start : start + 400]))
                found.update({row.id: (row.last_seq, row.state) for row in connection.execute(query)})
        return found

    def listen(self, heard: Callable[[str], None]) -> Callable[[], None]:
        """Call ``heard(job id)`` after each change made through this process's store. Returns the way to stop."""
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard) if heard in self._listeners else None

    def tell(self, job: str) -> None:
        """Tell the listeners of this process that a job has changed. Called after the commit."""
        for heard in tuple(self._listeners):
            heard(job)
