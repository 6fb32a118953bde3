"""A hard end for HTTP calls, even against a server that drips a byte a second for ever.

HTTP libraries limit the time of each read, so a server that keeps sending keeps the caller. Here every read and
write of the socket is cut into slices of a quarter of a second, between which the deadline, the limit on bytes
and the person's wish to stop are looked at. Works for headers, bodies and event streams alike, with TLS and
through proxies. Not covered: the system's own look-up of a host name, which cannot be interrupted.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from quod.core.run import Cancel
from quod.translators.llm.faults import AnswerTooLongError, DeadlinePassedError

__all__ = ["deadline", "deadline_client"]

_SLICE = 0.25
"""Seconds between looks at the deadline."""


@dataclass
class _Guard:
    until: float
    cancel: Cancel
    bytes_left: int

    def slice(self, wish: float | None) -> float:
        """Seconds the next operation may block; raises if there are none."""
        self.cancel.check()
        left = self.until - time.monotonic()
        if left <= 0:
            raise DeadlinePassedError
        return max(0.001, min(_SLICE, left, wish if wish is not None else left))

    def received(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise AnswerTooLongError


_guard: ContextVar[_Guard | None] = ContextVar("quod_model_deadline", default=None)


@contextmanager
def deadline(seconds: float, cancel: Cancel, *, max_bytes: int) -> Iterator[None]:
    """Within this block, calls through a :func:`deadline_client` end by then or raise."""
    token = _guard.set(_Guard(time.monotonic() + seconds, cancel, max_bytes))
    try:
        yield
    finally:
        _guard.reset(token)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        guard = _guard.get()
        if guard is None:
            return self._inner.read(max_bytes, timeout)
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                raise httpcore2.ReadTimeout
            try:
                data = self._inner.read(max_bytes, guard.slice(left))
            except httpcore2.ReadTimeout:
                continue
            guard.received(len(data))
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # A timed-out write cannot be resumed (how much went out is not told), so it is not sliced.
        guard = _guard.get()
        if guard is not None:
            left = guard.until - time.monotonic()
            guard.slice(None)
            timeout = left if timeout is None else min(left, timeout)
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        guard = _guard.get()
        if guard is not None:
            guard.slice(None)
            left = guard.until - time.monotonic()
            timeout = left if timeout is None else min(left, timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, inner: httpcore2.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        guard = _guard.get()
        if guard is not None:
            guard.slice(None)
            left = guard.until - time.monotonic()
            timeout = left if timeout is None else min(left, timeout)
        return _Stream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


def deadline_client() -> httpx2.Client:
    """An HTTP client like any other (proxies from the environment included) that keeps :func:`deadline`."""
    client = httpx2.Client(follow_redirects=True)
    # The library has no public way to set the network backend without losing its proxy handling.
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001
        if isinstance(transport, httpx2.HTTPTransport):
            pool = transport._pool  # noqa: SLF001
            pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001
    return client
