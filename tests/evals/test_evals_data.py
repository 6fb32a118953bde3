"""Bad data is named by file and line, before anything runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quod.core.errors import InputError
from quod.evals.data import check_sums, read_rows, sha256_of
from quod.evals.running import Choice, Plan, RunSpec
from quod.evals.sidecar import known_bad

GOOD = {"id": "a", "premises": "Every wumpus is shy. Rex is a wumpus.", "question": "Rex is shy.", "answer": "True"}


def lines(path: Path, *rows: Any) -> Path:
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8"
    )
    return path


def plan(path: Path, **fields: Any) -> Plan:
    return Plan(RunSpec(benchmark=fields.pop("benchmark", "prontoqa"), data=path, **fields))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([GOOD, {"id": "b", "question": "Rex is shy.", "answer": "True"}], r"d\.jsonl, line 2: missing premises"),
        ([GOOD, {**GOOD, "id": "b"}, GOOD], r"d\.jsonl, line 3: id 'a' stands at .*d\.jsonl, line 1 already"),
        ([GOOD, "{broken"], r"d\.jsonl, line 2: not JSON: "),
        ([GOOD, "[1]"], r"d\.jsonl, line 2: expected an object, found list"),
        ([GOOD, "", {**GOOD, "id": "b", "answer": "Maybe"}], r"d\.jsonl, line 3: the label 'Maybe'"),
        ([GOOD, "[" * 100_000], r"d\.jsonl, line 2: not JSON"),
        ([], "has no rows"),
    ],
)  # fmt: skip
def test_faults_of_json_lines(tmp_path: Path, rows: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        plan(lines(tmp_path / "d.jsonl", *rows))


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(json.dumps(GOOD).encode() + b'\n{"id": "\xff"}\n')
    with pytest.raises(InputError, match="line 2: not UTF-8"):
        plan(path)


def test_a_json_list_and_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(json.dumps([GOOD, {**GOOD, "id": "b"}], indent=1))
    assert plan(path).ids == ["a", "b"]
    path.write_text('[\n{"id": 1},\n{"id": }\n]')
    with pytest.raises(InputError, match=r"line 3, column 8: not JSON"):
        plan(path)
    path.write_text(json.dumps({"x": {"v": 1}, "y": {"v": 2}}))
    assert [row["id"] for _, row in read_rows(path)] == ["x", "y"]


def test_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "d.parquet"
    parquet.write_table(arrow.Table.from_pylist([GOOD, {**GOOD, "id": "b"}]), path)
    assert plan(path).ids == ["a", "b"]
    path.write_bytes(b"not parquet")
    with pytest.raises(InputError, match="not a parquet file"):
        plan(path)


def test_splits(tmp_path: Path) -> None:
    lines(tmp_path / "dev.jsonl", GOOD)
    lines(tmp_path / "task_test.jsonl", {**GOOD, "id": "t"})
    assert plan(tmp_path, split="test").ids == ["t"]
    with pytest.raises(InputError, match="no split 'train'") as caught:
        plan(tmp_path, split="train")
    assert caught.value.hint == "it has dev.jsonl, task_test.jsonl"
    with pytest.raises(InputError, match="name a file of it, or a --split"):
        plan(tmp_path)
    with pytest.raises(InputError, match="there is no file"):
        plan(tmp_path / "nothing.jsonl")


def test_rows_of_another_split_are_noticed(tmp_path: Path) -> None:
    row = {"name": "x", "split": "test", "formal_statement": "theorem x : 1 = 1 := by"}
    with pytest.raises(InputError, match=r"line 1: split 'test', asked for 'valid'"):
        plan(lines(tmp_path / "valid.jsonl", row), benchmark="minif2f", split="valid")
    with pytest.raises(InputError, match="the statement is not rocq's"):
        plan(lines(tmp_path / "valid.jsonl", row), benchmark="minif2f", assistant="rocq")


def test_a_stale_checksum_is_named(tmp_path: Path) -> None:
    path = lines(tmp_path / "d.jsonl", GOOD)
    beside = tmp_path / "d.jsonl.sha256"
    beside.write_text(f"\n{sha256_of(path)}  d.jsonl\n")
    check_sums(path, sha256_of(path))
    plan(path)
    lines(path, {**GOOD, "answer": "False"})
    with pytest.raises(InputError, match=r"d\.jsonl\.sha256, line 2: says"):
        plan(path)


def test_choosing_rows(tmp_path: Path) -> None:
    path = lines(tmp_path / "d.jsonl", *({**GOOD, "id": f"r{i}", "answer": ["True", "False"][i % 2]} for i in range(8)))
    assert plan(path, choice=Choice(limit=3)).ids == ["r0", "r1", "r2"]
    assert plan(path, choice=Choice(ids=frozenset({"r3", "r5"}))).ids == ["r3", "r5"]
    assert plan(path, choice=Choice(filters=("category=False", "id~[1-4]"))).ids == ["r1", "r3"]
    shuffled = plan(path, choice=Choice(limit=3, shuffle=True), seed=1).ids
    assert shuffled == plan(path, choice=Choice(limit=3, shuffle=True), seed=1).ids != ["r0", "r1", "r2"]
    for choice, message in (
        (Choice(ids=frozenset({"nope"})), "no row has the id 'nope'"),
        (Choice(filters=("size=3",)), "cannot read the filter"),
        (Choice(filters=("id~(",)), "not a regular expression"),
        (Choice(filters=("category=Maybe",)), "no row passes"),
    ):
        with pytest.raises(InputError, match=message):
            plan(path, choice=choice)


def test_sidecars_add_up(tmp_path: Path) -> None:
    path = lines(tmp_path / "d.jsonl", GOOD, {**GOOD, "id": "b"})
    lines(tmp_path / "d.jsonl.bad.jsonl", {"id": "a", "reason": "the label contradicts the premises"})
    extra = lines(tmp_path / "more.jsonl", {"id": "b", "reason": "cut off"})
    assert known_bad("prontoqa", path, extra) == {"a": "the label contradicts the premises", "b": "cut off"}
    rows = {row.id: row.known_bad for row in plan(path, sidecar=extra).rows()}
    assert rows == {"a": "the label contradicts the premises", "b": "cut off"}
    with pytest.raises(InputError, match="line 1: missing reason"):
        known_bad("prontoqa", path, lines(tmp_path / "bad.jsonl", {"id": "b"}))
