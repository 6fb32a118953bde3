"""From settings to a model that is ready to be asked: the adapter and everything wrapped around it.

From the outside in: remember in the job's log (memo), record, chain of models; then for each model cache, retries,
budgets, rate limit, adapter. Budgets are inside retries because every try may cost.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from quod.core.errors import InputError
from quod.core.settings import Settings
from quod.translators.llm.budgeted import Budgeted
from quod.translators.llm.cache import Cached, CompletionCache
from quod.translators.llm.client import ChatModel
from quod.translators.llm.daily import DailyLedger
from quod.translators.llm.fallback import Fallback
from quod.translators.llm.limited import Limited
from quod.translators.llm.memoized import Memoized
from quod.translators.llm.openai_model import OpenAIModel
from quod.translators.llm.prices import PriceTable
from quod.translators.llm.recording import Recorded, Replayed
from quod.translators.llm.retrying import Retrying

__all__ = ["ModelSettings", "assemble", "configured_model", "model_settings"]


class ModelSettings(BaseSettings):
    """How models are called, beyond the basics in :class:`quod.core.settings.Settings`."""

    model_config = SettingsConfigDict(
        env_prefix="QUOD_MODEL_", env_file=".env", extra="ignore", use_attribute_docstrings=True
    )

    fallbacks: str = ""
    """Stronger models at the same server, asked in order when the first fails or its work does not hold up;
    names separated by commas."""
    stream: bool = True
    """Have answers streamed; a stream that is not wanted any more can be left."""
    attempts: int = Field(default=4, ge=1, le=20)
    """Tries of one call, the first included; only errors that may pass are tried again."""
    concurrency: int = Field(default=8, ge=1)
    """Calls to one model at a time, in one process."""
    per_minute: int | None = Field(default=None, ge=1)
    """Calls to one model started in any minute, in one process."""
    cache: bool = True
    """Keep finished answers in `home` and never pay for the same call twice."""
    daily_tokens: int | None = Field(default=None, ge=0)
    """Tokens all jobs of this machine may use in a day (UTC)."""
    daily_money: float | None = Field(default=None, ge=0)
    """US dollars all jobs of this machine may spend on models in a day (UTC)."""
    prices: Path | None = None
    """A price table of your own, in YAML; its lines come before the shipped ones."""
    record: Path | None = None
    """Write every call and its answer into this folder."""
    replay: Path | None = None
    """Answer every call from this folder, and call no model."""
    examples: Path | None = None
    """A folder of worked examples of your own (docs/prompts.md), used beside the shipped ones."""
    grammar: Literal["off", "vllm", "llama.cpp"] = "off"
    """Have the server hold the model to a grammar of the formal language (logic; planning problems for a domain at
    hand), in this server's way; one that rejects it is not asked again."""
    staged: bool = False
    """Translate in two calls: the vocabulary (or the elements) first, the formal text after. For small models."""
    compare: bool = False
    """Have the model compare the formal text, read back into words, with the problem (one more call)."""


def model_settings() -> ModelSettings:
    """The settings from the environment. Raises InputError naming the variable that is wrong."""
    try:
        return ModelSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "QUOD_MODEL_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(f"{name}: {first['msg']}", code="input.settings") from None


_built: dict[str, ChatModel] = {}
_lock = threading.Lock()


def configured_model(settings: Settings, options: ModelSettings | None = None) -> ChatModel | None:
    """The model the settings name, with everything around it; None if they name none.

    The same settings give the same object within a process, so rate limits and connections are shared.
    """
    options = options or model_settings()
    if settings.model is None and options.replay is None:
        return None
    key_text = settings.model_api_key.get_secret_value() if settings.model_api_key else ""
    names = ("home", "model", "model_base_url", "model_provider", "model_timeout")
    key = repr([getattr(settings, name) for name in names]) + options.model_dump_json() + repr(hash(key_text))
    with _lock:
        if key not in _built:
            _built[key] = assemble(settings, options)
        return _built[key]


def assemble(settings: Settings, options: ModelSettings) -> ChatModel:
    """Put a model together. Raises InputError for settings that cannot be used."""
    if options.replay is not None:
        return Memoized(Replayed(options.replay, name=settings.model or "replay"))
    assert settings.model is not None
    names = [settings.model, *(name.strip() for name in options.fallbacks.split(",") if name.strip())]
    prices = PriceTable.read(options.prices)
    path = settings.home_dir / "models.sqlite"
    cache = CompletionCache(path) if options.cache else None
    limited = options.daily_tokens is not None or options.daily_money is not None
    daily = DailyLedger(path, tokens=options.daily_tokens, money=options.daily_money) if limited else None
    provider: Literal["openai", "anthropic"] = settings.model_provider
    server = settings.model_base_url or provider
    models: list[ChatModel] = []
    for name in names:
        model: ChatModel = _adapter(name, settings, options)
        model = Limited(model, concurrency=options.concurrency, per_minute=options.per_minute)
        model = Budgeted(model, price=prices.of(name, server), daily=daily)
        model = Retrying(model, attempts=options.attempts)
        models.append(Cached(model, cache, server=server) if cache is not None else model)
    secrets = (settings.model_api_key.get_secret_value(),) if settings.model_api_key else ()

    def around(model: ChatModel) -> ChatModel:
        return Memoized(Recorded(model, options.record, secrets=secrets) if options.record else model)

    return around(models[0]) if len(models) == 1 else Fallback([around(model) for model in models])


def _adapter(name: str, settings: Settings, options: ModelSettings) -> ChatModel:
    key = settings.model_api_key.get_secret_value() if settings.model_api_key else None
    if settings.model_provider == "anthropic":
        from quod.translators.llm.anthropic_model import AnthropicModel

        return AnthropicModel(
            name, base_url=settings.model_base_url, api_key=key, timeout=settings.model_timeout, stream=options.stream
        )
    return OpenAIModel(
        name,
        base_url=settings.model_base_url,
        api_key=key,
        timeout=settings.model_timeout,
        stream=options.stream,
        grammar=options.grammar,
    )
