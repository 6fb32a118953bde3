"""A real server on a free port, with a real worker that runs the word solver of tests/workers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from api_server import Server, running

from quod.workers.settings import ServiceSettings
from quod.workers.solver import Solver


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., object]:
    def make(solver: Solver | None = None, **settings: object) -> object:
        made = ServiceSettings(home=tmp_path_factory.mktemp("home"), **settings)  # type: ignore[arg-type]
        return running(made, solver)

    return make


@pytest.fixture(scope="module")
def server(serve: Callable[..., object]) -> Iterator[Server]:
    with serve(lease_seconds=15, max_body_mb=0.5, max_queued=300, drain_seconds=0.5, webhook_private=True) as started:  # type: ignore[attr-defined]
        yield started


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened
