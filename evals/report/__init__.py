"""Reports of runs: HTML for people (one file, nothing remote), Markdown for pages, CSV for spreadsheets."""

from __future__ import annotations

from pathlib import Path

from quod.core.errors import InputError
from quod.evals.runs import RunFolder

__all__ = ["write_report"]


def write_report(runs: list[RunFolder], out: Path, k: int = 1) -> int:
    """Write a report in the format of ``out``'s ending; its size in bytes. Raises InputError for another ending."""
    from quod.evals.report import export, page

    writers = {".html": page.write_html, ".md": export.write_markdown, ".csv": export.write_csv}
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise InputError(f"cannot write a report as '{out.suffix or out.name}'", hint=".html, .md or .csv")
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = out.with_name(out.name + ".part")
    try:
        with scratch.open("w", encoding="utf-8", newline="" if out.suffix == ".csv" else None) as sink:
            writer(runs, sink, k)
        scratch.replace(out)
    finally:
        scratch.unlink(missing_ok=True)
    return out.stat().st_size
