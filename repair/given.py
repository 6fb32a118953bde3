"""Formal text handed in by the person: recognised by how it begins, never guessed from its words.

A problem may carry its formal text as an attachment (a PDDL domain and problem, a Lean statement) or simply be
formal text. Then there is nothing to translate.
"""

from __future__ import annotations

import re

from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.repair.codes import WORDS_NOT_COMPARED

__all__ = ["given_formalization", "language_of"]

_PDDL_PROBLEM = re.compile(r"\(\s*define\s*\(\s*problem\b", re.IGNORECASE)
_PDDL_DOMAIN = re.compile(r"\(\s*define\s*\(\s*domain\b", re.IGNORECASE)
_LISP_COMMENT = re.compile(r"^\s*(;[^\n]*\n\s*)*")
_SMTLIB = re.compile(r"\(\s*(set-logic|declare-fun|declare-const|declare-sort|set-option|set-info)\b")
_TPTP = re.compile(r"\s*(%[^\n]*\n\s*)*(fof|tff|cnf)\s*\(")
_PROOF_TEXT = {
    Formalism.LEAN: re.compile(r"\s*(import|open|theorem|lemma|example|namespace|/-|--)\b", re.MULTILINE),
    Formalism.ROCQ: re.compile(r"\s*(From|Require|Import|Open|Theorem|Lemma|Example|Goal|\(\*)\b"),
}
_FORMAL_SUFFIXES = {
    ".lean": (Formalism.LEAN, "lean4"),
    ".v": (Formalism.ROCQ, "rocq"),
    ".smt2": (Formalism.FOL, "smtlib2"),
    ".p": (Formalism.FOL, "tptp"),
    ".tptp": (Formalism.FOL, "tptp"),
    ".fol": (Formalism.FOL, "quod-fol"),
}
_PLAIN_REQUEST = re.compile(
    r"\s*(please\s+)?((find|give|make|compute)(\s+me)?\s+(a|an|the)\s+"
    r"((shortest|optimal|cheapest|best|valid)\s+)?(plan|solution|proof|answer)|"
    r"(prove|solve|check|decide|plan)(\s+(it|this|that|the (problem|statement|theorem|goal)))?)\s*[.!?]?\s*",
    re.IGNORECASE,
)
_BEST = re.compile(r"\b(shortest|optimal|cheapest|best)\b", re.IGNORECASE)


def language_of(formalism: Formalism, text: str) -> str:
    """The language a formal text of ``formalism`` is written in, by how it begins."""
    if formalism is Formalism.FOL:
        start = _LISP_COMMENT.sub("", text, count=1)
        if _SMTLIB.match(start):
            return "smtlib2"
        return "tptp" if _TPTP.match(text) else "quod-fol"
    return {
        Formalism.MILP: "quod-milp",
        Formalism.PDDL: "pddl",
        Formalism.LEAN: "lean4",
        Formalism.ROCQ: "rocq",
    }[formalism]


def given_formalization(problem: Problem) -> Translation | None:
    """The formal text the person wrote, if the problem carries one; None if it is all words."""
    found = _from_text(problem) or _from_context(problem)
    if found is None:
        return None
    if problem.formalism not in {None, found.formalism}:
        return None
    if found.text == problem.text or _PLAIN_REQUEST.fullmatch(problem.text):
        asks_best = found.formalism is Formalism.PDDL and found.text != problem.text and _BEST.search(problem.text)
        if asks_best and problem.options.optimal is None:
            problem = problem.model_copy(update={"options": problem.options.model_copy(update={"optimal": True})})
        level = Faithfulness(level=FaithfulnessLevel.GIVEN)
        return Translation(formalization=found, faithfulness=level, problem=problem, understood=1.0)
    note = WORDS_NOT_COMPARED.info(
        "the formal text was attached and the words beside it were not compared with it", source=problem.text[:200]
    )
    level = Faithfulness(level=FaithfulnessLevel.UNCHECKED, note="formal text attached beside other words")
    return Translation(formalization=found, faithfulness=level, diagnostics=(note,), understood=1.0)


def _from_text(problem: Problem) -> Formalization | None:
    text = problem.text
    start = _LISP_COMMENT.sub("", text, count=1)
    if _PDDL_PROBLEM.match(start) or _PDDL_DOMAIN.match(start):
        return Formalization(formalism=Formalism.PDDL, text=text, language="pddl")
    if _SMTLIB.match(start):
        return Formalization(formalism=Formalism.FOL, text=text, language="smtlib2")
    if _TPTP.match(text):
        return Formalization(formalism=Formalism.FOL, text=text, language="tptp")
    if problem.formalism is Formalism.MILP and text.lstrip().startswith("{"):
        return Formalization(formalism=Formalism.MILP, text=text, language="quod-milp")
    # A proof assistant's keywords are also English words: only the person's choice of formalism settles it.
    if problem.formalism in _PROOF_TEXT and _PROOF_TEXT[problem.formalism].match(text):
        return Formalization(formalism=problem.formalism, text=text, language=language_of(problem.formalism, text))
    return None


def _from_context(problem: Problem) -> Formalization | None:
    pddl = [item.read_text() for item in problem.attachments(".pddl")]
    if any(_PDDL_PROBLEM.search(text) for text in pddl):
        # the domain first, whatever order they were attached in
        ordered = sorted(pddl, key=lambda text: not _PDDL_DOMAIN.search(text))
        return Formalization(formalism=Formalism.PDDL, text="\n".join(ordered), language="pddl")
    for suffix, (formalism, language) in _FORMAL_SUFFIXES.items():
        items = problem.attachments(suffix)
        if len(items) == 1:
            return Formalization(formalism=formalism, text=items[0].read_text(), language=language)
    for item in problem.attachments(".json"):
        if '"constraints"' in item.content and '"objective"' in item.content:
            return Formalization(formalism=Formalism.MILP, text=item.read_text(), language="quod-milp")
    return None
