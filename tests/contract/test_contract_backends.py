"""One suite over all backends: what a Backend promises, whatever its language and engines.

A new backend is covered by adding its samples; one without samples fails.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quod.backends.registry import get_backend, outline_of, supported
from quod.core.assurance import Assurance
from quod.core.budget import Budget
from quod.core.diagnostics import has_errors, registered_codes
from quod.core.errors import Cancelled
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, Problem, make_problem
from quod.core.protocols import CheckResult
from quod.core.run import Cancel, Run
from quod.core.verdict import Conclusion


@dataclass(frozen=True)
class Sample:
    formalism: Formalism
    language: str
    conclusion: str
    text: str

    @property
    def formalization(self) -> Formalization:
        return Formalization(formalism=self.formalism, language=self.language, text=self.text)


_LOGIC = """predicates:
  wumpus(x) ::: x is a wumpus
  shy(x) ::: x is shy
constants:
  rex ::: Rex
premises:
  s1: ∀x (wumpus(x) → {rule}) ::: Every wumpus is.
  s2: {fact} ::: Rex is.
question:
  shy(rex) ::: Rex is shy.
"""
_BLOCKS = """(define (domain blocks) (:requirements :strips)
 (:predicates (clear ?x) (ontable ?x) (holding ?x) (on ?x ?y) (free))
 (:action pick :parameters (?x) :precondition (and (clear ?x) (ontable ?x) (free))
  :effect (and (holding ?x) (not (clear ?x)) (not (ontable ?x)) (not (free))))
 (:action stack :parameters (?x ?y) :precondition (and (holding ?x) (clear ?y))
  :effect (and (on ?x ?y) (clear ?x) (free) (not (holding ?x)) (not (clear ?y)))))
(define (problem two) (:domain blocks) (:objects a b)
 (:init (clear a) (clear b) (ontable a) (ontable b) (free)) (:goal {goal}))
