"""Diagnostic codes of routing and of the loop."""

from __future__ import annotations

from quod.core.diagnostics import code

__all__ = [
    "AMBIGUOUS_FORMALISM",
    "BUDGET_SPENT",
    "GOING_ROUND",
    "MODEL_STOPPED",
    "NO_GRAMMAR",
    "NO_MODEL",
    "WEAKENED",
    "WORDS_NOT_COMPARED",
]

NO_MODEL = code(
    "translate.no_model",
    "No deterministic grammar reads the text and no language model is configured that could translate it.",
)
NO_GRAMMAR = code("translate.no_grammar", "There is no deterministic translator for the formalism asked for.")
AMBIGUOUS_FORMALISM = code(
    "translate.several_formalisms", "More than one formalism's grammar accounts for the whole text."
)
BUDGET_SPENT = code("job.budget_spent", "The budget ended before an attempt was accepted.")
GOING_ROUND = code("job.going_round", "A repair produced a formal text that had been tried before.")
WORDS_NOT_COMPARED = code(
    "translate.words_not_compared",
    "The formal text was attached; the words beside it were not compared with it.",
)
WEAKENED = code(
    "repair.weakened",
    "A repair changed, dropped or added something that the diagnostics did not ask for and the words do not support.",
)
DIFFERS_FROM_GRAMMAR = code(
    "faithfulness.differs_from_grammar",
    "The formal text is not equivalent to what a deterministic grammar reads in the same words.",
)
UNDECIDED = code(
    "faithfulness.undecided",
    "It could not be decided whether the formal text says what a deterministic grammar reads in the same words.",
)
SENSELESS = code(
    "faithfulness.senseless",
    "A model's formal text has a rule that always or never holds, which nobody would say and no grammar reads.",
)
MODEL_STOPPED = code(
    "job.model_stopped", "A language model failed or its budget ended while an answer was being repaired."
)
PART_WITHOUT_RESULT = code(
    "job.part_without_result", "A part of a split problem needs the result of an earlier part, which has none."
)
