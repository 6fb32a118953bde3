"""From an outcome to what a person and a program are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import as_json
from quod.backends.milp.sensitivity import sensitivity
from quod.backends.milp.solving import Outcome
from quod.backends.milp.words import amount, plan_words
from quod.core.assurance import Assurance, Claim
from quod.core.diagnostics import Diagnostic
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.core.verdict import Conclusion

__all__ = ["Report", "conclude"]

LISTED = 10_000
"""Answers with more variables list only those that are not zero."""


@dataclass
class Report:
    words: str
    data: JsonDict = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def conclude(ground: Ground, outcome: Outcome, run: Run) -> Report:
    """Words, data, claims and notes for one outcome."""
    conclusion = outcome.verdict.conclusion
    if conclusion is Conclusion.GAVE_UP:
        why = f": {outcome.verdict.detail}" if outcome.verdict.detail else ""
        return Report(f"No answer: {outcome.verdict.engine or 'the engine'} stopped ({outcome.verdict.gave_up}{why}).")
    if conclusion in {Conclusion.OPTIMAL, Conclusion.FEASIBLE, Conclusion.UNIQUE, Conclusion.SEVERAL}:
        return _solved(ground, outcome, conclusion)
    from quod.backends.milp.explain import explain_infeasible, explain_unbounded

    if conclusion is Conclusion.INFEASIBLE:
        if outcome.disagreement:
            return Report("No answer: two engines disagree.", {}, (), (codes.ENGINES_DISAGREE.error(outcome.note),))
        return explain_infeasible(ground, outcome, run)
    return explain_unbounded(ground, outcome)


def _solved(ground: Ground, outcome: Outcome, conclusion: Conclusion) -> Report:
    x, value = outcome.x, outcome.value
    if x is None:
        return Report("A plan was found, but it could not be made exact.", {"objective_float": outcome.bound})
    words = plan_words(ground, x, value, "feasible" if outcome.missed else str(conclusion))
    if outcome.missed:
        words += f" It holds only within the engine's rounding: exactly, {outcome.missed}."
    found: list[Diagnostic] = []
    data: JsonDict = {}
    if ground.model.objective is not None and value is not None:
        data["objective"] = str(as_json(value))
        data["objective_float"] = float(value)
        data["sense"] = ground.model.objective.sense
    everything = len(x) <= LISTED
    data["variables"] = {name: as_json(v) for name, v in zip(ground.program.names, x, strict=True) if everything or v}
    if conclusion is Conclusion.FEASIBLE and outcome.gap is not None:
        data["gap"] = outcome.gap
        if outcome.bound is not None:
            limit = (-outcome.bound if ground.program.maximize else outcome.bound) + float(ground.program.offset)
            data["bound_float"] = limit
            words += f" Nothing can be better than {amount(Fraction(limit).limit_denominator(10**6))}."
    if outcome.accepted and outcome.evidence and "y" in outcome.evidence and ground.model.objective is not None:
        more, rows, notes = sensitivity(ground, x, outcome.evidence)
        words, found = f"{words} {more}".strip(), found + notes
        data |= rows
    if outcome.relaxation is not None and value is not None and data.get("objective") is not None:
        relaxed = (-outcome.relaxation if ground.program.maximize else outcome.relaxation) + float(
            ground.program.offset
        )
        if abs(relaxed - float(value)) > 1e-6 * max(1.0, abs(relaxed)):
            data["relaxation_float"] = relaxed
            found.append(
                codes.INTEGRALITY.info(
                    f"with fractions allowed the best would be {relaxed:.6g}, not {float(value):.6g}"
                )
            )
    if conclusion is Conclusion.UNIQUE:
        words += " It is the only solution."
    elif conclusion is Conclusion.SEVERAL:
        words += " There are others."
    if outcome.disagreement:
        found.append(codes.ENGINES_DISAGREE.error(outcome.note))
    elif not outcome.accepted and outcome.assurance is not Assurance.CERTIFICATE:
        found.append(codes.NOT_CERTIFIED.info(f"no exact certificate: {outcome.note or 'not attempted'}"))
    return Report(words, data, (), tuple(found))
