"""Nothing accepted is lost: jobs submitted while everything is killed at random end once, as in a quiet run.

A service of its own on this machine (PostgreSQL, Redis, API, workers; ``--embedded``: the one process of
`quod serve`) is given the same seeded problems twice: undisturbed, and with SIGKILL for every process in turn.
Every accepted job must end exactly once, with the status, conclusion and data of the quiet run, a log without gaps,
and no engine process left over. Exit status 0 means that it was so.

    .venv/bin/python benchmarks/chaos.py [--quick] [--embedded] [--jobs N] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "service"))

from service_stack import Monkey, Stack, missing

KINDS = ["wumpus", "tumpus", "numpus", "rompus", "vumpus", "jompus", "dumpus", "lempus"]
ENDED = {"done", "failed", "cancelled", "dead"}


def problem(order: random.Random) -> str:
    """A chain of classes and a question about its end, in the manner of PrOntoQA; sometimes a small LP."""
    if order.random() < 0.25:
        hours, planks = order.randint(30, 90), order.randint(30, 90)
        return (
            "A carpenter makes tables and chairs. Each table takes 3 hours of work and 4 planks of wood, and each "
            f"chair takes 2 hours of work and 1 plank of wood. There are {hours} hours of work and {planks} planks of "
            "wood available. The profit is $30 per table and $15 per chair. How many tables and chairs should the "
            "carpenter make to maximize the profit?"
        )
    chain = order.sample(KINDS, order.randint(2, 6))
    rules = [f"Every {a} is a {b}." for a, b in pairwise(chain)]
    negated = "not " if order.random() < 0.5 else ""
    rules.append(f"Every {chain[-1]} is {negated}shy.")
    order.shuffle(rules)
    return f"{' '.join(rules)} Rex is a {chain[0]}. True or false: Rex is shy."


def submit(client: httpx.Client, text: str, key: str, patience: float = 180.0) -> str:
    """Hand in until accepted; the idempotency key makes repeating it harmless."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            response = client.post("/v1/jobs", json={"text": text}, headers={"Idempotency-Key": key})
            if response.status_code in {200, 202}:
                return str(response.json()["id"])
            if response.status_code not in {429, 503}:
                raise SystemExit(f"refused: {response.status_code} {response.text}")
        except (httpx.HTTPError, json.JSONDecodeError):
            pass
        time.sleep(0.1)
    raise SystemExit("a job was not accepted for three minutes")


def outcome(client: httpx.Client, job: str, patience: float) -> dict[str, Any]:
    """What became of a job, once it has ended."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            found = client.get(f"/v1/jobs/{job}", headers={"Prefer": "wait=10"}).json()
            if found.get("state") in ENDED:
                events = client.get(f"/v1/jobs/{job}/events").text
                return {"job": found, "events": events}
        except (httpx.HTTPError, json.JSONDecodeError):
            time.sleep(0.2)
    raise SystemExit(f"job {job} did not end: LOST")


def judged(found: dict[str, Any]) -> tuple[Any, ...]:
    """What must not depend on what was killed: state, status, conclusion, and the value."""
    answer = found["job"]["answer"]
    value = {
        k: answer["data"].get(k) for k in ("objective", "value", "values", "label", "answer") if k in answer["data"]
    }
    return found["job"]["state"], answer["status"], answer["conclusion"], json.dumps(value, sort_keys=True)


def faults(job: str, found: dict[str, Any]) -> list[str]:
    """What is wrong with a job's log."""
    ids = [int(line[4:]) for line in found["events"].splitlines() if line.startswith("id: ")]
    kinds = [line[7:] for line in found["events"].splitlines() if line.startswith("event: ")]
    wrong = []
    if ids != list(range(1, len(ids) + 1)):
        wrong.append(f"{job}: event numbers have gaps: {ids}")
    if sum(kind in {"answered", "failed", "cancelled"} for kind in kinds) != 1:
        wrong.append(f"{job}: it did not end exactly once: {kinds}")
    return wrong


def orphans(before: set[int]) -> list[str]:
    """Engine processes begun since whose service is gone: nothing above them but the system's first process."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        if process.pid in before or not _engine(process) or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            above = [parent for parent in process.parents() if not _engine(parent)]
        except psutil.NoSuchProcess:
            continue
        if not above or above[0].pid == 1:
            found.append(f"{process.pid} {' '.join(process.info['cmdline'])[:80]}")
    return found


def _engine(process: psutil.Process) -> bool:
    try:
        return "quod.backends.sandbox" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def play(
    texts: list[str], run: str, embedded: bool, seed: int, disturbed: bool
) -> tuple[list[dict[str, Any]], int, float]:
    """Hand all texts in and collect the outcomes; (outcomes, kills, seconds)."""
    shape: dict[str, Any] = {"postgres": False, "redis": False} if embedded else {"workers": 2}
    with Stack(**shape, concurrency=2, drain_seconds=5, max_queued=5000) as stack:
        started = time.monotonic()
        with httpx.Client(base_url=stack.api_url, timeout=20, trust_env=False) as client:
            if disturbed:
                with Monkey(stack, seed=seed):
                    ids = [submit(client, text, f"{run}-{n}") for n, text in enumerate(texts)]
                    waited = time.monotonic() + 20 + len(texts) * 0.02
                    while time.monotonic() < waited:
                        time.sleep(0.5)
            else:
                ids = [submit(client, text, f"{run}-{n}") for n, text in enumerate(texts)]
            stack.wait_ready()
            found = [outcome(client, job, 300) for job in ids]
        return found, sum(p.deaths for p in stack.processes.values()), time.monotonic() - started


def main() -> int:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="30 jobs instead of 1,000")
    parser.add_argument("--embedded", action="store_true", help="the embedded runtime: one process and SQLite")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not options.embedded and missing():
        print(f"not installed: {', '.join(missing())}")
        return 3
    count = options.jobs or (30 if options.quick else 1000)
    order = random.Random(options.seed)
    texts = [problem(order) for _ in range(count)]
    before = {process.pid for process in psutil.process_iter()}
    quiet, _, quiet_seconds = play(texts, "quiet", options.embedded, options.seed, disturbed=False)
    wild, kills, wild_seconds = play(texts, "wild", options.embedded, options.seed, disturbed=True)
    time.sleep(1)
    wrong = [
        f"{w['job']['id']}: {judged(w)} is not {judged(q)}"
        for q, w in zip(quiet, wild, strict=True)
        if judged(q) != judged(w)
    ]
    for found in (*quiet, *wild):
        wrong += faults(found["job"]["id"], found)
    wrong += [f"left over: {orphan}" for orphan in orphans(before)]
    verified = sum(found["job"]["status"] == "verified" for found in wild)
    redelivered = sum(found["job"]["deliveries"] > 1 for found in wild)
    print(f"{count} jobs, {kills} kills, {redelivered} jobs started more than once; {verified} verified")
    print(
        f"time with faults / without: {wild_seconds / quiet_seconds:.2f} ({wild_seconds:.0f} s / {quiet_seconds:.0f} s)"
    )
    print("\n".join(wrong) if wrong else "nothing lost, nothing done twice, no engine left over")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
