"""Acceptance figures of optimization: gold rows certified, the controlled translator's coverage and precision."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

from quod.backends.registry import get_backend
from quod.core.assurance import Assurance
from quod.core.formalism import Formalism
from quod.core.problem import Options, Problem
from quod.core.run import Run
from quod.evals.gold.milp import nl4opt_formalization
from quod.evals.sections import Figures, Sample, Section, table
from quod.translators.registry import controlled_translator

__all__ = ["sections"]


def sections() -> list[Section]:
    """The sections of optimization."""
    return [
        Section("milp-nl4opt-gold", "Optimization: every NL4Opt gold row solved and certified", gold),
        Section("milp-controlled", "Optimization: the controlled translator", controlled),
    ]


def _rows(sample: Sample, name: str) -> list[dict[str, Any]]:
    lines = (sample.data / name).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    if sample.limit is not None and len(rows) > sample.limit:
        rows = random.Random(sample.seed).sample(rows, sample.limit)
    return rows


def gold(sample: Sample) -> Figures:
    """Status and value against the exact optimum, for both relaxations."""
    backend = get_backend(Formalism.MILP)
    tally: Counter[str] = Counter()
    for row in _rows(sample, "nl4opt/dev.jsonl"):
        for relax, key in ((True, "lp"), (False, "ip")):
            problem = Problem(text=row["text"], options=Options(relax=relax))
            result = backend.check(nl4opt_formalization(row), problem, Run(budget=problem.budget))
            wanted = row["status"][key].lower()
            wanted = "unbounded" if "unbounded" in wanted else wanted
            value, best = result.data.get("objective_float"), row["optimum"][key]
            status = result.verdict is not None and str(result.verdict.conclusion) == wanted
            near = best is None or (isinstance(value, float) and abs(value - best) <= 1e-9 * max(1.0, abs(best)))
            tally["right" if status and near else "wrong"] += 1
            tally["certified"] += result.assurance is Assurance.CERTIFICATE
    total = tally["right"] + tally["wrong"]
    values = {"solves": total, "right": tally["right"], "certified": tally["certified"]}
    text = table(["solves", "right", "certified"], [[total, tally["right"], tally["certified"]]])
    return Figures(values=dict(values), markdown=text, met=tally["right"] == total == tally["certified"])


def controlled(sample: Sample) -> Figures:
    """Answered, right and wrong against each set's labels (which are known to be wrong in places)."""
    lines: list[list[object]] = []
    values: dict[str, Any] = {}
    met = True
    for name in ("nl4opt/dev.jsonl", "nl4opt/train.jsonl", "mamo_easy/dev.jsonl"):
        tally: Counter[str] = Counter()
        rows = _rows(sample, name)
        for row in rows:
            tally[_outcome(row)] += 1
        answered = len(rows) - tally["abstained"]
        lines.append([name, len(rows), answered, tally["right"], tally["wrong"], tally["unlabelled"], tally["flagged"]])
        values[name] = dict(tally)
        if name == "nl4opt/dev.jsonl" and not sample.smoke:
            met = tally["right"] >= 60
    header = ["rows of", "n", "answered", "right", "wrong", "no label", "flagged (two readings)"]
    notes = ("labels are compared as they stand; disagreements were read by hand, see docs/milp.md",)
    return Figures(values=values, markdown=table(header, lines), met=met, notes=notes)


def _outcome(row: dict[str, Any]) -> str:
    translator, backend = controlled_translator(Formalism.MILP), get_backend(Formalism.MILP)
    assert translator is not None
    problem = Problem(text=row["text"])
    run = Run(budget=problem.budget)
    found = translator.translate(problem, run)
    if found.formalization is None:
        return "abstained"
    result = backend.check(found.formalization, problem, run)
    value = result.data.get("objective_float")
    if any(d.code == "faithfulness.two_readings" for d in result.diagnostics):
        return "flagged"
    labels = _labels(row, '"integer"' in found.formalization.text)
    if not labels:
        return "unlabelled"
    for label in labels:
        if label is None and value is None:
            return "right"
        if isinstance(label, float) and isinstance(value, float) and abs(label - value) <= 1e-6 * max(1.0, abs(label)):
            return "right"
    return "wrong"


def _labels(row: dict[str, Any], whole: bool) -> list[float | None]:
    if row.get("optimum"):
        best = row["optimum"]["ip" if whole else "lp"]
        return [None if best is None else float(best)]
    if row.get("public_answers"):
        return [float(v) for v in row["public_answers"].values()]
    try:
        return [float(row["answer"])]
    except (KeyError, TypeError, ValueError):
        return []
