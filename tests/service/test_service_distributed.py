"""The distributed runtime on real Redis and PostgreSQL, and what it survives."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from quod.workers.database import Database
from quod.workers.schema import MIGRATIONS, prepare
from quod.workers.tables import metadata

sys.path.insert(0, str(Path(__file__).parent))

from service_stack import Monkey, Stack, missing, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    if missing():
        message = f"not installed: {', '.join(missing())}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with Stack(workers=2, test_solver="words", concurrency=2, drain_seconds=5) as started:
        yield started


@pytest.fixture
def client(stack: Stack) -> Iterator[httpx.Client]:
    stack.wait_ready()
    with httpx.Client(base_url=stack.api_url, timeout=40, trust_env=False) as opened:
        yield opened


def submit(client: httpx.Client, text: str, key: str | None = None, **headers: str) -> dict[str, object]:
    """Hand in, and again until it is accepted: what a client does."""
    sent = {**headers, **({"Idempotency-Key": key} if key else {})}
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            response = client.post("/v1/jobs", json={"text": text}, headers=sent)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if response.status_code in {429, 503}:
            time.sleep(0.2)
            continue
        assert response.status_code in {200, 202}, response.text
        return dict(response.json())
    raise TimeoutError("not accepted within a minute")


def test_a_job_goes_through_redis_and_postgresql(client: httpx.Client) -> None:
    done = submit(client, "echo far away", Prefer="wait=20")
    assert done["answer"]["answer"] == "far away"  # type: ignore[index]
    assert client.get("/readyz").json()["workers"] >= 1


def test_an_older_postgresql_database_is_migrated(stack: Stack) -> None:
    url = stack.env["QUOD_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE older"))
    server.dispose()
    database = Database(url.rpartition("/")[0] + "/older")
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    with database.writing() as connection:
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0001")
        connection.execute(text("INSERT INTO batches (id, created, key_id, total) VALUES ('a', 1, 'local', 3)"))
    prepare(database)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("SELECT count(*) FROM batches")).scalar_one() == 1
    database.close()


def test_cancelling_reaches_the_worker_within_a_second(client: httpx.Client, soonest: Callable[..., None]) -> None:
    def once() -> float:
        job = submit(client, "sleep 30")["id"]
        until("start", lambda: client.get(f"/v1/jobs/{job}").json()["state"] == "running")
        asked = time.monotonic()
        client.post(f"/v1/jobs/{job}/cancel")
        assert client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=20"}).json()["state"] == "cancelled"
        return time.monotonic() - asked

    soonest(once, within=1.6)


def test_messages_that_redis_lost_are_sent_again(stack: Stack, client: httpx.Client) -> None:
    redis = stack.processes["redis"]
    redis.kill()
    for file in (stack.root / "redis").rglob("*.aof*"):
        file.unlink()
    job = submit(client, "echo not lost")["id"]  # accepted: the store has it, the broker is down
    redis.start()
    done = client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=40"}).json()
    assert done["state"] == "done"


def test_without_the_store_nothing_is_accepted_and_nothing_breaks(stack: Stack, client: httpx.Client) -> None:
    running = submit(client, "steps 20")["id"]
    until("start", lambda: client.get(f"/v1/jobs/{running}").json()["state"] == "running")
    postgres = stack.processes["postgres"]
    postgres.kill()
    refused = client.post("/v1/jobs", json={"text": "echo x"})
    assert refused.status_code == 503
    assert refused.json()["retryable"]
    assert "Retry-After" in refused.headers
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    postgres.start()
    until("the store", lambda: client.get(f"/v1/jobs/{running}").status_code == 200)
    done = client.get(f"/v1/jobs/{running}", headers={"Prefer": "wait=40"}).json()
    assert done["answer"]["data"] == {"total": sum(range(20))}


def test_a_worker_told_to_stop_hands_its_job_over(stack: Stack, client: httpx.Client) -> None:
    jobs = [submit(client, "sleep 7")["id"] for _ in range(4)]
    until("start", lambda: all(client.get(f"/v1/jobs/{job}").json()["state"] == "running" for job in jobs))
    worker = stack.processes["worker0"]
    worker.kill(signal.SIGTERM)
    assert worker.process is not None
    assert worker.process.returncode == 0
    worker.start()
    for job in jobs:
        done = client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=40"}).json()
        assert (done["state"], done["deliveries"]) == ("done", 1)


def test_a_worn_worker_replaces_itself() -> None:
    with (
        Stack(workers=1, postgres=False, test_solver="words", log_level="info", max_jobs_per_worker=2) as small,
        httpx.Client(base_url=small.api_url, timeout=40, trust_env=False) as client,
    ):
        worker = small.processes["worker0"]
        assert worker.process is not None
        for number in range(5):
            done = submit(client, f"echo {number}", Prefer="wait=30")
            assert (done["state"], done["deliveries"]) == ("done", 1)
        until("a fresh start", lambda: worker.log_text().count("starting afresh") >= 1)
        assert submit(client, "echo still here", Prefer="wait=30")["state"] == "done"
        assert worker.running
        assert worker.deaths == 0  # the same process id throughout
        assert worker.log_text().count("worker ready") == worker.log_text().count("starting afresh") + 1


def test_nothing_is_lost_while_everything_is_killed(stack: Stack) -> None:
    """The short form of benchmarks/chaos.py."""
    stack.wait_ready()
    born = sum(process.deaths for process in stack.processes.values())
    with (
        Monkey(stack, seed=7),
        httpx.Client(base_url=stack.api_url, timeout=10, trust_env=False) as client,
    ):
        jobs = {n: submit(client, f"steps {1 + n % 4}", key=f"chaos-{n}")["id"] for n in range(24)}
        time.sleep(6)
    stack.wait_ready()
    with httpx.Client(base_url=stack.api_url, timeout=70, trust_env=False) as client:
        for number, job in jobs.items():
            done = client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=60"}).json()
            assert done["state"] == "done", done
            assert done["answer"]["data"] == {"total": sum(range(1 + number % 4))}
            ids, kinds = [], []
            for line in client.get(f"/v1/jobs/{job}/events").text.splitlines():
                if line.startswith("id: "):
                    ids.append(int(line[4:]))
                elif line.startswith("event: "):
                    kinds.append(line[7:])
            assert ids == list(range(1, len(ids) + 1))
            assert kinds.count("answered") == 1
            assert kinds[-1] == "answered"
    assert sum(process.deaths for process in stack.processes.values()) - born >= 4
