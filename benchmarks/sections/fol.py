"""Acceptance figures of logic: controlled English, FOLIO gold, published model outputs, FOLIO texts."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quod.backends.fol.backend import FolBackend
from quod.core.answer import Answer, Status
from quod.core.budget import Budget
from quod.core.diagnostics import Severity, has_errors
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.judge import flagged, judge
from quod.core.model import JsonDict
from quod.core.problem import Options, Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion
from quod.evals.gold.fol import folio_formalization, logic_lm_formalization
from quod.evals.sections import Figures, Sample, Section, table
from quod.repair.pipeline import check, solve

__all__ = ["sections"]

Row = dict[str, Any]
BUDGET = Budget(seconds=60, engine_seconds=20)
LABELS = {Conclusion.PROVED: "True", Conclusion.DISPROVED: "False", Conclusion.UNDETERMINED: "Unknown"}


def sections() -> list[Section]:
    """The logic sections, cheapest first."""
    return [
        Section("fol-gold", "Logic: FOLIO gold formulas", folio_gold, cores=1),
        Section("fol-controlled", "Logic: controlled English", controlled, cores=1),
        Section("fol-texts", "Logic: controlled English on texts outside its grammar", folio_texts, cores=1),
        Section("fol-model-outputs", "Logic: published model outputs", model_outputs, cores=1),
    ]


def _rows(sample: Sample, name: str) -> list[Row]:
    path: Path = sample.data / name
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if sample.limit is None or sample.limit >= len(rows):
        return rows
    return random.Random(sample.seed).sample(rows, sample.limit)


def _entailment_text(row: Row) -> str:
    premises = row["premises"]
    return f"{' '.join(premises) if isinstance(premises, list) else premises} True or false: {row['question']}"


def _choice_text(row: Row) -> str:
    return "\n".join([row["premises"], row["question"], *row["options"]])


def _label(answer: Answer) -> str | None:
    option = answer.data.get("option")
    if isinstance(option, str):
        return option
    return LABELS.get(answer.conclusion) if answer.conclusion else None


# --- controlled English -------------------------------------------------------------------------------------------
def controlled(sample: Sample) -> Figures:
    """The three templated benchmarks from their texts alone."""
    sets: list[tuple[str, Callable[[Row], str], str | None]] = [
        ("proofwriter/dev.jsonl", _entailment_text, "closure"),
        ("prontoqa/dev.jsonl", _entailment_text, None),
        ("logicaldeduction/dev.jsonl", _choice_text, None),
    ]
    lines: list[list[object]] = []
    values: JsonDict = {}
    met = True
    for name, text, semantics in sets:
        rows = _rows(sample, name)
        right = verified = abstained = 0
        for row in rows:
            options = Options.model_validate({"translator": "controlled", "semantics": semantics})
            problem = Problem(text=text(row), formalism=Formalism.FOL, budget=BUDGET, options=options)
            answer = solve(problem, Run(budget=BUDGET))
            got = _label(answer)
            right += got == row["answer"]
            abstained += got is None
            verified += got == row["answer"] and answer.status is Status.VERIFIED
        lines.append([name, len(rows), right, verified, abstained])
        values[name] = {"rows": len(rows), "right": right, "verified": verified, "abstained": abstained}
        met = met and verified == len(rows)
    return Figures(values, table(["data", "rows", "right", "right and verified", "abstained"], lines), met)


def folio_texts(sample: Sample) -> Figures:
    """FOLIO's natural sentences: the grammar may abstain, it may not be wrong and verified."""
    counts: Counter[str] = Counter()
    for row in _rows(sample, "folio/dev.jsonl"):
        problem = Problem(
            text=_entailment_text(row), formalism=Formalism.FOL, budget=BUDGET, options=Options(translator="controlled")
        )
        answer = solve(problem, Run(budget=BUDGET))
        if answer.conclusion is None:
            counts["abstained"] += 1
        else:
            kind = "right" if _label(answer) == row["answer"] else "wrong"
            counts[f"{kind}, {'verified' if answer.status is Status.VERIFIED else 'flagged'}"] += 1
    lines: list[list[object]] = [[k, v] for k, v in sorted(counts.items())]
    return Figures(dict(counts), table(["outcome", "texts"], lines), counts["wrong, verified"] == 0)


