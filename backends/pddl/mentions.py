"""Names, numbers and sentences of the words, compared with the formal problem."""

from __future__ import annotations

from quod.backends.pddl.task import Task
from quod.core.diagnostics import Diagnostic

__all__ = ["compare_with_words"]


def compare_with_words(task: Task, words: str) -> list[Diagnostic]:
    """Doubts that arise from comparing a task with the words it came from."""
    return []
