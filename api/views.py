"""Rows of the store as responses."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from quod.api.models import BatchView, JobView
from quod.workers.records import Job

__all__ = ["batch_view", "job_json", "job_response", "job_view"]


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def job_view(job: Job) -> JobView:
    """A job without its answer."""
    own = f"/v1/jobs/{job.id}"
    return JobView(
        id=job.id,
        kind=job.kind,
        state=job.state,
        formalism=job.formalism,
        queue=job.queue,
        submitted=datetime.fromtimestamp(job.submitted, UTC),
        started=_time(job.started),
        finished=_time(job.finished),
        deliveries=job.deliveries,
        cancel_requested=job.cancel_requested,
        status=job.status,
        conclusion=job.conclusion,
        batch=job.batch_id,
        parent=job.parent,
        events=job.last_seq,
        links={"self": own, "events": f"{own}/events", "cancel": f"{own}/cancel"},
    )


def job_json(job: Job, answer: str | None) -> str:
    """A job with its answer. The stored JSON is set in as it is: reading a large proof to write it again is slow."""
    head = job_view(job).model_dump_json(exclude={"answer"})
    return f'{head[:-1]},"answer":{answer or "null"}}}'


def job_response(job: Job, answer: str | None, status: int, headers: dict[str, str] | None = None) -> Response:
    """A job as a response: with Location, and Retry-After while it is not ended."""
    sent = {"Location": f"/v1/jobs/{job.id}", "Cache-Control": "no-store", **(headers or {})}
    if not job.ended:
        sent["Retry-After"] = "1"
    return Response(job_json(job, answer), status_code=status, media_type="application/json", headers=sent)


def batch_view(batch_id: str, total: int, created: float, states: dict[str, int]) -> BatchView:
    """A batch."""
    own = f"/v1/batches/{batch_id}"
    alive = states.get("queued", 0) + states.get("running", 0)
    return BatchView(
        id=batch_id,
        created=datetime.fromtimestamp(created, UTC),
        total=total,
        states=states,
        done=alive == 0,
        links={"self": own, "results": f"{own}/results", "jobs": f"/v1/jobs?batch={batch_id}"},
    )
