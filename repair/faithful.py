"""Does a model's formal text say what the person said? What can be told without asking the person.

Two kinds of evidence are gathered. *Coverage*: the numbers, names and sentences of the problem that the formal text
does not account for (:mod:`quod.translators.llm.coverage`). *A second reading*: where a deterministic grammar can
read the whole text, its formalization and the model's must be equivalent; then the level is ``agreed``, and if they
differ the answer is flagged, with each element in which they differ.
"""

from __future__ import annotations

from quod.backends.registry import get_backend, outline_of
from quod.core.diagnostics import Code, Diagnostic, has_errors
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonValue
from quod.core.outline import Element, ElementKind
from quod.core.problem import Problem
from quod.core.protocols import Equivalence, Translation
from quod.core.run import Run
from quod.repair.codes import DIFFERS_FROM_GRAMMAR, UNDECIDED
from quod.repair.locate import Difference, differences
from quod.repair.notation import in_clean_notation
from quod.translators.registry import controlled_translator

__all__ = ["Assessor", "assess"]

_MOST_LOCATED = 8
_MOST_COMPARED = 4
"""Pairs of sentences handed to an engine, when it must be found out which of several differ in what they say."""


def assess(draft: Translation, problem: Problem, run: Run) -> Translation:
    """The draft of a model with its faithfulness assessed."""
    return Assessor(problem, run).assess(draft)


class Assessor:
    """Holds the grammar's reading of one problem's words against what models write of it.

    The words are read once, and no candidate is compared twice, not even by a job that was killed and resumed.
    """

    def __init__(self, problem: Problem, run: Run) -> None:
        self._problem = problem
        self._run = run
        self._readings: dict[Formalism, Translation | None] = {}

    def assess(self, draft: Translation) -> Translation:
        """The draft with what the second reading says of it.

        Unchanged if the grammar cannot read the text, or the draft has errors: then nothing is known, and nothing is
        said. That two readings could not be compared within the limits is a doubt of its own.
        """
        if draft.formalization is None:
            return draft
        candidate, _ = in_clean_notation(draft.formalization)
        reading, found = self._reading(candidate.formalism), self._compared(candidate)
        if reading is None or reading.formalization is None or found is None:
            return draft
        translator = controlled_translator(candidate.formalism)
        assert translator is not None
        if found.equivalent:
            level = Faithfulness(
                level=FaithfulnessLevel.AGREED,
                coverage=reading.faithfulness.coverage if reading.faithfulness else None,
                note=f"equivalent ({found.level}) to the reading of {translator.name}",
            )
            # what mending may have got wrong, it got right
            left = tuple(d for d in draft.diagnostics if d.code != "faithfulness.mended")
            return draft.model_copy(update={"faithfulness": level, "diagnostics": left})
        if found.equivalent is None:
            doubts = self._undecided(candidate, reading.formalization, found)
            return draft.model_copy(update={"diagnostics": (*draft.diagnostics, *doubts)})
        level = Faithfulness(level=FaithfulnessLevel.UNCHECKED, note="differs from the grammar's reading")
        doubts = self._doubts(candidate, reading.formalization, found)
        return draft.model_copy(update={"faithfulness": level, "diagnostics": (*draft.diagnostics, *doubts)})

    def supports(self, candidate: Formalization) -> bool:
        """Whether the words, as the grammar reads them, say what the candidate says."""
        found = self._compared(in_clean_notation(candidate)[0])
        return found is not None and found.equivalent is True

    def _reading(self, formalism: Formalism) -> Translation | None:
        if formalism not in self._readings:
            translator = controlled_translator(formalism)
            reading = translator.translate(self._problem, self._run) if translator else None
            self._readings[formalism] = reading if reading and reading.formalization else None
        return self._readings[formalism]

    def _compared(self, candidate: Formalization) -> Equivalence | None:
        reading = self._reading(candidate.formalism)
        if reading is None or reading.formalization is None:
            return None
        second = reading.formalization
        backend = get_backend(candidate.formalism)

        def compute() -> JsonValue:
            if has_errors(backend.lint(candidate, self._problem)):
                return None
            return backend.equivalent(candidate, second, self._problem, self._run).model_dump(mode="json")

        found = self._run.memo(f"compare:{candidate.digest}:{second.digest}", compute)
        return None if found is None else Equivalence.model_validate(found)

    def _undecided(
        self, candidate: Formalization, reading: Formalization, found: Equivalence
    ) -> tuple[Diagnostic, ...]:
        """One doubt for each element that is written differently; one of the whole where none can be told apart."""
        located = self._differences(candidate, reading)
        if located:
            return tuple(_doubt(difference, UNDECIDED) for difference in located[:_MOST_LOCATED])
        undecided = UNDECIDED.warning(
            "it could not be decided whether the formal text says what a deterministic grammar reads in the words",
            hint=found.difference or None,
        )
        return (undecided,)

    def _differences(self, candidate: Formalization, reading: Formalization) -> list[Difference]:
        same = _Sentences(candidate, reading, self._problem, self._run) if candidate.language == "quod-fol" else None
        return differences(outline_of(candidate), outline_of(reading), same)

    def _doubts(self, candidate: Formalization, reading: Formalization, found: Equivalence) -> tuple[Diagnostic, ...]:
        """One doubt for each element that differs; one of the whole where none can be told apart."""
        located = self._differences(candidate, reading)
        if located:
            return tuple(_doubt(difference, DIFFERS_FROM_GRAMMAR) for difference in located[:_MOST_LOCATED])
        difference = found.difference or f"they differ at the level '{found.level}'"
        read_back = get_backend(candidate.formalism).read_back(reading, self._problem)
        warning = DIFFERS_FROM_GRAMMAR.warning(
            f"the formal text does not say what a deterministic grammar reads in the words: {difference}",
            hint=f"the grammar's reading: {read_back[:1500]}",
        )
        return (warning,)


