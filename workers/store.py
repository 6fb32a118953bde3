"""The job store: the source of truth. SQLite by default, PostgreSQL for more than one machine."""

from __future__ import annotations

from quod.workers.audit import Audit
from quod.workers.database import Database
from quod.workers.hooks import Hooks
from quod.workers.jobs import Jobs
from quod.workers.keys import Keys
from quod.workers.leases import Leases
from quod.workers.log import Log
from quod.workers.roster import Roster
from quod.workers.schema import prepare
from quod.workers.settings import ServiceSettings
from quod.workers.stats import Stats

__all__ = ["Store"]


class Store:
    """One connection pool and what can be done through it, by subject."""

    def __init__(self, settings: ServiceSettings) -> None:
        """Open the store and bring its tables up to date. Raises StoreDown when it cannot be reached."""
        self.settings = settings
        self.database = Database(settings.url)
        prepare(self.database)
        self.log = Log(self.database)
        self.jobs = Jobs(self.database, self.log)
        self.leases = Leases(
            self.database, self.log, seconds=settings.lease_seconds, max_deliveries=settings.max_deliveries
        )
        self.hooks = Hooks(self.database)
        self.keys = Keys(self.database)
        self.audit = Audit(self.database)
        self.stats = Stats(self.database)
        self.roster = Roster(self.database)

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
