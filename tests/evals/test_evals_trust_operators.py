"""The mutation operators: each finds something to break in ordinary texts, breaks it, and says where."""

from __future__ import annotations

import random

import pytest

from quod.evals.trust import fol, milp, pddl, rocq
from quod.evals.trust.mutation import Operator, mutate

TEXTS = {
    "fol": """constants:
  rex: thing ::: Rex
  ann: thing ::: Ann
predicates:
  wumpus(x) ::: x is a wumpus
  shy(x) ::: x is shy
  likes(x, y) ::: x likes y
premises:
  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Every wumpus is not shy.
  s2: wumpus(rex) ∧ shy(ann) ::: Rex is a wumpus and Ann is shy.
  s3: shy(rex) ∨ likes(rex, ann) ::: Rex is shy or likes Ann.
question:
  shy(rex) ::: Rex is shy.
""",
    "milp": """{"variables": {"tables": {"domain": "integer", "lower": 0}, "chairs": {"lower": 0}},
 "objective": {"sense": "max", "expression": "30*tables + 15*chairs"},
 "constraints": [{"name": "hours", "rule": "3*tables + 2*chairs <= 60"}]}""",
    "pddl": """(define (problem p) (:domain blocks)
 (:objects b1 b2 - block)
 (:init (on b1 b2) (ontable b2) (clear b1) (arm-empty))
 (:goal (and (on b2 b1) (ontable b1))))""",
    "rocq": """Require Import Reals.
Theorem t : forall (x y : R),
  x < 2%R ->
  (y <= x)%R ->
  (x + y < 4)%R.
Proof.
  intros x y a b. lra.
Qed.
""",
}
OPERATORS = [*fol.OPERATORS, *milp.OPERATORS, *pddl.OPERATORS, *rocq.OPERATORS]


def test_there_are_enough_and_their_names_are_their_own() -> None:
    assert len(OPERATORS) >= 40
    assert len({o.name for o in OPERATORS}) == len(OPERATORS)


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda o: o.name)
def test_each_breaks_something_and_says_where(operator: Operator) -> None:
    text = TEXTS[operator.formalism]
    mutants = mutate(operator, text, random.Random(0), most=3)
    assert mutants, "it found nothing to break"
    for mutant in mutants:
        assert mutant.text != text
        assert 1 <= mutant.line <= mutant.text.count("\n") + 1
    assert mutate(operator, text, random.Random(0), most=3) == mutants
