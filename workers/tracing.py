"""OpenTelemetry: below the request's span (FastAPI's) one for the job with its events, below that one an engine.

Only where `opentelemetry-api` is installed; it does nothing until the process has an SDK and an exporter:
:func:`export_traces` sets them up where OpenTelemetry's own variables ask for it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from quod.backends.sandbox.watching import Ending
from quod.core.model import JsonDict
from quod.core.run import Emit, silent

__all__ = ["engine_span", "export_traces", "job_span", "traceparent"]

log = logging.getLogger(__name__)

_HERE = find_spec("opentelemetry") is not None
_ASKED_BY = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def export_traces() -> Callable[[], None]:
    """Send spans by OTLP (protobuf over HTTP) where OTEL_EXPORTER_OTLP_ENDPOINT or …_TRACES_ENDPOINT says whereto.

    Does nothing where neither is set, or where a provider has been set up already (`opentelemetry-instrument`). Gives
    what sends the rest of the spans; a process that ends by itself sends them anyway.
    """
    if not any(os.environ.get(name) for name in _ASKED_BY) or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return _nothing
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("traces are asked for and not sent: pip install 'quod[otel]'")
        return _nothing
    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return _nothing
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: "quod"}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider.shutdown


def _nothing() -> None:
    """There is nothing to send."""


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
