"""/v1/jobs/{id}/events: server-sent events with the numbers of the log as their ids."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from quod.api.jobs import ERRORS, JobId, Reader, Serving
from quod.api.problems import ProblemDetails
from quod.api.state import Service
from quod.core.events import Event
from quod.workers.database import StoreDown
from quod.workers.states import TERMINAL

__all__ = ["router", "shown"]

KEEP_ALIVE = 15.0
"""Seconds of silence after which a comment is sent, so that proxies keep the connection."""

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=ERRORS)


@router.get(
    "/{job_id}/events",
    operation_id="streamEvents",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {}},
            "description": "The events as they happen",
        },
        204: {"description": "The job has ended and everything was seen; do not reconnect"},
        404: {"model": ProblemDetails, "description": "No such job, or not yours"},
    },
)
async def stream_events(
    serving: Serving,
    caller: Reader,
    job_id: JobId,
    last_event_id: Annotated[
        str | None, Header(description="The last id seen", pattern=r"^[0-9]+$", max_length=20)
    ] = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="As Last-Event-ID, which wins")] = 0,
) -> Response:
    """The job's events, from its first or from after the last one seen, until it has ended."""
    job = caller.own(await run_in_threadpool(serving.store.jobs.get, job_id))
    if last_event_id is not None:
        after = min(int(last_event_id), 2**31 - 1)
    if job.ended and after >= job.last_seq:
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(serving, job_id, after), media_type="text/event-stream", headers=headers)


def shown(event: Event) -> dict[str, object]:
    """An event as it is sent: what was remembered for a resume can be large, and is the worker's own."""
    data = {"key": event.data.get("key")} if event.kind == "memo" else event.data
    return {"job": event.job, "seq": event.seq, "time": event.time.isoformat(), "kind": event.kind, "data": data}


async def _stream(serving: Service, job_id: str, after: int) -> AsyncIterator[str]:
    store = serving.store
    yield "retry: 1000\n\n"
    with serving.hub.watch(job_id) as bell:
        while True:
            bell.clear()
            try:
                head = (await run_in_threadpool(store.log.heads, [job_id])).get(job_id)
                events = await run_in_threadpool(store.log.read, job_id, after)
            except StoreDown:
                return  # the client comes back with the last id it saw
            for event in events:
                after = event.seq
                yield f"id: {event.seq}\nevent: {event.kind}\ndata: {json.dumps(shown(event))}\n\n"
            if head is None or (head[1] in TERMINAL and after >= head[0]) or serving.closing:
                return
            if after >= head[0]:
                try:
                    await asyncio.wait_for(bell.wait(), KEEP_ALIVE)
                except TimeoutError:
                    yield ": still here\n\n"
