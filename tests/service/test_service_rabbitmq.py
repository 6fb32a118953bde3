"""The distributed runtime over RabbitMQ in the place of Redis, where `rabbitmq-server` is installed (it is not by
`make system`: it brings all of Erlang)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from service_stack import RABBITMQ, Stack, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not RABBITMQ.exists(), reason="rabbitmq-server is not installed (apt-get install rabbitmq-server)"
    ),
]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(
        workers=2, postgres=False, rabbitmq=True, test_solver="words", concurrency=1, drain_seconds=5, auth="off"
    ) as started:
        yield started


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx.Client]:
    stack.wait_ready()
    with httpx.Client(base_url=stack.api_url, timeout=70, trust_env=False) as opened:
        yield opened


def submit(client: httpx.Client, text: str, wait: int = 0) -> dict[str, object]:
    response = client.post("/v1/jobs", json={"text": text}, headers={"Prefer": f"wait={wait}"})
    assert response.status_code in {200, 202}, response.text
    return dict(response.json())


def ended_once(client: httpx.Client, job: object) -> dict[str, object]:
    done = client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=60"}).json()
    lines = client.get(f"/v1/jobs/{job}/events").text.splitlines()
    kinds = [line[7:] for line in lines if line.startswith("event: ")]
    ids = [int(line[4:]) for line in lines if line.startswith("id: ")]
    assert ids == list(range(1, len(ids) + 1))
    assert kinds.count("answered") == (done["state"] == "done")
    return dict(done)


def test_jobs_go_through_and_readiness_is_seen(client: httpx.Client) -> None:
    for number in range(5):
        assert submit(client, f"echo {number}", wait=30)["answer"]["answer"] == str(number)  # type: ignore[index]
    assert client.get("/readyz").json()["workers"] >= 1


def test_a_job_whose_worker_is_killed_ends_once_at_the_other(stack: Stack, client: httpx.Client) -> None:
    jobs = [submit(client, "steps 20")["id"] for _ in range(2)]
    until("start", lambda: all(client.get(f"/v1/jobs/{job}").json()["state"] == "running" for job in jobs))
    worker = stack.processes["worker0"]
    worker.kill()
    worker.start()
    told = [ended_once(client, job) for job in jobs]
    assert [done["answer"]["data"] for done in told] == [{"total": sum(range(20))}] * 2  # type: ignore[index]
    assert sorted(done["deliveries"] for done in told) == [1, 2]  # type: ignore[type-var]


def test_cancelling_reaches_the_worker(client: httpx.Client) -> None:
    job = submit(client, "sleep 60")["id"]
    until("start", lambda: client.get(f"/v1/jobs/{job}").json()["state"] == "running")
    client.post(f"/v1/jobs/{job}/cancel")
    assert client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=20"}).json()["state"] == "cancelled"


def test_nothing_is_lost_when_the_broker_is_killed(stack: Stack, client: httpx.Client) -> None:
    broker = stack.processes["rabbitmq"]
    running = [submit(client, "steps 12")["id"] for _ in range(6)]  # two run, four wait
    broker.kill()
    accepted = [submit(client, "echo while it was away")["id"] for _ in range(3)]  # the store has them
    broker.start()
    for job in [*running, *accepted]:
        assert ended_once(client, job)["state"] == "done"
    until("readiness", lambda: stack.answers("/readyz"), 60)
    assert submit(client, "echo and on", wait=30)["state"] == "done"
