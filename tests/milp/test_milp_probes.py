"""Probes: a model that behaves otherwise than its words say is doubted, one that behaves so is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.backends.milp.backend import MilpBackend
from quod.backends.milp.probes import probes
from quod.backends.milp.said import comparisons, limits, sense
from quod.core.answer import Status
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import CheckResult
from quod.core.run import Run
from quod.repair.candidate import consider

WORDS = (
    "A bakery bakes rye loaves and wheat loaves. A rye loaf takes 4 minutes of kneading while a wheat loaf takes 7 "
    "minutes of kneading. At most 610 minutes of kneading can be spent. There must be at least 20 wheat loaves. The "
    "number of wheat loaves must not exceed the number of rye loaves. The bakery has 95 kg of flour available and each "
    "loaf uses 0.5 kg. The profit of a rye loaf is $3 and the profit of a wheat loaf is $5.5. How many of each should "
    "be baked to maximize profit?"
)


def model(**changes: Any) -> dict[str, Any]:
    rules = {
        "kneading": "4*rye + 7*wheat <= 610",
        "demand": "wheat >= 20",
        "order": "wheat <= rye",
        "flour": "0.5*rye + 0.5*wheat <= 95",
    }
    rules.update({k: v for k, v in changes.items() if k in rules})
    return {
        "variables": {
            "rye": {"domain": changes.get("domain", "integer"), "gloss": "rye loaves"},
            "wheat": {"domain": changes.get("domain", "integer"), "gloss": "wheat loaves"},
        },
        "objective": {
            "sense": changes.get("sense", "maximize"),
            "expression": changes.get("goal", "3*rye + 5.5*wheat"),
        },
        "constraints": [{"name": name, "rule": rule} for name, rule in rules.items() if rule],
    }


def formal(raw: dict[str, Any]) -> Formalization:
    return Formalization(formalism=Formalism.MILP, text=json.dumps(raw), language="quod-milp")


def doubts(raw: dict[str, Any], words: str = WORDS) -> list[str]:
    problem, backend = Problem(text=words), MilpBackend()

    def ask(changed: Formalization) -> CheckResult:
        return backend.check(changed, problem, Run())

    return [d.code.removeprefix("faithfulness.milp_") for d in probes(formal(raw), problem, ask(formal(raw)), ask)]


def test_a_model_that_says_what_the_words_say_is_not_doubted() -> None:
    assert doubts(model()) == []


@pytest.mark.parametrize(
    "rule",
    ["610 >= 4*rye + 7*wheat", "4*rye + 7*wheat - 610 <= 0", "-4*rye - 7*wheat >= -610", "rye <= (610 - 7*wheat)/4"],
)
def test_how_a_limit_is_written_makes_no_difference(rule: str) -> None:
    assert doubts(model(kneading=rule)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sense": "minimize"}, "sense"),
        ({"kneading": "4*rye + 7*wheat >= 610"}, "limit"),
        ({"kneading": "610 - 7*wheat <= 4*rye"}, "limit"),
        ({"kneading": "4*rye + 7*wheat = 610"}, "limit"),
        ({"demand": "wheat <= 20"}, "limit"),
        ({"demand": "rye >= 20"}, "number_of_other"),
        ({"order": "rye <= wheat"}, "comparison"),
        ({"order": ""}, "comparison"),
        ({"flour": "0.5*rye + 0.5*wheat >= 95"}, "limit"),
        ({"kneading": "7*rye + 4*wheat <= 610"}, "number_of_other"),
        ({"kneading": "4*rye + 7*rye <= 610"}, "repeated_variable"),
        ({"goal": "3*rye + 55*wheat"}, "number_invented"),
        ({"domain": "continuous"}, "not_whole"),
    ],
)
def test_a_model_that_says_something_else_is_doubted(changes: dict[str, str], code: str) -> None:
    assert code in doubts(model(**changes))


def test_a_number_in_a_parameter_is_raised_there() -> None:
    raw = model(kneading="4*rye + 7*wheat >= time")
    raw["parameters"] = {"time": {"value": 610}}
    assert "limit" in doubts(raw)
    raw["constraints"][0]["rule"] = "4*rye + 7*wheat <= time"
    assert doubts(raw) == []


def test_using_up_what_there_is_is_doubted_only_where_leaving_some_would_be_better() -> None:
    words = "A shop has 11 hours available. A chair takes 2 hours and costs $4. Formulate an LP to {} it."
    raw: dict[str, Any] = {
        "variables": {"chair": {"domain": "continuous", "lower": 1}},
        "objective": {"sense": "maximize", "expression": "4*chair"},
        "constraints": [{"name": "time", "rule": "2*chair = 11"}],
    }
    assert doubts(raw, words.format("maximize")) == []
    raw["objective"]["sense"] = "minimize"
    assert doubts(raw, words.format("minimize")) == ["limit"]
    assert doubts(raw, words.format("minimize").replace("available", "available and uses all of them")) == []


def test_a_doubted_answer_is_not_verified() -> None:
    words = WORDS.replace("loaves", "breads")  # no grammar need read it
    sound = consider(Problem(text=words), formal(model()), Run())
    broken = consider(Problem(text=words), formal(model(kneading="4*rye + 7*wheat = 610")), Run())
    assert broken.status is Status.UNVERIFIED
    assert any(d.code == "faithfulness.milp_limit" for d in broken.diagnostics)
    assert not any(d.code == "faithfulness.milp_limit" for d in sound.diagnostics)


def test_what_the_words_limit() -> None:
    said = limits("At most 5 cars, no less than 6 vans, 7 bikes or more; it has a budget of $80. Not at least 9.")
    assert [(limit.quantity.words, limit.op, limit.plain) for limit in said] == [
        ("5", "<=", True), ("6", ">=", True), ("7", ">=", True), ("80", "<=", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "more", "less"),
    [
        ("The number of vans must exceed the number of cars.", "vans", "cars"),
        ("The number of vans cannot exceed the number of cars.", "cars", "vans"),
        ("There must be more vans than cars.", "vans", "cars"),
        ("The number of vans must be less than the number of cars.", "cars", "vans"),
    ],
)
def test_what_the_words_compare(words: str, more: str, less: str) -> None:
    (said,) = comparisons(words)
    assert (said.more.strip(), said.less.strip()) == (more, less)


def test_a_comparison_with_a_number_is_a_limit_and_no_comparison() -> None:
    assert comparisons("There must be at least twice as many vans as cars, and 5 more vans than bikes.") == []


def test_two_directions_are_none() -> None:
    assert sense("Maximize profit and minimize waste.") is None
    assert sense("What is the lowest total cost?") == "minimize"


@given(
    rule=st.text(alphabet="ryewhat0123456789.*+-/()<>= ", max_size=40),
    words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
)
def test_no_text_makes_a_probe_fail(rule: str, words: str) -> None:
    problem = Problem(text=words + " At most 610.")
    found = probes(formal(model(kneading=rule)), problem, CheckResult(), lambda _: CheckResult())
    assert isinstance(found, tuple)
