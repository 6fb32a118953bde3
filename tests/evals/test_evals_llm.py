"""A model run against the scripted server: faults come and go, figures repeat, no call is made twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quod.evals.benchmark import Setting
from quod.evals.registry import get_benchmark
from quod.evals.rehearsal import rehearsal
from quod.evals.scale.optimization import allocation
from quod.translators.llm.scripted import ScriptedServer

TIMES = {"seconds", "engine_seconds", "stages", "model_calls", "tokens", "money"}


def write_rows(path: Path, count: int) -> dict[str, str]:
    """Allocation problems in words; their gold by id."""
    golds = {}
    with path.open("w") as out:
        for i in range(count):
            made = allocation(1, random.Random(i))
            value = made.grade.values[0]  # type: ignore[attr-defined]
            print(json.dumps({"id": f"a{i}", "text": made.text, "public_answers": {"planted": value}}), file=out)
            golds[f"a{i}"] = made.gold.text
    return golds


def run(data: Path, url: str, home: Path, *extra: str, **settings: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        "QUOD_HOME": str(home),
        "QUOD_MODEL_BASE_URL": url,
        "QUOD_MODEL_API_KEY": "none",
        **settings,
    }
    command = [sys.executable, "-c", "from quod.cli.main import main; main()", "eval", "nl4opt", "--data", str(data)]
    command += ["--translator", "llm", "--model", "scripted", "--k", "4", "--json", *extra]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def figures(summary: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in summary.items() if name not in TIMES}


@pytest.mark.slow
def test_with_faults_then_taken_up_then_replayed(tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    golds = write_rows(data, 3)
    rows = list(get_benchmark("nl4opt").rows(data, Setting("llm")))
    rules = rehearsal(rows, lambda row: f"```json\n{golds[row.id]}\n```", seed=3)
    record = tmp_path / "record"
    kept = ("--out", str(tmp_path / "run"))
    with ScriptedServer.of(rules) as server:
        first = run(data, server.url, tmp_path / "home", *kept, QUOD_MODEL_RECORD=str(record))
        calls = len(server.calls)
        again = run(data, server.url, tmp_path / "home", *kept)
        assert len(server.calls) == calls, "taken up again, the run asks nothing"
    assert first["n"] == 12
    assert first["right"] > 6
    assert first["errors"] == 0
    assert first["wrong_verified"] == 0
    assert calls > 12, "the faults made some calls be repeated"
    assert 12 <= first["model_calls"] <= calls, "each sample's cost is its own"
    assert first["pass@4_rows"] == 3
    assert again == first
    # the server is gone now
    replayed = run(data, "http://127.0.0.1:9", tmp_path / "other", "--replay", str(record))
    assert figures(replayed) == figures(first)
    assert replayed["model_calls"] == 0


@pytest.mark.slow
def test_a_server_that_is_down_is_infrastructure_and_the_model_alone_is_the_baseline(tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    write_rows(data, 2)
    right = json.loads(data.read_text().splitlines()[0])["public_answers"]["planted"]
    text = json.loads(data.read_text().splitlines()[0])["text"]
    rules = [
        {"match": text[:60].replace("$", "."), "reply": f"Let me think: 6 times 7…\nANSWER: {right}"},
        {"reply": "ANSWER: 41"},
    ]
    with ScriptedServer.of(rules) as server:
        alone = run(data, server.url, tmp_path / "home", "--baseline", "model")
    assert (alone["n"], alone["right"], alone["wrong"], alone["verified"]) == (8, 4, 4, 0)
    assert alone["by_assurance"] == {"none": 8}
    with pytest.raises(AssertionError):
        run(data, "http://127.0.0.1:9", tmp_path / "empty", "--limit", "1", QUOD_MODEL_ATTEMPTS="1")
