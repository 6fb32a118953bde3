"""Every model in examples/milp solves to its known optimum."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from milp_helpers import solve

from quod.backends.milp.linear import as_json
from quod.core.assurance import Assurance
from quod.core.problem import ContextItem

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "milp"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text())
NONLINEAR = {"portfolio", "pooling"}


@pytest.mark.parametrize("name", [n for n in EXPECTED if "generated" not in EXPECTED[n]])
def test_example(name: str) -> None:
    expected = EXPECTED[name]
    context = [ContextItem.from_bytes(f, (FOLDER / f).read_bytes()) for f in expected["context"]]
    result = solve((FOLDER / f"{name}.json").read_text(), *context)
    assert result.verdict is not None, result.diagnostics
    assert str(result.verdict.conclusion) == expected["conclusion"]
    assert result.data.get("objective") == expected["objective"]
    if name not in NONLINEAR:
        assert result.assurance.at_least(Assurance.ENGINE)
    if "CP-SAT" not in result.verdict.engine and name not in NONLINEAR:
        assert result.assurance is Assurance.CERTIFICATE


@pytest.mark.slow
def test_a_hundred_thousand_rows() -> None:
    spec = importlib.util.spec_from_file_location("large", FOLDER / "large.py")
    assert spec is not None
    assert spec.loader is not None
    large = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(large)
    table, best = large.offers()
    result = solve(
        (FOLDER / "best_offers.json").read_text(), ContextItem(name="offers.csv", content=table), seconds=100
    )
    assert result.data["objective"] == str(as_json(best))
    assert result.assurance is Assurance.CERTIFICATE
