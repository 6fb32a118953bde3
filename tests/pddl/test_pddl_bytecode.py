"""Bytecode of planners that are Python programs."""

from __future__ import annotations

from pathlib import Path

from quod.backends.pddl.engines.bytecode import compiled


def test_bytecode_is_written_and_readable_to_others_where_the_source_is(tmp_path: Path) -> None:
    folder = tmp_path / "driver"
    folder.mkdir(mode=0o755)
    (folder / "main.py").write_text("x = 1\n")
    cache = folder / "__pycache__"
    cache.mkdir(mode=0o700)
    compiled(folder)
    (written,) = cache.iterdir()
    assert cache.stat().st_mode & 0o055 == folder.stat().st_mode & 0o055
    assert written.stat().st_mode & 0o044 == folder.stat().st_mode & 0o044


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert compiled(tmp_path / "none") == tmp_path / "none"
