"""Many clients at once: submit, poll, follow events, cancel, for minutes. No 5xx, no lost event, bounded memory.

A service of its own on this machine (``--embedded``: one process and SQLite). Each client in turn hands in a formal
text, then polls it, follows its events, cancels it, or has it checked and waits. Printed: requests by status, gaps in
event streams, memory of API and workers at the start and the end, and as ratios to the time the engines alone took: a
solved problem through the API on the quiet service and under load (where it mostly waits for its turn: there are many
more clients than slots), and the engines' time in all against the time that passed. Exit status 0 means: no 5xx, no
lost event, memory within twice what it was after warm-up.

    .venv/bin/python benchmarks/load.py [--quick] [--embedded] [--clients N] [--seconds S]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "service"))

from chaos import problem
from service_stack import Stack, missing


class Figures:
    """What the clients saw."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self.gaps: list[str] = []
        self.streams = 0
        self.events = 0
        self.whole: list[float] = []
        self.engines: list[float] = []
        self.requests: list[float] = []


async def ask(client: httpx.AsyncClient, seen: Figures, method: str, path: str, **more: Any) -> httpx.Response | None:
    """One request, counted."""
    started = time.perf_counter()
    try:
        response = await client.request(method, path, **more)
    except httpx.HTTPError as error:
        seen.errors[type(error).__name__] += 1
        return None
    seen.statuses[response.status_code] += 1
    seen.requests.append(time.perf_counter() - started)
    return response


async def follow(client: httpx.AsyncClient, seen: Figures, job: str, order: random.Random) -> None:
    """Read a job's events to the end, hanging up now and then and going on from the last id."""
    last, ended = 0, False
    while not ended:
        headers = {"Last-Event-ID": str(last)} if last else {}
        try:
            async with client.stream("GET", f"/v1/jobs/{job}/events", headers=headers, timeout=90) as response:
                seen.statuses[response.status_code] += 1
                if response.status_code == 204:
                    break
                async for line in response.aiter_lines():
                    if line.startswith("id: "):
                        number = int(line[4:])
                        if number != last + 1:
                            seen.gaps.append(f"{job}: {last} then {number}")
                        last = number
                        seen.events += 1
                    elif line.startswith("event: "):
                        ended = line[7:] in {"answered", "failed", "cancelled"}
                    if not ended and last and order.random() < 0.05:
                        break
        except httpx.HTTPError as error:
            seen.errors[type(error).__name__] += 1
            break
    seen.streams += 1


async def client_life(url: str, seen: Figures, until: float, seed: int) -> None:
    """One client."""
    order = random.Random(seed)
    async with httpx.AsyncClient(base_url=url, timeout=90, trust_env=False, verify=False) as client:
        while time.monotonic() < until:
            if order.random() < 0.3:
                started = time.perf_counter()
                response = await ask(
                    client, seen, "POST", "/v1/jobs", json={"text": problem(order)}, headers={"Prefer": "wait=60"}
                )
                if response is not None and response.status_code == 200:
                    seen.whole.append(time.perf_counter() - started)
                    seen.engines.append(response.json()["answer"]["cost"]["engine_seconds"])
                continue
            response = await ask(client, seen, "POST", "/v1/jobs", json={"text": problem(order)})
            if response is None or response.status_code != 202:
                await asyncio.sleep(order.uniform(0.2, 1.0))
                continue
            job = response.json()["id"]
            match order.choice(["poll", "follow", "cancel", "list"]):
                case "poll":
                    for _ in range(5):
                        await ask(client, seen, "GET", f"/v1/jobs/{job}")
                        await asyncio.sleep(0.2)
                case "follow":
                    await follow(client, seen, job, order)
                case "cancel":
                    await ask(client, seen, "POST", f"/v1/jobs/{job}/cancel")
                    await follow(client, seen, job, order)
                case _:
                    await ask(client, seen, "GET", "/v1/jobs?limit=20")
            await asyncio.sleep(order.uniform(0.0, 0.5))


def memory_mb(stack: Stack) -> float:
    """Resident MiB of the API and the workers, their engines apart."""
    names = [name for name in stack.processes if name.startswith(("api", "worker"))]
    processes = [stack.processes[name].process for name in names]
    return sum(psutil.Process(p.pid).memory_info().rss for p in processes if p is not None) / 2**20


