"""A run is a folder: ``run.json`` says what was run, ``results.jsonl`` has a line for each row and sample.

The results are append-only and each line is synced before the row counts as done, so killing the process at any
moment loses at most the rows in flight; a torn last line is cut off when the run is taken up again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import Field, JsonValue

from quod.core.errors import InputError
from quod.core.model import Frozen, JsonDict

__all__ = ["Record", "RunConfig", "RunFolder", "merge_runs"]

_ENGINE_PACKAGES = ("z3-solver", "cvc5", "highspy", "ortools", "pyscipopt", "unified-planning", "up-fast-downward")


class RunConfig(Frozen):
    """Everything that decides the figures of a run. Two runs with equal digests may be taken up or merged."""

    benchmark: str
    translator: str
    data: str
    """Name of the data file or folder."""
    data_sha256: str
    split: str | None = None
    assistant: str | None = None
    model: str | None = None
    baseline: str | None = None
    candidates: int = 1
    samples: int = 1
    seed: int = 0
    seconds: float = 30.0
    """Wall-clock budget of one row."""
    attempts: int = 6
    tokens: int | None = None
    money: float | None = None
    memory_mb: int = 2048
    quod: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over all fields, in hex, shortened to 16 digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class Record(Frozen):
    """One line of ``results.jsonl``: one sample of one row."""

    row: str
    sample: int = 0
    result: JsonDict
    """A RowResult."""
    text: str = ""
    answers: tuple[JsonValue, ...] = Field(default=())
    """The answers behind it, trimmed of evidence too long to show."""

    @property
    def key(self) -> tuple[str, int]:
        """What makes a record unique within a run."""
        return (self.row, self.sample)


class RunFolder:
    """A run on disk. One writer at a time."""

    def __init__(self, path: Path, config: RunConfig, facts: JsonDict) -> None:
        self.path = path
        self.config = config
        self.facts = facts
        self._results = path / "results.jsonl"

    @classmethod
    def start(cls, path: Path, config: RunConfig) -> RunFolder:
        """Start a run in an empty or new folder, or take up the one that is there.

        Raises InputError if the folder holds a run of another configuration.
        """
        head = path / "run.json"
        if head.exists():
            found = cls.open(path)
            if found.config.digest != config.digest:
                changed = _differences(found.config, config)
                raise InputError(
                    f"'{path}' holds a run of another configuration ({changed})",
                    code="input.run_differs",
                    hint="give another --out, or the same settings to take it up",
                )
            found.cut_torn_line()
            return found
        if path.exists() and any(path.iterdir()):
            raise InputError(f"'{path}' is not empty and holds no run", hint="give another --out")
        path.mkdir(parents=True, exist_ok=True)
        facts = _environment()
        whole = {"config": config.model_dump(mode="json"), "digest": config.digest, "environment": facts}
        _write_synced(head, json.dumps(whole, indent=2) + "\n")
        return cls(path, config, facts)

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open a run to read it. Raises InputError if there is none."""
        head = path / "run.json"
        try:
            whole: dict[str, Any] = json.loads(head.read_text(encoding="utf-8"))
            return cls(path, RunConfig.model_validate(whole["config"]), whole["environment"])
        except OSError:
            raise InputError(f"'{path}' holds no run (no run.json)", code="input.not_found") from None
        except (ValueError, KeyError) as error:
            raise InputError(f"'{head}' is not a run's head: {error}") from None

    def append(self, record: Record) -> None:
        """Add a record; when this returns it is on disk."""
        line = record.model_dump_json() + "\n"
        with self._results.open("a", encoding="utf-8") as out:
            out.write(line)
            out.flush()
            os.fsync(out.fileno())

    def records(self) -> Iterator[Record]:
        """The records so far, one for each key: the first that is not an infrastructure error, if there is one.

        A torn last line is passed over; only one record at a time is held in memory.
        """
        kept: dict[tuple[str, int], tuple[int, bool]] = {}
        for number, record in self._lines():
            failed = record.result.get("outcome") == "error"
            if record.key not in kept or (kept[record.key][1] and not failed):
                kept[record.key] = (number, failed)
        for number, record in self._lines():
            if kept[record.key][0] == number:
                yield record

    def _lines(self) -> Iterator[tuple[int, Record]]:
        if not self._results.exists():
            return
        with self._results.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.endswith("\n"):
                    return
                try:
                    yield number, Record.model_validate_json(line)
                except ValueError as error:
                    raise InputError(f"{self._results}, line {number}: {error}") from None

    def done(self) -> set[tuple[str, int]]:
        """The keys that need not be run again: all but those that ended in an infrastructure error."""
        return {r.key for r in self.records() if r.result.get("outcome") != "error"}

    def cut_torn_line(self) -> None:
        """Drop a last line that was not written whole, before anything is appended."""
        if not self._results.exists():
            return
        raw = self._results.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        if len(whole) < len(raw):
            with self._results.open("r+b") as out:
                out.truncate(len(whole))


def merge_runs(paths: list[Path], out: Path) -> RunFolder:
    """Merge runs of one configuration (for instance parts of one benchmark run on several machines).

    Raises InputError if the configurations differ. Of a key that stands in several, the first that is not an
    infrastructure error is kept.
    """
    runs = [RunFolder.open(path) for path in paths]
    for run in runs[1:]:
        if run.config.digest != runs[0].config.digest:
            raise InputError(
                f"'{run.path}' is a run of another configuration ({_differences(runs[0].config, run.config)})"
            )
    merged = RunFolder.start(out, runs[0].config)
    best: dict[tuple[str, int], Record] = {}
    for run in runs:
        for record in run.records():
            kept = best.get(record.key)
            if kept is None or (kept.result.get("outcome") == "error" != record.result.get("outcome")):
                best[record.key] = record
    done = {r.key for r in merged.records()}
    for key, record in best.items():
        if key not in done:
            merged.append(record)
    return merged


def _differences(a: RunConfig, b: RunConfig) -> str:
    pairs = zip(a, b, strict=True)
    return ", ".join(f"{name}: {x!r} there, {y!r} here" for (name, x), (_, y) in pairs if x != y)


def _environment() -> JsonDict:
    versions: JsonDict = {}
    for package in ("quod", *_ENGINE_PACKAGES):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "versions": versions,
    }


def _write_synced(path: Path, text: str) -> None:
    scratch = path.with_suffix(".tmp")
    with scratch.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    scratch.replace(path)
