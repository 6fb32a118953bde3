"""Is the answer right for the formal text? How we know, strongest first."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from quod.core.model import Frozen, JsonDict

__all__ = ["Assurance", "Certificate", "Claim"]


class Assurance(StrEnum):
    """What stands behind a claim. Comparable: ``Assurance.KERNEL > Assurance.ENGINE``."""

    KERNEL = "kernel"
    """A proof assistant's kernel, statement pinned and axioms audited."""
    CERTIFICATE = "certificate"
    """Evidence re-checked by solver-free code in exact arithmetic."""
    CROSS_CHECKED = "cross_checked"
    """Engines that share no code agree."""
    ENGINE = "engine"
    """One engine's word."""
    NONE = "none"

    @property
    def strength(self) -> int:
        """4 for kernel down to 0 for none."""
        return 4 - list(Assurance).index(self)

    def at_least(self, other: Assurance) -> bool:
        """Whether this is as strong as ``other`` or stronger."""
        return self.strength >= other.strength


class Claim(Frozen):
    """One statement in an answer that carries its own assurance (a plan is valid; it is also optimal)."""

    name: str
    """``conclusion`` for the main one; else for instance ``plan_optimal``, ``irreducible``, ``sensitivity``."""
    words: str
    assurance: Assurance
    engines: tuple[str, ...] = ()
    checker: str = ""
    """The code that accepted the evidence, if any did."""


class Certificate(Frozen):
    """The evidence, its kind, and who checked it."""

    kind: str
    """For instance ``lp-dual``, ``branch-and-bound``, ``ground-refutation``, ``finite-model``, ``plan``, ``proof``."""
    payload: JsonDict
    """The evidence itself, enough to check it again with nothing but the formal text."""
    checker: str
    """Which code checked it, for instance ``quod.backends.milp.checker``."""
    accepted: bool
    """Whether that code accepted it."""
    engine: str = ""
    """Who produced it."""
    formal_digest: str = ""
    """Digest of the formalization it is about."""
    seconds: float = Field(default=0.0, ge=0)
    """Time the check took."""
