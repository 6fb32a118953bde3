"""Our build + solve + certify against highspy called bare and against Pyomo with HiGHS, side by side in one run.

    .venv/bin/python benchmarks/milp.py [--quick]

Prints, for each size: the bare engine, Pyomo with HiGHS (if installed), ours without evidence (build, sandbox,
solve), what is more than bare in wall-clock and in processor time (which tells more on a busy machine), and the
certificate's time apart. The last line builds the model with 100,000 rows of data.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


def model(rows: int, columns: int, *, whole: bool, seed: int = 1) -> dict[str, Any]:
    """A packing program with a handful of nonzeros a row."""
    rng = random.Random(seed)
    constraints = []
    for i in range(rows):
        chosen = rng.sample(range(columns), min(columns, 6))
        left = " + ".join(f"{rng.randint(1, 9)} * x{j}" for j in chosen)
        constraints.append({"name": f"r{i}", "rule": f"{left} <= {rng.randint(20, 90)}"})
    return {
        "variables": {f"x{j}": {"domain": "integer" if whole else "continuous", "upper": 9} for j in range(columns)},
        "objective": {
            "sense": "maximize",
            "expression": " + ".join(f"{rng.randint(1, 20)} * x{j}" for j in range(columns)),
        },
        "constraints": constraints,
    }


def bare(program: Any) -> tuple[float, float, float]:
    """Seconds, processor seconds and value of highspy on the program, built straight from its numbers."""
    import highspy
    import numpy as np

    started, processor = time.perf_counter(), time.process_time()
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.names), len(program.rows)
    costs = np.zeros(len(program.names))
    for j, c in program.cost.items():
        costs[j] = float(c)
    lp.col_cost_ = costs
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_lower_ = np.zeros(len(program.names))
    lp.col_upper_ = np.array([float(u) for u in program.upper])
    lp.row_lower_ = np.full(len(program.rows), -highspy.kHighsInf)
    lp.row_upper_ = np.array([float(r.upper) for r in program.rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(r.terms) for r in program.rows)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([j for r in program.rows for j in r.terms], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([float(a) for r in program.rows for a in r.terms.values()])
    if any(program.integer):
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if w else highspy.HighsVarType.kContinuous for w in program.integer
        ]
    highs.passModel(lp)
    highs.run()
    seconds = time.perf_counter() - started, time.process_time() - processor
    return (*seconds, float(highs.getInfo().objective_function_value))


def with_pyomo(grounded: Any) -> float | None:
    """Seconds of building in Pyomo and solving with HiGHS."""
    try:
        import pyomo.environ as pyo

        from quod.backends.milp.formats import to_pyomo
    except ImportError:
        return None
    started = time.perf_counter()
    built = to_pyomo(grounded)
    solver = pyo.SolverFactory("appsi_highs")
    if not solver.available():
        return None
    solver.solve(built)
    return time.perf_counter() - started


def measure(rows: int, columns: int, *, whole: bool) -> dict[str, float | None]:
    """One line of the table."""
    from quod.backends.milp.ground import ground
    from quod.backends.milp.linear import to_payload
    from quod.backends.milp.model import parse_model
    from quod.backends.milp.solving import solve_linear
    from quod.backends.sandbox import Limits, steady
    from quod.core.budget import Budget
    from quod.core.problem import Problem
    from quod.core.run import Run

    text = json.dumps(model(rows, columns, whole=whole))
    budget = Budget(seconds=120, engine_seconds=60)
    problem = Problem(text="benchmark", budget=budget)
    started, processor = time.perf_counter(), time.process_time()
    parsed, _ = parse_model(text)
    assert parsed is not None
    grounded, found = ground(parsed, problem)
    assert grounded is not None, found
    build, work = time.perf_counter() - started, time.process_time() - processor
    engine, engine_work, value = bare(grounded.program)
    pyomo = with_pyomo(grounded)
    started, processor = time.perf_counter(), time.process_time()
    payload = {"program": to_payload(grounded.program), "seconds": 50.0, "prove": False}
    result = steady("highs", "quod.backends.milp.engines.highs:solve", payload, Limits.of(budget, 60.0))
    ours = build + time.perf_counter() - started
    work += time.process_time() - processor + result.cpu_seconds
    assert result.ok, result.detail
    outcome = solve_linear(grounded.program, Run(budget=budget), None)
    if outcome.value is not None:
        assert abs(float(outcome.value) - value) <= 1e-6 * max(1.0, abs(value))
    certificate = outcome.timings.get("certify", 0.0) if outcome.accepted else None
    return {
        "bare": engine,
        "pyomo": pyomo,
        "build": build,
        "ours": ours,
        "certify": certificate,
        "work": work - engine_work,
    }


def medians(runs: list[dict[str, float | None]]) -> dict[str, float | None]:
    """The middle of each figure: a busy machine spoils single ones."""
    known = {key: [run[key] for run in runs if run[key] is not None] for key in runs[0]}
    return {key: statistics.median(values) if values else None for key, values in known.items()}


def large() -> str:
    """The hundred thousand rows: building the model against reading the table with pandas plus bare HiGHS."""
    import io

    import pandas as pd

    from quod.backends.milp.ground import ground
    from quod.backends.milp.model import parse_model
    from quod.core.problem import ContextItem, Problem

    folder = ROOT / "examples" / "milp"
    spec = importlib.util.spec_from_file_location("large", folder / "large.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table, _ = module.offers()
    parsed, _ = parse_model((folder / "best_offers.json").read_text())
    assert parsed is not None
    started = time.perf_counter()
    grounded, _ = ground(parsed, Problem(text="x", context=(ContextItem(name="offers.csv", content=table),)))
    build = time.perf_counter() - started
    assert grounded is not None
    started = time.perf_counter()
    pd.read_csv(io.StringIO(table))
    reading = time.perf_counter() - started
    engine, _, _ = bare(grounded.program)
    ratio = build / (reading + engine)
    read = f"pandas {reading:.2f} s + bare HiGHS {engine:.2f} s"
    return f"100,000 rows: model build {build:.2f} s; {read}; ratio {ratio:.2f} (target 3)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    quick = parser.parse_args().quick
    sizes = [(2, 3, False), (20, 30, False), (200, 100, False), (5, 8, True), (15, 20, True)]
    if not quick:
        sizes += [(500, 300, False), (2000, 1000, False), (30, 40, True)]
    measure(2, 3, whole=False)  # the first call starts the sandbox's zygote and its first child
    print(
        "| program | bare HiGHS ms | Pyomo+HiGHS ms | ours ms | more than bare | more processor time, ms "
        "| certificate ms | certificate / solve |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for rows, columns, whole in sizes:
        m = medians([measure(rows, columns, whole=whole) for _ in range(3)])
        engine, ours, certificate = m["bare"], m["ours"], m["certify"]
        assert engine is not None
        assert ours is not None
        more = f"+{(ours - engine) * 1000:.0f} ms" if engine < 0.5 else f"{ours / engine:.2f}×"
        pyomo = "–" if m["pyomo"] is None else f"{m['pyomo'] * 1000:.0f}"
        proof = "none" if certificate is None else f"{certificate * 1000:.1f}"
        share = "–" if certificate is None else f"{certificate / engine:.1f}"
        name = f"{'MILP' if whole else 'LP'} {rows}×{columns}"
        work = m["work"]
        assert work is not None
        cells = [name, f"{engine * 1000:.1f}", pyomo, f"{ours * 1000:.1f}", more, f"{work * 1000:+.0f}", proof, share]
        print("| " + " | ".join(cells) + " |", flush=True)
    if not quick:
        print(large())


if __name__ == "__main__":
    main()
