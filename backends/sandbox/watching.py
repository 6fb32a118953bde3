"""Hearing of every engine's end: for the counters, logs and traces of the packages above."""

from __future__ import annotations

import contextvars
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Ending", "Heard", "listen", "tell"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ending:
    """One engine's run, over."""

    family: str
    name: str
    """``module:function`` of a call, the program's name otherwise."""
    killed: str | None
    """Why the sandbox ended it: ``timeout memory processes disk output cpu syscall cancelled outrun closed lost``;
    None when it ended by itself."""
    detail: str
    began: float
    """Seconds since the epoch."""
    seconds: float
    cpu_seconds: float
    peak_mb: float


Heard = Callable[[Ending], None]
_listeners: list[Heard] = []

_BY_SIGNAL = {-signal.SIGXCPU: "cpu", -signal.SIGSYS: "syscall", -signal.SIGXFSZ: "disk"}


def by_signal(returncode: int | None) -> str | None:
    """Which of the kernel's limits ended a process that we did not kill, if one did."""
    return _BY_SIGNAL.get(returncode) if returncode is not None else None


def listen(heard: Heard) -> Callable[[], None]:
    """Call ``heard`` after each engine's end, in the context (contextvars) of its request. Returns the way to stop."""
    _listeners.append(heard)
    return lambda: _listeners.remove(heard) if heard in _listeners else None


def tell(context: contextvars.Context, ending: Ending) -> None:
    """Tell the listeners. What one of them raises is logged, never the engine's fault."""
    for heard in tuple(_listeners):
        try:
            context.copy().run(heard, ending)
        except Exception:
            log.exception("a listener failed")
