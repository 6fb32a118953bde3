"""Structured logs: one JSON object a line, with the job and the request it belongs to."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

__all__ = ["JsonLines", "job_context", "request_context", "setup_logging"]

_job: ContextVar[str | None] = ContextVar("quod_job", default=None)
_request: ContextVar[str | None] = ContextVar("quod_request", default=None)


@contextmanager
def job_context(job: str) -> Iterator[None]:
    """Log lines inside belong to this job."""
    token = _job.set(job)
    try:
        yield
    finally:
        _job.reset(token)


@contextmanager
def request_context(request: str) -> Iterator[None]:
    """Log lines inside belong to this request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


class JsonLines(logging.Formatter):
    """A formatter. JSON escapes line breaks and control characters, so no logged text can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if job := _job.get():
            line["job"] = job
        if request := _request.get():
            line["request"] = request
        extra = getattr(record, "quod", None)
        if isinstance(extra, dict):
            line.update(extra)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def setup_logging(level: str) -> None:
    """Send the process's logs to standard error as JSON lines. For `quod serve` and `quod worker`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
