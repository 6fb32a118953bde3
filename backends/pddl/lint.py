"""Doubts about whether the formal problem says what was said."""

from __future__ import annotations

from quod.backends.pddl.mentions import compare_with_words
from quod.backends.pddl.shape import suspicious_shape
from quod.backends.pddl.task import Task
from quod.core.diagnostics import Diagnostic

__all__ = ["lint_task"]


def lint_task(task: Task, words: str | None) -> list[Diagnostic]:
    """Warnings about a task that loads; ``words`` is the person's text, if it is not the PDDL itself."""
    out = suspicious_shape(task)
    if words is not None:
        out += compare_with_words(task, words)
    return out
