"""Bringing the tables up to date: made whole in an empty database, migrated by Alembic in an older one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from quod.core.errors import InfrastructureError
from quod.workers.database import Database
from quod.workers.tables import metadata

__all__ = ["HEAD", "MIGRATIONS", "prepare"]

HEAD = "0003"
"""The newest migration. A test holds it to what Alembic says."""
MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x71756F64  # any number; it keeps two processes from migrating PostgreSQL at once


def prepare(database: Database) -> None:
    """Create or migrate the tables. Raises InfrastructureError when the database is newer than this code."""
    with database.reading() as connection:
        if _version(connection) == HEAD:
            return
    with database.writing(durable=True) as connection:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        version = _version(connection)
        if version is None:
            metadata.create_all(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
        elif version != HEAD:
            _migrate(connection, version)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _migrate(connection: Connection, version: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        ScriptDirectory.from_config(config).get_revision(version)
    except CommandError:
        raise InfrastructureError(
            f"the job store is at version {version}, which this quod does not know: it is newer",
            hint="upgrade quod, or point QUOD_DATABASE_URL elsewhere",
            retryable=False,
        ) from None
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
