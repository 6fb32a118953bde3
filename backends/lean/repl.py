"""A client of the Lean REPL: requests and typed results over a sandboxed process, with every way to fail named.

A REPL that dies, hangs, outgrows its memory or prints garbage is killed and replaced, and what was asked is asked once
more. Requests are separated by blank lines, and so are answers (leanprover-community/repl).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quod.backends.lean.wire import CommandResult, ErrorResult, ReplResult, StepResult, WireError, parse_result
from quod.backends.sandbox import Limits, Session, SessionEnded
from quod.core.errors import InfrastructureError
from quod.core.model import JsonDict

__all__ = ["HeaderRepl", "Repl", "ReplFailedError", "ReplProgram", "installed_repl"]


class ReplFailedError(InfrastructureError):
    """The REPL is lost. ``how`` is ``died``, ``hung`` or ``garbage``."""

    code = "lean.repl_died"

    def __init__(self, message: str, how: str) -> None:
        super().__init__(message)
        self.how = how


@dataclass(frozen=True)
class ReplProgram:
    """How to start a REPL."""

    argv: tuple[str, ...]
    read_paths: tuple[str, ...] = ()
    """Folders it reads: the toolchain, the project with Mathlib."""
    files: dict[str, bytes] = field(default_factory=dict)
    memory_mb: int = 8192
    """The cap of one REPL; Mathlib alone takes about 3 GB of address space, most of it shared."""
    version: str = ""


def installed_repl() -> ReplProgram | None:
    """The REPL named by ``QUOD_LEAN_REPL`` (a command line, run in ``QUOD_LEAN_PROJECT``), or found on the path."""
    project = os.environ.get("QUOD_LEAN_PROJECT", "")
    command = os.environ.get("QUOD_LEAN_REPL") or ("repl" if shutil.which("repl") and shutil.which("lean") else "")
    if not command or (shutil.which("lean") is None and shutil.which("lake") is None):
        return None
    home = Path.home() / ".elan"
    paths = [str(p) for p in (home, Path(project)) if str(p) not in {"", "."} and p.exists()]
    inside = f"cd '{project}' && exec lake env {command}" if project else f"exec {command}"
    return ReplProgram(("sh", "-c", inside), tuple(paths), version="lean")


class Repl:
    """One REPL process. Not for several threads at once."""

    def __init__(self, program: ReplProgram, *, life_seconds: float = 3600.0) -> None:
        """Start it. Raises InfrastructureError if it cannot be started."""
        limits = Limits(wall=life_seconds, memory_mb=program.memory_mb, output_mb=64)
        self._session = Session(program.argv, limits=limits, files=program.files, read_paths=program.read_paths)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._session.alive

    @property
    def pid(self) -> int | None:
        """Its process id."""
        return self._session.pid

    @property
    def rss_mb(self) -> float:
        """MiB of resident memory."""
        return self._session.rss_mb

    def send(self, request: JsonDict, timeout: float) -> ReplResult:
        """One request. Raises ReplFailedError, after which this REPL is dead."""
        try:
            self._session.write(json.dumps(request, ensure_ascii=False).encode() + b"\n\n", timeout=timeout)
            answer = self._session.read_until(_answer_end, timeout)
        except TimeoutError:
            self.close()
            raise ReplFailedError(f"the REPL gave no answer within {timeout:g} s", "hung") from None
        except SessionEnded as error:
            raise ReplFailedError(f"the REPL has ended: {error.message}", "died") from None
        try:
            return parse_result(answer.decode(errors="replace").strip())
        except WireError as error:
            self.close()
            raise ReplFailedError(f"the REPL printed garbage: {error}", "garbage") from None

    def close(self) -> None:
        """End it. Safe to call twice."""
        self._session.close()


def _answer_end(data: bytes) -> int:
    """How many bytes make the first answer: up to a blank line after a closed JSON value; 0 for "not yet"."""
    start = 0
    stripped = data.lstrip()
    lead = len(data) - len(stripped)
    while (at := data.find(b"\n\n", max(start, lead))) >= 0:
        text = data[lead:at]
        if not text.lstrip().startswith(b"{"):
            return at + 2  # no answer begins like this: hand it on to be called garbage
        # JSON has no blank line inside a string, so a first block that does not close is damaged
        if text.count(b"{") <= text.count(b"}") or _is_json(text) or text.count(b'"') % 2:
            return at + 2
        start = at + 2
    return 0


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


class HeaderRepl:
    """A REPL with an import header loaded, as the pool keeps it. It replaces its process by itself, once a request."""

    def __init__(self, program: ReplProgram, header: str, *, header_seconds: float = 300.0) -> None:
        """Start and load ``header``. Raises InfrastructureError, with code ``lean.header`` where Lean refuses it."""
        self._program = program
        self._header = header
        self._header_seconds = header_seconds
        self.restarts = 0
        self._repl: Repl | None = None
        self.base: int | None = None
        for last in (False, True):
            try:
                self._start()
                break
            except ReplFailedError:
                self.restarts += 1
                if last:
                    raise

    def _start(self) -> None:
        self.close()
        self._repl = Repl(self._program)
        if not self._header.strip():
            self.base = None
            return
        result = self._repl.send({"cmd": self._header}, self._header_seconds)
        if not isinstance(result, CommandResult) or result.errors:
            detail = result.message if isinstance(result, ErrorResult) else ""
            if isinstance(result, CommandResult):
                detail = result.errors[0].data
            self.close()
            raise InfrastructureError(f"Lean rejects the header: {detail}"[:600], code="lean.header", retryable=False)
        self.base = result.env

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._repl is not None and self._repl.alive

    @property
    def rss_mb(self) -> float:
        """MiB of resident memory."""
        return self._repl.rss_mb if self._repl is not None and self._repl.alive else 0.0

    def reset(self) -> bool:
        """Environments are values in the REPL: nothing to undo."""
        return self.alive

    def close(self) -> None:
        """End it."""
        if self._repl is not None:
            self._repl.close()
            self._repl = None

    def commands(
        self, texts: Sequence[str], timeout: float, **options: bool
    ) -> tuple[CommandResult | ErrorResult, ...]:
        """Texts run one after the other, each in the environment the one before left, the first in the header's.

        Stops after the first with an error. The whole series is run once more on a fresh REPL if this one is lost.
        Raises ReplFailedError when it is lost again.
        """
        for last in (False, True):
            try:
                if not self.alive:
                    self._start()
                return self._series(texts, timeout, options)
            except ReplFailedError:
                self.restarts += 1
                self.close()
                if last:
                    raise
        raise AssertionError

    def _series(
        self, texts: Sequence[str], timeout: float, options: dict[str, bool]
    ) -> tuple[CommandResult | ErrorResult, ...]:
        assert self._repl is not None
        deadline = time.monotonic() + timeout
        env = self.base
        results: list[CommandResult | ErrorResult] = []
        for text in texts:
            request: JsonDict = {"cmd": text, **options}
            if env is not None:
                request["env"] = env
            result = self._repl.send(request, max(0.1, deadline - time.monotonic()))
            if isinstance(result, StepResult):
                raise ReplFailedError("the REPL answered a command with a proof state", "garbage")
            results.append(result)
            if isinstance(result, ErrorResult) or result.errors:
                break
            env = result.env
        return tuple(results)

    def tactic(self, tactic: str, proof_state: int, timeout: float) -> StepResult | ErrorResult:
        """A tactic at a proof state: for search only, its word is never a verdict."""
        if self._repl is None:
            raise ReplFailedError("the REPL is not running", "died")
        result = self._repl.send({"tactic": tactic, "proofState": proof_state}, timeout)
        if isinstance(result, CommandResult):
            raise ReplFailedError("the REPL answered a tactic with an environment", "garbage")
        return result


def python_paths() -> tuple[str, ...]:
    """What a Python program in the sandbox reads, for the transcript player."""
    return tuple(
        dict.fromkeys(str(Path(p)) for p in (sys.prefix, sys.base_prefix, Path(sys.executable).resolve().parent))
    )
