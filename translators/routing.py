"""Which formalism fits a problem: cheap deterministic signals first, the model only when they leave it open.

Each signal is a pattern with a weight, written from what the formalisms are for, not from any problem. The
confidence is the winner's share of all weight found. The person's choice always wins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import Field

from quod.core.formalism import Formalism
from quod.core.model import Frozen
from quod.core.problem import Problem
from quod.core.run import Run

if TYPE_CHECKING:
    from quod.translators.llm.client import ChatModel

__all__ = ["Routing", "route", "signals"]

CONFIDENT = 0.75
"""Confidence from which the model is not asked."""
_ENOUGH = 2.0
"""Weight below which a single signal is not believed alone."""


class Routing(Frozen):
    """Where a problem goes, and why."""

    formalism: Formalism
    confidence: float = Field(ge=0, le=1)
    reason: str
    """In words for the person, naming the words of the problem it rests on."""
    scores: dict[str, float] = Field(default_factory=dict)
    """Weight found for each formalism."""
    by: str = "signals"
    """``person``, ``context``, ``signals`` or ``model``."""


# ruff: noqa: E501 - a pattern is read more easily in one line
_SIGNALS: dict[Formalism, tuple[tuple[float, str], ...]] = {
    Formalism.MILP: (
        (3, r"\b(maximi[sz]e|minimi[sz]e)\b"),
        (2.5, r"\b(linear program(?:me|ming)?|integer program(?:me|ming)?|LP|MILP)\b"),
        (2, r"\bhow (?:many|much)\b.{0,120}\b(?:should|must|to (?:make|buy|use|produce|maximi|minimi))"),
        (1.5, r"\b(profit|revenue|earnings?|cheapest|least cost|total cost|lowest cost|at (?:the )?(?:lowest|least))\b"),
        (1.5, r"\b(optimal (?:number|value|solution|allocation|mix)|optimi[sz]e)\b"),
        (1, r"\b(at least|at most|no more than|no less than|must not exceed|cannot exceed|a maximum of|a minimum of)\b"),
        (1, r"\b(budget|capacity|demand|supply|available|shifts?|warehouses?|per (?:unit|hour|day|kg|ton))\b"),
        (1, r"\$\s?\d|\b\d+(?:\.\d+)?\s?(?:%|percent|dollars|euros|kg|hours|minutes|tons|units|acres)"),
        (2, r"\b(schedul(?:e|ing)|assign(?:ment|ed)? .{0,40}\bso that|knapsack|shortest (?:path|route|tour)|bin packing)\b"),
    ),
    Formalism.FOL: (
        (3, r"\b(true or false|true, false,? (?:or|and) (?:unknown|uncertain)|is the following (?:statement|conclusion))\b"),
        (3, r"\b(does it follow|can (?:it|we) (?:be )?(?:conclude|infer|deduce)d?|entail|logically follow|based on the premises)\b"),
        (2, r"\b(premises?|conclusion|hypothesis|contradict|consistent)\b"),
        (1.5, r"(?:^|[.!?]\s+)(?:every|all|no|some|each|if (?:someone|something|a|an|the))\b.{3,120}?\b(?:is|are|then|not)\b"),
        (1.5, r"\bwhich of the following (?:is|must be|could be|statements?) ?(?:true|false)?"),
        (1, r"\b(?:is|are) (?:a|an|not)\b|\beither\b.{1,80}\bor\b|\bunless\b"),
        (1.5, r"\b(immediately|to the (?:left|right) of|sits? (?:next|between)|finished (?:above|below|before)|the (?:leftmost|rightmost|oldest|newest))\b"),
    ),
    Formalism.PDDL: (
        (3, r"\b(plan|sequence of (?:actions|moves|steps))\b"),
        (3, r"\byour goal is\b|\bgoal (?:state|is to have)\b|\binitial(?:ly| state)\b"),
        (2, r"\b(robots?|grippers?|your arm|blocks?|crates?|truck|conveyor|hoist|shaker|tiles?)\b"),
        (2, r"\b(pick(?:s|ed)? up|put(?:s|ting)? down|stack(?:ed|ing)?|unstack|move(?:s|d)? (?:from|to)|load(?:ed)?|unload)\b"),
        (1.5, r"\bon (?:top of|the table)\b|\bis clear\b|\b(?:arm|hand|gripper)s? (?:is|are) (?:empty|free)\b"),
        (1.5, r"\b(afterwards?|in the end|get everyone|bring (?:all|both|the)|fewest moves|shortest plan)\b"),
    ),
    Formalism.LEAN: (
        (3, r"\b(prove|show) that\b|\bproof\b|\btheorem\b|\blemma\b"),
        (3, r"\b(lean ?4?|mathlib)\b|\bby\s+(?:norm_num|simp|ring|omega)\b|:=\s*(?:by|sorry)\b"),
        (2, r"\b(natural|positive|real|rational|complex|prime|odd|even|divisible|integers?) (?:numbers?|integers?)?\b"),
        (1.5, r"[∀∃ℕℤℚℝ]|\\(?:frac|sqrt|sum|mathbb|geq?|leq?)|\$[^$\d][^$]*\$|\b[a-z]\s?\^\s?\d"),
    ),
    Formalism.ROCQ: (
        (6, r"\b(rocq|coq)\b"),
        (3, r"\bProof\.|\bQed\.|\bAdmitted\.|\bForall\b|\bRequire Import\b"),
    ),
}  # fmt: skip
_COMPILED = {
    formalism: tuple((weight, re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for weight, pattern in patterns)
    for formalism, patterns in _SIGNALS.items()
}
_CONTEXT = {".pddl": Formalism.PDDL, ".lean": Formalism.LEAN, ".v": Formalism.ROCQ, ".smt2": Formalism.FOL,
            ".p": Formalism.FOL, ".xlsx": Formalism.MILP}  # fmt: skip
_LOOKED_AT = 20_000


def signals(text: str) -> tuple[dict[Formalism, float], dict[Formalism, list[str]]]:
    """The weight of the signals for each formalism, and the words they were found in."""
    text = text[:_LOOKED_AT]
    scores = dict.fromkeys(Formalism, 0.0)
    words: dict[Formalism, list[str]] = {formalism: [] for formalism in Formalism}
    for formalism, patterns in _COMPILED.items():
        for weight, pattern in patterns:
            match = pattern.search(text)
            if match is not None:
                # a second, different hit of a weak signal says a little more
                again = sum(1 for _, __ in zip(pattern.finditer(text), range(4), strict=False)) - 1
                scores[formalism] += weight + 0.25 * again
                words[formalism].append(" ".join(match[0].split())[:40])
    return scores, words


def route(problem: Problem, model: ChatModel | None, run: Run) -> Routing:
    """Where the problem goes. Raises Cancelled; a model that fails leaves the signals' word standing."""
    if problem.formalism is not None:
        return Routing(formalism=problem.formalism, confidence=1.0, reason="the person chose it", by="person")
    for item in problem.context:
        if item.suffix in _CONTEXT:
            formalism = _CONTEXT[item.suffix]
            return Routing(formalism=formalism, confidence=0.95, reason=f"'{item.name}' is attached", by="context")
    scores, words = signals(problem.text)
    order = sorted(Formalism, key=lambda f: scores[f], reverse=True)
    best, total = order[0], sum(scores.values())
    table = {str(f): round(scores[f], 2) for f in order if scores[f]}
    if total:
        confidence = scores[best] / total * min(1.0, scores[best] / _ENOUGH)
        reason = "its words: " + ", ".join(f"'{w}'" for w in words[best][:4])
    else:
        best, confidence, reason = Formalism.FOL, 0.0, "nothing in its words tells; logic is the most general"
    by_signals = Routing(formalism=best, confidence=min(1.0, confidence), reason=reason, scores=table)
    if model is None or by_signals.confidence >= CONFIDENT:
        return by_signals
    from quod.translators.llm.asking import ask_route

    return ask_route(problem, model, run, by_signals) or by_signals
