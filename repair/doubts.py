"""What a lint says of a formal text, weighed against the words that a model has read."""

from __future__ import annotations

import re

from quod.core.diagnostics import Diagnostic, Severity
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.problem import Problem
from quod.repair.codes import SENSELESS
from quod.translators.llm.coverage import mentions

__all__ = ["weighed"]

_SENSELESS = re.compile(r"[._](constant_constraint|contradictory_bounds)$")
_UNMENTIONED = "faithfulness.unmentioned_symbol"
_NAME = re.compile(r"'([^']+)'")


def weighed(found: tuple[Diagnostic, ...], faithfulness: Faithfulness, problem: Problem) -> tuple[Diagnostic, ...]:
    """The diagnostics of a check, for a candidate that a model wrote; untouched for any other.

    A rule that always or never holds is a doubt: nobody says such a thing, though a person may mean what they write.
    Units that do not match are none (where they have a fixed meaning that is an error anyway): a model that counts
    drones and couriers in units of their own is right to add them up.
    That only the question speaks of something is none, where the words speak of it nowhere else either.
    """
    if faithfulness.level not in {FaithfulnessLevel.UNCHECKED, FaithfulnessLevel.ROUND_TRIP}:
        return found
    kept = tuple(_noted(d) if _asked_alone(d, problem) else d for d in found)
    doubts = tuple(
        SENSELESS.warning(f"{d.message}: do the words say so?", span=d.span, source=d.source, data=dict(d.data))
        for d in found
        if _SENSELESS.search(d.code)
    )
    return (*kept, *doubts)


def _asked_alone(diagnostic: Diagnostic, problem: Problem) -> bool:
    if diagnostic.code != _UNMENTIONED or not diagnostic.source:
        return False
    named = _NAME.search(diagnostic.message)
    return named is not None and not mentions(problem.text, named[1], besides=diagnostic.source)


def _noted(diagnostic: Diagnostic) -> Diagnostic:
    return diagnostic.model_copy(update={"severity": Severity.INFO})
