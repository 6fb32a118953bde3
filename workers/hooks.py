"""Webhooks waiting to be sent. Scheduled in the transaction that ends the job, so none is lost or sent for nothing."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from quod.workers.database import Database
from quod.workers.records import new_id
from quod.workers.tables import hooks, jobs

__all__ = ["MAX_TRIES", "Hooks", "PendingHook", "schedule"]

MAX_TRIES = 8
"""About four hours, by :func:`pause_before`."""


def schedule(connection: Connection, job_id: str) -> None:
    """Note that the owner of an ended job wants to be told, if so."""
    row = connection.execute(select(jobs.c.webhook, jobs.c.generation).where(jobs.c.id == job_id)).one()
    if row.webhook is None:
        return
    hook = json.loads(row.webhook)
    connection.execute(
        insert(hooks).values(
            id=new_id(),
            job=job_id,
            generation=row.generation,
            url=hook["url"],
            secret=hook["secret"],
            state="pending",
            next_try=time.time(),
        )
    )


def pause_before(tries: int) -> float:
    """Seconds to wait after the ``tries``-th failure: 2, 8, 32 … capped at an hour."""
    return min(3600.0, 2.0 * 4.0 ** (tries - 1))


@dataclass(frozen=True)
class PendingHook:
    """One notification to send."""

    id: str
    job: str
    generation: int
    url: str
    secret: str
    tries: int


class Hooks:
    """The queue of notifications."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def claim(self, *, lease: float = 60.0) -> PendingHook | None:
        """Take one that is due, for ``lease`` seconds."""
        now = time.time()
        due = (hooks.c.state == "pending") & (hooks.c.next_try <= now) & (hooks.c.lease_expires <= now)
        with self._db.reading() as connection:
            found = connection.execute(select(hooks.c.id).where(due).order_by(hooks.c.next_try).limit(1)).scalar()
        if found is None:
            return None
        with self._db.writing() as connection:
            row = connection.execute(
                update(hooks).where(hooks.c.id == found, due).values(lease_expires=now + lease).returning(hooks)
            ).one_or_none()
        if row is None:
            return None
        return PendingHook(row.id, row.job, row.generation, row.url, row.secret, row.tries)

    def sent(self, hook: PendingHook) -> None:
        """It has arrived."""
        with self._db.writing() as connection:
            connection.execute(update(hooks).where(hooks.c.id == hook.id).values(state="sent", tries=hook.tries + 1))

    def failed(self, hook: PendingHook, why: str, *, final: bool = False) -> None:
        """It has not; it is tried again later unless ``final`` or tried often enough."""
        tries = hook.tries + 1
        state = "failed" if final or tries >= MAX_TRIES else "pending"
        with self._db.writing() as connection:
            connection.execute(
                update(hooks)
                .where(hooks.c.id == hook.id)
                .values(
                    state=state,
                    tries=tries,
                    detail=why[:500],
                    lease_expires=0,
                    next_try=time.time() + pause_before(tries),
                )
            )

    def of_job(self, job_id: str) -> list[dict[str, object]]:
        """What became of a job's notifications."""
        query = select(hooks.c.url, hooks.c.state, hooks.c.tries, hooks.c.detail).where(hooks.c.job == job_id)
        with self._db.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]
