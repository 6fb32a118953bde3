"""What a stopped measurement has found is found again, and nothing that was only half written."""

from __future__ import annotations

from pathlib import Path

from quod.evals.keeping import Kept, code_digest


def test_findings_survive_and_half_a_line_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "rows.jsonl"
    kept = Kept(path)
    kept.add("a", {"proved": True})
    kept.add("b", [1, 2])
    with path.open("a", encoding="utf-8") as out:
        out.write('["c", {"pro')  # killed here
    again = Kept(path)
    assert again.found == {"a": {"proved": True}, "b": [1, 2]}
    again.add("d", "é")
    assert Kept(path).found == {"a": {"proved": True}, "b": [1, 2], "d": "é"}


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    kept = Kept(None)
    kept.add("a", 1)
    assert kept.found == {"a": 1}
    assert list(tmp_path.iterdir()) == []


def test_a_digest_is_of_the_folders_asked_for_and_of_what_is_said() -> None:
    rocq = code_digest(1, of=("backends/rocq",))
    assert rocq == code_digest(1, of=("backends/rocq",))
    assert len({rocq, code_digest(2, of=("backends/rocq",)), code_digest(1, of=("backends/lean",))}) == 3
