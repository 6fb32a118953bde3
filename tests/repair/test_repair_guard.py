"""The guard refuses repairs that weaken the problem, and lets genuine ones through."""

from __future__ import annotations

import pytest

from quod.backends.fol.outline import outline as fol
from quod.backends.milp.outline import outline as milp
from quod.backends.pddl.outline import outline as pddl
from quod.core.diagnostics import Diagnostic, Severity, Span
from quod.repair.guard import weakenings

WORDS = "Every wumpus is not shy. Rex is a wumpus. Ann is a wumpus or a numpus. True or false: Rex is shy."
LOGIC = """predicates:
  wumpus(x) ::: x is a wumpus
  shy(x) ::: x is shy
premises:
  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Every wumpus is not shy.
  s2: wumpus(rex) ::: Rex is a wumpus.
  s3: wumpus(ann) ∨ numpus(ann ::: Ann is a wumpus or a numpus.
question:
  shy(rex) ::: Rex is shy.
"""
SYNTAX = Diagnostic(code="fol.syntax", severity=Severity.ERROR, message="expected ')'", span=Span(line=7, column=33))
PLAIN = "Each table takes 3 hours and each chair 2 hours. There are 60 hours. Profit is 30 per table and 15 per chair."
MODEL = """{"variables": {"table": {"domain": "integer", "lower": 0}, "chair": {"domain": "integer", "lower": 0}},
 "objective": {"sense": "max", "expression": "30*table + 15*chair"},
 "constraints": [
  {"name": "hours", "rule": "3*tabel + 2*chair <= 60", "words": "There are 60 hours."}]}"""
UNKNOWN = Diagnostic(
    code="milp.unknown_name",
    severity=Severity.ERROR,
    message="'tabel' is not known",
    hint="did you mean 'table'?",
    span=Span(line=4, column=33),
)
BLOCKS = (
    "(define (problem p) (:domain d) (:objects a b) (:init (ontable a) (ontable b) (cleer a)) (:goal (and (on a b))))"
)
ARITY = Diagnostic(
    code="pddl.unknown_predicate", severity=Severity.ERROR, message="'cleer' is unknown", span=Span(line=1, column=84)
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("numpus(ann :::", "numpus(ann) :::"),
        ("wumpus(ann) ∨ numpus(ann :::", "(wumpus(ann) ∨ numpus(ann)) :::"),
        ("  wumpus(x) ::: x is a wumpus\n", "  wumpus(x) ::: x is a wumpus\n  numpus(x) ::: x is a numpus\n"),
    ],
)
def test_genuine_repairs_of_logic_pass(old: str, new: str) -> None:
    mended = LOGIC.replace(old, new).replace("numpus(ann :::", "numpus(ann) :::")
    assert weakenings(fol(LOGIC), fol(mended), (SYNTAX,), WORDS) == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  s1: ∀x (wumpus(x) → ¬shy(x)) ::: Every wumpus is not shy.\n", "", "dropped"),
        ("(wumpus(x) → ¬shy(x))", "(wumpus(x) → shy(x))", "though nothing was wrong"),
        ("(wumpus(x) → ¬shy(x))", "(¬shy(x) → wumpus(x))", "though nothing was wrong"),
        ("  shy(rex) ::: Rex is shy.", "  ¬shy(rex) ::: Rex is shy.", "though nothing was wrong"),
        ("  s2: ", "  s9: shy(rex) ::: Rex is shy, surely.\n  s2: ", "new assumption"),
        ("  s2: ", "  s9: ¬shy(ann)\n  s2: ", "new assumption"),
        ("wumpus(ann) ∨ numpus(ann :::", "wumpus(ann) ∧ numpus(ann) :::", "changed"),
        ("wumpus(ann) ∨ numpus(ann :::", "wumpus(ann) :::", "changed what it says"),
        ("wumpus(rex) :::", "wumpus(ann) :::", "though nothing was wrong"),
    ],
)
def test_weakening_of_logic_is_refused(old: str, new: str, words: str) -> None:
    assert old in LOGIC
    mended = LOGIC.replace(old, new).replace("numpus(ann :::", "numpus(ann) :::")
    refused = weakenings(fol(LOGIC), fol(mended), (SYNTAX,), WORDS)
    assert any(words in d.message for d in refused), refused


def test_a_genuine_repair_of_a_model_passes() -> None:
    assert weakenings(milp(MODEL), milp(MODEL.replace("tabel", "table")), (UNKNOWN,), PLAIN) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<= 60", "<= 600"),
        ("<= 60", ">= 60"),
        ("3*tabel + 2*chair", "2*chair"),
        ('"max"', '"min"'),
        ("30*table", "20*table"),
        ('"table": {"domain": "integer", "lower": 0}', '"table": {"domain": "continuous", "lower": 0}'),
        ('"chair": {"domain": "integer", "lower": 0}', '"chair": {"domain": "integer"}'),
        ("30*table + 15*chair", "30*chair + 15*table"),
        ('"constraints": [', '"constraints": [{"name": "extra", "rule": "table <= 15"},'),
        ('\n  {"name": "hours", "rule": "3*tabel + 2*chair <= 60", "words": "There are 60 hours."}', ""),
    ],
)
def test_weakening_of_a_model_is_refused(old: str, new: str) -> None:
    assert old in MODEL
    mended = MODEL.replace(old, new).replace("tabel", "table")
    assert weakenings(milp(MODEL), milp(mended), (UNKNOWN,), PLAIN)


def test_a_genuine_repair_of_a_plan_passes() -> None:
    assert weakenings(pddl(BLOCKS), pddl(BLOCKS.replace("cleer", "clear")), (ARITY,), "") == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(ontable b)", "(on a b)"),
        ("(cleer a)", ""),
        ("(on a b)", "(ontable a)"),
        ("(on a b)", ""),
        ("(on a b)", "(on b a)"),
    ],
)
def test_weakening_of_a_plan_is_refused(old: str, new: str) -> None:
    mended = BLOCKS.replace(old, new).replace("cleer", "clear")
    assert weakenings(pddl(BLOCKS), pddl(mended), (ARITY,), "")
