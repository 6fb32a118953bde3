"""Users' own solvers through Pyomo: what they say is checked like any engine's word, and none is believed alone."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from milp_helpers import solve

from quod.backends.registry import get_backend
from quod.core.assurance import Assurance
from quod.core.formalism import Formalism
from quod.core.settings import get_settings
from quod.core.verdict import Conclusion

pytest.importorskip("pyomo.environ")

MIXED: dict[str, Any] = {
    "variables": {"x": {"domain": "integer"}, "y": {"domain": "integer"}, "u": {"upper": 3}},
    "objective": {"sense": "maximize", "expression": "5*x + 4*y + u"},
    "constraints": ["6*x + 4*y <= 24.5", "x + 2*y <= 6", "0 <= u + x <= 5.5"],
}
CURVED: dict[str, Any] = {
    "variables": {"x": {"lower": 1, "upper": 5}, "y": {"upper": 5}},
    "objective": {"sense": "minimize", "expression": "(x - 2)^2 + y^2"},
    "constraints": ["x * y >= 1"],
}
Use = Callable[[str], None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Name a solver as a user would."""

    def name(solver: str) -> None:
        monkeypatch.setenv("QUOD_PYOMO_SOLVER", solver)
        get_settings.cache_clear()

    yield name
    get_settings.cache_clear()


