"""Acceptance figures of trust: mutants of gold, and the repair loop under a simulated model."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from quod.core.model import JsonDict
from quod.evals.keeping import code_digest
from quod.evals.sections import Figures, Sample, Section, table
from quod.evals.trust.bench import Tally, sound
from quod.evals.trust.golds import SOURCES, UNSOUND, golds
from quod.evals.trust.loop import WITHIN, Repaired, measure_loop
from quod.evals.trust.running import measure
from quod.evals.trust.simulated import Feedback

__all__ = ["sections"]

_GOLDS = {
    "nl4opt": 95,
    "folio": 50,
    "prontoqa": 50,
    "proofwriter": 60,
    "blocksworld": 25,
    "grippers": 20,
    "barman": 6,
    "minif2f": 12,
    "proofs": 8,
}
"""Of each source: over 5,000 mutants in all, most where one is judged quickly."""
_LOOP_GOLDS = 3
_SMOKE_SOURCES = ("blocksworld", "nl4opt")


def sections() -> list[Section]:
    """The sections of trust."""
    return [
        Section("trust-bench", "Trust: would a wrong formalization be called verified?", bench, smoke_limit=1),
        Section("trust-loop", "Trust: the repair loop under a simulated model", loop, smoke_limit=1, cores=1),
    ]


def bench(sample: Sample) -> Figures:
    """Mutants of gold, put to quod as a model's draft would be."""
    sources = _SMOKE_SOURCES if sample.smoke else tuple(SOURCES)
    chosen = golds(sample.data, most=sample.limit or _GOLDS, seed=sample.seed, sources=sources)
    tally = Tally()
    operators = 6 if sample.smoke else None
    # a run that was stopped goes on from here, unless the code has changed since
    digest = code_digest(sample.limit, sample.seed, operators, _GOLDS)
    keep = None if sample.smoke else Path(tempfile.gettempdir()) / f"quod-trust-{digest}.jsonl"
    measure(chosen, tally, seed=sample.seed, operators=operators, processes=sample.processes, keep=keep)
    values = tally.summary()
    met = values["visible_verified"] == 0
    if not sample.smoke:
        unflagged, alarms = values["semantic_unflagged_controlled"], values["false_alarm_rate"]
        met = met and isinstance(unflagged, float) and unflagged < 0.15
        met = met and isinstance(alarms, float) and alarms < 0.02 and int(str(values["mutants"])) >= 5000
    return Figures(values=values, markdown=_bench_markdown(values), met=met)


def _bench_markdown(values: JsonDict) -> str:
    by_operator = values["by_operator"]
    assert isinstance(by_operator, dict)
    columns = ("mutants", "equivalent", "detected", "located", "flagged", "verified")
    rows: list[list[object]] = []
    for name, counts in by_operator.items():
        assert isinstance(counts, dict)
        rows.append([name, *(counts.get(column, 0) for column in columns)])
    summary: list[list[object]] = [
        [name, value] for name, value in values.items() if name not in {"by_operator", "alarms"}
    ]
    alarms = values["alarms"]
    assert isinstance(alarms, dict)
    listed = [f"- {name}: {'; '.join(map(str, said)) or 'no conclusion'}" for name, said in alarms.items()  # type: ignore[arg-type]  # lists of strings
              ]  # fmt: skip
    parts = [table(["figure", "value"], summary), table(["operator", *columns], rows)]
    left_out = [f"- {name}: {why}" for name, why in UNSOUND.items()]
    parts.append("Golds left out because they contradict their words:\n\n" + "\n".join(left_out))
    if listed:
        parts.append("Golds that drew an alarm (their mutants are not counted):\n\n" + "\n".join(listed))
    return "\n\n".join(parts)


def loop(sample: Sample) -> Figures:
    """How a simulated model fares in the loop, by what it is told. It is no language model: it knows the gold."""
    sources = ("blocksworld",) if sample.smoke else ("prontoqa", "proofwriter", "folio", "nl4opt", "blocksworld")
    taken = golds(sample.data, most=sample.limit or _LOOP_GOLDS, seed=sample.seed, sources=sources)
    chosen = list(sound(taken, Tally()))  # a gold that is doubted cannot be reached
    kinds = (Feedback.QUOD, Feedback.RAW) if sample.smoke else tuple(Feedback)
    operators = 4 if sample.smoke else None
    results = measure_loop(chosen, strength="medium", seed=sample.seed, feedbacks=kinds, operators=operators)
    values: JsonDict = {}
    rows: list[list[object]] = []
    for kind in kinds:
        found = [r for r in results if r.feedback is kind and r.detected]
        values[kind.value] = _told(found)
        rows.append([kind.value, *(_told(found)[key] for key in ("detected", "reached", "within", "calls_each"))])
    quod, raw = _told([r for r in results if r.feedback is Feedback.QUOD and r.detected]), values["raw"]
    assert isinstance(raw, dict)
    share, ratio = _share(quod), _ratio(quod, raw)
    values |= {"within_share": share, "calls_ratio": ratio}
    met = None if sample.smoke else _good(share, ratio)
    apart: list[list[object]] = []
    for formalism in sorted({r.operator.partition(".")[0] for r in results}):
        of = [r for r in results if r.operator.startswith(f"{formalism}.") and r.detected]
        ours, theirs = (_told([r for r in of if r.feedback is kind]) for kind in (Feedback.QUOD, Feedback.RAW))
        found_share, found_ratio = _share(ours), _ratio(ours, theirs)
        values[formalism] = {"within_share": found_share, "calls_ratio": found_ratio}
        apart.append([formalism, ours["detected"], found_share, found_ratio])
        met = met if met is None else met and _good(found_share, found_ratio)
    header = ["told", "detected mutants", "gold reached", f"within {WITHIN} repairs", "repair calls for each reached"]
    note = (
        "A simulated model of medium strength: it knows the gold and restores what the feedback locates; it is no "
        f"language model. Calls against raw feedback: {ratio}."
    )
    by_formalism = table(["formalism", "detected", f"within {WITHIN} repairs", "calls against raw feedback"], apart)
    return Figures(values=values, markdown=f"{note}\n\n{table(header, rows)}\n\n{by_formalism}", met=met)


def _good(share: float | None, ratio: float | None) -> bool:
    return share is not None and share >= 0.9 and ratio is not None and ratio <= 0.5


def _told(found: list[Repaired]) -> JsonDict:
    counts: Counter[str] = Counter()
    for r in found:
        counts.update(detected=1, reached=r.reached, within=r.within, calls=max(0, r.calls - 1))
    each = round(counts["calls"] / counts["reached"], 3) if counts["reached"] else None
    return {**{k: counts[k] for k in ("detected", "reached", "within", "calls")}, "calls_each": each}


def _share(told: JsonDict) -> float | None:
    detected, within = told["detected"], told["within"]
    assert isinstance(detected, int)
    assert isinstance(within, int)
    return round(within / detected, 4) if detected else None


def _ratio(ours: JsonDict, theirs: JsonDict) -> float | None:
    a, b = ours["calls_each"], theirs["calls_each"]
    return round(a / b, 3) if isinstance(a, float) and isinstance(b, float) and b else None
