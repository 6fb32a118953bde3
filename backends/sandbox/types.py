"""What goes into the sandbox and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from quod.core.budget import Budget
from quod.core.model import JsonValue
from quod.core.verdict import GaveUp, Verdict

__all__ = ["CallResult", "Ended", "Limits", "ProgramResult"]


@dataclass(frozen=True)
class Limits:
    """Limits of one sandboxed call, enforced by killing its whole process group."""

    wall: float
    """Wall-clock seconds."""
    memory_mb: int = 2048
    """MiB of resident memory, summed over the process group."""
    cpu: float | None = None
    """CPU seconds per process; None means twice the wall limit plus one."""
    output_mb: int = 64
    """MiB of output read back; more is garbage."""
    disk_mb: int = 512
    """MiB of files in the scratch folder; also the most that one file may have."""
    processes: int = 64
    """Processes of the group. Threads are bounded too, more generously, where the kernel can count them."""

    @classmethod
    def of(cls, budget: Budget, wall: float) -> Limits:
        """Limits for one engine call of ``wall`` seconds within a budget."""
        return cls(wall=max(0.05, wall), memory_mb=budget.memory_mb)


class Ended(StrEnum):
    """How a sandboxed call ended."""

    OK = "ok"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    """Died of a signal, exited non-zero without a result, or the target raised (``detail`` says what)."""
    GARBAGE = "garbage"
    """Too much output, or a result that is not JSON."""
    CANCELLED = "cancelled"
    UNAVAILABLE = "unavailable"
    """The engine or program is not installed."""


_REASONS = {
    Ended.TIMEOUT: GaveUp.TIMEOUT,
    Ended.MEMORY: GaveUp.MEMORY,
    Ended.UNAVAILABLE: GaveUp.UNSUPPORTED,
}


@dataclass(frozen=True)
class CallResult:
    """What came of calling a Python function in the sandbox."""

    ended: Ended
    value: JsonValue = None
    """The function's JSON result, if it ended OK."""
    detail: str = ""
    seconds: float = 0.0
    """Wall-clock seconds, request to result."""
    inner_seconds: float = 0.0
    """Seconds inside the target function."""
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.ended is Ended.OK

    def gave_up(self, engine: str) -> Verdict:
        """The verdict for a call that did not end OK."""
        reason = _REASONS.get(self.ended, GaveUp.CRASHED)
        return Verdict.giving_up(reason, engine=engine, seconds=self.seconds, detail=self.detail)


@dataclass(frozen=True)
class ProgramResult:
    """What came of running an external program in the sandbox."""

    ended: Ended
    """OK means that it exited by itself, with whatever status."""
    returncode: int | None = None
    stdout: bytes = b""
    stderr: bytes = b""
    files: dict[str, bytes] = field(default_factory=dict)
    """The files asked for that exist in the scratch directory afterwards."""
    detail: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0

    def gave_up(self, engine: str) -> Verdict:
        """The verdict for a program that produced no usable result."""
        reason = _REASONS.get(self.ended, GaveUp.CRASHED)
        return Verdict.giving_up(reason, engine=engine, seconds=self.seconds, detail=self.detail)
