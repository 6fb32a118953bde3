"""examples/fol: every problem gives the answer said in expected.json, verified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quod.backends.fol.backend import FolBackend
from quod.core.assurance import Assurance
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.controlled.fol import translator

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "fol"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
LANGUAGES = {".fol": "quod-fol", ".smt2": "smtlib2", ".p": "tptp"}


def test_every_example_is_expected() -> None:
    files = {p.name for p in FOLDER.iterdir() if p.suffix in {*LANGUAGES, ".txt"}}
    assert files == set(EXPECTED)
    assert len(files) >= 15


SLOW = {"group_identity.p", "zebra.fol"}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow if n in SLOW else ()) for n in sorted(EXPECTED)]
)
def test_example(name: str) -> None:
    path = FOLDER / name
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        translation = translator().translate(Problem(text=text), Run())
        assert translation.formalization is not None, translation.diagnostics
        formalization = translation.formalization
    else:
        formalization = Formalization(formalism=Formalism.FOL, text=text, language=LANGUAGES[path.suffix])
    result = FolBackend().check(formalization, Problem(text="an example"), Run())
    assert result.verdict is not None, result.diagnostics
    assert str(result.verdict.conclusion) == EXPECTED[name]["conclusion"]
    assert result.assurance.at_least(Assurance.CROSS_CHECKED)
    assert result.data.get("option") == EXPECTED[name].get("option")
