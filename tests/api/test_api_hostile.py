"""Hostile input: never a 5xx, always a problem with a code."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quod.core.errors import InputError
from quod.workers.netguard import check_url, resolve_public

JSON = {"Content-Type": "application/json"}


def assert_problem(response: httpx.Response, *statuses: int) -> None:
    assert response.status_code in statuses, response.text[:300]
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == response.status_code
    assert told["type"] == f"urn:quod:problem:{told['code']}"
    assert "Traceback" not in response.text
    assert "/quod/" not in response.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"text": "x", "text2": 1}',
        b'{"text": "\\ud800"}',
        b'{"text": "a\\u0000b"}',
        b'{"text": 1e999}',
        b'{"text": "x", "budget": {"seconds": NaN}}',
        b'{"text": "x", "budget": {"seconds": Infinity}}',
        b'{"text": "x", "budget": {"tokens": 1' + b"0" * 5000 + b"}}",
        b'{"text": "x", "budget": {"seconds": 999999}}',
        b'{"text": "x", "budget": {"seconds": 50000}}',
        b'{"text": "x", "context": [{"name": "../../etc/passwd", "content": ""}]}',
        b'{"text": "x", "options": {"seed": 1e400}}',
        b'{"text": "x", "formalism": "cobol"}',
        b"[" * 100_000,
        b'{"text":' * 20_000,
        b'{"text": "' + b"x" * 210_000 + b'"}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_bodies_that_say_nothing_sensible(client: httpx.Client, body: bytes) -> None:
    assert_problem(client.post("/v1/jobs", content=body, headers=JSON), 400, 422)


def test_the_fault_is_named_and_not_echoed(client: httpx.Client) -> None:
    response = client.post("/v1/jobs", json={"text": "x", "budget": {"seconds": -1, "memory_mb": "<script>"}})
    told = response.json()
    assert [d["data"]["where"] for d in told["diagnostics"]] == [
        ["body", "budget", "seconds"],
        ["body", "budget", "memory_mb"],
    ]
    assert "<script>" not in response.text


def test_oversized_bodies(client: httpx.Client) -> None:
    assert_problem(client.post("/v1/jobs", content=b"x" * 600_000, headers=JSON), 413)

    def trickle() -> Any:
        for _ in range(20):
            yield b"x" * 50_000

    assert_problem(client.post("/v1/jobs", content=trickle(), headers=JSON), 413)  # no Content-Length


@pytest.mark.parametrize(
    "path",
    [
        "/v1/jobs/../../etc/passwd",
        "/v1/jobs/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/v1/jobs/" + "f" * 31,
        "/v1/jobs/" + "F" * 32,
        "/v1/jobs/" + "0" * 32,
        "/v1/jobs/%00",
        "/v1/jobs/1' OR '1'='1",
        "//v1/jobs",
        "/v1/check/python",
        "/" + "a" * 5000,
    ],
)
def test_paths(client: httpx.Client, path: str) -> None:
    method = "POST" if "check" in path else "GET"
    assert_problem(client.request(method, path, json={"text": "x"} if method == "POST" else None), 404, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"Prefer": "wait=" + "9" * 400},
        {"Prefer": "wait=-1, wait=NaN;;;,,="},
        {"Idempotency-Key": "k" * 256},
        {"Idempotency-Key": "caf\xe9".encode("latin-1")},
        {"Content-Type": "text/plain"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"traceparent": "00-zz"},
        {"X-Request-Id": 'a"} {"level":"error"'},
    ],
    ids=str,
)
def test_headers(client: httpx.Client, headers: Any) -> None:
    response = client.post("/v1/jobs", content=b'{"text": "echo x"}', headers={**JSON, **headers})
    assert response.status_code < 500
    assert '"' not in response.headers["x-request-id"]


@pytest.mark.parametrize("last", ["-1", "x", "9" * 30, "1.5", "٣"])
def test_event_numbers(client: httpx.Client, last: str) -> None:
    job = client.post("/v1/jobs", json={"text": "echo x"}, headers={"Prefer": "wait=20"}).json()["id"]
    assert_problem(client.get(f"/v1/jobs/{job}/events", headers={"Last-Event-ID": last.encode()}), 422)


def test_garbage_on_the_wire_and_slow_clients_do_not_hurt_others(server: Any, client: httpx.Client) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
    for rubbish in (b"\x00" * 200, b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n"):
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(rubbish)
            connection.settimeout(5)
            with contextlib.suppress(OSError):
                assert b" 500 " not in connection.recv(4096)
    started = time.monotonic()
    assert client.post("/v1/jobs", json={"text": "echo x"}, headers={"Prefer": "wait=20"}).status_code == 200
    assert time.monotonic() - started < 18
    for connection in slow:
        connection.close()


words = st.text(st.characters(codec="utf-8"), max_size=30)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["text", "formalism", "context", "budget", "options", "webhook", "items", "answer"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(
        ["/v1/jobs", "/v1/check/fol", "/v1/check/milp/batch", "/v1/batches", f"/v1/jobs/{'0' * 32}/clarification"]
    ),
    body=st.dictionaries(fields | words, values, max_size=5) | values,
)
def test_any_json_at_all(client: httpx.Client, path: str, body: Any) -> None:
    response = client.post(path, content=json.dumps(body).encode(), headers={**JSON, "Prefer": "wait=0"})
    assert response.status_code < 500
    if response.status_code >= 400:
        assert_problem(response, response.status_code)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:169.254.169.254]/",
        "https://[64:ff9b::a00:1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://localhost/",
        "https://user:pw@example.org/",
        "https://example.org:22/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "https://example.org/\r\nX: y",
        "",
        "https://",
    ],
)
def test_webhooks_do_not_reach_inside(url: str) -> None:
    with pytest.raises(InputError):
        check_url(url, allow_private=False)


def test_a_name_that_resolves_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", ("192.168.0.5", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)  # the name server, which is not ours
    with pytest.raises(InputError):
        resolve_public("https://rebind.example.org/hook", allow_private=False)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: resolve()[:1])
    target = resolve_public("https://fine.example.org/hook", allow_private=False)
    assert target.url == "https://93.184.216.34/hook"
    assert target.host_header == "fine.example.org"


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [
        ("options", "seed", False),
        ("options", "relax", 1),
        ("options", "attended", "yes"),
        ("options", "gap", "0.1"),
        ("budget", "memory_mb", "2048"),
        ("budget", "seconds", True),
    ],
)
def test_a_value_of_another_type_is_not_taken_for_what_it_may_mean(
    client: httpx.Client, where: str, name: str, value: object
) -> None:
    body = {"text": "echo x", where: {name: value}}
    for response in (client.post("/v1/jobs", json=body), client.post("/v1/batches", content=json.dumps(body))):
        assert_problem(response, 422)
        assert name in response.json()["diagnostics"][0]["message"]
