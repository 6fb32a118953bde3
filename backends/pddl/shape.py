"""Problems whose shape is suspicious, whatever the words were."""

from __future__ import annotations

from quod.backends.pddl.task import Task
from quod.core.diagnostics import Diagnostic

__all__ = ["suspicious_shape"]


def suspicious_shape(task: Task) -> list[Diagnostic]:
    """Doubts that need no words."""
    return []
