"""Settings are read from QUOD_* and complain by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quod.core.errors import InputError
from quod.core.settings import get_settings


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Iterator[None]:
    monkeypatch.chdir(str(tmp_path))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOD_MODEL", "qwen3")
    monkeypatch.setenv("QUOD_MODEL_API_KEY", "secret-key")
    settings = get_settings()
    assert settings.model == "qwen3"
    assert "secret-key" not in repr(settings)


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOD_MODEL_TIMEOUT", "soon")
    with pytest.raises(InputError, match="QUOD_MODEL_TIMEOUT"):
        get_settings()
