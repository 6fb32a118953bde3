"""/metrics in the Prometheus text format (version 0.0.4), written out by hand: it is one page of text."""

from __future__ import annotations

import threading
from collections import defaultdict

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from quod.api.access import identify
from quod.api.codes import FORBIDDEN
from quod.api.problems import Refused
from quod.api.state import Service, service
from quod.workers.keys import Scope

__all__ = ["HttpFigures", "router"]

router = APIRouter(tags=["health"])
_REASONS = ("timeout", "memory", "processes", "disk", "output", "cpu", "syscall", "cancelled")
_BUCKETS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)


class HttpFigures:
    """Counts of this process's requests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request, by the route's pattern (never its text: that would let callers make endless series)."""
        with self._lock:
            self._counts[method, route, status] += 1
            self._seconds += seconds
            self._buckets[next((i for i, edge in enumerate(_BUCKETS) if seconds <= edge), len(_BUCKETS))] += 1

    def lines(self) -> list[str]:
        """The page's part about HTTP."""
        with self._lock:
            counts, buckets, seconds = dict(self._counts), list(self._buckets), self._seconds
        out = ["# HELP quod_http_requests_total Requests of this process.", "# TYPE quod_http_requests_total counter"]
        for (method, route, status), count in sorted(counts.items()):
            out.append(f'quod_http_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}')
        out += ["# HELP quod_http_request_seconds Time to answer.", "# TYPE quod_http_request_seconds histogram"]
        total = 0
        for edge, count in zip((*map(str, _BUCKETS), "+Inf"), buckets, strict=True):
            total += count
            out.append(f'quod_http_request_seconds_bucket{{le="{edge}"}} {total}')
        return [*out, f"quod_http_request_seconds_sum {seconds:.6f}", f"quod_http_request_seconds_count {total}"]


@router.get("/metrics", operation_id="metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Figures for Prometheus; needs the scope `admin` unless QUOD_METRICS_PUBLIC is set."""
    serving = service(request)
    if not serving.settings.metrics_public:
        caller = await identify(request)
        if not caller.may(Scope.ADMIN):
            raise Refused(403, FORBIDDEN.name, "metrics need a key with the scope 'admin'")
    page = await run_in_threadpool(_page, serving)
    return PlainTextResponse(page, media_type="text/plain; version=0.0.4")


def _page(serving: Service) -> str:
    now = serving.store.stats.snapshot()
    workers = serving.store.roster.list()
    kills = dict.fromkeys(_REASONS, 0) | serving.store.stats.counted("sandbox_kills")
    out: list[str] = []

    def gauge(name: str, words: str, values: dict[str, float]) -> None:
        out.append(f"# HELP quod_{name} {words}")
        out.append(f"# TYPE quod_{name} gauge")
        out.extend(f"quod_{name}{labels} {value:g}" for labels, value in sorted(values.items()))

    jobs = {f'{{state="{s}",formalism="{f}"}}': float(n) for (s, f), n in now.by_state.items()}
    answers = {f'{{status="{s}",formalism="{f}"}}': float(n) for (s, f), n in now.by_status.items()}
    gauge("jobs", "Jobs in the store, by state and formalism.", jobs)
    gauge("answers", "Answers in the store, by status and formalism.", answers)
    answered = sum(n for (status, _), n in now.by_status.items() if status != "cancelled")
    verified = sum(n for (status, _), n in now.by_status.items() if status == "verified")
    gauge(
        "verified_ratio",
        "Share of verified answers among all not cancelled.",
        {"": verified / answered if answered else 0},
    )
    gauge("queue_waiting", "Jobs waiting.", {f'{{queue="{q}"}}': float(n) for q, n in now.waiting.items()})
    gauge("queue_age_seconds", "Age of the oldest waiting job.", {f'{{queue="{q}"}}': a for q, a in now.oldest.items()})
    gauge("job_seconds", "Seconds of work of the jobs in the store.", {"": now.seconds})
    gauge("engine_seconds", "Seconds inside engines of the jobs in the store.", {"": now.engine_seconds})
    gauge("model_tokens", "Language-model tokens of the jobs in the store.", {"": float(now.tokens)})
    gauge("model_dollars", "US dollars of language-model calls of the jobs in the store.", {"": now.money})
    out.append("# HELP quod_sandbox_kills_total Engines that the sandbox ended, by reason.")
    out.append("# TYPE quod_sandbox_kills_total counter")
    for reason, count in sorted(kills.items()):
        out.append(f'quod_sandbox_kills_total{{reason="{reason}"}} {count}')
    gauge("workers_ready", "Workers that take work.", {"": float(sum(w.ready for w in workers))})
    gauge("worker_slots_busy", "Jobs being run.", {"": float(sum(w.busy for w in workers if w.ready))})
    gauge("watched_jobs", "Jobs whose events are being streamed by this process.", {"": float(serving.hub.watched)})
    return "\n".join([*out, *serving.figures.lines()]) + "\n"