# --- gold ---------------------------------------------------------------------------------------------------------
def folio_gold(sample: Sample) -> Figures:
    """Gold formulas to labels, with the assurance behind each."""
    parsed = agree = decided = 0
    assurances: Counter[str] = Counter()
    differ: list[list[object]] = []
    rows = _rows(sample, "folio/gold.jsonl")
    for row in rows:
        gold = folio_formalization(row)
        if gold is None:
            continue
        problem = Problem(text=_entailment_text(row), formalism=Formalism.FOL, budget=BUDGET)
        answer = check(gold, problem, Run(budget=BUDGET))
        if answer.conclusion is None:
            place = next((str(d.span) for d in answer.diagnostics if d.severity is Severity.ERROR), "no place")
            differ.append([row["id"], row["answer"], f"does not parse ({place})"])
            continue
        parsed += 1
        if answer.conclusion is not Conclusion.GAVE_UP:
            decided += 1
            assurances[str(answer.assurance)] += 1
        if _label(answer) == row["answer"]:
            agree += 1
        else:
            differ.append([row["id"], row["answer"], str(answer.conclusion)])
    certified = assurances["certificate"]
    weak = sum(n for a, n in assurances.items() if a not in {"certificate", "kernel", "cross_checked"})
    met = parsed > 0 and agree >= 0.93 * parsed and certified >= 0.95 * decided and not weak
    lines: list[list[object]] = [
        ["rows", len(rows)],
        ["parse", parsed],
        ["agree with the label", agree],
        ["decided", decided],
        *[[f"assurance {a}", n] for a, n in sorted(assurances.items())],
    ]
    words = table(["", "rows"], lines) + "\n\n" + table(["row", "label", "here"], differ)
    values: JsonDict = {"rows": len(rows), "parsed": parsed, "agree": agree, "decided": decided, "certified": certified}
    return Figures(values, words, met if not sample.smoke else (None if met else False))


# --- model outputs ------------------------------------------------------------------------------------------------
def model_outputs(sample: Sample) -> Figures:
    """Published outputs of three models, mended, checked, flagged; is a flag worth anything?"""
    fol = FolBackend()
    parsed = mended = 0
    counts: Counter[tuple[bool, bool]] = Counter()
    by_model: dict[str, Counter[str]] = {}
    rows = _rows(sample, "folio/llm_translations.jsonl")
    for row in rows:
        tally = by_model.setdefault(row["model"], Counter())
        tally["rows"] += 1
        given = logic_lm_formalization(row)
        repaired = fol.mend(given.text)
        given = given.model_copy(update={"text": repaired.text})
        problem = Problem(text="the text is not shown to the checker", formalism=Formalism.FOL, budget=BUDGET)
        result = fol.check(given, problem, Run(budget=BUDGET))
        mended += bool(repaired.notes)
        if result.verdict is None or has_errors(result.diagnostics):
            continue
        parsed += 1
        tally["parsed"] += 1
        conclusion = result.verdict.conclusion
        unchecked = Faithfulness(level=FaithfulnessLevel.UNCHECKED)
        found = (*repaired.notes, *result.diagnostics)
        judge(conclusion, result.assurance, result.certificate, unchecked, found)
        # An open question of an unchecked translation is flagged by the pipeline (faithfulness.undetermined).
        doubted = bool(flagged(found)) or conclusion in {Conclusion.UNDETERMINED, Conclusion.INCONSISTENT}
        right = LABELS.get(conclusion) == row["answer"]
        counts[doubted, right] += 1
        tally["right"] += right
        tally["flagged"] += doubted
        tally["flagged and wrong"] += doubted and not right

    def wrong_share(doubted: bool) -> float:
        total = counts[doubted, True] + counts[doubted, False]
        return counts[doubted, False] / total if total else 0.0

    clean, doubtful = wrong_share(False), wrong_share(True)
    met = parsed >= 0.98 * len(rows) and doubtful >= 2 * clean
    header = ["model", "rows", "parsed", "right", "flagged", "flagged and wrong"]
    lines: list[list[object]] = [[m, *(t[h] for h in header[1:])] for m, t in sorted(by_model.items())]
    words = table(header, lines) + (
        f"\n\nParsed {parsed} of {len(rows)} ({mended} after mending). Wrong: {clean:.0%} of the clean, "
        f"{doubtful:.0%} of the flagged."
    )
    values: JsonDict = {
        "rows": len(rows), "parsed": parsed, "mended": mended, "clean_wrong": clean, "flagged_wrong": doubtful,
        "clean": counts[False, True] + counts[False, False], "flagged": counts[True, True] + counts[True, False],
    }  # fmt: skip
    return Figures(values, words, met if not sample.smoke else None)
