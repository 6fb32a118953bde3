"""Opening the job store for the verbs that look after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from quod.core.settings import get_settings
from quod.workers.settings import ServiceSettings
from quod.workers.store import Store

__all__ = ["open_store", "when"]


@contextmanager
def open_store() -> Iterator[Store]:
    """The configured job store. Raises InfrastructureError when it cannot be reached."""
    with Store(ServiceSettings.of(get_settings())) as store:
        yield store


def when(seconds: float | None) -> str:
    """A time for a list, in UTC."""
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
