"""What `solve` and `check` have in common: run, show, and turn the answer into an exit status."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

import click
from rich.console import Console

from quod.cli.show import answer_console, show_answer, show_event
from quod.core.answer import Answer, Status
from quod.core.budget import Budget
from quod.core.model import JsonDict
from quod.core.run import Cancel, Run, silent
from quod.core.verdict import Conclusion

__all__ = ["answer_and_show", "expect_option"]

expect_option = click.option(
    "--expect",
    type=click.Choice([str(c) for c in Conclusion]),
    default=None,
    help="Exit with 0 only if the answer is verified and is this conclusion.",
)


def answer_and_show(
    budget: Budget, as_json: bool, expect: str | None, work: Callable[[Run], Answer], *, quiet: bool = False
) -> int:
    """Run ``work``, print the answer, and return the exit status: 0 verified (as expected), else 1."""
    progress = Console(stderr=True, highlight=False, soft_wrap=True)
    cancel = Cancel()

    def emit(kind: str, data: JsonDict) -> None:
        show_event(progress, kind, data)

    run = Run(budget=budget, cancel=cancel, emit=silent if as_json or quiet else emit)
    with _interruptible(cancel):
        answer = work(run)
    if as_json:
        click.echo(answer.model_dump_json(indent=2))
    else:
        show_answer(answer_console(), answer)
    if answer.status is not Status.VERIFIED:
        return 1
    return 0 if expect is None or answer.conclusion == expect else 1


class _interruptible:  # noqa: N801 - reads as a verb phrase where it is used
    """Ctrl-C cancels the work, so that engines are killed in order; a second Ctrl-C interrupts at once."""

    def __init__(self, cancel: Cancel) -> None:
        self._cancel = cancel
        self._previous: object = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._handle)

    def __exit__(self, *exc: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)  # type: ignore[arg-type]  # it came from signal.signal

    def _handle(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if self._cancel.requested:
            raise KeyboardInterrupt
        self._cancel.set()
