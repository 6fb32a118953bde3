"""End to end: ``quod solve`` through the HTTP API of a warm ``quod serve``, over the time inside the engine.

The engine's own time is the answer's ``cost.engine_seconds``, measured around the engine call inside the sandbox. The
rest is everything quod does: HTTP, job store, worker, translation, parsing, sandbox, certificate check, answer.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

__all__ = ["main"]

PROBLEMS: dict[str, dict[str, Any]] = {
    "fol": {
        "text": "Every wumpus is not shy. Rex is a wumpus. True or false: Rex is shy.",
        "formalism": "fol",
    },
    "milp": {
        "text": "A carpenter makes tables and chairs. Each table takes 3 hours of work and 4 planks of wood, and each "
        "chair takes 2 hours of work and 1 plank of wood. There are 60 hours of work and 50 planks of wood available. "
        "The profit is $30 per table and $15 per chair. How many tables and chairs should the carpenter make to "
        "maximize the profit?",
        "formalism": "milp",
    },
}


def main(repeats: int) -> None:
    """Print one row for each problem; a problem that this quod does not verify is named and left out."""
    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(
            [str(Path(sys.executable).parent / "quod"), "serve", "--port", "0"],
            env=os.environ | {"QUOD_HOME": home, "QUOD_LOG_LEVEL": "error"},
            cwd=home,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            address = _address(server)
            _wait_until_ready(address)
            print()
            print(f"{'end to end':15} {'engine ms':>10} {'total ms':>10} {'added ms':>10} {'ratio':>8}")
            with httpx.Client(base_url=address, timeout=120) as client:
                for name, problem in PROBLEMS.items():
                    print(f"{name:15} {_measure(client, problem, repeats)}", flush=True)
        finally:
            server.terminate()
            server.wait(20)


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stderr is not None
    for line in server.stderr:
        if found := re.search(r"https?://\S+", line):
            return found.group()
    raise SystemExit("quod serve did not start")


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return
        except httpx.ConnectError:
            pass
        time.sleep(0.1)
    raise SystemExit("quod serve did not become ready")


def _measure(client: httpx.Client, problem: dict[str, Any], repeats: int) -> str:
    totals, engines = [], []
    for number in range(repeats + 2):
        started = time.perf_counter()
        job = client.post("/v1/jobs", json=problem, headers={"Prefer": "wait=60"}).raise_for_status().json()
        seconds = time.perf_counter() - started
        answer = job.get("answer") or {}
        if answer.get("status") != "verified":
            return f"not verified: {answer.get('statement') or job.get('state')}"
        if number >= 2:  # the first ones start the zygotes
            totals.append(seconds)
            engines.append(answer["cost"]["engine_seconds"])
    total, engine = statistics.median(totals), statistics.median(engines)
    ratio = f"{total / engine:8.1f}" if engine else "       -"
    return f"{1000 * engine:10.2f} {1000 * total:10.1f} {1000 * (total - engine):10.1f} {ratio}"


if __name__ == "__main__":
    main(20)
