"""A run folder loses nothing, counts nothing twice, and refuses to mix configurations."""

from __future__ import annotations

from pathlib import Path

import pytest

from quod.core.errors import InputError
from quod.evals.data import sha256_of
from quod.evals.runs import Record, RunConfig, RunFolder, merge_runs


def config(**changes: object) -> RunConfig:
    return RunConfig.model_validate(
        {"benchmark": "b", "translator": "gold", "data": "d.jsonl", "data_sha256": "0", **changes}
    )


def record(row: str, outcome: str, sample: int = 0) -> Record:
    return Record(row=row, sample=sample, result={"outcome": outcome})


def test_a_torn_line_is_cut_and_the_row_runs_again(tmp_path: Path) -> None:
    run = RunFolder.start(tmp_path / "run", config())
    run.append(record("a", "right"))
    run.append(record("b", "wrong"))
    results = run.path / "results.jsonl"
    results.write_bytes(results.read_bytes()[:-7])
    again = RunFolder.start(tmp_path / "run", config())
    assert again.done() == {("a", 0)}
    again.append(record("b", "right"))
    assert [(r.row, r.result["outcome"]) for r in again.records()] == [("a", "right"), ("b", "right")]


def test_an_infrastructure_error_is_run_again_and_replaced(tmp_path: Path) -> None:
    run = RunFolder.start(tmp_path / "run", config())
    for outcome in ("error", "wrong", "right"):
        run.append(record("a", outcome))
    assert [r.result["outcome"] for r in run.records()] == ["wrong"]
    assert run.done() == {("a", 0)}
    run.append(record("b", "error"))
    assert ("b", 0) not in run.done()


def test_another_configuration_is_refused_by_name(tmp_path: Path) -> None:
    RunFolder.start(tmp_path / "run", config())
    with pytest.raises(InputError, match="seed: 0 there, 7 here"):
        RunFolder.start(tmp_path / "run", config(seed=7))
    other = tmp_path / "other"
    RunFolder.start(other, config(seed=7))
    with pytest.raises(InputError, match="another configuration"):
        merge_runs([tmp_path / "run", other], tmp_path / "merged")


def test_runs_merge_by_key(tmp_path: Path) -> None:
    for name, rows in {"one": [("a", "right"), ("b", "error")], "two": [("b", "wrong"), ("a", "wrong")]}.items():
        run = RunFolder.start(tmp_path / name, config())
        for row, outcome in rows:
            run.append(record(row, outcome))
    merged = merge_runs([tmp_path / "one", tmp_path / "two"], tmp_path / "merged")
    assert {r.row: r.result["outcome"] for r in merged.records()} == {"a": "right", "b": "wrong"}


def test_a_folder_that_holds_no_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no run\.json"):
        RunFolder.open(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        RunFolder.start(tmp_path, config())


def test_the_checksum_of_a_folder_sees_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    first = sha256_of(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert sha256_of(tmp_path) != first
