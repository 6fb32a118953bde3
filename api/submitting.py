"""What every way of handing in work has in common: limits, budgets, back-pressure, the idempotency key, the audit."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from fastapi import Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from quod.api.access import Caller, within_budget
from quod.api.codes import BUSY, INVALID
from quod.api.problems import Refused
from quod.api.state import Service
from quod.core.budget import Budget
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.workers.records import Job, Submission
from quod.workers.states import queue_of
from quod.workers.tracing import traceparent

__all__ = ["accept", "body_hash", "bytes_hash", "check_budget", "make_room", "submit", "trace_of"]

_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)


def check_budget(service: Service, budget: Budget) -> None:
    """Refuse a budget larger than this server gives. Raises InputError with a diagnostic for each excess."""
    found = []
    for name, most in service.settings.most_budget().items():
        if getattr(budget, name) > most:
            where = {"where": ["body", "budget", name]}
            found.append(INVALID.error(f"budget.{name}: this server gives at most {most:g}", data=where))
    if found:
        raise InputError(found[0].message, code=INVALID.name, diagnostics=tuple(found))


def make_room(service: Service, formalism: Formalism | None, jobs: int = 1) -> None:
    """Refuse when too many jobs wait already (back-pressure)."""
    queue = queue_of(formalism)
    waiting = service.store.jobs.waiting(queue)
    if waiting + jobs > service.settings.max_queued:
        pause = str(max(1, min(60, waiting // 50)))
        raise Refused(429, BUSY.name, f"{waiting} jobs wait in the queue '{queue}'", headers={"Retry-After": pause})


def body_hash(request: Request, body: BaseModel) -> str:
    """What tells one request from another under the same key: the address and the meaning of the body."""
    return bytes_hash(request, body.model_dump_json().encode(errors="replace"))


def bytes_hash(request: Request, body: bytes) -> str:
    """As :func:`body_hash`, of a body taken literally."""
    return hashlib.sha256(f"{request.url.path}\0".encode(errors="replace") + body).hexdigest()


def trace_of(request: Request) -> str | None:
    """The W3C traceparent that the job goes on from: of the request's span where traces are kept, else the caller's."""
    header = request.headers.get("traceparent", "")
    return traceparent() or (header if _TRACE.fullmatch(header) else None)


async def submit(request: Request, service: Service, caller: Caller, submission: Submission) -> Job:
    """Hand in one job. Raises Refused, Conflict, InputError, StoreDown."""
    made = replace(submission, key_id=caller.id, trace=trace_of(request))
    return await run_in_threadpool(accept, service, caller, made)


def accept(service: Service, caller: Caller, made: Submission) -> Job:
    """What every way in does, in a thread: limits, budget, room, the store, the audit."""
    check_budget(service, made.problem.budget)
    within_budget(service, caller)
    make_room(service, made.formalization.formalism if made.formalization else made.problem.formalism)
    job = service.runtime.submit(made)
    if caller.key is not None:
        service.store.audit.note(caller.id, made.kind.value, job.id, remote=caller.remote)
    return job
