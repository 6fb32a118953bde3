"""Acceptance figures of theorem proving: cheats, honest proofs, repair, miniF2F with Rocq, recorded Lean output."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from quod.backends.itp.types import FileCheck, Statement
from quod.backends.lean.checker import static_check
from quod.backends.lean.messages import classify
from quod.backends.lean.statement import read_statement as read_lean
from quod.backends.lean.wire import dump, parse_result, split_blocks
from quod.backends.rocq.backend import RocqBackend
from quod.backends.rocq.checker import Checker
from quod.backends.rocq.portfolio import default_pool
from quod.backends.rocq.repair import heal
from quod.backends.rocq.statement import read_statement
from quod.backends.sandbox import Limits
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, make_problem
from quod.core.run import Run
from quod.evals.gold.itp_broken import broken
from quod.evals.gold.itp_cheats import CHEATS
from quod.evals.gold.itp_honest import HONEST
from quod.evals.gold.itp_lean_cheats import LEAN_CHEATS
from quod.evals.keeping import Kept, code_digest
from quod.evals.sections import Figures, Sample, Section, table

__all__ = ["sections"]

LIMITS = Limits(wall=120, memory_mb=3000)
Row = dict[str, Any]


def sections() -> list[Section]:
    """The proving sections, cheapest first."""
    return [
        Section("itp-lean-recorded", "Proving: Lean's recorded output", lean_recorded, cores=1),
        Section("itp-statements", "Proving: statements read and printed back", statements, cores=1),
        Section("itp-cheats", "Proving: cheats rejected", cheats, smoke_limit=8),
        Section("itp-honest", "Proving: honest proofs accepted", honest, smoke_limit=6),
        Section("itp-repair", "Proving: broken Rocq proofs made whole", repaired, smoke_limit=4),
        Section("itp-minif2f-rocq", "Proving: miniF2F (valid) with Rocq, no model", minif2f, smoke_limit=0),
    ]


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _some(items: list[Any], sample: Sample) -> list[Any]:
    if sample.limit is None or sample.limit >= len(items):
        return items
    return random.Random(sample.seed).sample(items, sample.limit)


def _statement(text: str) -> Statement:
    read, problems = read_statement(text)
    assert read is not None, problems
    return read


def _needs_rocq() -> Figures | None:
    if shutil.which("coqc"):
        return None
    return Figures({}, "Rocq is not installed here, so this was not measured.", None)


def lean_recorded(sample: Sample) -> Figures:
    """Round trip of the 71 recorded exchanges; classification of the recorded errors."""
    folder = sample.data / "lean_repl"
    files = sorted(folder.glob("**/*.expected.out"))
    same = 0
    for path in files:
        blocks = split_blocks(path.read_text(encoding="utf-8"))
        same += all(json.dumps(dump(parse_result(b))) == json.dumps(json.loads(b)) for b in blocks)
    messages = [m for row in _rows(sample.data / "lean_logs/error_messages.jsonl") for m in row["messages"]]
    errors = [m["data"] for m in messages if m["severity"] == "error"]
    kinds = Counter(classify(e).name for e in errors)
    top, most = kinds.most_common(1)[0]
    other = kinds["lean.other"]
    met = same == len(files) and len(kinds) <= 40 and most <= 0.35 * len(errors) and other <= 0.05 * len(errors)
    lines: list[list[object]] = [
        ["recorded exchanges that serialise back identically", f"{same} of {len(files)}", "all"],
        ["error messages classified, codes used", f"{len(errors)}, {len(kinds)}", "at most 40 codes"],
        ["largest code", f"{top}: {most / len(errors):.1%}", "at most 35%"],
        ["other", f"{other / len(errors):.1%}", "at most 5%"],
    ]
    values = {"exchanges": len(files), "identical": same, "errors": len(errors), "kinds": dict(kinds)}
    return Figures(values, table(["what", "figure", "target"], lines), met)


def statements(sample: Sample) -> Figures:
    """All statements of both assistants, read and printed back."""
    rocq = _rows(sample.data / "minif2f/rocq_valid.jsonl")
    lean = _rows(sample.data / "minif2f/valid.jsonl")
    good = 0
    for row in rocq:
        read, _ = read_statement(row["header"] + row["formal_statement"])
        good += read is not None and read.source == row["header"] + row["formal_statement"]
    fine = 0
    for row in lean:
        read, _ = read_lean(row["header"] + row["formal_statement"])
        fine += read is not None and read.source == row["header"] + row["formal_statement"]
    lines: list[list[object]] = [["Rocq", f"{good} of {len(rocq)}"], ["Lean", f"{fine} of {len(lean)}"]]
    met = good == len(rocq) and fine == len(lean)
    return Figures({"rocq": good, "lean": fine}, table(["assistant", "printed back unchanged"], lines), met)


def cheats(sample: Sample) -> Figures:
    """Every cheat through the whole judge; Rocq's once more with the allow-list off; Lean's by the static rules."""
    static = 0
    for cheat in LEAN_CHEATS:
        read, _ = read_lean(cheat.header + cheat.statement)
        assert read is not None
        result = static_check(read, cheat.candidate)
        static += result is not None and str(result.cheat or result.outcome) in cheat.kinds
    lines: list[list[object]] = [
        ["Lean, static rules only", f"{static} of {len(LEAN_CHEATS)}", "with the right reason"]
    ]
    values: dict[str, Any] = {"lean_static": static, "lean": len(LEAN_CHEATS)}
    met = static == len(LEAN_CHEATS)
    if shutil.which("coqc"):
        chosen = _some(list(CHEATS), sample)
        right, wrong = _judge_cheats(chosen, Checker(), sample)
        _, accepted = _judge_cheats(chosen, Checker(allow_list=False), sample)
        lines += [
            ["Rocq, the whole judge", f"{right} of {len(chosen)}", f"with the right reason; accepted: {wrong}"],
            ["Rocq, allow-list off", f"{len(chosen) - accepted} of {len(chosen)}", "by Rocq, pin or audit alone"],
        ]
        values |= {"rocq_right": right, "rocq": len(chosen), "rocq_accepted": wrong, "without_list_accepted": accepted}
        met = met and right == len(chosen) and not wrong and not accepted
    return Figures(values, table(["corpus", "rejected", "note"], lines), met)


def _judge_cheats(chosen: list[Any], checker: Checker, sample: Sample) -> tuple[int, int]:
    """How many were rejected with the right reason, and how many were accepted."""
    with ThreadPoolExecutor(sample.processes) as pool:
        results = list(pool.map(lambda cheat: _judged(cheat, checker), chosen))
    accepted = sum(result.proved for result in results)
    pairs = zip(chosen, results, strict=True)
    right = sum(not r.proved and str(r.cheat or r.outcome) in cheat.kinds for cheat, r in pairs)
    return right, accepted


def _judged(case: Any, checker: Checker) -> FileCheck:
    """A candidate of a corpus through the whole judge."""
    return checker.check(_statement(case.header + case.statement), case.candidate, LIMITS)


def honest(sample: Sample) -> Figures:
    """Every honest proof through the whole judge."""
    if missing := _needs_rocq():
        return missing
    chosen = _some(list(HONEST), sample)
    checker = Checker()
    with ThreadPoolExecutor(sample.processes) as pool:
        proved = list(pool.map(lambda h: _judged(h, checker).proved, chosen))
    refused = [h.name for h, good in zip(chosen, proved, strict=True) if not good]
    accepted = len(chosen) - len(refused)
    values = {"accepted": accepted, "proofs": len(chosen), "refused": list(refused)}
    lines: list[list[object]] = [["honest Rocq proofs accepted", f"{accepted} of {len(chosen)}"]]
    return Figures(values, table(["what", "figure"], lines), not refused)


def repaired(sample: Sample) -> Figures:
    """Proofs broken in one to three places, healed by the portfolio alone and checked from scratch."""
    if missing := _needs_rocq():
        return missing
    chosen = _some([b for b in broken() if b.candidate != b.honest.candidate], sample)
    checker, pool = Checker(), default_pool()
    whole = holes = with_hole = 0
    left: list[str] = []
    try:
        for case in chosen:
            statement = _statement(case.honest.header + case.honest.statement)
            healed = heal(statement, case.candidate, pool, 60)
            result = checker.check(statement, healed.text, LIMITS)
            whole += result.proved
            with_hole += result.proved and bool(healed.open_holes)
            holes += len(healed.holes)
            if not result.proved:
                left.append(case.name)
    finally:
        pool.close()
    lines: list[list[object]] = [
        ["broken proofs made whole", f"{whole} of {len(chosen)} ({whole / len(chosen):.0%})", "70%"],
        ["accepted with a hole", with_hole, "0"],
        ["holes made", holes, ""],
    ]
    values = {"whole": whole, "broken": len(chosen), "accepted_with_hole": with_hole, "left": list(left)}
    return Figures(values, table(["what", "figure", "target"], lines), whole >= 0.7 * len(chosen) and not with_hole)


def minif2f(sample: Sample) -> Figures:
    """Every statement within 30 s of wall time: search, and check from scratch with audit."""
    if missing := _needs_rocq():
        return missing
    rows = _some(_rows(sample.data / "minif2f/rocq_valid.jsonl"), sample)
    # a run that was stopped goes on from here, unless the code has changed since
    digest = code_digest(sample.limit, sample.seed, of=("backends/itp", "backends/rocq"))
    kept = Kept(None if sample.smoke else Path(tempfile.gettempdir()) / f"quod-minif2f-{digest}.jsonl")
    prover = RocqBackend()
    for row in rows:
        if row["name"] not in kept.found:
            kept.add(row["name"], _searched(prover, row["header"] + row["formal_statement"]))
    results = {row["name"]: kept.found[row["name"]] for row in rows}
    found = Counter(str(result["conclusion"]) for result in results.values())
    named = {
        kind: [name for name, result in results.items() if result["conclusion"] == kind]
        for kind in ("disproved", "rejected by Rocq")
    }
    named["vacuous"] = [name for name, result in results.items() if result["vacuous"]]
    seconds = [float(result["seconds"]) for result in results.values()]
    proofs = {
        name: [result["by"], round(result["seconds"], 1)]
        for name, result in results.items()
        if result["conclusion"] == "proved"
    }
    lines: list[list[object]] = [["proved, re-checked and audited", f"{found['proved']} of {len(rows)}"]]
    lines += [[f"found {kind}", ", ".join(names) or "none"] for kind, names in named.items()]
    lines.append(["median and longest seconds", f"{sorted(seconds)[len(seconds) // 2]:.1f}, {max(seconds):.1f}"])
    values: dict[str, Any] = {"proved": found["proved"], "rows": len(rows), "conclusions": dict(found), "named": named}
    values["proofs"] = proofs
    met = found["proved"] >= 75 * len(rows) / 244
    goal = met if sample.limit is None else None
    return Figures(values, table(["what", "figure"], lines), goal, seconds=sum(seconds))


def _searched(prover: RocqBackend, text: str) -> dict[str, Any]:
    """What comes of one statement within 30 s."""
    budget = Budget(seconds=30, engine_seconds=12)
    problem = make_problem(text=FORMAL_ONLY, formalism=Formalism.ROCQ, budget=budget)
    formalization = Formalization(formalism=Formalism.ROCQ, language="rocq", text=text)
    started = time.monotonic()
    result = prover.check(formalization, problem, Run(budget=budget))
    return {
        "conclusion": str(result.verdict.conclusion) if result.verdict else "rejected by Rocq",
        "by": result.data.get("found_by"),
        "vacuous": any(d.code == "faithfulness.rocq_vacuous" for d in result.diagnostics),
        "seconds": time.monotonic() - started,
    }
