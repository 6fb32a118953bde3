"""A run that is killed at any moment is taken up to the same figures; workers end with their parent."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from quod.evals.scale.logic import deduction

ROWS = 36
TIMES = {"seconds", "engine_seconds", "stages"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deduction chains in words, with their labels: every third text has a clause no grammar reads."""
    path = tmp_path_factory.mktemp("data") / "rows.jsonl"
    with path.open("w") as out:
        for i in range(ROWS):
            made = deduction(1, random.Random(i))
            premises, _, question = made.text.partition(" True or false: ")
            premises += " Whoever sings is heard, or so it is said of old." if i % 3 == 0 else ""
            label = made.grade.label if i % 7 else "Unknown"  # type: ignore[attr-defined]
            print(json.dumps({"id": f"r{i}", "premises": premises, "question": question, "answer": label}), file=out)
    return path


def command(data: Path, out: Path) -> list[str]:
    program = [sys.executable, "-c", "from quod.cli.main import main; main()"]
    return [*program, "eval", "prontoqa", "--data", str(data), "--out", str(out), "--json"]


def figures(data: Path, out: Path) -> dict[str, Any]:
    done = subprocess.run(command(data, out), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    summary: dict[str, Any] = json.loads(done.stdout)
    return {name: value for name, value in summary.items() if name not in TIMES}


def records(out: Path) -> int:
    results = out / "results.jsonl"
    return results.read_bytes().count(b"\n") if results.exists() else 0


@pytest.mark.slow
def test_killed_twenty_times_the_figures_are_the_same(data: Path, tmp_path: Path) -> None:
    undisturbed = figures(data, tmp_path / "whole")
    assert undisturbed["n"] == ROWS
    assert undisturbed["abstained"] >= ROWS // 3
    assert undisturbed["right"] > undisturbed["wrong"] > 0, "the altered labels must show"
    rng = random.Random(7)
    out = tmp_path / "killed"
    workers: list[psutil.Process] = []
    for _ in range(20):
        before = records(out)
        run = subprocess.Popen(command(data, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        wanted = before + rng.choice([0, 0, 1, 2])
        while run.poll() is None and records(out) < wanted and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 0.4))
        if run.poll() is None:
            workers += psutil.Process(run.pid).children(recursive=True)
        run.kill()
        run.wait()
        assert records(out) >= before, "nothing that was kept is lost"
    assert figures(data, out) == undisturbed
    _, alive = psutil.wait_procs(workers, timeout=15)
    assert alive == [], "workers end with their parent"


@pytest.mark.slow
def test_interrupted_it_stops_in_order_and_keeps_what_is_done(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run = subprocess.Popen(command(data, out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while records(out) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(run.pid, signal.SIGINT)
    stdout, stderr = run.communicate(timeout=30)
    assert run.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert 3 <= json.loads(stdout)["n"] < ROWS
    assert json.loads(stdout)["n"] == records(out)
    assert figures(data, out)["n"] == ROWS


@pytest.mark.slow
def test_a_worker_that_dies_costs_only_its_rows(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run = subprocess.Popen(command(data, out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while records(out) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    worker = next(p for p in psutil.Process(run.pid).children() if "spawn_main" in " ".join(p.cmdline()))
    worker.kill()
    stdout, _ = run.communicate(timeout=120)
    summary = json.loads(stdout)
    assert run.returncode == 3
    assert summary["errors"] == 1
    assert summary["n"] == ROWS
    assert figures(data, out)["errors"] == 0, "taken up again, the lost row is done"
