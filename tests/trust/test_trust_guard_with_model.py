"""A sample of the weakenings through the model server: whoever proposes them, they are never even checked."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from quod.backends.registry import get_backend
from quod.core.budget import Budget
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.settings import get_settings
from quod.repair.assemble import Ledger
from quod.repair.modelled import RepairLoop
from quod.translators.llm import LlmTranslator, configured_model
from quod.translators.llm.scripted import ScriptedServer

_spec = importlib.util.spec_from_file_location("guard_samples", Path(__file__).with_name("guard_samples.py"))
assert _spec is not None
assert _spec.loader is not None
samples = importlib.util.module_from_spec(_spec)
sys.modules["guard_samples"] = samples
_spec.loader.exec_module(samples)
_ALL = [r for r in samples.weakening() if r.before.formalism != "rocq"]
_SAMPLE = _ALL[:: max(1, len(_ALL) // 12)]


@pytest.mark.slow
@pytest.mark.parametrize("repair", _SAMPLE, ids=lambda r: r.name)
def test_a_weakening_from_a_model_is_never_tried(
    repair: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert isinstance(repair, samples.Repair)
    rules: list[dict[str, object]] = [
        {"call": 1, "reply": f"```\n{repair.before.text}\n```"},
        {"reply": f"```\n{repair.after.text}\n```"},
    ]
    with ScriptedServer.of(rules) as server:
        monkeypatch.setenv("QUOD_HOME", str(tmp_path))
        monkeypatch.setenv("QUOD_MODEL", "scripted")
        monkeypatch.setenv("QUOD_MODEL_BASE_URL", server.url)
        monkeypatch.setenv("QUOD_MODEL_API_KEY", "none")
        get_settings.cache_clear()
        model = configured_model(get_settings())
        assert model is not None
        formalism = repair.before.formalism
        problem = Problem(text=repair.text, formalism=formalism, budget=Budget(seconds=30, engine_seconds=5))
        run = Run(budget=problem.budget)
        translator = LlmTranslator(formalism, model, backend=get_backend(formalism))
        answer = RepairLoop(problem, run, Ledger(run), translator).run()
    get_settings.cache_clear()
    tried = [a.formalization.text.strip() for a in answer.attempts if a.formalization]
    assert repair.after.text.strip() not in tried[1:]
    assert tried
