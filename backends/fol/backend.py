"""The fol backend: parse, lint, solve in the sandbox, check the evidence here, say it in words."""

from __future__ import annotations

import time
from dataclasses import dataclass

from quod.backends.fol import codes
from quod.backends.fol.checker import NAME as CHECKER
from quod.backends.fol.checker import Rejected, check
from quod.backends.fol.closure import check_chain, program
from quod.backends.fol.combine import Combined, combine
from quod.backends.fol.compare import compare
from quod.backends.fol.document import Raw, raw_document
from quod.backends.fol.external import claims, recheck
from quod.backends.fol.family import FAMILY
from quod.backends.fol.inventory import engines
from quod.backends.fol.lints import lint
from quod.backends.fol.mend import mend
from quod.backends.fol.outline import outline
from quod.backends.fol.report import describe, describe_chain, describe_word
from quod.backends.fol.resolve import resolve
from quod.backends.fol.rules import NotARule, truth
from quod.backends.fol.smt_check import check_smtlib, lint_smtlib
from quod.backends.fol.syntax import Theory
from quod.backends.fol.tables import load_tables
from quod.backends.fol.tptp_reader import read_tptp
from quod.backends.fol.words import Speaker
from quod.backends.sandbox import Limits, steady
from quod.core.assurance import Assurance, Certificate
from quod.core.diagnostics import Diagnostic
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict, JsonValue
from quod.core.outline import Element
from quod.core.problem import Problem, Semantics
from quod.core.protocols import CheckResult, EngineInfo, Equivalence, Mended
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["FolBackend"]

GROUND = "quod-ground"
FORWARD = "quod-forward"


@dataclass
class _Read:
    """A formal text read: its theory, or None where the diagnostics hold an error."""

    theory: Theory | None
    raw: Raw
    diagnostics: list[Diagnostic]


