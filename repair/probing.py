"""The probes of logic, put to a sound candidate that a model wrote: would a careful reader doubt its answer?"""

from __future__ import annotations

from quod.core.diagnostics import Diagnostic
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.protocols import CheckResult
from quod.core.verdict import Conclusion
from quod.translators.llm.codes import OR_READING, TAKEN_FOR_GRANTED
from quod.translators.llm.probes import Ask, open_but_for_converse, reading_of_or, taken_for_granted

__all__ = ["FOR_THE_PERSON", "probe"]

FOR_THE_PERSON = frozenset({TAKEN_FOR_GRANTED.name, OR_READING.name})
"""Doubts that only the person can settle: no model is asked to mend them."""
_SETTLED = {Conclusion.PROVED, Conclusion.DISPROVED, Conclusion.UNDETERMINED}


def probe(
    formalization: Formalization, result: CheckResult, faithfulness: Faithfulness, ask: Ask
) -> tuple[Diagnostic, ...]:
    """What the probes find; nothing for a text that a grammar or the person vouches for. ``ask`` solves variants."""
    verdict, unvouched = result.verdict, {FaithfulnessLevel.UNCHECKED, FaithfulnessLevel.ROUND_TRIP}
    if formalization.formalism is not Formalism.FOL or formalization.language != "quod-fol":
        return ()
    if verdict is None or verdict.conclusion not in _SETTLED or faithfulness.level not in unvouched:
        return ()
    return (
        *taken_for_granted(formalization, verdict, ask),
        *reading_of_or(formalization, verdict, ask),
        *open_but_for_converse(formalization, verdict, ask),
    )
