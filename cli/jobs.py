"""``quod jobs`` and ``quod replay``."""

from __future__ import annotations

import json
import time

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from quod.cli.show import answer_console, show_answer
from quod.cli.stores import open_store, when
from quod.core.model import JsonDict
from quod.core.plain import plain
from quod.core.settings import get_settings
from quod.workers.jobs import Filter
from quod.workers.states import JobState

__all__ = ["jobs", "replay"]


@click.group()
def jobs() -> None:
    """List jobs, and look after those that died."""


@jobs.command(name="list")
@click.option("--state", "states", type=click.Choice([str(s) for s in JobState]), multiple=True)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
def list_jobs(states: tuple[str, ...], limit: int) -> None:
    """List the newest jobs."""
    _table(tuple(JobState(s) for s in states), limit)


@jobs.command()
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
def dead(limit: int) -> None:
    """List the jobs that were started as often as allowed and lost every time."""
    _table((JobState.DEAD,), limit)


@jobs.command()
@click.argument("job_ids", metavar="JOB…", nargs=-1, required=True)
def requeue(job_ids: tuple[str, ...]) -> None:
    """Start dead, failed or cancelled jobs afresh."""
    from quod.workers.embedded import Runtime  # late: loads Celery

    with Runtime(get_settings(), worker=False) as runtime:
        for job_id in job_ids:
            runtime.retry(job_id)
            click.echo(f"job {job_id} is queued again", err=True)


@jobs.command()
@click.option("--days", type=click.FloatRange(0), required=True, help="Delete jobs that ended longer ago than this.")
def purge(days: float) -> None:
    """Delete old jobs with their events."""
    with open_store() as store:
        gone = store.jobs.purge(finished_before=time.time() - days * 86_400)
    click.echo(f"{gone} jobs deleted", err=True)


@click.command()
@click.argument("job_id", metavar="JOB")
@click.option("--json", "as_json", is_flag=True, help="Print one event a line, as JSON.")
def replay(job_id: str, as_json: bool) -> None:
    """Tell the story of a job: its events, attempts, diffs and answer."""
    with open_store() as store:
        store.jobs.get(job_id)  # raises NotFoundError
        console, after = answer_console(), 0
        while events := store.log.read(job_id, after):
            for event in events:
                after = event.seq
                if as_json:
                    click.echo(event.model_dump_json())
                else:
                    _show(console, event.seq, event.time.strftime("%H:%M:%S.%f")[:-3], event.kind, event.data)
        answer = store.jobs.answer(job_id)
    if answer is None or as_json:
        return
    for attempt in answer.attempts:
        if attempt.diff:
            console.print(
                Text(f"attempt {attempt.number} ({attempt.strategy} of attempt {attempt.parent}):", style="bold")
            )
            console.print(Padding(Text(plain(attempt.diff), style="dim"), (0, 0, 0, 2), expand=False))
    show_answer(console, answer)


def _show(console: Console, seq: int, time_of_day: str, kind: str, data: JsonDict) -> None:
    if kind == "memo":
        data = {"key": data.get("key")}
    details = ", ".join(
        f"{key} {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for key, value in data.items()
        if key != "text" and value is not None
    )
    console.print(Text(plain(f"{seq:>4} {time_of_day} {kind:<11} {details[:300]}")))


def _table(states: tuple[JobState, ...], limit: int) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("id", "state", "formalism", "status", "conclusion", "submitted", "starts"):
        table.add_column(column, overflow="fold")
    with open_store() as store:
        for job in store.jobs.page(Filter(states=states), limit):
            table.add_row(
                job.id,
                job.state,
                job.formalism or "",
                job.status or "",
                job.conclusion or "",
                when(job.submitted),
                str(job.deliveries),
            )
    answer_console().print(table)
