"""What quod adds to planning: our time per problem against the bare Fast Downward driver and unified-planning's call.

    .venv/bin/python benchmarks/pddl.py [--quick] [--data ../shared/data/llmp]

All three run the same search (lama-first) on the same PDDL in one run, one after the other; the least of a few
repetitions counts. Ours includes parsing, checking, doubting, the sandbox, the replay of the plan and the report.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from quod.backends.pddl.backend import PddlBackend
from quod.backends.pddl.engines.base import package_dir
from quod.backends.sandbox import warm
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem, Options, Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 120.0
SLOW = 1.0
"""Searches over this many seconds are held to a ratio, the others to a difference."""


@dataclass(frozen=True)
class Pair:
    """One problem with its domain."""

    name: str
    domain: str
    problem: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three problems, two repetitions")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "llmp")
    arguments = parser.parse_args()
    pairs = _llmp(arguments.data) if arguments.data.is_dir() else _examples()
    repetitions = 2 if arguments.quick else 3
    warm(("plain",))
    rows = [_measure(pair, repetitions) for pair in (pairs[:3] if arguments.quick else pairs)]
    print(f"{'problem':24}{'bare':>9}{'quod':>9}{'u-p':>9}{'quod/bare':>11}{'quod-bare':>11}{'u-p/bare':>10}")
    for name, bare, ours, theirs in rows:
        difference = f"{1000 * (ours - bare):+.0f} ms"
        print(f"{name:24}{bare:9.3f}{ours:9.3f}{theirs:9.3f}{ours / bare:11.2f}{difference:>11}{theirs / bare:10.2f}")
    slow = [(bare, ours) for _, bare, ours, _ in rows if bare > SLOW]
    fast = sorted(ours - bare for _, bare, ours, _ in rows if bare <= SLOW)
    if slow:
        ratio = sum(ours for _, ours in slow) / sum(bare for bare, _ in slow)
        print(f"over {SLOW:g} s: quod takes {ratio:.2f} times bare (target 1.2)")
    if fast:
        print(f"below: quod adds {1000 * fast[len(fast) // 2]:.0f} ms in the median (target 60)")


def _llmp(folder: Path) -> list[Pair]:
    chosen = {"blocksworld": (3, 12), "grippers": (8, 18), "floortile": (0,), "barman": (4, 11, 19)}
    out = []
    for domain, indices in chosen.items():
        rows = [json.loads(line) for line in (folder / domain / "problems.jsonl").read_text().splitlines() if line]
        out += [Pair(rows[i]["id"], rows[i]["domain_pddl"], rows[i]["problem_pddl"]) for i in indices]
    return out


def _examples() -> list[Pair]:
    folder = ROOT / "examples" / "pddl"
    names = [
        n for n, known in json.loads((folder / "expected.json").read_text()).items() if known["kind"] == "classical"
    ]
    return [Pair(n, (folder / n / "domain.pddl").read_text(), (folder / n / "problem.pddl").read_text()) for n in names]


def _measure(pair: Pair, repetitions: int) -> tuple[str, float, float, float]:
    runs: tuple[Callable[[Pair], None], ...] = (_bare, _ours, _unified_planning)
    best = [float("inf")] * len(runs)
    for _ in range(repetitions):
        for index, run in enumerate(runs):
            started = time.perf_counter()
            run(pair)
            best[index] = min(best[index], time.perf_counter() - started)
    return pair.name, best[0], best[1], best[2]


def _bare(pair: Pair) -> None:
    where = package_dir("up_fast_downward")
    assert where is not None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "domain.pddl").write_text(pair.domain)
        (Path(folder) / "problem.pddl").write_text(pair.problem)
        command = [sys.executable, str(where / "downward" / "fast-downward.py"), "--alias", "lama-first"]
        done = subprocess.run(
            [*command, "domain.pddl", "problem.pddl"], cwd=folder, capture_output=True, timeout=LIMIT, check=False
        )
        assert done.returncode == 0, done.stderr


def _ours(pair: Pair) -> None:
    budget = Budget(seconds=LIMIT, engine_seconds=LIMIT)
    problem = Problem(
        text=pair.problem,
        context=(ContextItem(name="domain.pddl", content=pair.domain),),
        budget=budget,
        options=Options(optimal=False),
    )
    formal = Formalization(formalism=Formalism.PDDL, text=pair.problem, language="pddl")
    result = PddlBackend().check(formal, problem, Run(budget=budget))
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.PLAN, result.verdict


def _unified_planning(pair: Pair) -> None:
    from unified_planning.io import PDDLReader
    from unified_planning.shortcuts import OneshotPlanner, get_environment

    warnings.simplefilter("ignore")
    environment = get_environment()
    environment.credits_stream = None
    environment.error_used_name = False
    problem = PDDLReader(environment).parse_problem_string(pair.domain, pair.problem)
    with OneshotPlanner(name="fast-downward") as planner:
        result = planner.solve(problem, timeout=LIMIT)
    assert result.plan is not None


if __name__ == "__main__":
    main()