"""
_MODEL = """{{"variables": {{"tables": {{"domain": "integer", "lower": 0}}, "chairs": {{"lower": 0}}}},
 "objective": {{"sense": "max", "expression": "30*tables + 15*chairs"}},
 "constraints": [{constraints}]}}"""
SAMPLES = [
    Sample(Formalism.FOL, "quod-fol", "proved", _LOGIC.format(rule="shy(x)", fact="wumpus(rex)")),
    Sample(Formalism.FOL, "quod-fol", "disproved", _LOGIC.format(rule="¬shy(x)", fact="wumpus(rex)")),
    Sample(Formalism.FOL, "quod-fol", "undetermined", _LOGIC.format(rule="shy(x)", fact="¬wumpus(rex)")),
    Sample(Formalism.FOL, "quod-fol", "inconsistent", _LOGIC.format(rule="¬shy(x)", fact="wumpus(rex) ∧ shy(rex)")),
    Sample(
        Formalism.MILP,
        "quod-milp",
        "optimal",
        _MODEL.format(constraints='{"name": "hours", "rule": "3*tables + 2*chairs <= 61"}'),
    ),
    Sample(
        Formalism.MILP,
        "quod-milp",
        "infeasible",
        _MODEL.format(
            constraints='{"name": "most", "rule": "tables + chairs <= 3"}, {"name": "least", "rule": "tables >= 4"}'
        ),
    ),
    Sample(Formalism.MILP, "quod-milp", "unbounded", _MODEL.format(constraints='{"name": "c", "rule": "tables <= 5"}')),
    Sample(Formalism.PDDL, "pddl", "plan", _BLOCKS.format(goal="(on a b)")),
    Sample(Formalism.PDDL, "pddl", "unsolvable", _BLOCKS.format(goal="(and (on a b) (on b a))")),
    Sample(
        Formalism.ROCQ,
        "rocq",
        "proved",
        "Require Import ZArith Lia.\nOpen Scope Z_scope.\n"
        "Theorem t : forall x y : Z, x <= y -> y <= x + 1 -> y = x \\/ y = x + 1.\nProof. lia. Qed.\n",
    ),
]
IDS = [f"{s.formalism}-{s.conclusion}" for s in SAMPLES]
NEEDS = {Formalism.ROCQ: "coqc", Formalism.LEAN: "lean"}
FORMALISMS = [pytest.param(f, id=str(f)) for f in supported()]


def problem(formalism: Formalism, seconds: float = 30) -> Problem:
    budget = Budget(seconds=seconds, engine_seconds=min(seconds, 20))
    return make_problem(text=FORMAL_ONLY, formalism=formalism, budget=budget)


def run_check(sample: Sample, run: Run | None = None) -> CheckResult:
    needed = NEEDS.get(sample.formalism)
    if needed and shutil.which(needed) is None:
        pytest.skip(f"needs {needed}")
    of = problem(sample.formalism)
    return get_backend(sample.formalism).check(sample.formalization, of, run or Run(budget=of.budget))


def test_every_backend_has_samples() -> None:
    # Lean cannot run everywhere; tests/lean replays its recorded transcripts
    assert {s.formalism for s in SAMPLES} | {Formalism.LEAN} == set(supported())


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_the_conclusion_is_right_and_evidenced(sample: Sample) -> None:
    result = run_check(sample)
    assert result.verdict is not None, result.diagnostics
    assert result.verdict.conclusion == sample.conclusion, result
    assert not has_errors(result.diagnostics)
    assert result.assurance.at_least(Assurance.CERTIFICATE) or sample.conclusion == "unsolvable"
    if result.assurance.at_least(Assurance.CERTIFICATE):
        assert result.certificate is not None
        assert result.certificate.accepted
        assert result.certificate.checker
        assert result.certificate.formal_digest == (result.formalization or sample.formalization).digest
    assert result.words
    assert CheckResult.model_validate_json(result.model_dump_json()) == result
    assert {d.code for d in result.diagnostics} <= set(registered_codes())


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_the_formal_text_reads_back_and_is_its_own_mending(sample: Sample) -> None:
    backend = get_backend(sample.formalism)
    assert backend.read_back(sample.formalization, problem(sample.formalism)).strip()
    fenced = f"Here it is:\n```\n{sample.text}```\nI hope this helps."
    mended = backend.mend(fenced)
    assert mended.notes
    assert mended.text.strip() == backend.mend(sample.text).text.strip()
    assert not has_errors(backend.lint(sample.formalization, problem(sample.formalism)))


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_a_text_is_equivalent_to_itself_and_not_to_another(sample: Sample) -> None:
    if sample.formalism is Formalism.ROCQ and shutil.which("coqc") is None:
        pytest.skip("needs coqc")
    backend, of = get_backend(sample.formalism), problem(sample.formalism)
    same = backend.equivalent(sample.formalization, sample.formalization, of, Run(budget=of.budget))
    assert same.equivalent is True
    assert same.level
    for other in SAMPLES:
        if other.formalism is sample.formalism and other is not sample:
            found = backend.equivalent(sample.formalization, other.formalization, of, Run(budget=of.budget))
            assert found.equivalent is False
            assert found.difference


@pytest.mark.parametrize("formalism", FORMALISMS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_is_linted_without_raising(formalism: Formalism, text: str) -> None:
    backend = get_backend(formalism)
    for formal in (text, backend.mend(text).text):
        candidate = Formalization(formalism=formalism, language=_language(formalism), text=formal)
        diagnostics = backend.lint(candidate, problem(formalism))
        assert {d.code for d in diagnostics} <= set(registered_codes())


@pytest.mark.parametrize("formalism", FORMALISMS)
@pytest.mark.parametrize(
    "text", ["", "\x00\x01", "(" * 20_000, "{" * 20_000, "a" * 1_000_000, "∀x " * 20_000, "¬" * 20_000]
)
def test_hopeless_text_is_an_error_with_a_place_or_a_reason(formalism: Formalism, text: str) -> None:
    candidate = Formalization(formalism=formalism, language=_language(formalism), text=text)
    of = problem(formalism)
    result = get_backend(formalism).check(candidate, of, Run(budget=of.budget))
    assert result.verdict is None or result.verdict.conclusion is Conclusion.GAVE_UP
    assert has_errors(result.diagnostics)
    assert all(len(d.message) < 1000 for d in result.diagnostics)


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.conclusion in {"proved", "optimal", "plan"}], ids=str)
def test_every_single_character_lost_is_survived(sample: Sample) -> None:
    backend, of = get_backend(sample.formalism), problem(sample.formalism)
    for index in range(0, len(sample.text), 7):
        broken = sample.formalization.model_copy(update={"text": sample.text[:index] + sample.text[index + 1 :]})
        backend.lint(broken, of)
        outline_of(broken)


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_a_cancelled_run_ends_as_cancelled(sample: Sample) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        run_check(sample, Run(budget=problem(sample.formalism).budget, cancel=cancel))


@pytest.mark.parametrize("formalism", FORMALISMS)
def test_engines_are_listed_for_the_doctor(formalism: Formalism) -> None:
    engines = get_backend(formalism).engines()
    assert engines
    assert all(e.version or e.note for e in engines), "a missing engine says how to get it"
    schema = get_backend(formalism).schema()
    assert schema is None or json.dumps(schema)


def _language(formalism: Formalism) -> str:
    return {"fol": "quod-fol", "milp": "quod-milp", "pddl": "pddl", "rocq": "rocq", "lean": "lean4"}[formalism]
