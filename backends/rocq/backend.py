"""The rocq backend: a statement, with or without a proof, to a kernel-checked answer."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from quod.backends.itp.pool import PoolLimits, SessionPool
from quod.backends.itp.types import FileCheck, Healed, Outcome, Statement
from quod.backends.rocq import codes
from quod.backends.rocq.arith import read_arithmetic
from quod.backends.rocq.checker import Checker
from quod.backends.rocq.disprove import ask_smt, hints, refutation, vacuity
from quod.backends.rocq.lints import lint_statement
from quod.backends.rocq.mend import mend
from quod.backends.rocq.portfolio import default_pool, prove, with_proof
from quod.backends.rocq.programs import installed
from quod.backends.rocq.repair import fill, heal
from quod.backends.rocq.sentences import split
from quod.backends.rocq.session import RocqSession
from quod.backends.rocq.statement import read_statement
from quod.backends.rocq.words import read_back
from quod.backends.sandbox import Limits
from quod.core.assurance import Assurance, Certificate
from quod.core.diagnostics import Diagnostic, has_errors
from quod.core.errors import Cancelled, InfrastructureError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.problem import FORMAL_ONLY, Problem
from quod.core.protocols import CheckResult, EngineInfo, Equivalence, Mended
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["RocqBackend"]

MAX_CHARS = 400_000
_CHECKER = "quod.backends.rocq.checker (coqc, pinned; Print Assumptions; coqchk)"
_GAVE_UP = {Outcome.TIMEOUT: GaveUp.TIMEOUT, Outcome.CRASHED: GaveUp.CRASHED}
_CHECK_RESERVE = 0.4
"""Share of the time left that is kept for checking a proof from scratch."""


@dataclass(frozen=True)
class _Task:
    """A formal text read: the trusted statement, and the candidate proof if there is one."""

    statement: Statement | None
    candidate: str | None
    diagnostics: tuple[Diagnostic, ...]


class RocqBackend:
    """Implements :class:`quod.core.protocols.Backend` for Rocq.

    The text holds a header and a statement; with a proof after it the proof is judged, without one the portfolio looks
    for it. Where the context brings a ``.v`` file with a statement, that statement is the trusted one and the text is a
    candidate for it; a ``.v`` file without a statement is a header put before the text.
    """

    formalism = Formalism.ROCQ

    def __init__(self) -> None:
        self._checker = Checker()
        self._pool: SessionPool[RocqSession] | None = None
        self._lock = threading.Lock()

    # ------------------------------------------------------------------------------------------------ the protocol
    def check(self, formalization: Formalization, problem: Problem, run: Run) -> CheckResult:
        """Judge the proof in the text, or look for one. Raises Cancelled."""
        run.cancel.check()
        started = time.monotonic()
        task = _read(formalization, problem)
        timings = {"parse": time.monotonic() - started}
        if task.statement is None or has_errors(task.diagnostics):
            return CheckResult(diagnostics=task.diagnostics, timings=timings)
        version = installed()
        if version is None:
            missing = codes.NOT_INSTALLED.error("coqc is not installed", hint="apt install coq, see docs/rocq.md")
            verdict = Verdict.giving_up(GaveUp.UNSUPPORTED, engine="coq", detail="not installed")
            return CheckResult(verdict=verdict, diagnostics=(*task.diagnostics, missing), timings=timings)
        engine = f"coq {version}"
        job = _Job(self, formalization, task.statement, run, engine, task.diagnostics, timings)
        if task.candidate is not None:
            return job.judge(task.candidate)
        try:
            return job.search()
        except Cancelled:
            raise
        except InfrastructureError as error:
            return job.session_failed(error)

    def lint(self, formalization: Formalization, problem: Problem) -> tuple[Diagnostic, ...]:
        """Read the text; what can be said without Rocq."""
        return _read(formalization, problem).diagnostics

    def mend(self, text: str) -> Mended:
        """Code fences, prose around the text, look-alike symbols, a forgotten last full stop."""
        return mend(text)

    def read_back(self, formalization: Formalization, problem: Problem) -> str:
        """The statement in words; empty if it cannot be read."""
        statement = _read(formalization, problem).statement
        return read_back(statement) if statement else ""

    def equivalent(self, a: Formalization, b: Formalization, problem: Problem, run: Run) -> Equivalence:
        """Levels: ``identical`` (same words), ``convertible`` (the kernel takes one for the other)."""
        first, second = _read(a, problem).statement, _read(b, problem).statement
        if first is None or second is None:
            return Equivalence(equivalent=None, difference="one of the texts cannot be read")
        if _flat(first) == _flat(second):
            return Equivalence(equivalent=True, level="identical")
        limits = Limits.of(run.budget, run.engine_seconds)
        swapped = f"{second.source}\nAdmitted.\n"
        same = self._checker.convertible(first, swapped, second.name, limits, run.cancel)
        if same:
            return Equivalence(equivalent=True, level="convertible")
        return Equivalence(equivalent=None, difference="the kernel does not take one statement for the other")

    def schema(self) -> JsonDict | None:
        """Rocq's language is not JSON."""
        return None

    def engines(self) -> tuple[EngineInfo, ...]:
        """Coq, with what it needs."""
        note = "kernel, portfolio and coqchk; apt install coq libcoq-coquelicot libcoq-interval coinor-csdp"
        return (EngineInfo(name="coq", version=installed(), licence="LGPL-2.1", optional=True, note=note),)

    # ---------------------------------------------------------------------------------------------------- repair
    def heal(self, formalization: Formalization, problem: Problem, run: Run) -> Healed | None:
        """The candidate proof in the text with its failing steps mended or cut out; None if there is none to mend.

        What comes back is text to be given to ``check``. Raises Cancelled and InfrastructureError.
        """
        task = _read(formalization, problem)
        if task.statement is None or task.candidate is None or installed() is None:
            return None
        return heal(
            task.statement, task.candidate, self.pool, min(run.engine_seconds, run.seconds_left), cancel=run.cancel
        )

    def fill(self, healed: Healed, proofs: Mapping[int, str]) -> str:
        """The healed text with proofs put into its open holes, by number."""
        return fill(healed, proofs)

    # ------------------------------------------------------------------------------------------------ shared parts
    @property
    def checker(self) -> Checker:
        """The judge of proofs, with its store of compiled statements."""
        return self._checker

    @property
    def pool(self) -> SessionPool[RocqSession]:
        """The pool of sessions, made at first use."""
        with self._lock:
            if self._pool is None:
                self._pool = default_pool(PoolLimits(sessions=_cores()))
                atexit.register(self._pool.close)
            return self._pool


