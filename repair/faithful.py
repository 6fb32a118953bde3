"""Does a model's formal text say what the person said? What can be told without asking the person.

Two kinds of evidence are gathered. *Coverage*: the numbers, names and sentences of the problem that the formal text
does not account for (:mod:`quod.translators.llm.coverage`). *A second reading*: where a deterministic grammar can
read the whole text, its formalization and the model's must be equivalent; then the level is ``agreed``, and if they
differ the answer is flagged, with the point or the model on which they differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from quod.backends.registry import get_backend
from quod.core.diagnostics import Diagnostic, has_errors
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Equivalence, Translation
from quod.core.run import Run
from quod.repair.codes import DIFFERS_FROM_GRAMMAR
from quod.translators.registry import controlled_translator

__all__ = ["assess"]


@dataclass(frozen=True)
class _Reading:
    """What the comparison with a grammar's reading found."""

    faithfulness: Faithfulness
    diagnostics: tuple[Diagnostic, ...] = ()


def assess(draft: Translation, problem: Problem, run: Run) -> Translation:
    """The draft of a model with its faithfulness assessed."""
    if draft.formalization is None:
        return draft
    reading = _second_reading(draft.formalization, problem, run)
    if reading is None:
        return draft
    return draft.model_copy(
        update={"faithfulness": reading.faithfulness, "diagnostics": (*draft.diagnostics, *reading.diagnostics)}
    )


def _second_reading(formalization: Formalization, problem: Problem, run: Run) -> _Reading | None:
    """Compare a candidate with what the grammar of its formalism makes of the words.

    None if the grammar cannot read the text, or if the two could not be compared within the limits: then nothing is
    known, and nothing is said.
    """
    translator = controlled_translator(formalization.formalism)
    if translator is None:
        return None
    reading = translator.translate(problem, run)
    if reading.formalization is None:
        return None
    backend = get_backend(formalization.formalism)
    if has_errors(backend.lint(formalization, problem)):
        return None
    found: Equivalence = backend.equivalent(formalization, reading.formalization, problem, run)
    if found.equivalent is None:
        return None
    if found.equivalent:
        note = f"equivalent ({found.level}) to the reading of {translator.name}"
        coverage = reading.faithfulness.coverage if reading.faithfulness else None
        return _Reading(Faithfulness(level=FaithfulnessLevel.AGREED, coverage=coverage, note=note))
    difference = found.difference or f"they differ at the level '{found.level}'"
    warning = DIFFERS_FROM_GRAMMAR.warning(
        f"the formal text does not say what a deterministic grammar reads in the words: {difference}",
        hint="the grammar's reading: " + backend.read_back(reading.formalization, problem)[:1500],
    )
    return _Reading(
        Faithfulness(level=FaithfulnessLevel.UNCHECKED, note="differs from the grammar's reading"), (warning,)
    )
