"""Hand-written golds, and the repairs that are made of them: genuine ones, and ones that weaken."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from quod.backends.registry import get_backend
from quod.core.diagnostics import Diagnostic, Severity, Span
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.evals.trust.bench import OPERATORS
from quod.evals.trust.mutation import FaultClass, Mutant, mutate
from quod.translators.llm.coverage import coverage_of

LOGIC = """constants:
  rex ::: Rex
  ann ::: Ann
predicates:
  wumpus(x) ::: x is a wumpus
  numpus(x) ::: x is a numpus
  shy(x) ::: x is shy
  kind(x) ::: x is kind
  likes(x, y) ::: x likes y
premises:
  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Every wumpus is not shy.
  s2: ∀x (numpus(x) → (shy(x) ∨ kind(x))) ::: Every numpus is shy or kind.
  s3: wumpus(rex) ∧ kind(rex) ::: Rex is a wumpus and kind.
  s4: numpus(ann) ::: Ann is a numpus.
  s5: ∀x ∀y (likes(x, y) → ¬likes(y, x)) ::: Nobody is liked by those they like.
  s6: likes(rex, ann) ::: Rex likes Ann.
question:
  shy(rex) ::: Rex is shy.
"""
WORDS = (
    "Every wumpus is not shy. Every numpus is shy or kind. Rex is a wumpus and kind. Ann is a numpus. "
    "Nobody is liked by those they like. Rex likes Ann. True or false: Rex is shy."
)
FAMILY = """constants:
  tom ::: Tom
  eva ::: Eva
  ida ::: Ida
predicates:
  parent(x, y) ::: x is a parent of y
  older(x, y) ::: x is older than y
  tall(x) ::: x is tall
premises:
  p1: ∀x ∀y (parent(x, y) → older(x, y)) ::: Parents are older than their children.
  p2: parent(tom, eva) ::: Tom is a parent of Eva.
  p3: parent(eva, ida) ∨ parent(tom, ida) ::: Eva or Tom is a parent of Ida.
  p4: ¬tall(ida) ::: Ida is not tall.
  p5: ∀x (tall(x) → ∃y parent(x, y)) ::: Whoever is tall has a child.
  p6: tall(tom) ∧ ¬tall(eva) ::: Tom is tall and Eva is not.
question:
  older(tom, ida) ::: Tom is older than Ida.
"""
KIN = (
    "Parents are older than their children. Tom is a parent of Eva. Eva or Tom is a parent of Ida. Ida is not tall. "
    "Whoever is tall has a child. Tom is tall and Eva is not. Is it so that Tom is older than Ida?"
)
TABLES = """{
 "variables": {
  "tables": {"domain": "integer", "lower": 0, "upper": 40},
  "chairs": {"domain": "integer", "lower": 0}
 },
 "objective": {"sense": "maximize", "expression": "30*tables + 15*chairs", "words": "Profit is 30 and 15."},
 "constraints": [
  {"name": "hours", "rule": "3*tables + 2*chairs <= 60", "words": "3 hours a table, 2 a chair, 60 hours"},
  {"name": "wood", "rule": "5*tables + 4*chairs <= 90", "words": "5 boards a table, 4 a chair, 90 boards"},
  {"name": "order", "rule": "chairs >= 6", "words": "at least 6 chairs"}
 ]
}
"""
SHOP = (
    "A shop makes at most 40 tables and some chairs. Profit is 30 and 15. 3 hours a table, 2 a chair, 60 hours in all. "
    "5 boards a table, 4 a chair, 90 boards. It must make at least 6 chairs."
)
DIET = """{
 "variables": {
  "oats": {"lower": 0},
  "milk": {"lower": 0, "upper": 12}
 },
 "objective": {"sense": "minimize", "expression": "2*oats + 3*milk", "words": "Oats cost 2, milk costs 3."},
 "constraints": [
  {"name": "energy", "rule": "70*oats + 50*milk >= 800", "words": "70 and 50 calories, at least 800"},
  {"name": "protein", "rule": "4*oats + 8*milk >= 65", "words": "4 and 8 grams of protein, at least 65"},
  {"name": "mix", "rule": "oats <= 9 + milk", "words": "at most 9 more oats than milk"}
 ]
}
"""
FOOD = (
    "Oats cost 2, milk costs 3. They have 70 and 50 calories, at least 800 are needed, and 4 and 8 grams of protein, "
    "at least 65. There are 12 bottles of milk. Eat at most 9 more oats than milk."
)
BLOCKS = """(define (domain blocks)
 (:predicates (on ?x ?y) (ontable ?x) (clear ?x) (arm-empty))
 (:action stack :parameters (?x ?y) :precondition (and (clear ?x) (clear ?y) (ontable ?x) (arm-empty))
  :effect (and (on ?x ?y) (not (clear ?y)) (not (ontable ?x)))))
