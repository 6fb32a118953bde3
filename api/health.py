"""/healthz and /readyz: is this process alive; would a job handed in now be worked on?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from quod.api.state import Service, service
from quod.core.errors import InfrastructureError
from quod.core.model import Frozen
from quod.workers.states import QUEUES

__all__ = ["Readiness", "router"]

router = APIRouter(tags=["health"])


class Readiness(Frozen):
    """Whether work would be done, and what is missing."""

    ready: bool
    store: bool
    """The store answers."""
    workers: int
    """Workers that take work from the broker (or have their hands full)."""
    unserved: tuple[str, ...]
    """Queues that no such worker serves; jobs of that kind would wait."""


@router.get("/healthz", operation_id="health")
async def healthz() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    operation_id="readiness",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "Not ready"}},
)
async def readyz(request: Request) -> Response:
    """Whether the store answers and workers really consume (each proves it by taking messages from the broker)."""
    found = await run_in_threadpool(_look, service(request))
    return JSONResponse(
        found.model_dump(), status_code=200 if found.ready else 503, headers={"Cache-Control": "no-store"}
    )


def _look(serving: Service) -> Readiness:
    try:
        workers = [worker for worker in serving.store.roster.list() if worker.ready]
    except InfrastructureError:
        return Readiness(ready=False, store=False, workers=0, unserved=QUEUES)
    served = {queue for worker in workers for queue in worker.queues}
    unserved = tuple(queue for queue in QUEUES if queue not in served)
    return Readiness(ready=bool(workers) and "translate" in served, store=True, workers=len(workers), unserved=unserved)
