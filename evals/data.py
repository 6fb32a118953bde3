"""Reading benchmark files as their authors publish them: JSON lines, JSON, parquet; every fault by file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from quod.core.errors import InputError, NotFoundError

__all__ = ["Raw", "check_sums", "find_split", "read_rows", "read_text", "require", "sha256_of", "unique"]

Raw = dict[str, Any]
_SUFFIXES = (".jsonl", ".json", ".parquet")


def read_text(path: Path) -> str:
    """A UTF-8 file. Raises InputError naming it."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read '{path}': {error.strerror}", code="input.unreadable") from None
    except UnicodeDecodeError as error:
        raise InputError(f"'{path}' is not UTF-8 text: {error.reason} at byte {error.start}") from None


def find_split(path: Path, split: str | None, suffixes: Iterable[str] = _SUFFIXES) -> Path:
    """The file of a split in a folder (``dev.jsonl``, ``task_dev.json``); a file is itself.

    Raises InputError naming the splits there are.
    """
    if not path.exists():
        raise NotFoundError(f"there is no file '{path}'", hint="give the benchmark's file or folder with --data")
    if not path.is_dir():
        return path
    files = sorted(p for p in path.rglob("*") if p.suffix in tuple(suffixes))
    if split is not None:
        named = [p for p in files if split in {p.stem, *p.stem.replace("-", "_").split("_"), p.parent.name}]
        if not named:
            there = ", ".join(p.relative_to(path).as_posix() for p in files[:12]) or "no data files"
            raise InputError(f"'{path}' has no split '{split}'", code="input.wrong_split", hint=f"it has {there}")
        return min(named, key=lambda p: len(p.as_posix()))
    if len(files) == 1:
        return files[0]
    there = ", ".join(p.relative_to(path).as_posix() for p in files[:12]) or "no data files"
    raise InputError(f"'{path}' is a folder: name a file of it, or a --split", hint=f"it has {there}")


def read_rows(path: Path) -> Iterator[tuple[str, Raw]]:
    """``(place, row)`` for each row of a file, ``place`` being what an error about it should begin with.

    JSON lines are read a line at a time; JSON may be a list of objects or an object of objects (whose key becomes
    the row's ``id`` where it has none); parquet is read a batch at a time.
    """
    count = 0
    reader = {".parquet": _parquet, ".json": _json}.get(path.suffix, _json_lines)
    for place, row in reader(path):
        count += 1
        yield place, row
    if not count:
        raise InputError(f"'{path}' has no rows", code="input.empty")


def require(place: str, row: Raw, *names: str) -> None:
    """Raise InputError naming the columns that are missing."""
    absent = [name for name in names if name not in row]
    if absent:
        raise InputError(
            f"{place}: missing {', '.join(absent)}", code="input.missing_column", hint=f"it has {', '.join(row)}"
        )


def unique(seen: dict[str, str], name: str, place: str) -> str:
    """``name``, remembered; raises InputError if it stood somewhere else already."""
    if name in seen:
        raise InputError(f"{place}: id '{name}' stands at {seen[name]} already", code="input.duplicate_id")
    seen[name] = place
    return name


def check_sums(path: Path, digest: str) -> None:
    """Compare with the ``<file>.sha256`` beside the data, if there is one. Raises InputError if it is stale."""
    beside = path.with_name(path.name + ".sha256")
    if not beside.exists():
        return
    for number, line in enumerate(read_text(beside).splitlines(), start=1):
        said = line.split()[0].lower() if line.split() else ""
        if said and said != digest:
            raise InputError(
                f"{beside}, line {number}: says {said[:16]}…, but '{path}' has {digest[:16]}…",
                code="input.stale_checksum",
                hint="the data has changed, or the checksum is of another version",
            )


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, or of a folder's files by name and content, in hex."""
    digest = hashlib.sha256()
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        if path.is_dir():
            digest.update(file.relative_to(path).as_posix().encode() + b"\0")
        with file.open("rb") as content:
            while chunk := content.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def _json_lines(path: Path) -> Iterator[tuple[str, Raw]]:
    try:
        lines = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read '{path}': {error.strerror}", code="input.unreadable") from None
    with lines:
        for number, raw in enumerate(lines, start=1):
            place = f"{path}, line {number}"
            try:
                line = raw.decode()
            except UnicodeDecodeError as error:
                raise InputError(f"{place}: not UTF-8 text: {error.reason} at byte {error.start}") from None
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise InputError(f"{place}: not JSON: {error}", code="input.bad_json") from None
            if not isinstance(row, dict):
                raise InputError(f"{place}: expected an object, found {type(row).__name__}", code="input.bad_json")
            yield place, row


def _json(path: Path) -> Iterator[tuple[str, Raw]]:
    text = read_text(path)
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}, line {error.lineno}, column {error.colno}: not JSON: {error.msg}", code="input.bad_json"
        ) from None
    except RecursionError:
        raise InputError(f"{path}: nested too deeply", code="input.bad_json") from None
    if isinstance(whole, dict) and whole and all(isinstance(item, dict) for item in whole.values()):
        whole = [{"id": key, **item} for key, item in whole.items()]
    if not isinstance(whole, list):
        raise InputError(f"{path}: expected a list of objects", code="input.bad_json")
    for number, row in enumerate(whole, start=1):
        place = f"{path}, item {number}"
        if not isinstance(row, dict):
            raise InputError(f"{place}: expected an object, found {type(row).__name__}", code="input.bad_json")
        yield place, row


def _parquet(path: Path) -> Iterator[tuple[str, Raw]]:
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise InputError(f"reading '{path}' needs pyarrow", hint="install quod[evals]") from None
    try:
        number = 0
        for batch in parquet.ParquetFile(path).iter_batches(batch_size=256):
            for row in batch.to_pylist():
                number += 1
                yield f"{path}, row {number}", row
    except (OSError, ValueError) as error:
        raise InputError(f"'{path}' is not a parquet file: {error}", code="input.unreadable") from None
