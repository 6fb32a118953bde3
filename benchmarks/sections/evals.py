"""Acceptance figures of evaluation: every benchmark, model runs with faults, SIGKILL, a distributed run, scale."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from quod.core.budget import Budget
from quod.evals.benchmark import Setting
from quod.evals.registry import get_benchmark
from quod.evals.rehearsal import rehearsal
from quod.evals.runner import RowResult
from quod.evals.running import Choice, Plan, RunSpec, scores_of
from quod.evals.runs import RunFolder
from quod.evals.scale.logic import deduction
from quod.evals.scores import Scores, score
from quod.evals.sections import Figures, Sample, Section, table
from quod.translators.llm.scripted import ScriptedServer

__all__ = ["sections"]

EVAL = [sys.executable, "-c", "from quod.cli.main import main; main()", "eval"]
TIMES = {"seconds", "engine_seconds", "stages", "model_calls", "tokens", "money"}


def sections() -> list[Section]:
    """The sections of evaluation."""
    return [
        Section("evals-benchmarks", "Evaluation: every benchmark by one command", every_benchmark, smoke_limit=2),
        Section("evals-llm", "Evaluation: model runs with faults, taken up and replayed", model_runs, smoke_limit=0),
        Section("evals-kill", "Evaluation: killed twenty times", killed, smoke_limit=12),
        Section("evals-server", "Evaluation: against a distributed quod", distributed, smoke_limit=6),
        Section("evals-scale", "Evaluation: the scale family from its gold", scale, smoke_limit=1),
    ]


@dataclass(frozen=True)
class Command:
    """One benchmark and how it is run."""

    name: str
    data: str
    translator: str
    assistant: str | None = None
    rows: int | None = None
    """At most so many rows in the full run too, where another section measures them all."""
    seconds: float = 20.0


COMMANDS = (
    Command("nl4opt", "nl4opt/dev.jsonl", "gold"),
    Command("nl4opt", "nl4opt/dev.jsonl", "controlled"),
    Command("nl4opt", "nl4opt/train.jsonl", "controlled"),
    Command("mamo", "mamo_easy/dev.jsonl", "controlled"),
    Command("mamo", "mamo_complex/dev.jsonl", "controlled"),
    Command("optibench", "optibench/dev.jsonl", "controlled"),
    Command("optmath", "optmath/dev.jsonl", "controlled"),
    Command("dcp_bench", "dcp_bench/dev.jsonl", "controlled"),
    Command("folio", "folio/gold.jsonl", "gold"),
    Command("folio", "folio/dev.jsonl", "controlled"),
    Command("proofwriter", "proofwriter/dev.jsonl", "controlled"),
    Command("prontoqa", "prontoqa/dev.jsonl", "controlled"),
    Command("logicaldeduction", "logicaldeduction/dev.jsonl", "controlled"),
    Command("llmp", "llmp", "gold", rows=24),
    Command("llmp", "llmp", "controlled", rows=24),
    Command("minif2f", "minif2f/rocq_valid.jsonl", "none", "rocq", rows=24),
    Command("minif2f", "minif2f/valid.jsonl", "none", "lean", rows=24),
)


def measure(spec: RunSpec) -> Scores:
    """Run to the end in a folder that is thrown away."""
    plan = Plan(spec)
    with tempfile.TemporaryDirectory(prefix="quod-evals-") as scratch:
        folder = RunFolder.start(Path(scratch) / "run", plan.config)
        for _ in plan.run(folder):
            pass
        return scores_of(folder)


def every_benchmark(sample: Sample) -> Figures:
    """All benchmarks with development data, with the translator that fits."""
    values: dict[str, Any] = {}
    rows: list[list[object]] = []
    for command in COMMANDS:
        limit = min((n for n in (sample.limit, command.rows) if n is not None), default=None)
        seconds = min(command.seconds, 6.0) if sample.smoke else command.seconds
        spec = RunSpec(
            command.name,
            sample.data / command.data,
            translator=command.translator,
            assistant=command.assistant,
            budget=Budget(seconds=seconds, engine_seconds=seconds),
            seed=sample.seed,
            choice=Choice(limit=limit, shuffle=limit is not None),
            concurrency=sample.processes,
            processes=0 if sample.smoke else None,  # a few rows are not worth starting workers for
        )
        scores = measure(spec)
        counts = scores.all
        key = f"{command.data} {command.translator}"
        values[key] = scores.as_json()
        named = ", ".join(f"{name} {100 * mean:.0f}%" for name, (mean, _) in scores.named.items())
        rows.append([f"`{command.name}` {command.data}", command.translator, counts.n, counts.right, counts.wrong,
                     counts.abstained, counts.errors, counts.verified, counts.wrong_verified, counts.coverage,
                     counts.precision, scores.sound.precision, named])  # fmt: skip
    header = ["data", "translator", "n", "right", "wrong", "abstained", "errors", "verified", "wrong but verified",
              "coverage", "precision", "precision on sound rows", "besides"]  # fmt: skip
    # gold checked right, and no infrastructure failing where the engines are there
    gold = values["nl4opt/dev.jsonl gold"]
    met = gold["right"] == gold["n"]
    notes = ("Rows known to be bad are in evals/sidecars; errors are engines that are not installed here (Lean).",)
    return Figures(values, table(header, rows), met, notes)


def model_runs(sample: Sample) -> Figures:
    """NL4Opt and miniF2F (Rocq) with ``llm`` against the scripted server: k = 4, faults, resumed, replayed."""
    limit = sample.limit or 100
    values: dict[str, Any] = {}
    lines: list[list[object]] = []
    met = True
    for name, file, extra in (
        ("nl4opt", "nl4opt/dev.jsonl", ()),
        # one attempt: what a search finds within its time is another thing on another day, and no replay repeats it
        (
            "minif2f",
            "minif2f/rocq_valid.jsonl",
            ("--assistant", "rocq", "--filter", "category=mathd", "--budget", "attempts=1"),
        ),
    ):
        setting = Setting("llm", assistant="rocq" if extra else None)
        rows = list(get_benchmark(name).rows(sample.data / file, setting))
        rows = [row for row in rows if not extra or row.category == "mathd"][:limit]
        with tempfile.TemporaryDirectory(prefix="quod-evals-") as scratch:
            here = Path(scratch)
            command = [*EVAL, name, "--data", str(sample.data / file), *extra, "--limit", str(limit)]
            command += ["--translator", "llm", "--model", "scripted", "--k", "4", "--timeout", "40", "--json"]
            kept = ["--out", str(here / "run")]
            replies = _replies(name, sample.data / file, rows)
            with ScriptedServer.of(rehearsal(rows, lambda row: replies[row.id], seed=sample.seed)) as server:  # noqa: B023
                first = _summary([*command, *kept], server.url, here, QUOD_MODEL_RECORD=str(here / "record"))
                calls = len(server.calls)
                again = _summary([*command, *kept], server.url, here)
                repeated = len(server.calls) - calls
            replay = ["--replay", str(here / "record")]
            replayed = _summary([*command, *replay], "http://127.0.0.1:9", here)
        same = _figures(first) == _figures(again) == _figures(replayed)
        met = met and same and repeated == 0 and first["errors"] == 0 and first["wrong_verified"] == 0
        values[name] = {"first": first, "calls": calls, "repeated": repeated, "same": same}
        lines.append([name, first["n"], first["right"], first["wrong"], first["abstained"], first["errors"],
                      first["verified"], first["wrong_verified"], first["pass@4"], calls, repeated,
                      "yes" if same else "NO"])  # fmt: skip
    header = ["benchmark", "samples", "right", "wrong", "abstained", "errors", "verified", "wrong but verified",
              "pass@4", "calls", "calls when run again", "same figures resumed and replayed"]  # fmt: skip
    note = "The scripted server answers from the gold; it stands in for a model, so only the machinery is measured."
    return Figures(values, table(header, lines), met, (note,))


def _replies(name: str, data: Path, rows: list[Any]) -> dict[str, str]:
    """The right reply for each row: the gold model, or the statement with a short proof that sometimes works."""
    if name == "nl4opt":
        golds = get_benchmark(name).rows(data, Setting("gold"))
        return {row.id: f"```json\n{row.cases[0].gold.text}\n```" for row in golds if row.cases[0].gold}
    proof = "\nProof.\n  intros; subst; try lia; try (field_simplify; lra); try lra; try nra; try ring.\nQed.\n"
    return {row.id: f"```coq\n{row.cases[0].gold.text}{proof}```" for row in rows}


def _summary(command: list[str], url: str, home: Path, **settings: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        "QUOD_HOME": str(home / "home"),
        "QUOD_MODEL_BASE_URL": url,
        "QUOD_MODEL_API_KEY": "none",
    }
    done = subprocess.run(command, env=environment | settings, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in {0, 3}:
        raise RuntimeError(f"quod eval ended with status {done.returncode}")
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def _figures(summary: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in summary.items() if name not in TIMES}


def chains(path: Path, count: int) -> Path:
    """Deduction chains in words as PrOntoQA rows."""
    with path.open("w", encoding="utf-8") as out:
        for i in range(count):
            made = deduction(2, random.Random(i))
            premises, _, question = made.text.partition(" True or false: ")
            label = made.grade.label  # type: ignore[attr-defined]
            print(json.dumps({"id": f"r{i}", "premises": premises, "question": question, "answer": label}), file=out)
    return path


def killed(sample: Sample) -> Figures:
    """SIGKILL at random moments; taken up, the figures are those of the undisturbed run."""
    kills = 20 if not sample.smoke else 4
    rng = random.Random(sample.seed)
    with tempfile.TemporaryDirectory(prefix="quod-evals-") as scratch:
        here = Path(scratch)
        data = chains(here / "rows.jsonl", sample.limit or 500)
        command = [*EVAL, "prontoqa", "--data", str(data), "--json", "--out"]
        whole = _summary([*command, str(here / "whole")], "", here)
        out = here / "killed" / "results.jsonl"
        done = 0
        for _ in range(kills):
            run = subprocess.Popen([*command, str(out.parent)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            wanted = _lines(out) + rng.choice([0, 1, 2, 5])
            deadline = time.monotonic() + 60
            while run.poll() is None and _lines(out) < wanted and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.5))
            done += run.poll() is None
            run.kill()
            run.wait()
        kept = _lines(out)
        again = _summary([*command, str(out.parent)], "", here)
    same = _figures(whole) == _figures(again)
    values: dict[str, Any] = {"kills": done, "kept": kept, "same": same, "n": whole["n"]}
    text = f"{done} runs killed while at work; {kept} of {whole['n']} rows were kept; the figures "
    return Figures(values, text + ("are the same." if same else "DIFFER."), same and (sample.smoke or done == kills))


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


@contextmanager
def served(home: Path) -> Iterator[str]:
    """A distributed quod: real Redis, the API, two workers; yields the API's address."""
    redis_port, api_port = _free_port(), _free_port()
    environment = {
        **os.environ,
        "QUOD_HOME": str(home),
        "QUOD_AUTH": "off",
        "QUOD_BROKER_URL": f"redis://127.0.0.1:{redis_port}/0",
        "QUOD_DATABASE_URL": f"sqlite:///{home}/quod.sqlite",
    }
    home.mkdir(parents=True, exist_ok=True)
    quod = [sys.executable, "-c", "from quod.cli.main import main; main()"]
    commands = [
        ["redis-server", "--port", str(redis_port), "--save", "", "--dir", str(home)],
        [*quod, "serve", "--port", str(api_port)],
        [*quod, "worker", "--concurrency", "1"],
        [*quod, "worker", "--concurrency", "1"],
    ]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            process = subprocess.Popen(
                command, env=environment, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            started.append(process)
            time.sleep(0.5)
        url = f"http://127.0.0.1:{api_port}"
        _ready(url)
        yield url
    finally:
        for process in reversed(started):
            process.terminate()
        for process in reversed(started):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ready(url: str) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"the server at {url} did not get ready")


