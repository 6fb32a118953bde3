"""The loop with a language model: translate, check, and while budget is left mend what the diagnostics locate.

A repair never weakens the problem to get past a checker (:mod:`quod.repair.guard`); an answer whose formal text
holds up is never "repaired away" because it is unwelcome (infeasible, inconsistent and unsolvable are answers).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from quod.backends.registry import get_backend, outline_of
from quod.core.answer import Answer, Status
from quod.core.diagnostics import Diagnostic, Severity, has_errors
from quod.core.errors import ModelError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.judge import flagged
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.repair.alternatives import Alternatives, other_formalisms
from quod.repair.assemble import Ledger, no_answer
from quod.repair.attempts import Attempts
from quod.repair.blame import Blame
from quod.repair.codes import BUDGET_SPENT, GOING_ROUND, MODEL_STOPPED
from quod.repair.faithful import Assessor
from quod.repair.isolate import Isolation, isolable
from quod.repair.mender import Judging, Mender
from quod.repair.never_weaken import refused as weakenings
from quod.repair.notation import in_clean_notation
from quod.repair.policy import Policy, Strategy
from quod.repair.probing import FOR_THE_PERSON
from quod.translators.llm import ChatModel, LlmTranslator, model_settings
from quod.translators.routing import route

__all__ = ["RepairLoop", "solve_with_model", "translator_for"]

MODEL_BUDGET = "model.budget"


def solve_with_model(problem: Problem, run: Run, ledger: Ledger, model: ChatModel) -> Answer:
    """Have the model translate the problem, and mend its translation until accepted or spent."""
    routing = route(problem, model, run)
    run.emit("routed", {"formalism": routing.formalism, "reason": routing.reason})
    others = Alternatives(translator_for, routing.formalism, model, other_formalisms(problem, routing))
    return RepairLoop(problem, run, ledger, translator_for(routing.formalism, model), others=others).run()


def translator_for(formalism: Formalism, model: ChatModel) -> LlmTranslator:
    """The model's translator into a formalism, as the settings want it."""
    examples = model_settings().examples
    return LlmTranslator(formalism, model, backend=get_backend(formalism), user_examples=examples)


