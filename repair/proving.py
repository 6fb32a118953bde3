"""A statement given, its proof looked for: the assistant's own automation first, then the model.

The statement is attached to the problem as a file of its own, where no candidate can reach it; what a model writes is
only ever a candidate proof for it, so the answer is as faithful as the statement that was given.
"""

from __future__ import annotations

from quod.backends.registry import outline_of
from quod.core.answer import Answer, Status
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, ContextItem, Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.core.settings import get_settings
from quod.repair.assemble import Ledger
from quod.repair.attempts import Attempts
from quod.repair.isolate import part_of

__all__ = ["prove_given"]

_SUFFIX = {Formalism.LEAN: ".lean", Formalism.ROCQ: ".v"}


def prove_given(problem: Problem, given: Translation, run: Run, ledger: Ledger) -> Answer | None:
    """The answer for a statement (with or without a proof) that the person gave; None if it needs no proof.

    With the translator ``llm`` the model is asked at once; else the proof given is checked, or looked for by
    automation, and the model is asked only if that does not do. Raises ModelError when the model cannot be reached
    before anything was tried.
    """
    formalization = given.formalization
    if formalization is None or formalization.formalism not in _SUFFIX:
        return None
    from quod.translators.llm.config import configured_model  # late: loads the model clients

    wanted = problem.options.translator != "controlled"
    model = configured_model(get_settings()) if wanted else None
    if model is None:
        return None
    statement, proof = _apart(formalization)
    asked = _asking(problem, statement, formalization)
    attempts = Attempts(asked, run, ledger)
    best: Answer | None = None
    if proof or problem.options.translator != "llm":
        best = attempts.attempt(given, strategy="given")
        if best.status not in {Status.FAILED, Status.EXHAUSTED, Status.UNVERIFIED}:
            return best

    from quod.repair.modelled import RepairLoop, translator_for

    level = given.faithfulness or Faithfulness(level=FaithfulnessLevel.UNCHECKED)
    judging = _Given(level)
    translator = translator_for(formalization.formalism, model)
    return RepairLoop(asked, run, ledger, translator, attempts=attempts, assessor=judging, first=best).run()


class _Given:
    """Stands where others compare the formal text with the words: here the statement is the person's own."""

    def __init__(self, level: Faithfulness) -> None:
        self._level = level

    def assess(self, draft: Translation) -> Translation:
        """The draft with the faithfulness of the statement, and no doubt about words: those are not translated."""
        kept = tuple(d for d in draft.diagnostics if not d.code.startswith("faithfulness."))
        return draft.model_copy(update={"faithfulness": self._level, "diagnostics": kept})

    def supports(self, candidate: Formalization) -> bool:  # noqa: ARG002 - the protocol's parameter
        """A change of the statement is never supported; the proof is no part of it."""
        return False


def _apart(given: Formalization) -> tuple[str, str]:
    """The statement with its header, and the proof (empty if there is none)."""
    proof = next((e for e in outline_of(given) if e.name == "proof"), None)
    if proof is None or " ".join(proof.text.split()) in {":= by sorry", ":= sorry", ":= by", "Admitted.",
                                                         "Proof. Admitted."}:  # fmt: skip
        return given.text, ""
    open_end = " := by sorry\n" if given.formalism is Formalism.LEAN else "\n"
    stated = (part_of(given, "header") + part_of(given, "statement")).rstrip()
    return stated + open_end, proof.text


def _asking(problem: Problem, statement: str, given: Formalization) -> Problem:
    """The problem with its statement attached as a file, and words that ask for the proof."""
    suffix = _SUFFIX[given.formalism]
    name = f"statement{suffix}"
    others = tuple(item for item in problem.context if item.suffix != suffix)
    words = "" if problem.text in {given.text, FORMAL_ONLY} else f"{problem.text}\n\n"
    ask = f"{words}Prove exactly the statement in {name}: repeat it with its header and add a proof."
    return problem.model_copy(
        update={
            "text": ask,
            "formalism": given.formalism,
            "context": (*others, ContextItem(name=name, content=statement)),
        }
    )
