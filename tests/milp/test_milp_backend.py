"""Models in, checked answers out, through the sandbox."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from milp_helpers import codes_of, formal, solve

from quod.backends.registry import get_backend
from quod.core.assurance import Assurance
from quod.core.formalism import Formalism
from quod.core.problem import ContextItem, Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion
from quod.evals.gold.milp import nl4opt_formalization

SMALL: dict[str, Any] = {
    "variables": {"x": {"domain": "integer", "gloss": "tables"}, "y": {"domain": "integer", "gloss": "chairs"}},
    "objective": {"sense": "maximize", "expression": "5*x + 4*y", "gloss": "profit"},
    "constraints": [{"name": "wood", "rule": "6*x + 4*y <= 24"}, {"name": "hours", "rule": "x + 2*y <= 6"}],
}


def test_an_integer_optimum_is_certified_and_said_in_words() -> None:
    result = solve(SMALL)
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.OPTIMAL
    assert result.assurance is Assurance.CERTIFICATE
    assert result.certificate is not None
    assert result.certificate.accepted
    assert result.data["objective"] == "20"
    assert result.words == "4 tables and 0 chairs: the profit is 20, and no plan gives more."


def test_the_relaxation_is_exact() -> None:
    result = solve(SMALL, relax=True)
    assert result.data["objective"] == "21"
    assert result.data["variables"] == {"x": 3, "y": "3/2"}


def test_a_contradiction_is_named_in_the_problems_words_and_irreducible() -> None:
    model = {
        "variables": {"x": {}, "y": {"upper": 4}},
        "objective": {"sense": "minimize", "expression": "x"},
        "constraints": [
            {"name": "a", "rule": "x + y >= 10", "words": "at least 10 in all"},
            {"name": "b", "rule": "x <= 3", "words": "at most 3"},
            {"name": "c", "rule": "x <= 30", "words": "not this one"},
        ],
    }
    result = solve(model)
    assert result.verdict is not None
    assert result.verdict.conclusion is Conclusion.INFEASIBLE
    assert "“at least 10 in all”" in result.words
    assert "not this one" not in result.words
    assert [c.assurance for c in result.claims if c.name == "irreducible"] == [Assurance.CERTIFICATE]


def test_infeasible_only_in_whole_numbers() -> None:
    model = {
        "variables": {"x": "integer", "y": "integer"},
        "objective": {"sense": "maximize", "expression": "x + y"},
        "constraints": ["2*x - 2*y = 1", "x <= 10"],
    }
    result = solve(model)
    assert result.verdict is not None
    assert (result.verdict.conclusion, result.assurance) == (Conclusion.INFEASIBLE, Assurance.CERTIFICATE)


@pytest.mark.parametrize("domain", ["integer", "continuous"])
def test_unbounded_says_what_grows(domain: str) -> None:
    model = {
        "variables": {"x": {"domain": domain, "gloss": "chairs"}},
        "objective": {"sense": "maximize", "expression": "x"},
        "constraints": ["x >= 2"],
    }
    result = solve(model)
    assert result.verdict is not None
    assert (result.verdict.conclusion, result.assurance) == (Conclusion.UNBOUNDED, Assurance.CERTIFICATE)
    assert "chairs can grow without limit" in result.words


def test_a_second_reading_that_changes_the_answer_is_flagged() -> None:
    model = {
        **SMALL,
        "constraints": [
            *SMALL["constraints"],
            {"name": "more", "rule": "y >= x", "or": "y > x", "words": "more chairs than tables"},
        ],
    }
    result = solve(model)
    flags = {d.code for d in result.diagnostics}
    changed = (
        solve({**SMALL, "constraints": [*SMALL["constraints"], "y > x"]}).data["objective"] != result.data["objective"]
    )
    assert ("faithfulness.two_readings" in flags) == changed
    assert (result.question is not None) == changed


def test_sensitivity_tells_what_one_more_unit_is_worth() -> None:
    result = solve({**SMALL, "variables": {"x": {}, "y": {}}})
    rows = {r["constraint"]: Fraction(str(r["worth"])) for r in result.data["sensitivity"]}  # type: ignore[index,union-attr,call-overload]
    assert rows == {"wood": Fraction(3, 4), "hours": Fraction(1, 2)}


X: dict[str, Any] = {"x": {}}
BAD: list[tuple[str, dict[str, Any] | str]] = [
    ("milp.bad_json", "{"),
    ("milp.bad_number", '{"variables": {"x": {"upper": NaN}}}'),
    ("milp.bad_number", '{"variables": {"x": {"upper": "inf"}}}'),
    ("milp.no_variables", {"variables": {}, "constraints": []}),
    ("milp.too_large", {"sets": {"A": {"range": [1, 1000000]}}, "variables": {"x": {"over": ["A"]}}}),
    ("milp.division_by_zero", {"parameters": {"k": 0}, "variables": {"x": {}}, "constraints": ["x / k <= 1"]}),
    ("milp.used_before_defined", {"sets": {"A": "i for i in B", "B": [1]}, "variables": {"x": {"over": ["A"]}}}),
    ("milp.cyclic_definition", {"parameters": {"a": {"expression": "b"}, "b": {"expression": "a"}}, "variables": X}),
    ("milp.huge_coefficient", {"variables": {"x": {}}, "constraints": ["1" + "0" * 39 + " * x <= 1"]}),
    ("milp.contradictory_bounds", {"variables": {"x": {"lower": 3, "upper": 1}}}),
    ("milp.unknown_name", {"variables": {"tables": {}}, "constraints": ["tabels <= 3"]}),
    ("milp.bad_syntax", {"variables": {"x": {}}, "constraints": ["x <= (3"]}),
    ("milp.too_deep", {"variables": {"x": {}}, "constraints": ["(" * 500 + "x" + ")" * 500 + " <= 1"]}),
    ("milp.too_deep", "[" * 5000),
    ("milp.bad_index", {"sets": {"A": [1]}, "variables": {"x": {"over": ["A"]}}, "constraints": ["x[1, 2] <= 3"]}),
    ("milp.unknown_member", {"sets": {"A": [1]}, "variables": {"x": {"over": ["A"]}}, "constraints": ["x[2] <= 3"]}),
    (
        "milp.missing_value",
        {"sets": {"A": [1, 2]}, "parameters": {"p": {"over": ["A"], "values": {"1": 3}}}, "variables": {"x": {}}},
    ),
    ("milp.strict_inequality", {"variables": {"x": {}}, "constraints": ["x < 3"]}),
    ("milp.bad_type", {"variables": {"x": {}}, "constraints": ["x + 3"]}),
    ("milp.bad_shape", {"variables": {"x": {"domain": "intger"}}}),
    ("milp.duplicate", '{"variables": {"x": {}, "x": {}}}'),
]  # fmt: skip


@pytest.mark.parametrize(("code", "model"), BAD, ids=[f"{i}-{c}" for i, (c, _) in enumerate(BAD)])
def test_bad_models_get_a_clear_diagnostic(code: str, model: dict[str, Any] | str) -> None:
    assert code in codes_of(model)


def test_all_errors_at_once_with_places() -> None:
    model = {
        "variables": {"x": {}},
        "objective": {"sense": "maximize", "expression": "x +"},
        "constraints": ["y <= ", "x <= 3 3"],
    }
    problem = Problem(text="a test")
    found = get_backend(Formalism.MILP).lint(formal(model), problem)
    assert len(found) == 3
    assert all(d.span is not None and d.span.line > 1 for d in found)


def test_data_errors_name_file_row_and_column() -> None:
    model = {
        "sets": {"I": {"file": "t.csv", "column": "item"}},
        "parameters": {"w": {"over": ["I"], "file": "t.csv", "keys": ["item"], "column": "w"}},
        "variables": {"x": {"over": ["I"]}},
    }
    table = ContextItem(name="t.csv", content="item,w\na,1\nb,\na,3\nc,heavy\n")
    problem = Problem(text="a test", context=(table,))
    found = [d.message for d in get_backend(Formalism.MILP).lint(formal(model), problem) if d.code == "milp.bad_cell"]
    assert any("row 3, column 'w'" in m for m in found)
    assert any("row 4, column 'item'" in m and "repeats" in m for m in found)
    assert any("row 5, column 'w'" in m and "heavy" in m for m in found)


def test_decimals_are_exact() -> None:
    model = {
        "variables": {"x": {}},
        "objective": {"sense": "maximize", "expression": "0.1 * x"},
        "constraints": ["0.3 * x <= 0.1"],
    }
    assert solve(model).data["objective"] == "1/30"


def test_gold_rows_are_certified(shared_rows: Any) -> None:
    rows = shared_rows("nl4opt/dev.jsonl")
    chosen = [r for r in rows if r["status"]["lp"] == "Optimal"][:4] + [
        r for r in rows if r["status"]["lp"] != "Optimal"
    ][:4]
    for row in chosen:
        for relax, key in ((True, "lp"), (False, "ip")):
            problem = Problem(text=row["text"]).model_copy(
                update={"options": Problem(text="x").options.model_copy(update={"relax": relax})}
            )
            result = get_backend(Formalism.MILP).check(nl4opt_formalization(row), problem, Run(budget=problem.budget))
            assert result.assurance is Assurance.CERTIFICATE
            if row["optimum"][key] is not None:
                assert abs(result.data["objective_float"] - row["optimum"][key]) <= 1e-9 * max(
                    1, abs(row["optimum"][key])
                )  # type: ignore[operator]


def test_equivalence_levels() -> None:
    backend = get_backend(Formalism.MILP)
    problem = Problem(text="a test")
    run = Run(budget=problem.budget)
    renamed = {
        "variables": {"b": {"domain": "integer"}, "a": {"domain": "integer"}},
        "objective": {"sense": "maximize", "expression": "5*a + 4*b"},
        "constraints": ["2*a + 4*b <= 12", "3*a + 2*b <= 12"],
    }
    extra = {**SMALL, "constraints": [*SMALL["constraints"], "x <= 4"]}
    looser = {**SMALL, "constraints": ["6*x + 4*y <= 24", "x + 2*y <= 7"]}
    levels = [
        backend.equivalent(formal(SMALL), formal(other), problem, run) for other in (SMALL, renamed, extra, looser)
    ]
    assert [(e.equivalent, e.level) for e in levels] == [
        (True, "identical"),
        (True, "isomorphic"),
        (True, "mutual"),
        (False, "point"),
    ]


def test_agreement_of_optima_alone_decides_nothing_but_says_how_far_it_goes() -> None:
    """One model has a variable for what the other writes out, so that no column matches another."""
    backend = get_backend(Formalism.MILP)
    problem = Problem(text="a test")
    run = Run(budget=problem.budget)
    longer = {
        "variables": {**SMALL["variables"], "profit": {}},
        "objective": {"sense": "maximize", "expression": "profit"},
        "constraints": [*SMALL["constraints"], "profit = 5*x + 4*y"],
    }
    lucky = {**longer, "constraints": ["6*x + 4*y <= 24", "profit = 5*x + 4*y"]}
    compared = [backend.equivalent(formal(SMALL), formal(other), problem, run) for other in (longer, lucky)]
    assert [(e.equivalent, e.level) for e in compared] == [(None, "perturbed"), (False, "optimum")]


def test_lp_files_are_read() -> None:
    lp = "Maximize\n obj: 3 x + 2 y\nSubject To\n c1: x + y <= 10\n c2: x - y >= -2\n"
    lp += "Bounds\n x <= 4\nGenerals\n y\nEnd\n"
    assert solve(lp).data["objective"] == "24"


def test_mending_leaves_the_meaning() -> None:
    backend = get_backend(Formalism.MILP)
    mended = backend.mend('Here it is:\n```json\n{"variables": {"x": {"upper": 3},}, // note\n}\n```')
    assert json.loads(mended.text) == {"variables": {"x": {"upper": 3}}}
    assert mended.notes


@pytest.mark.parametrize(
    ("domain", "rule"), [("integer", "2*x + y <= 5"), ("continuous", "2*x + y <= 5"), ("continuous", "x*y >= 2")]
)
def test_where_nothing_is_to_be_best_a_point_is_the_whole_answer(domain: str, rule: str) -> None:
    kind = {"domain": domain, "lower": 0, "upper": 9}
    result = solve({"variables": {"x": kind, "y": kind}, "constraints": ["x + y >= 3", rule]})
    assert result.verdict is not None
    assert (result.verdict.conclusion, result.assurance) == (Conclusion.FEASIBLE, Assurance.CERTIFICATE)
    assert result.suffices
    assert result.certificate is not None
    assert (result.certificate.kind, result.certificate.accepted) == ("point", True)
    assert result.words.endswith("This meets every requirement.")