class RepairLoop:
    """Draft, check, mend, until an answer is verified, nothing is left to mend, or the budget ends.

    With a ``first`` answer (the last of ``attempts``) whose formal text is at fault, the loop begins by mending that.
    """

    def __init__(
        self,
        problem: Problem,
        run: Run,
        ledger: Ledger,
        translator: Mender,
        *,
        attempts: Attempts | None = None,
        assessor: Judging | None = None,
        first: Answer | None = None,
        others: Alternatives | None = None,
    ) -> None:
        self._problem = problem
        self._run = run
        self._ledger = ledger
        self._translator = self._asked = translator
        self._others = others
        self._attempts = attempts or Attempts(problem, run, ledger)
        self._assessor = assessor or Assessor(problem, run)
        self._best: Answer | None = first
        self._seen: set[tuple[str, bool]] = set()
        """Digests, and whether the text had to be mended on a guess: written cleanly it is confirmed."""
        self._isolated: set[str] = set()
        self._policy = Policy()
        self._fresh = 0
        self._question: str | None = None

    def run(self) -> Answer:
        """Try until an answer is verified, nothing is left to mend, or the budget ends.

        Raises ModelError when the model could not be reached before anything was tried.
        """
        try:
            return self._finish(self._rounds())
        except ModelError as error:
            spent = error.code == MODEL_BUDGET
            if self._best is None and not spent:
                raise
            note = MODEL_STOPPED.warning(f"no further repair: {error.message}", hint=error.hint)
            answer = self._finish((note,))
            return answer.model_copy(update={"status": Status.EXHAUSTED}) if spent and self._best is None else answer

    def _rounds(self) -> tuple[Diagnostic, ...]:
        """Drafts and repairs; returns what is to be said of the end."""
        run, problem, policy = self._run, self._problem, self._policy
        if self._best is not None and has_errors(self._best.diagnostics):
            current = self._best
        else:
            draft, strategy = self._translate(problem), "draft"
            if draft.question and problem.options.attended:
                self._question = draft.question
                return draft.diagnostics
            while draft.formalization is None:
                if self._others is None or not self._others.elsewhere or run.seconds_left <= 0:
                    return draft.diagnostics
                strategy = Strategy.SWITCH_FORMALISM.value
                draft = self._elsewhere(Strategy.SWITCH_FORMALISM)
            current = self._attempt(draft, strategy, None)
        at = len(self._attempts.all)
        said: tuple[Diagnostic, ...] = ()
        while True:
            run.cancel.check()
            if self._best is not None and self._best.status is Status.VERIFIED:
                return ()
            if not _worth_mending(current):
                return ()
            if len(self._attempts.all) >= problem.budget.attempts or run.seconds_left <= 0:
                return (*said, BUDGET_SPENT.info(f"stopped after {len(self._attempts.all)} attempts"))
            chosen = self._choose(current)
            if chosen is Strategy.GIVE_UP:
                run.emit("gave_up", {"strategies": policy.story()})
                return said
            run.emit("repairing", {"parent": at, "strategy": chosen})
            base, parent = current, at
            for made, draft in self._draw(chosen, base):
                text = draft.formalization
                if text is None:
                    policy.record(chosen, gained=False, refused=made not in Strategy.anew())
                    said = draft.diagnostics or said
                    continue
                if self._tried(text):
                    policy.record(chosen, gained=False, repeated=True)
                    said = (GOING_ROUND.info("the repair came back to a text tried before"),)
                    continue
                label = chosen.value if made is chosen else f"{chosen}: {made}"
                answer = self._attempt(draft, label, None if made in Strategy.anew() else parent)
                policy.record(chosen, gained=_faults(answer) < _faults(current))
                said = ()
                # whoever is asked from here on goes on from what they wrote themselves
                if _faults(answer) <= _faults(current) or made in Strategy.switches():
                    current, at = answer, len(self._attempts.all)

    def _tried(self, text: Formalization) -> bool:
        clean, notes = in_clean_notation(text)
        return (clean.digest, bool(flagged(notes))) in self._seen

    def _attempt(self, draft: Translation, strategy: str, parent: int | None) -> Answer:
        assert draft.formalization is not None
        clean, notes = in_clean_notation(draft.formalization)
        draft = draft.model_copy(update={"formalization": clean, "diagnostics": (*draft.diagnostics, *notes)})
        self._seen.add((clean.digest, bool(flagged(notes))))
        assessed = self._assessor.assess(draft)
        answer = self._attempts.attempt(assessed, strategy=strategy, translator=self._translator.name, parent=parent)
        self._keep_better(answer)
        return answer

    def _choose(self, answer: Answer) -> Strategy:
        text = answer.formalization
        apart = isolable(text) and text is not None and text.digest not in self._isolated
        others, problem = self._others, self._problem
        # several calls at once only for those who ask for several candidates anyway, and with attempts left for two
        room = problem.budget.attempts - len(self._attempts.all) >= 2 and (os.cpu_count() or 1) > 1
        return self._policy.choose(
            several=len(self._blamed(answer)) > 1,
            isolable=apart,
            stronger=others is not None and others.stronger,
            elsewhere=others is not None and others.elsewhere,
            branching=problem.options.candidates > 1 and room,
        )

    def _draw(self, strategy: Strategy, answer: Answer) -> Iterator[tuple[Strategy, Translation]]:
        """What a strategy makes of a failed attempt; of two branches, both."""
        before = answer.formalization
        assert before is not None
        if strategy is Strategy.BRANCHES:
            yield from self._branches(answer)
        elif strategy is Strategy.ISOLATE:
            self._isolated.add(before.digest)
            yield strategy, self._timed("repair", lambda: self._isolate(before))
        elif strategy is Strategy.FRESH:
            yield strategy, self._anew()
        elif strategy in Strategy.switches():
            yield strategy, self._elsewhere(strategy)
        elif strategy is Strategy.ONE_ELEMENT:
            first = next(iter(self._blamed(answer).values()))
            yield strategy, self._mend(answer, first)
        else:
            yield strategy, self._mend(answer, answer.diagnostics)

    def _branches(self, answer: Answer) -> Iterator[tuple[Strategy, Translation]]:
        """A repair and a fresh draft, asked for side by side and checked in this order."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            mended = pool.submit(self._mend, answer, answer.diagnostics)
            fresh = pool.submit(self._anew)
            yield Strategy.MEND, mended.result()
            if self._best is None or self._best.status is not Status.VERIFIED:
                yield Strategy.FRESH, fresh.result()

    def _anew(self) -> Translation:
        """A new draft, with another seed."""
        problem = self._problem
        self._fresh += 1
        options = problem.options.model_copy(update={"seed": problem.options.seed + 100 * self._fresh})
        return self._translate(problem.model_copy(update={"options": options}))

    def _elsewhere(self, strategy: Strategy) -> Translation:
        """A draft by whoever else may be asked; that translator stays in charge if it wrote something."""
        assert self._others is not None
        before = self._translator
        stronger = strategy is Strategy.SWITCH_MODEL
        self._translator = self._others.switch_model() if stronger else self._others.switch_formalism()
        self._run.emit("switched", {"translator": self._translator.name, "formalism": self._translator.formalism})
        draft = self._translate(self._problem)
        if draft.formalization is None:
            self._translator = before
        return draft

    def _translate(self, problem: Problem) -> Translation:
        self._asked = self._translator
        return self._timed("translate", lambda: self._translator.translate(problem, self._run))

    def _isolate(self, before: Formalization) -> Translation:
        whole = Isolation(self._run, self._translator).whole(before, self._problem)
        return Translation(formalization=whole)

    def _blamed(self, answer: Answer) -> dict[str, tuple[Diagnostic, ...]]:
        """The elements in fault, each with what is wrong with it."""
        if answer.formalization is None:
            return {}
        elements = outline_of(answer.formalization)
        blame = Blame(elements, answer.diagnostics)
        return {e.name: blame.of(e) for e in elements if blame.of(e)}

    def _mend(self, answer: Answer, wrong: tuple[Diagnostic, ...]) -> Translation:
        """The model's repair of a candidate; one that weakens the problem is refused and asked for once more."""
        before, told = answer.formalization, wrong
        assert before is not None
        for _ in range(2):
            self._asked = self._translator
            mend = partial(self._translator.mend, self._problem, before, told, self._run)
            draft = self._timed("repair", mend)
            if draft.formalization is None:
                return draft
            refused = weakenings(before, draft.formalization, answer.diagnostics, self._problem.text)
            if refused and self._assessor.supports(draft.formalization):
                refused = ()  # it says what the words say, whatever it changed
            if not refused:
                return draft
            self._run.emit("refused", {"reasons": [d.message for d in refused]})
            told = (*wrong, *refused)
        return Translation(diagnostics=refused)

    def _timed(self, stage: str, work: Callable[[], Translation]) -> Translation:
        started = time.monotonic()
        try:
            return work()
        finally:
            self._ledger.add(stage, time.monotonic() - started)

    def _keep_better(self, answer: Answer) -> None:
        def rank(a: Answer) -> tuple[bool, bool, bool, int, bool, int, int]:
            sound = not flagged(a.diagnostics)
            errors, warnings = _faults(a)
            concluded = a.conclusion is not None
            verified = a.status is Status.VERIFIED
            return (verified, concluded, sound, a.assurance.strength, bool(a.answer), -errors, -warnings)

        if self._best is None or rank(answer) >= rank(self._best):
            self._best = answer

    def _finish(self, notes: tuple[Diagnostic, ...]) -> Answer:
        usage, ledger = self._asked.usage, self._ledger
        ledger.model_calls += usage.calls
        ledger.prompt_tokens += usage.prompt_tokens
        ledger.completion_tokens += usage.completion_tokens
        ledger.money = usage.money
        if self._question is not None:
            statement = "No answer yet: the words can be read in more than one way."
            return no_answer(
                Status.NEEDS_CLARIFICATION,
                statement,
                notes,
                ledger,
                formalism=self._translator.formalism,
                question=self._question,
                attempts=self._attempts.all,
            )
        if self._best is None:
            statement = "No answer: the model gave no formal text that could be read."
            return no_answer(Status.FAILED, statement, notes, ledger, formalism=self._translator.formalism)
        best = self._best
        return best.model_copy(
            update={
                "attempts": self._attempts.all,
                "diagnostics": (*best.diagnostics, *notes),
                "cost": ledger.cost(),
            }
        )


def _worth_mending(answer: Answer) -> bool:
    """Unreadable or flagged text can be mended; a sound formal text whose engines gave up cannot."""
    doubts = flagged(answer.diagnostics)
    return has_errors(answer.diagnostics) or any(d.code not in FOR_THE_PERSON for d in doubts)


def _faults(answer: Answer) -> tuple[int, int]:
    """How much is wrong: errors, then doubts and other warnings."""
    errors = sum(d.severity is Severity.ERROR for d in answer.diagnostics)
    return errors, sum(d.severity is Severity.WARNING for d in answer.diagnostics)
