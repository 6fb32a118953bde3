"""Rows known to be bad, with reasons: a JSON-lines file beside the benchmark, ours or the user's.

Ours stand in ``evals/sidecars/<benchmark>.jsonl``: ``{"id": …, "reason": …}``. A user's own is given with
``--sidecar FILE`` or stands beside the data as ``<file>.bad.jsonl``.
"""

from __future__ import annotations

from pathlib import Path

from quod.evals.data import read_rows, require

__all__ = ["known_bad"]

_OURS = Path(__file__).parent / "sidecars"


def known_bad(benchmark: str, data: Path | None = None, extra: Path | None = None) -> dict[str, str]:
    """Row id to why its label is known to be wrong. Raises InputError for a sidecar that cannot be read."""
    files = [_OURS / f"{benchmark}.jsonl"]
    if data is not None and data.is_file():
        files.append(data.with_name(data.name + ".bad.jsonl"))
    found: dict[str, str] = {}
    for file in [*(f for f in files if f.exists()), *([extra] if extra else [])]:
        for place, row in read_rows(file):
            require(place, row, "id", "reason")
            found[str(row["id"])] = str(row["reason"])
    return found
