"""A real server on a free port, with a real worker in it, for tests."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

sys.path.insert(0, str(Path(__file__).parent.parent / "workers"))

from runtime_solvers import WordSolver

from quod.api.app import create_app
from quod.workers.settings import ServiceSettings
from quod.workers.solver import Solver
from quod.workers.store import Store

__all__ = ["Server", "running"]


class Server:
    """``url``, and the store behind it."""

    def __init__(self, settings: ServiceSettings, solver: Solver | None = None) -> None:
        self.settings = settings
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(settings, solver=solver or WordSolver()),
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._uvicorn.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 30
        while not self._uvicorn.started:
            assert self._thread.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        self.store = Store(settings)

    def stop(self) -> None:
        self.store.close()
        self._uvicorn.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()

    def client(self, key: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)


@contextmanager
def running(settings: ServiceSettings, solver: Solver | None = None) -> Iterator[Server]:
    server = Server(settings, solver)
    try:
        yield server
    finally:
        server.stop()
