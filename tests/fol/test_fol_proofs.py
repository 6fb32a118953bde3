"""Proof objects of engines, stored as they were written; evidence with terms that only another sentence makes."""

from __future__ import annotations

import shutil

from quod.backends.fol.checker import check
from quod.backends.fol.combine import combine
from quod.backends.fol.fallback import ask_engines
from quod.backends.fol.obligations import assumed, claimed, denied
from quod.backends.fol.question import answer
from quod.backends.fol.resolve import parse_document
from quod.core.budget import Budget
from quod.core.problem import Options, Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion

TEXT = """constants:
  rex
predicates:
  cat(x)
  red(x)
premises:
  s1: ∀x (cat(x) → red(x))
  s2: cat(rex)
question:
  red(rex)
"""
BUDGET = Budget(seconds=60, engine_seconds=20)


def test_engines_that_refute_leave_their_proofs() -> None:
    theory, _ = parse_document(TEXT)
    assert theory is not None
    word = ask_engines(
        theory, assumed(theory, (denied(),)), Run(budget=BUDGET), lambda name: name in {"cvc5", "eprover"}
    )
    assert word.kind == "unsat"
    by_engine = {p.engine: p for p in word.proofs}
    assert "cvc5" in by_engine
    assert "assume" in by_engine["cvc5"].text
    if shutil.which("eprover"):
        assert by_engine["eprover"].format == "TSTP"
        assert "$false" in by_engine["eprover"].text


def test_where_something_is_satisfiable_there_is_no_proof() -> None:
    theory, _ = parse_document(TEXT)
    assert theory is not None
    word = ask_engines(theory, assumed(theory, (claimed(),)), Run(budget=BUDGET), lambda _: True)
    assert word.kind == "sat"
    assert word.proofs == ()


def test_a_conclusion_without_evidence_of_our_own_carries_the_proofs() -> None:
    theory, _ = parse_document(TEXT)
    assert theory is not None
    # as if the search here had found nothing, and no certificate could be had for what the engines used
    problem = Problem(text="t", budget=BUDGET, options=Options(engines=("cvc5", "eprover")))
    result = combine(theory, "no text that could be read", {}, {}, problem, Run(budget=BUDGET))
    assert result.conclusion is Conclusion.PROVED
    proofs = result.data["proofs"]
    assert isinstance(proofs, list)
    assert {p["engine"] for p in proofs if isinstance(p, dict)} >= {"cvc5"}


def test_a_refutation_may_use_the_thing_of_a_sentence_that_it_does_not_use() -> None:
    theory, _ = parse_document("premises:\n  s1: ∃x P(x)\n  s2: ∀x (R(x) ∧ S(x))\nquestion:\n  ∃x (R(x) ∧ S(x))\n")
    assert theory is not None
    found = answer(theory, 20)
    assert found.conclusion is Conclusion.PROVED
    check(theory, found.conclusion, found.payload)
