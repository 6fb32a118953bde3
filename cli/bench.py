"""``quod bench``."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from quod.core.model import JsonDict
from quod.evals.trust.bench import Tally
from quod.evals.trust.golds import SOURCES, golds
from quod.evals.trust.running import measure

__all__ = ["bench"]


@click.group()
def bench() -> None:
    """Measure quod itself."""


@bench.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    metavar="DIR",
    help="The folder with the benchmarks' data.",
)
@click.option("--golds", "most", type=click.IntRange(1), default=20, show_default=True, help="Golds of each source.")
@click.option("--each", type=click.IntRange(1), default=1, show_default=True, help="Mutants of each operator and gold.")
@click.option("--sources", default=",".join(SOURCES), show_default=True, help="Which golds to break.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--processes", type=click.IntRange(1), default=2, show_default=True, help="How many work side by side.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write finished golds here, and take those up that stand there (for the same options and code).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def trust(
    data: Path, most: int, each: int, sources: str, seed: int, processes: int, keep: Path | None, as_json: bool
) -> int:
    """How often would quod call a wrong formalization verified? Breaks gold on purpose, and counts.

    Exit status: 0 when no fault that the formal text shows was verified, 1 otherwise.
    """
    tally = Tally()
    chosen = golds(data, most=most, seed=seed, sources=tuple(sources.split(",")))
    measure(chosen, tally, seed=seed, each=each, processes=processes, keep=keep)
    summary = tally.summary()
    if as_json:
        click.echo(json.dumps(summary, indent=2))
    else:
        _show(summary)
    return 1 if summary["visible_verified"] else 0


def _show(summary: JsonDict) -> None:
    console = Console(highlight=False)
    by_operator = summary["by_operator"]
    assert isinstance(by_operator, dict)
    table = Table(box=None, pad_edge=False)
    columns = ("mutants", "equivalent", "detected", "located", "flagged", "verified")
    for column in ("operator", *columns):
        table.add_column(column, justify="left" if column == "operator" else "right")
    for name, counts in by_operator.items():
        assert isinstance(counts, dict)
        table.add_row(name, *[str(counts.get(column, 0)) for column in columns])
    console.print(table)
    for name, value in summary.items():
        if name not in {"by_operator", "alarms"}:
            console.print(f"{name}: {value}", markup=False)
