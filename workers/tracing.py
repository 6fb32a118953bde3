"""OpenTelemetry: one span a job, child of the request that handed it in, with the job's events as span events.

Only where `opentelemetry-api` is installed; it does nothing until the process sets up an SDK and an exporter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from quod.core.model import JsonDict
from quod.core.run import Emit, silent

__all__ = ["job_span"]

_HERE = find_spec("opentelemetry") is not None


@contextmanager
def job_span(job: str, kind: str, traceparent: str | None) -> Iterator[Emit]:
    """A span for running a job; gives a function that adds an event to it."""
    if not _HERE:
        yield silent
        return
    from opentelemetry import trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    parent = TraceContextTextMapPropagator().extract({"traceparent": traceparent} if traceparent else {})
    tracer = trace.get_tracer("quod")
    with tracer.start_as_current_span(f"quod.{kind}", context=parent, attributes={"quod.job": job}) as span:

        def note(name: str, data: JsonDict) -> None:
            plain = {k: v for k, v in data.items() if k != "value" and isinstance(v, (str, int, float, bool))}
            span.add_event(name, attributes=plain)

        yield note
