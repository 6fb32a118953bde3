"""The lean backend: candidate proofs to kernel-checked answers, where a Lean is at hand; where none is, it says so."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from quod.backends.itp.pool import PoolLimits, SessionPool
from quod.backends.itp.types import FileCheck, Healed, Outcome, Statement
from quod.backends.lean import codes
from quod.backends.lean.checker import judge_axioms, judge_messages, static_check, strip_header, verify, without_imports
from quod.backends.lean.holes import fill
from quod.backends.lean.kimina import KiminaClient
from quod.backends.lean.lints import lint_statement
from quod.backends.lean.mend import mend
from quod.backends.lean.repair import heal
from quod.backends.lean.repl import HeaderRepl, ReplProgram, installed_repl
from quod.backends.lean.scan import blank_comments
from quod.backends.lean.second import second_judge
from quod.backends.lean.statement import automated, holed, pinned, read_statement
from quod.backends.lean.wire import CommandResult
from quod.backends.lean.words import read_back
from quod.core.assurance import Assurance, Certificate
from quod.core.diagnostics import Diagnostic, has_errors
from quod.core.errors import InfrastructureError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.core.protocols import CheckResult, EngineInfo, Equivalence, Mended
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["LeanBackend"]

MAX_CHARS = 400_000
_CHECKER = "quod.backends.lean.checker (REPL in command mode, pinned; #print axioms)"
_HOW = "set QUOD_LEAN_REPL and QUOD_LEAN_PROJECT, or QUOD_KIMINA_URL; see docs/lean.md"
_CHECK_RESERVE = 0.4
"""Share of the time left that is kept for judging a proof from scratch."""
_GAVE_UP = {Outcome.TIMEOUT: GaveUp.TIMEOUT, Outcome.CRASHED: GaveUp.CRASHED}


@dataclass(frozen=True)
class _Task:
    statement: Statement | None
    candidate: str | None
    diagnostics: tuple[Diagnostic, ...]


class LeanBackend:
    """Implements :class:`quod.core.protocols.Backend` for Lean 4.

    The text holds a header and a theorem; with a proof it is judged. A ``.lean`` file in the context with a theorem is
    the trusted statement, and the text its candidate. Rules that need no Lean (allow-list, statement) always apply.
    """

    formalism = Formalism.LEAN

    def __init__(self, program: ReplProgram | None = None, kimina: KiminaClient | None = None) -> None:
        """By default the REPL and server that the environment names; tests pass a transcript player."""
        self._program = program or installed_repl()
        url = os.environ.get("QUOD_KIMINA_URL", "")
        self._kimina = kimina or (KiminaClient(url, api_key=os.environ.get("QUOD_KIMINA_KEY")) if url else None)
        self._pool: SessionPool[HeaderRepl] | None = None
        self._lock = threading.Lock()

    # ------------------------------------------------------------------------------------------------ the protocol
    def check(self, formalization: Formalization, problem: Problem, run: Run) -> CheckResult:
        """Judge the proof in the text. Raises Cancelled."""
        run.cancel.check()
        started = time.monotonic()
        task = _read(formalization, problem)
        timings = {"parse": time.monotonic() - started}
        if task.statement is None or has_errors(task.diagnostics):
            return CheckResult(diagnostics=task.diagnostics, timings=timings)
        if task.candidate is not None:
            early = static_check(task.statement, task.candidate)
            if early is not None:
                data: JsonDict = {"outcome": str(early.outcome), "cheat": str(early.cheat) if early.cheat else None}
                return CheckResult(diagnostics=(*task.diagnostics, *early.diagnostics), data=data, timings=timings)
        if self._program is None and self._kimina is None:
            missing = codes.NOT_INSTALLED.error("no Lean is at hand, so the text was read but not checked", hint=_HOW)
            verdict = Verdict.giving_up(GaveUp.UNSUPPORTED, engine="lean", detail="not installed")
            return CheckResult(verdict=verdict, diagnostics=(*task.diagnostics, missing), timings=timings)
        seconds = min(run.seconds_left, max(run.engine_seconds, 5.0))
        candidate, found_by = task.candidate, ""
        if candidate is None:
            candidate, found_by = self._searched(task.statement, seconds * (1 - _CHECK_RESERVE))
            timings["solve"] = time.monotonic() - started
            run.cancel.check()
            if candidate is None:
                return _none_found(task, run, timings)
            seconds = min(seconds, run.seconds_left)
        if self._program is not None:
            result, assurance, engine = self._by_repl(task.statement, candidate, seconds), Assurance.KERNEL, "lean repl"
        else:
            result, assurance = self._by_server(task.statement, candidate)
            engine = "lean (kimina server)"
        run.cancel.check()
        timings["certify"] = timings["engine"] = result.seconds
        if task.candidate is None and result.outcome is Outcome.INCOMPLETE:
            return _none_found(task, run, timings)
        answer = self._answer(task, formalization, candidate, result, assurance, engine, timings)
        return answer.model_copy(update={"data": {**answer.data, "found_by": found_by}}) if found_by else answer

    def _answer(
        self,
        task: _Task,
        formalization: Formalization,
        candidate: str,
        result: FileCheck,
        assurance: Assurance,
        engine: str,
        timings: dict[str, float],
    ) -> CheckResult:
        assert task.statement is not None
        diagnostics = (*task.diagnostics, *result.diagnostics)
        if result.outcome is not Outcome.PROVED:
            data: JsonDict = {"outcome": str(result.outcome), "cheat": str(result.cheat) if result.cheat else None}
            if result.outcome in _GAVE_UP:
                verdict = Verdict.giving_up(_GAVE_UP[result.outcome], engine=engine, seconds=result.seconds)
                return CheckResult(verdict=verdict, diagnostics=diagnostics, data=data, timings=timings)
            return CheckResult(diagnostics=diagnostics, data=data, timings=timings)
        certificate = Certificate(
            kind="proof",
            payload={"language": "lean4", "statement": task.statement.source, "proof": candidate,
                     "axioms": list(result.axioms)},
            checker=_CHECKER,
            accepted=result.audited,
            engine=engine,
            formal_digest=formalization.digest,
            seconds=result.seconds,
        )  # fmt: skip
        return CheckResult(
            verdict=Verdict(conclusion=Conclusion.PROVED, engine=engine, seconds=result.seconds),
            certificate=certificate,
            assurance=assurance,
            diagnostics=diagnostics,
            words=f"The statement '{task.statement.name}' is proved.",
            data={"proof": candidate, "axioms": list(result.axioms), "name": task.statement.name},
            timings=timings,
        )

    def _searched(self, statement: Statement, seconds: float) -> tuple[str | None, str]:
        """A candidate that automation makes for a statement, and the tactic that did it; still to be judged.

        Without a REPL the candidate tries one tactic after another by itself, on the server.
        """
        if self._program is None:
            return automated(statement), "automation"
        try:
            with self.pool.lease(statement.header, timeout=max(1.0, seconds)) as repl:
                healed = heal(statement, holed(statement), repl, seconds)
        except InfrastructureError as error:
            if error.code == "lean.header":
                return holed(statement), ""  # the judge says what Lean has against the header
            raise
        return (None, "") if healed.open_holes else (healed.text, "; ".join(healed.strategies))

    def _by_repl(self, statement: Statement, candidate: str, seconds: float) -> FileCheck:
        try:
            with self.pool.lease(statement.header, timeout=seconds) as repl:
                first = verify(statement, candidate, repl, seconds)
        except InfrastructureError as error:
            if error.code == "lean.header":
                return FileCheck(Outcome.ERROR, (codes.UNKNOWN_NAME.error(error.message),))
            return FileCheck(Outcome.CRASHED, (codes.REPL_DIED.error(error.message),))
        assert self._program is not None
        left = max(5.0, seconds - first.seconds)
        second = second_judge(statement, candidate, self._program, left) if first.proved else None
        if second is None:
            return first
        diagnostics = (*first.diagnostics, *second.diagnostics)
        return replace(first, outcome=second.outcome, cheat=second.cheat, diagnostics=diagnostics)

    def _by_server(self, statement: Statement, candidate: str) -> tuple[FileCheck, Assurance]:
        """The server elaborates candidate and pin in one file; without the pin's axiom list its word is ``engine``."""
        assert self._kimina is not None
        before, after, name = pinned(statement)
        body, offset = strip_header(candidate, statement.header)
        body = body if offset else without_imports(candidate)
        whole = f"{statement.header}\n{before}\n{body.rstrip()}\n\n{after}"
        started = time.monotonic()
        try:
            reply = self._kimina.verify({statement.name: whole})[statement.name]
        except InfrastructureError as error:
            return FileCheck(Outcome.CRASHED, (codes.REPL_DIED.error(error.message),)), Assurance.NONE
        taken = time.monotonic() - started
        if reply.result is None:
            code, outcome = (codes.TIMEOUT, Outcome.TIMEOUT) if reply.timed_out else (codes.REPL_DIED, Outcome.CRASHED)
            return FileCheck(
                outcome, (code.error(reply.error or "the server gave no result"),), seconds=taken
            ), Assurance.NONE
        against = judge_messages(reply.result)
        if against is not None:
            return against, Assurance.NONE
        messages = reply.result.messages if isinstance(reply.result, CommandResult) else ()
        audited = judge_axioms(messages, name)
        if audited.outcome is Outcome.CRASHED:
            doubt = codes.UNAUDITED.warning("the server accepts the proof; its axioms could not be listed")
            return FileCheck(Outcome.PROVED, (doubt,), seconds=taken), Assurance.ENGINE
        return audited, Assurance.KERNEL

    def lint(self, formalization: Formalization, problem: Problem) -> tuple[Diagnostic, ...]:
        """Read the text; what can be said without Lean."""
        task = _read(formalization, problem)
        if task.statement is None or task.candidate is None:
            return task.diagnostics
        early = static_check(task.statement, task.candidate)
        return (*task.diagnostics, *(early.diagnostics if early else ()))

    def mend(self, text: str) -> Mended:
        """Code fences, prose around the text, spellings of older Mathlib."""
        return mend(text)

    def read_back(self, formalization: Formalization, problem: Problem) -> str:
        """The statement in words; empty if it cannot be read."""
        statement = _read(formalization, problem).statement
        return read_back(statement) if statement else ""

    def equivalent(self, a: Formalization, b: Formalization, problem: Problem, run: Run) -> Equivalence:  # noqa: ARG002
        """Level ``identical``: the same words, names of the theorems aside. More needs a Lean."""
        first, second = _read(a, problem).statement, _read(b, problem).statement
        if first is None or second is None:
            return Equivalence(equivalent=None, difference="one of the texts cannot be read")
        if _flat(first) == _flat(second):
            return Equivalence(equivalent=True, level="identical")
        return Equivalence(equivalent=None, difference="the words differ, and no Lean compared their meaning")

    def schema(self) -> JsonDict | None:
        """Lean's language is not JSON."""
        return None

    def engines(self) -> tuple[EngineInfo, ...]:
        """The REPL and the server, if any."""
        program = self._program
        return (
            _engine("lean repl", program.version if program else None, "Apache-2.0", "kernel"),
            _engine("kimina server", "configured" if self._kimina else None, "MIT", "a remote Lean"),
        )

    def heal(self, formalization: Formalization, problem: Problem, run: Run) -> Healed | None:
        """The candidate with its failing steps cut out and what the portfolio closes put in; None without a REPL.

        What comes back is text to be given to ``check``. Raises InfrastructureError.
        """
        task = _read(formalization, problem)
        if task.statement is None or task.candidate is None or self._program is None:
            return None
        with self.pool.lease(task.statement.header, timeout=max(1.0, run.seconds_left)) as repl:
            return heal(task.statement, task.candidate, repl, min(run.engine_seconds, run.seconds_left))

    def fill(self, healed: Healed, proofs: Mapping[int, str]) -> str:
        """The healed text with proofs put into its open holes, by number."""
        numbers = [hole.number for hole in healed.open_holes]
        return fill(healed.text, {numbers.index(n) + 1: proof for n, proof in proofs.items() if n in numbers})

    @property
    def pool(self) -> SessionPool[HeaderRepl]:
        """The pool of REPLs by import header, made at first use."""
        with self._lock:
            if self._pool is None:
                program = self._program
                assert program is not None
                limits = PoolLimits(sessions=max(1, min(4, os.cpu_count() or 1)), session_mb=0.75 * program.memory_mb)
                self._pool = SessionPool(lambda header: HeaderRepl(program, header), limits)
                atexit.register(self._pool.close)
            return self._pool


