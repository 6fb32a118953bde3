"""Diagnostic codes of the runtime and of the service in front of it."""

from __future__ import annotations

from quod.core.diagnostics import code

DEAD = code("job.dead", "A job was started as often as allowed and its worker died or lost it every time.")
CRASHED = code("job.crashed", "The pipeline raised an error that is a bug of quod; the worker's log has the trace.")
CANCELLED = code("job.cancelled", "The job was cancelled before it was finished.")
OVERRAN = code("job.overran", "The job ran far past its time budget without stopping by itself, and was stopped.")
UNAVAILABLE = code("job.unavailable", "Something the job needs was missing or down at every try.")
REFUSED = code("job.refused", "The pipeline could not use what was handed in.")
