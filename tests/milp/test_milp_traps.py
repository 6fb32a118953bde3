"""Models made to mislead: no wrong answer is ever called certain, and bad input is pointed at."""

from __future__ import annotations

from typing import Any

import pytest
from milp_helpers import formal, solve

from quod.backends.registry import get_backend
from quod.core.assurance import Assurance
from quod.core.formalism import Formalism
from quod.core.problem import Problem
from quod.core.protocols import CheckResult

INT: dict[str, Any] = {"domain": "integer"}
BIN: dict[str, Any] = {"domain": "binary"}
FREE: dict[str, Any] = {"domain": "integer", "lower": None}
NOTHING: dict[str, Any] = {"A": []}


def model(variables: dict[str, Any], goal: str | None, *rules: str, sense: str = "maximize", **more: Any) -> Any:
    found: dict[str, Any] = {**more, "variables": variables, "constraints": list(rules)}
    return found if goal is None else {**found, "objective": {"sense": sense, "expression": goal}}


def over_nothing(*rules: str, domain: str = "binary") -> Any:
    variables = {"x": {"over": ["A"], "domain": domain}, "y": {"upper": 3}}
    if domain == "integer":
        variables = {"x": {**variables["x"], "upper": 3}, "y": {"domain": "integer", "upper": 3}}
    return model(variables, "y", *rules, sets=NOTHING)


def twos(count: int, *more: str, **variables: Any) -> Any:
    left = " + ".join(f"2*x{i}" for i in range(count))
    return model({**{f"x{i}": BIN for i in range(count)}, **variables}, "x0", f"{left} {more[0]}", *more[1:])


