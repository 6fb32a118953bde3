"""Keys, scopes, visibility, quotas; who is local; what of it is written down."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from quod.workers.keys import Scope


@pytest.fixture(scope="module")
def locked(serve: Callable[..., Any]) -> Iterator[Any]:
    with serve(auth="require", max_queued=2, lease_seconds=15, drain_seconds=0.2, concurrency=1) as started:
        yield started


def key_of(server: Any, *scopes: Scope, **limits: Any) -> str:
    return str(server.store.keys.create("test", scopes or (Scope.READ, Scope.SOLVE, Scope.CHECK), **limits)[1])


def test_without_a_key_nothing_is_served_but_health(locked: Any) -> None:
    with locked.client() as client:
        for method, path in [
            ("POST", "/v1/jobs"),
            ("GET", "/v1/jobs"),
            ("GET", f"/v1/jobs/{'0' * 32}"),
            ("GET", f"/v1/jobs/{'0' * 32}/events"),
            ("POST", "/v1/check/fol"),
            ("POST", "/v1/batches"),
            ("GET", "/metrics"),
        ]:
            response = client.request(method, path, json={"text": "x"} if method == "POST" else None)
            assert response.status_code == 401, path
            assert response.headers["www-authenticate"].startswith("Bearer")
            assert response.json()["code"] == "input.unauthorized"
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "Bearer quod_000000000000_" + "A" * 43, "Basic dTpw", "Bearer", ""]
)
def test_bad_keys_are_refused(locked: Any, header: str) -> None:
    with locked.client() as client:
        assert client.get("/v1/jobs", headers={"Authorization": header}).status_code == 401


def test_a_revoked_key_is_closed_at_once(locked: Any) -> None:
    key, text = locked.store.keys.create("soon gone")
    with locked.client(text) as client:
        assert client.get("/v1/jobs").status_code == 200
        locked.store.keys.revoke(key.id)
        assert client.get("/v1/jobs").status_code == 401
    refused = [entry for entry in locked.store.audit.read() if entry["action"] == "refused_key"]
    assert refused[0]["target"] == key.id


def test_scopes(locked: Any) -> None:
    with locked.client(key_of(locked, Scope.READ)) as client:
        assert client.get("/v1/jobs").status_code == 200
        for path in ("/v1/jobs", "/v1/check/fol"):
            refused = client.post(path, json={"text": "x"})
            assert (refused.status_code, refused.json()["code"]) == (403, "input.forbidden")
        assert client.get("/metrics").status_code == 403
    with locked.client(key_of(locked, Scope.ADMIN)) as client:
        assert client.get("/metrics").status_code == 200


def test_one_key_does_not_see_anothers_jobs(locked: Any) -> None:
    with locked.client(key_of(locked)) as mine, locked.client(key_of(locked)) as yours:
        job = mine.post("/v1/jobs", json={"text": "echo secret"}, headers={"Prefer": "wait=20"}).json()["id"]
        batch = mine.post("/v1/batches", content='{"text": "echo b"}').json()["id"]
        for method, path in [
            ("GET", f"/v1/jobs/{job}"),
            ("GET", f"/v1/jobs/{job}/events"),
            ("POST", f"/v1/jobs/{job}/cancel"),
            ("POST", f"/v1/jobs/{job}/retry"),
            ("GET", f"/v1/batches/{batch}"),
            ("GET", f"/v1/batches/{batch}/results"),
            ("POST", f"/v1/batches/{batch}/cancel"),
        ]:
            theirs = yours.request(method, path)
            assert theirs.status_code == 404, path  # as if it were not there
            assert "secret" not in theirs.text
        answer = yours.post(f"/v1/jobs/{job}/clarification", json={"answer": "x"})
        assert answer.status_code == 404
        assert yours.get("/v1/jobs").json()["jobs"] == []
        assert yours.get(f"/v1/jobs?batch={batch}").json()["jobs"] == []
        assert len(mine.get("/v1/jobs").json()["jobs"]) == 2
        # The same idempotency key under two API keys is two requests.
        named = {"Idempotency-Key": "same"}
        first = mine.post("/v1/jobs", json={"text": "echo 1"}, headers={**named, "Prefer": "wait=20"})
        second = yours.post("/v1/jobs", json={"text": "echo 2"}, headers={**named, "Prefer": "wait=20"})
        assert first.json()["id"] != second.json()["id"]
    with locked.client(key_of(locked, Scope.ADMIN)) as admin:
        assert admin.get(f"/v1/jobs/{job}").status_code == 200


def test_requests_a_minute(locked: Any) -> None:
    with locked.client(key_of(locked, per_minute=3)) as client:
        codes = [client.get("/v1/jobs").status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        refused = client.get("/v1/jobs")
        assert refused.json()["code"] == "job.rate_limited"
        assert 1 <= int(refused.headers["retry-after"]) <= 20


def test_a_daily_budget(locked: Any) -> None:
    with locked.client(key_of(locked, daily_money=0.3)) as client:  # an answer of the test's solver costs 0.25
        for _ in range(2):
            done = client.post("/v1/jobs", json={"text": "echo x"}, headers={"Prefer": "wait=20"})
            assert done.status_code == 200
        refused = client.post("/v1/jobs", json={"text": "echo x"})
        assert (refused.status_code, refused.json()["code"]) == (429, "job.quota_spent")


def test_back_pressure(locked: Any) -> None:
    with locked.client(key_of(locked)) as client:
        busy = client.post("/v1/jobs", json={"text": "sleep 20", "formalism": "milp"}).json()["id"]
        while client.get(f"/v1/jobs/{busy}").json()["state"] == "queued":
            time.sleep(0.02)
        more = {"text": "echo", "formalism": "milp"}
        waiting = [client.post("/v1/jobs", json=more).json()["id"] for _ in range(2)]
        refused = client.post("/v1/jobs", json={"text": "echo", "formalism": "milp"})
        assert (refused.status_code, refused.json()["code"]) == (429, "job.queue_full")
        assert int(refused.headers["retry-after"]) >= 1
        for job in [*waiting, busy]:
            client.post(f"/v1/jobs/{job}/cancel")


def test_what_was_done_is_written_down(locked: Any) -> None:
    key, text = locked.store.keys.create("audited")
    with locked.client(text) as client:
        job = client.post("/v1/jobs", json={"text": "echo x"}, headers={"Prefer": "wait=20"}).json()["id"]
        client.post(f"/v1/jobs/{job}/cancel")
    mine = [(e["action"], e["target"], e["remote"]) for e in locked.store.audit.read() if e["actor"] == key.id]
    assert mine == [("cancel", job, "127.0.0.1"), ("solve", job, "127.0.0.1")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},  # DNS rebinding
        {"Origin": "https://evil.example"},  # a page's own fetch
        {"X-Forwarded-For": "203.0.113.9"},  # a proxy in front
        {"Forwarded": "for=203.0.113.9"},
    ],
)
def test_no_key_is_needed_only_from_this_machine_itself(server: Any, headers: dict[str, str]) -> None:
    with server.client() as client:
        assert client.get("/v1/jobs").status_code == 200
        assert client.get("/v1/jobs", headers=headers).status_code in {401, 403}


def test_security_headers_and_no_cors(client: httpx.Client) -> None:
    response = client.get("/healthz", headers={"Origin": "http://127.0.0.1:3000"})
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "access-control-allow-origin" not in response.headers
    assert "server" not in response.headers
