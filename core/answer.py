"""The answer: status, conclusion, evidence, and how faithful the formal text is to what was said."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from quod.core.assurance import Assurance, Certificate, Claim
from quod.core.attempt import Attempt
from quod.core.budget import Cost
from quod.core.diagnostics import Diagnostic
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import Frozen, JsonValue
from quod.core.verdict import Conclusion, Verdict

__all__ = ["Answer", "Status"]


class Status(StrEnum):
    """How the problem ended."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    """There is an answer, but its evidence or its faithfulness falls short; the diagnostics say of what."""
    NEEDS_CLARIFICATION = "needs_clarification"
    """Only the person can settle it; ``question`` asks."""
    EXHAUSTED = "exhausted"
    """The budget ended first."""
    FAILED = "failed"
    """There is no answer; the diagnostics say why."""
    CANCELLED = "cancelled"


class Answer(Frozen):
    """What quod gives back, over every interface. Its JSON schema is docs/answer.schema.json."""

    status: Status
    statement: str
    """What the status means here, in one sentence: what was checked and what was not."""
    conclusion: Conclusion | None = None
    answer: str = ""
    """The answer in words."""
    data: dict[str, JsonValue] = Field(default_factory=dict)
    """The answer for programs; its shape depends on the formalism (docs/fol.md, milp.md, pddl.md, rocq.md)."""
    formalism: Formalism | None = None
    formalization: Formalization | None = None
    verdict: Verdict | None = None
    assurance: Assurance = Assurance.NONE
    claims: tuple[Claim, ...] = ()
    faithfulness: Faithfulness = Field(default_factory=lambda: Faithfulness(level=FaithfulnessLevel.UNCHECKED))
    certificate: Certificate | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    question: str | None = None
    """What to ask the person, when clarification is needed."""
    attempts: tuple[Attempt, ...] = ()
    cost: Cost = Field(default_factory=Cost)
