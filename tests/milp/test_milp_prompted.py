"""The forms that the prompt shows a model (translators/llm/prompts/milp/language.md) mean what it says of them."""

from __future__ import annotations

from typing import Any

import pytest
from milp_helpers import codes_of, solve

from quod.core.verdict import Conclusion

X = {"x": {"over": ["S"], "domain": "integer", "lower": 1, "upper": 4}}
SETS: dict[str, Any] = {"S": {"range": [1, 4]}, "D": ["depot", "shop", "mill"]}
WAY = {"values": {"depot": 1, "shop": 2, "mill": 4}, "over": ["D"]}


def best(expression: str, *rules: str, sense: str = "minimize", **variables: Any) -> str:
    model = {
        "sets": SETS,
        "parameters": {"way": WAY, "p": {"over": ["S"], "values": [7, 3, 9, 1]}},
        "variables": {**X, **variables},
        "objective": {"sense": sense, "expression": expression},
        "constraints": [{"name": f"r{i}", "rule": rule} for i, rule in enumerate(rules)],
    }
    result = solve(model)
    assert result.verdict is not None, result.diagnostics
    assert result.verdict.conclusion is Conclusion.OPTIMAL, result.diagnostics
    return str(result.data["objective"])


@pytest.mark.parametrize(
    ("expression", "rules", "expected"),
    [
        ("sum(i in S: x[i])", ("all_different(x[i] for i in S)",), "10"),
        ("sum(d in D if d != 'depot': way[d] * x[1])", (), "6"),
        ("sum(i in S if i > 9: x[i]) + x[1]", (), "1"),
        ("x[1]", ("forall(t in S if t > 1: x[t] = x[t-1] - 1)",), "4"),
        ("x[1]", ("exists(t in S if t > 1: x[1] >= 2 + x[t])",), "3"),
        ("sum(t in S: x[t])", ("count(x[i] > 2 for i in S) >= 3",), "10"),
        ("sum(t in S: x[t])", ("exactly(2, x[i] > 2 for i in S)",), "8"),
        ("sum(t in S: x[t])", ("x[1] = 1 => x[2] >= 3", "x[2] >= 3 => x[3] = 4"), "5"),
        ("element([p[i] for i in S], x[1])", ("x[1] <= 3",), "3"),
        ("sum(i in S: p[i] * x[i])", ("circuit(x[i] for i in S)",), "38"),
        ("x[1]", ("inverse([x[i] for i in S], [x[5 - i] for i in S])",), "2"),
        ("x[1]", ("table([x[1], x[2]], [[4, 1], [3, 2]])",), "3"),
        ("max(x[i] for i in S)", ("no_overlap([x[1], x[2]], [2, 1])",), "2"),
        ("max(x[i] for i in S)", ("cumulative([x[i] for i in S], [1, 1, 1, 1], [2, 2, 2, 2], 4)",), "2"),
        ("x[mod(4, 3)] + abs(x[2] - 3)", ("1 <= x[2] <= 2",), "2"),
        ("x[1] * x[2]", ("x[1] + x[2] = 5",), "4"),
    ],
)
def test_forms(expression: str, rules: tuple[str, ...], expected: str) -> None:
    assert best(expression, *rules) == expected


def test_the_remainder_of_a_quantity_is_refused_with_a_way_out() -> None:
    model = {
        "variables": X | {},
        "sets": SETS,
        "objective": None,
        "constraints": [{"name": "odd", "rule": "mod(x[1], 2) = 1"}],
    }
    assert codes_of(model) == {"milp.bad_type"}
