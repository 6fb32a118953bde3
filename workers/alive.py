"""`python -m quod.workers.alive`: exit 0 when a worker of this machine or container takes work. A health check."""

from __future__ import annotations

import sys

from quod.core.errors import QuodError
from quod.core.settings import get_settings
from quod.workers.database import Database
from quod.workers.owner import same_place
from quod.workers.roster import Roster
from quod.workers.settings import ServiceSettings

__all__ = ["main"]


def main() -> int:
    """0 when there is one, 1 when there is none, 3 when the store cannot be reached."""
    try:
        database = Database(ServiceSettings.of(get_settings()).url, pool_size=1)
        workers = Roster(database).list()
    except QuodError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0 if any(worker.ready and same_place(worker.id) for worker in workers) else 1


if __name__ == "__main__":
    sys.exit(main())
