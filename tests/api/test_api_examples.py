"""The programs of docs/api.md, run as they stand there.

A module of its own: two embedded runtimes in one process take each other's jobs, since they share the broker in memory.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quod.workers.solver import Pipeline

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def solving(serve: Callable[..., Any]) -> Iterator[Any]:
    """With the real pipeline in it."""
    with serve(Pipeline(), drain_seconds=1) as started:
        yield started


def examples(language: str) -> list[str]:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    return re.findall(rf"(?s)```{language}\n(.*?)```", page)


@pytest.mark.parametrize("program", examples("python"), ids=lambda text: "mcp" if "mcp" in text else "httpx")
def test_the_python_examples_of_the_documentation_run(program: str, solving: Any) -> None:
    text = program.replace("http://127.0.0.1:8123", solving.url)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("verified False")


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl or jq is not installed")
def test_the_curl_examples_of_the_documentation_run(solving: Any, tmp_path: Path) -> None:
    (tmp_path / "problem.fol").write_text("p & q")
    (tmp_path / "problems.jsonl").write_text('{"question": "Rex is a wumpus. True or false: Rex is a wumpus."}\n')
    with solving.client() as client:
        body = {"text": "Rex is a wumpus. True or false: Rex is a wumpus."}
        job = client.post("/v1/jobs", json=body, headers={"Prefer": "wait=60"}).json()["id"]
    script = "set -eu\n" + examples("sh")[0].replace("localhost:8123", solving.url.removeprefix("http://"))
    told = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "ID": job},
    ).stdout
    assert '"status":"verified"' in told  # the job
    assert "event: answered" in told  # its events
    assert '"diagnostics"' in told  # the check
    assert '"total":1' in told  # the batch
