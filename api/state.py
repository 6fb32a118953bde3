"""What the routes share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import Request

from quod.workers.embedded import Runtime
from quod.workers.settings import ServiceSettings
from quod.workers.store import Store

if TYPE_CHECKING:
    from quod.api.access import RateLimiter
    from quod.api.hub import Hub
    from quod.api.metrics import HttpFigures

__all__ = ["Service", "service"]


@dataclass
class Service:
    """The runtime and the parts of the HTTP service."""

    runtime: Runtime
    hub: Hub
    rates: RateLimiter
    figures: HttpFigures
    closing: list[bool] = field(default_factory=list)

    @property
    def settings(self) -> ServiceSettings:
        """The settings."""
        return self.runtime.settings

    @property
    def store(self) -> Store:
        """The store."""
        return self.runtime.store


def service(request: Request) -> Service:
    """The service a request came to."""
    found = request.app.state.service
    assert isinstance(found, Service)
    return found
