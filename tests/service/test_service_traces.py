"""Traces as a collector gets them: OTLP over HTTP from the API and from a worker that is another process."""

from __future__ import annotations

import gzip
import secrets
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from service_stack import Stack

pytestmark = pytest.mark.slow


class Collector(ThreadingHTTPServer):
    """Takes spans at /v1/traces: (service, span) in the order in which they come."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.spans: list[tuple[str, Any]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf":
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                names = {one.key: one.value.string_value for one in resource.resource.attributes}
                self.server.spans += [(names["service.name"], s) for scope in resource.scope_spans for s in scope.spans]
            self.send_response(200)
        else:
            self.send_response(400)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(params=["embedded", "distributed"])
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stack, Collector]]:
    apart = request.param == "distributed"
    if apart and shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    collector = Collector()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
    with Stack(workers=1, postgres=False, redis=apart) as stack:
        yield stack, collector
    collector.shutdown()
    collector.server_close()


def test_one_trace_goes_from_the_request_to_the_engine(told: tuple[Stack, Collector]) -> None:
    stack, collector = told
    trace, parent = f"{secrets.randbits(128) | 1:032x}", f"{secrets.randbits(64) | 1:016x}"
    with httpx.Client(base_url=stack.api_url, timeout=60, trust_env=False) as client:
        body = {"text": "(set-logic QF_UF)(declare-const p Bool)(assert (and p (not p)))(check-sat)"}
        sent = {"traceparent": f"00-{trace}-{parent}-01"}
        assert client.post("/v1/check/fol", json=body, headers=sent).status_code == 200

    def ours() -> list[Any]:
        return [span for _, span in collector.spans if span.trace_id.hex() == trace]

    deadline = time.monotonic() + 30
    while not ({"quod.engine", "quod.check"} <= {span.name for span in ours()}) or not _above(ours(), parent):
        assert time.monotonic() < deadline, [span.name for span in ours()]
        time.sleep(0.1)
    by_id = {span.span_id.hex(): span for span in ours()}
    for engine in (span for span in by_id.values() if span.name == "quod.engine"):
        job = by_id[engine.parent_span_id.hex()]
        assert job.name == "quod.check"
        assert job.start_time_unix_nano <= engine.start_time_unix_nano <= engine.end_time_unix_nano
        assert {event.name for event in job.events} >= {"solving"}
        above = by_id[job.parent_span_id.hex()]
        while above.parent_span_id.hex() in by_id:
            above = by_id[above.parent_span_id.hex()]
        assert above.parent_span_id.hex() == parent  # the caller's own span
    assert {service for service, _ in collector.spans} == {"quod"}


def _above(spans: list[Any], parent: str) -> bool:
    return any(span.parent_span_id.hex() == parent for span in spans)
