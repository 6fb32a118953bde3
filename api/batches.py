"""/v1/batches: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from quod.api.access import Caller, within_budget
from quod.api.codes import BODY, INVALID
from quod.api.jobs import ERRORS, IdempotencyKey, Reader, Serving, Solving
from quod.api.models import JOB_ID, BatchView, WireProblem
from quod.api.problems import ProblemDetails
from quod.api.state import Service
from quod.api.submitting import bytes_hash, check_budget, make_room, trace_of
from quod.api.views import batch_view, job_json
from quod.core.diagnostics import Diagnostic
from quod.core.errors import InputError, NotFoundError
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.workers.keys import Scope
from quod.workers.records import Submission

__all__ = ["router"]

MAX_LINES = 10_000
MAX_FAULTS = 50

router = APIRouter(prefix="/v1/batches", tags=["batches"], responses=ERRORS)
BatchId = Annotated[str, Path(pattern=JOB_ID)]
_NOT_FOUND: dict[int | str, dict[str, object]] = {
    404: {"model": ProblemDetails, "description": "No such batch, or not yours"}
}


@router.post(
    "",
    status_code=202,
    operation_id="submitBatch",
    response_model=BatchView,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-ndjson": {"schema": {"type": "string", "description": "One Problem as JSON a line"}}
            },
        }
    },
)
async def submit_batch(
    request: Request, serving: Serving, caller: Solving, idempotency_key: IdempotencyKey = None
) -> Response:
    """Hand in up to 10,000 problems, one JSON object a line. All are accepted or none: each bad line is named.

    Repeated with the same `Idempotency-Key` and body it gives the batch that there is; with another body it is refused.
    """
    body = await request.body()

    def work() -> tuple[str, BatchView]:
        digest = bytes_hash(request, body) if idempotency_key else ""
        # Looked for first: what was accepted once is not refused now because the queue has become long.
        earlier = serving.store.jobs.earlier_batch(caller.id, idempotency_key, digest)
        if earlier is not None:
            return earlier, _view(serving, caller, earlier)
        submissions = [replace(one, trace=trace_of(request)) for one in _read(serving, body, caller.id)]
        within_budget(serving, caller)
        make_room(serving, None, len(submissions))
        batch, fresh = serving.runtime.submit_batch(
            submissions, key_id=caller.id, idempotency_key=idempotency_key, body_hash=digest
        )
        if fresh:
            detail: JsonDict = {"jobs": len(submissions)}
            serving.store.audit.note(caller.id, "batch", batch, remote=caller.remote, detail=detail)
        return batch, _view(serving, caller, batch)

    batch, view = await run_in_threadpool(work)
    headers = {"Location": f"/v1/batches/{batch}", "Retry-After": "1"}
    return Response(view.model_dump_json(), status_code=202, media_type="application/json", headers=headers)


def _read(serving: Service, body: bytes, key_id: str) -> list[Submission]:
    problems: list[Problem] = []
    faults: list[Diagnostic] = []
    for number, line in enumerate(body.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            problem = WireProblem.model_validate_json(line).problem()
            check_budget(serving, problem.budget)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            faults.append(INVALID.error(f"line {number}: {where}: {first['msg']}"[:400], data={"line": number}))
        except InputError as error:
            faults.append(INVALID.error(f"line {number}: {error.message}", data={"line": number}))
        else:
            problems.append(problem)
        if len(faults) >= MAX_FAULTS or len(problems) > MAX_LINES:
            break
    if faults:
        message = f"{len(faults)} lines cannot be read; nothing was accepted"
        raise InputError(message, code=INVALID.name, diagnostics=tuple(faults))
    if not problems or len(problems) > MAX_LINES:
        raise InputError(f"a batch has 1 to {MAX_LINES} lines", code=BODY.name)
    return [Submission(problem, key_id=key_id) for problem in problems]


def _view(serving: Service, caller: Caller, batch: str) -> BatchView:
    owner, total, created, states = serving.store.jobs.batch(batch)
    if caller.sees is not None and owner != caller.id:
        raise NotFoundError(f"there is no batch {batch}")
    return batch_view(batch, total, created, states)


@router.get("/{batch_id}", operation_id="getBatch", responses=_NOT_FOUND)
async def get_batch(serving: Serving, caller: Reader, batch_id: BatchId) -> BatchView:
    """How far a batch is."""
    return await run_in_threadpool(_view, serving, caller, batch_id)


@router.post("/{batch_id}/cancel", status_code=202, operation_id="cancelBatch", responses=_NOT_FOUND)
async def cancel_batch(serving: Serving, caller: Solving, batch_id: BatchId) -> BatchView:
    """Cancel whatever of a batch has not ended."""
    assert caller.may(Scope.SOLVE)

    def work() -> BatchView:
        view = _view(serving, caller, batch_id)
        for _, job, _answer in serving.store.jobs.batch_results(batch_id, limit=view.total):
            if not job.ended:
                serving.runtime.cancel(job.id)
        serving.store.audit.note(caller.id, "cancel_batch", batch_id, remote=caller.remote)
        return _view(serving, caller, batch_id)

    return await run_in_threadpool(work)


@router.get(
    "/{batch_id}/results",
    operation_id="getBatchResults",
    response_class=StreamingResponse,
    responses=_NOT_FOUND | {200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
)
async def get_batch_results(serving: Serving, caller: Reader, batch_id: BatchId) -> Response:
    """One line a problem, in the order handed in: `{"index": …, "job": …}`, with the answer where there is one."""
    await run_in_threadpool(_view, serving, caller, batch_id)

    async def lines() -> AsyncIterator[str]:
        after = -1
        while rows := await run_in_threadpool(serving.store.jobs.batch_results, batch_id, after):
            for index, job, answer in rows:
                after = index
                yield f'{{"index":{json.dumps(index)},"job":{job_json(job, answer)}}}\n'

    return StreamingResponse(lines(), media_type="application/x-ndjson")
