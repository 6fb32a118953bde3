"""Models that are not linear, and second opinions: CP-SAT, SCIP and Z3, with points re-evaluated by our own code."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from quod.backends.milp.checker import is_feasible, step
from quod.backends.milp.evaluate import evaluate, holds, is_exact, pack
from quod.backends.milp.ground import Ground
from quod.backends.milp.intervals import enclose, violation
from quod.backends.milp.linear import Number, as_json
from quod.backends.milp.solving import Outcome, named
from quod.backends.milp.values import Lin, Tree, Value
from quod.backends.sandbox import Limits, call
from quod.core.assurance import Assurance
from quod.core.model import JsonDict, JsonValue
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["payload_of", "second_opinion", "settle", "settle_for_any", "solve_trees"]

SLACK = 1e-6
"""How far a float point may violate a nonlinear constraint; the answer says how far it does."""


def goal_of(ground: Ground) -> Value | None:
    """The objective as a value, or None."""
    if ground.model.objective is None:
        return None
    if isinstance(ground.objective, Tree):
        return ground.objective
    return Lin(dict(ground.program.cost), ground.program.offset)


def constraints_of(ground: Ground) -> list[Value]:
    """Rows and trees alike, as truth values."""
    out: list[Value] = []
    for row in ground.program.rows:
        if row.lower is not None and row.lower == row.upper:
            out.append(Tree("=", [Lin(row.terms, -row.lower)]))
            continue
        if row.lower is not None:
            out.append(Tree(">=", [Lin(row.terms, -row.lower)]))
        if row.upper is not None:
            out.append(Tree("<=", [Lin(row.terms, -row.upper)]))
    return [*out, *(u.tree for u in ground.trees)]


def payload_of(ground: Ground, seconds: float) -> JsonDict:
    program = ground.program
    goal = goal_of(ground)
    return {
        "lower": [as_json(v) for v in program.lower],
        "upper": [as_json(v) for v in program.upper],
        "integer": [j for j, whole in enumerate(program.integer) if whole],
        "trees": cast("JsonValue", [pack(c) for c in constraints_of(ground)]),
        "objective": None if goal is None else pack(goal),
        "maximize": program.maximize,
        "seconds": seconds,
    }


def bounded(ground: Ground) -> bool:
    """Whether every variable is whole and bounded: what CP-SAT and its like can take."""
    program = ground.program
    return all(program.integer) and None not in program.lower and None not in program.upper


def solve_trees(ground: Ground, run: Run, problem: Problem) -> Outcome:
    """CP-SAT for bounded whole numbers, else SCIP."""
    chosen = problem.options.engines or ()
    if bounded(ground) and "scip" not in chosen:
        outcome = _cpsat(ground, run, problem)
        if outcome.verdict.gave_up is not GaveUp.UNSUPPORTED:
            return outcome
    return _scip(ground, run, problem)


def _call(
    family: str, target: str, payload: JsonDict, run: Run, engine: str
) -> tuple[dict[str, Any], dict[str, float]] | Outcome:
    result = call(
        family,
        f"quod.backends.milp.engines.{target}",
        payload,
        Limits.of(run.budget, run.engine_seconds),
        cancel=run.cancel,
    )
    if not result.ok:
        return Outcome(result.gave_up(engine))
    found = cast("dict[str, Any]", result.value)
    timings = {"solve": float(found.get("solve", 0.0)), "engine": result.inner_seconds}
    if found["conclusion"] == "gave_up":
        reason = GaveUp(found["reason"])
        return Outcome(Verdict.giving_up(reason, engine=engine, detail=str(found.get("note", ""))), timings=timings)
    return found, timings


def _cpsat(ground: Ground, run: Run, problem: Problem) -> Outcome:
    engine = named("CP-SAT", "ortools")
    payload = payload_of(ground, max(0.2, run.engine_seconds * 0.9 - 0.3))
    payload |= {"again": ground.model.objective is None, "seed": problem.options.seed, "workers": 2}
    called = _call("ortools", "cpsat:solve", payload, run, engine)
    if isinstance(called, Outcome):
        return called
    found, timings = called
    conclusion = Conclusion(found["conclusion"])
    if conclusion is Conclusion.INFEASIBLE:
        verdict = Verdict(conclusion=conclusion, engine=engine, seconds=timings["solve"])
        outcome = Outcome(verdict, assurance=Assurance.ENGINE, timings=timings, engines=(engine,))
        _confirm(ground, outcome, None, run)
        return outcome
    x = [Fraction(v) for v in found["x"]]
    if not _satisfies(ground, x):
        detail = "the engine's point does not satisfy the model"
        return Outcome(Verdict.giving_up(GaveUp.CRASHED, engine=engine, detail=detail), timings=timings)
    if ground.model.objective is None:
        conclusion = (
            Conclusion.SEVERAL
            if "other" in found
            else Conclusion.UNIQUE
            if found.get("unique")
            else Conclusion.FEASIBLE
        )
    outcome = Outcome(
        Verdict(conclusion=conclusion, engine=engine, seconds=timings["solve"]),
        x=list(x),
        evidence=_point(x),
        assurance=Assurance.ENGINE,
        bound=_least(ground, found.get("bound")),
        timings=timings,
        engines=(engine,),
        exact_point=True,
    )
    goal = goal_of(ground)
    if goal is not None:
        outcome.value = Fraction(evaluate(goal, x))
    if conclusion is Conclusion.SEVERAL:
        other = [Fraction(v) for v in found["other"]]
        if _satisfies(ground, other) and other != x:
            # two different solutions, both re-evaluated: the claim needs no engine's word
            outcome.evidence = {
                **(outcome.evidence or {}),
                "other": {str(j): as_json(v) for j, v in enumerate(other) if v},
            }
            outcome.assurance, outcome.accepted = Assurance.CERTIFICATE, True
    elif conclusion in {Conclusion.OPTIMAL, Conclusion.UNIQUE}:
        _confirm(ground, outcome, list(found["x"]), run)
    return outcome


def _least(ground: Ground, bound: float | None) -> float | None:
    """An engine's bound on the objective as an :class:`Outcome` keeps it: of the minimization, without its offset."""
    if bound is None:
        return None
    bare = bound - float(ground.program.offset)
    return -bare if ground.program.maximize else bare


