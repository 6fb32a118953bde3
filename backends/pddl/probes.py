"""Probes of a planning problem that nobody vouches for: does its goal ask for anything?

Whoever asks for a plan wants something that is not so yet. A part of the goal that no action can ever change is the
mark of a fact put in the wrong place; that the whole goal holds at the start is worth a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quod.backends.pddl import codes
from quod.backends.pddl.documents import load
from quod.backends.pddl.semantics import show
from quod.backends.pddl.syntax import And, Pred
from quod.backends.pddl.task import Task
from quod.core.diagnostics import Diagnostic, Span
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import CheckResult
from quod.core.verdict import Conclusion

__all__ = ["probes"]


def probes(
    formalization: Formalization,
    problem: Problem,
    result: CheckResult,
    ask: Callable[[Formalization], CheckResult],  # noqa: ARG001 - one shape for all backends
) -> tuple[Diagnostic, ...]:
    """Doubts about the goal of a problem for which there is a plan."""
    if result.verdict is None or result.verdict.conclusion is not Conclusion.PLAN:
        return ()
    task = load(formalization, problem).task
    if task is None:
        return ()
    if result.data.get("plan") == []:
        source = task.problem.source
        span = Span.at(source.text, task.goal.at)
        message = "the goal holds at the start, so nothing has to be done"
        # no doubt: 3 of the 84 golds of LLM+P are so, and their words say it
        return (codes.GOAL_HOLDS.info(message, span=span, file=source.file),)
    return tuple(_fixed_parts(task))


def _fixed_parts(task: Task) -> Iterator[Diagnostic]:
    """Parts of the goal that are so from the start and that no action touches."""
    parts = task.goal.parts if isinstance(task.goal, And) else (task.goal,)
    for part in parts:
        if not isinstance(part, Pred) or part.name in task.fluent_predicates:
            continue
        fact = (part.name, *(t.name for t in part.args))
        span = Span.at(task.problem.source.text, part.at, part.end)
        message = f"the goal asks for {show(fact)}, which is so from the start and which no action can change"
        yield codes.GOAL_FIXED.warning(message, span=span, file=task.problem.source.file)
