"""The MCP server: solve, check, get_job, cancel_job, list_backends, explain_diagnostic.

Over streamable HTTP at ``/mcp`` (with the same keys and limits as the HTTP API, a session a request), and over stdio
by ``quod mcp``. Needs the extra `mcp`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from quod.api import tools
from quod.api.access import Caller, RateLimiter, identify
from quod.api.hub import Hub
from quod.api.metrics import HttpFigures
from quod.api.problems import for_error
from quod.api.state import Service
from quod.core.errors import InfrastructureError, QuodError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, ContextItem, Problem, make_problem
from quod.core.settings import Settings
from quod.workers import keys
from quod.workers.embedded import Runtime
from quod.workers.records import Job, Submission
from quod.workers.settings import ServiceSettings
from quod.workers.solver import Solver

__all__ = ["Endpoint", "make_server", "run_stdio"]

log = logging.getLogger(__name__)

_WORDS = """\
quod answers questions of logic, optimization, planning and theorem proving with evidence that code which shares \
nothing with the solver has checked. Hand in the whole problem in plain language (`solve`) or a formal text \
(`check`). Only status `verified` means verified; say to the person what `statement` says. When `finished` is false, \
ask `get_job` with the id again."""

Named = Literal["auto", "lean", "rocq", "fol", "milp", "pddl"]
Seconds = Annotated[float, Field(gt=0, le=3600, description="Time budget of the job")]
Wait = Annotated[float, Field(ge=0, le=tools.MAX_WAIT, description="How long this call waits for the answer")]
JobId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Files = Annotated[list[tools.Attachment], Field(max_length=50)]
Who = Callable[["Context[Any, Any]"], tuple[Service, Caller]]


def make_server(who: Who) -> MCPServer[Any]:
    """The server. ``who`` finds the service and the caller of a tool call."""
    server: MCPServer[Any] = MCPServer(
        "quod", title="quod", version=version("quod"), instructions=_WORDS, log_level="WARNING"
    )

    @server.tool(structured_output=True)
    async def solve(
        ctx: Context[Any, Any],
        text: Annotated[str, Field(min_length=1, max_length=200_000, description="The whole problem, in words")],
        formalism: Named = "auto",
        context: Files | None = None,
        seconds: Seconds = 60,
        wait: Wait = tools.MAX_WAIT,
    ) -> tools.JobResult:
        """Solve a problem stated in plain language; the answer comes with checked evidence or says why not."""
        named = None if formalism == "auto" else Formalism(formalism)
        with _told():
            service, caller = who(ctx)
            problem = _problem(text, named, context, seconds)
            return await _run(ctx, service, caller, Submission(problem), wait)

    @server.tool(structured_output=True)
    async def check(
        ctx: Context[Any, Any],
        formalism: Literal["lean", "rocq", "fol", "milp", "pddl"],
        text: Annotated[str, Field(min_length=1, max_length=1_000_000, description="The formal text")],
        context: Files | None = None,
        seconds: Seconds = 30,
        wait: Wait = tools.MAX_WAIT,
    ) -> tools.JobResult:
        """Solve and certify a formal text as it stands; nothing is translated."""
        from quod.repair.given import language_of  # late: the API starts without the pipeline

        with _told():
            service, caller = who(ctx)
            named = Formalism(formalism)
            problem = _problem(FORMAL_ONLY, named, context, seconds)
            formal = Formalization(formalism=named, text=text, language=language_of(named, text))
            return await _run(ctx, service, caller, Submission(problem, formal), wait)

    @server.tool(structured_output=True)
    async def get_job(ctx: Context[Any, Any], job_id: JobId, wait: Wait = 0) -> tools.JobResult:
        """How a job stands, and its answer once there is one. With `wait`, waits for its end that long."""
        with _told():
            service, caller = who(ctx)
            caller.own(await run_in_threadpool(service.store.jobs.get, job_id))
            return await tools.told(service, await tools.ended_within(service.store, service.hub, job_id, wait))

    @server.tool(structured_output=True)
    async def cancel_job(ctx: Context[Any, Any], job_id: JobId) -> tools.JobResult:
        """Stop a job; its engines are killed within a second."""

        def work(service: Service, caller: Caller) -> Job:
            caller.own(service.store.jobs.get(job_id))
            service.store.audit.note(caller.id, "cancel", job_id, remote=caller.remote)
            return service.runtime.cancel(job_id)

        with _told():
            service, caller = who(ctx)
            if not caller.may(keys.Scope.SOLVE):
                raise ToolError("this key does not have the scope 'solve'")
            await run_in_threadpool(work, service, caller)
            return await tools.told(service, await tools.ended_within(service.store, service.hub, job_id, 2.0))

    @server.tool(structured_output=True)
    async def list_backends() -> tools.BackendList:
        """The formal languages this server reasons in, and the engines it has for each."""
        return await run_in_threadpool(tools.engines)

    @server.tool(structured_output=True)
    async def explain_diagnostic(code: Annotated[str, Field(max_length=100)]) -> tools.Explanation:
        """What the code of a diagnostic means, for instance `milp.contradictory_bounds`."""
        return await run_in_threadpool(tools.explain, code)

    return server


@contextlib.contextmanager
def _told() -> Any:
    """An error of ours becomes a tool error with its code; anything else is a bug and is logged."""
    try:
        yield
    except QuodError as error:
        hint = f" ({error.hint})" if error.hint else ""
        raise ToolError(f"{error.message} [{error.code}]{hint}") from None


def _problem(text: str, formalism: Formalism | None, files: list[tools.Attachment] | None, seconds: float) -> Problem:
    problem = make_problem(
        text=text,
        formalism=formalism,
        context=tuple(ContextItem(name=file.name, content=file.content) for file in files or ()),
    )
    budget = problem.budget.model_copy(update={"seconds": seconds})
    return problem.model_copy(update={"budget": budget})


async def _run(
    ctx: Context[Any, Any], service: Service, caller: Caller, submission: Submission, wait: float
) -> tools.JobResult:
    job = await tools.run(service, caller, submission, 0)
    report: Callable[[float, str], Awaitable[None]] = lambda number, words: ctx.report_progress(number, None, words)  # noqa: E731
    telling = asyncio.create_task(tools.progress(service, job.id, report))
    try:
        return await tools.told(service, await tools.ended_within(service.store, service.hub, job.id, wait))
    finally:
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):  # the client may not want to hear of progress
            await telling


class Endpoint:
    """The ASGI application at /mcp: who asks is settled before MCP is spoken."""

    def __init__(self) -> None:
        self._server = make_server(_of_request)
        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # `identify` sees to it
        self._server.streamable_http_app(stateless_http=True, transport_security=security)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Inside, requests are served."""
        async with self._server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope, receive)
        try:
            request.state.quod_caller = await identify(request)
        except QuodError as error:
            await for_error(request, error)(scope, receive, send)
            return
        request.state.quod_service = request.app.state.service
        await self._server.session_manager.handle_request(scope, receive, send)


def _of_request(ctx: Context[Any, Any]) -> tuple[Service, Caller]:
    request = ctx.request_context.request
    assert isinstance(request, Request)
    service, caller = request.state.quod_service, request.state.quod_caller
    assert isinstance(service, Service)
    assert isinstance(caller, Caller)
    return service, caller


def run_stdio(settings: Settings, *, solver: Solver | None = None) -> None:
    """Serve one client over standard input and output, with a worker in this process unless a broker is set."""
    asyncio.run(_stdio(ServiceSettings.of(settings), solver))


async def _stdio(settings: ServiceSettings, solver: Solver | None) -> None:
    runtime = await run_in_threadpool(lambda: Runtime(settings, solver=solver, worker=settings.embedded))
    try:
        await run_in_threadpool(runtime.start)
        hub = Hub(runtime.store.log)
        await hub.start()
        service = Service(runtime, hub, RateLimiter(), HttpFigures())
        try:
            await make_server(lambda _: (service, Caller(None, "stdio"))).run_stdio_async()
        finally:
            await hub.stop()
    except InfrastructureError:
        log.exception("the service ended")
        raise
    finally:
        await run_in_threadpool(runtime.stop, 0.0)