def _satisfies(ground: Ground, x: list[Fraction]) -> bool:
    program = ground.program
    for v, low, high, whole in zip(x, program.lower, program.upper, program.integer, strict=True):
        if (low is not None and v < low) or (high is not None and v > high) or (whole and v.denominator != 1):
            return False
    try:
        return all(holds(c, x) for c in constraints_of(ground))
    except (ValueError, ZeroDivisionError, OverflowError):
        return False


def _missed(ground: Ground, x: list[Fraction]) -> Fraction | None:
    """By how much, at the very most, the point misses a bound or a constraint; None if that cannot be told."""
    program = ground.program
    worst = Fraction(0)
    for v, low, high, whole in zip(x, program.lower, program.upper, program.integer, strict=True):
        if whole and v.denominator != 1:
            return None
        worst = max([worst, *((low - v,) if low is not None else ()), *((v - high,) if high is not None else ())])
    try:
        return max([worst, *(violation(c, x) for c in constraints_of(ground))])
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def _confirm(ground: Ground, outcome: Outcome, forbid: list[int] | None, run: Run) -> None:
    """Ask Z3, which shares no code with CP-SAT or SCIP, whether there is anything (better, other) at all."""
    seconds = min(run.engine_seconds * 0.5, 10.0)
    engine = named("Z3", "z3-solver")
    answer = _ask(ground, outcome, forbid, run, seconds)
    if answer == "no":
        _agree(outcome, (engine,))
    elif answer == "yes":
        _contradict(outcome, f"{engine} disagrees: it finds a point that {outcome.verdict.engine} excludes")
    elif seconds >= 0.3:
        outcome.note = f"{engine} could not confirm it in {seconds:.0f} seconds"


