"""/v1/jobs"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from quod.api.access import Caller, allowed
from quod.api.models import JOB_ID, Clarification, JobPage, JobRequest, JobView
from quod.api.problems import ProblemDetails
from quod.api.state import Service, service
from quod.api.submitting import body_hash, submit
from quod.api.views import job_response, job_view
from quod.api.waiting import ended_within, preferred_wait
from quod.core.answer import Status
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.problem import Problem, make_problem
from quod.workers.jobs import Conflict, Filter
from quod.workers.keys import Scope
from quod.workers.netguard import check_url
from quod.workers.records import Job, Submission
from quod.workers.states import JobState

__all__ = ["ERRORS", "IdempotencyKey", "JobId", "Prefer", "Reader", "Serving", "Solving", "router"]

ERRORS: dict[int | str, dict[str, object]] = {
    code: {"model": ProblemDetails, "description": words}
    for code, words in {
        400: "The request cannot be read",
        401: "No valid API key",
        403: "Not allowed to this caller",
        413: "The body is too large",
        422: "The request says something it cannot say; each fault is a diagnostic",
        429: "Too much at once: wait as Retry-After says",
        503: "The store is not available: try again",
    }.items()
}
_NOT_FOUND: dict[int | str, dict[str, object]] = {
    404: {"model": ProblemDetails, "description": "No such job, or not yours"}
}
_CONFLICT: dict[int | str, dict[str, object]] = {
    409: {"model": ProblemDetails, "description": "Its state does not allow it"}
}

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], responses=ERRORS)

Serving = Annotated[Service, Depends(service)]
Reader = Annotated[Caller, Depends(allowed(Scope.READ))]
Solving = Annotated[Caller, Depends(allowed(Scope.SOLVE))]
JobId = Annotated[str, Path(pattern=JOB_ID, description="32 hexadecimal digits")]
Prefer = Annotated[str | None, Header(description="`wait=N`: answer when the job has ended, after N s at the latest")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        description="Repeating a request with the same key gives the same job; printable ASCII",
        min_length=1,
        max_length=255,
        pattern=r"^[ -~]+$",
    ),
]


@router.post("", status_code=202, operation_id="submitJob", response_model=JobView, responses={200: {"model": JobView}})
async def submit_job(
    request: Request,
    serving: Serving,
    caller: Solving,
    body: JobRequest,
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Hand in a problem. 202 with the job and its Location, or 200 when `Prefer: wait=N` was enough."""
    if body.webhook is not None:
        check_url(body.webhook.url, allow_private=serving.settings.webhook_private)
    submission = Submission(
        body.problem(),
        idempotency_key=idempotency_key,
        body_hash=body_hash(request, body) if idempotency_key else None,
        webhook={"url": body.webhook.url, "secret": body.webhook.secret} if body.webhook else None,
    )
    job = await submit(request, serving, caller, submission)
    return await _perhaps_wait(serving, job, prefer)


async def _perhaps_wait(serving: Service, job: Job, prefer: str | None) -> Response:
    wait = preferred_wait(prefer, serving.settings.max_wait_seconds)
    headers = {}
    if wait is not None:
        job = await ended_within(serving.store, serving.hub, job.id, wait)
        headers["Preference-Applied"] = f"wait={wait:g}"
    answer = await run_in_threadpool(serving.store.jobs.answer_json, job.id) if job.ended else None
    return job_response(job, answer, 200 if job.ended and wait is not None else 202, headers)


@router.get("", operation_id="listJobs")
async def list_jobs(
    serving: Serving,
    caller: Reader,
    state: Annotated[list[JobState] | None, Query(max_length=6)] = None,
    formalism: Formalism | None = None,
    status: Status | None = None,
    batch: Annotated[str | None, Query(pattern=JOB_ID)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(pattern=JOB_ID)] = None,
) -> JobPage:
    """Your jobs, newest first, without their answers."""
    which = Filter(
        key_id=caller.sees,
        states=tuple(state or ()),
        formalism=formalism,
        status=status,
        batch_id=batch,
        before=cursor,
    )
    found = await run_in_threadpool(serving.store.jobs.page, which, limit + 1)
    more = len(found) > limit
    return JobPage(jobs=tuple(job_view(job) for job in found[:limit]), next=found[limit - 1].id if more else None)


