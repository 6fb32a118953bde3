"""What can go wrong in a model call, told in quod's words: one mapping for all providers' libraries.

The libraries of the providers share their shape (the same generator makes them), so errors are recognised by
what they carry: a status, a cause, a kind.
"""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Iterator, Mapping

from quod.core.diagnostics import Code
from quod.core.errors import Cancelled, ModelError
from quod.translators.llm import codes

__all__ = ["AnswerTooLongError", "CallError", "DeadlinePassedError", "from_exception", "from_status", "model_error"]

_SHOWN = 300
"""Characters of a server's own message that are passed on."""


class DeadlinePassedError(Exception):
    """The time for the whole call is over."""


class AnswerTooLongError(Exception):
    """The server sent more bytes than any answer may have."""


class CallError(ModelError):
    """A model call that failed."""

    retry_after: float | None = None
    """Seconds the server asked to wait."""
    sent: bool = False
    """Whether it failed after the request had been sent, so that it may have been paid for."""


def model_error(
    kind: Code,
    message: str,
    *,
    retryable: bool = False,
    hint: str | None = None,
    retry_after: float | None = None,
    sent: bool = False,
) -> CallError:
    """An error of a registered code. ``retry_after`` is in seconds, as the server asked."""
    error = CallError(message, code=kind.name, retryable=retryable, hint=hint)
    error.retry_after, error.sent = retry_after, sent
    return error


def from_status(status: int, body: str, headers: Mapping[str, str], where: str) -> CallError:
    """The error for an HTTP answer with status 4xx or 5xx."""
    said = _said(body)
    if status == 429:
        # A spent quota comes as 429 too, and no patience helps there.
        if "insufficient_quota" in body:
            return model_error(codes.RATE_LIMITED, f"{where} says the account's quota is spent{said}")
        return model_error(
            codes.RATE_LIMITED,
            f"{where} refuses calls for now (429){said}",
            retryable=True,
            retry_after=_retry_after(headers),
        )
    if status in {408, 409, 425} or status >= 500:
        return model_error(
            codes.SERVER_ERROR,
            f"{where} failed with status {status}{said}",
            retryable=True,
            retry_after=_retry_after(headers),
            sent=status >= 500,
        )
    if status in {401, 403}:
        return model_error(
            codes.AUTHENTICATION, f"{where} did not accept the key ({status}){said}", hint="set QUOD_MODEL_API_KEY"
        )
    hint = "is the model's name right, and does the base URL end as the server wants it (often /v1)?"
    return model_error(
        codes.REJECTED, f"{where} rejected the request ({status}){said}", hint=hint if status == 404 else None
    )


def from_exception(error: Exception, where: str, seconds: float) -> Exception:
    """The error to raise for anything that came out of a provider's library."""
    for cause in _chain(error):
        if isinstance(cause, Cancelled | ModelError):
            return cause
        if isinstance(cause, DeadlinePassedError):
            return _timeout(where, seconds)
        if isinstance(cause, AnswerTooLongError):
            return model_error(codes.TOO_LONG, f"{where} sent more than any answer may have", sent=True)
    status, response = getattr(error, "status_code", None), getattr(error, "response", None)
    if isinstance(status, int) and response is not None and status >= 400:
        return from_status(status, _body(response), response.headers, where)
    names = {type(cause).__name__ for cause in _chain(error)}
    if names & {"APITimeoutError", "ReadTimeout", "WriteTimeout", "PoolTimeout"} and "ConnectTimeout" not in names:
        return _timeout(where, seconds)
    if names & {"ConnectError", "ConnectTimeout", "UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}:
        return model_error(
            codes.UNREACHABLE,
            f"{where} cannot be reached: {_reason(error)}",
            retryable=True,
            hint="is the server running, and is QUOD_MODEL_BASE_URL right?",
        )
    if names & {
        "JSONDecodeError",
        "APIResponseValidationError",
        "ValidationError",
        "UnicodeDecodeError",
        "DecodingError",
    }:
        return model_error(
            codes.GARBLED,
            f"{where} answered something that is not its protocol: {_reason(error)}",
            retryable=True,
            sent=True,
        )
    if names & {"APIConnectionError", "ReadError", "WriteError", "RemoteProtocolError", "ProxyError"}:
        return model_error(
            codes.UNREACHABLE, f"the connection to {where} broke: {_reason(error)}", retryable=True, sent=True
        )
    return model_error(codes.GARBLED, f"{where} answered something unusable: {_reason(error)}", sent=True)


def _timeout(where: str, seconds: float) -> CallError:
    return model_error(codes.TIMEOUT, f"{where} did not finish within {seconds:.3g} s", retryable=True, sent=True)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _reason(error: Exception) -> str:
    last = list(_chain(error))[-1]
    return _shorten(f"{type(last).__name__}: {last}")


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else flat[:_SHOWN] + "…"


def _said(body: str) -> str:
    """The server's own words: the message in the usual shape of an error body, else the body."""
    try:
        error = json.loads(body).get("error")
        words = error.get("message") if isinstance(error, dict) else error
    except (ValueError, AttributeError, RecursionError):
        words = None
    words = words if isinstance(words, str) else body
    return f": {_shorten(words)}" if words.strip() else ""


def _body(response: object) -> str:
    try:
        return str(getattr(response, "text", ""))
    except Exception:
        return ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds asked for by Retry-After (RFC 9110, seconds or an HTTP date) or its milliseconds variant."""
    milliseconds = headers.get("retry-after-ms")
    value = headers.get("retry-after")
    try:
        if milliseconds is not None:
            return max(0.0, float(milliseconds) / 1000)
        if value is None:
            return None
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value or "").timestamp() - time.time())
    except (ValueError, TypeError):
        return None