def distributed(sample: Sample) -> Figures:
    """The same rows embedded and through a distributed quod: same figures, and the ratio of the throughputs."""
    if shutil.which("redis-server") is None:
        return Figures({}, "Not measured: there is no redis-server here (`make system`).", None)
    with tempfile.TemporaryDirectory(prefix="quod-evals-") as scratch:
        here = Path(scratch)
        data = chains(here / "rows.jsonl", sample.limit or 150)
        command = [*EVAL, "prontoqa", "--data", str(data), "--json", "--concurrency", "2"]
        started = time.monotonic()
        embedded = _summary(command, "", here)
        alone = time.monotonic() - started
        with served(here / "service") as url:
            _summary([*command, "--server", url, "--limit", "4"], "", here)  # warm: both have their engines loaded
            started = time.monotonic()
            remote = _summary([*command, "--server", url], "", here)
            together = time.monotonic() - started
    same = _figures(embedded) == _figures(remote)
    ratio = alone / together
    values: dict[str, Any] = {"n": embedded["n"], "same": same, "throughput_ratio": round(ratio, 3), "remote": remote}
    text = f"{embedded['n']} rows; the figures {'are the same' if same else 'DIFFER'}; "
    text += f"throughput of the distributed run over the embedded one (each with two workers): {ratio:.2f}."
    return Figures(values, text, same)