(define (problem tower)
 (:domain blocks)
 (:objects b1 b2 b3 b4)
 (:init
  (on b1 b2)
  (ontable b2)
  (ontable b3)
  (ontable b4)
  (clear b1)
  (clear b3)
  (clear b4)
  (arm-empty))
 (:goal (and
  (on b3 b4)
  (on b4 b1)
  (ontable b2))))
"""
TOWER = "There are 4 blocks. b1 is on b2. b2, b3 and b4 are on the table. Get b3 on b4 and b4 on b1, b2 on the table."
ROOMS = """(define (domain rooms)
 (:predicates (room ?r) (ball ?b) (at ?b ?r) (at-robby ?r) (link ?a ?b) (carry ?b))
 (:action move :parameters (?a ?b) :precondition (and (at-robby ?a) (link ?a ?b))
  :effect (and (at-robby ?b) (not (at-robby ?a)))))
(define (problem carry)
 (:domain rooms)
 (:objects r1 r2 r3 ball1 ball2)
 (:init
  (room r1)
  (room r2)
  (room r3)
  (ball ball1)
  (ball ball2)
  (link r1 r2)
  (link r2 r3)
  (link r3 r1)
  (at ball1 r1)
  (at ball2 r2)
  (at-robby r1))
 (:goal (and
  (at ball1 r3)
  (at ball2 r3)
  (at-robby r2))))
"""
HOUSE = (
    "Three rooms: r1 leads to r2, r2 to r3, r3 to r1. ball1 is in r1, ball2 in r2, the robot in r1. "
    "Both balls should be in r3 and the robot in r2."
)
SUM = """Require Import Reals.
Theorem total : forall (x y : R),
  (x < 2)%R ->
  (y <= x)%R ->
  (0 <= y)%R ->
  (x + y < 4)%R.
"""
SUM_WORDS = "If x is below 2 and y is at most x and not negative, show that x + y is below 4."
SQUARE = """Require Import ZArith.
Theorem square : forall (n m : Z),
  (n > 3)%Z ->
  (m >= n)%Z ->
  (n * m > 9)%Z.
