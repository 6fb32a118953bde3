"""Killing the process that asked leaves no planner running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from quod.backends.pddl.engines.base import Goal
from quod.backends.pddl.engines.downward import FAST_DOWNWARD
from quod.backends.sandbox import Limits
from quod.core.run import Cancel
domain, problem = open(sys.argv[1]).read(), open(sys.argv[2]).read()
print("started", flush=True)
FAST_DOWNWARD.run(domain, problem, Goal.BETTER, frozenset(), Limits(wall=120), Cancel())
"""


def _descendants(pid: int) -> set[int]:
    try:
        return {p.pid for p in psutil.Process(pid).children(recursive=True)}
    except psutil.Error:
        return set()


def _alive(pids: set[int]) -> set[int]:
    out = set()
    for pid in pids:
        try:
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                out.add(pid)
        except psutil.Error:
            continue
    return out


def test_sigkill_during_a_search_leaves_no_engine(tmp_path: Path) -> None:
    lexicons = ROOT / "translators" / "controlled" / "pddl" / "lexicons" / "blocksworld"
    (tmp_path / "domain.pddl").write_text((lexicons / "domain.pddl").read_text())
    blocks = [f"b{i}" for i in range(60)]
    facts = " ".join(f"(on-table {b}) (clear {b})" for b in blocks)
    goal = " ".join(f"(on {a} {b})" for a, b in pairwise(blocks))
    problem = f"(define (problem many) (:domain blocksworld-4ops) (:objects {' '.join(blocks)})"
    problem += f" (:init (arm-empty) {facts}) (:goal (and {goal})))"
    (tmp_path / "problem.pddl").write_text(problem)
    asker = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "domain.pddl"), str(tmp_path / "problem.pddl")],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        assert asker.stdout is not None
        assert asker.stdout.readline() == b"started\n"
        family: set[int] = set()
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            family |= _descendants(asker.pid)
            if any(_name(pid) == "downward" for pid in family):
                break
            time.sleep(0.05)
        else:
            pytest.fail("the planner never began to search")
        os.kill(asker.pid, signal.SIGKILL)
        deadline = time.monotonic() + 15
        while (left := _alive(family)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left, [(_name(pid), pid) for pid in left]
    finally:
        asker.kill()
        asker.wait()
        asker.stdout.close()


def _name(pid: int) -> str:
    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return ""
