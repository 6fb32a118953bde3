"""Checkers that are not ours, on the refutations ours accepts and on some that nobody should."""

from __future__ import annotations

from importlib import util

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.fol import external
from quod.backends.fol.backend import FolBackend
from quod.backends.fol.checker import Refutation
from quod.backends.fol.engines.external import dratify_check, drup_check
from quod.backends.fol.rup import check_rup
from quod.backends.fol.sat import solve
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.core.protocols import CheckResult
from quod.core.run import Run
from quod.core.verdict import Conclusion

BUDGET = Budget(seconds=60, engine_seconds=20)
SQUARE = [(1, 2), (-1, 2), (1, -2), (-1, -2)]

CHECKS = [
    pytest.param(drup_check, marks=pytest.mark.skipif(util.find_spec("drup") is None, reason="drup is not installed")),
    pytest.param(dratify_check),
]


def request(clauses: list[tuple[int, ...]], lemmas: list[list[int]]) -> JsonDict:
    return {"clauses": [list(c) for c in clauses], "lemmas": [list(lemma) for lemma in lemmas]}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    ("clauses", "lemmas", "accepted"),
    [
        (SQUARE, [[2], []], True),
        (SQUARE, [[]], False),
        (SQUARE[:3], [[2], []], False),
        (SQUARE[:3], [[2]], False),
        (SQUARE[:3], [[7], []], False),
        ([(1,), (-1,)], [[]], True),
        ([()], [[]], True),
        ([(1, 1, 2), (2, -2), (-1,), (-2,)], [[]], True),
        ([], [[]], False),
    ],
)
def test_what_they_accept(check, clauses, lemmas, accepted) -> None:
    assert check(request(clauses, lemmas)) == {"accepted": accepted}


LITERAL = st.integers(1, 5).flatmap(lambda v: st.sampled_from((v, -v)))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(LITERAL, min_size=1, max_size=3).map(tuple), max_size=24))
@pytest.mark.parametrize("check", CHECKS)
def test_they_accept_what_our_search_finds_and_nothing_where_there_is_a_model(check, clauses) -> None:
    result = solve(clauses)
    lemmas = [list(lemma) for lemma in result.lemmas] or [[]]
    assert check(request(clauses, lemmas)) == {"accepted": result.model is None}
    assert check_rup(clauses, lemmas) is (result.model is None)


@pytest.mark.skipif(external.installed() is None, reason="no checker is installed")
def test_a_refutation_nobody_should_accept_is_refused() -> None:
    run = Run(budget=BUDGET)
    good, bad = Refutation(list(SQUARE), [[2], []]), Refutation(SQUARE[:3], [[2], []])
    assert external.recheck([good], run).accepted is True
    assert external.recheck([good, bad], run).accepted is False
    assert external.recheck([], run) is None


def test_one_too_long_is_left_out() -> None:
    long = Refutation([tuple(range(1, 1001))] * 201, [[]])
    said = external.recheck([long], Run(budget=BUDGET))
    assert said is not None
    assert said.accepted is None
    assert external.claims(said) == ()


def checked(text: str) -> CheckResult:
    formalization = Formalization(formalism=Formalism.FOL, text=text, language="quod-fol")
    return FolBackend().check(formalization, Problem(text="words", budget=BUDGET), Run(budget=BUDGET))


@pytest.mark.skipif(external.installed() is None, reason="no checker is installed")
def test_the_answer_says_who_checked_it_again() -> None:
    rules = "premises:\n  ∀x (cat(x) → grey(x) ∨ red(x))\n  ∀x (grey(x) → ¬cat(x))\n  cat(tom)\nquestion:\n  "
    proved = checked(rules + "red(tom)\n")
    assert proved.verdict.conclusion is Conclusion.PROVED
    (claim,) = proved.claims
    assert claim.name == "rechecked"
    assert claim.checker.split()[0] in {"drup", "dratify"}
    open_ = checked(rules + "late(tom)\n")
    assert open_.verdict.conclusion is Conclusion.UNDETERMINED
    assert open_.claims == ()


def test_doctor_lists_them_and_says_how_to_get_them() -> None:
    by_name = {e.name: e for e in FolBackend().engines()}
    assert "pip install drup" in by_name["drup"].note
    assert by_name["dratify"].optional
