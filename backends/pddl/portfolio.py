"""Which planners to ask, in which order, within the limits; and what their answers amount to together.

A plan first, quickly; then, unless that is not wanted, its optimality: planners that can prove it race each
other, later with an anytime planner beside them for the case that no proof comes in time. Every plan is
replayed before it counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from fractions import Fraction

from quod.backends.pddl import codes
from quod.backends.pddl.engines.base import Engine, Found, Goal, Outcome
from quod.backends.pddl.engines.catalogue import ENGINES
from quod.backends.pddl.engines.up_validator import second_opinion
from quod.backends.pddl.judge import Judgement, judge_optimal, judge_unsolvable
from quod.backends.pddl.plans import Plan
from quod.backends.pddl.task import Task
from quod.backends.pddl.validator import Replay, validate
from quod.backends.sandbox import Limits
from quod.core.diagnostics import Diagnostic
from quod.core.run import Cancel, Run
from quod.core.verdict import GaveUp

__all__ = ["Asked", "Search", "cross_validate", "search"]


FIRST_SHARE = 0.2
"""The part of the time left that the first, quick search may use where provers are to follow: where it finds nothing
(a domain full of dead ends), they often do."""

HEAD_START = 0.35
"""The part of the time left for which the provers have the machine to themselves where there is a plan already; then
an anytime planner starts beside them, to make that plan cheaper should no proof come. A proof that comes at all mostly
comes early, and a third process would slow the two provers down."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A task with the texts that engines are given."""

    task: Task
    domain: str
    problem: str


@dataclass(slots=True)
class Search:
    """What the engines found, all together."""

    plan: Plan | None = None
    replay: Replay | None = None
    engine: str = ""
    proved_by: list[Outcome] = field(default_factory=list)
    """Engines that claim the plan's cost is optimal."""
    unsolvable_by: list[Outcome] = field(default_factory=list)
    judgement: Judgement = field(default_factory=Judgement)
    """What our own code can say about optimality or unsolvability."""
    outcomes: list[Outcome] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    certify_seconds: float = 0.0
    second_opinion: bool | None = None
    """What unified-planning's validator says of the plan, where it was asked and could read the task."""

    @property
    def cost(self) -> Fraction | None:
        """Cost of the best plan found."""
        return self.replay.cost if self.replay else None


def search(asked: Asked, optimal: bool | None, names: tuple[str, ...] | None, run: Run) -> Search:
    """Look for a plan, its optimality, or the proof that there is none."""
    out = Search()
    _any_plan(asked, names, run, out, share=1.0 if optimal is False else FIRST_SHARE)
    run.cancel.check()
    minimizing = asked.task.metric is None or asked.task.metric.minimize
    undecided = out.plan is not None or (out.outcomes and not out.unsolvable_by)
    if optimal is not False and minimizing and undecided:
        _best_plan(asked, names, run, out, insist=bool(optimal))
    if optimal and out.plan is not None and not asked.task.temporal and run.engine_seconds > 1:
        _second_opinion(asked, out, run)
    if out.plan is None and out.unsolvable_by and run.engine_seconds > 0:
        out.judgement = judge_unsolvable(asked.domain, asked.problem, run.engine_seconds, run)
    run.cancel.check()
    return out


def _second_opinion(asked: Asked, out: Search, run: Run) -> None:
    """unified-planning's validator on the best plan. It only adds: our own replay is what counts."""
    assert out.plan is not None
    limits = Limits.of(run.budget, min(15.0, run.engine_seconds))
    said = second_opinion(asked.domain, asked.problem, [out.plan], limits, run.cancel)
    if isinstance(said, list) and said[0] is not None:
        out.second_opinion = said[0]
        if not said[0]:
            message = "unified-planning's validator refuses the plan that ours accepts"
            out.diagnostics.append(codes.DISAGREE.warning(message))


