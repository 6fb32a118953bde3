"""`quod eval` and its verbs, as a person meets them; and against a server."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from quod.cli.evaluate import evaluate
from quod.core.errors import InputError
from quod.evals.report import write_report
from quod.evals.report.export import cell, markdown_text
from quod.evals.scale.logic import deduction

sys.path.insert(0, str(Path(__file__).parent))
from evals_runs import HOSTILE, make_run, record

KEYS = {"n", "answered", "right", "wrong", "abstained", "verified", "wrong_verified", "errors", "by_assurance",
        "by_faithfulness"}  # fmt: skip
QUOD = [sys.executable, "-c", "from quod.cli.main import main; main()"]


def invoke(*args: str, expect: int = 0) -> str:
    result = CliRunner().invoke(evaluate, list(args), standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    assert result.return_value == expect
    return result.stdout


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    with path.open("w") as out:
        for i in range(6):
            made = deduction(1, random.Random(i))
            premises, _, question = made.text.partition(" True or false: ")
            row = {"id": f"r{i}", "premises": premises, "question": question, "answer": made.grade.label}  # type: ignore[attr-defined]
            print(json.dumps(row), file=out)
    return path


def test_a_run_its_verbs_and_taking_it_up(rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, other = str(tmp_path / "a"), str(tmp_path / "b")
    part = json.loads(invoke("prontoqa", "--data", str(rows), "--limit", "2", "--out", out, "--json"))
    assert part.keys() >= KEYS
    assert (part["n"], part["right"], part["wrong_verified"]) == (2, 2, 0)
    whole = json.loads(invoke("--data", str(rows), "--out", out, "--json", "prontoqa"))
    assert whole["right"] == 6
    lines = (tmp_path / "a" / "results.jsonl").read_text().splitlines()
    assert len(lines) == 6, "what was done was not done again"
    invoke("prontoqa", "--data", str(rows), "--out", other, "--ids", "r0,r1", "--budget", "seconds=40", "--quiet")
    compared = json.loads(invoke("compare", out, other, "--json"))
    assert (compared["n"], compared["unpaired_first"], compared["settings"]) == (2, 4, {"seconds": ["30.0", "40.0"]})
    assert json.loads(invoke("show", out, "--json"))["config"]["benchmark"] == "prontoqa"
    assert "attempt 1 by controlled" in invoke("show", out, "--id", "r0")
    with pytest.raises(InputError, match=r"another configuration \(seconds: 30\.0 there, 31\.0 here\)"):
        invoke("prontoqa", "--data", str(rows), "--out", out, "--timeout", "31")
    monkeypatch.chdir(tmp_path)
    invoke("merge", out, out, "--out", "merged")
    invoke("report", "merged", "--out", "r.html")
    assert (tmp_path / "r.html").stat().st_size > 10_000


def test_usage_faults_are_clear(rows: Path, tmp_path: Path) -> None:
    for args, message in (
        (("prontoqa",), "prontoqa needs data"),
        (("nosuch", "--data", str(rows)), "there is no benchmark 'nosuch'"),
        (("prontoqa", "--data", str(rows), "--translator", "gold"), "has no translator 'gold'"),
        (("prontoqa", "--data", str(rows), "--budget", "hours=3"), "there is no budget 'hours'"),
        (("prontoqa", "--data", str(rows), "--budget", "seconds=soon"), "cannot be"),
        (("minif2f", "--data", str(rows), "--baseline", "model"), "minif2f has no baseline"),
        (("show", str(tmp_path)), r"holds no run"),
        (("report", str(tmp_path), "--out", "r.html"), r"holds no run"),
    ):
        with pytest.raises(InputError, match=message):
            invoke(*args)
    run = make_run(tmp_path / "run")
    with pytest.raises(InputError, match=r"cannot write a report as '\.pdf'"):
        write_report([run], tmp_path / "r.pdf")


def test_a_benchmark_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    invoke("new", "mine")
    summary = json.loads(invoke("./mine", "--data", "mine/rows.jsonl", "--json"))
    assert (summary["n"], summary["right"], summary["verified"]) == (3, 3, 3)
    with pytest.raises(InputError, match="is there already"):
        invoke("new", "mine")
    with pytest.raises(InputError, match="cannot be a benchmark's name"):
        invoke("new", "../mine")


def test_lists_every_benchmark() -> None:
    names = [row["name"] for row in json.loads(invoke("list", "--json"))]
    assert {"minif2f", "nl4opt", "zebralogic", "planbench", "scale"} <= set(names)


def test_spreadsheets_and_markdown_obey_nothing(tmp_path: Path) -> None:
    assert cell('=HYPERLINK("http://x")') == '\'=HYPERLINK("http://x")'
    assert [cell(v) for v in ("+1", "-1", "@x", " =1", "\t=1")] == ["'+1", "'-1", "'@x", "' =1", "' =1"]
    assert cell("plain = text") == "plain = text"
    assert cell(-3) == -3
    assert markdown_text("a|b <b>\n[x](y)") == "a\\|b \\<b\\> \\[x\\]\\(y\\)"
    run = make_run(tmp_path / "run")
    run.append(record("=1+1", "wrong", expected=HOSTILE, got="@SUM(A1)", category="-2"))
    write_report([run], tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(newline="") as lines:
        (row,) = list(csv.DictReader(lines))
    assert (row["id"], row["got"], row["category"]) == ("'=1+1", "'@SUM(A1)", "'-2")
    write_report([run], tmp_path / "r.md")
    text = (tmp_path / "r.md").read_text()
    assert "<script>" not in text
    assert "\\<script\\>" in text


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A quod that serves, as its own process."""
    environment = {**os.environ, "QUOD_HOME": str(tmp_path / "home"), "QUOD_AUTH": "off"}
    port = 20_000 + os.getpid() % 20_000
    process = subprocess.Popen(
        [*QUOD, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.2)
    yield url
    process.send_signal(signal.SIGTERM)
    process.wait(30)


@pytest.mark.slow
def test_a_server_gives_the_same_figures(rows: Path, server: str) -> None:
    def figures(*extra: str) -> dict[str, Any]:
        summary: dict[str, Any] = json.loads(invoke("prontoqa", "--data", str(rows), "--json", *extra))
        return {key: summary[key] for key in sorted(KEYS)}

    assert figures("--server", server) == figures()
    gold = json.loads(invoke("scale", "--split", "scheduling/1", "--limit", "1", "--server", server, "--json"))
    assert (gold["right"], gold["verified"]) == (1, 1)


def test_a_server_that_is_not_there(rows: Path) -> None:
    args = [
        "eval",
        "prontoqa",
        "--data",
        str(rows),
        "--limit",
        "1",
        "--timeout",
        "0.1",
        "--server",
        "http://127.0.0.1:9",
    ]
    script = "import quod.evals.remote as r; r._SLACK_SECONDS = 1.0; from quod.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, *args], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 3
    assert re.search(r"infrastructure errors\s+1", done.stdout)
    assert "cannot use the quod at http://127.0.0.1:9" in done.stderr
