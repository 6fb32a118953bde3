"""A checked answer for an SMT-LIB script: two engines for every verdict, an exact evaluation for every solution."""

from __future__ import annotations

import re
import time
from fractions import Fraction

from quod.backends.fol import codes
from quod.backends.fol.sexpr import Node
from quod.backends.fol.smt_eval import Value
from quod.backends.fol.smtlib import Script, read_script, satisfies
from quod.backends.sandbox import Call, Limits, call, race
from quod.core.assurance import Assurance, Certificate, Claim
from quod.core.diagnostics import Diagnostic, Span
from quod.core.formalization import Formalization
from quod.core.model import JsonDict, JsonValue
from quod.core.problem import Problem
from quod.core.protocols import CheckResult
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["check_smtlib", "lint_smtlib"]

_MODULE = "quod.backends.fol.engines.smtlib"


def lint_smtlib(text: str) -> list[Diagnostic]:
    """What is wrong with a script, by its commands and parentheses."""
    return read_script(text)[1]


class _Asker:
    def __init__(self, script: Script, problem: Problem, run: Run) -> None:
        self.script, self.run = script, run
        self.seconds = run.engine_seconds / 3
        self.limits = Limits.of(problem.budget, self.seconds)
        self.engine_seconds = 0.0
        self.why = ""

    def ask(self, extra: list[str]) -> tuple[str, Assurance, dict[str, str], list[str]]:
        """``sat``, ``unsat`` or ``unknown`` with its assurance, a solution and a core."""
        lines = [*self.script.declarations]
        lines += [f"(assert (! {self.script.source(node)} :named {name}))" for name, node in self.script.assertions]
        lines += extra
        constants: list[JsonValue] = list(self.script.constants)
        request: JsonDict = {"script": "\n".join(lines), "seconds": self.seconds * 0.8, "constants": constants}
        calls = [
            Call("z3", f"{_MODULE}:z3_solve", request, self.limits),
            Call("cvc5", f"{_MODULE}:cvc5_solve", request, self.limits),
        ]
        results = race(calls, cancel=self.run.cancel)
        self.run.cancel.check()
        said: dict[str, JsonDict] = {}
        for name, result in zip(("z3", "cvc5"), results, strict=True):
            self.engine_seconds += result.inner_seconds
            value = result.value if isinstance(result.value, dict) else {}
            if result.ok and value.get("result") in {"sat", "unsat"}:
                said[name] = value
            elif not result.ok:
                self.why = result.detail or str(result.ended)
        kinds = {str(v["result"]) for v in said.values()}
        if len(kinds) != 1:
            self.why = "engines contradict each other" if kinds else self.why or "no engine decided it"
            return "unknown", Assurance.NONE, {}, []
        assurance = Assurance.CROSS_CHECKED if len(said) == 2 else Assurance.ENGINE
        first = said.get("z3", {})
        values, core = first.get("values"), first.get("core")
        return (
            kinds.pop(),
            assurance,
            {k: str(v) for k, v in values.items()} if isinstance(values, dict) else {},
            [str(c) for c in core] if isinstance(core, list) else [],
        )


def _values(script: Script, raw: dict[str, str]) -> dict[str, Value] | None:
    """A solution as exact numbers and truth values, or None where some constant is neither."""
    found: dict[str, Value] = {}
    for name, sort in script.constants.items():
        text = raw.get(name, "false" if sort == "Bool" else "0")
        if sort == "Bool" and text in {"true", "false"}:
            found[name] = text == "true"
        elif sort in {"Int", "Real"}:
            try:
                found[name] = Fraction(text)
            except ValueError:
                return None
            if sort == "Int" and Fraction(text).denominator != 1:
                return None
        else:
            return None
    return found


def check_smtlib(formalization: Formalization, problem: Problem, run: Run) -> CheckResult:
    """Parse, solve and certify a script."""
    started = time.monotonic()
    script, found = read_script(formalization.text)
    if found:
        return CheckResult(diagnostics=tuple(found), timings={"parse": time.monotonic() - started})
    limits = Limits.of(problem.budget, run.engine_seconds / 3)
    request: JsonDict = {"script": formalization.text, "seconds": 1.0}
    parsed = call("pysmt", f"{_MODULE}:pysmt_parse", request, limits, cancel=run.cancel)
    value = parsed.value if isinstance(parsed.value, dict) else {}
    notes: list[Diagnostic] = []
    if parsed.ok and value.get("ok") is False:
        notes.append(
            codes.UNSUPPORTED.info(f"pySMT does not read this ({value.get('message')}); the engines were asked anyway")
        )
    asker = _Asker(script, problem, run)
    timings = {"parse": time.monotonic() - started}
    solving = time.monotonic()
    outcome = _entailment(asker) if script.question is not None else _solutions(asker)
    timings["solve"] = time.monotonic() - solving
    timings["engine"] = asker.engine_seconds
    if outcome is None and value.get("ok") is False:
        message = str(value.get("message"))
        named = re.search(r"Symbol '?([^' ]+)'? not declared|name '([^']+)'|'([^']+)'", message)
        word = next((g for g in named.groups() if g), "") if named else ""
        at = formalization.text.find(word) if word else -1
        span = Span.at(formalization.text, at, at + len(word)) if at >= 0 else None
        bad = codes.SYNTAX.error(f"the script cannot be read: {message}", span=span)
        return CheckResult(diagnostics=(bad,), timings=timings)
    if outcome is None:
        reason = GaveUp.TIMEOUT if "killed" in asker.why else GaveUp.INCOMPLETE
        verdict = Verdict.giving_up(reason, engine="z3 + cvc5", detail=asker.why)
        gave = codes.GAVE_UP.error(f"the engines did not decide this within the limits ({asker.why})")
        return CheckResult(verdict=verdict, diagnostics=(*notes, gave), timings=timings)
    conclusion, assurance, words, data, claims, solution = outcome
    certificate = None
    if solution:
        certificate = Certificate(
            kind="smt-model",
            payload={
                "conclusion": conclusion.value,
                "solutions": [{k: str(v) for k, v in s.items()} for s in solution],
            },
            checker="quod.backends.fol.smt_eval",
            accepted=True,
            engine="z3",
            formal_digest=formalization.digest,
        )
    return CheckResult(
        verdict=Verdict(conclusion=conclusion, engine="z3 + cvc5", seconds=timings["solve"]),
        certificate=certificate,
        assurance=assurance,
        claims=claims,
        diagnostics=tuple(notes),
        words=words,
        data=data,
        timings=timings,
    )