def _none_found(task: _Task, run: Run, timings: dict[str, float]) -> CheckResult:
    assert task.statement is not None
    why = codes.NO_PROOF_FOUND.warning(
        f"none of the automation's tactics proves '{task.statement.name}' within the limits",
        hint="give a proof, or raise the budget",
    )
    reason = GaveUp.TIMEOUT if run.seconds_left < 1 else GaveUp.INCOMPLETE
    verdict = Verdict.giving_up(reason, engine="lean", seconds=timings.get("solve", 0.0))
    return CheckResult(verdict=verdict, diagnostics=(*task.diagnostics, why), timings=timings)


def _engine(name: str, version: str | None, licence: str, what: str) -> EngineInfo:
    return EngineInfo(name=name, version=version, licence=licence, optional=True, note=f"{what}; {_HOW}")


def _read(formalization: Formalization, problem: Problem) -> _Task:
    text = formalization.text
    if len(text) > MAX_CHARS:
        return _Task(None, None, (codes.TOO_LONG.error(f"the text has {len(text)} characters, over {MAX_CHARS}"),))
    if "\x00" in text:
        return _Task(None, None, (codes.SYNTAX.error("the text holds NUL characters"),))
    for item in problem.attachments(".lean"):
        trusted = item.read_text()
        statement, _ = read_statement(trusted)
        if statement is None:
            text = text if text.startswith(trusted.rstrip()) else f"{trusted.rstrip()}\n{text}"
            continue
        same = " ".join(text.split()) == " ".join(statement.source.split()) or not text.strip()
        return _Task(statement, None if same else text, lint_statement(statement))
    statement, problems = read_statement(text)
    if statement is None:
        return _Task(None, None, problems)
    left = blank_comments(statement.proof).strip()
    return _Task(statement, text if left and left != "sorry" else None, lint_statement(statement))


def _flat(statement: Statement) -> str:
    return " ".join(f"{statement.header} {statement.text}".replace(statement.name, "_").split())
