"""Random models over a few whole numbers, settled by trying every point: no answer that is called certain is wrong."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from typing import Any

import pytest
from milp_helpers import solve

from quod.backends.milp.evaluate import evaluate, holds
from quod.backends.milp.ground import Ground, ground
from quod.backends.milp.model import parse_model
from quod.backends.milp.trees import constraints_of, goal_of
from quod.core.assurance import Assurance
from quod.core.problem import Problem


class Maker:
    """Writes one model for each seed: linear and nonlinear terms, logic, counting and global constraints."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = [f"x{i}" for i in range(self.random.randint(2, 4))]

    def model(self) -> dict[str, Any]:
        r = self.random
        variables = {
            v: {"domain": "integer", "lower": r.choice([0, 0, 1, -2]), "upper": r.randint(2, 4)} for v in self.names
        }
        found: dict[str, Any] = {
            "variables": variables,
            "constraints": [self.rule() for _ in range(r.randint(1, 3))],
        }
        if r.random() < 0.5:
            found["objective"] = {"sense": r.choice(["maximize", "minimize"]), "expression": self.number()}
        return found

    def linear(self) -> str:
        r = self.random
        chosen = r.sample(self.names, r.randint(1, len(self.names)))
        return " + ".join(f"({r.choice([-3, -2, -1, 1, 1, 2, 3])})*{v}" for v in chosen)

    def number(self, depth: int = 0) -> str:
        r = self.random
        x, y = r.choice(self.names), r.choice(self.names)
        if depth > 1:
            return self.linear()
        values = ", ".join(str(r.randint(0, 6)) for _ in range(4))
        inner = (self.number(depth + 1), self.number(depth + 1))
        return r.choice(
            [self.linear()] * 4
            + [f"abs({inner[0]})", f"{r.choice(['min', 'max'])}({inner[0]}, {inner[1]})", f"{x} * {y}"]
            + [f"element([{values}], {x} + 1)", f"{x}^{r.choice([2, 3])}"]
        )

    def relation(self) -> str:
        r = self.random
        return f"{self.number()} {r.choice(['<=', '>=', '=', '!=', '<', '>'])} {r.randint(-2, 9)}"

    def rule(self) -> str:
        r = self.random
        some = ", ".join(self.names)
        short = [", ".join(str(r.randint(0, 2)) for _ in self.names) for _ in range(2)]
        rows = ", ".join(f"[{r.randint(0, 3)}, {r.randint(0, 3)}]" for _ in range(4))
        a, b = self.relation(), self.relation()
        return r.choice(
            [self.relation()] * 5
            + [f"({a}) or ({b})", f"({a}) => ({b})", f"({a}) <=> ({b})", f"not ({a} and {b})"]
            + [f"all_different([{some}])", f"circuit([{some}])", f"no_overlap([{some}], [{short[0]}])"]
            + [f"{r.choice(['exactly', 'at_least', 'at_most'])}({r.randint(0, 2)}, {a}, {b})"]
            + [f"table([{self.names[0]}, {self.names[1]}], [{rows}])"]
            + [f"cumulative([{some}], [{short[0]}], [{short[1]}], {r.randint(1, 3)})"]
        )


def every_point(grounded: Ground) -> list[Any]:
    """The objective (or None) at each point that satisfies everything, where everything is defined."""
    goal, found = goal_of(grounded), []
    sides = zip(grounded.program.lower, grounded.program.upper, strict=True)
    for choice in itertools.product(*(range(int(a or 0), int(b or 0) + 1) for a, b in sides)):
        x = [Fraction(v) for v in choice]
        try:
            if all(holds(c, x) for c in constraints_of(grounded)):
                found.append(None if goal is None else evaluate(goal, x))
        except ValueError:  # a position outside its list
            continue
    return found


@pytest.mark.parametrize("seed", range(48))
def test_what_is_certain_is_so(seed: int) -> None:
    asked = Maker(seed).model()
    parsed, _ = parse_model(json.dumps(asked))
    assert parsed is not None
    grounded, found = ground(parsed, Problem(text="a test"))
    result = solve(asked, seconds=8)
    if grounded is None:
        assert found
        assert result.verdict is None
        return
    points = every_point(grounded)
    assert result.verdict is not None
    assert "milp.engines_disagree" not in {d.code for d in result.diagnostics}
    if not result.assurance.at_least(Assurance.CROSS_CHECKED):
        return
    conclusion = str(result.verdict.conclusion)
    if conclusion == "optimal" and "objective" in asked:
        best = max(points) if asked["objective"]["sense"] == "maximize" else min(points)
        assert Fraction(str(result.data["objective"])) == best
    else:
        assert {"infeasible": 0, "unique": 1}.get(conclusion, min(len(points), 2)) == min(len(points), 2)
        assert (conclusion == "several") <= (len(points) > 1)


def test_a_task_that_takes_no_time_is_in_nobodys_way() -> None:
    """CP-SAT's own view of such intervals is another; Z3 and our evaluation found it out."""
    asked = {
        "variables": {"a": {"domain": "integer", "upper": 1}, "b": {"domain": "integer", "lower": 1, "upper": 1}},
        "objective": {"sense": "maximize", "expression": "a"},
        "constraints": ["no_overlap([b, a], [0, 2])", "a + 0*b <= 0 or a >= 9"],
    }
    result = solve(asked, seconds=8)
    assert (result.data["objective"], result.assurance) == ("0", Assurance.CROSS_CHECKED)
