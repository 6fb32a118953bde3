"""OpenTelemetry: below the request's span (FastAPI's) one for the job with its events, below that one an engine.

Only where `opentelemetry-api` is installed; it does nothing until the process sets up an SDK and an exporter (for
instance by `opentelemetry-instrument quod serve`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from quod.backends.sandbox.watching import Ending
from quod.core.model import JsonDict
from quod.core.run import Emit, silent

__all__ = ["engine_span", "job_span", "traceparent"]

_HERE = find_spec("opentelemetry") is not None


def traceparent() -> str | None:
    """The W3C traceparent of the span that is current, if there is one: what a job's trace goes on from."""
    if not _HERE:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def job_span(job: str, kind: str, parent: str | None) -> Iterator[Emit]:
    """A span for running a job, child of the request that handed it in; gives a function that adds an event to it."""
    if not _HERE:
        yield silent
        return
    from opentelemetry import trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    above = TraceContextTextMapPropagator().extract({"traceparent": parent} if parent else {})
    tracer = trace.get_tracer("quod")
    with tracer.start_as_current_span(f"quod.{kind}", context=above, attributes={"quod.job": job}) as span:

        def note(name: str, data: JsonDict) -> None:
            span.add_event(name, attributes=_plain({k: v for k, v in data.items() if k != "value"}))

        yield note


def engine_span(ending: Ending) -> None:
    """A span for an engine's run that is over, child of whatever asked for it."""
    if not _HERE:
        return
    from opentelemetry import trace

    began = int(ending.began * 1e9)
    figures: JsonDict = {
        "quod.engine": ending.name,
        "quod.engine.family": ending.family,
        "quod.engine.killed": ending.killed or "",
        "quod.engine.cpu_seconds": ending.cpu_seconds,
        "quod.engine.peak_mb": ending.peak_mb,
    }
    span = trace.get_tracer("quod").start_span("quod.engine", start_time=began, attributes=_plain(figures))
    span.end(began + int(ending.seconds * 1e9))


def _plain(data: JsonDict) -> dict[str, str | int | float | bool]:
    return {name: value for name, value in data.items() if isinstance(value, (str, int, float, bool))}