Expected = str | None
TRAPS: dict[str, tuple[Any, str, Expected]] = {
    "tiny coefficients": (model({"x": {}, "y": {}}, "x + y", "1e-10*x + 1e-10*y = 3e-10"), "optimal", "3"),
    "tiny coefficients, whole": (model({"x": INT, "y": INT}, "x + 2*y", "1e-10*x + 1e-10*y = 3e-10"), "optimal", "6"),
    "tiny coefficients, no whole solution": (model({"x": INT}, "x", "3e-10*x = 1e-10"), "infeasible", None),
    "a tiny objective": (model({"x": {"upper": 2}}, "1e-12*x"), "optimal", "1/500000000000"),
    "a tiny objective over rows": (model({"x": {}, "y": {}}, "1e-12*x + 1e-12*y", "x + y <= 2"), "optimal",
                                   "1/500000000000"),
    "a large multiplier": (model({"x": {"upper": 10**9}, "b": BIN}, "x - 1000*b", "x <= 1e9*b"), "optimal",
                           "999999000"),
    "a billionth of a yes": (model({"x": {"upper": 10}, "b": BIN}, "x - 5*b", "x <= 1e9*b"), "optimal", "5"),
    "whole numbers of either sign": (model({"x": FREE, "y": FREE}, "3*x + 2*y", "x + y <= 7", "x - y <= 3",
                                           "x + 3*y >= -100"), "optimal", "19"),
    "a whole ray": (model({"x": INT, "y": INT}, "x", "2*x - 3*y = 1"), "unbounded", None),
    "a steep ray": (model({"x": FREE, "y": FREE}, "x + y", "1000001*x - 1000000*y <= 5"), "unbounded", None),
    "unbounded but for parity": (model({"x": INT, "y": INT}, "x + y", "2*x - 2*y = 1"), "infeasible", None),
    "no bounds, no whole solution": (model({"x": FREE, "y": FREE}, "x", "6*x + 10*y = 15"), "infeasible", None),
    "parity of two equations": (model({"x": FREE, "y": FREE}, "x", "x + y = 1", "x - y = 0"), "infeasible", None),
    "eleven twos": (twos(11, "= 11"), "infeasible", None),
    "thirty-one twos and a fixed one": (twos(31, "+ s = 31", "s = 0", s=BIN), "infeasible", None),
    "coins that cannot": (model({"x": INT, "y": INT, "z": INT}, "x", "6*x + 9*y + 20*z = 43"), "infeasible", None),
    "coins that can": (model({"x": INT, "y": INT, "z": INT}, "x", "6*x + 9*y + 20*z = 44"), "optimal", "4"),
    "a degenerate vertex": (model({"x": {}, "y": {}, "z": {}}, "x + y + z", "x + y <= 1", "y + z <= 1", "x + z <= 1",
                                  "x + y + z <= 1.5", "2*x + 2*y + 2*z <= 3"), "optimal", "3/2"),
    "Beale's cycle": (model({f"x{i}": {} for i in range(1, 5)}, "0.75*x1 - 20*x2 + 0.5*x3 - 6*x4",
                            "0.25*x1 - 8*x2 - x3 + 9*x4 <= 0", "0.5*x1 - 12*x2 - 0.5*x3 + 3*x4 <= 0", "x3 <= 1"),
                      "optimal", "5/4"),
    "equations that repeat": (model({"x": {}, "y": {}}, "x", "x + y = 4", "2*x + 2*y = 8", "x - y = 0"), "optimal",
                              "2"),
    "a hair below seven": (model({"x": INT}, "x", "x <= 6.9999999999999999999"), "optimal", "6"),
    "a hair below seven, twice": (model({"x": INT, "y": INT}, "x + y", "3*x + 3*y <= 20.99999999999"), "optimal", "6"),
    "a hair above one times x": (model({"x": INT}, "x", "1.0000000000000000000000000000000000000001*x <= 7"),
                                 "optimal", "6"),
    "a hair off a whole sum": (model({"x": INT, "y": INT}, "x", "x + y = 3.0000000001"), "infeasible", None),
    "forty digits after the point": (model({"x": {}}, "0.1234567890123456789012345678901234567890*x",
                                           "0.1234567890123456789012345678901234567890*x <= 1"), "optimal", "1"),
    "limits that meet": (model({"x": {"upper": 1}}, "x", "1000000*x <= 1", "1000000*x >= 1"), "optimal", "1/1000000"),
    "limits that miss by a billionth": (model({"x": {"lower": None}}, "x", "2*x <= -1e-9", "12345.6789*x >= 1e-7"),
                                        "infeasible", None),
    "a chain": (model({"x": {}, "y": {}}, "x", "1 <= x <= y <= 7"), "optimal", "7"),
    "a chain that cannot": (model({"x": {}, "y": {}}, "x", "5 <= x <= y <= 4"), "infeasible", None),
    "a chain with an edge": (model({"x": INT, "y": INT}, "x - y", "0 <= y < x <= 4"), "optimal", "4"),
    "an edge between whole numbers": (model({"x": INT}, "x", "0.5*x < 3/2"), "optimal", "2"),
    "not at least": (model({"x": INT}, "x", "not (x >= 3)"), "optimal", "2"),
    "none of nothing": (over_nothing("exactly(0, x[i] for i in A)"), "optimal", "3"),
    "one of nothing": (over_nothing("exactly(1, x[i] for i in A)"), "infeasible", None),
    "at least one of nothing": (over_nothing("at_least(1, x[i] for i in A)"), "infeasible", None),
    "nothing counted": (over_nothing("y >= count(x[i] for i in A)"), "optimal", "3"),
    "all of nothing": (over_nothing("forall(x[i] for i in A)"), "optimal", "3"),
    "some of nothing": (over_nothing("exists(x[i] for i in A)"), "infeasible", None),
    "all of nothing different": (over_nothing("all_different([x[i] for i in A])", domain="integer"), "optimal", "3"),
    "thirty percent": (model({"x": {}, "y": {}}, "x", "x <= p*(x + y)", "x + y <= 100", parameters={"p": "30%"}),
                       "optimal", "30"),
    "no whole number between the bounds": (model({"x": {**INT, "lower": "1/3", "upper": "2/3"}}, "x"), "infeasible",
                                           None),
    "below zero without saying so": (model({"x": {"upper": -3}}, "x"), "infeasible", None),
    "an objective of nothing": (model({"x": INT}, "0", "x <= 3"), "optimal", "0"),
    "a position outside the list": (model({"k": {**INT, "upper": 9}}, "k", "element([4, 5, 6], k) >= 1"), "optimal",
                                    "3"),
    "a table with a fraction": (model({"x": {**INT, "upper": 3}}, "x", "table([x], [[1], [2.5]])"), "optimal", "1"),
    "a root that is not whole": (model({"x": {**INT, "upper": 9}}, "x", "x*x = 2"), "infeasible", None),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_the_trap_is_seen(name: str) -> None:
    asked, conclusion, value = TRAPS[name]
    result = solve(asked, seconds=8)
    assert result.verdict is not None
    assert (str(result.verdict.conclusion), result.data.get("objective")) == (conclusion, value)
    assert result.assurance.at_least(Assurance.CROSS_CHECKED)


LOST: dict[str, tuple[Any, str]] = {
    "limits that miss by a trillionth": (model({"x": {}, "y": {}}, "x", "x + y <= 1", "x + y >= 1.000000000001"), "c2"),
    "a limit beyond floats": (model({"x": {**INT, "upper": 10**18 - 1}}, "x", f"2*x <= {10**18 - 1}"), "c1"),
}


def held(result: CheckResult) -> bool:
    return result.assurance.at_least(Assurance.CROSS_CHECKED)


@pytest.mark.parametrize("name", LOST)
def test_a_point_that_holds_only_by_rounding_is_said_to(name: str) -> None:
    asked, row = LOST[name]
    result = solve(asked, seconds=8)
    assert not held(result)
    assert f"exactly, constraint '{row}' is violated" in result.words
    assert "no plan gives" not in result.words


def test_what_two_engines_cannot_see_is_not_confirmed_by_their_agreement() -> None:
    asked = model({"x": {}, "y": {}}, "1000*y + 1e-10*x", "x + y <= 2", "y <= 1")
    result = solve(asked, seconds=8)
    assert result.data["objective"] == "10000000000001/10000000000" or not held(result)


@pytest.mark.parametrize(
    "asked",
    [
        model({"x": {"upper": 3}, "y": {"upper": 3}}, "x*x - y", "x + y >= 1"),
        model({"x": {}}, "x*x", "x >= 1"),
        model({"x": {}}, "x", "x*x <= -1"),
        model({"x": {"upper": 1}}, "x", "log(x) <= 1", sense="minimize"),
        model({"x": {"lower": 1, "upper": 4}, "y": {"lower": 1, "upper": 5}}, "y", "x / y >= 1"),
        model({"x": {"lower": -4, "upper": -1}}, "x", "sqrt(x) >= 0"),
    ],
)
def test_no_answer_to_a_nonlinear_model_over_fractions_is_called_certain(asked: Any) -> None:
    assert not held(solve(asked, seconds=8))


BAD: dict[str, tuple[str, Any]] = {
    "a bound of a binary": ("milp.binary_bound", model({"x": {**BIN, "lower": -5}}, "-x")),
    "another": ("milp.binary_bound", model({"x": {**BIN, "upper": 5}}, "x")),
    "forty digits": ("milp.huge_coefficient", model({"x": {}}, "x", "1" + "0" * 39 + "*x <= 1")),
    "forty digits in the objective": ("milp.huge_coefficient", model({"x": {"upper": 1}}, "1" + "0" * 39 + "*x")),
    "forty digits in a bound": ("milp.huge_coefficient", model({"x": {"upper": "1" + "0" * 39}}, "x")),
    "forty digits times a square": ("milp.huge_coefficient", model({"x": {}}, "x", "1" + "0" * 39 + "*x*x <= 1")),
    "a thousand zeros after the point": ("milp.huge_coefficient", model({"x": {}}, "x", "1e-999*x <= 1")),
    "eighteen thousand digits": ("milp.huge_coefficient",
                                 model({"x": {"upper": 1}}, "x", "k*x <= 1",
                                       parameters={"a": "1e-300", "k": {"expression": "a^60"}})),
    "the greatest of nothing": ("milp.bad_type", over_nothing("y >= max(x[i] for i in A)")),
    "nothing to decide": ("milp.no_variables", model({"x": {"over": ["A"]}}, None, sets=NOTHING)),
    "itself": ("milp.cyclic_definition", model({"x": {}}, "x", "x <= a", parameters={"a": {"expression": "a + 1"}})),
    "a set of itself": ("milp.cyclic_definition", model({"x": {"over": ["A"]}}, None, sets={"A": "i for i in A"})),
    "an edge that is not there": ("milp.strict_inequality", model({"x": {}, "y": INT}, "x", "x + y < 3")),
    "not at least, of a fraction": ("milp.strict_inequality", model({"x": {}}, "x", "not (x >= 3)")),
    "a difference of nothing": ("milp.division_by_zero", model({"x": {}}, "x", "1/(x - x) <= 2")),
    "a power of zero": ("milp.division_by_zero", model({"x": {}}, "x", "x <= a^(-1)", parameters={"a": 0})),
    "not a number": ("milp.unknown_name", model({"x": {}}, "x", "x <= nan")),
    "text": ("milp.bad_type", model({"x": {}}, "x", "x <= 'abc'")),
    "a list": ("milp.bad_type", model({"x": {}}, "x", "x <= [1, 2]")),
    "a comparison to be maximized": ("milp.bad_type", model({"x": {}}, "x <= 3")),
    "a variable exponent": ("milp.bad_type", model({"x": {}}, "x", "2^x <= 5")),
    "lists of different lengths": ("milp.bad_type", model({"x": INT, "y": INT}, None, "inverse([x, y], [x])")),
    "tasks without durations": ("milp.bad_type", model({"x": INT, "y": INT}, None, "no_overlap([x, y], [1])")),
    "a short row": ("milp.bad_type", model({"x": INT, "y": INT}, None, "table([x, y], [[1, 2], [3]])")),
    "words in a table": ("milp.bad_type", model({"x": INT}, None, "table([x], [['a']])")),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_pointed_at(name: str) -> None:
    code, asked = BAD[name]
    found = get_backend(Formalism.MILP).lint(formal(asked), Problem(text="a test"))
    (first, *_) = [d for d in found if d.code == code]
    assert first.span is not None
    assert first.span.line > 1


def test_percent_as_a_factor_is_doubted() -> None:
    percent = {"p": {"value": 30, "unit": "%"}}
    doubted = model({"x": {}, "y": {}}, "x", "x <= p*(x + y)", "x + y <= 10", parameters=percent)
    fine = model({"x": {}, "y": {}}, "x", "100*x <= p*(x + y)", "x + y <= 10", parameters=percent)
    for asked, count in ((doubted, 1), (fine, 0)):
        found = get_backend(Formalism.MILP).lint(formal(asked), Problem(text="a test"))
        assert [d.code for d in found].count("faithfulness.milp_percent") == count


def test_decimals_among_plain_terms_are_read() -> None:
    """The quick reader takes whole numbers first and begins again where one is not."""
    result = solve(model({"x": {"upper": 1}, "y": {"upper": 1}}, "1000*x + 0.5*y + 2*x"))
    assert result.data["objective"] == "2005/2"
