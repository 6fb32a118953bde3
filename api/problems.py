"""Errors over HTTP: RFC 9457 problem details (`application/problem+json`) with quod's stable codes.

``type`` is ``urn:quod:problem:<code>``; ``code`` repeats the code; ``diagnostics`` lists everything found wrong with
the request, each with the place of the offending value. Nothing of a request is echoed back beyond those places.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from quod.api.codes import BODY, BUG, INVALID, METHOD, NO_ROUTE, TOO_LARGE
from quod.api.describing import methods_at
from quod.core.diagnostics import Diagnostic
from quod.core.errors import InfrastructureError, InputError, NotFoundError, QuodError
from quod.core.model import Frozen
from quod.workers.jobs import Conflict

__all__ = ["ApiProblem", "ProblemDetails", "Refused", "bug", "for_error", "install", "respond"]

log = logging.getLogger(__name__)


class ProblemDetails(Frozen):
    """RFC 9457 problem details."""

    type: str
    """`urn:quod:problem:` and the code."""
    title: str
    status: int
    detail: str
    code: str
    """Stable; documented in docs/diagnostics.md."""
    hint: str | None = None
    retryable: bool = False
    """Whether the same request may succeed later."""
    request_id: str | None = None
    diagnostics: tuple[Diagnostic, ...] = Field(default=())


class Refused(QuodError):  # noqa: N818 - the request was
    """A request the service will not serve, with its HTTP status."""

    def __init__(
        self, status: int, code: str, message: str, *, hint: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, code=code, hint=hint, retryable=status in {429, 503})
        self.status = status
        self.headers = dict(headers or {})


class ApiProblem(Response):
    """A response with a problem in it."""

    media_type = "application/problem+json"

    def render(self, content: Any) -> bytes:
        """ASCII only: a lone surrogate in a message must not break the response."""
        return json.dumps(content).encode()


def respond(
    request: Request | None,
    status: int,
    code: str,
    detail: str,
    *,
    hint: str | None = None,
    retryable: bool = False,
    diagnostics: Sequence[Diagnostic] = (),
    headers: Mapping[str, str] | None = None,
) -> ApiProblem:
    """A problem as a response."""
    problem = ProblemDetails(
        type=f"urn:quod:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        hint=hint,
        retryable=retryable,
        request_id=getattr(request.state, "request_id", None) if request else None,
        diagnostics=tuple(diagnostics),
    )
    return ApiProblem(
        problem.model_dump(mode="json", exclude_none=True), status_code=status, headers=dict(headers or {})
    )


def install(app: FastAPI) -> None:
    """Make every error of an app a problem."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(QuodError, for_error)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = []
    for one in error.errors()[:50]:
        where = [str(part) for part in one["loc"]]
        made = BODY if one["type"] == "json_invalid" else INVALID
        message = f"{'.'.join(where)}: {one['msg']}" if made is INVALID else f"the body is not JSON: {one['msg']}"
        found.append(made.error(_printable(message), data={"where": [_printable(part) for part in where]}))
    first = found[0]
    return respond(request, 422, first.code, first.message, diagnostics=found)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    match error.status_code:
        case 404:
            return respond(request, 404, NO_ROUTE.name, "there is nothing at this address", headers=headers)
        case 405:
            if allow := methods_at(request.app, request.url.path):
                headers["Allow"] = allow
            return respond(request, 405, METHOD.name, "this address does not take this method", headers=headers)
        case 413:
            return respond(request, 413, TOO_LARGE.name, "the request body is too large", headers=headers)
        case _:
            status = error.status_code if 400 <= error.status_code < 600 else 500
            return respond(request, status, BODY.name, "the request cannot be read", headers=headers)


def for_error(request: Request, error: Exception) -> Response:
    """A QuodError as a response."""
    assert isinstance(error, QuodError)
    headers: dict[str, str] = {}
    if isinstance(error, Refused):
        status, headers = error.status, error.headers
    elif isinstance(error, NotFoundError):
        status = 404
    elif isinstance(error, Conflict):
        status = 422 if error.code == "job.idempotency_conflict" else 409
    elif isinstance(error, InputError):
        status = 422
    elif isinstance(error, InfrastructureError):
        status, headers = 503, {"Retry-After": "2"}
        log.warning("answering 503: %s", error.message)
    else:
        return bug(request, error)
    return respond(
        request,
        status,
        error.code,
        _printable(error.message) if status != 503 else "something the service needs is not available; try again",
        hint=error.hint,
        retryable=error.retryable,
        diagnostics=error.diagnostics,
        headers=headers,
    )


def bug(request: Request, error: Exception) -> Response:
    """A bug of ours: a 500 that tells nothing, and a log line that tells all."""
    log.error("the request failed", exc_info=error)
    return respond(request, 500, BUG.name, "the service failed; its log has the details", headers={"Retry-After": "5"})


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)[:500]
