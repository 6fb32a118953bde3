"""Shared by the tests of optimization."""

from __future__ import annotations

import json
import random
from typing import Any

from quod.backends.milp.linear import Program, Row, to_payload
from quod.backends.registry import get_backend
from quod.backends.sandbox import Limits, call
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem, Options, Problem
from quod.core.protocols import CheckResult
from quod.core.run import Run


def formal(model: dict[str, Any] | str) -> Formalization:
    text = model if isinstance(model, str) else json.dumps(model, indent=1)
    return Formalization(formalism=Formalism.MILP, text=text, language="quod-milp")


def solve(model: dict[str, Any] | str, *context: ContextItem, seconds: float = 20.0, **options: Any) -> CheckResult:
    """Through the whole backend, engines in the sandbox."""
    budget = Budget(seconds=3 * seconds, engine_seconds=seconds)
    problem = Problem(text="a test", context=context, options=Options(**options), budget=budget)
    return get_backend(Formalism.MILP).check(formal(model), problem, Run(budget=problem.budget))


def codes_of(model: dict[str, Any] | str, *context: ContextItem) -> set[str]:
    problem = Problem(text="a test", context=context)
    return {d.code for d in get_backend(Formalism.MILP).lint(formal(model), problem)}


def random_program(seed: int, *, whole: bool) -> Program:
    """A small program with bounded columns, so that brute force can settle it."""
    rng = random.Random(seed)
    n, m = rng.randint(2, 4), rng.randint(1, 4)
    rows = []
    for i in range(m):
        terms = {j: rng.choice([-3, -2, -1, 1, 2, 3, 5]) for j in range(n) if rng.random() < 0.8} or {0: 1}
        b = rng.randint(-4, 12)
        kind = rng.random()
        rows.append(Row(f"r{i}", terms, b if kind < 0.4 else None, b + rng.randint(0, 3) if kind > 0.3 else None))
    cost = {j: rng.randint(-6, 6) or 1 for j in range(n)}
    return Program([f"x{j}" for j in range(n)], [0] * n, [rng.randint(1, 4) for _ in range(n)], [whole] * n, cost,
                   0, rng.random() < 0.5, rows)  # fmt: skip


def evidence_for(program: Program) -> dict[str, Any]:
    """What the engine says and its evidence."""
    result = call(
        "highs",
        "quod.backends.milp.engines.highs:solve",
        {"program": to_payload(program), "seconds": 8.0},
        Limits(wall=10),
    )
    assert result.ok, result.detail
    assert isinstance(result.value, dict)
    return result.value