_Outcome = tuple[Conclusion, Assurance, str, JsonDict, tuple[Claim, ...], list[dict[str, Value]]]


def _model(
    asker: _Asker, raw: dict[str, str], extra: tuple[tuple[bool, Node], ...], assurance: Assurance
) -> tuple[Assurance, dict[str, Value] | None]:
    """The solution, and ``certificate`` if it was put into every formula and fits."""
    values = None if asker.script.symbols else _values(asker.script, raw)
    if values is None:
        return assurance, None
    return (Assurance.CERTIFICATE, values) if satisfies(asker.script, values, extra) else (assurance, None)


def _said(values: dict[str, Value]) -> str:
    return ", ".join(f"{k} = {str(v).lower() if isinstance(v, bool) else v}" for k, v in values.items())


def _entailment(asker: _Asker) -> _Outcome | None:
    script = asker.script
    assert script.question is not None
    asked = script.source(script.question)
    against = asker.ask([f"(assert (not {asked}))"])
    along = asker.ask([f"(assert {asked})"])
    kinds = (against[0], along[0])
    if "unknown" in kinds:
        return None
    claims = (
        Claim(name="refutation", words="the rest of the evidence is a refutation", assurance=Assurance.CROSS_CHECKED),
    )
    weakest = min((against[1], along[1]), key=lambda a: a.strength)
    if kinds == ("unsat", "unsat"):
        data: JsonDict = {"answer": "inconsistent", "conflict": list(against[3])}
        return (
            Conclusion.INCONSISTENT,
            weakest,
            "The assertions contradict each other, so they settle nothing.",
            data,
            claims,
            [],
        )
    if kinds == ("sat", "sat"):
        one, with_it = _model(asker, along[2], ((True, script.question),), along[1])
        two, without = _model(asker, against[2], ((False, script.question),), against[1])
        assurance = min((one, two), key=lambda a: a.strength)
        data = {"answer": "Unknown"}
        words = "Unknown: the assertions leave it open."
        found = [v for v in (with_it, without) if v is not None]
        if len(found) == 2:
            data |= {"example_true": _said(found[0]), "example_false": _said(found[1])}
            words += f" It is true if {_said(found[0])}, and false if {_said(found[1])}."
        return Conclusion.UNDETERMINED, assurance, words, data, (), found if assurance is Assurance.CERTIFICATE else []
    proved = kinds[0] == "unsat"
    conclusion = Conclusion.PROVED if proved else Conclusion.DISPROVED
    label = "True" if proved else "False"
    needed = (against if proved else along)[3]
    by = script.told(needed) or "the assertions"
    words = f"{label}: `{asked}` {'follows from' if proved else 'is ruled out by'} {by}."
    return conclusion, weakest, words, {"answer": label, "needed": list(needed)}, claims, []


def _solutions(asker: _Asker) -> _Outcome | None:
    script = asker.script
    kind, assurance, raw, core = asker.ask([])
    if kind == "unknown":
        return None
    if kind == "unsat":
        words = f"There is no solution: {script.told(core) or 'the assertions'} cannot all hold."
        return Conclusion.NONE, assurance, words, {"answer": None, "conflict": list(core)}, (), []
    strength, values = _model(asker, raw, (), assurance)
    if values is None:
        return None
    parts = " ".join(f"(= {k} {_smt(v, script.constants[k])})" for k, v in values.items())
    again = asker.ask([f"(assert (not (and {parts} true)))"])
    shown: JsonDict = {k: v if isinstance(v, bool) else str(v) for k, v in values.items()}
    if again[0] == "unsat":
        words = f"There is exactly one solution: {_said(values)}."
        return Conclusion.UNIQUE, again[1], words, {"answer": shown}, (), []
    if again[0] == "unknown":
        return None
    second, other = _model(asker, again[2], (), again[1])
    weakest = min((strength, second), key=lambda a: a.strength)
    solutions = [v for v in (values, other) if v is not None]
    words = f"There are several solutions. One: {_said(values)}." + (f" Another: {_said(other)}." if other else "")
    return (
        Conclusion.SEVERAL,
        weakest,
        words,
        {"answer": shown},
        (),
        solutions if weakest is Assurance.CERTIFICATE else [],
    )


def _smt(v: Value, sort: str) -> str:
    if isinstance(v, bool):
        return "true" if v else "false"
    number = str(abs(v.numerator)) if sort == "Int" else f"(/ {abs(v.numerator)}.0 {v.denominator}.0)"
    return f"(- {number})" if v < 0 else number