def _cores() -> int:
    return max(1, min(4, os.cpu_count() or 1))


@dataclass
class _Job:
    """One call of ``check``."""

    backend: RocqBackend
    formalization: Formalization
    statement: Statement
    run: Run
    engine: str
    diagnostics: tuple[Diagnostic, ...]
    timings: dict[str, float]

    def judge(self, candidate: str, *, found_by: str = "") -> CheckResult:
        """Check a whole candidate file from scratch."""
        limits = Limits.of(self.run.budget, min(self.run.seconds_left, max(self.run.engine_seconds, 5.0)))
        result = self.backend.checker.check(self.statement, candidate, limits, self.run.cancel)
        self.run.cancel.check()
        self.timings["certify"] = self.timings.get("certify", 0.0) + result.seconds
        self.timings["engine"] = self.timings.get("engine", 0.0) + sum(result.stages.values())
        diagnostics = (*self.diagnostics, *result.diagnostics)
        if not result.proved:
            return self._rejected(result, diagnostics)
        if not found_by:
            diagnostics = (*diagnostics, *self._vacuous(()))
        return CheckResult(
            verdict=self._verdict(Conclusion.PROVED, result.seconds, found_by),
            certificate=self._certificate(candidate, result, "proof"),
            assurance=Assurance.KERNEL,
            diagnostics=diagnostics,
            words=self._proved_words(result),
            data={"proof": candidate, "axioms": list(result.axioms), "found_by": found_by, "name": self.statement.name},
            timings=self.timings,
        )

    def _rejected(self, result: FileCheck, diagnostics: tuple[Diagnostic, ...]) -> CheckResult:
        data: JsonDict = {"outcome": str(result.outcome), "cheat": str(result.cheat) if result.cheat else None}
        if result.outcome in _GAVE_UP:
            verdict = Verdict.giving_up(_GAVE_UP[result.outcome], engine=self.engine, seconds=result.seconds)
            return CheckResult(verdict=verdict, diagnostics=diagnostics, data=data, timings=self.timings)
        return CheckResult(diagnostics=diagnostics, data=data, timings=self.timings)

    def search(self) -> CheckResult:
        """Portfolio; what SMT knows (a counterexample, or the premises to keep); the portfolio with more patience."""
        started = time.monotonic()
        pool = self.backend.pool
        # the statement is compiled beside the search, for the check that follows it
        ready = threading.Thread(target=self._compile_statement, daemon=True, name="quod-rocq-statement")
        ready.start()
        seconds = min(self.run.engine_seconds, (1 - _CHECK_RESERVE) * self.run.seconds_left)
        workers = _cores()
        cancel = self.run.cancel
        found = prove(self.statement, pool, seconds, workers=workers, cancel=cancel, rounds=(2.0,))
        if found is None:
            smt = self._asked_smt()
            if isinstance(smt, CheckResult):
                self.timings["solve"] = time.monotonic() - started
                return smt
            left = seconds - (time.monotonic() - started)
            if smt and left > 2:
                found = prove(self.statement, pool, left / 2, workers=workers, cancel=cancel, names=smt, rounds=(8.0,))
        if found is None:
            left = seconds - (time.monotonic() - started)
            if left > 2:
                found = prove(self.statement, pool, left, workers=workers, cancel=cancel, rounds=(10.0, 20.0))
        self.timings["solve"] = time.monotonic() - started
        cancel.check()
        if found is None:
            why = codes.NO_PROOF_FOUND.warning(
                f"none of the automation's strategies proves '{self.statement.name}' within the limits",
                hint="give a proof, or raise the budget",
            )
            late = self.run.seconds_left < 1
            reason = GaveUp.TIMEOUT if late else GaveUp.INCOMPLETE
            verdict = Verdict.giving_up(reason, engine=self.engine, seconds=self.timings["solve"])
            return CheckResult(verdict=verdict, diagnostics=(*self.diagnostics, why), timings=self.timings)
        self.diagnostics = (*self.diagnostics, *self._vacuous((found.strategy,)))
        return self.judge(with_proof(self.statement, found.strategy), found_by=found.strategy)

    def _asked_smt(self) -> CheckResult | tuple[str, ...]:
        """The verdict where SMT found a counterexample that the kernel takes; else strategies it hints at."""
        arithmetic = read_arithmetic(self.statement)
        if arithmetic is None:
            return ()
        cancel = self.run.cancel
        answer = ask_smt(arithmetic, min(3.0, max(0.5, self.run.seconds_left / 5)), cancel)
        if answer is None:
            return ()
        against = refutation(self.statement, arithmetic, answer)
        if against is not None:
            limits = Limits.of(self.run.budget, max(2.0, self.run.seconds_left))
            result = self.backend.checker.check(against.statement, against.text, limits, cancel)
            if result.proved:
                return self._disproved(against.text, against.values, result)
        return hints(self.statement, arithmetic, answer)

    def _compile_statement(self) -> None:
        limits = Limits.of(self.run.budget, max(5.0, self.run.seconds_left))
        with suppress(Cancelled):
            self.backend.checker.statement_compiles(self.statement, limits, self.run.cancel)

    def _vacuous(self, names: tuple[str, ...]) -> tuple[Diagnostic, ...]:
        """A warning if the premises contradict each other, as far as a short search can tell."""
        tried = tuple(dict.fromkeys((*names, "p_lia", "p_lra", "p_nra", "p_psatz2")))
        for empty in vacuity(self.statement):
            try:
                seconds = min(5.0, self.run.seconds_left / 4)
                found = prove(empty, self.backend.pool, seconds, names=tried, rounds=(2.0,), cancel=self.run.cancel)
            except InfrastructureError:
                return ()
            if found is not None:
                hint = "the statement holds of nothing: check its premises"
                return (codes.VACUOUS.warning("the premises contradict each other", hint=hint),)
        return ()

    def _disproved(self, text: str, values: dict[str, tuple[int, int]], result: FileCheck) -> CheckResult:
        shown = ", ".join(f"{n} = {a}" if b == 1 else f"{n} = {a}/{b}" for n, (a, b) in values.items())
        note = codes.DISPROVED.info(f"false for {shown}")
        return CheckResult(
            verdict=self._verdict(Conclusion.DISPROVED, result.seconds, "counterexample"),
            certificate=self._certificate(text, result, "disproof"),
            assurance=Assurance.KERNEL,
            diagnostics=(*self.diagnostics, *result.diagnostics, note),
            words=f"The statement '{self.statement.name}' is false: it fails for {shown}.",
            data={
                "proof": text,
                "counterexample": {n: f"{a}/{b}" if b != 1 else str(a) for n, (a, b) in values.items()},
            },
            timings=self.timings,
        )

    def session_failed(self, error: InfrastructureError) -> CheckResult:
        """The statement does not get past Rocq, or no session could be had."""
        if error.code == "rocq.statement_fails":
            limits = Limits.of(self.run.budget, max(5.0, self.run.engine_seconds))
            result = self.backend.checker.statement_compiles(self.statement, limits, self.run.cancel)
            if result.outcome is Outcome.INCOMPLETE:  # coqc takes what the session refused: it is our tactics that fail
                note = codes.AUTOMATION_FAILS.warning(error.message[:400], hint="give a proof: it can still be checked")
                verdict = Verdict.giving_up(GaveUp.UNSUPPORTED, engine=self.engine, detail="automation not loaded")
                return CheckResult(verdict=verdict, diagnostics=(*self.diagnostics, note), timings=self.timings)
            return CheckResult(diagnostics=(*self.diagnostics, *result.diagnostics), timings=self.timings)
        verdict = Verdict.giving_up(GaveUp.CRASHED, engine=self.engine, detail=error.message)
        crash = codes.CRASHED.error(error.message)
        return CheckResult(verdict=verdict, diagnostics=(*self.diagnostics, crash), timings=self.timings)

    def _verdict(self, conclusion: Conclusion, seconds: float, detail: str) -> Verdict:
        return Verdict(conclusion=conclusion, engine=self.engine, seconds=seconds, detail=detail)

    def _certificate(self, proof: str, result: FileCheck, kind: str) -> Certificate:
        return Certificate(
            kind=kind,
            payload={
                "language": "rocq",
                "statement": self.statement.source,
                "proof": proof,
                "axioms": list(result.axioms),
            },
            checker=_CHECKER,
            accepted=result.proved,
            engine=self.engine,
            formal_digest=self.formalization.digest,
            seconds=result.seconds,
        )

    def _proved_words(self, result: FileCheck) -> str:
        rests = f", resting on {len(result.axioms)} library axioms" if result.axioms else ", without axioms"
        return f"The statement '{self.statement.name}' is proved{rests}."


