"""Probes, put to a sound candidate that a model wrote: would a careful reader doubt its answer?"""

from __future__ import annotations

from collections.abc import Callable

from quod.backends.registry import probes_of
from quod.core.diagnostics import Diagnostic
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, Problem
from quod.core.protocols import CheckResult
from quod.core.verdict import Conclusion, Verdict
from quod.translators.llm.codes import OR_READING, TAKEN_FOR_GRANTED
from quod.translators.llm.probes import open_but_for_converse, reading_of_or, taken_for_granted

__all__ = ["FOR_THE_PERSON", "probe"]

FOR_THE_PERSON = frozenset({TAKEN_FOR_GRANTED.name, OR_READING.name})
"""Doubts that only the person can settle: no model is asked to mend them."""
_SETTLED = {Conclusion.PROVED, Conclusion.DISPROVED, Conclusion.UNDETERMINED}


def probe(
    formalization: Formalization,
    problem: Problem,
    result: CheckResult,
    faithfulness: Faithfulness,
    check: Callable[[Formalization], CheckResult],
) -> tuple[Diagnostic, ...]:
    """What the probes find; nothing for a text that a grammar or the person vouches for. ``check`` checks variants."""
    verdict, unvouched = result.verdict, {FaithfulnessLevel.UNCHECKED, FaithfulnessLevel.ROUND_TRIP}
    if verdict is None or faithfulness.level not in unvouched:
        return ()
    if formalization.formalism is not Formalism.FOL:
        # without words there is nothing to compare with
        return () if problem.text == FORMAL_ONLY else probes_of(formalization, problem, result, check)
    if formalization.language != "quod-fol" or verdict.conclusion not in _SETTLED:
        return ()

    def ask(changed: Formalization) -> Verdict | None:
        return check(changed).verdict

    return (
        *taken_for_granted(formalization, verdict, ask),
        *reading_of_or(formalization, verdict, ask),
        *open_but_for_converse(formalization, verdict, ask),
    )
