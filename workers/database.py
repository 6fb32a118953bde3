"""Connections and transactions: SQLite with a write-ahead log, or PostgreSQL."""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from quod.core.errors import InfrastructureError, InputError

__all__ = ["Database", "StoreDown", "patiently"]

log = logging.getLogger(__name__)
T = TypeVar("T")


class StoreDown(InfrastructureError):  # noqa: N818 - a state, told as it is
    """The store cannot be reached, or was too busy for too long."""

    code = "infrastructure.store"


class Database:
    """An SQLAlchemy engine with transactions that say what they are for."""

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        parsed = make_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite:
            if not parsed.database or parsed.database == ":memory:":
                raise InputError(
                    "the job store must be a file: an in-memory database loses jobs", code="input.settings"
                )
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.engine = create_engine(parsed, connect_args={"timeout": 30}, pool_size=pool_size, max_overflow=64)
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        elif parsed.get_backend_name() == "postgresql":
            self.engine = create_engine(
                parsed,
                pool_size=pool_size,
                max_overflow=16,
                pool_timeout=20,
                pool_pre_ping=True,
                connect_args={"connect_timeout": 5, "application_name": "quod"},
            )
        else:
            raise InputError(
                f"no job store on '{parsed.get_backend_name()}': use SQLite or PostgreSQL", code="input.settings"
            )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with _telling(self.engine), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that writes. ``durable`` ones survive a power cut on SQLite too (others: a killed process)."""
        with _telling(self.engine), self.engine.connect() as connection:
            if self.sqlite:
                connection = connection.execution_options(quod_write=True, quod_durable=durable)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _telling(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise StoreDown(
            f"the job store ({engine.url.get_backend_name()}) is not available: {_first_line(error)}"
        ) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreDown("the connection to the job store was lost") from error
        raise


def _first_line(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    return str(original).strip().splitlines()[0][:200] if str(original).strip() else type(original).__name__


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:  # noqa: ARG001
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    if options.get("quod_write"):
        # An upgrade from a read to a write lock fails at once when another writer was faster: ask for it now.
        level = "FULL" if options.get("quod_durable") else "NORMAL"
        if connection.info.get("quod_synchronous", "NORMAL") != level:  # kept with the driver's connection
            connection.exec_driver_sql(f"PRAGMA synchronous={level}")
            connection.info["quod_synchronous"] = level
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def patiently(what: str, call: Callable[[], T], *, seconds: float, stop: Callable[[], bool] = lambda: False) -> T:
    """Call again while the store is down, for up to ``seconds``; then the last StoreDown is raised."""
    deadline = time.monotonic() + seconds
    pause = 0.05
    while True:
        try:
            return call()
        except StoreDown as error:
            if stop() or time.monotonic() + pause > deadline:
                raise
            log.warning("%s: %s; trying again in %.2f s", what, error, pause)
            time.sleep(pause)
            pause = min(2.0, pause * 2 * random.uniform(0.8, 1.2))
