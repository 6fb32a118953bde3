"""From settings to a model, and the round trip of ``quod doctor``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from quod.core.errors import InputError
from quod.core.run import Run
from quod.core.settings import Settings
from quod.translators.llm import ModelSettings, configured_model, model_settings, probe_model
from quod.translators.llm.client import user
from quod.translators.llm.config import assemble
from quod.translators.llm.meter import meter_of
from quod.translators.llm.scripted import ScriptedServer


def test_no_model_is_configured_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert configured_model(Settings(model=None), ModelSettings()) is None


def test_three_lines_are_enough(tmp_path: Path) -> None:
    with ScriptedServer.of([{"reply": "hello"}]) as server:
        settings = Settings(model="m", model_base_url=server.url, home=tmp_path)
        model = configured_model(settings, ModelSettings())
        assert model is not None
        assert configured_model(settings, ModelSettings()) is model
        run = Run()
        assert model.complete([user("x")], run=run).text == "hello"
        # a local server costs nothing, and its price is known
        assert meter_of(run).usage.money == 0
        # asked again in another job, it comes from the cache
        assert model.complete([user("x")], run=Run()).text == "hello"
        assert len(server.calls) == 1


def test_the_other_provider(tmp_path: Path) -> None:
    with ScriptedServer.of([{"reply": "hello"}]) as server:
        settings = Settings(model="m", model_base_url=server.origin, model_provider="anthropic", home=tmp_path)
        assert assemble(settings, ModelSettings()).complete([user("x")], run=Run()).text == "hello"
        assert server.calls[0].path == "/v1/messages"


def test_a_chain_with_records_plays_back_without_a_server(tmp_path: Path) -> None:
    rules = [{"match": {"model": "^small$"}, "status": 401}, {"reply": "from the large one"}]
    with ScriptedServer.of(rules) as server:
        settings = Settings(model="small", model_base_url=server.url, home=tmp_path)
        options = ModelSettings(fallbacks="large, larger", record=tmp_path / "record", cache=False)
        assert assemble(settings, options).complete([user("x")], run=Run()).text == "from the large one"
        assert [call.request["model"] for call in server.calls] == ["small", "large"]
    replayed = configured_model(Settings(model=None, home=tmp_path), ModelSettings(replay=tmp_path / "record"))
    assert replayed is not None
    assert replayed.complete([user("x")], run=Run()).text == "from the large one"


def test_the_round_trip_tells_what_answered(tmp_path: Path) -> None:
    with ScriptedServer.of([{"reply": "ready"}]) as server:
        report = probe_model(Settings(model="m", model_base_url=server.url, home=tmp_path))
    assert report["ok"] is True
    assert report["said"] == "ready"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"status": 401}, "model.authentication"),
        ({"status": 404}, "model.rejected"),
        ({"disconnect": True}, "model.unreachable"),
    ],
)
def test_the_round_trip_tells_what_is_wrong(tmp_path: Path, rule: dict[str, object], code: str) -> None:
    with ScriptedServer.of([rule]) as server:
        report = probe_model(Settings(model="m", model_base_url=server.url, home=tmp_path))
    assert (report["ok"], report["code"]) == (False, code)
    assert report["reason"]


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOD_MODEL_CONCURRENCY", "many")
    with pytest.raises(InputError, match="QUOD_MODEL_CONCURRENCY"):
        model_settings()


def test_starting_up_loads_no_provider_s_library() -> None:
    code = (
        "import sys, quod.translators.llm; heavy = {'openai', 'anthropic', 'httpx2', 'jsonschema', 'openpyxl'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
