"""Refutations shown once more to checkers of others, where they are installed.

What they are given is the propositional part: the ground clauses, which our own checker made from the formal text, and
the lemmas (a DRUP proof). Our checker does not rest on them; one that refuses what ours accepted stops the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import metadata, util

from quod.backends.fol.checker import Refutation
from quod.backends.fol.family import FAMILY
from quod.backends.sandbox import Limits, steady
from quod.core.assurance import Assurance, Claim
from quod.core.model import JsonDict
from quod.core.run import Run

__all__ = ["CHECKERS", "External", "claims", "installed", "recheck"]

_MOST_LITERALS = 200_000
_SECONDS = 3.0


@dataclass(frozen=True)
class External:
    """A checker that is not ours."""

    name: str
    licence: str
    note: str
    """For ``quod doctor``: what it is and how to get it."""

    @property
    def version(self) -> str | None:
        """None where it is not installed."""
        return _version(self.name)


CHECKERS = (
    External("drup", "MIT", "checks refutations again; verified with Why3; `pip install drup` (needs a C compiler)"),
    External("dratify", "Apache-2.0", "checks refutations again; `pip install 'quod[proofs]'`"),
)


@cache
def _version(name: str) -> str | None:
    try:
        return metadata.version(name) if util.find_spec(name) is not None else None
    except metadata.PackageNotFoundError:
        return None


def installed() -> External | None:
    """The first that is installed."""
    return next((c for c in CHECKERS if c.version is not None), None)


@dataclass(frozen=True)
class Rechecked:
    """What another checker said; ``accepted`` is None where it said nothing."""

    checker: str
    accepted: bool | None
    why: str = ""


def recheck(refutations: list[Refutation], run: Run) -> Rechecked | None:
    """What the first checker installed says of all refutations; None without one, or with nothing to check."""
    checker = installed()
    if checker is None or not refutations:
        return None
    named = f"{checker.name} {checker.version}"
    for refutation in refutations:
        if sum(map(len, refutation.clauses)) > _MOST_LITERALS:
            return Rechecked(named, None, "the refutation is too long for it")
        request: JsonDict = {
            "clauses": [list(c) for c in refutation.clauses],
            "lemmas": [list(lemma) for lemma in refutation.lemmas],
        }
        limits = Limits.of(run.budget, min(_SECONDS, max(0.1, run.engine_seconds / 2)))
        target = f"quod.backends.fol.engines.external:{checker.name}_check"
        result = steady(FAMILY, target, request, limits, cancel=run.cancel)
        run.cancel.check()
        accepted = result.value.get("accepted") if isinstance(result.value, dict) else None
        if not result.ok or not isinstance(accepted, bool):
            return Rechecked(named, None, result.detail or str(result.ended))
        if not accepted:
            return Rechecked(named, False, "it does not accept the refutation")
    return Rechecked(named, True)


def claims(rechecked: Rechecked | None) -> tuple[Claim, ...]:
    """What may be said of it in an answer."""
    if rechecked is None or not rechecked.accepted:
        return ()
    words = f"{rechecked.checker} accepts the propositional part of the refutation too"
    return (Claim(name="rechecked", words=words, assurance=Assurance.CERTIFICATE, checker=rechecked.checker),)
