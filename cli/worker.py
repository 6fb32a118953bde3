"""``quod worker``."""

from __future__ import annotations

import click

from quod.core.errors import InputError
from quod.core.settings import get_settings
from quod.workers.settings import ServiceSettings
from quod.workers.states import QUEUES

__all__ = ["worker"]


@click.command()
@click.option(
    "--queues",
    default=",".join(QUEUES),
    show_default=True,
    metavar="A,B,…",
    help="Which kinds of work this worker takes.",
)
@click.option("--concurrency", type=click.IntRange(1, 256), default=None, help="Jobs at once (QUOD_CONCURRENCY).")
def worker(queues: str, concurrency: int | None) -> None:
    """Run a worker of the distributed runtime until it is told to stop (SIGTERM or Ctrl-C)."""
    from quod.workers.process import run_worker  # late: loads Celery

    wanted = tuple(name.strip() for name in queues.split(",") if name.strip())
    unknown = [name for name in wanted if name not in QUEUES]
    if unknown or not wanted:
        raise InputError(f"there is no queue '{', '.join(unknown)}'", hint=f"the queues are {', '.join(QUEUES)}")
    settings = ServiceSettings.of(get_settings())
    if settings.embedded:
        raise InputError(
            "with a memory:// broker the worker lives in `quod serve`",
            hint="set QUOD_BROKER_URL=redis://… to run workers of their own",
        )
    if concurrency is not None:
        settings = settings.model_copy(update={"concurrency": concurrency})
    run_worker(settings, queues=wanted)
