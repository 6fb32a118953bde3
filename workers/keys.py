"""API keys. Only a digest is kept: a key is 256 random bits, so a plain SHA-256 of it cannot be turned round.

A key reads ``quod_<id>_<secret>``; the id is public (it names the key in lists, logs and the audit), the secret is not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from quod.core.errors import InputError, NotFoundError
from quod.workers.database import Database
from quod.workers.tables import api_keys

__all__ = ["ApiKey", "Keys", "Scope"]

_SHAPE = re.compile(r"quod_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    """See its own jobs, events and batches."""
    SOLVE = "solve"
    """Submit, cancel and retry jobs and batches."""
    CHECK = "check"
    """Have formal texts checked."""
    ADMIN = "admin"
    """See every key's jobs, and the metrics."""


@dataclass(frozen=True)
class ApiKey:
    """A key as it is listed."""

    id: str
    name: str
    scopes: frozenset[Scope]
    per_minute: int | None
    """Requests a minute."""
    daily_seconds: float | None
    """Seconds of work in any 24 hours."""
    daily_money: float | None
    """US dollars of language-model calls in any 24 hours."""
    created: float
    expires: float | None
    revoked: float | None

    @property
    def alive(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked is None and (self.expires is None or self.expires > time.time())


class Keys:
    """The table of keys."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def create(
        self,
        name: str,
        scopes: tuple[Scope, ...] = (Scope.READ, Scope.SOLVE, Scope.CHECK),
        *,
        per_minute: int | None = None,
        daily_seconds: float | None = None,
        daily_money: float | None = None,
        days: float | None = None,
    ) -> tuple[ApiKey, str]:
        """A new key and its secret text, which is shown this once and cannot be had again."""
        if not name.strip() or len(name) > 100:
            raise InputError("a key's name is 1 to 100 characters")
        key_id, secret, now = secrets.token_hex(6), secrets.token_urlsafe(32), time.time()
        with self._db.writing(durable=True) as connection:
            row = connection.execute(
                insert(api_keys)
                .values(
                    id=key_id,
                    name=name,
                    digest=_digest(secret),
                    scopes=json.dumps(sorted(s.value for s in scopes)),
                    per_minute=per_minute,
                    daily_seconds=daily_seconds,
                    daily_money=daily_money,
                    created=now,
                    expires=now + days * 86_400 if days else None,
                )
                .returning(api_keys)
            ).one()
        return _key_of(row), f"quod_{key_id}_{secret}"

    def find(self, text: str) -> ApiKey | None:
        """The living key with this text, or None."""
        shape = _SHAPE.fullmatch(text)
        if shape is None:
            return None
        with self._db.reading() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.id == shape[1])).one_or_none()
        if row is None or not hmac.compare_digest(row.digest, _digest(shape[2])):
            return None
        key = _key_of(row)
        return key if key.alive else None

    def list(self) -> list[ApiKey]:
        """Every key, oldest first, revoked ones too."""
        with self._db.reading() as connection:
            return [_key_of(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.created))]

    def revoke(self, key_id: str) -> None:
        """Close a key at once. Raises NotFoundError. Revoking twice is harmless."""
        with self._db.writing(durable=True) as connection:
            known = connection.execute(select(api_keys.c.id).where(api_keys.c.id == key_id)).one_or_none()
            if known is None:
                raise NotFoundError(f"there is no key {key_id}")
            connection.execute(
                update(api_keys)
                .where(api_keys.c.id == key_id, api_keys.c.revoked.is_(None))
                .values(revoked=time.time())
            )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key_of(row: Any) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        scopes=frozenset(Scope(s) for s in json.loads(row.scopes)),
        per_minute=row.per_minute,
        daily_seconds=row.daily_seconds,
        daily_money=row.daily_money,
        created=row.created,
        expires=row.expires,
        revoked=row.revoked,
    )
