"""``quod eval``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
from rich.console import Console

from quod.core.budget import Budget
from quod.core.errors import InputError
from quod.core.plain import plain
from quod.core.problem import Options
from quod.evals.benchmark import Setting
from quod.evals.registry import get_benchmark
from quod.evals.runner import RowResult, run_rows, summarize

__all__ = ["evaluate"]


@click.command()
@click.argument("name", metavar="BENCHMARK")
@click.option(
    "--data", type=click.Path(path_type=Path), required=True, metavar="FILE", help="The benchmark's data file."
)
@click.option("--translator", type=click.Choice(["gold", "controlled", "llm", "none"]), default=None)
@click.option("--assistant", type=click.Choice(["lean", "rocq"]), default=None, help="minif2f: which proof assistant.")
@click.option("--limit", type=click.IntRange(1), default=None, help="Only the first N rows.")
@click.option("--ids", default=None, metavar="A,B,…", help="Only these rows.")
@click.option("--concurrency", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds for each row.")
@click.option("--out", type=click.Path(path_type=Path), default=None, metavar="FILE", help="Also write a line a row.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def evaluate(
    name: str,
    data: Path,
    translator: str | None,
    assistant: str | None,
    limit: int | None,
    ids: str | None,
    concurrency: int,
    timeout: float,
    out: Path | None,
    as_json: bool,
) -> int:
    """Run a benchmark and print what came of it.

    Exit status: 0 when the run is complete, whatever the score; 3 when infrastructure failed for any row.
    """
    benchmark = get_benchmark(name)
    chosen = translator or benchmark.translators[0]
    if chosen not in benchmark.translators:
        raise InputError(f"{name} has no translator '{chosen}'", hint=f"it has {', '.join(benchmark.translators)}")
    options = Options(translator="llm" if chosen == "llm" else "controlled")
    rows = list(benchmark.rows(data, Setting(chosen, options, assistant)))
    if ids is not None:
        wanted = set(ids.split(","))
        unknown = wanted - {row.id for row in rows}
        if unknown:
            raise InputError(f"no row has the id '{min(unknown)}'")
        rows = [row for row in rows if row.id in wanted]
    budget = Budget(seconds=timeout, engine_seconds=timeout)
    rows = [row.within(budget) for row in rows[:limit]]
    console = Console(stderr=True, highlight=False)
    results: list[RowResult] = []
    with (out or Path(os.devnull)).open("w", encoding="utf-8") as sink:
        for result in run_rows(rows, concurrency):
            results.append(result)
            sink.write(json.dumps(result.as_json()) + "\n")
            sink.flush()
            if not as_json and result.outcome != "right":
                console.print(plain(_line(result)), markup=False)
    summary = summarize(results)
    if as_json:
        click.echo(json.dumps(summary, indent=2))
    else:
        Console(highlight=False).print_json(data=summary)
    return 3 if summary["errors"] else 0


def _line(result: RowResult) -> str:
    got = f"expected {result.expected}, got {result.got}" if result.outcome == "wrong" else result.note[:160]
    return f"{result.outcome:<10} {result.id}: {got}"
