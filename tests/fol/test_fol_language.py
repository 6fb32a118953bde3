"""The quod-fol language: what is read, what is refused, and where the fault is said to be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.fol.document import raw_document
from quod.backends.fol.formula_parser import parse_formula
from quod.backends.fol.lints import lint
from quod.backends.fol.resolve import parse_document, resolve
from quod.backends.fol.words import show
from quod.core.diagnostics import has_errors


def question(formula: str, premises: str = "") -> str:
    return f"premises:\n{premises}\nquestion:\n  {formula}\n"


def codes(text: str) -> set[str]:
    raw = raw_document(text)
    theory, found = resolve(raw, {})
    return {d.code for d in (*found, *(lint(theory, raw) if theory else ()))}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("∀x (P(x) → ¬Q(x))", "all x. (P(x) -> ~Q(x))"),
        ("∀x (P(x) → ¬Q(x))", "forall x (P(x) => not Q(x))"),
        ("∃x (P(x) ∧ Q(x))", "exists x. (P(x) & Q(x))"),
        ("P(a) ∨ Q(a)", "P(a) | Q(a)"),
        ("P(a) ⊕ Q(a)", "P(a) xor Q(a)"),
        ("P(a) ↔ Q(a)", "P(a) <-> Q(a)"),
        ("a ≠ b", "a != b"),
        ("¬(a = b)", "a != b"),
        ("P(a) ∧ Q(a) ∧ R(a)", "P(a) and Q(a) and R(a)"),
        ("P(a) → (Q(a) → R(a))", "P(a) -> Q(a) -> R(a)"),
        ("∀x ∀y S(x, y)", "all x y. S(x, y)"),
        ("∀x ∀y S(x, y)", "∀x, y (S(x, y))"),
    ],
)
def test_unicode_and_ascii_read_alike(one: str, other: str) -> None:
    assert parse_formula(one)[0] == parse_formula(other)[0] is not None


def test_a_capital_makes_no_variable_and_no_constant() -> None:
    theory, found = parse_document(question("P(X)", "  ∀X P(X)\n  P(Y1)"))
    assert theory is not None, found
    assert set(theory.functions) == {"X", "Y1"}


@given(st.text(alphabet="PQabxyz∀∃¬∧∨→↔⊕()=≠,. '123", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_parsed_or_faulted_never_raised(text: str) -> None:
    formula, found = parse_formula(text)
    assert formula is not None or has_errors(found)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_document_is_read_or_faulted(text: str) -> None:
    theory, found = parse_document(text)
    assert theory is not None or has_errors(found)


def test_shown_formulas_read_back_as_themselves() -> None:
    for text in ("∀x (P(x) → ∃y (S(x, y) ∧ ¬Q(y)))", "(P(a) ∧ Q(a)) ∨ ¬R(b)", "(P(a) ⊕ Q(a)) → a ≠ b", "¬(a = b) ↔ ⊤"):
        formula = parse_formula(text)[0]
        assert formula is not None
        assert parse_formula(show(formula))[0] == formula


def test_all_errors_are_found_at_once_with_their_places() -> None:
    text = "premises:\n  P(a\n  Q(b) ∧\n  ∀x R(x) → )\nquestion:\n  P(a)\n"
    _, found = parse_document(text)
    assert [d.span.line for d in found if d.code == "fol.syntax" and d.span] == [2, 3, 4]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (question("Q(a)", "  P(x)"), "fol.free_variable"),
        (question("P(a)", "  P(a, b)"), "fol.arity"),
        (question("P(Q(a))", "  Q(a)\n  P(a)"), "fol.predicate_as_term"),
        ("predicates:\n  P(x)\n" + question("P(a)", "  Q(a)"), "fol.unknown_symbol"),
        ("constants:\n  a\n" + question("P(b)", "  P(a)"), "fol.unknown_symbol"),
        ("sorts:\n  s = {}\n" + question("P(a)"), "fol.empty_sort"),
        ("predicates:\n  P(x: person)\n" + question("P(a)"), "fol.unknown_sort"),
        ("sorts:\n  n = 1..3\n  c = {r}\npredicates:\n  P(x: n)\n" + question("P(r)"), "fol.sort_clash"),
        ("sorts:\n  c = {r, g}\n" + question("r < g"), "fol.sort_clash"),
        ("premises:\n  P(a)\n", "fol.no_question"),
        ("P(a)\n", "fol.section"),
        ("axiom heap:\n  P(a)\n", "fol.section"),
        (question("P(a)", "  s1: P(a)\n  s1: Q(a)"), "fol.duplicate"),
        (question("P(a) ∧ Q(a) ∨ R(a)", "  P(a)\n  Q(a)\n  R(a)"), "fol.mixed_and_or"),
        (question("P(a) ⊕ Q(a) ⊕ R(a)", "  P(a)\n  Q(a)\n  R(a)"), "fol.xor_chain"),
        (question("P(a)", "  ∃x (P(x) → Q(x))"), "faithfulness.exists_implies"),
        (question("P(a)", "  ∀x (P(x) ∧ Q(x))"), "faithfulness.forall_and"),
        (question("P(a)", "  ∀x P(a)"), "faithfulness.vacuous_quantifier"),
        (question("Z(a)", "  P(a)"), "faithfulness.unmentioned_symbol"),
        (question("Mammal(a)", "  Mammal(a)\n  ∀x (Mammals(x) → P(x))"), "faithfulness.near_miss"),
        ("predicates:\n  P(x)\n  Unused(x)\n" + question("P(a)", "  P(a)"), "fol.unused_symbol"),
        (question("Q(a)", "  ∀x (P(x)) → Q(x)\n  Q(a)"), "faithfulness.quantifier_scope"),
    ],
)
def test_each_fault_has_its_code(text: str, code: str) -> None:
    assert code in codes(text)


def test_ten_thousand_parentheses_are_refused_with_a_place() -> None:
    for text in ("(" * 10_000 + "P(a)" + ")" * 10_000, "¬" * 10_000 + "P(a)", "P(" + "f(" * 10_000 + "a"):
        formula, found = parse_formula(text)
        assert formula is None
        assert found[-1].code == "fol.too_deep"
        assert found[-1].span is not None


def test_five_thousand_premises_are_read_in_seconds() -> None:
    lines = "\n".join(f"  ∀x (P{i}(x) → P{i + 1}(x))" for i in range(5_000))
    started = time.monotonic()
    theory, found = parse_document(question("P5000(a)", lines + "\n  P0(a)"))
    assert theory is not None, found
    assert len(theory.premises) == 5_001
    assert time.monotonic() - started < 100  # 5 s; quadratic, it would be an hour


def test_a_hundred_nested_quantifiers_take_no_exponential_time() -> None:
    body = " ".join(f"∀x{i}" for i in range(90)) + " (P(x1))"
    started = time.monotonic()
    theory, _ = parse_document(question(body, "  P(a)"))
    assert theory is not None
    assert time.monotonic() - started < 60


def test_in_before_a_parenthesis_is_a_predicate_and_after_a_variable_names_a_sort() -> None:
    theory, found = parse_document(question("P(a)", "  in(a, b)\n  all x in thing. (in(x, b) -> P(x))"))
    assert theory is not None, found
    assert "in" in theory.predicates
