"""Why there is no answer: which requirements contradict each other, which quantities can grow."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from quod.backends.milp import checker, codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import Number, Program, exact, to_payload
from quod.backends.milp.report import Report
from quod.backends.milp.solving import Outcome
from quod.backends.milp.words import amount, column_words, joined, requirement
from quod.backends.sandbox import Limits, call
from quod.core.assurance import Assurance, Claim
from quod.core.run import Run

__all__ = ["explain_infeasible", "explain_unbounded"]

NONE = "No plan meets every requirement"


def explain_infeasible(ground: Ground, outcome: Outcome, run: Run) -> Report:
    """The requirements at odds, in the problem's words, with the claim that none of them can be spared."""
    if not ground.linear:
        return Report(f"{NONE}.", {})
    program = ground.program
    crossed = [
        j
        for j, (a, b) in enumerate(zip(program.lower, program.upper, strict=True))
        if a is not None and b is not None and a > b
    ]
    if crossed:
        return Report(f"{NONE}: the bounds of {column_words(ground, crossed[0])} contradict each other.", {})
    seconds = min(10.0, run.engine_seconds)
    if seconds < 0.5 or len(program.rows) + len(program.names) > 20_000:
        return Report(f"{NONE}.", {})
    fixed = [j for j, v in enumerate(program.lower) if v == 0]
    payload = {"program": to_payload(program), "seconds": seconds - 0.3, "fixed": fixed}
    result = call(
        "highs",
        "quod.backends.milp.engines.iis:find",
        cast("Any", payload),
        Limits.of(run.budget, seconds),
        cancel=run.cancel,
    )
    found: dict[str, Any] = cast("dict[str, Any]", result.value) if result.ok else {"note": result.detail}
    if "rows" not in found:
        return Report(f"{NONE}.", {"note": str(found.get("note", ""))})
    parts = [requirement(ground, program.rows[i].origin, program.rows[i].name) for i in found["rows"]]
    for j, side in found["bounds"]:
        limit = program.lower[j] if side == "lower" else program.upper[j]
        assert limit is not None
        parts.append(f"{column_words(ground, j)} {'at least' if side == 'lower' else 'at most'} {amount(limit)}")
    parts = list(dict.fromkeys(parts))
    proved, irreducible = _checked(program, found, set(fixed))
    spare = ", though without any one of them they could" if irreducible and len(parts) > 1 else ""
    whole = " in whole numbers" if any(program.integer) and (found.get("evidence") or {}).get("tree") else ""
    verb = "cannot all hold" if len(parts) > 2 else "cannot both hold" if len(parts) == 2 else "can never hold"
    words = f"{NONE}: {joined(parts)} {verb}{whole}{spare}."
    assurance = Assurance.CERTIFICATE if irreducible and proved else Assurance.ENGINE
    claim = Claim(
        name="irreducible",
        words="no smaller set of these requirements is contradictory",
        assurance=assurance,
        engines=outcome.engines,
        checker="quod.backends.milp.checker" if irreducible else "",
    )
    names = [program.rows[i].name for i in found["rows"]] + [
        f"{program.names[j]}.{side}" for j, side in found["bounds"]
    ]
    note = codes.INFEASIBLE_SUBSET.info(words, source="; ".join(p.strip("“”'") for p in parts))
    return Report(words, {"conflict": cast("Any", names)}, (claim,), (note,))


def _subset(program: Program, rows: set[int], bounds: set[tuple[int, str]], fixed: set[int]) -> Program:
    return Program(
        program.names,
        [v if (j, "lower") in bounds or j in fixed else None for j, v in enumerate(program.lower)],
        [v if (j, "upper") in bounds else None for j, v in enumerate(program.upper)],
        program.integer,
        {},
        rows=[r if i in rows else replace(r, lower=None, upper=None) for i, r in enumerate(program.rows)],
    )


def _checked(program: Program, found: dict[str, Any], fixed: set[int]) -> tuple[bool, bool]:
    """Whether the subset is proved contradictory, and whether a point was seen for every subset with one left out."""
    rows, bounds = set(found["rows"]), {(int(j), str(side)) for j, side in found["bounds"]}
    proved = False
    if found.get("evidence"):
        try:
            checker.check(_subset(program, rows, bounds, fixed), "infeasible", found["evidence"])
            proved = True
        except checker.Rejected:
            proved = False
    seen: set[tuple[str, int]] = set()
    for (kind, i), sparse in found["witnesses"]:
        left = _subset(
            program, rows - {i} if kind == "row" else rows, bounds - {(i, kind)} if kind != "row" else bounds, fixed
        )
        x: list[Number] = [0] * len(program.names)
        for j, v in sparse.items():
            x[int(j)] = Fraction(exact(v))
        if checker.is_feasible(left, x) is None:
            seen.add((kind, i))
    needed = {("row", i) for i in rows} | {(side, j) for j, side in bounds}
    return proved, needed == seen


def explain_unbounded(ground: Ground, outcome: Outcome) -> Report:
    """Which quantities can grow, and that a limit is missing."""
    ray = cast("dict[str, Any]", (outcome.evidence or {}).get("ray", {}))
    growing = [(int(j), exact(v)) for j, v in ray.items()]
    up = [column_words(ground, j) for j, v in growing if v > 0][:5]
    down = [column_words(ground, j) for j, v in growing if v < 0][:5]
    parts = []
    if up:
        parts.append(f"{joined(up)} can grow without limit")
    if down:
        parts.append(f"{joined(down)} can fall without limit")
    what = joined(parts) or "some quantity can change without limit"
    objective = ground.model.objective
    goal = objective.gloss if objective and objective.gloss else "the objective"
    words = f"There is no best value: {what}, and {goal} improves for ever. A limit is missing."
    found = [codes.UNBOUNDED_RAY.info(words)] if growing else []
    data = {"ray": {ground.program.names[j]: str(v) for j, v in growing}}
    return Report(words, cast("Any", data), (), tuple(found))
