"""A store in a temporary folder; the tests' helper modules on the path."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quod.workers.settings import ServiceSettings
from quod.workers.store import Store

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def settings(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings(home=tmp_path / "home", lease_seconds=15, drain_seconds=1, database_url=None)


@pytest.fixture
def store(settings: ServiceSettings) -> Iterator[Store]:
    with Store(settings) as opened:
        yield opened