def cross_validate(first: Asked, second: Asked, run: Run) -> bool | None:
    """Whether a plan for each also solves the other; None if one of them was not solved in a few seconds.

    A weaker sign than equivalence: two problems may share these plans and still differ.
    """
    plans = []
    for asked in (first, second):
        out = Search()
        budget = run.budget.model_copy(update={"engine_seconds": min(3.0, run.budget.engine_seconds)})
        _any_plan(asked, None, replace(run, budget=budget), out)
        if out.plan is None:
            return None
        plans.append(out.plan)
    return validate(first.task, plans[1]).valid and validate(second.task, plans[0]).valid


def _engines(asked: Asked, goal: Goal, names: tuple[str, ...] | None) -> list[Engine]:
    return [e for e in _fitting(asked, goal, names) if e.accepted and e.installed]


def _fitting(asked: Asked, goal: Goal, names: tuple[str, ...] | None) -> list[Engine]:
    return [e for e in ENGINES if e.reads(asked.task.features, goal) and (names is None or _named(e, names))]


def _not_accepted(asked: Asked, names: tuple[str, ...] | None, *, alone: bool) -> list[Diagnostic]:
    """Planners that were asked for by name, or that nothing else stands in for, whose licences nobody accepted."""
    if names is None and not alone:
        return []
    return [
        codes.LICENCE.warning(
            f"{engine.name} was not run: its licence ({engine.licence}) has not been accepted",
            hint=f"read it; if you accept it, set QUOD_ACCEPT_LICENCES={engine.name.lower()} and install "
            f"'quod[{engine.name.lower()}]'",
        )
        for engine in _fitting(asked, Goal.ANY, names)
        if not engine.accepted
    ]


def _named(engine: Engine, names: tuple[str, ...]) -> bool:
    return any(n.lower().replace("-", " ") == engine.name.lower().replace("-", " ") for n in names)


def _any_plan(asked: Asked, names: tuple[str, ...] | None, run: Run, out: Search, *, share: float = 1.0) -> None:
    """One engine after the other, until one finds a plan that is valid or says that there is none."""
    engines = _engines(asked, Goal.ANY, names) or _engines(asked, Goal.BEST, names)
    out.diagnostics += _not_accepted(asked, names, alone=not engines)
    if not engines:
        used = ", ".join(f":{f}" for f in sorted(asked.task.features)) or ":strips"
        out.diagnostics.append(codes.NO_ENGINE.warning(f"no engine at hand reads what is used here: {used}"))
    # Numeric and temporal planners are strong on different tasks: they share the time. Of the classical ones the first
    # is the strongest, and has it all.
    sharing = all(e.family != "downward" for e in engines)
    for position, engine in enumerate(engines):
        goal = Goal.ANY if Goal.ANY in engine.goals else Goal.BEST
        if run.engine_seconds <= 0:
            return
        waiting = len(engines) - position if sharing else 1
        run.emit("solving", {"engine": engine.name})
        outcome = engine.run(
            asked.domain,
            asked.problem,
            goal,
            asked.task.features,
            Limits.of(run.budget, min(run.engine_seconds, share * run.seconds_left / waiting)),
            run.cancel,
        )
        run.cancel.check()
        _take(asked.task, outcome, out)
        if out.plan is not None or out.unsolvable_by:
            return
        if outcome.gave_up is GaveUp.TIMEOUT and goal is Goal.ANY and waiting == 1:
            return


def _take(task: Task, outcome: Outcome, out: Search) -> None:
    """Replay an outcome's plans and keep what is better than what we have."""
    out.outcomes.append(outcome)
    if outcome.found is Found.UNSOLVABLE:
        if out.plan is not None:
            message = f"{outcome.engine} says that there is no plan, and {out.engine} found one that is valid"
            out.diagnostics.append(codes.DISAGREE.warning(message))
        else:
            out.unsolvable_by.append(outcome)
        return
    started = time.monotonic()
    for plan in reversed(outcome.plans):
        replay = validate(task, plan)
        if not replay.valid:
            where = f" at step {replay.step}" if replay.step else ""
            message = f"{outcome.engine} printed a plan that our validator rejects{where}: {replay.reason}"
            out.diagnostics.append(codes.INVALID_PLAN.warning(message))
            continue
        assert replay.cost is not None
        better = out.cost is None or replay.cost < out.cost
        if better:
            if out.cost is not None and out.proved_by:
                out.diagnostics.append(_contradiction(out, outcome, replay.cost))
            out.plan, out.replay, out.engine = plan, replay, outcome.engine
        if outcome.optimal and plan == outcome.plans[-1]:
            if replay.cost == out.cost:
                out.proved_by = [o for o in out.proved_by if o.engine != outcome.engine] + [outcome]
            else:
                out.diagnostics.append(_contradiction(out, outcome, replay.cost))
        break
    out.certify_seconds += time.monotonic() - started


