"""What evidence costs in logic: decide-and-certify per problem against bare Z3 and bare E, in one run.

    .venv/bin/python benchmarks/fol.py [--quick] [--data ../shared/data]

Ours is the whole of ``FolBackend().check``: parsing, lints, the sandbox, the searches a question needs, checking the
evidence, the answer in words. Bare Z3 answers the same two satisfiability questions in this process with nothing
around it; bare E is one `eprover` process a question. The least of the repetitions counts. ProofWriter is asked
classically here, since that is what Z3 and E decide. "in batch" puts all problems through two threads.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from quod.backends.fol.backend import FolBackend
from quod.backends.fol.engines.smt import z3_solve
from quod.backends.fol.family import FAMILY
from quod.backends.fol.obligations import assumed, claimed, denied
from quod.backends.fol.resolve import parse_document
from quod.backends.fol.smt_writer import smt_script
from quod.backends.fol.syntax import Theory
from quod.backends.fol.tptp_writer import tptp_problem
from quod.backends.sandbox import warm
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.run import Run
from quod.evals.gold.fol import folio_formalization
from quod.translators.controlled.fol import translator

ROOT = Path(__file__).resolve().parents[1]
BUDGET = Budget(seconds=120, engine_seconds=20)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten problems of each set, two repetitions")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments = parser.parse_args()
    count, repetitions = (10, 2) if arguments.quick else (60, 3)
    sets = {"FOLIO gold": _folio(arguments.data, count), "ProofWriter": _proofwriter(arguments.data, count)}
    warm((FAMILY,))
    have_e = shutil.which("eprover") is not None
    print(f"{'set':14}{'problems':>9}{'bare Z3':>10}{'bare E':>10}{'quod':>10}{'quod-Z3':>11}{'quod/Z3':>9}")
    for name, texts in sets.items():
        if not texts:
            print(f"{name:14}  no data at {arguments.data}", file=sys.stderr)
            continue
        read = [(t, theory) for t in texts if (theory := parse_document(t)[0]) is not None]
        z3 = [min(_timed(_bare_z3, theory) for _ in range(repetitions)) for _, theory in read]
        e = [_timed(_bare_e, theory) for _, theory in read] if have_e else []
        ours = [min(_timed(_quod, text) for _ in range(repetitions)) for text, _ in read]
        extra = statistics.median(o - z for o, z in zip(ours, z3, strict=True))
        shown_e = f"{1000 * statistics.median(e):8.1f}ms" if e else f"{'-':>10}"
        print(
            f"{name:14}{len(read):>9}{1000 * statistics.median(z3):8.1f}ms{shown_e}"
            f"{1000 * statistics.median(ours):8.1f}ms{1000 * extra:+9.1f}ms"
            f"{statistics.median(ours) / statistics.median(z3):9.2f}"
        )
        started = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(_quod, [text for text, _ in read]))
        batch = time.perf_counter() - started
        print(
            f"{'':14}in batch, two threads: {len(read) / batch:.1f} problems a second, "
            f"{batch / sum(z3):.2f} times bare Z3's time one after the other"
        )


def _lines(path: Path, count: int) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return random.Random(0).sample(rows, min(count, len(rows)))


def _folio(data: Path, count: int) -> list[str]:
    gold = (folio_formalization(row) for row in _lines(data / "folio" / "gold.jsonl", count))
    return [g.text for g in gold if g is not None]


def _proofwriter(data: Path, count: int) -> list[str]:
    texts = []
    for row in _lines(data / "proofwriter" / "dev.jsonl", count):
        problem = Problem(text=f"{row['premises']} True or false: {row['question']}")
        formalization = translator().translate(problem, Run()).formalization
        if formalization is not None:
            texts.append(formalization.text)
    return texts


def _timed(action: Any, subject: Any) -> float:
    started = time.perf_counter()
    action(subject)
    return time.perf_counter() - started


def _quod(text: str) -> None:
    formalization = Formalization(formalism=Formalism.FOL, text=text, language="quod-fol")
    result = FolBackend().check(formalization, Problem(text="benchmark", budget=BUDGET), Run(budget=BUDGET))
    assert result.verdict is not None


def _bare_z3(theory: Theory) -> None:
    for side in (denied(), claimed()):
        script = smt_script(theory, assumed(theory, (side,)))
        assert script is not None
        z3_solve({"script": script[0], "seconds": 20})


def _bare_e(theory: Theory) -> None:
    for side in (denied(), claimed()):
        problem = tptp_problem(theory, assumed(theory, (side,)))
        assert problem is not None
        with tempfile.NamedTemporaryFile("w", suffix=".p") as file:
            file.write(problem[0])
            file.flush()
            command = ["eprover", "--auto", "-s", "--cpu-limit=5", file.name]
            subprocess.run(command, capture_output=True, check=False, timeout=30)


if __name__ == "__main__":
    main()
