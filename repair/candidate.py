"""A candidate formalization from outside (a pasted reply, a model's output on file), judged against the words.

It is treated as a model's first draft is: its notation is mended, its faithfulness assessed, its answer checked and
judged. Nothing is repaired, since there is nobody to ask.
"""

from __future__ import annotations

from quod.backends.registry import get_backend
from quod.core.answer import Answer
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.repair.assemble import Ledger
from quod.repair.attempts import Attempts
from quod.repair.faithful import assess

__all__ = ["consider"]


def consider(problem: Problem, formalization: Formalization, run: Run) -> Answer:
    """Check a candidate, and say how faithful it is to the problem's words."""
    mended = get_backend(formalization.formalism).mend(formalization.text)
    if mended.text != formalization.text:
        formalization = formalization.model_copy(update={"text": mended.text})
    unchecked = Faithfulness(level=FaithfulnessLevel.UNCHECKED)
    draft = Translation(formalization=formalization, faithfulness=unchecked, diagnostics=mended.notes)
    return Attempts(problem, run, Ledger(run)).attempt(assess(draft, problem, run), strategy="pasted")
