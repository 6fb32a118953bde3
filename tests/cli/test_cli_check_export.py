"""``quod check --export``: a model written for other solvers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import highspy
import pytest

Ran = Any

MODEL = {
    "variables": {"x": {"domain": "integer", "lower": 0}, "y": {"domain": "integer", "lower": 0}},
    "objective": {"sense": "maximize", "expression": "3*x + 2*y"},
    "constraints": [{"name": "hours", "rule": "2*x + y <= 7"}, {"name": "space", "rule": "x + 3*y <= 9"}],
}


@pytest.mark.parametrize("language", ["lp", "mps"])
def test_an_exported_model_has_the_same_optimum_elsewhere(
    quod_command: Callable[..., Ran], tmp_path: Path, language: str
) -> None:
    (tmp_path / "m.json").write_text(json.dumps(MODEL))
    ran = quod_command("check", "--formalism", "milp", str(tmp_path / "m.json"), "--export", language)
    assert ran.status == 0, ran.err
    (tmp_path / f"m.{language}").write_text(ran.out)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.readModel(str(tmp_path / f"m.{language}"))
    solver.run()
    assert abs(solver.getInfo().objective_function_value) == pytest.approx(11)


def test_what_is_no_linear_model_is_refused(quod_command: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('{"variables"\n')
    command = ["check", str(tmp_path / "m.json"), "--export", "lp", "--formalism"]
    broken = quod_command(*command, "milp")
    assert broken.status == 2
    assert "line 2, column 1" in broken.err
    assert quod_command(*command, "fol").status == 2