def scale(sample: Sample) -> Figures:
    """One or two instances of each kind and size from their gold: how far the engines get in 40 s a row."""
    sizes = "12" if sample.smoke else "12345"
    chosen = "[12]-1" if sample.smoke else "([123]-[12]|[45]-1)"
    spec = RunSpec(
        "scale",
        translator="gold",
        seed=sample.seed,
        budget=Budget(seconds=40, engine_seconds=40),
        choice=Choice(filters=(f"id~-{chosen}$",)),
        concurrency=sample.processes,
        processes=0 if sample.smoke else None,
    )
    plan = Plan(spec)
    cells: dict[str, list[RowResult]] = {}
    with tempfile.TemporaryDirectory(prefix="quod-evals-") as scratch:
        for finished in plan.run(RunFolder.start(Path(scratch) / "run", plan.config)):
            cells.setdefault(finished.result.category, []).append(finished.result)
    kinds = list(dict.fromkeys(name.partition("/")[0] for name in cells))
    rows = [[kind, *(_cell(cells[f"{kind}/{size}"]) for size in sizes)] for kind in sorted(kinds)]
    values: dict[str, Any] = {name: score(results).as_json() for name, results in sorted(cells.items())}
    wrong = sum(result.outcome == "wrong" for results in cells.values() for result in results)
    return Figures(values, table(["kind", *(f"size {size}" for size in sizes)], rows), wrong == 0)


def _cell(results: list[RowResult]) -> object:
    counts = score(results).all
    wrong = f", {counts.wrong} WRONG" if counts.wrong else ""
    mean = sum(r.seconds for r in results) / len(results)
    return f"{counts.right}/{counts.n} right, {counts.verified} verified{wrong}, {mean:.1f} s"


if __name__ == "__main__":
    chosen = [s for s in sections() if s.name in sys.argv[1:]] or sections()
    for section in chosen:
        print(section.run(Sample(limit=section.smoke_limit)).markdown)
