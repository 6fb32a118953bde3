"""Traces reach from the caller's request to the engine; what the sandbox ends is counted and logged."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from opentelemetry import trace

from quod.workers.solver import Pipeline

HARD = "\n".join(
    [
        "(set-logic QF_NIA)",
        *(f"(declare-const {v} Int)" for v in "xyz"),
        "(assert (and (> x 2) (> y 2) (> z 2) (= (+ (* x x x) (* y y y)) (+ (* z z z) 114))))",
        "(check-sat)",
    ]
)


class Kept(trace.NonRecordingSpan):
    """A span that remembers its parent."""

    def __init__(self, name: str, parent: trace.SpanContext) -> None:
        flags = trace.TraceFlags(trace.TraceFlags.SAMPLED)
        number = parent.trace_id or secrets.randbits(128)
        super().__init__(trace.SpanContext(number, secrets.randbits(64), is_remote=False, trace_flags=flags))
        self.name, self.parent = name, parent

    def update_name(self, name: str) -> None:
        self.name = name


class Keeper(trace.TracerProvider, trace.Tracer):
    """The part of an OpenTelemetry SDK that a test needs: spans with their parents, in a list."""

    def __init__(self) -> None:
        self.spans: list[Kept] = []

    def get_tracer(self, *_: Any, **__: Any) -> trace.Tracer:
        return self

    def start_span(self, name: str, context: Any = None, *_: Any, **__: Any) -> Kept:
        made = Kept(name, trace.get_current_span(context).get_span_context())
        self.spans.append(made)
        return made

    @contextmanager
    def start_as_current_span(self, name: str, context: Any = None, *_: Any, **__: Any) -> Iterator[Kept]:  # type: ignore[override]
        with trace.use_span(self.start_span(name, context)) as span:
            assert isinstance(span, Kept)
            yield span


@pytest.fixture(scope="module")
def solving(serve: Callable[..., Any]) -> Iterator[Any]:
    with serve(Pipeline(), lease_seconds=5, drain_seconds=1, metrics_public=True) as started:
        yield started


def kills(client: Any) -> dict[str, int]:
    found = [line for line in client.get("/metrics").text.splitlines() if line.startswith("quod_sandbox_kills_total{")]
    return {line.split('"')[1]: int(line.split()[-1]) for line in found}


def test_a_trace_reaches_from_the_request_to_the_engine(solving: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Keeper()
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", keeper)
    caller = f"{secrets.randbits(128) | 1:032x}", f"{secrets.randbits(64) | 1:016x}"
    with solving.client() as client:
        body = {"text": "(set-logic QF_UF)(declare-const p Bool)(assert (and p (not p)))(check-sat)"}
        sent = {"traceparent": f"00-{caller[0]}-{caller[1]}-01"}
        assert client.post("/v1/check/fol", json=body, headers=sent).status_code == 200
    by_id = {span.get_span_context().span_id: span for span in keeper.spans}
    engines = [span for span in keeper.spans if span.name == "quod.engine"]
    assert engines
    for engine in engines:
        job = by_id[engine.parent.span_id]
        assert job.name == "quod.check"
        above = job
        while above.parent.span_id in by_id:
            above = by_id[above.parent.span_id]
        assert above is not job  # the request's own spans are FastAPI's
        assert f"{above.parent.span_id:016x}" == caller[1]
        assert f"{engine.get_span_context().trace_id:032x}" == caller[0]


def test_what_the_sandbox_ends_is_counted_and_logged(solving: Any, caplog: pytest.LogCaptureFixture) -> None:
    with solving.client() as client, caplog.at_level(logging.INFO, logger="quod.workers.engines"):
        before = kills(client)
        body = {"text": HARD, "budget": {"seconds": 60, "engine_seconds": 50}}
        job = client.post("/v1/check/fol", json=body, headers={"Prefer": "wait=0"}).json()["id"]
        deadline = time.monotonic() + 30
        while not [event for event in solving.store.log.read(job) if event.kind == "solving"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        time.sleep(1)  # for the engines to start
        client.post(f"/v1/jobs/{job}/cancel")
        assert client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=20"}).json()["state"] == "cancelled"
        deadline = time.monotonic() + 10
        while kills(client)["cancelled"] <= before["cancelled"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert [record for record in caplog.records if getattr(record, "quod", {}).get("reason") == "cancelled"]
