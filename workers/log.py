"""The append-only log of each job: gap-free, in the same transaction as what it tells of."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from sqlalchemy import Connection, bindparam, insert, select, update

from quod.core.events import Event
from quod.core.model import JsonDict
from quod.workers.database import Database
from quod.workers.records import event_of
from quod.workers.tables import events, jobs

__all__ = ["MAX_EVENTS", "Log", "append", "write"]

MAX_EVENTS = 20_000
"""A job that logs more is running away; the worker stops it."""


# Built once: putting a statement together costs as much as running it.
_COUNT = (
    update(jobs).where(jobs.c.id == bindparam("job")).values(last_seq=jobs.c.last_seq + 1).returning(jobs.c.last_seq)
)
_INSERT = insert(events)
_HEADS = select(jobs.c.id, jobs.c.last_seq, jobs.c.state).where(jobs.c.id.in_(bindparam("jobs", expanding=True)))


def append(connection: Connection, job: str, kind: str, data: JsonDict, *, uid: str | None = None) -> int:
    """Append one event and return its number. The job's row is locked by the update, so numbers have no gaps."""
    seq = int(connection.execute(_COUNT, {"job": job}).scalar_one())
    write(connection, job, seq, kind, data, uid=uid)
    return seq


def write(connection: Connection, job: str, seq: int, kind: str, data: JsonDict, *, uid: str | None = None) -> None:
    """Write an event whose number an update of the job's row has drawn in this transaction (``last_seq + 1``)."""
    row = {
        "job": job,
        "seq": seq,
        "time": time.time(),
        "kind": kind,
        "data": json.dumps(data, ensure_ascii=False),
        "uid": uid,
    }
    connection.execute(_INSERT, row)


class Log:
    """Reading events, and hearing of new ones in this process."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._listeners: list[Callable[[str, bool], None]] = []

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
                rows = connection.execute(_HEADS, {"jobs": ids[start : start + 400]})
                found.update({row.id: (row.last_seq, row.state) for row in rows})
        return found

    def listen(self, heard: Callable[[str, bool], None]) -> Callable[[], None]:
        """Call ``heard(job id, may have ended)`` after each change made through this process's store.

        Returns the way to stop.
        """
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard) if heard in self._listeners else None

    def tell(self, job: str, *, running: bool = False) -> None:
        """Tell this process's listeners that a job has changed (``running``: has not ended). After the commit."""
        for heard in tuple(self._listeners):
            heard(job, not running)
