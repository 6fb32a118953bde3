"""Which engine solves what, and which evidence is then asked for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from quod.backends.milp import checker
from quod.backends.milp.linear import Number, Program, exact, to_payload
from quod.backends.sandbox import Limits, steady
from quod.core.assurance import Assurance
from quod.core.model import JsonDict, JsonValue
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["Outcome", "solve_linear", "version"]


@dataclass
class Outcome:
    """What was found about a program."""

    verdict: Verdict
    x: list[Number] | None = None
    value: Fraction | None = None
    """The objective, exact, in the model's own sense."""
    evidence: JsonDict | None = None
    accepted: bool = False
    assurance: Assurance = Assurance.NONE
    gap: float | None = None
    bound: float | None = None
    note: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    engines: tuple[str, ...] = ()
    exact_point: bool = False
    """Whether our own evaluation found the point to satisfy everything exactly."""
    missed: str | None = None
    """What the engine's point violates when it is re-evaluated exactly, if anything."""
    disagreement: bool = False
    contrary: str = ""
    """What another engine says that a proof contradicts."""
    relaxation: float | None = None
    """The best value of the minimization when fractions are allowed, if it was computed."""


def version(package: str) -> str | None:
    """The installed version of a distribution, without importing it."""
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def named(engine: str, package: str) -> str:
    return f"{engine} {version(package) or ''}".strip()


def _point(evidence: JsonDict | None, size: int) -> list[Number] | None:
    if not evidence or "x" not in evidence:
        return None
    sparse = cast("dict[str, Any]", evidence["x"])
    x: list[Number] = [0] * size
    for j, v in sparse.items():
        x[int(j)] = exact(v)
    return x


def solve_linear(program: Program, run: Run, gap: float | None, point: list[float] | None = None) -> Outcome:
    """Solve with HiGHS, certify with the checker. Of a program with whole columns only the proof is made where
    another engine's best ``point`` is known."""
    engine = named("HiGHS", "highspy")
    crossed = next(
        (
            j
            for j, (a, b) in enumerate(zip(program.lower, program.upper, strict=True))
            if a is not None and b is not None and a > b
        ),
        None,
    )
    if crossed is not None:
        evidence: JsonDict = {"tree": [{"empty": crossed}]}
        checker.check(program, "infeasible", evidence)
        return Outcome(
            Verdict(conclusion=Conclusion.INFEASIBLE, engine="quod"),
            evidence=evidence,
            accepted=True,
            assurance=Assurance.CERTIFICATE,
        )
    seconds = run.engine_seconds
    payload: JsonDict = {"program": to_payload(program), "seconds": max(0.2, seconds - 0.5), "gap": gap, "prove": True}
    payload["point"] = cast("JsonValue", point)
    result = steady(
        "highs", "quod.backends.milp.engines.highs:solve", payload, Limits.of(run.budget, seconds), cancel=run.cancel
    )
    if not result.ok:
        return Outcome(result.gave_up(engine))
    found = cast("dict[str, Any]", result.value)
    timings = {
        "solve": float(found["solve"]),
        "certify": float(found.get("prove", 0.0)),
        "engine": result.inner_seconds,
    }
    if found["conclusion"] == "gave_up":
        reason = GaveUp(found["reason"])
        verdict = Verdict.giving_up(reason, engine=engine, seconds=found["solve"], detail=str(found.get("note", "")))
        return Outcome(verdict, timings=timings)
    conclusion = Conclusion(found["conclusion"])
    outcome = Outcome(
        Verdict(conclusion=conclusion, engine=engine, seconds=found["solve"], detail=str(found.get("note", ""))),
        evidence=found.get("evidence"),
        assurance=Assurance.ENGINE,
        gap=found.get("gap"),
        bound=found.get("bound"),
        relaxation=found.get("relaxation"),
        note=str(found.get("note", "")),
        timings=timings,
        engines=(engine,),
    )
    begun = time.monotonic()
    _certify(program, outcome, found)
    timings["certify"] += time.monotonic() - begun
    return outcome


def _certify(program: Program, outcome: Outcome, found: dict[str, Any]) -> None:
    """Hand the evidence to the checker. A point whose optimality is unproved is still checked as feasible."""
    evidence, conclusion = outcome.evidence, str(outcome.verdict.conclusion)
    outcome.x = _point(evidence, len(program.names))
    complete = evidence is not None and (conclusion != "optimal" or "y" in evidence or "tree" in evidence)
    if evidence is not None and complete:
        try:
            outcome.value = checker.check(program, conclusion, evidence)
            outcome.accepted = outcome.exact_point = True
            outcome.assurance = Assurance.CERTIFICATE
            return
        except checker.Rejected as rejected:
            outcome.note = f"the checker rejected the evidence: {rejected}"
    if outcome.x is None and found.get("x"):
        floats = [0.0] * len(program.names)
        for j, v in found["x"].items():
            floats[int(j)] = v
        outcome.x = [
            round(v) if program.integer[j] else Fraction(v).limit_denominator(10**9) for j, v in enumerate(floats)
        ]
    if outcome.x is not None:
        outcome.value = checker.objective(program, outcome.x)
        outcome.missed = checker.is_feasible(program, outcome.x)
        if outcome.missed:
            outcome.note = f"the engine's point holds only within its rounding: exactly, {outcome.missed}"
