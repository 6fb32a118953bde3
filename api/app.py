"""The FastAPI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

import anyio.to_thread
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from quod.api import batches, checks, describing, events, health, jobs, metrics, problems
from quod.api.access import RateLimiter
from quod.api.hub import Hub
from quod.api.middleware import BodyLimit, Envelope
from quod.api.state import Service
from quod.core.settings import Settings, get_settings
from quod.workers.embedded import Runtime
from quod.workers.settings import ServiceSettings
from quod.workers.solver import Solver

if TYPE_CHECKING:
    from quod.api.mcp import Endpoint

__all__ = ["create_app"]

THREADS = 48
"""Store calls under way at once; the store's pool has room for them."""

_WORDS = """\
Plain language in, answers with independently checked evidence out.

Errors are `application/problem+json` (RFC 9457) with quod's stable codes. See docs/api.md and docs/events.md.
"""


def create_app(settings: Settings | None = None, *, solver: Solver | None = None) -> FastAPI:
    """The application. With a `memory://` broker its lifespan also runs a worker in this process.

    ``solver`` takes the place of the pipeline in that worker (for tests). Opening the store happens at start, so
    making the application needs none.
    """
    settled = ServiceSettings.of(settings or get_settings())
    figures = metrics.HttpFigures()
    endpoint = _mcp()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        runtime = await run_in_threadpool(lambda: Runtime(settled, solver=solver, worker=settled.embedded))
        async with AsyncExitStack() as stack:
            await run_in_threadpool(runtime.start)
            stack.push_async_callback(run_in_threadpool, runtime.stop)
            hub = Hub(runtime.store.log)
            await hub.start()
            stack.push_async_callback(hub.stop)
            if endpoint is not None:
                await stack.enter_async_context(endpoint.running())
            app.state.service = Service(runtime, hub, RateLimiter(), figures)
            yield
            app.state.service.closing.append(True)

    app = FastAPI(
        title="quod",
        version=version("quod"),
        description=_WORDS,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    problems.install(app)
    describing.install(app, settled)
    for part in (jobs, events, checks, batches, health, metrics):
        app.include_router(part.router)
    if endpoint is not None:
        app.router.routes.append(Route("/mcp", endpoint, name="mcp", include_in_schema=False))
    if settled.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settled.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Prefer", "Last-Event-ID"],
            expose_headers=["Location", "Retry-After", "X-Request-Id"],
        )
    app.add_middleware(BodyLimit, max_bytes=int(settled.max_body_mb * 2**20))
    app.add_middleware(Envelope, figures=figures)
    return app


def _mcp() -> Endpoint | None:
    """The MCP endpoint, if the extra `mcp` is installed."""
    if find_spec("mcp") is None:
        return None
    from quod.api.mcp import Endpoint

    return Endpoint()