def _contradiction(out: Search, outcome: Outcome, cost: Fraction) -> Diagnostic:
    message = f"{outcome.engine} and {out.engine} disagree about the optimal cost: {cost} and {out.cost}"
    return codes.DISAGREE.warning(message)


def _best_plan(asked: Asked, names: tuple[str, ...] | None, run: Run, out: Search, *, insist: bool) -> None:
    """Race for a proof of optimality; then let our own code judge the result."""
    if out.cost is not None:
        out.judgement = judge_optimal(asked.domain, asked.problem, out.cost, min(2.0, run.engine_seconds), run, tries=0)
        if out.judgement.lower_bound == out.cost:
            return
    provers = _engines(asked, Goal.BEST, names)
    strongest = [e for e in provers if e.family == "downward"]
    racers = [(e, Goal.BEST) for e in (provers if names else strongest or provers)]
    racers += [(e, Goal.BETTER) for e in _engines(asked, Goal.BETTER, names)]
    limits = Limits.of(run.budget, run.engine_seconds)

    def proved(outcome: Outcome) -> bool:
        return outcome.optimal or outcome.found is Found.UNSOLVABLE

    wait = HEAD_START * run.engine_seconds if out.plan is not None and len(racers) > 1 else 0.0
    for outcome in _race(asked, racers, limits, run.cancel, proved, wait):
        _take(asked.task, outcome, out)
    run.cancel.check()
    if out.proved_by and out.cost is not None and run.engine_seconds > 0.2:
        seconds = run.engine_seconds if insist else min(3.0, run.engine_seconds)
        found = judge_optimal(asked.domain, asked.problem, out.cost, seconds, run, tries=1)
        if (found.lower_bound or 0) >= (out.judgement.lower_bound or 0):
            out.judgement = found
    if out.judgement.lower_bound is not None and out.cost is not None and out.judgement.lower_bound > out.cost:
        message = f"our lower bound {out.judgement.lower_bound} is above the cost {out.cost} of a valid plan"
        out.diagnostics.append(codes.DISAGREE.error(message, hint="this is a bug in quod: please report it"))


def _race(
    asked: Asked,
    racers: Sequence[tuple[Engine, Goal]],
    limits: Limits,
    cancel: Cancel,
    accept: Callable[[Outcome], bool],
    wait: float,
) -> list[Outcome]:
    """Run engines side by side; the first accepted outcome ends the others, whose plans still count.

    Those that only look for better plans start after ``wait`` seconds, or as soon as every prover has given up.
    """
    if not racers:
        return []
    linked = Cancel(cancel)
    start = time.monotonic() + wait
    proving = [racer for racer in racers if racer[1] is Goal.BEST]
    ended: list[Outcome] = []
    """Of the provers."""

    def one(racer: tuple[Engine, Goal]) -> Outcome | None:
        engine, goal = racer
        left = limits
        if goal is not Goal.BEST:
            while time.monotonic() < start and len(ended) < len(proving):
                if linked.requested:
                    return None
                time.sleep(0.05)
            left = replace(limits, wall=max(0.1, limits.wall - wait + max(0.0, start - time.monotonic())))
        outcome = engine.run(asked.domain, asked.problem, goal, asked.task.features, left, linked)
        if accept(outcome):
            linked.set()
        if goal is Goal.BEST:
            ended.append(outcome)
        return outcome

    with ThreadPoolExecutor(len(racers)) as pool:
        # each with the caller's context, so that what it logs carries the job
        futures = [pool.submit(copy_context().run, one, racer) for racer in racers]
        return [outcome for future in as_completed(futures) if (outcome := future.result()) is not None]
