"""Fast Downward and SymK: one driver, called on the original PDDL. SymK is a fork, so both are one family."""

from __future__ import annotations

import sys

from quod.backends.pddl.engines.base import Engine, Found, Goal, Outcome, package_dir, reason_of
from quod.backends.pddl.engines.bytecode import compiled
from quod.backends.pddl.plans import Plan, parse_plan
from quod.backends.sandbox import Ended, Limits, run_program
from quod.core.run import Cancel
from quod.core.verdict import GaveUp

__all__ = ["FAST_DOWNWARD", "SYMK"]

_FAMILY = "downward"
_UNSOLVABLE = {10, 11}
"""Exit codes 10 (translator) and 11 (search): proved unsolvable. 12 is "unsolved, incomplete"."""
_GAVE_UP = {
    12: GaveUp.INCOMPLETE,
    20: GaveUp.MEMORY,
    21: GaveUp.TIMEOUT,
    22: GaveUp.MEMORY,
    23: GaveUp.TIMEOUT,
    24: GaveUp.MEMORY,
    33: GaveUp.UNSUPPORTED,
    34: GaveUp.UNSUPPORTED,
}
_CLASSICAL = frozenset(
    "typing negative-preconditions disjunctive-preconditions equality existential-preconditions "
    "universal-preconditions conditional-effects action-costs derived-predicates".split()
)


def _search(goal: Goal, features: frozenset[str]) -> list[str]:
    if goal is Goal.ANY:
        return ["--alias", "lama-first"]
    if goal is Goal.BETTER:
        return ["--alias", "seq-sat-lama-2011"]
    if "derived-predicates" in features or _needs_axioms(features):
        return ["--search", "astar(blind())"]
    return ["--search", "astar(hmax())" if "conditional-effects" in features else "astar(lmcut())"]


def _needs_axioms(features: frozenset[str]) -> bool:
    """Quantified and disjunctive conditions become axioms, which LM-cut and hmax do not read."""
    return bool(features & {"universal-preconditions", "disjunctive-preconditions", "existential-preconditions"})


def _command(package: str, folder: str, options: list[str]) -> list[str] | None:
    where = package_dir(package)
    if where is None:
        return None
    driver = compiled(where / folder) / "fast-downward.py"
    files = ["domain.pddl", "problem.pddl"]
    # -S: the driver needs nothing installed, and starts sooner without looking
    head = [sys.executable, "-S", str(driver), "--plan-file", "plan"]
    alias = options if options[0] == "--alias" else []
    return [*head, *alias, *files, *([] if alias else options)]


def _run(
    name: str, command: list[str] | None, domain: str, problem: str, limits: Limits, cancel: Cancel, *, optimal: bool
) -> Outcome:
    if command is None:
        return Outcome(name, _FAMILY, Found.NOTHING, gave_up=GaveUp.UNSUPPORTED, detail="not installed")
    files = {"domain.pddl": domain.encode(), "problem.pddl": problem.encode()}
    result = run_program(command, limits=limits, files=files, collect=("plan", "plan.*"), cancel=cancel)
    plans = _plans(result.files)
    code = result.returncode
    if result.ended is Ended.OK and code in _UNSOLVABLE and not plans:
        return Outcome(name, _FAMILY, Found.UNSOLVABLE, seconds=result.seconds)
    if plans and (code == 0 or not optimal):
        proved = optimal and code == 0
        return Outcome(name, _FAMILY, Found.PLAN, plans, proved, result.seconds)
    detail = result.detail or _last_words(result.stdout, result.stderr)
    if result.ended is Ended.OK:
        reason = _GAVE_UP.get(code if code is not None else -1, GaveUp.CRASHED)
    else:
        reason = reason_of(result.ended)
    return Outcome(name, _FAMILY, Found.NOTHING, plans, seconds=result.seconds, gave_up=reason, detail=detail)


def _plans(files: dict[str, bytes]) -> tuple[Plan, ...]:
    """The plans in the files ``plan``, ``plan.1``, ``plan.2``, …; a file cut short by the end is left out."""

    def number(name: str) -> int:
        tail = name.rpartition(".")[2]
        return int(tail) if tail.isdigit() else 0

    out: list[Plan] = []
    for name in sorted(files, key=number):
        text = files[name].decode(errors="replace")
        plan = parse_plan(text) if "; cost" in text else None
        if plan is not None:
            out.append(plan)
    return tuple(out)


def _last_words(stdout: bytes, stderr: bytes) -> str:
    lines = (stderr or stdout).decode(errors="replace").strip().splitlines()
    return "\n".join(lines[-3:])[-400:]


def _fast_downward(
    domain: str, problem: str, goal: Goal, features: frozenset[str], limits: Limits, cancel: Cancel
) -> Outcome:
    command = _command("up_fast_downward", "downward", _search(goal, features))
    name = {Goal.ANY: "Fast Downward (lama-first)", Goal.BETTER: "Fast Downward (lama)"}.get(goal, "Fast Downward (A*)")
    return _run(name, command, domain, problem, limits, cancel, optimal=goal is Goal.BEST)


def _symk(domain: str, problem: str, goal: Goal, features: frozenset[str], limits: Limits, cancel: Cancel) -> Outcome:  # noqa: ARG001
    command = _command("up_symk", "symk", ["--search", "sym_bd()"])
    return _run("SymK", command, domain, problem, limits, cancel, optimal=goal is Goal.BEST)


FAST_DOWNWARD = Engine(
    name="Fast Downward",
    family=_FAMILY,
    package="up_fast_downward",
    licence="GPL-3.0-or-later",
    note="classical planning, satisficing and optimal; comes with up-fast-downward",
    features=_CLASSICAL,
    optimal_features=_CLASSICAL,
    goals=frozenset(Goal),
    run=_fast_downward,
)
SYMK = Engine(
    name="SymK",
    family=_FAMILY,
    package="up_symk",
    licence="GPL-3.0-or-later",
    note="optimal classical planning by symbolic search; a fork of Fast Downward, so the two count as one",
    features=_CLASSICAL,
    optimal_features=_CLASSICAL,
    goals=frozenset({Goal.BEST}),
    run=_symk,
)