@router.get("/{job_id}", operation_id="getJob", response_model=JobView, responses=_NOT_FOUND)
async def get_job(serving: Serving, caller: Reader, job_id: JobId, prefer: Prefer = None) -> Response:
    """A job, with its answer once it has ended."""
    job = caller.own(await run_in_threadpool(serving.store.jobs.get, job_id))
    wait = preferred_wait(prefer, serving.settings.max_wait_seconds)
    if wait and not job.ended:
        job = await ended_within(serving.store, serving.hub, job_id, wait)
    answer = await run_in_threadpool(serving.store.jobs.answer_json, job_id) if job.ended else None
    return job_response(job, answer, 200)


@router.post(
    "/{job_id}/cancel", status_code=202, operation_id="cancelJob", response_model=JobView, responses=_NOT_FOUND
)
async def cancel_job(serving: Serving, caller: Solving, job_id: JobId) -> Response:
    """Ask for a job to stop; its engines are killed within a second. Harmless when it has ended."""

    def work() -> tuple[Job, str | None]:
        caller.own(serving.store.jobs.get(job_id))
        job = serving.runtime.cancel(job_id)
        serving.store.audit.note(caller.id, "cancel", job_id, remote=caller.remote)
        return job, serving.store.jobs.answer_json(job_id) if job.ended else None

    job, answer = await run_in_threadpool(work)
    return job_response(job, answer, 202)


@router.post(
    "/{job_id}/retry",
    status_code=202,
    operation_id="retryJob",
    response_model=JobView,
    responses=_NOT_FOUND | _CONFLICT,
)
async def retry_job(serving: Serving, caller: Solving, job_id: JobId) -> Response:
    """Start a failed, dead or cancelled job afresh."""

    def work() -> Job:
        caller.own(serving.store.jobs.get(job_id))
        job = serving.runtime.retry(job_id)
        serving.store.audit.note(caller.id, "retry", job_id, remote=caller.remote)
        return job

    return job_response(await run_in_threadpool(work), None, 202)


@router.post(
    "/{job_id}/clarification",
    status_code=202,
    operation_id="clarifyJob",
    response_model=JobView,
    responses=_NOT_FOUND | _CONFLICT,
)
async def clarify_job(
    request: Request,
    serving: Serving,
    caller: Solving,
    job_id: JobId,
    body: Clarification,
    prefer: Prefer = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Answer the question of a job that ended with `needs_clarification`. Gives a new job, whose parent is this one."""
    job = caller.own(await run_in_threadpool(serving.store.jobs.get, job_id))
    if job.status != Status.NEEDS_CLARIFICATION:
        raise Conflict("this job asks nothing", hint="only a job whose answer's status is needs_clarification")
    problem, formal = await run_in_threadpool(serving.store.jobs.problem, job_id)
    if formal is not None:
        raise Conflict("a check is clarified by checking the amended text")
    submission = Submission(
        _clarified(problem, body),
        parent=job_id,
        idempotency_key=idempotency_key,
        body_hash=body_hash(request, body) if idempotency_key else None,
    )
    made = await submit(request, serving, caller, submission)
    return await _perhaps_wait(serving, made, prefer)


def _clarified(problem: Problem, said: Clarification) -> Problem:
    if said.answer is None and said.text is None and said.formalism is None and said.options is None:
        raise InputError("say one of answer, text, formalism, options", code="input.request")
    text = said.text or problem.text
    if said.answer:
        text = f"{text.rstrip()}\n{said.answer}"
    return make_problem(
        text=text,
        formalism=said.formalism or problem.formalism,
        context=problem.context,
        budget=problem.budget,
        options=said.options or problem.options,
    )