@pytest.mark.parametrize(("solver", "program"), [("cbc", "cbc"), ("glpk", "glpsol"), ("appsi_highs", "python3")])
def test_a_users_solver_finds_it_and_our_certificate_proves_it(use: Use, solver: str, program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    use(solver)
    result = solve(MIXED, engines=("pyomo",))
    assert result.verdict is not None
    assert (result.verdict.conclusion, result.assurance) == (Conclusion.OPTIMAL, Assurance.CERTIFICATE)
    assert result.data["objective"] == "43/2"
    assert result.verdict.engine.startswith(f"{solver} via Pyomo")
    impossible = solve({**MIXED, "constraints": ["x + y <= 3", "x >= 4"]}, engines=("pyomo",))
    assert impossible.verdict is not None
    assert (impossible.verdict.conclusion, impossible.assurance) == (Conclusion.INFEASIBLE, Assurance.CERTIFICATE)


def liar(folder: Path, *values: float, status: int = 0) -> str:
    """A program that claims these values to be optimal for whatever AMPL model it is given.

    Such models have columns without whole values before those with.
    """
    lines = ["liar: done", "", "Options", "3", "1", "1", "0", "0", "0", str(len(values)), str(len(values))]
    answer = "\\n".join([*lines, *map(str, values), f"objno 0 {status}", ""])
    script = folder / "solver"
    version = '[ "$1" = -v ] && echo "liar ASL(1)" && exit'
    script.write_text(f"#!/bin/sh\n{version}\nprintf '{answer}' > \"${{1%.nl}}.sol\"\n")
    script.chmod(0o755)
    return str(script)


@pytest.mark.parametrize("values", [(0, 0, 0), (3, 4, 4), (3, 2.5, 1), (0, 1e9, 0)])
def test_a_solver_that_lies_about_a_linear_model_is_found_out(
    use: Use, tmp_path: Path, values: tuple[float, ...]
) -> None:
    """Too low, not feasible, not whole: the proof finds the optimum all the same, and says that they differ."""
    use(liar(tmp_path, *values))
    result = solve(MIXED, engines=("pyomo",))
    assert (result.assurance, result.data["objective"]) == (Assurance.CERTIFICATE, "43/2")
    assert "milp.engines_disagree" in {d.code for d in result.diagnostics}


def test_a_solver_that_calls_it_infeasible_is_contradicted(use: Use, tmp_path: Path) -> None:
    use(liar(tmp_path, 0, 0, 0, status=200))
    result = solve(MIXED, engines=("pyomo",))
    assert (result.assurance, result.data["objective"]) == (Assurance.CERTIFICATE, "43/2")
    assert any("says 'infeasible'" in d.message for d in result.diagnostics)


def test_a_point_of_a_local_solver_is_measured_and_not_called_optimal(use: Use, tmp_path: Path) -> None:
    use(liar(tmp_path, 2, 0.5))
    result = solve(CURVED, engines=("pyomo",))
    assert result.verdict is not None
    assert (result.verdict.conclusion, result.assurance) == (Conclusion.FEASIBLE, Assurance.ENGINE)
    assert result.data["objective"] == "1/4"


AS_AMPL = """#!{python}
import sys
if sys.argv[1] == "-v":
    sys.exit(print("SCIP ASL(1)"))
from pyscipopt import Model
stub = sys.argv[1].removesuffix(".nl")
model = Model()
model.hideOutput()
model.readProblem(stub + ".nl")
model.optimize()
status = {{"optimal": 0, "infeasible": 200, "unbounded": 300}}.get(model.getStatus(), 500)
columns = {{int(v.name[1:]): v for v in model.getVars(transformed=False) if v.name[1:].isdigit()}}
columns = [columns[j] for j in sorted(columns)]
values = [model.getVal(v) for v in columns] if model.getNSols() else []
head = ["SCIP", "", "Options", 3, 1, 1, 0, 0, 0, len(columns), len(values)]
with open(stub + ".sol", "w") as out:
    print(*head, *values, f"objno 0 {{status}}", sep="\\n", file=out)
"""
"""SCIP behind the files that AMPL's solvers read and write (D. M. Gay, "Writing .nl Files", 2005)."""


def test_a_real_solver_behind_files_for_ampl(use: Use, tmp_path: Path) -> None:
    """The route of ipopt, bonmin and the like, driven by a solver that is at hand everywhere."""
    pytest.importorskip("pyscipopt")
    script = tmp_path / "scip-nl"
    script.write_text(AS_AMPL.format(python=sys.executable))
    script.chmod(0o755)
    use(str(script))
    curved = solve(CURVED, engines=("pyomo",))
    assert curved.verdict is not None
    assert curved.verdict.conclusion is Conclusion.FEASIBLE  # for all that is known, the program looks nearby only
    assert curved.data["objective_float"] == pytest.approx(0.2367, abs=1e-3)
    whole = solve(MIXED, engines=("pyomo",))
    assert (whole.assurance, whole.data["objective"]) == (Assurance.CERTIFICATE, "43/2")
    assert "milp.engines_disagree" not in {d.code for d in whole.diagnostics}
    impossible = solve({**CURVED, "constraints": ["x * y >= 30"]}, engines=("pyomo",))
    assert impossible.verdict is not None
    assert impossible.verdict.conclusion is Conclusion.GAVE_UP  # a local solver cannot know


@pytest.mark.parametrize(("values", "status"), [((1, 0.5), 0), ((2, 0.5), 200), ((2, 0.5), 300)])
def test_a_local_solvers_false_word_on_a_nonlinear_model_is_no_answer(
    use: Use, tmp_path: Path, values: tuple[float, float], status: int
) -> None:
    """A point that misses a constraint; 'infeasible'; 'unbounded'."""
    use(liar(tmp_path, *values, status=status))
    result = solve(CURVED, engines=("pyomo",))
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.GAVE_UP
    assert result.assurance is Assurance.NONE


@pytest.mark.parametrize("solver", ["/nowhere/cbc", "no_such_interface", ""])
def test_a_solver_that_is_not_there_is_said(use: Use, solver: str) -> None:
    use(solver)
    result = solve(MIXED, engines=("pyomo",))
    assert result.verdict is not None
    assert str(result.verdict.gave_up) == "unsupported"
    assert "no" in result.verdict.detail


def test_what_pyomo_models_cannot_say_is_said(use: Use, tmp_path: Path) -> None:
    use(liar(tmp_path, 0))
    model = {"variables": {"x": {"domain": "integer", "upper": 5}}, "constraints": ["x != 5"]}
    result = solve(model, engines=("pyomo",))
    assert result.verdict is not None
    assert "logic" in result.verdict.detail


def test_the_solver_shows_among_the_engines(use: Use, tmp_path: Path) -> None:
    path = liar(tmp_path, 0)
    use(path)
    (note,) = [e.note for e in get_backend(Formalism.MILP).engines() if e.name == "Pyomo"]
    assert path in note