def _read(formalization: Formalization, problem: Problem) -> _Task:
    text = formalization.text
    if len(text) > MAX_CHARS:
        return _Task(None, None, (codes.TOO_LONG.error(f"the text has {len(text)} characters, over {MAX_CHARS}"),))
    if "\x00" in text:
        return _Task(None, None, (codes.SYNTAX.error("the text holds NUL characters"),))
    given = problem.text == FORMAL_ONLY
    for item in problem.attachments(".v"):
        trusted = item.read_text()
        statement, _ = read_statement(trusted)
        if statement is None:
            # a header only
            text = text if text.startswith(trusted.rstrip()) else f"{trusted.rstrip()}\n{text}"
            given = True
            continue
        if statement.proof.strip():
            statement, _ = read_statement(statement.source)
            assert statement is not None
        same = " ".join(text.split()) == " ".join(statement.source.split()) or not text.strip()
        candidate = None if same else text
        return _Task(statement, candidate, lint_statement(statement, given=True))
    statement, problems = read_statement(text)
    if statement is None:
        return _Task(None, None, problems)
    proof = split(statement.proof)
    open_end = len(proof) == 0 or [s.words[:1] for s in proof] in ([("Admitted",)], [("Proof",), ("Admitted",)])
    stripped, _ = read_statement(statement.source)
    return _Task(stripped or statement, None if open_end else text, lint_statement(statement, given=given))


def _flat(statement: Statement) -> str:
    return " ".join(f"{statement.header} {statement.text}".replace(statement.name, "_").split())