def quiet(stack: Stack, count: int) -> tuple[list[float], list[float]]:
    """Seconds of problems solved one after another, as the client sees them and inside engines."""
    order, whole, engines = random.Random(0), [], []
    with httpx.Client(base_url=stack.api_url, timeout=90, trust_env=False) as client:
        for _ in range(count):
            started = time.perf_counter()
            told = client.post("/v1/jobs", json={"text": problem(order)}, headers={"Prefer": "wait=60"}).json()
            whole.append(time.perf_counter() - started)
            engines.append(told["answer"]["cost"]["engine_seconds"])
    return whole, engines


def engine_seconds(stack: Stack) -> float:
    """Seconds inside engines, of all jobs so far."""
    page = httpx.get(f"{stack.api_url}/metrics", timeout=30, trust_env=False).text
    return next(float(line.split()[1]) for line in page.splitlines() if line.startswith("quod_engine_seconds "))


def ratios(name: str, whole: list[float], engines: list[float]) -> str:
    """p50 and p99 of a solved problem as ratios to the median of its engines alone."""
    bare = max(statistics.median(engines), 1e-6)
    cuts = statistics.quantiles(whole, n=100)
    return (
        f"solved through the API / engines alone, {name}: p50 {cuts[49] / bare:.1f}, p99 {cuts[98] / bare:.1f} "
        f"({cuts[49]:.2f} s and {cuts[98]:.2f} s / {bare:.3f} s; {len(whole)} problems)"
    )


async def storm(stack: Stack, seen: Figures, clients: int, seconds: float) -> None:
    """All clients."""
    until = time.monotonic() + seconds
    await asyncio.gather(*(client_life(stack.api_url, seen, until, seed) for seed in range(clients)))


def main() -> int:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20 clients for 15 s instead of 200 for 5 minutes")
    parser.add_argument("--embedded", action="store_true", help="the embedded runtime: one process and SQLite")
    parser.add_argument("--clients", type=int)
    parser.add_argument("--seconds", type=float)
    options = parser.parse_args()
    if not options.embedded and missing():
        print(f"not installed: {', '.join(missing())}")
        return 3
    clients = options.clients or (20 if options.quick else 200)
    seconds = options.seconds or (15.0 if options.quick else 300.0)
    shape: dict[str, Any] = {"postgres": False, "redis": False} if options.embedded else {"workers": 2}
    seen = Figures()
    with Stack(**shape, concurrency=2, max_queued=150, lease_seconds=30, metrics_public=1) as stack:
        alone = quiet(stack, 10 if options.quick else 50)
        asyncio.run(storm(stack, Figures(), clients, min(10.0, seconds / 3)))  # warm-up
        before = memory_mb(stack)
        started, worked = time.monotonic(), engine_seconds(stack)
        asyncio.run(storm(stack, seen, clients, seconds))
        took, worked = time.monotonic() - started, engine_seconds(stack) - worked
        after = memory_mb(stack)
    total = sum(seen.statuses.values())
    print(f"{clients} clients, {took:.0f} s: {total} requests, {total / took:.0f} a second, {seen.streams} streams, "
          f"{seen.events} events")  # fmt: skip
    print("by status:", dict(sorted(seen.statuses.items())), "client errors:", dict(seen.errors))
    if len(seen.requests) > 1:
        cuts = statistics.quantiles(seen.requests, n=100)
        print(
            f"answered in, p99 / p50: {cuts[98] / cuts[49]:.1f} ({cuts[98] * 1000:.0f} ms / {cuts[49] * 1000:.0f} ms)"
        )
    print(ratios("one at a time", *alone))
    if len(seen.whole) > 1:
        print(ratios("under load", seen.whole, seen.engines))
    print(f"seconds inside engines / seconds that passed: {worked / took:.2f} ({worked:.0f} s / {took:.0f} s)")
    print(f"memory of API and workers, end / start: {after / before:.2f} ({after:.0f} MiB / {before:.0f} MiB)")
    bad = [status for status in seen.statuses if status >= 500 and status != 503]
    refused = seen.statuses[503]
    ok = not bad and not refused and not seen.gaps and not seen.errors and after < 2 * before
    print("\n".join(seen.gaps[:20]) if seen.gaps else "no gap in any event stream")
    print("OK" if ok else "NOT OK")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
