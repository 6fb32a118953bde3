"""Two readings of one text, compared sentence by sentence."""

from __future__ import annotations

import pytest

from quod.backends.fol.backend import FolBackend
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Equivalence
from quod.core.run import Run

HEAD = """predicates:
  cook(x) ::: x is a cook
  guest(x) ::: x is a guest
  late(x) ::: x is late
  greets(x, y) ::: x greets y
"""
TEXT = """premises:
  a: ∀x (guest(x) → ∃y (cook(y) ∧ greets(x, y))) ::: Each guest greets a cook.
  b: ∀x ((cook(x) ∨ guest(x)) → ¬late(x)) ::: No cook or guest is late.
  c: guest(una) ::: Una is a guest.
question:
  q: ¬late(una) ::: Is Una on time?
"""


def compared(one: str, two: str) -> Equivalence:
    a, b = (Formalization(formalism=Formalism.FOL, text=HEAD + t, language="quod-fol") for t in (one, two))
    return FolBackend().equivalent(a, b, Problem(text="words"), Run())


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new)


@pytest.mark.parametrize(
    "same",
    [
        changed("(cook(x) ∨ guest(x)) → ¬late(x)", "late(x) → (¬guest(x) ∧ ¬cook(x))"),
        changed("∀x (guest(x) → ∃y (cook(y) ∧ greets(x, y)))", "∀u ∃v (guest(u) → cook(v) ∧ greets(u, v))"),
        # one sentence as two formulas
        changed(
            "b: ∀x ((cook(x) ∨ guest(x)) → ¬late(x)) ::: No cook or guest is late.",
            "b1: ∀x (cook(x) → ¬late(x)) ::: No cook or guest is late.\n"
            "  b2: ∀x (guest(x) → ¬late(x)) ::: No cook or guest is late.",
        ),
        # in another order, without words
        (
            "premises:\n  guest(una)\n  ∀x ((cook(x) ∨ guest(x)) → ¬late(x))\n"
            "  ∀x (guest(x) → ∃y (cook(y) ∧ greets(x, y)))\nquestion:\n  ¬late(una)\n"
        ),
    ],
)
def test_one_meaning_in_other_formulas(same: str) -> None:
    assert compared(TEXT, same).equivalent is True


@pytest.mark.parametrize(
    ("other", "sentences"),
    [
        (changed("∃y (cook(y) ∧ greets(x, y))", "∀y (cook(y) → greets(x, y))"), ["Each guest greets a cook."]),
        (changed("(cook(x) ∨ guest(x))", "(cook(x) ∧ guest(x))"), ["No cook or guest is late."]),
        (changed("q: ¬late(una)", "q: late(una)"), ["Is Una on time?"]),
        (changed("  c: guest(una) ::: Una is a guest.\n", ""), ["Una is a guest."]),
        (changed("question:", "  d: cook(una) ::: Una cooks.\nquestion:"), ["Una cooks."]),
        (
            changed("(cook(x) ∨ guest(x))", "(cook(x) ∧ guest(x))").replace("c: guest(una)", "c: cook(una)"),
            ["No cook or guest is late.", "Una is a guest."],
        ),
        # an equivalent sentence beside a different one is not named
        (
            changed("(cook(x) ∨ guest(x)) → ¬late(x)", "late(x) → (¬guest(x) ∧ ¬cook(x))").replace(
                "c: guest(una)", "c: ¬guest(una)"
            ),
            ["Una is a guest."],
        ),
    ],
)
def test_the_sentences_that_differ_are_named(other: str, sentences: list[str]) -> None:
    found = compared(TEXT, other)
    assert found.equivalent is False
    assert [d.words for d in found.sentences] == sentences
    assert f"“{sentences[0].rstrip('.')}”" in found.difference
    assert all(d.situation for d in found.sentences)


def test_the_situation_holds_for_one_reading_whole() -> None:
    """It is no odd case that both texts rule out: all else that was said is true in it."""
    found = compared(TEXT, changed("(cook(x) ∨ guest(x))", "(cook(x) ∧ guest(x))"))
    (difference,) = found.sentences
    assert difference.first_true is False
    assert "is late" in difference.situation
    assert "una is a guest" in difference.situation
    assert difference.first.startswith("for every thing x")


def test_a_constant_named_as_bound_variables_are_here_is_no_trap() -> None:
    one = "premises:\n  ∀x (guest(x) → greets(x, _bound1))\nquestion:\n  greets(una, una)\n"
    assert compared(one, one.replace("greets(x, _bound1)", "greets(x, x)")).equivalent is not True


def test_orders_are_compared_as_orders() -> None:
    head = "sorts:\n  place = 1..3\n  book = {red, blue}\nfunctions:\n  at(b: book) -> place ::: the place of b\n"
    one = "premises:\n  at(red) < at(blue)\nquestion:\n  at(blue) = 3\n"
    a, b, c = (
        Formalization(formalism=Formalism.FOL, text=head + t, language="quod-fol")
        for t in (one, one.replace("at(red) < at(blue)", "at(blue) > at(red)"), one.replace("<", "≤"))
    )
    assert FolBackend().equivalent(a, b, Problem(text="words"), Run()).equivalent is True
    assert FolBackend().equivalent(a, c, Problem(text="words"), Run()).equivalent is False
