"""The loop: check a candidate, and while budget is left mend what the diagnostics locate.

A repair never weakens the problem to get past a checker; an answer whose formal text holds up is never
"repaired away" because it is unwelcome (infeasible, inconsistent and unsolvable are answers).
"""

from __future__ import annotations

import difflib
import time

from quod.backends.registry import get_backend
from quod.core.answer import Answer, Status
from quod.core.attempt import Attempt
from quod.core.diagnostics import Diagnostic, has_errors
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalization import Formalization
from quod.core.judge import flagged
from quod.core.model import JsonValue
from quod.core.problem import Problem
from quod.core.protocols import CheckResult, Translation
from quod.core.run import Run
from quod.repair.assemble import Ledger, concluded, no_answer
from quod.repair.codes import BUDGET_SPENT, GOING_ROUND
from quod.translators.llm import ChatModel, LlmTranslator
from quod.translators.routing import route

__all__ = ["Loop"]

_UNCHECKED = Faithfulness(level=FaithfulnessLevel.UNCHECKED)


class Loop:
    """One problem's attempts. Every engine call and every model call is remembered in the job's log, so a job
    that was killed resumes without paying twice."""

    def __init__(self, problem: Problem, run: Run, ledger: Ledger) -> None:
        self._problem = problem
        self._run = run
        self._ledger = ledger
        self._attempts: list[Attempt] = []
        self._best: Answer | None = None
        self._seen: set[str] = set()

    def run(self, draft: Translation, *, strategy: str, translator: str) -> Answer:
        """Check one candidate and conclude, whatever comes of it."""
        assert draft.formalization is not None
        return self._try(draft, strategy, translator, parent=None)

    def draft_and_repair(self, model: ChatModel) -> Answer:
        """Have a model translate, and mend its translation from the diagnostics until accepted or spent."""
        run, problem = self._run, self._problem
        routing = route(problem, model, run)
        run.emit("routed", {"formalism": routing.formalism, "reason": routing.reason})
        translator = LlmTranslator(routing.formalism, model, schema=get_backend(routing.formalism).schema())
        started = time.monotonic()
        run.emit("translating", {"translator": translator.name})
        draft = translator.translate(problem, run)
        self._ledger.add("translate", time.monotonic() - started)
        strategy, parent = "draft", None
        notes: tuple[Diagnostic, ...] = ()
        while True:
            run.cancel.check()
            if draft.formalization is None:
                notes = draft.diagnostics
                break
            if draft.formalization.digest in self._seen:
                notes = (GOING_ROUND.info("the repair came back to a text tried before; the loop stopped"),)
                break
            answer = self._try(draft, strategy, translator.name, parent=parent)
            self._keep_better(answer)
            if answer.status is Status.VERIFIED or not _worth_mending(answer):
                break
            if len(self._attempts) >= problem.budget.attempts or run.seconds_left <= 0:
                notes = (BUDGET_SPENT.info(f"stopped after {len(self._attempts)} attempts"),)
                break
            parent, strategy = len(self._attempts), "mend"
            run.emit("repairing", {"parent": parent, "strategy": strategy})
            started = time.monotonic()
            assert answer.formalization is not None
            draft = translator.mend(problem, answer.formalization, answer.diagnostics, run)
            self._ledger.add("repair", time.monotonic() - started)
        return self._finish(notes, translator)

    def _finish(self, notes: tuple[Diagnostic, ...], translator: LlmTranslator) -> Answer:
        usage = translator.usage
        ledger = self._ledger
        ledger.model_calls += usage.calls
        ledger.prompt_tokens += usage.prompt_tokens
        ledger.completion_tokens += usage.completion_tokens
        ledger.money = usage.money
        if self._best is None:
            statement = "No answer: the model gave no formal text that could be read."
            return no_answer(
                Status.FAILED, statement, notes, ledger, formalism=translator.formalism, attempts=tuple(self._attempts)
            )
        best = self._best
        update = {
            "attempts": tuple(self._attempts),
            "diagnostics": (*best.diagnostics, *notes),
            "cost": ledger.cost(),
        }
        return best.model_copy(update=update)

    def _keep_better(self, answer: Answer) -> None:
        def rank(a: Answer) -> tuple[bool, bool, int, bool]:
            return (a.status is Status.VERIFIED, a.conclusion is not None, a.assurance.strength, bool(a.answer))

        if self._best is None or rank(answer) >= rank(self._best):
            self._best = answer

    def _try(self, draft: Translation, strategy: str, translator: str, parent: int | None) -> Answer:
        formalization = draft.formalization
        assert formalization is not None
        run = self._run
        number = len(self._attempts) + 1
        run.emit(
            "translated",
            {
                "attempt": number,
                "strategy": strategy,
                "formalism": formalization.formalism,
                "text": formalization.text[:20_000],
            },
        )
        self._seen.add(formalization.digest)
        started = time.monotonic()
        result = self._check(formalization)
        seconds = time.monotonic() - started
        for stage, spent in result.timings.items():
            self._ledger.add(stage, spent)
        faithfulness = draft.faithfulness or _UNCHECKED
        diagnostics = (*draft.diagnostics, *result.diagnostics)
        solved = result.formalization or formalization
        self._attempts.append(
            Attempt(
                number=number,
                parent=parent,
                strategy=strategy,
                translator=translator,
                formalization=solved,
                diagnostics=diagnostics,
                verdict=result.verdict,
                assurance=result.assurance,
                diff=self._diff(parent, solved),
                seconds=seconds,
            )
        )
        answer = concluded(solved, result, faithfulness, diagnostics, tuple(self._attempts), self._ledger)
        run.emit(
            "judged",
            {
                "attempt": number,
                "status": answer.status,
                "conclusion": answer.conclusion,
                "assurance": answer.assurance,
                "faithfulness": faithfulness.level,
            },
        )
        return answer

    def _check(self, formalization: Formalization) -> CheckResult:
        run, problem = self._run, self._problem
        backend = get_backend(formalization.formalism)

        def compute() -> JsonValue:
            run.emit("solving", {"formalism": formalization.formalism})
            return backend.check(formalization, problem, run).model_dump(mode="json")

        return CheckResult.model_validate(run.memo(f"check:{formalization.digest}", compute))

    def _diff(self, parent: int | None, formalization: Formalization) -> str:
        if parent is None:
            return ""
        before = self._attempts[parent - 1].formalization
        old = before.text.splitlines() if before else []
        lines = difflib.unified_diff(old, formalization.text.splitlines(), f"attempt {parent}", "mended", lineterm="")
        return "\n".join(lines)


def _worth_mending(answer: Answer) -> bool:
    """Unreadable or flagged text can be mended; a sound formal text whose engines gave up cannot."""
    return has_errors(answer.diagnostics) or bool(flagged(answer.diagnostics))
