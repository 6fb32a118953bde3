"""Jobs, events, checks and batches over a real socket."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from quod.workers.states import QUEUES

DOCS = Path(__file__).parents[2] / "docs"


def submit(client: httpx.Client, text: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    return client.post("/v1/jobs", json={"text": text, **more}, headers=headers or {})


def ended(client: httpx.Client, job: str) -> dict[str, Any]:
    found = client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=20"}).json()
    assert found["state"] not in {"queued", "running"}
    return found


def stream(client: httpx.Client, job: str, **headers: str) -> list[tuple[int, str, dict[str, Any]]]:
    with client.stream("GET", f"/v1/jobs/{job}/events", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        found, current = [], {}
        for line in response.iter_lines():
            if line == "" and "data" in current:
                found.append((int(current["id"]), current["event"], json.loads(current["data"])))
                current = {}
            elif ":" in line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                current[name] = value
    return found


def test_a_job_is_accepted_followed_and_answered(client: httpx.Client) -> None:
    accepted = submit(client, "echo hello")
    assert accepted.status_code == 202
    assert accepted.headers["location"] == f"/v1/jobs/{accepted.json()['id']}"
    assert int(accepted.headers["retry-after"]) >= 1
    events = stream(client, accepted.json()["id"])
    assert [(seq, kind) for seq, kind, _ in events] == list(
        enumerate(["submitted", "claimed", "routed", "answered"], start=1)
    )
    job = client.get(accepted.headers["location"]).json()
    assert (job["state"], job["status"], job["answer"]["answer"]) == ("done", "unverified", "hello")


def test_preferring_to_wait_gives_the_answer_at_once(client: httpx.Client) -> None:
    response = submit(client, "echo now", {"Prefer": "respond-async, wait=20"})
    assert response.status_code == 200
    assert response.headers["preference-applied"] == "wait=20"
    assert response.json()["answer"]["answer"] == "now"
    late = submit(client, "sleep 5", {"Prefer": "wait=0"})
    assert late.status_code == 202
    client.post(f"/v1/jobs/{late.json()['id']}/cancel")


def test_a_stream_goes_on_where_it_was_left(client: httpx.Client) -> None:
    job = submit(client, "steps 3").json()["id"]
    ended(client, job)
    everything = stream(client, job)
    assert [seq for seq, _, _ in everything] == list(range(1, len(everything) + 1))
    rest = stream(client, job, **{"Last-Event-ID": "4"})
    assert rest == everything[4:]
    assert client.get(f"/v1/jobs/{job}/events?after=2").text.count("id: ") == len(everything) - 2
    last = {"Last-Event-ID": str(everything[-1][0])}
    assert client.get(f"/v1/jobs/{job}/events", headers=last).status_code == 204
    memos = [data["data"] for _, kind, data in everything if kind == "memo"]
    assert memos == [{"key": f"step-{n}"} for n in range(3)]  # the remembered values stay inside


def test_many_streams_of_a_running_job_see_the_same(client: httpx.Client, server: Any) -> None:
    job = submit(client, "steps 4").json()["id"]
    seen: list[Any] = []

    def watch() -> None:
        with server.client() as own:
            seen.append(stream(own, job))

    threads = [threading.Thread(target=watch) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(seen) == 12
    assert all(one == seen[0] for one in seen)
    assert seen[0][-1][1] == "answered"


def test_cancelling_ends_a_running_job_within_a_second(client: httpx.Client, soonest: Callable[..., None]) -> None:
    def once() -> float:
        job = submit(client, "sleep 30").json()["id"]
        while client.get(f"/v1/jobs/{job}").json()["state"] == "queued":
            time.sleep(0.02)
        asked = time.monotonic()
        assert client.post(f"/v1/jobs/{job}/cancel").status_code == 202
        assert ended(client, job)["state"] == "cancelled"
        taken = time.monotonic() - asked
        assert client.post(f"/v1/jobs/{job}/cancel").status_code == 202  # once more is harmless
        return taken

    soonest(once, within=1.5)


def test_retrying(client: httpx.Client) -> None:
    job = submit(client, "crash it").json()["id"]
    assert ended(client, job)["state"] == "failed"
    assert client.post(f"/v1/jobs/{job}/retry").status_code == 202
    assert ended(client, job)["state"] == "failed"
    good = submit(client, "echo x", {"Prefer": "wait=20"}).json()["id"]
    refused = client.post(f"/v1/jobs/{good}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "job.conflict")


def test_an_idempotency_key(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "order-1"}
    first, again = submit(client, "echo once", key), submit(client, "echo once", key)
    assert first.json()["id"] == again.json()["id"]
    other = submit(client, "echo twice", key)
    assert (other.status_code, other.json()["code"]) == (422, "job.idempotency_conflict")


def test_listing_by_pages_and_filters(client: httpx.Client) -> None:
    made = {submit(client, f"echo {n}", formalism="pddl").json()["id"] for n in range(5)}
    for job in made:
        ended(client, job)
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"/v1/jobs?formalism=pddl&state=done&limit=2{cursor}").json()
        seen += [job["id"] for job in page["jobs"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert set(seen) == made
    assert seen == sorted(seen, reverse=True)


def test_checking_gives_the_answer_itself(client: httpx.Client) -> None:
    response = client.post("/v1/check/fol", json={"text": "p & q"})
    assert response.status_code == 200
    assert response.json()["answer"] == "p & q"
    slow = client.post("/v1/check/fol", json={"text": "slow"}, headers={"Prefer": "wait=0"})
    assert slow.status_code == 202
    assert ended(client, slow.json()["id"])["kind"] == "check"


def test_checking_a_batch_keeps_the_order(client: httpx.Client) -> None:
    texts = [f"p{n}" for n in range(10)]
    response = client.post("/v1/check/milp/batch", json={"items": [{"text": text} for text in texts]})
    assert response.status_code == 200
    assert [item["answer"]["answer"] for item in response.json()["items"]] == texts


def test_a_batch_of_lines(client: httpx.Client) -> None:
    lines = "\n".join(json.dumps({"text": f"echo {n}"}) for n in range(20))
    accepted = client.post("/v1/batches", content=lines, headers={"Content-Type": "application/x-ndjson"})
    assert accepted.status_code == 202
    own = accepted.headers["location"]
    deadline = time.monotonic() + 30
    while not (view := client.get(own).json())["done"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert view["states"] == {"done": 20}
    results = [json.loads(line) for line in client.get(f"{own}/results").text.splitlines()]
    assert [(one["index"], one["job"]["answer"]["answer"]) for one in results] == [(n, str(n)) for n in range(20)]


@pytest.mark.parametrize(
    ("path", "bodies"),
    [
        ("/v1/batches", [b'{"text": "echo 1"}\n{"text": "echo 2"}\n', b'{"text": "echo 1"}\n']),
        ("/v1/check/fol/batch", [b'{"items": [{"text": "p"}, {"text": "q"}]}', b'{"items": [{"text": "p"}]}']),
    ],
)
def test_a_batch_said_again_under_its_key_is_the_same_batch(
    client: httpx.Client, path: str, bodies: list[bytes]
) -> None:
    headers = {"Idempotency-Key": f"batch {path}", "Content-Type": "application/json"}
    with ThreadPoolExecutor(4) as pool:  # four at once: one is stored
        replies = list(pool.map(lambda _: client.post(path, content=bodies[0], headers=headers), range(4)))
    replies.append(client.post(path, content=bodies[0], headers=headers))
    assert {reply.status_code for reply in replies} <= {200, 202}
    told = [reply.json() for reply in replies]
    ids = {one["id"] if "id" in one else tuple(item["id"] for item in one["items"]) for one in told}
    assert len(ids) == 1
    other = client.post(path, content=bodies[1], headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "job.idempotency_conflict")
    fresh = client.post(path, content=bodies[0], headers={**headers, "Idempotency-Key": f"another {path}"}).json()
    assert (fresh["id"] if "id" in fresh else tuple(item["id"] for item in fresh["items"])) not in ids


def test_a_batch_with_bad_lines_is_refused_whole_and_names_them(client: httpx.Client) -> None:
    before = len(client.get("/v1/jobs?limit=200").json()["jobs"])
    bad = '{"text": "echo 1"}\n{"text": ""}\nnot json\n{"txt": "x"}\n'
    response = client.post("/v1/batches", content=bad)
    assert response.status_code == 422
    assert [d["data"]["line"] for d in response.json()["diagnostics"]] == [2, 3, 4]
    assert len(client.get("/v1/jobs?limit=200").json()["jobs"]) == before


def test_readiness_means_consumption(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    submit(client, "echo ready", {"Prefer": "wait=20"})
    deadline = time.monotonic() + 10
    while (found := client.get("/readyz")).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert found.json() == {"ready": True, "store": True, "workers": 1, "unserved": []}


def test_without_workers_there_is_no_readiness(serve: Callable[..., Any]) -> None:
    """The API of a distributed service whose workers are all away: alive, and not ready."""
    with serve(broker_url="redis://127.0.0.1:9/0", auth="off") as lonely, lonely.client() as client:
        assert client.get("/healthz").status_code == 200
        told = client.get("/readyz")
        assert told.status_code == 503
        assert told.json() == {"ready": False, "store": True, "workers": 0, "unserved": list(QUEUES)}


def test_the_dashboard_shows_only_figures_that_there_are(client: httpx.Client) -> None:
    submit(client, "echo counted", {"Prefer": "wait=20"})
    page = client.get("/metrics").text
    known = {line.split()[2] for line in page.splitlines() if line.startswith("# TYPE ")}
    dashboard = json.loads((DOCS.parent / "docker" / "grafana.json").read_text(encoding="utf-8"))
    asked = {
        name.removesuffix("_bucket")
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"quod_\w+", target["expr"])
    }
    assert asked
    assert asked <= known


def test_metrics_are_prometheus_text(client: httpx.Client) -> None:
    submit(client, "echo counted", {"Prefer": "wait=20"})
    page = client.get("/metrics").text
    assert 'quod_jobs{state="done",formalism="fol"}' in page
    assert 'quod_http_requests_total{method="POST",route="/v1/jobs",status="200"}' in page
    for line in page.splitlines():
        assert line.startswith("#") or float(line.rpartition(" ")[2]) >= 0


def test_only_a_question_can_be_clarified(client: httpx.Client) -> None:
    job = submit(client, "echo x", {"Prefer": "wait=20"}).json()["id"]
    refused = client.post(f"/v1/jobs/{job}/clarification", json={"answer": "the red one"})
    assert refused.status_code == 409


@pytest.mark.parametrize("answer", [{"answer": "the red one."}, {"formalism": "pddl"}])
def test_a_clarified_job_is_a_new_one(client: httpx.Client, answer: dict[str, str]) -> None:
    asked = submit(client, "ask which", {"Prefer": "wait=20"}).json()
    assert asked["status"] == "needs_clarification"
    path, headers = f"/v1/jobs/{asked['id']}/clarification", {"Prefer": "wait=20", "Idempotency-Key": str(uuid.uuid4())}
    made = client.post(path, json=answer, headers=headers).json()
    assert client.post(path, json=answer, headers=headers).json()["id"] == made["id"]  # said twice, asked once
    assert made["parent"] == asked["id"]
    assert made["answer"]["answer"] == ("the red one." if "answer" in answer else "which in pddl")


def test_a_batch_of_checks_is_accepted_whole_or_not_at_all(client: httpx.Client) -> None:
    before = client.get("/v1/jobs?limit=1").json()["jobs"]
    items = [{"text": f"p{number}"} for number in range(200)]
    refused = [*items, {"text": "p", "budget": {"seconds": 3601}}]
    assert client.post("/v1/check/fol/batch", json={"items": refused}).status_code == 422
    assert client.get("/v1/jobs?limit=1").json()["jobs"] == before
    told = client.post("/v1/check/fol/batch", json={"items": items}, headers={"Prefer": "wait=25"}).json()["items"]
    assert [job["answer"]["answer"] for job in told if job["answer"]] == [item["text"] for item in items]
