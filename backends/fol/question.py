"""From a theory to its conclusion with evidence: the searches that each kind of question needs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from quod.backends.fol.evaluate import structure_from_json
from quod.backends.fol.horn import horn_of
from quod.backends.fol.models import horn_structure
from quod.backends.fol.obligations import OTHER, assumed, claimed, denied, differs_from
from quod.backends.fol.refuting import horn_refutation
from quod.backends.fol.search import Outcome, decide, minimal
from quod.backends.fol.syntax import Pred, Theory
from quod.core.model import JsonDict, JsonValue
from quod.core.verdict import Conclusion

__all__ = ["Found", "answer"]


@dataclass
class Found:
    """A conclusion with the payload the checker reads, or none with what is missing."""

    conclusion: Conclusion | None
    payload: JsonDict = field(default_factory=dict)
    partial: dict[str, str] = field(default_factory=dict)
    """Outcome of each search by its extra sentences, for engines that take over."""
    why: str = ""
    pieces: JsonDict = field(default_factory=dict)
    """Evidence of the searches that did end, by their extra sentences, where there is no conclusion."""


class _Clock:
    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())


def answer(theory: Theory, seconds: float) -> Found:
    """Decide the theory's question within ``seconds``."""
    clock = _Clock(seconds)
    kind = theory.question.kind
    if kind == "entails":
        return _entails(theory, clock)
    if kind == "choice":
        return _choice(theory, clock)
    return _find(theory, clock)


def _search(theory: Theory, extra: tuple[str, ...], clock: _Clock, share: float = 1.0) -> Outcome:
    """One search, within a share of the time left."""
    return decide(theory, assumed(theory, extra), clock.left * share)


def _inconsistent(theory: Theory, clock: _Clock, partial: dict[str, str]) -> Found | None:
    sentences = assumed(theory, ())
    outcome = decide(theory, sentences, clock.left)
    if outcome.kind != "unsat":
        return None
    outcome = minimal(theory, sentences, outcome, min(5.0, clock.left), set())
    return Found(Conclusion.INCONSISTENT, {"evidence": [outcome.evidence]}, partial)


def _from_tables(theory: Theory) -> Found | None:
    """A ground atom asked of a Horn theory with large tables: one run of forward chaining serves both searches."""
    asked = theory.question.formulas[0].formula
    if sum(map(len, theory.facts.values())) <= 200 or not isinstance(asked, Pred):
        return None
    horn = horn_of(theory, assumed(theory, (denied(),)))
    if horn is None:
        return None
    horn.start()
    clash = horn.violated(but=denied())
    if clash is not None:
        return Found(Conclusion.INCONSISTENT, {"evidence": [horn_refutation(theory, horn, *clash)]})
    model = horn_structure(theory, horn)
    proof = horn.violated(only=denied())
    if proof is not None:
        return Found(Conclusion.PROVED, {"evidence": [horn_refutation(theory, horn, *proof), model]})
    horn.assume(asked.name, tuple(t.name for t in asked.args))
    if horn.violated(but=denied()) is not None:
        return None
    return Found(Conclusion.UNDETERMINED, {"evidence": [horn_structure(theory, horn), model]})


def _entails(theory: Theory, clock: _Clock) -> Found:
    from_tables = _from_tables(theory)
    if from_tables is not None:
        return from_tables
    against = _search(theory, (denied(),), clock, 0.5)
    along = _search(theory, (claimed(),), clock)
    partial = {denied(): against.kind, claimed(): along.kind}
    if against.kind == along.kind == "unsat":
        found = _inconsistent(theory, clock, partial)
        return found or _by_cases(against, along, partial)
    evidence: list[JsonValue]
    if against.kind == "unsat" and along.kind == "sat":
        small = minimal(theory, assumed(theory, (denied(),)), against, min(2.0, clock.left), {denied()})
        evidence = [small.evidence, along.evidence]
        return Found(Conclusion.PROVED, {"evidence": evidence}, partial)
    if along.kind == "unsat" and against.kind == "sat":
        small = minimal(theory, assumed(theory, (claimed(),)), along, min(2.0, clock.left), {claimed()})
        evidence = [small.evidence, against.evidence]
        return Found(Conclusion.DISPROVED, {"evidence": evidence}, partial)
    if along.kind == against.kind == "sat":
        evidence = [along.evidence, against.evidence]
        return Found(Conclusion.UNDETERMINED, {"evidence": evidence}, partial)
    pieces: JsonDict = {r: o.evidence for r, o in ((denied(), against), (claimed(), along)) if o.evidence}
    return Found(None, {}, partial, against.why or along.why, pieces)


def _by_cases(against: Outcome, along: Outcome, partial: dict[str, str]) -> Found:
    """Both ``φ`` and ``¬φ`` are refuted, and the premises alone were not: leave it to whoever takes over."""
    pieces: JsonDict = {denied(): against.evidence, claimed(): along.evidence}
    return Found(None, {}, partial, "both the conclusion and its negation are refuted", pieces)


def _choice(theory: Theory, clock: _Clock) -> Found:
    outcomes = []
    partial = {}
    for k in range(len(theory.question.formulas)):
        outcome = _search(theory, (denied(k),), clock, 0.5)
        partial[denied(k)] = outcome.kind
        outcomes.append(outcome)
    if any(o.kind == "unknown" for o in outcomes):
        pieces: JsonDict = {denied(k): o.evidence for k, o in enumerate(outcomes) if o.evidence}
        return Found(None, {}, partial, next(o.why for o in outcomes if o.kind == "unknown"), pieces)
    holding = [k for k, o in enumerate(outcomes) if o.kind == "unsat"]
    evidence: list[JsonValue] = []
    if len(holding) == len(outcomes):
        consistent = _search(theory, (), clock)
        if consistent.kind == "unsat":
            return _inconsistent(theory, clock, partial) or Found(None, {}, partial, "time")
        if consistent.kind == "unknown":
            return Found(None, {}, partial, consistent.why)
        evidence = [consistent.evidence]
    for k in holding:
        reference = denied(k)
        outcomes[k] = minimal(theory, assumed(theory, (reference,)), outcomes[k], min(1.0, clock.left), {reference})
    conclusion = Conclusion.UNIQUE if len(holding) == 1 else Conclusion.SEVERAL if holding else Conclusion.NONE
    payload: JsonDict = {"holding": list(holding), "evidence": [*(o.evidence for o in outcomes), *evidence]}
    return Found(conclusion, payload, partial)


def _find(theory: Theory, clock: _Clock) -> Found:
    sentences = assumed(theory, ())
    first = decide(theory, sentences, clock.left)
    partial = {"": first.kind}
    if first.kind == "unsat":
        first = minimal(theory, sentences, first, min(5.0, clock.left), set())
        return Found(Conclusion.NONE, {"evidence": [first.evidence]}, partial)
    if first.kind == "unknown":
        return Found(None, {}, partial, first.why)
    solution = structure_from_json(theory, _object(first.evidence.get("structure")))
    other = differs_from(theory, solution.functions, solution.predicates)
    second = decide(theory, {**sentences, OTHER: other}, clock.left)
    if second.kind == "unknown":
        return Found(None, {}, partial, second.why)
    conclusion = Conclusion.UNIQUE if second.kind == "unsat" else Conclusion.SEVERAL
    return Found(conclusion, {"evidence": [first.evidence, second.evidence]}, partial)


def _object(value: JsonValue) -> JsonDict:
    assert isinstance(value, dict)
    return value
