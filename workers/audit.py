"""Who did what: an append-only table for the operator."""

from __future__ import annotations

import json
import time

from sqlalchemy import delete, insert, select

from quod.core.model import JsonDict
from quod.workers.database import Database
from quod.workers.tables import audit

__all__ = ["Audit"]


class Audit:
    """The audit log."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def note(self, actor: str, action: str, target: str, *, remote: str = "", detail: JsonDict | None = None) -> None:
        """Record an action: ``actor`` is a key id, ``local`` or ``cli``."""
        with self._db.writing() as connection:
            connection.execute(
                insert(audit).values(
                    time=time.time(),
                    actor=actor[:64],
                    action=action[:32],
                    target=target[:64],
                    remote=remote[:64],
                    detail=json.dumps(detail) if detail else "",
                )
            )

    def read(self, limit: int = 100) -> list[dict[str, object]]:
        """The newest entries first."""
        with self._db.reading() as connection:
            query = select(audit).order_by(audit.c.id.desc()).limit(limit)
            return [dict(row) for row in connection.execute(query).mappings()]

    def purge(self, *, before: float) -> int:
        """Delete entries older than a time; returns how many."""
        with self._db.writing() as connection:
            return connection.execute(delete(audit).where(audit.c.time < before)).rowcount
