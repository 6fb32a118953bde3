"""``quod eval``: run a benchmark, and list, show, compare, report, merge runs or start a benchmark of one's own."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from quod.core.budget import Budget
from quod.core.errors import InputError
from quod.core.problem import Options
from quod.core.run import Cancel

__all__ = ["evaluate"]

_VERBS = ("list", "show", "compare", "report", "merge", "new", "run")


class _Benchmarks(click.Group):
    """A group whose unknown sub-commands are benchmarks: ``quod eval nl4opt …`` is ``quod eval run nl4opt …``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _VERBS:
            return "run", self.get_command(ctx, "run"), args
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # options may stand before the benchmark's name, as with any other command
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [verb for verb in _VERBS if verb != "run"]


@click.group(cls=_Benchmarks, subcommand_metavar="NAME [OPTIONS] | COMMAND …")
def evaluate() -> None:
    """Run a benchmark and print what came of it: quod eval NAME --data PATH [OPTIONS].

    NAME is one of `quod eval list`, or the path of a benchmark of your own (`quod eval new`). The options of a run
    are shown by `quod eval run --help`.
    """


def _budget(text: str | None, timeout: float | None) -> Budget:
    """``seconds=30,tokens=5000,money=0.1``; engines may take as long as the row unless said otherwise."""
    values: dict[str, Any] = {"seconds": 30.0}
    for part in (text or "").split(","):
        if not part.strip():
            continue
        name, _, value = part.partition("=")
        if name.strip() not in Budget.model_fields:
            raise InputError(f"there is no budget '{name.strip()}'", hint=f"there are {', '.join(Budget.model_fields)}")
        values[name.strip()] = value.strip()
    if timeout is not None:
        values["seconds"] = timeout
    values.setdefault("engine_seconds", values["seconds"])
    try:
        return Budget.model_validate(values)
    except ValueError as error:
        first = str(error).splitlines()[2].strip() if len(str(error).splitlines()) > 2 else str(error)
        raise InputError(f"the budget '{text}' cannot be: {first}") from None


