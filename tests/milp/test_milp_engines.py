"""Second opinions where no certificate is at hand, and nonlinear points measured with intervals."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from milp_helpers import solve

from quod.backends.milp.ground import Ground, ground
from quod.backends.milp.intervals import enclose, violation
from quod.backends.milp.model import parse_model
from quod.backends.milp.solving import Outcome, solve_linear
from quod.backends.milp.trees import second_opinion
from quod.backends.milp.values import Lin, Tree
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion

BUDGET = Budget(seconds=30, engine_seconds=8)
PROBLEM = Problem(text="a test", budget=BUDGET)
KNAPSACK: dict[str, Any] = {
    "variables": {n: {"domain": "integer", "upper": 4} for n in "abcd"},
    "objective": {"sense": "maximize", "expression": "7*a + 9*b + 4*c + 11*d"},
    "constraints": ["3*a + 4*b + 2*c + 5*d <= 17", "a + b <= 3"],
}
NOTHING = {**KNAPSACK, "constraints": ["2*a + 4*b - 2*c + 6*d = 7"]}


def uncertified(model: dict[str, Any]) -> tuple[Ground, Outcome]:
    """What HiGHS says, its certificate laid aside."""
    parsed, _ = parse_model(json.dumps(model))
    assert parsed is not None
    grounded, found = ground(parsed, PROBLEM)
    assert grounded is not None, found
    outcome = solve_linear(grounded.program, Run(budget=BUDGET), None)
    assert outcome.accepted
    outcome.accepted, outcome.assurance = False, Assurance.ENGINE
    return grounded, outcome


@pytest.mark.parametrize("model", [KNAPSACK, NOTHING])
def test_without_a_certificate_another_engine_is_asked(model: dict[str, Any]) -> None:
    grounded, outcome = uncertified(model)
    second_opinion(grounded, outcome, Run(budget=BUDGET), PROBLEM)
    assert outcome.assurance is Assurance.CROSS_CHECKED
    assert "SCIP" in outcome.verdict.engine


def test_a_value_that_can_be_beaten_is_not_confirmed() -> None:
    grounded, outcome = uncertified(KNAPSACK)
    assert outcome.value is not None
    outcome.x, outcome.value = [0, 0, 0, 0], Fraction(0)
    second_opinion(grounded, outcome, Run(budget=BUDGET), PROBLEM)
    assert outcome.assurance is Assurance.NONE
    assert outcome.disagreement


def test_a_point_that_is_not_feasible_confirms_nothing() -> None:
    grounded, outcome = uncertified(KNAPSACK)
    outcome.x, outcome.exact_point = [4, 4, 4, 4], False
    second_opinion(grounded, outcome, Run(budget=BUDGET), PROBLEM)
    assert outcome.assurance is Assurance.ENGINE


def test_z3_confirms_where_scip_may_not_be_asked() -> None:
    """Chosen engines are kept to: CP-SAT's optimum is put to Z3."""
    result = solve(KNAPSACK, engines=("ortools",))
    assert result.assurance is Assurance.CROSS_CHECKED
    assert result.verdict is not None
    assert "Z3" in result.verdict.engine


def test_a_transcendental_point_is_measured() -> None:
    model = {
        "variables": {"x": {"upper": 5}, "y": {"upper": 5}},
        "objective": {"sense": "maximize", "expression": "x + y"},
        "constraints": ["exp(x) + y <= 4"],
    }
    result = solve(model)
    assert result.assurance is Assurance.ENGINE
    # the derivative of x + 4 - exp(x) is 0 at x = 0
    assert abs(result.data["objective_float"] - 3.0) < 1e-4  # type: ignore[operator]
    assert any("SCIP's word" in d.message for d in result.diagnostics)


X = [Fraction(1, 3)]
here = Lin({0: 1})
points = st.fractions(-6, 6, max_denominator=1000)


@settings(max_examples=150, deadline=None)
@given(op=st.sampled_from(["exp", "sin", "cos", "sqrt", "log"]), at=points)
def test_functions_are_enclosed_and_the_enclosure_is_narrow(op: str, at: Fraction) -> None:
    if op in {"sqrt", "log"} and at <= 0:
        return
    low, high = enclose(Tree(op, [here]), [at])
    assert low <= high
    assert high - low <= Fraction(1, 10**12) * max(1, abs(high))
    if op == "sqrt":
        assert low * low <= at <= high * high
    else:
        assert low <= Fraction(getattr(math, op)(float(at))) <= high


@settings(max_examples=150, deadline=None)
@given(at=points, k=st.integers(0, 5), wide=st.fractions(0, 2, max_denominator=9))
def test_powers_of_what_is_known_roughly(at: Fraction, k: int, wide: Fraction) -> None:
    """sin(x) lies between -1 and 1; its powers are enclosed by those of its own enclosure."""
    inner = Tree("*", [wide, Tree("sin", [here])])
    low, high = enclose(Tree("^", [inner, k]), [at])
    a, b = enclose(inner, [at])
    for v in (a, b, (a + b) / 2):
        assert low <= v**k <= high


@pytest.mark.parametrize(
    ("op", "lin", "missed"),
    [("<=", Lin({0: 3}, -1), 0), ("<=", Lin({0: 3}, 0), 1), (">=", Lin({0: 3}, -3), 2), ("=", Lin({0: 3}, -2), 1)],
)
def test_violations_are_measured_exactly_where_arithmetic_is(op: str, lin: Lin, missed: int) -> None:
    assert violation(Tree(op, [lin]), X) == missed


@pytest.mark.parametrize("op", ["sqrt", "log"])
def test_what_is_not_defined_is_not_measured(op: str) -> None:
    with pytest.raises(ValueError, match=r"negative|positive"):
        enclose(Tree(op, [Lin({0: -1})]), X)


def test_division_by_what_may_be_zero_is_not_measured() -> None:
    with pytest.raises(ZeroDivisionError):
        enclose(Tree("/", [1, Tree("sin", [Lin({}, 0)])]), X)


def test_a_point_of_free_quantities_is_measured() -> None:
    free = {"domain": "continuous", "lower": None}
    rules = [{"name": "product", "rule": "x * y = 2"}, {"name": "order", "rule": "x >= y^2"}]
    objective = {"sense": "minimize", "expression": "x^2 + y^2"}
    result = solve({"variables": {"x": free, "y": free}, "objective": objective, "constraints": rules})
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.OPTIMAL
    assert math.isclose(float(Fraction(str(result.data["objective_float"]))), 2 ** (4 / 3) + 2 ** (2 / 3), rel_tol=1e-5)


@pytest.mark.parametrize("sense", ["minimize", "maximize"])
def test_a_bound_is_on_its_side_of_the_value(sense: str) -> None:
    xs = {"x": {"over": ["I"], "domain": "continuous", "lower": -3, "upper": 5}}
    waves = "100 + sum(i in I, j in I if i < j: x[i] * x[j] * sin(3 * x[i] + j))"
    model = {
        "sets": {"I": {"range": [1, 6]}},
        "variables": xs,
        "objective": {"sense": sense, "expression": waves},
        "constraints": [{"name": "few", "rule": "sum(i in I: x[i]) <= 20"}],
    }
    result = solve(model, gap=50.0)
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.FEASIBLE
    value, bound = (float(str(result.data[key])) for key in ("objective_float", "bound_float"))
    assert bound <= value if sense == "minimize" else bound >= value
