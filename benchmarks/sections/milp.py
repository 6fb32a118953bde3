"""Acceptance figures of optimization: gold rows certified, the controlled translator's coverage and precision."""

from __future__ import annotations

import json
import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
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
        Section("milp-nl4opt-gold", "Optimization: every NL4Opt gold row solved and certified", gold, cores=1),
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


_UNREAD = 300


def unread(rows: list[dict[str, Any]]) -> frozenset[str]:
    """Ids of the NL4Opt train rows whose texts nobody has read: drawn once, by seed, from those without an answer."""
    ids = sorted(str(row["id"]) for row in rows if not row.get("public_answers"))
    return frozenset(random.Random(_UNREAD).sample(ids, _UNREAD)) if len(ids) > _UNREAD else frozenset()


# NL4Opt dev rows whose label says that there is no optimum, and what the text says when it is solved by hand; and the
# one answer against a label with an optimum. Labels are still compared as they stand: this list only explains.
BY_HAND = {
    "nl4opt-dev--1194187124": "right: the text itself allows no plan",
    "nl4opt-dev--1028228232": "right: the text itself allows no plan",
    "nl4opt-dev--1379231929": "label fault: its row of new accounts has no terms; the answer was checked by hand",
    "nl4opt-dev-137282577": "label fault: its row of guests leaves one system out; the answer was checked by hand",
    "nl4opt-dev--106908195": "label fault: 'in any combination' bounds the sum, the label bounds each of the two",
}


def controlled(sample: Sample) -> Figures:
    """The targets of the issue, then answered, right and wrong of every set against its labels as they stand."""
    whole = Sample(data=sample.data)
    away = unread(_rows(whole, "nl4opt/train.jsonl"))
    dev, train = _rows(sample, "nl4opt/dev.jsonl"), _rows(sample, "nl4opt/train.jsonl")
    groups: dict[str, list[dict[str, Any]]] = {
        "NL4Opt dev, with an optimum": [r for r in dev if r["optimum"]["ip"] is not None],
        "NL4Opt dev, label says none": [r for r in dev if r["optimum"]["ip"] is None],
        "NL4Opt train, with public answers": [r for r in train if r.get("public_answers")],
        "NL4Opt train, unread": [r for r in train if r["id"] in away],
        "NL4Opt train, other": [r for r in train if not r.get("public_answers") and r["id"] not in away],
        "MAMO easy dev": _rows(sample, "mamo_easy/dev.jsonl"),
    }
    lines: list[list[object]] = []
    values: dict[str, Any] = {}
    against: list[tuple[str, str]] = []
    with ProcessPoolExecutor(max_workers=max(1, sample.processes)) as pool:
        for name, rows in groups.items():
            outcomes = list(pool.map(_outcome, rows, chunksize=4))
            tally = Counter(outcomes)
            n, answered = len(rows), len(rows) - tally["abstained"]
            judged = tally["right"] + tally["wrong"]
            lines.append([name, n, answered, f"{answered / n:.0%}" if n else "-", tally["right"], tally["wrong"],
                          f"{tally['right'] / judged:.0%}" if judged else "-", tally["two readings"]])  # fmt: skip
            values[name] = {**tally, "n": n, "answered": answered}
            if name.startswith("NL4Opt dev"):
                against += [(str(r["id"]), o) for r, o in zip(rows, outcomes, strict=True) if o == "wrong" or
                            (r["optimum"]["ip"] is None and o != "abstained")]  # fmt: skip
    solvable, none, far = (
        values[f"NL4Opt {n}"] for n in ("dev, with an optimum", "dev, label says none", "train, unread")
    )
    read = solvable["answered"] + none["answered"]
    share = (far["answered"] / far["n"]) / (read / len(dev)) if far["n"] and read else 0.0
    right, wrong = solvable.get("right", 0), solvable.get("wrong", 0)
    values["unread share of dev's"] = share
    targets = [
        ["rows of dev with an optimum answered right", f"{right} of {solvable['n']}", "at least 60", right >= 60],
        ["rows of dev with an optimum answered wrong", wrong, "at most 2", wrong <= 2],
        ["share of unread train rows answered, over dev's", f"{share:.2f}", "at least 0.67", share >= 2 / 3],
    ]
    met = None if sample.smoke else all(bool(t[-1]) for t in targets)
    header = ["rows of", "n", "answered", "share", "right", "wrong", "precision", "not verified: two readings"]
    judged_by_hand = [[i, o, BY_HAND.get(i, "not yet judged")] for i, o in against]
    text = "\n\n".join([
        table(["target", "measured", "wanted", "met"], [[*t[:3], "yes" if t[3] else "no"] for t in targets]),
        table(header, lines),
        table(["dev row", "against its label", "judged by hand"], judged_by_hand) if judged_by_hand else "",
    ])  # fmt: skip
    notes = (
        "labels are compared as they stand; what the third table calls a label fault still counts as wrong",
        "the 300 unread rows are drawn by a fixed seed; only their counts are ever printed",
    )
    return Figures(values=values, markdown=text.strip(), met=met, notes=notes)


def _outcome(row: dict[str, Any]) -> str:
    translator, backend = controlled_translator(Formalism.MILP), get_backend(Formalism.MILP)
    assert translator is not None
    problem = Problem(text=row["text"])
    run = Run(budget=problem.budget)
    found = translator.translate(problem, run)
    if found.formalization is None:
        return "abstained"
    labels = _labels(row, '"integer"' in found.formalization.text)
    if not labels:
        return "unlabelled"  # answered: nothing to compare an optimum with
    result = backend.check(found.formalization, problem, run)
    value = result.data.get("objective_float")
    for label in labels:
        if label is None and value is None:
            return "right"
        if isinstance(label, float) and isinstance(value, float) and abs(label - value) <= 1e-6 * max(1.0, abs(label)):
            return "right"
    if any(d.code == "faithfulness.two_readings" for d in result.diagnostics):
        return "two readings"
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
