"""``scale``: our generated family, from what fits in a model's head to what does not (``--baseline model`` asks it)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quod.core.formalism import Formalism
from quod.core.problem import make_problem
from quod.evals.benchmark import Case, Row, Setting
from quod.evals.scale import logic, optimization, planning
from quod.evals.scale.instance import SIZES, Maker

__all__ = ["KINDS", "SCALE"]

KINDS: dict[str, Maker] = {
    "allocation": optimization.allocation,
    "transportation": optimization.transportation,
    "scheduling": optimization.scheduling,
    "routing": optimization.routing,
    "deduction": logic.deduction,
    "zebra": logic.zebra,
    "blocksworld": planning.blocksworld,
    "logistics": planning.logistics,
}
PER_CELL = 3
"""Instances of each kind and size."""


@dataclass(frozen=True)
class _Scale:
    """Eight kinds at five sizes; ``--split`` takes one kind or one size, ``--seed`` gives other instances."""

    name: str = "scale"
    summary: str = "our own generated problems: eight kinds at five sizes, exact gold"
    formalism: Formalism = Formalism.MILP
    translators: tuple[str, ...] = ("gold", "controlled", "llm")
    generated: bool = True

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:  # noqa: ARG002
        for kind, make in KINDS.items():
            for size in SIZES:
                if setting.split not in {None, kind, str(size), f"{kind}/{size}"}:
                    continue
                for number in range(1, PER_CELL + 1):
                    rng = random.Random(f"{setting.seed}:{kind}:{size}:{number}")
                    made = make(size, rng)
                    problem = make_problem(
                        text=made.text, formalism=made.formalism, context=made.context, options=setting.options
                    )
                    gold = made.gold if setting.translator == "gold" else None
                    yield Row(f"{kind}-{size}-{number}", (Case(problem, made.grade, gold),), f"{kind}/{size}")


SCALE = _Scale()
