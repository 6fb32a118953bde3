"""Settings: ``QUOD_*`` in the environment or in a ``.env`` file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from quod.core.errors import InputError

__all__ = ["Settings", "get_settings"]


class Settings(BaseSettings):
    """Everything that can be configured. docs/settings.md is generated from this class."""

    model_config = SettingsConfigDict(
        env_prefix="QUOD_", env_file=".env", extra="ignore", use_attribute_docstrings=True
    )

    home: Path = Path("~/.quod")
    """Where the embedded store, caches and runs live."""
    database_url: str | None = None
    """SQLAlchemy URL of the job store; unset means SQLite in `home`."""
    broker_url: str = "memory://"
    """Celery broker; `memory://` is the embedded runtime, `redis://…` the distributed one."""
    model: str | None = None
    """Name of the language model; unset means that only the deterministic translators are used."""
    model_base_url: str | None = None
    """Base URL of an OpenAI-compatible server, for instance `http://127.0.0.1:11434/v1`."""
    model_api_key: SecretStr | None = None
    """Key for that server, where it wants one."""
    model_provider: Literal["openai", "anthropic"] = "openai"
    model_timeout: float = Field(default=120.0, gt=0)
    """Seconds one model call may take."""
    sandbox: Literal["auto", "require", "rlimits"] = "auto"
    """`auto` uses every layer the kernel has; `require` refuses to run without network and file isolation;
    `rlimits` uses process groups and limits only (for debugging)."""
    accept_licences: str = ""
    """Engines whose own licences you have read and accept, names separated by commas (`tamer,lpg`; see docs/pddl.md).
    Without it they are never run, installed or not."""
    pyomo_solver: str | None = None
    """A solver of yours that Pyomo can drive: the name of one of its interfaces (`cbc`, `glpk`, `ipopt`,
    `appsi_highs`, …) or the path of a program. Asked where a problem names the engine `pyomo`, and where every other
    engine gives up on a nonlinear model."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"

    @property
    def home_dir(self) -> Path:
        """`home` with `~` expanded."""
        return self.home.expanduser()

    @property
    def accepted_licences(self) -> frozenset[str]:
        """`accept_licences` as a set of names in lower case."""
        return frozenset(name.strip().lower() for name in self.accept_licences.split(",") if name.strip())


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once. Raises InputError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "QUOD_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(f"{name}: {first['msg']}", code="input.settings") from None
