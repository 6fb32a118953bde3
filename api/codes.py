"""Diagnostic codes of the HTTP service."""

from __future__ import annotations

from quod.core.diagnostics import code

INVALID = code("input.request", "A part of an HTTP request is missing or has a value it cannot have.")
BODY = code("input.body", "The body of an HTTP request cannot be read.")
TOO_LARGE = code("input.too_large", "The body of an HTTP request is larger than this server accepts.")
NO_ROUTE = code("input.not_found", "There is nothing at this address, or nothing this key may see.")
METHOD = code("input.method", "This address does not take this HTTP method.")
NO_KEY = code("input.unauthorized", "The request carries no API key, or one that is not valid (any more).")
FORBIDDEN = code(
    "input.forbidden", "The API key does not have the scope this needs, or the caller may not come from there."
)
RATE = code("job.rate_limited", "The key has made more requests than it may; wait as Retry-After says.")
SPENT = code("job.quota_spent", "The key's jobs have used up its daily seconds or money.")
BUSY = code("job.queue_full", "Too many jobs wait already; wait as Retry-After says.")
BUG = code("job.internal", "A bug of quod; the server's log has the trace under the request id.")
WEBHOOK = code("input.webhook", "A webhook's URL is not one this server will call.")
IDEMPOTENCY = code("job.idempotency_conflict", "An Idempotency-Key was used before with another request.")
CONFLICT = code("job.conflict", "The job's state does not allow what was asked of it.")
STORE = code("infrastructure.store", "The job store cannot be reached; try again.")
