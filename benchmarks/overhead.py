"""What the sandbox and quod cost over the bare engine.

    python benchmarks/overhead.py [--quick] [--no-api]

First table: the same function called bare in a process of its own and through the warm sandbox, on a small and on a
larger problem of each engine; the ratio of the medians, in wall-clock and in processor time (of the caller and the
child together), which tells more on a busy machine. Second table (overhead_api.py): ``quod solve``, warm, through
the HTTP API of a ``quod serve`` of its own, over the time inside the engine.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from quod.backends.sandbox import Ended, Limits, call, run_program

HERE = Path(__file__).parent
LIMITS = Limits(60.0)

SIZES = {"z3": (4, 8), "cvc5": (4, 6), "highs": (8, 35), "ortools": (8, 35), "scip": (8, 35)}
"""A problem of some milliseconds, and one of tens to hundreds."""


@dataclass(frozen=True)
class Row:
    """One engine on one problem; medians, in seconds."""

    engine: str
    problem: str
    bare: float
    sandboxed: float
    bare_cpu: float
    sandboxed_cpu: float

    @property
    def ratio(self) -> float:
        """Sandboxed over bare."""
        return self.sandboxed / self.bare

    @property
    def cpu_ratio(self) -> float:
        """The same in processor time."""
        return self.sandboxed_cpu / self.bare_cpu

    def __str__(self) -> str:
        added = 1000 * (self.sandboxed - self.bare)
        times = f"{1000 * self.bare:9.1f} {1000 * self.sandboxed:10.1f} {added:9.1f}"
        cpu = f"{1000 * (self.sandboxed_cpu - self.bare_cpu):9.1f} {self.cpu_ratio:7.2f}"
        return f"{self.engine:15} {self.problem:10} {times} {self.ratio:7.2f} {cpu}"


def measure_engine(name: str, size: int, label: str, repeats: int) -> Row:
    """A Python binding, bare and sandboxed, in turns so that both meet the same noise."""
    bare: list[tuple[float, float]] = []
    boxed: list[tuple[float, float]] = []
    call(name, f"overhead_engines:{name}", size, LIMITS)  # the zygote starts
    for _ in range(2):
        found, times = _bare(name, size, repeats // 2)
        bare += times
        for _ in range(repeats // 2):
            caller = time.process_time()
            result = call(name, f"overhead_engines:{name}", size, LIMITS)
            if not result.ok or result.value != found:
                raise SystemExit(
                    f"{name} in the sandbox: {result.ended} {result.detail}; {result.value!r}, not {found!r}"
                )
            boxed.append((result.seconds, time.process_time() - caller + result.cpu_seconds))
    return _row(name, label, bare, boxed)


def _row(name: str, label: str, bare: list[tuple[float, float]], boxed: list[tuple[float, float]]) -> Row:
    """Pairs of wall-clock and processor seconds to their medians."""
    medians = [[statistics.median(column) for column in zip(*pairs, strict=True)] for pairs in (bare, boxed)]
    (wall, cpu), (boxed_wall, boxed_cpu) = medians
    return Row(name, label, wall, boxed_wall, cpu, boxed_cpu)


def _bare(name: str, size: int, repeats: int) -> tuple[object, list[tuple[float, float]]]:
    script = [sys.executable, str(HERE / "overhead_engines.py"), name, str(size), str(repeats)]
    found, times = json.loads(
        subprocess.run(script, capture_output=True, check=True, text=True).stdout.splitlines()[-1]
    )
    return found, times


def blocks(count: int) -> tuple[bytes, bytes]:
    """A tower of ``count`` blocks to be turned upside down."""
    domain = b"""(define (domain blocks) (:requirements :strips)
  (:predicates (on ?x ?y) (table ?x) (clear ?x) (free) (held ?x))
  (:action pick :parameters (?x) :precondition (and (clear ?x) (table ?x) (free))
    :effect (and (not (table ?x)) (not (clear ?x)) (not (free)) (held ?x)))
  (:action put :parameters (?x) :precondition (held ?x)
    :effect (and (not (held ?x)) (clear ?x) (free) (table ?x)))
  (:action stack :parameters (?x ?y) :precondition (and (held ?x) (clear ?y))
    :effect (and (not (held ?x)) (not (clear ?y)) (clear ?x) (free) (on ?x ?y)))
  (:action unstack :parameters (?x ?y) :precondition (and (on ?x ?y) (clear ?x) (free))
    :effect (and (held ?x) (clear ?y) (not (clear ?x)) (not (free)) (not (on ?x ?y)))))"""
    names = [f"b{i}" for i in range(count)]
    pairs = list(pairwise(names))
    start = " ".join(f"(on {a} {b})" for a, b in pairs)
    goal = " ".join(f"(on {b} {a})" for a, b in pairs)
    problem = f"""(define (problem p) (:domain blocks) (:objects {" ".join(names)})
  (:init {start} (table {names[-1]}) (clear {names[0]}) (free)) (:goal (and {goal})))"""
    return domain, problem.encode()


def measure_downward(count: int, label: str, repeats: int) -> Row:
    """An external program: Fast Downward, driver, translator and search."""
    import up_fast_downward

    (driver,) = Path(up_fast_downward.__file__).parent.rglob("fast-downward.py")
    argv = [sys.executable, str(driver), "--alias", "lama-first", "d.pddl", "p.pddl"]
    domain, problem = blocks(count)
    files = {"d.pddl": domain, "p.pddl": problem}
    bare: list[tuple[float, float]] = []
    boxed: list[tuple[float, float]] = []
    run_program(["true"], limits=LIMITS)
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            for name, data in files.items():
                Path(folder, name).write_bytes(data)
            started, spent = time.perf_counter(), _children()
            subprocess.run(argv, cwd=folder, capture_output=True, check=True)
            bare.append((time.perf_counter() - started, _children() - spent))
            plan = Path(folder, "sas_plan").read_bytes()
        caller = time.process_time()
        result = run_program(argv, files=files, limits=LIMITS, collect=("sas_plan",))
        if result.ended is not Ended.OK or result.files.get("sas_plan") != plan:
            raise SystemExit(f"Fast Downward in the sandbox: {result.ended} {result.detail} {result.stderr!r}")
        boxed.append((result.seconds, time.process_time() - caller + result.cpu_seconds))
    return _row("fast-downward", label, bare, boxed)


def _children() -> float:
    """Processor seconds of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few repeats")
    parser.add_argument("--no-api", action="store_true", help="leave out the end-to-end part")
    options = parser.parse_args()
    repeats = 10 if options.quick else 60
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    print(f"load {busy:.1f} on {cores} cores" + (": wall-clock times say little" if busy > cores else ""))
    print(
        f"{'engine':15} {'problem':10} {'bare ms':>9} {'sandbox ms':>10} {'added ms':>9} {'ratio':>7}"
        f" {'added cpu':>9} {'ratio':>7}"
    )
    for name, sizes in SIZES.items():
        for size, label in zip(sizes, ("small", "larger"), strict=True):
            print(measure_engine(name, size, label, repeats if label == "small" else max(4, repeats // 5)), flush=True)
    for count, label in ((4, "small"), (40, "larger")):
        print(measure_downward(count, label, max(4, repeats // 5)), flush=True)
    if not options.no_api:
        import overhead_api

        overhead_api.main(repeats)


if __name__ == "__main__":
    main()
