"""Settings of the service: everything in :class:`quod.core.settings.Settings`, and what only a server needs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationError

from quod.core.errors import InputError
from quod.core.settings import Settings

__all__ = ["ServiceSettings"]


class ServiceSettings(Settings):
    """`QUOD_*` variables of the worker and the HTTP service."""

    # jobs
    lease_seconds: float = Field(default=30.0, ge=0.5)
    """How long a worker may be silent before its job goes to another. Machines' clocks must agree to a third of it."""
    max_deliveries: int = Field(default=5, ge=1, le=100)
    """How often a job is started before it is put among the dead letters."""
    concurrency: int = Field(default=2, ge=1, le=256)
    """Jobs a worker process runs at once."""
    overrun_seconds: float = Field(default=30.0, ge=0)
    """How far past its time budget a job may run before it is stopped from outside."""
    drain_seconds: float = Field(default=20.0, ge=0)
    """How long a worker told to stop waits for its jobs before it hands them back."""
    max_jobs_per_worker: int = Field(default=1000, ge=0)
    """A worker replaces itself by a fresh process after this many jobs; 0 means never."""
    max_worker_mb: int = Field(default=4096, ge=0)
    """A worker replaces itself after a job that leaves it above this many MiB of resident memory; 0 means never."""
    retention_days: float = Field(default=30.0, gt=0)
    """Finished jobs older than this are deleted, with their events."""

    # the HTTP service
    auth: Literal["auto", "require", "off"] = "auto"
    """`auto` asks for an API key unless the caller is on loopback and the runtime is embedded."""
    max_body_mb: float = Field(default=24.0, gt=0, le=1024)
    """Largest request body, MiB."""
    max_queued: int = Field(default=1000, ge=1)
    """With this many jobs waiting in a queue, further ones are refused with 429."""
    max_wait_seconds: float = Field(default=60.0, ge=0, le=600)
    """Longest `Prefer: wait=N` that is honoured."""
    max_job_seconds: float = Field(default=3600.0, gt=0, le=86_400)
    """Largest time budget a request may ask for."""
    max_job_memory_mb: int = Field(default=8192, ge=64)
    """Largest memory budget a request may ask for, MiB."""
    cors_origins: tuple[str, ...] = ()
    """Origins allowed to call from a browser; none by default."""
    webhook_private: bool = False
    """Allow webhooks to private, loopback and link-local addresses."""
    metrics_public: bool = False
    """Serve /metrics without a key even where keys are required."""

    @classmethod
    def of(cls, settings: Settings) -> ServiceSettings:
        """The service settings that agree with ``settings``; what it does not have comes from the environment."""
        if isinstance(settings, cls):
            return settings
        try:
            return cls(**settings.model_dump())
        except ValidationError as error:
            first = error.errors()[0]
            name = "QUOD_" + "_".join(str(part) for part in first["loc"]).upper()
            raise InputError(f"{name}: {first['msg']}", code="input.settings") from None

    def most_budget(self) -> dict[str, float]:
        """The largest value a request may ask for, by the name of the budget's field."""
        return {
            "seconds": self.max_job_seconds,
            "engine_seconds": self.max_job_seconds,
            "memory_mb": self.max_job_memory_mb,
        }

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the job store."""
        if self.database_url is None:
            return f"sqlite:///{self.home_dir / 'quod.db'}"
        for prefix in ("postgresql://", "postgres://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def embedded(self) -> bool:
        """Whether the worker lives in this process."""
        return self.broker_url.startswith("memory:")
