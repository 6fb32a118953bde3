"""The generated family: seeded, sized, and its planted answers hold by independent counting."""

from __future__ import annotations

import csv
import io
import random
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.pddl.documents import load
from quod.backends.pddl.validator import validate
from quod.core.problem import Problem, make_problem
from quod.core.run import Run
from quod.evals.benchmark import Setting
from quod.evals.benchmarks.scale import KINDS, SCALE
from quod.evals.grading import LabelGrade, NumberGrade
from quod.evals.scale.instance import Instance
from quod.evals.scale.logic import deduction
from quod.evals.scale.optimization import allocation, transportation
from quod.repair import check, solve

SEEDS = st.integers(0, 10**6)


def problem_of(made: Instance) -> Problem:
    return make_problem(text=made.text, formalism=made.formalism, context=made.context)


def test_it_is_seeded_and_has_every_kind_at_every_size() -> None:
    ids = [row.id for row in SCALE.rows(Path("generated"), Setting("gold", split="3"))]
    assert len(ids) == 3 * len(KINDS)
    first = [row.cases[0].problem.text for row in SCALE.rows(Path(), Setting("controlled", split="zebra/2"))]
    again = [row.cases[0].problem.text for row in SCALE.rows(Path(), Setting("controlled", split="zebra/2"))]
    other = [row.cases[0].problem.text for row in SCALE.rows(Path(), Setting("controlled", split="zebra/2", seed=1))]
    assert first == again
    assert first != other


def test_the_largest_tables_have_a_hundred_thousand_rows() -> None:
    for make in (allocation, transportation):
        table = make(5, random.Random(0)).context[-1]
        assert table.content.count("\n") > 100_000
        assert len(make(5, random.Random(0)).text) < 1_000, "the words do not grow with the data"


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_an_allocation_is_bounded_by_the_greedy_rule(seed: int) -> None:
    made = allocation(2, random.Random(seed))
    rows = list(csv.DictReader(io.StringIO(made.context[0].content)))
    left = int(made.text.partition("There are ")[2].split()[0])
    best = Fraction(0)
    for row in sorted(rows, key=lambda r: Fraction(int(r["profit"]), int(r["hours"])), reverse=True):
        hours = min(left, int(row["demand"]) * int(row["hours"]))
        left -= hours
        best += Fraction(int(row["profit"]), int(row["hours"])) * hours
    assert isinstance(made.grade, NumberGrade)
    assert made.grade.values == (float(best),)


@given(SEEDS, st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_a_deductions_label_follows_by_chaining(seed: int, size: int) -> None:
    made = deduction(size, random.Random(seed))
    rules: list[tuple[str, bool, str]] = []
    facts: set[str] = set()
    for line in made.gold.text.partition("premises:")[2].partition("question:")[0].splitlines():
        formula = line.partition(":")[2].partition(":::")[0].strip()
        if formula.startswith("∀x ("):
            kind, _, what = formula[4:-1].partition(" → ")
            rules.append((kind[:-3], what.startswith("¬"), what.lstrip("¬")[:-3]))
        elif formula:
            facts.add(formula.partition("(")[0])
    denied: set[str] = set()
    while new := [r for r in rules if r[0] in facts and r[2] not in (denied if r[1] else facts)]:
        for _, negative, what in new:
            (denied if negative else facts).add(what)
    asked = made.gold.text.partition("question:")[2].strip().partition("(")[0]
    label = "True" if asked in facts else "False" if asked in denied else "Unknown"
    assert not facts & denied
    assert made.grade == LabelGrade(label)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_smallest_of_each_kind_is_solved_from_its_gold(kind: str) -> None:
    made = KINDS[kind](1, random.Random(5))
    problem = problem_of(made)
    answer = check(made.gold, problem, Run(budget=problem.budget))
    assert answer.status == "verified", answer.diagnostics
    grade = made.grade(answer)
    assert grade.right is True
    assert all(score == 1.0 for score in grade.scores.values())


@pytest.mark.parametrize("kind", ["allocation", "blocksworld", "deduction"])
def test_the_words_of_some_kinds_are_read_by_grammar(kind: str) -> None:
    made = KINDS[kind](1, random.Random(5))
    problem = problem_of(made)
    problem = problem.model_copy(update={"options": problem.options.model_copy(update={"translator": "controlled"})})
    answer = solve(problem, Run(budget=problem.budget))
    assert made.grade(answer).right is True, answer.diagnostics


@given(SEEDS, st.sampled_from(["blocksworld", "logistics"]))
@settings(max_examples=20, deadline=None)
def test_no_plan_is_there_without_steps(seed: int, kind: str) -> None:
    made = KINDS[kind](2, random.Random(seed))
    task = load(made.gold, problem_of(made)).task
    assert task is not None
    assert not validate(task, ()).valid
