"""Attempts: each candidate formal text is checked and judged, and kept with what came of it."""

from __future__ import annotations

import difflib
import time

from quod.backends.registry import get_backend
from quod.core.answer import Answer
from quod.core.attempt import Attempt
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalization import Formalization
from quod.core.model import JsonValue
from quod.core.problem import Problem
from quod.core.protocols import CheckResult, Translation
from quod.core.run import Run
from quod.repair.assemble import Ledger, concluded
from quod.repair.doubts import weighed
from quod.repair.probing import probe

__all__ = ["Attempts"]

_UNCHECKED = Faithfulness(level=FaithfulnessLevel.UNCHECKED)


class Attempts:
    """One problem's attempts. Every engine call and every model call is remembered in the job's log, so a job
    that was killed resumes without paying twice."""

    def __init__(self, problem: Problem, run: Run, ledger: Ledger) -> None:
        self._problem = problem
        self._run = run
        self._ledger = ledger
        self._attempts: list[Attempt] = []

    @property
    def all(self) -> tuple[Attempt, ...]:
        """The attempts so far."""
        return tuple(self._attempts)

    def attempt(self, draft: Translation, *, strategy: str, translator: str = "", parent: int | None = None) -> Answer:
        """Check one candidate and judge it, whatever comes of it."""
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
        started = time.monotonic()
        result = self._check(formalization)
        seconds = time.monotonic() - started
        for stage, spent in result.timings.items():
            self._ledger.add(stage, spent)
        faithfulness = draft.faithfulness or _UNCHECKED
        solved = result.formalization or formalization
        probed = probe(solved, self._problem, result, faithfulness, self._check)
        diagnostics = (*draft.diagnostics, *weighed(result.diagnostics, faithfulness, self._problem), *probed)
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