@evaluate.command()
@click.argument("name", metavar="BENCHMARK")
@click.option("--data", type=str, default=None, metavar="PATH", help="File or folder, or hub:OWNER/NAME/FILE.")
@click.option("--split", default=None, help="Which split of a folder; checked against the rows where they say.")
@click.option("--translator", type=click.Choice(["gold", "controlled", "llm", "none"]), default=None)
@click.option("--baseline", type=click.Choice(["model"]), default=None, help="Ask the model alone, without quod.")
@click.option("--model", default=None, metavar="NAME", help="Language model (default: QUOD_MODEL).")
@click.option("--replay", type=click.Path(path_type=Path), default=None, metavar="FILE", help="Recorded model replies.")
@click.option("--assistant", type=click.Choice(["lean", "rocq"]), default=None, help="minif2f: which proof assistant.")
@click.option("--server", default=None, metavar="URL", help="Run on a quod that is already serving.")
@click.option(
    "--k", type=click.IntRange(1), default=1, show_default=True, help="Report pass@k; --samples is at least k."
)
@click.option("--samples", type=click.IntRange(1), default=None, help="Samples of each row, each with its own seed.")
@click.option(
    "--candidates", type=click.IntRange(1, 64), default=1, help="Translations per sample, voted on by meaning."
)
@click.option("--limit", type=click.IntRange(1), default=None, help="At most N rows: the first, or with --shuffle any.")
@click.option("--shuffle", is_flag=True, help="Choose the --limit rows at random, by --seed.")
@click.option("--ids", default=None, metavar="A,B,…", help="Only these rows.")
@click.option("--filter", "filters", multiple=True, metavar="TEST", help="category=V, id=V, id~REGEX, text~REGEX.")
@click.option(
    "--sidecar", type=click.Path(path_type=Path), default=None, metavar="FILE", help="More rows known to be bad."
)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--concurrency", type=click.IntRange(1, 256), default=2, show_default=True, help="Rows under way at once."
)
@click.option(
    "--budget",
    default=None,
    metavar="K=V,…",
    help="Of each row: seconds, engine_seconds, memory_mb, attempts, tokens, money.",
)
@click.option("--timeout", type=click.FloatRange(0.1), default=None, help="Short for --budget seconds=…  [default: 30]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    help="Keep the run in this folder; taken up if it is there.",
)
@click.option("--resume/--fresh", default=True, help="Take a run up where it was (default), or start it anew.")
@click.option("-q", "--quiet", is_flag=True, help="Only the summary.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def run(
    name: str,
    data: str | None,
    split: str | None,
    translator: str | None,
    baseline: str | None,
    model: str | None,
    replay: Path | None,
    assistant: str | None,
    server: str | None,
    k: int,
    samples: int | None,
    candidates: int,
    limit: int | None,
    shuffle: bool,
    ids: str | None,
    filters: tuple[str, ...],
    sidecar: Path | None,
    seed: int,
    concurrency: int,
    budget: str | None,
    timeout: float | None,
    out: Path | None,
    resume: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Run a benchmark (the word `run` may be left out).

    Exit status: 0 when the run is complete, whatever the score; 3 when infrastructure failed for any row (run it
    again to have those rows done); 130 when it was stopped by Ctrl-C, which keeps what is done.
    """
    from quod.cli.evaluating import follow, wipe  # late: `quod eval --help` need not load the pipeline
    from quod.evals.hub import locate
    from quod.evals.registry import get_benchmark
    from quod.evals.running import Choice, Plan, RunSpec
    from quod.evals.runs import RunFolder

    get_benchmark(name)
    if baseline is not None and replay is None and model is None:
        model = _configured_model()
    choice = Choice(frozenset(ids.split(",")) if ids else None, filters, limit, shuffle)
    spec = RunSpec(
        benchmark=name,
        data=locate(data) if data else None,
        split=split,
        translator=translator,
        assistant=assistant,
        baseline=baseline,
        model=model or (_configured_model() if translator == "llm" else None),
        options=Options(candidates=candidates, seed=seed),
        budget=_budget(budget, timeout),
        samples=max(samples or k, k),
        seed=seed,
        choice=choice,
        sidecar=sidecar,
        concurrency=concurrency,
        processes=0 if server else None,
        prepare=_prepare(server, baseline, model, replay),
    )
    plan = Plan(spec)
    with ExitStack() as stack:
        if out is None:
            out = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quod-eval-"))) / "run"
        elif not resume:
            wipe(out)
        folder = RunFolder.start(out, plan.config)
        scores, stopped = follow(plan, folder, quiet=quiet or as_json, cancel=Cancel())
        summary = scores.as_json(k)
    if as_json:
        click.echo(json.dumps(summary, indent=2))
    else:
        from quod.cli.evaluating import show_summary

        show_summary(Console(highlight=False, soft_wrap=True), name, scores, k)
    if stopped:
        return 130
    return 3 if scores.all.errors else 0


def _configured_model() -> str | None:
    from quod.core.settings import get_settings

    return get_settings().model


def _prepare(server: str | None, baseline: str | None, model: str | None, replay: Path | None) -> Any:
    from quod.evals.driving import Baseline, Embedded, Server

    if server is not None and baseline is not None:
        raise InputError("--baseline asks a model, not a server: give one of --server and --baseline")
    if server is not None:
        return Server(server)
    if baseline is not None:
        return Baseline(model, replay)
    return Embedded(model, replay)


@evaluate.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> int:
    """The benchmarks there are, and what runs on each."""
    from rich.table import Table

    from quod.evals.registry import benchmark_names, get_benchmark

    found = [get_benchmark(name) for name in benchmark_names()]
    if as_json:
        rows = [
            {"name": b.name, "formalism": str(b.formalism), "translators": list(b.translators), "summary": b.summary}
            for b in found
        ]
        click.echo(json.dumps(rows, indent=2))
        return 0
    table = Table("name", "formalism", "translators", "what it is", box=None, pad_edge=False)
    for benchmark in found:
        table.add_row(benchmark.name, str(benchmark.formalism), " ".join(benchmark.translators), benchmark.summary)
    Console(highlight=False).print(table)
    return 0


@evaluate.command()
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--id", "row", default=None, help="One row: text, formalization, diagnostics, attempts.")
@click.option("--k", type=click.IntRange(1), default=1)
@click.option("--json", "as_json", is_flag=True)
def show(folder: Path, row: str | None, k: int, as_json: bool) -> int:
    """Show a run's figures, or one row of it."""
    from quod.cli.evaluating import show_record, show_summary
    from quod.evals.running import scores_of
    from quod.evals.runs import RunFolder

    found = RunFolder.open(folder)
    console = Console(highlight=False, soft_wrap=True)
    if row is not None:
        records = [r for r in found.records() if r.row == row]
        if not records:
            raise InputError(f"the run has no row '{row}'", code="input.not_found")
        if as_json:
            click.echo(json.dumps([r.model_dump(mode="json") for r in records], indent=2))
            return 0
        for record in records:
            show_record(console, record)
        return 0
    scores = scores_of(found)
    if as_json:
        whole = {"config": found.config.model_dump(mode="json"), "environment": found.facts, **scores.as_json(k)}
        click.echo(json.dumps(whole, indent=2))
        return 0
    show_summary(console, found.config.benchmark, scores, k)
    return 0


@evaluate.command()
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def compare(first: Path, second: Path, as_json: bool) -> int:
    """Compare two runs row by row: McNemar's exact test and a paired bootstrap."""
    from quod.cli.evaluating import show_comparison
    from quod.evals.comparing import compare_runs
    from quod.evals.runs import RunFolder

    result = compare_runs(RunFolder.open(first), RunFolder.open(second))
    if as_json:
        click.echo(json.dumps(result.as_json(), indent=2))
        return 0
    show_comparison(Console(highlight=False, soft_wrap=True), result, first.name, second.name)
    return 0


@evaluate.command()
@click.argument("folders", metavar="RUN…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help=".html, .md or .csv.")
@click.option("--k", type=click.IntRange(1), default=1)
def report(folders: tuple[Path, ...], out: Path, k: int) -> int:
    """Write a report of one or more runs: HTML (one self-contained file), Markdown or CSV, by the ending of --out."""
    from quod.evals.report import write_report
    from quod.evals.runs import RunFolder

    size = write_report([RunFolder.open(folder) for folder in folders], out, k)
    Console(stderr=True, highlight=False).print(f"wrote {out} ({size / 2**20:.1f} MiB)", markup=False)
    return 0


@evaluate.command()
@click.argument("folders", metavar="RUN…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="DIR")
def merge(folders: tuple[Path, ...], out: Path) -> int:
    """Merge runs of one configuration, for instance parts run on several machines."""
    from quod.evals.runs import merge_runs

    merged = merge_runs(list(folders), out)
    count = sum(1 for _ in merged.records())
    Console(stderr=True, highlight=False).print(f"merged {len(folders)} runs into {out}: {count} records", markup=False)
    return 0


@evaluate.command()
@click.argument("name")
def new(name: str) -> int:
    """Start a benchmark of your own: a folder NAME with benchmark.py and rows.jsonl to change."""
    from quod.evals.scaffold import scaffold

    folder = scaffold(name)
    console = Console(stderr=True, highlight=False)
    console.print(f"made {folder}: run it with  quod eval ./{folder} --data {folder}/rows.jsonl", markup=False)
    return 0
