"""Probes of logic: what an open question takes for granted, and how "or" was read. Settled by the real engines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.backends.registry import get_backend
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion, Verdict
from quod.translators.llm.probes import open_but_for_converse, reading_of_or, taken_for_granted


def formal(text: str) -> Formalization:
    return Formalization(formalism=Formalism.FOL, text=text, language="quod-fol")


def ask(formalization: Formalization) -> Verdict | None:
    return get_backend(Formalism.FOL).check(formalization, Problem(text="x"), Run()).verdict


def verdict_of(formalization: Formalization) -> Verdict:
    verdict = ask(formalization)
    assert verdict is not None
    return verdict


KIND = """predicates:
  employee(x) ::: x is an employee
  meets(x) ::: x schedules meetings
  comes(x) ::: x comes to the office
premises:
  s1: ∀x (employee(x) ∧ meets(x) → comes(x)) ::: All employees who schedule meetings come to the office.
  s2: meets(james) ::: James schedules meetings.
question:
  comes(james) ::: James comes to the office.
"""


def test_a_kind_nobody_stated_is_named() -> None:
    candidate = formal(KIND)
    found = taken_for_granted(candidate, verdict_of(candidate), ask)
    assert [d.code for d in found] == ["faithfulness.taken_for_granted"]
    assert "employee(james)" in found[0].message
    assert found[0].data["then"] == "proved"


@pytest.mark.parametrize(
    "text",
    [
        # stated: nothing is taken for granted, and the question is settled
        KIND.replace("question:", "  s3: employee(james) ::: James is an employee.\nquestion:"),
        # denied
        KIND.replace("question:", "  s3: ¬employee(james) ::: James is no employee.\nquestion:"),
        # the kind could be established by a rule, so it is an open matter like any other
        KIND.replace("question:", "  s3: ∀x (comes(x) → employee(x)) ::: Who comes is an employee.\nquestion:"),
        # it would settle nothing
        KIND.replace("comes(james) :::", "¬meets(anna) :::"),
        # what is missing is no kind but a plain fact
        KIND.replace("x is an employee", "x works late").replace("employee(x) ∧ meets(x) → ", "employee(x) → "),
    ],
)
def test_nothing_is_said_where_nothing_is_taken_for_granted(text: str) -> None:
    candidate = formal(text)
    assert taken_for_granted(candidate, verdict_of(candidate), ask) == ()


OR = """premises:
  s1: {formula} ::: {words}
  s2: tea(ada) ::: Ada drinks tea.
question:
  ¬coffee(ada) ::: Ada does not drink coffee.
"""


@pytest.mark.parametrize(
    ("formula", "words", "flagged"),
    [
        ("tea(ada) ⊕ coffee(ada)", "Ada drinks tea or coffee.", True),
        ("tea(ada) ∨ coffee(ada)", "Ada drinks either tea or coffee.", True),
        ("tea(ada) ⊕ coffee(ada)", "Ada drinks either tea or coffee.", False),
        ("tea(ada) ∨ coffee(ada)", "Ada drinks tea or coffee.", False),
        ("tea(ada) ∨ coffee(ada)", "Ada drinks either tea or coffee, or both.", False),
        ("tea(ada) ∧ ¬coffee(ada)", "Ada drinks tea, one way or another, and no coffee.", False),
    ],
)
def test_an_or_read_against_its_words_is_flagged_if_it_matters(formula: str, words: str, flagged: bool) -> None:
    candidate = formal(OR.format(formula=formula, words=words))
    found = reading_of_or(candidate, verdict_of(candidate), ask)
    assert bool(found) is flagged
    if found:
        assert found[0].source == words


@given(st.text(alphabet=st.sampled_from("premisquton:\n ()∀∃¬→∧∨x y,a#"), max_size=200))
def test_probes_survive_any_text(text: str) -> None:
    verdict = Verdict(conclusion=Conclusion.UNDETERMINED)
    for probe in (taken_for_granted, reading_of_or):
        probe(formal(text), verdict, lambda _: None)


CONVERSE = """predicates:
  tired(x) ::: x is tired
  old(x) ::: x is old
premises:
  s1: ∀x (old(x) → tired(x)) ::: Old people are tired.
  s2: tired(james) ::: James is tired.
question:
  old(james) ::: James is old.
"""


def test_an_open_question_that_the_converse_would_settle_is_noted() -> None:
    text = formal(CONVERSE)
    (note,) = open_but_for_converse(text, verdict_of(text), ask)
    assert (note.severity, note.data["then"]) == ("info", "proved")
    unrelated = formal(
        CONVERSE.replace("s2: tired(james) ::: James", "s2: old(rex) ::: Rex").replace("is tired.", "is.")
    )
    assert not open_but_for_converse(unrelated, verdict_of(unrelated), ask)