class _Sentences:
    """Whether two sentences of logic say the same, asked of the backend with each as the only sentence."""

    def __init__(self, ours: Formalization, theirs: Formalization, problem: Problem, run: Run) -> None:
        self._ours, self._theirs = ours, theirs
        self._problem, self._run = problem, run
        self._left = _MOST_COMPARED

    def __call__(self, a: Element, b: Element) -> bool:
        one, two = _alone(self._ours, a), _alone(self._theirs, b)
        if one is None or two is None or self._left == 0:
            return False
        self._left -= 1
        found = get_backend(self._ours.formalism).equivalent(one, two, self._problem, self._run)
        return found.equivalent is True


def _alone(formalization: Formalization, element: Element) -> Formalization | None:
    """The text with this element as its question and nothing assumed."""
    outline = outline_of(formalization)
    goals = [e for e in outline if e.kind is ElementKind.GOAL]
    if len(goals) != 1:
        return None
    assumed = {e.span.line for e in outline if e.kind is ElementKind.ASSUMPTION}
    lines = []
    for number, line in enumerate(formalization.text.splitlines(), start=1):
        if number == goals[0].span.line:
            lines.append(f"  {element.text}")
        elif number not in assumed:
            lines.append(line)
    return formalization.model_copy(update={"text": "\n".join(lines) + "\n", "source_map": ()})


def _doubt(difference: Difference, kind: Code) -> Diagnostic:
    ours, theirs = difference.ours, difference.theirs
    says = "does not say" if kind is DIFFERS_FROM_GRAMMAR else "may not say"
    if ours is not None and theirs is not None:
        return kind.warning(
            f"'{ours.name}' {says} what a deterministic grammar reads in the words",
            span=ours.span,
            source=ours.words or theirs.words or None,
            hint=f"it says `{_short(ours)}`; the grammar reads `{_short(theirs)}`",
            data={"element": ours.name, "expected": theirs.text, "expected_numbers": list(theirs.numbers)},
        )
    if ours is not None:
        return kind.warning(
            f"'{ours.name}' says something that a deterministic grammar does not find in the words",
            span=ours.span,
            source=ours.words or None,
            hint=f"it says `{_short(ours)}`",
            data={"element": ours.name, "superfluous": True},
        )
    assert theirs is not None
    return kind.warning(
        "nothing in the formal text says what a deterministic grammar reads in these words",
        source=theirs.words or None,
        hint=f"the grammar reads `{_short(theirs)}`",
        data={"missing": theirs.text, "missing_words": theirs.words},
    )


def _short(element: Element) -> str:
    return element.text if len(element.text) <= 200 else element.text[:199] + "…"
