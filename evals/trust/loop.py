"""Measures the repair loop with the simulated model: rounds to the gold's meaning, and what they cost."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from quod.backends.registry import get_backend
from quod.core.budget import Budget
from quod.core.run import Run
from quod.evals.trust.bench import OPERATORS, Gold
from quod.evals.trust.mutation import Mutant, mutate
from quod.evals.trust.simulated import STRENGTHS, Feedback, SimulatedModel
from quod.repair.assemble import Ledger
from quod.repair.modelled import RepairLoop

__all__ = ["WITHIN", "Repaired", "measure_loop"]

ROUNDS = 8
"""Repairs allowed; whether ``WITHIN`` sufficed is counted apart."""
WITHIN = 3


@dataclass(frozen=True)
class Repaired:
    """What came of one mutant under one kind of feedback."""

    gold: str
    operator: str
    feedback: Feedback
    detected: bool
    """The first check found something to mend."""
    reached: bool
    """The loop ended at the gold's meaning."""
    calls: int
    """Model calls, the draft included."""
    attempts: int
    within: bool
    """Reached with at most ``WITHIN`` calls for repair."""


def measure_loop(
    golds: Iterable[Gold],
    *,
    strength: str = "medium",
    seed: int = 0,
    feedbacks: tuple[Feedback, ...] = tuple(Feedback),
    operators: int | None = None,
) -> list[Repaired]:
    """One mutant of every operator (or of a few, chosen for each gold), each repaired under each kind of feedback."""
    results = []
    for gold in golds:
        chosen = OPERATORS[gold.formalization.formalism]
        if operators is not None:
            chosen = tuple(random.Random(f"{seed}/{gold.id}").sample(chosen, min(operators, len(chosen))))
        for operator in chosen:
            rng = random.Random(f"{seed}/{gold.id}/{operator.name}")
            for mutant in mutate(operator, gold.formalization.text, rng):
                results += [_repair(gold, mutant, strength, feedback, seed) for feedback in feedbacks]
    return results


def _repair(gold: Gold, mutant: Mutant, strength: str, feedback: Feedback, seed: int) -> Repaired:
    rng = random.Random(f"{seed}/{gold.id}/{mutant.operator}/{feedback}")
    operators = OPERATORS[gold.formalization.formalism]
    model = SimulatedModel(gold.formalization, mutant.text, STRENGTHS[strength], feedback, operators, rng)
    budget = Budget(attempts=ROUNDS + 1, seconds=120, engine_seconds=8)
    problem = gold.problem.model_copy(update={"budget": budget})
    run = Run(budget=budget)
    answer = RepairLoop(problem, run, Ledger(run), model).run()
    reached = False
    if answer.formalization is not None:
        backend = get_backend(gold.formalization.formalism)
        run = Run(budget=budget)
        reached = backend.equivalent(answer.formalization, gold.formalization, problem, run).equivalent is True
    return Repaired(
        gold=gold.id,
        operator=mutant.operator,
        feedback=feedback,
        detected=len(answer.attempts) > 1 or not answer.attempts or model.usage.calls > 1,
        reached=reached,
        calls=model.usage.calls,
        attempts=len(answer.attempts),
        within=reached and model.usage.calls <= WITHIN + 1,
    )
