"""The one place that says "verified". Everything that would weaken the word has to come through here."""

from __future__ import annotations

from quod.core.answer import Status
from quod.core.assurance import Assurance, Certificate
from quod.core.diagnostics import Diagnostic, Severity, has_errors
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.verdict import Conclusion

__all__ = ["flagged", "judge", "judge_parts"]

_EVIDENCE = {
    Assurance.KERNEL: "a proof assistant's kernel accepted the proof of exactly this statement",
    Assurance.CERTIFICATE: "its evidence was re-checked by code that shares nothing with the solver",
    Assurance.CROSS_CHECKED: "cross-checked: engines that share no code agree (no independent certificate)",
    Assurance.ENGINE: "only one engine's word stands behind it",
    Assurance.NONE: "nothing stands behind it",
}


def flagged(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The open warnings (and errors) that doubt whether the formal text says what the person said."""
    return tuple(d for d in diagnostics if d.code.startswith("faithfulness.") and d.severity is not Severity.INFO)


def judge(
    conclusion: Conclusion,
    assurance: Assurance,
    certificate: Certificate | None,
    faithfulness: Faithfulness,
    diagnostics: tuple[Diagnostic, ...],
    *,
    suffices: bool = False,
) -> tuple[Status, str]:
    """Whether an answer may be called verified, and the sentence that says what was checked and what was not.

    ``verified`` needs all of: assurance kernel or certificate (with a certificate that was accepted), or
    cross_checked, said first; a conclusion that answers the question asked (``feasible`` does only where nothing was
    to be best, which ``suffices`` says); no error; no open faithfulness warning.
    """
    if conclusion is Conclusion.GAVE_UP:
        return Status.EXHAUSTED, "No answer: the engines gave up within the limits given."
    doubts = flagged(diagnostics)
    evidence = _EVIDENCE[assurance]
    if assurance in {Assurance.KERNEL, Assurance.CERTIFICATE} and not (certificate and certificate.accepted):
        return Status.UNVERIFIED, "Not verified: the certificate was not accepted."
    if has_errors(diagnostics):
        return Status.UNVERIFIED, "Not verified: there are errors, see the diagnostics."
    if conclusion is Conclusion.FEASIBLE and not suffices:
        return Status.UNVERIFIED, f"Not verified: '{conclusion}' does not answer the question asked."
    if not assurance.at_least(Assurance.CROSS_CHECKED):
        return Status.UNVERIFIED, f"Not verified: {evidence}."
    if doubts:
        return Status.UNVERIFIED, (
            "Flagged: the result holds for the formal text, but the formal text may not say what you said: "
            + "; ".join(d.message for d in doubts[:3])
        )
    prefix = "Cross-checked. " if assurance is Assurance.CROSS_CHECKED else ""
    if faithfulness.level is FaithfulnessLevel.UNCHECKED:
        return (
            Status.VERIFIED,
            f"{prefix}Verified for this formal text; not checked against your words: {evidence}.",
        )
    tied = {
        FaithfulnessLevel.GIVEN: "for the formal text you gave",
        FaithfulnessLevel.CONTROLLED: "and a deterministic grammar accounts for every word",
        FaithfulnessLevel.AGREED: "and independent translations agree on the meaning",
        FaithfulnessLevel.ROUND_TRIP: "and the formal text was read back and compared with your words",
    }[faithfulness.level]
    return Status.VERIFIED, f"{prefix}Verified {tied}: {evidence}."


_WORST_FIRST = (
    Status.CANCELLED,
    Status.FAILED,
    Status.EXHAUSTED,
    Status.NEEDS_CLARIFICATION,
    Status.UNVERIFIED,
    Status.VERIFIED,
)


def judge_parts(parts: tuple[tuple[str, Status, str], ...], doubts: tuple[Diagnostic, ...]) -> tuple[Status, str]:
    """The status of a problem that was split, given each part's name, status and statement, and doubts about the cut.

    It is verified only if every part is and nothing is open about how the words were shared out.
    """
    worst = min((status for _, status, _ in parts), key=_WORST_FIRST.index)
    said = " ".join(f"{name}: {statement}" for name, _, statement in parts)
    open_ = [d for d in doubts if d in flagged(doubts) or d.severity is Severity.ERROR]
    if worst is Status.VERIFIED and open_:
        reasons = "; ".join(d.message for d in open_[:3])
        return Status.UNVERIFIED, f"Flagged: the parts may not say together what you said: {reasons}. {said}"
    if worst is Status.VERIFIED:
        return worst, f"Verified in {len(parts)} parts, cut where a model said and checked to leave nothing out. {said}"
    return worst, f"Solved in {len(parts)} parts, not all of them verified. {said}"
