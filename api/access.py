"""Who is asking, and what they may do."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from quod.api.codes import FORBIDDEN, NO_KEY, RATE, SPENT
from quod.api.problems import Refused
from quod.api.state import service
from quod.core.errors import NotFoundError
from quod.workers.keys import ApiKey, Scope
from quod.workers.records import LOCAL, Job

__all__ = ["Caller", "RateLimiter", "allowed", "identify"]

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1"}


@dataclass(frozen=True)
class Caller:
    """An API key, or someone on this machine who needs none."""

    key: ApiKey | None
    remote: str

    @property
    def id(self) -> str:
        """The key's id, or ``local``."""
        return self.key.id if self.key else LOCAL

    def may(self, scope: Scope) -> bool:
        """Whether the caller has a scope; admin has all."""
        return self.key is None or scope in self.key.scopes or Scope.ADMIN in self.key.scopes

    @property
    def sees(self) -> str | None:
        """Whose jobs the caller sees: a key id, or None for everyone's."""
        return None if self.may(Scope.ADMIN) else self.id

    def own(self, job: Job) -> Job:
        """The job, if the caller may see it. Raises NotFoundError as if it were not there."""
        if self.sees is not None and job.key_id != self.id:
            raise NotFoundError(f"there is no job {job.id}")
        return job


class RateLimiter:
    """A token bucket for each key, in this process (with several API processes, a key has as many buckets)."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str, per_minute: int) -> float:
        """Take one token; 0 when there was one, else the seconds until there is."""
        now = time.monotonic()
        with self._lock:
            tokens, since = self._buckets.get(key, (float(per_minute), now))
            tokens = min(float(per_minute), tokens + (now - since) * per_minute / 60.0)
            if tokens < 1.0:
                self._buckets[key] = (tokens, now)
                return (1.0 - tokens) * 60.0 / per_minute
            self._buckets[key] = (tokens - 1.0, now)
            return 0.0


def allowed(scope: Scope) -> Callable[[Request], Coroutine[Any, Any, Caller]]:
    """A dependency: the caller, if the key has ``scope``."""

    async def caller(request: Request) -> Caller:
        found = await identify(request)
        if not found.may(scope):
            raise Refused(403, FORBIDDEN.name, f"this key does not have the scope '{scope.value}'")
        return found

    return caller


async def identify(request: Request) -> Caller:
    """The caller. Raises Refused with 401, 403 or 429."""
    app = service(request)
    remote = request.client.host if request.client else ""
    text = _bearer(request)
    if text is None:
        if app.settings.auth == "off" or (
            app.settings.auth == "auto" and app.settings.embedded and _local(request, remote)
        ):
            _refuse_foreign_page(request, always_host=app.settings.auth != "off")
            return Caller(None, remote)
        raise Refused(
            401,
            NO_KEY.name,
            "this service needs an API key",
            hint="send `Authorization: Bearer quod_…`; `quod keys create` makes one",
            headers={"WWW-Authenticate": 'Bearer realm="quod"'},
        )
    key = await run_in_threadpool(app.store.keys.find, text)
    if key is None:
        await run_in_threadpool(_note_refusal, app, text, remote)
        raise Refused(
            401,
            NO_KEY.name,
            "the API key is not valid",
            headers={"WWW-Authenticate": 'Bearer realm="quod", error="invalid_token"'},
        )
    if key.per_minute:
        wait = app.rates.take(key.id, key.per_minute)
        if wait:
            raise Refused(
                429,
                RATE.name,
                f"more than {key.per_minute} requests a minute",
                headers={"Retry-After": str(math.ceil(wait))},
            )
    request.state.key_id = key.id
    return Caller(key, remote)


def within_budget(app: Any, caller: Caller) -> None:
    """Refuse a caller whose jobs have used up the key's daily budget."""
    key = caller.key
    if key is None or (key.daily_seconds is None and key.daily_money is None):
        return
    seconds, money = app.store.jobs.spent(key.id, time.time() - 86_400)
    if (key.daily_seconds is not None and seconds >= key.daily_seconds) or (
        key.daily_money is not None and money >= key.daily_money
    ):
        raise Refused(429, SPENT.name, "this key's budget for 24 hours is used up", headers={"Retry-After": "3600"})


def _bearer(request: Request) -> str | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, text = header.partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def _local(request: Request, remote: str) -> bool:
    if any(name in request.headers for name in _FORWARDED):
        return False  # a proxy on this machine speaks for someone elsewhere
    try:
        return ipaddress.ip_address(remote).is_loopback
    except ValueError:
        return False


def _refuse_foreign_page(request: Request, *, always_host: bool) -> None:
    # A page in this machine's browser could reach us without a key: by its own fetch, or by rebinding its name to us.
    host = request.headers.get("host", "")
    name = host if host.startswith("[") and host.endswith("]") else host.rpartition(":")[0] or host
    origin = request.headers.get("origin")
    same = origin is None or origin.partition("://")[2] == host or origin in service(request).settings.cors_origins
    if (always_host and name.lower() not in _LOCAL_HOSTS) or not same:
        raise Refused(403, FORBIDDEN.name, "without an API key only pages and programs of this machine are served")


def _note_refusal(app: Any, text: str, remote: str) -> None:
    parts = text.split("_", 2)
    shown = parts[1] if len(parts) == 3 and len(parts[1]) == 12 and parts[1].isalnum() and parts[1].isascii() else "?"
    app.store.audit.note("?", "refused_key", shown, remote=remote)