def _ask(ground: Ground, outcome: Outcome, forbid: list[int] | None, run: Run, seconds: float) -> str:
    """Z3's word on whether anything is better or other: ``yes``, ``no`` or ``unknown``. Its arithmetic is exact."""
    if seconds < 0.3:
        return "unknown"
    payload = payload_of(ground, seconds)
    payload["better"] = as_json(outcome.value) if outcome.value is not None else None
    payload["forbid"] = cast("JsonValue", forbid) if outcome.verdict.conclusion is Conclusion.UNIQUE else None
    limits = Limits.of(run.budget, seconds + 1.0)
    result = call("z3", "quod.backends.milp.engines.smt:beat", payload, limits, cancel=run.cancel)
    return str(cast("dict[str, Any]", result.value)["answer"]) if result.ok else "unknown"


def _scip(ground: Ground, run: Run, problem: Problem) -> Outcome:
    engine = named("SCIP", "pyscipopt")
    payload = payload_of(ground, max(0.2, run.engine_seconds * 0.9 - 0.3))
    payload["gap"] = problem.options.gap
    called = _call("scip", "scip:solve", payload, run, engine)
    if isinstance(called, Outcome):
        return called
    found, timings = called
    conclusion = Conclusion(found["conclusion"])
    outcome = Outcome(
        Verdict(conclusion=conclusion, engine=engine, seconds=timings["solve"]),
        assurance=Assurance.ENGINE,
        gap=found.get("gap"),
        bound=_least(ground, found.get("bound")),
        timings=timings,
        engines=(engine,),
    )
    settle(ground, outcome, found, run, "SCIP")
    return outcome


def settle(ground: Ground, outcome: Outcome, found: dict[str, Any], run: Run, name: str) -> None:
    """Round an engine's float point to one that holds, measure what it misses, and ask Z3 where that can tell."""
    conclusion = outcome.verdict.conclusion
    if "x" not in found:
        if conclusion is Conclusion.INFEASIBLE and bounded(ground):
            _confirm(ground, outcome, None, run)
        return
    program = ground.program
    for places in (10**3, 10**6, 10**9):
        # the roundest point near the engine's that satisfies everything
        x: list[Fraction] = [
            Fraction(round(v)) if whole else Fraction(v).limit_denominator(places)
            for v, whole in zip(found["x"], program.integer, strict=True)
        ]
        if _satisfies(ground, x):
            break
    if ground.model.objective is None and conclusion is Conclusion.OPTIMAL:
        conclusion = Conclusion.FEASIBLE
        outcome.verdict = outcome.verdict.model_copy(update={"conclusion": conclusion})
    goal = goal_of(ground)
    exactly = _satisfies(ground, x) and all(is_exact(c) for c in constraints_of(ground))
    missed = Fraction(0) if exactly else _missed(ground, x)
    if missed is None or missed > SLACK:
        outcome.note = "the engine's point does not hold up when re-evaluated"
        outcome.verdict = Verdict.giving_up(GaveUp.INCOMPLETE, engine=outcome.verdict.engine, detail=outcome.note)
        return
    outcome.x = cast("list[Number]", x)
    outcome.exact_point = exactly
    outcome.evidence = _point(x)
    outcome.note = (
        f"the point was re-evaluated exactly; that nothing is better is {name}'s word"
        if exactly
        else f"the point meets every constraint within {float(missed):.1e}, by interval arithmetic; "
        f"that nothing is better is {name}'s word"
    )
    if goal is not None:
        low, high = enclose(goal, x)
        outcome.value = low if low == high else ((low + high) / 2).limit_denominator(10**9)
        if not exactly:
            outcome.value = outcome.value.limit_denominator(10**9)
    if bounded(ground) and exactly and conclusion is Conclusion.OPTIMAL:
        _confirm(ground, outcome, None, run)


