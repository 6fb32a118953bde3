"""Which axioms a proof may rest on.

First tier: what the Reals of the standard library are built on, and the classical axioms its libraries state; they hold
together in the set-theoretic model of the calculus with a predicative Set. Second tier: the axioms of primitive
integers and floats, which say that the machine computes as specified; Interval needs them, and an answer that rests on
them says so. What the trusted header itself declares is a matter of faithfulness, not of the proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["FIRST_TIER", "SECOND_TIER", "Assumptions", "ChkSummary", "is_allowed", "parse_assumptions", "parse_summary"]

FIRST_TIER = frozenset({
    "Coq.Reals.ClassicalDedekindReals.sig_forall_dec",
    "Coq.Reals.ClassicalDedekindReals.sig_not_dec",
    "Coq.Logic.FunctionalExtensionality.functional_extensionality_dep",
    "Coq.Logic.PropExtensionality.propositional_extensionality",
    "Coq.Logic.Classical_Prop.classic",
    "Coq.Logic.ProofIrrelevance.proof_irrelevance",
    "Coq.Logic.Eqdep.Eq_rect_eq.eq_rect_eq",
    "Coq.Logic.JMeq.JMeq_eq",
    "Coq.Logic.IndefiniteDescription.constructive_indefinite_description",
    "Coq.Logic.ClassicalEpsilon.constructive_indefinite_description",
    "Coq.Logic.Epsilon.epsilon_statement",
    "Coq.Logic.Description.constructive_definite_description",
    "Coq.Logic.RelationalChoice.relational_choice",
    "Coq.Logic.ClassicalUniqueChoice.dependent_unique_choice",
    "Coq.Sets.Ensembles.Extensionality_Ensembles",
})  # fmt: skip
SECOND_TIER = (
    "Coq.Numbers.Cyclic.Int63.PrimInt63.",
    "Coq.Numbers.Cyclic.Int63.Uint63.",
    "Coq.Floats.PrimFloat.",
    "Coq.Floats.FloatAxioms.",
)
"""Prefixes of whole libraries."""


def is_allowed(full_name: str) -> int:
    """The tier of an axiom by its full name: 1, 2, or 0 for not allowed."""
    if full_name in FIRST_TIER:
        return 1
    return 2 if full_name.startswith(SECOND_TIER) else 0


@dataclass(frozen=True)
class Assumptions:
    """What ``Print Assumptions`` says."""

    axioms: tuple[str, ...]
    """Names as printed: the shortest that Rocq resolves, so possibly not unique across libraries."""
    unsafe: tuple[str, ...]
    """Remarks about switched-off checks, and any line that could not be read."""
    closed: bool


_AXIOM = re.compile(r"([^\W\d][\w'.]*)(?:\s*:|$)")


def parse_assumptions(output: str) -> Assumptions:
    """Read the output of ``Print Assumptions``. What cannot be read counts as unsafe."""
    axioms: list[str] = []
    unsafe: list[str] = []
    closed = "Closed under the global context" in output
    listing = False
    for line in output.splitlines():
        if not line.strip() or line.startswith((" ", "\t")):
            continue
        if line.strip() in {"Axioms:", "Section Variables:", "Opaque constants:", "Transparent constants:"}:
            listing = line.strip() == "Axioms:"
            if line.strip() == "Section Variables:":
                unsafe.append(line.strip())
            continue
        if " is assumed to be " in line or " relies on " in line or " is positive" in line or "type in type" in line:
            unsafe.append(line.strip())
        elif listing and (match := _AXIOM.match(line)):
            axioms.append(match[1])
        elif not line.startswith("Closed under the global context"):
            unsafe.append(line.strip())
    if not closed and not axioms:
        unsafe.append("no list of assumptions was printed")
    return Assumptions(tuple(axioms), tuple(unsafe), closed)


@dataclass(frozen=True)
class ChkSummary:
    """The context summary of ``coqchk -o``, all of its sections."""

    axioms: tuple[str, ...]
    """Full names of every axiom of every library loaded, used or not."""
    unsafe: dict[str, tuple[str, ...]]
    """The other sections that are not empty, by heading."""


_HEADINGS = {
    "Axioms",
    "Constants/Inductives relying on type-in-type",
    "Constants/Inductives relying on unsafe (co)fixpoints",
    "Inductives whose positivity is assumed",
}


def parse_summary(output: str) -> ChkSummary | None:
    """Read the summary. None if it is not there, or if any of its sections is missing or unknown."""
    start = output.find("CONTEXT SUMMARY")
    if start < 0:
        return None
    sections: dict[str, list[str]] = {}
    heading = ""
    for line in output[start:].splitlines()[2:]:
        if line.startswith("* "):
            heading, _, rest = line[2:].partition(":")
            sections[heading] = [] if rest.strip() in {"", "<none>"} else [rest.strip()]
        elif line.strip() and heading:
            sections[heading].append(line.strip())
    theory = sections.pop("Theory", None)
    if theory is None or set(sections) != _HEADINGS:
        return None
    unsafe = {name: tuple(entries) for name, entries in sections.items() if name != "Axioms" and entries}
    if theory != ["Set is predicative"]:
        unsafe["Theory"] = tuple(theory)
    return ChkSummary(tuple(sections["Axioms"]), unsafe)
