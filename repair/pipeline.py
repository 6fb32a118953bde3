"""Problem → route → translate → parse + lint → solve → certify → judge → Answer, and back where a stage fails."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from quod.core.answer import Answer, Status
from quod.core.diagnostics import Diagnostic
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.core.settings import get_settings
from quod.repair.assemble import Ledger, no_answer
from quod.repair.attempts import Attempts
from quod.repair.codes import NO_MODEL
from quod.repair.drafts import GrammarDraft, draft_by_grammar
from quod.repair.given import given_formalization
from quod.repair.notation import in_clean_notation
from quod.repair.proving import prove_given

if TYPE_CHECKING:
    from quod.translators.llm.client import ChatModel

__all__ = ["check", "solve"]


def check(formalization: Formalization, problem: Problem, run: Run) -> Answer:
    """Formal text to checked answer; nothing is translated and nothing repaired but its notation."""
    given = Faithfulness(level=FaithfulnessLevel.GIVEN)
    formalization, mended = in_clean_notation(formalization)
    draft = Translation(formalization=formalization, faithfulness=given, diagnostics=mended)
    return Attempts(problem, run, Ledger(run)).attempt(draft, strategy="given")


def solve(problem: Problem, run: Run) -> Answer:
    """Plain language to checked answer."""
    ledger = Ledger(run)
    run.cancel.check()
    given = given_formalization(problem)
    if given is not None and given.formalization is not None:
        run.emit("routed", {"formalism": given.formalization.formalism, "reason": "formal text was given"})
        return prove_given(problem, given, run, ledger) or Attempts(given.problem or problem, run, ledger).attempt(
            given, strategy="given"
        )

    grammar: GrammarDraft | None = None
    if problem.options.translator in {"auto", "controlled"}:
        started = time.monotonic()
        grammar = draft_by_grammar(problem, run)
        ledger.add("translate", time.monotonic() - started)
        if grammar.translation.formalization is not None:
            run.emit("routed", {"formalism": grammar.formalism, "reason": f"read by {grammar.translator}"})
            attempts = Attempts(grammar.translation.problem or problem, run, ledger)
            return attempts.attempt(grammar.translation, strategy="controlled", translator=grammar.translator)

    if problem.options.translator != "controlled":
        from quod.translators.llm.config import configured_model  # late: loads the model clients

        model = configured_model(get_settings())
        if model is not None:
            return _by_model(problem, run, ledger, model)
    return _abstained(problem, grammar, ledger)


def _by_model(problem: Problem, run: Run, ledger: Ledger, model: ChatModel) -> Answer:
    from quod.repair.modelled import solve_with_model

    notes: tuple[Diagnostic, ...] = ()
    if problem.options.split and problem.formalism is None:
        from quod.repair.parts import solve_parts
        from quod.translators.llm.splitting import ask_parts

        parts, notes = ask_parts(problem, model, run)
        if parts:
            return solve_parts(problem, parts, run, ledger, solve)
    answer = solve_with_model(problem, run, ledger, model)
    return answer.model_copy(update={"diagnostics": (*answer.diagnostics, *notes)}) if notes else answer


def _abstained(problem: Problem, grammar: GrammarDraft | None, ledger: Ledger) -> Answer:
    hint = "rephrase the words named, give the formal text, or configure a language model (QUOD_MODEL; `quod doctor`)"
    if problem.options.translator == "controlled":
        hint = "rephrase the words named, or allow another translator"
    if grammar is None:
        missing = NO_MODEL.error("no language model is configured", hint="set QUOD_MODEL; see `quod doctor`")
        return no_answer(Status.FAILED, "No answer: no translator.", (missing,), ledger, formalism=problem.formalism)
    translation = grammar.translation
    abstained = NO_MODEL.info("the deterministic grammars abstained and no model translated the text", hint=hint)
    question = translation.question
    return no_answer(
        Status.NEEDS_CLARIFICATION if question else Status.FAILED,
        "No answer: the text could not be accounted for word by word, and nothing was guessed.",
        (*translation.diagnostics, abstained),
        ledger,
        formalism=grammar.formalism,
        question=question,
    )