def second_opinion(ground: Ground, outcome: Outcome, run: Run, problem: Problem) -> None:
    """For what HiGHS says and no certificate backs: does SCIP find the same, or Z3 nothing strictly better?

    A value is only confirmed for a point that our own evaluation has found to satisfy everything exactly.
    """
    conclusion = outcome.verdict.conclusion
    if run.engine_seconds < 1 or (conclusion is Conclusion.OPTIMAL and not _settled(ground, outcome)):
        return
    other = _scip(ground, run, problem)
    if conclusion is Conclusion.INFEASIBLE and other.verdict.conclusion is Conclusion.INFEASIBLE:
        _agree(outcome, other.engines)
    elif other.verdict.conclusion is Conclusion.OPTIMAL and other.value is not None:
        if conclusion is Conclusion.INFEASIBLE:
            _contradict(outcome, f"SCIP finds {float(other.value):g}, HiGHS finds nothing feasible")
        elif outcome.value is not None and _near(other.value, outcome.value):
            # SCIP computes in floats too: what is too fine for both of them to see, exact arithmetic may tell
            answer = "" if _coarse(ground, outcome.value) else _ask(ground, outcome, None, run, 3.0)
            if answer == "yes":
                _contradict(outcome, "Z3 finds a better point, by less than HiGHS and SCIP can tell")
            else:
                _agree(outcome, (*other.engines, *((named("Z3", "z3-solver"),) if answer == "no" else ())))
        elif outcome.value is not None:
            _contradict(outcome, f"SCIP finds {float(other.value):g}, HiGHS {float(outcome.value):g}")
    if outcome.assurance is Assurance.ENGINE:
        _confirm(ground, outcome, None, run)


def _point(x: Sequence[Number]) -> JsonDict:
    """A point as evidence: what is zero is left out."""
    return {"x": {str(j): as_json(v) for j, v in enumerate(x) if v}}


def settle_for_any(ground: Ground, outcome: Outcome) -> None:
    """For a model without an objective: a point is all that was asked, and proves itself by being re-evaluated."""
    if outcome.verdict.conclusion not in {Conclusion.OPTIMAL, Conclusion.FEASIBLE} or outcome.x is None:
        return
    outcome.verdict = outcome.verdict.model_copy(update={"conclusion": Conclusion.FEASIBLE})
    outcome.gap = outcome.bound = outcome.relaxation = None
    if outcome.exact_point or (ground.linear and is_feasible(ground.program, outcome.x) is None):
        outcome.evidence = _point(outcome.x)
        outcome.exact_point, outcome.assurance = True, Assurance.CERTIFICATE
        outcome.disagreement, outcome.note = False, ""


def _coarse(ground: Ground, value: Fraction) -> bool:
    """Whether any two values of the objective at whole points differ by more than engines can miss."""
    return step(ground.program, ground.program.cost) > Fraction(4, 10**6) * max(Fraction(1), abs(value))


def _settled(ground: Ground, outcome: Outcome) -> bool:
    if outcome.value is None or outcome.x is None:
        return False
    outcome.exact_point = outcome.exact_point or is_feasible(ground.program, outcome.x) is None
    return outcome.exact_point


def _near(a: Fraction, b: Fraction) -> bool:
    return abs(a - b) <= Fraction(1, 10**6) * max(Fraction(1), abs(b))


def _contradict(outcome: Outcome, note: str) -> None:
    outcome.assurance, outcome.disagreement, outcome.note = Assurance.NONE, True, note


def _agree(outcome: Outcome, engines: tuple[str, ...]) -> None:
    outcome.assurance = Assurance.CROSS_CHECKED
    outcome.engines = (*outcome.engines, *engines)
    outcome.verdict = outcome.verdict.model_copy(update={"engine": " + ".join(outcome.engines)})
