"""Mending model output: each change is listed, guesses flag the answer, meaning is not touched."""

from __future__ import annotations

import pytest

from quod.backends.fol.mend import mend
from quod.backends.fol.resolve import parse_document
from quod.core.diagnostics import Severity

CLEAN = """Predicates:
P(x) ::: x is P
Q(x) ::: x is Q
Premises:
∀x (P(x) → Q(x)) ::: all
P(a)
Conclusion:
Q(a) ::: q
"""


def test_a_clean_text_is_left_alone() -> None:
    assert mend(CLEAN).text == CLEAN
    assert mend(CLEAN).notes == ()


def test_mending_twice_changes_nothing_more() -> None:
    once = mend(CLEAN.replace("P(a)\n", "P(x)\n").replace("Q(x) ::: x is Q\n", "")).text
    assert mend(once).text == once


def test_a_code_fence_is_no_doubt() -> None:
    mended = mend("Here you are:\n```fol\n" + CLEAN + "```\nHope this helps!\n")
    assert parse_document(mended.text)[0] is not None
    assert {d.severity for d in mended.notes} == {Severity.INFO}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("P(a)\n", "P(a))\n"),
        ("P(a)\n", "(P(a) ∧ (Q(a)\n"),
        ("P(a)\n", "P(x)\n"),
        ("P(a)\n", "R(a)\n"),
        ("P(a)\n", "P(f(a))\n"),
        ("P(a)\n", "If P(a) → Q(a)\n"),
        ("P(a)\n", "a ∈ b\n"),
        ("∀x (P(x) → Q(x))", "∀x (P(x), Q(x) → Q(x))"),
        ("P(a)\n", "Q(P)\n"),
    ],
)
def test_a_guess_is_a_faithfulness_warning(old: str, new: str) -> None:
    mended = mend(CLEAN.replace(old, new))
    theory, found = parse_document(mended.text)
    assert theory is not None, found
    assert "faithfulness.mended" in {d.code for d in mended.notes if d.severity is Severity.WARNING}


def test_quotation_marks_become_names() -> None:
    mended = mend(CLEAN.replace("P(a)", 'P("The Secret Society")'))
    theory, found = parse_document(mended.text)
    assert theory is not None, found
    assert "The Secret Society" in theory.functions


def test_hopeless_text_stays_hopeless() -> None:
    mended = mend("The statement is false.")
    assert parse_document(mended.text)[0] is None
