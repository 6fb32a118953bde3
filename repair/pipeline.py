"""Problem → route → translate → parse + lint → solve → certify → judge → Answer, and back where a stage fails."""

from __future__ import annotations

import time

from quod.backends.registry import get_backend
from quod.core.answer import Answer, Status
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.core.settings import get_settings
from quod.repair.assemble import Ledger, no_answer
from quod.repair.codes import NO_MODEL
from quod.repair.drafts import GrammarDraft, draft_by_grammar
from quod.repair.given import given_formalization
from quod.repair.loop import Loop
from quod.translators.llm import configured_model

__all__ = ["check", "solve"]


def check(formalization: Formalization, problem: Problem, run: Run | None = None) -> Answer:
    """Formal text to checked answer; nothing is translated and nothing repaired but its notation."""
    run = run or Run(budget=problem.budget)
    given = Faithfulness(level=FaithfulnessLevel.GIVEN, note="the formal text was given")
    loop = Loop(problem, run, Ledger(run))
    mended = get_backend(formalization.formalism).mend(formalization.text)
    if mended.notes:
        formalization = formalization.model_copy(update={"text": mended.text})
    draft = Translation(formalization=formalization, faithfulness=given, diagnostics=mended.notes)
    answer = loop.run(draft, strategy="given", translator="")
    run.emit("answered", {"status": answer.status, "conclusion": answer.conclusion})
    return answer


def solve(problem: Problem, run: Run | None = None) -> Answer:
    """Plain language to checked answer."""
    run = run or Run(budget=problem.budget)
    answer = _solve(problem, run)
    run.emit("answered", {"status": answer.status, "conclusion": answer.conclusion})
    return answer


def _solve(problem: Problem, run: Run) -> Answer:
    ledger = Ledger(run)
    run.cancel.check()
    given = given_formalization(problem)
    if given is not None and given.formalization is not None:
        run.emit("routed", {"formalism": given.formalization.formalism, "reason": "formal text was given"})
        return Loop(given.problem or problem, run, ledger).run(given, strategy="given", translator="")

    grammar: GrammarDraft | None = None
    if problem.options.translator in {"auto", "controlled"}:
        started = time.monotonic()
        grammar = draft_by_grammar(problem, run)
        ledger.add("translate", time.monotonic() - started)
        if grammar.translation.formalization is not None:
            run.emit("routed", {"formalism": grammar.formalism, "reason": f"read by {grammar.translator}"})
            loop = Loop(grammar.translation.problem or problem, run, ledger)
            return loop.run(grammar.translation, strategy="controlled", translator=grammar.translator)

    model = None if problem.options.translator == "controlled" else configured_model(get_settings())
    if model is not None:
        return Loop(problem, run, ledger).draft_and_repair(model)
    return _abstained(problem, grammar, ledger)


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
