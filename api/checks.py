"""/v1/check: a fast verifier on its own, for reward models, evaluation harnesses and editors."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from quod.api.access import Caller, allowed, within_budget
from quod.api.jobs import ERRORS, IdempotencyKey, Prefer, Serving
from quod.api.models import CheckBatch, CheckBatchAnswer, CheckRequest, JobView
from quod.api.state import Service
from quod.api.submitting import body_hash, check_budget, make_room, submit, trace_of
from quod.api.views import job_json, job_response
from quod.api.waiting import ended_within, preferred_wait
from quod.core.answer import Answer
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.problem import make_problem
from quod.workers.keys import Scope
from quod.workers.records import Job, Submission

__all__ = ["router"]

router = APIRouter(prefix="/v1/check", tags=["checks"], responses=ERRORS)

Checking = Annotated[Caller, Depends(allowed(Scope.CHECK))]
SLACK = 5.0
"""Seconds beyond its own budget that a check is waited for."""


def _submission(formalism: Formalism, body: CheckRequest) -> Submission:
    from quod.repair.given import language_of  # late: the API starts without the pipeline

    problem = make_problem(
        text=body.words, formalism=formalism, context=body.context, budget=body.budget, options=body.options
    )
    return Submission(
        problem, Formalization(formalism=formalism, text=body.text, language=language_of(formalism, body.text))
    )


def _patience(serving: Service, body: CheckRequest, prefer: str | None) -> float:
    wait = preferred_wait(prefer, serving.settings.max_wait_seconds)
    return min(body.budget.seconds + SLACK, serving.settings.max_wait_seconds) if wait is None else wait


@router.post(
    "/{formalism}",
    operation_id="check",
    response_model=Answer,
    responses={202: {"model": JobView, "description": "Not ended in time: follow Location"}},
)
async def check(
    request: Request,
    serving: Serving,
    caller: Checking,
    formalism: Formalism,
    body: CheckRequest,
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Solve and certify a formal text. 200 with the answer, or 202 with the job when it takes longer than one waits."""
    submission = await run_in_threadpool(_submission, formalism, body)
    if idempotency_key:
        submission = replace(submission, idempotency_key=idempotency_key, body_hash=body_hash(request, body))
    job = await submit(request, serving, caller, submission)
    job = await _ended(request, serving, job, _patience(serving, body, prefer))
    if not job.ended:
        return job_response(job, None, 202)
    answer = await run_in_threadpool(serving.store.jobs.answer_json, job.id)
    headers = {"Location": f"/v1/jobs/{job.id}", "Cache-Control": "no-store"}
    return Response(answer, media_type="application/json", headers=headers)


async def _ended(request: Request, serving: Service, job: Job, seconds: float) -> Job:
    """Wait, and cancel the check when the client has hung up."""
    waiting = asyncio.ensure_future(ended_within(serving.store, serving.hub, job.id, seconds))
    try:
        while not waiting.done():
            await asyncio.wait({waiting}, timeout=1.0)
            if not waiting.done() and await request.is_disconnected():
                await run_in_threadpool(serving.runtime.cancel, job.id)
                break
        return await waiting
    finally:
        waiting.cancel()


@router.post(
    "/{formalism}/batch",
    operation_id="checkBatch",
    response_model=CheckBatchAnswer,
)
async def check_batch(
    request: Request,
    serving: Serving,
    caller: Checking,
    formalism: Formalism,
    body: CheckBatch,
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Check up to 256 formal texts side by side; all are accepted or none. One job an item, in order; those not
    ended in time can be followed."""
    trace = trace_of(request)

    def accepted() -> list[Job]:
        digest = body_hash(request, body) if idempotency_key else ""
        batch = serving.store.jobs.earlier_batch(caller.id, idempotency_key, digest)
        if batch is None:
            batch = made(digest)
        return [job for _, job, _answer in serving.store.jobs.batch_results(batch, limit=len(body.items))]

    def made(digest: str) -> str:
        for item in body.items:
            check_budget(serving, item.budget)
        within_budget(serving, caller)
        make_room(serving, formalism, len(body.items))
        submissions = [replace(_submission(formalism, item), key_id=caller.id, trace=trace) for item in body.items]
        batch, fresh = serving.runtime.submit_batch(
            submissions, key_id=caller.id, idempotency_key=idempotency_key, body_hash=digest
        )
        if fresh and caller.key is not None:
            detail: JsonDict = {"jobs": len(submissions)}
            serving.store.audit.note(caller.id, "check_batch", batch, remote=caller.remote, detail=detail)
        return batch

    jobs = await run_in_threadpool(accepted)
    seconds = max(_patience(serving, item, prefer) for item in body.items)
    ended = await asyncio.gather(*(ended_within(serving.store, serving.hub, job.id, seconds) for job in jobs))
    parts = [job_json(job, await run_in_threadpool(serving.store.jobs.answer_json, job.id)) for job in ended]
    return Response('{"items":[' + ",".join(parts) + "]}", media_type="application/json")
