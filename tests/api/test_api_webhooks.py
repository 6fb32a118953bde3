"""Webhooks arrive signed, once the job has ended, and are tried again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from quod.workers.sender import sign

SECRET = "a-secret-of-enough-length"


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; answers 500 the first ``failing`` times."""

    def __init__(self, failing: int) -> None:
        self.failing = failing
        self.got: list[tuple[dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(500 if len(self.server.got) <= self.server.failing else 204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def receiver(request: pytest.FixtureRequest) -> Iterator[Receiver]:
    server = Receiver(request.param)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("receiver", [0, 1], indirect=True, ids=["at once", "at the second try"])
def test_the_end_of_a_job_is_told(client: httpx.Client, receiver: Receiver) -> None:
    hook = {"url": f"http://127.0.0.1:{receiver.server_port}/hook", "secret": SECRET}
    job = client.post("/v1/jobs", json={"text": "echo told", "webhook": hook}).json()["id"]
    deadline = time.monotonic() + 20
    while len(receiver.got) <= receiver.failing:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    headers, body = receiver.got[-1]
    told = json.loads(body)
    assert (told["job"], told["state"], told["status"]) == (job, "done", "unverified")
    stamp = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == sign(SECRET, headers["webhook-id"], stamp, body)
    assert abs(stamp - time.time()) < 30
    assert len({sent["webhook-id"] for sent, _ in receiver.got}) == 1  # a repeat is told by its id
    assert SECRET not in client.get(f"/v1/jobs/{job}").text


def test_a_private_address_is_refused_when_handed_in(locked_client: httpx.Client) -> None:
    hook = {"url": "https://169.254.169.254/latest", "secret": SECRET}
    refused = locked_client.post("/v1/jobs", json={"text": "echo x", "webhook": hook})
    assert (refused.status_code, refused.json()["code"]) == (422, "input.webhook")


@pytest.fixture
def locked_client(serve: Any) -> Iterator[httpx.Client]:
    with serve(lease_seconds=15, drain_seconds=0.2) as server, server.client() as client:
        yield client
