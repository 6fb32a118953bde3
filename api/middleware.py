"""What happens to every request: an id, a size limit, security headers, one log line, one count."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quod.api.codes import TOO_LARGE
from quod.api.metrics import HttpFigures
from quod.api.problems import bug, respond
from quod.workers.logs import request_context

__all__ = ["BodyLimit", "Envelope"]

log = logging.getLogger("quod.access")

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Envelope:
    """Outermost."""

    def __init__(self, app: ASGIApp, figures: HttpFigures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500
        started_answer = False

        async def sending(message: Message) -> None:
            nonlocal status, started_answer
            if message["type"] == "http.response.start":
                status = message["status"]
                started_answer = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        with request_context(request_id):
            try:
                await self._app(scope, receive, sending)
            except Exception as error:
                if started_answer:
                    raise
                await bug(Request(scope), error)(scope, receive, sending)
            finally:
                seconds = time.perf_counter() - started
                route = getattr(scope.get("route"), "path", None) or "(none)"
                method = scope["method"] if scope["method"] in _METHODS else "OTHER"
                self._figures.note(method, route, status, seconds)
                key = scope["state"].get("key_id", "-")
                extra: dict[str, Any] = {"method": method, "route": route, "status": status, "key": key}
                log.info("request", extra={"quod": {**extra, "ms": round(seconds * 1000, 1)}})


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class BodyLimit:
    """Refuses bodies over a size, by Content-Length where there is one, else as they come in."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        if length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > self._max):
            await self._refuse(scope, receive, send)
            return
        seen = 0
        answering = False
        refused = False

        async def receiving() -> Message:
            nonlocal seen, refused
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self._max:
                    refused = True
                    return {"type": "http.disconnect"}
            return message

        async def sending(message: Message) -> None:
            nonlocal answering
            if refused and not answering:
                return  # what the app says of a request cut short is of no interest
            answering = True
            await send(message)

        try:
            await self._app(scope, receiving, sending)
        except Exception:
            if not refused or answering:
                raise
        if refused and not answering:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = f"{self._max / 2**20:g} MiB"
        problem = respond(
            Request(scope),
            413,
            TOO_LARGE.name,
            f"the body is over {limit}",
            hint="hand large tables to the command line, or raise QUOD_MAX_BODY_MB",
            headers={"Connection": "close"},
        )
        await problem(scope, receive, send)