class FolBackend:
    """Implements :class:`quod.core.protocols.Backend` for first-order logic."""

    formalism = Formalism.FOL

    def check(self, formalization: Formalization, problem: Problem, run: Run) -> CheckResult:
        """Parse, lint, solve, certify."""
        if formalization.language == "smtlib2":
            return check_smtlib(formalization, problem, run)
        started = time.monotonic()
        if formalization.language == "tptp":
            text, trouble = read_tptp(formalization.text)
            if trouble:
                return CheckResult(diagnostics=tuple(trouble), timings={"parse": time.monotonic() - started})
            formalization = formalization.model_copy(update={"text": text, "language": "quod-fol"})
            return self.check(formalization, problem, run).model_copy(update={"formalization": formalization})
        read = self._read(formalization, problem)
        parsed = time.monotonic()
        timings = {"parse": parsed - started}
        if read.theory is None:
            return CheckResult(diagnostics=tuple(read.diagnostics), timings=timings)
        return self._decide(read.theory, formalization, problem, run, read.diagnostics, timings)

    def _read(self, formalization: Formalization, problem: Problem) -> _Read:
        raw = raw_document(formalization.text)
        facts, trouble = load_tables(raw, problem)
        theory, diagnostics = resolve(raw, facts)
        diagnostics = diagnostics + trouble
        if trouble:
            theory = None
        if theory is not None:
            diagnostics = diagnostics + lint(theory, raw)
        return _Read(theory, raw, diagnostics)

    def _decide(
        self,
        theory: Theory,
        formalization: Formalization,
        problem: Problem,
        run: Run,
        diagnostics: list[Diagnostic],
        timings: dict[str, float],
    ) -> CheckResult:
        if problem.options.semantics in {Semantics.CLOSURE, Semantics.CLOSED}:
            return self._forward(theory, formalization, problem, run, diagnostics, timings)
        solving = time.monotonic()
        seconds = run.engine_seconds
        run.emit("solving", {"engine": GROUND})
        request: JsonDict = {
            "text": formalization.text,
            "facts": _rows(theory),
            # Where other engines can take over, they get most of the time.
            "seconds": max(0.05, seconds * (0.9 if theory.question.kind == "find" else 0.4)),
        }
        result = steady(
            FAMILY,
            "quod.backends.fol.engines.ground:solve",
            request,
            Limits.of(problem.budget, seconds),
            cancel=run.cancel,
        )
        run.cancel.check()
        timings["solve"] = time.monotonic() - solving
        timings["engine"] = result.inner_seconds
        found: JsonDict = result.value if isinstance(result.value, dict) else {}
        if not result.ok or not found.get("conclusion"):
            detail = str(found.get("why") or result.detail)
            return self._take_over(theory, formalization, problem, run, diagnostics, timings, found, detail)
        conclusion = Conclusion(str(found["conclusion"]))
        payload = found["payload"]
        assert isinstance(payload, dict)
        return self._certify(theory, formalization, conclusion, payload, GROUND, diagnostics, timings, problem, run)

    def _take_over(
        self,
        theory: Theory,
        formalization: Formalization,
        problem: Problem,
        run: Run,
        diagnostics: list[Diagnostic],
        timings: dict[str, float],
        found: JsonDict,
        detail: str,
    ) -> CheckResult:
        """Z3, cvc5 and E on what the search here left open."""
        started = time.monotonic()
        if run.engine_seconds > 0.1:
            run.emit("solving", {"engine": "z3 cvc5 eprover"})
            combined = combine(theory, formalization.text, _rows(theory), found, problem, run)
        else:
            combined = Combined(None, why=detail)
        timings["engine"] = timings.get("engine", 0.0) + time.monotonic() - started
        timings["solve"] = timings.get("solve", 0.0) + time.monotonic() - started
        diagnostics = [*diagnostics, *combined.diagnostics]
        conclusion = combined.conclusion
        if conclusion is None:
            why = combined.why or detail
            out_of_time = run.engine_seconds <= 0.1 or "time" in why
            reason = GaveUp.TIMEOUT if out_of_time else GaveUp.INCOMPLETE
            verdict = Verdict.giving_up(reason, engine=GROUND, detail=why)
            gave = codes.GAVE_UP.error(f"no engine decided this within the limits ({why or reason})")
            return CheckResult(verdict=verdict, diagnostics=(*diagnostics, gave), timings=timings)
        engine = " + ".join(combined.engines)
        if combined.payload is not None:
            return self._certify(
                theory, formalization, conclusion, combined.payload, engine, diagnostics, timings, problem, run
            )
        words, data = describe_word(theory, conclusion, engine)
        if conclusion is Conclusion.INCONSISTENT:
            diagnostics = [*diagnostics, _contradiction(data)]
        return CheckResult(
            verdict=Verdict(conclusion=conclusion, engine=engine, seconds=timings["solve"]),
            assurance=combined.assurance,
            claims=combined.claims,
            diagnostics=tuple(diagnostics),
            words=words,
            data={**data, **combined.data},
            timings=timings,
        )

    def _forward(
        self,
        theory: Theory,
        formalization: Formalization,
        problem: Problem,
        run: Run,
        diagnostics: list[Diagnostic],
        timings: dict[str, float],
    ) -> CheckResult:
        """The semantics that run rules forward."""
        closed = problem.options.semantics is Semantics.CLOSED
        solving = time.monotonic()
        try:
            rules = program(theory, closed)
            for s in theory.question.formulas:
                truth(s.formula, set(), closed)
        except NotARule as error:
            kind = codes.NOT_STRATIFIED if "circle" in str(error) else codes.NOT_RULES
            name = "closed" if closed else "closure"
            hint = "use --semantics classical, or write it as facts and rules"
            bad = kind.error(f"the semantics '{name}' cannot read this: {error}", hint=hint)
            verdict = Verdict.giving_up(GaveUp.UNSUPPORTED, engine=FORWARD, detail=str(error))
            return CheckResult(verdict=verdict, diagnostics=(*diagnostics, bad), timings=timings)
        run.emit("solving", {"engine": FORWARD})
        request: JsonDict = {"text": formalization.text, "facts": _rows(theory), "closed": closed}
        limits = Limits.of(problem.budget, run.engine_seconds)
        result = steady(FAMILY, "quod.backends.fol.engines.forward:solve", request, limits, cancel=run.cancel)
        run.cancel.check()
        timings["solve"] = time.monotonic() - solving
        timings["engine"] = result.inner_seconds
        found = result.value if isinstance(result.value, dict) else {}
        if not result.ok or not isinstance(payload := found.get("payload"), dict):
            verdict = result.gave_up(FORWARD)
            gave = codes.GAVE_UP.error(f"forward chaining did not end within the limits ({verdict.gave_up})")
            return CheckResult(verdict=verdict, diagnostics=(*diagnostics, gave), timings=timings)
        certifying = time.monotonic()
        conclusion = Conclusion(str(found["conclusion"]))
        wrong = check_chain(rules, conclusion, payload)
        timings["certify"] = time.monotonic() - certifying
        if wrong:
            bad = codes.EVIDENCE_REJECTED.error(f"the evidence was not accepted: {wrong}")
            verdict = Verdict.giving_up(GaveUp.CRASHED, engine=FORWARD, detail=wrong)
            return CheckResult(verdict=verdict, diagnostics=(*diagnostics, bad), timings=timings)
        listed = found.get("needed")
        needed = [str(n) for n in listed] if isinstance(listed, list) else []
        words, data = describe_chain(theory, conclusion, payload, needed, closed=closed)
        if conclusion is Conclusion.INCONSISTENT:
            diagnostics = [*diagnostics, _contradiction(data)]
        return CheckResult(
            verdict=Verdict(conclusion=conclusion, engine=FORWARD, seconds=timings["solve"]),
            certificate=Certificate(
                kind="forward-chaining",
                payload={"conclusion": conclusion.value, "closed": closed, **payload},
                checker="quod.backends.fol.closure",
                accepted=True,
                engine=FORWARD,
                formal_digest=formalization.digest,
                seconds=timings["certify"],
            ),
            assurance=Assurance.CERTIFICATE,
            diagnostics=tuple(diagnostics),
            words=words,
            data=data,
            timings=timings,
        )

    def _certify(
        self,
        theory: Theory,
        formalization: Formalization,
        conclusion: Conclusion,
        payload: dict[str, JsonValue],
        engine: str,
        diagnostics: list[Diagnostic],
        timings: dict[str, float],
        problem: Problem,
        run: Run,
    ) -> CheckResult:
        certifying = time.monotonic()
        try:
            refutations = check(theory, conclusion, payload)
            seconds = time.monotonic() - certifying
            rechecked = recheck(refutations, run)
            if rechecked is not None and rechecked.accepted is False:
                raise Rejected(f"{rechecked.checker} refuses what the checker here accepted")
        except Rejected as rejected:
            verdict = Verdict.giving_up(GaveUp.CRASHED, engine=engine, detail=str(rejected))
            bad = codes.EVIDENCE_REJECTED.error(f"the evidence was not accepted: {rejected}")
            return CheckResult(verdict=verdict, diagnostics=(*diagnostics, bad), timings=timings)
        timings["certify"] = seconds
        certificate = Certificate(
            kind=_KINDS.get(conclusion, "finite-model"),
            payload={"conclusion": conclusion.value, **payload},
            checker=CHECKER,
            accepted=True,
            engine=engine,
            formal_digest=formalization.digest,
            seconds=seconds,
        )
        words, data = describe(theory, conclusion, payload)
        question = None
        if conclusion is Conclusion.UNDETERMINED and problem.options.attended:
            question = self._clarify(theory, formalization, problem, run)
        if conclusion is Conclusion.INCONSISTENT:
            diagnostics = [*diagnostics, _contradiction(data)]
        return CheckResult(
            verdict=Verdict(conclusion=conclusion, engine=engine, seconds=timings.get("solve", 0.0)),
            certificate=certificate,
            assurance=Assurance.CERTIFICATE,
            claims=claims(rechecked),
            diagnostics=tuple(diagnostics),
            words=words,
            data=data,
            question=question,
            timings=timings,
        )

    def _clarify(self, theory: Theory, formalization: Formalization, problem: Problem, run: Run) -> str | None:
        """The one missing fact that would settle an open question, as a question."""
        seconds = min(5.0, run.engine_seconds)
        request: JsonDict = {"text": formalization.text, "facts": _rows(theory), "seconds": seconds * 0.8}
        limits = Limits.of(problem.budget, seconds)
        result = steady(FAMILY, "quod.backends.fol.engines.ground:missing", request, limits, cancel=run.cancel)
        value = result.value
        if not (
            isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], list)
        ):
            return None
        say = Speaker(theory)
        return f"Is it so that {say.predicate(value[0], [say.name(str(c)) for c in value[1]])}?"

    def lint(self, formalization: Formalization, problem: Problem) -> tuple[Diagnostic, ...]:
        """Parse and lint only."""
        if formalization.language == "smtlib2":
            return tuple(lint_smtlib(formalization.text))
        if formalization.language == "tptp":
            text, trouble = read_tptp(formalization.text)
            if trouble:
                return tuple(trouble)
            formalization = formalization.model_copy(update={"text": text, "language": "quod-fol"})
        return tuple(self._read(formalization, problem).diagnostics)

    def mend(self, text: str) -> Mended:
        """Repair notation without touching meaning."""
        return mend(text)

    def outline(self, formalization: Formalization) -> tuple[Element, ...]:
        """The elements of a text, lexically."""
        return outline(formalization.text)

    def read_back(self, formalization: Formalization, problem: Problem) -> str:
        """Every sentence in words, one a line, then the question."""
        read = self._read(formalization, problem)
        if read.theory is None:
            return ""
        say = Speaker(read.theory)
        lines = [f"{s.id}: {say.formula(s.formula)}." for s in read.theory.premises]
        lines += [f"{s.id}? {say.formula(s.formula)}" for s in read.theory.question.formulas]
        return "\n".join(lines)

    def equivalent(self, a: Formalization, b: Formalization, problem: Problem, run: Run) -> Equivalence:
        """Whether two formalizations say the same."""
        one, two = self._read(a, problem).theory, self._read(b, problem).theory
        if one is None or two is None or a.language != "quod-fol" or b.language != "quod-fol":
            return Equivalence(equivalent=None, difference="one of the texts cannot be read")
        if a.text == b.text:
            return Equivalence(equivalent=True, level="identical")

        def ask(text: str) -> CheckResult:
            both = Formalization(formalism=Formalism.FOL, text=text, language="quod-fol")
            return self.check(both, Problem(text="Do they say the same?", budget=problem.budget), run)

        return compare(one, two, ask, run)

    def schema(self) -> JsonDict | None:
        """The language is not JSON."""
        return None

    def engines(self) -> tuple[EngineInfo, ...]:
        """Engines known and at hand."""
        return engines()


_KINDS = {
    Conclusion.PROVED: "ground-refutation",
    Conclusion.DISPROVED: "ground-refutation",
    Conclusion.INCONSISTENT: "ground-refutation",
    Conclusion.UNIQUE: "ground-refutation",
    Conclusion.NONE: "ground-refutation",
}


def _rows(theory: Theory) -> JsonDict:
    return {name: [list(r) for r in rows] for name, rows in theory.facts.items()}


def _contradiction(data: JsonDict) -> Diagnostic:
    words = data.get("conflict_words")
    said = "; ".join(str(w) for w in words) if isinstance(words, list) else ""
    return codes.INCONSISTENT.warning(f"these premises cannot all be true: {said}", source=said or None)
