"""Markdown and CSV. What a spreadsheet would take for a formula is neutralised, what Markdown would obey is escaped."""

from __future__ import annotations

import csv
import math
import re
from typing import TextIO

from quod.core.plain import plain
from quod.evals.runner import RowResult
from quod.evals.running import scores_of
from quod.evals.runs import RunFolder
from quod.evals.scores import Counts, Scores
from quod.evals.sections import table

__all__ = ["cell", "markdown_text", "write_csv", "write_markdown"]

_COLUMNS = (
    "run", "id", "sample", "category", "outcome", "verified", "status", "conclusion", "assurance", "faithfulness",
    "expected", "got", "seconds", "engine_seconds", "attempts", "model_calls", "tokens", "money", "known_bad", "note",
)  # fmt: skip
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")


def cell(value: object) -> object:
    """A value for a spreadsheet: text that begins like a formula gets an apostrophe (OWASP, CSV injection)."""
    if not isinstance(value, str):
        return value
    value = plain(value).replace("\t", " ")
    return f"'{value}" if value.lstrip()[:1] in {"=", "+", "-", "@"} or value[:1] in {"\t", "\r", "\n"} else value


def markdown_text(value: object) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(plain(str(value)).split()))


def write_csv(runs: list[RunFolder], out: TextIO, k: int = 1) -> None:  # noqa: ARG001
    """A line for each sample."""
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for run in runs:
        for record in run.records():
            row = {**vars(RowResult.from_json(record.result)), "run": run.path.name}
            writer.writerow([cell(row[name]) for name in _COLUMNS])


def write_markdown(runs: list[RunFolder], out: TextIO, k: int = 1) -> None:
    """The figures of each run, by category, and the rows that went wrong."""
    print("# Evaluation", file=out)
    for run in runs:
        scores = scores_of(run)
        config = run.config
        print(f"\n## {markdown_text(run.path.name)}\n", file=out)
        facts = f"{config.benchmark}, translator {config.translator}, data {config.data}"
        print(f"{markdown_text(facts)} (`{config.data_sha256[:12]}`), quod {markdown_text(config.quod)}.\n", file=out)
        print(summary_table(scores, k), file=out)
        if scores.categories:
            print(file=out)
            header = ["category", "n", "right", "wrong", "abstained", "verified", "wrong but verified", "accuracy"]
            print(table(header, [_row(name, c) for name, c in sorted(scores.categories.items())]), file=out)
        wrong = [r for r in run.records() if r.result["outcome"] == "wrong"]
        if wrong:
            rows: list[list[object]] = [
                [markdown_text(r.row), *(markdown_text(r.result[n]) for n in ("expected", "got", "assurance"))]
                for r in wrong[:200]
            ]
            print(f"\n### Wrong ({len(wrong)})\n", file=out)
            print(table(["row", "expected", "got", "assurance"], rows), file=out)


def _row(name: str, c: Counts) -> list[object]:
    return [markdown_text(name), c.n, c.right, c.wrong, c.abstained, c.verified, c.wrong_verified, c.accuracy]


def summary_table(scores: Scores, k: int) -> str:
    """All rows and sound rows side by side."""
    header = ["rows", "n", "right", "wrong", "abstained", "errors", "verified", "wrong but verified",
              "accuracy", "coverage", "precision", "precision if verified"]  # fmt: skip

    def line(label: str, c: Counts) -> list[object]:
        shares: list[object] = [c.accuracy, c.coverage, c.precision, c.precision_verified]
        return [label, c.n, c.right, c.wrong, c.abstained, c.errors, c.verified, c.wrong_verified, *shares]

    lines = [line("all", scores.all)]
    if scores.sound.n != scores.all.n:
        lines.append(line("sound", scores.sound))
    text = table(header, lines)
    passed, rows = scores.pass_at(k)
    if k > 1 and not math.isnan(passed):
        text += f"\n\npass@{k} = {100 * passed:.1f}% over {rows} rows."
    for name, (mean, count) in scores.named.items():
        text += f"\n\n{markdown_text(name)}: {100 * mean:.1f}% over {count} rows."
    return text