"""
SQUARE_WORDS = "Let n exceed 3 and m be at least n. Show that n times m exceeds 9."

GOLDS = [
    (Formalism.FOL, LOGIC, WORDS),
    (Formalism.FOL, FAMILY, KIN),
    (Formalism.MILP, TABLES, SHOP),
    (Formalism.MILP, DIET, FOOD),
    (Formalism.PDDL, BLOCKS, TOWER),
    (Formalism.PDDL, ROOMS, HOUSE),
    (Formalism.ROCQ, SUM, SUM_WORDS),
    (Formalism.ROCQ, SQUARE, SQUARE_WORDS),
]
_LANGUAGES = {
    Formalism.FOL: "quod-fol",
    Formalism.MILP: "quod-milp",
    Formalism.PDDL: "pddl",
    Formalism.ROCQ: "rocq",
}


_ROCQ = {
    FaultClass.SYNTAX: "rocq.syntax",
    FaultClass.SCOPE: "rocq.unknown_reference",
    FaultClass.TYPING: "rocq.type_mismatch",
    FaultClass.LINT: "faithfulness.vacuous",
    FaultClass.SEMANTIC: "rocq.statement_fails",
}
_OPEN = {("milp.unknown_domain", "milp.integrality_added")}
"""Pairs of which neither is wrong: what an unknown domain should have been is not in the text."""


@dataclass(frozen=True)
class Repair:
    """A repair, what it was asked to mend, and the words of the problem."""

    name: str
    before: Formalization
    after: Formalization
    diagnostics: tuple[Diagnostic, ...]
    text: str


def _formalization(formalism: Formalism, text: str) -> Formalization:
    return Formalization(formalism=formalism, text=text, language=_LANGUAGES[formalism])


def _wrong(formalism: Formalism, mutant: Mutant, problem: Problem) -> tuple[Diagnostic, ...]:
    """What quod finds without an engine. Rocq's own complaint stands in for it: where it is, and no more."""
    candidate = _formalization(formalism, mutant.text)
    if formalism is Formalism.ROCQ:
        found = [
            Diagnostic(
                code=_ROCQ[mutant.fault],
                severity=Severity.ERROR if mutant.fault is not FaultClass.LINT else Severity.WARNING,
                message="'the_value' is not known" if "the_value" in mutant.text else "it is rejected here",
                span=Span(line=mutant.line, column=1),
            )
        ]
        return tuple(found) if mutant.fault.visible else ()
    _, doubts = coverage_of(problem, candidate)
    return tuple(
        d for d in (*get_backend(formalism).lint(candidate, problem), *doubts) if d.severity is not Severity.INFO
    )


def _mutants(formalism: Formalism, gold: str, each: int, *, visible: bool) -> Iterator[Mutant]:
    for operator in OPERATORS[formalism]:
        if operator.fault.visible == visible:
            yield from mutate(operator, gold, random.Random(operator.name), each)


def genuine() -> Iterator[Repair]:
    """Mutants about which something is said, repaired to the gold."""
    for formalism, gold, words in GOLDS:
        problem = Problem(text=words, formalism=formalism)
        quiet = set() if formalism is Formalism.ROCQ else {
            (d.code, d.message) for d in _wrong(formalism, _as_mutant(formalism, gold), problem)
        }  # fmt: skip
        for mutant in [
            *_mutants(formalism, gold, 3, visible=True),
            *_mutants(formalism, gold, 3, visible=False),
        ]:
            wrong = _wrong(formalism, mutant, problem)
            if all((d.code, d.message) in quiet for d in wrong):
                continue
            before, after = _formalization(formalism, mutant.text), _formalization(formalism, gold)
            yield Repair(mutant.operator, before, after, wrong, words)


def weakening() -> Iterator[Repair]:
    """A fault that shows is mended, and on the way the meaning is changed where nobody asked for it."""
    for formalism, gold, words in GOLDS:
        problem = Problem(text=words, formalism=formalism)
        changed = list(_mutants(formalism, gold, 2, visible=False))
        for at, mutant in enumerate(_mutants(formalism, gold, 1, visible=True)):
            wrong = _wrong(formalism, mutant, problem)
            if not any(d.severity is Severity.ERROR for d in wrong):
                continue
            for other in changed[at % 3 :: 3]:
                if (mutant.operator, other.operator) in _OPEN:
                    continue
                yield Repair(
                    f"{mutant.operator} + {other.operator}",
                    _formalization(formalism, mutant.text),
                    _formalization(formalism, other.text),
                    wrong,
                    words,
                )


def _as_mutant(formalism: Formalism, text: str) -> Mutant:
    return Mutant("gold", FaultClass.SEMANTIC, formalism, text, 1, "")
