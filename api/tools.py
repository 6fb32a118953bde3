"""What the MCP tools do, apart from MCP: submit, wait, tell."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

from pydantic import ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from quod.api.access import Caller
from quod.api.codes import FORBIDDEN
from quod.api.problems import Refused
from quod.api.state import Service
from quod.api.submitting import accept
from quod.api.waiting import ended_within
from quod.core.answer import Answer
from quod.core.diagnostics import Diagnostic
from quod.core.errors import InputError
from quod.core.events import Event
from quod.core.model import Frozen, JsonDict
from quod.workers.keys import Scope
from quod.workers.records import Job, Submission
from quod.workers.tracing import traceparent

__all__ = [
    "Attachment",
    "BackendInfo",
    "BackendList",
    "Explanation",
    "JobResult",
    "ended_within",
    "engines",
    "explain",
    "progress",
    "run",
    "told",
]

MAX_WAIT = 45.0
"""Seconds a tool call may last; clients give up at about a minute."""


class _Wire(Frozen):
    model_config = ConfigDict(defer_build=False)


class Attachment(_Wire):
    """A file the problem needs: a PDDL domain, a table as CSV, a Lean header."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    content: str


class JobResult(_Wire):
    """A job, and its answer once there is one."""

    job_id: str
    state: str
    finished: bool
    """False: it goes on; ask `get_job` with this id later."""
    status: str | None = None
    """`verified` means: checked by code that shares nothing with the solver. Anything else is not verified."""
    statement: str = ""
    """What the status means here: what was checked and what was not."""
    conclusion: str | None = None
    answer: str = ""
    """The answer in words."""
    data: JsonDict = Field(default_factory=dict)
    question: str | None = None
    """A question to put to the person: the problem can be read in several ways."""
    assurance: str = "none"
    faithfulness: str = "unchecked"
    formalism: str | None = None
    formal_text: str | None = None
    """What was solved; compare it with what was meant."""
    diagnostics: tuple[Diagnostic, ...] = ()


class BackendInfo(_Wire):
    """A formal language and its engines."""

    formalism: str
    engines: tuple[str, ...]
    """Name and version of each engine at hand."""
    missing: tuple[str, ...]
    """Engines it could use that are not installed here."""


class BackendList(_Wire):
    """What this server can reason in."""

    backends: tuple[BackendInfo, ...]


class Explanation(_Wire):
    """What a diagnostic's code means."""

    code: str
    known: bool
    meaning: str


async def run(service: Service, caller: Caller, submission: Submission, wait: float) -> Job:
    """Submit and wait up to ``wait`` seconds (45 at most). Raises what the HTTP routes would answer with."""
    scope = Scope.CHECK if submission.formalization else Scope.SOLVE
    if not caller.may(scope):
        raise Refused(403, FORBIDDEN.name, f"this key does not have the scope '{scope.value}'")
    made = replace(submission, key_id=caller.id, trace=traceparent())
    job = await run_in_threadpool(accept, service, caller, made)
    return await ended_within(service.store, service.hub, job.id, min(wait, MAX_WAIT))


async def told(service: Service, job: Job) -> JobResult:
    """A job as a tool's result."""
    answer = await run_in_threadpool(service.store.jobs.answer, job.id) if job.ended else None
    return result(job, answer)


def result(job: Job, answer: Answer | None) -> JobResult:
    """A job and its answer, cut down to what a model needs; the whole is at /v1/jobs/{id}."""
    if answer is None:
        return JobResult(job_id=job.id, state=job.state.value, finished=False)
    return JobResult(
        job_id=job.id,
        state=job.state.value,
        finished=True,
        status=answer.status.value,
        statement=answer.statement,
        conclusion=answer.conclusion.value if answer.conclusion else None,
        answer=answer.answer,
        data=answer.data,
        question=answer.question,
        assurance=answer.assurance.value,
        faithfulness=answer.faithfulness.level.value,
        formalism=answer.formalism.value if answer.formalism else None,
        formal_text=answer.formalization.text if answer.formalization else None,
        diagnostics=answer.diagnostics,
    )


async def progress(service: Service, job_id: str, report: object) -> None:
    """Report the job's events through ``report(number, words)`` until cancelled."""
    assert callable(report)
    after = 0
    with service.hub.watch(job_id) as bell:
        while True:
            bell.clear()
            events: list[Event] = await run_in_threadpool(service.store.log.read, job_id, after)
            for event in events:
                after = event.seq
                if event.kind != "memo":
                    await report(float(event.seq), event.kind)
            await asyncio.wait_for(bell.wait(), None)


def engines() -> BackendList:
    """Every formal language with its engines. Imports the backends."""
    from quod.backends.registry import get_backend, supported
    from quod.core.errors import QuodError

    found = []
    for formalism in supported():
        try:
            known = get_backend(formalism).engines()
        except (QuodError, ImportError) as error:
            found.append(BackendInfo(formalism=formalism.value, engines=(), missing=(f"the backend itself: {error}",)))
            continue
        found.append(
            BackendInfo(
                formalism=formalism.value,
                engines=tuple(f"{e.name} {e.version}" for e in known if e.version),
                missing=tuple(e.name for e in known if not e.version),
            )
        )
    return BackendList(backends=tuple(found))


def explain(code: str) -> Explanation:
    """The meaning of a diagnostic's code, from the register that docs/diagnostics.md is made from."""
    import importlib
    import pkgutil

    import quod
    from quod.core.diagnostics import registered_codes

    if len(code) > 100:
        raise InputError("a diagnostic's code is at most 100 characters long")
    for module in pkgutil.walk_packages(quod.__path__, "quod."):
        if module.name.rpartition(".")[2] == "codes":
            importlib.import_module(module.name)
    found = registered_codes().get(code)
    if found is None:
        family = code.partition(".")[0] + "."
        near = [name for name in registered_codes() if name.startswith(family)][:20]
        return Explanation(
            code=code, known=False, meaning=f"no such code; there are {', '.join(near) or 'none like it'}"
        )
    return Explanation(code=code, known=True, meaning=found.meaning)
