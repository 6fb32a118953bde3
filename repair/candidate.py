"""A candidate formalization from outside (a pasted reply, a model's output on file), judged against the words.

It is treated as a model's first draft is: its notation is mended, its faithfulness assessed, its answer checked and
judged. Nothing is repaired, since there is nobody to ask.
"""

from __future__ import annotations

from quod.backends.registry import get_backend
from quod.core.answer import Answer, Status
from quod.core.diagnostics import Diagnostic
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.repair.assemble import Ledger, no_answer
from quod.repair.attempts import Attempts
from quod.repair.faithful import assess
from quod.repair.notation import in_clean_notation
from quod.translators.llm.coverage import coverage_of
from quod.translators.llm.reply import read_reply

__all__ = ["consider", "consider_reply"]


def consider_reply(problem: Problem, formalism: Formalism, reply: str, run: Run) -> Answer:
    """Take the formal text out of a model's (or a person's) pasted reply, and consider it."""
    read = read_reply(reply, formalism, problem.text, schema=get_backend(formalism).schema())
    if read.formalization is None:
        statement = "No answer: the reply holds no formal text that could be read."
        return no_answer(Status.FAILED, statement, read.diagnostics, Ledger(run), formalism=formalism)
    return consider(problem, read.formalization, run, diagnostics=read.diagnostics)


def consider(
    problem: Problem, formalization: Formalization, run: Run, *, diagnostics: tuple[Diagnostic, ...] = ()
) -> Answer:
    """Check a candidate, and say how faithful it is to the problem's words."""
    formalization, mended = in_clean_notation(formalization)
    coverage, doubts = coverage_of(problem, formalization)
    unchecked = Faithfulness(level=FaithfulnessLevel.UNCHECKED, coverage=coverage)
    notes = (*diagnostics, *mended, *doubts)
    draft = Translation(formalization=formalization, faithfulness=unchecked, diagnostics=notes)
    return Attempts(problem, run, Ledger(run)).attempt(assess(draft, problem, run), strategy="pasted")
