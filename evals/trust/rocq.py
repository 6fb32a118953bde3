"""Faults in Rocq statements, and one in proofs."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from quod.core.formalism import Formalism
from quod.evals.trust.mutation import Edit, FaultClass, Operator, replace_at

__all__ = ["OPERATORS"]

_STATEMENT = re.compile(r"(?:Theorem|Lemma)\s+[\w']+")


def _body(text: str) -> int:
    """Where the statement begins; faults are made after it."""
    match = _STATEMENT.search(text)
    return match.end() if match else 0


def _each(pattern: str, new: Callable[[re.Match[str], random.Random], str | None]) -> Callable[..., Iterator[Edit]]:
    compiled = re.compile(pattern)

    def apply(text: str, rng: random.Random) -> Iterator[Edit]:
        start = _body(text)
        matches = list(compiled.finditer(text[start:]))
        rng.shuffle(matches)
        for match in matches:
            changed = new(match, rng)
            if changed is not None:
                yield replace_at(text, match, changed, "statement", start)

    return apply


_FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_STRICT = {"<=": "<", ">=": ">", "<": "<=", ">": ">="}
_COMPARISON = r"(?<![-<>=])(?:<=|>=|<|>)(?![->=])"
_NUMBER = r"(?<![\w.%])\d+(?![\w.])"
_HYPOTHESIS = r"(?<=[\n,])\s*(?P<hypothesis>[^\n,]*(?:=|<|>)[^\n,]*)->"


def _operator(name: str, fault: FaultClass, apply: Callable[[str, random.Random], Iterator[Edit]]) -> Operator:
    return Operator(f"rocq.{name}", fault, Formalism.ROCQ, apply)


_TACTIC = r"(?<=[.;\s(])(?:lia|lra|nia|nra|ring|field|reflexivity|auto|simpl|assumption|discriminate)(?=[\s.;)])"


def _invented(text: str, rng: random.Random) -> Iterator[Edit]:
    """A tactic in the proof becomes one that there is in no assistant; nothing where there is no proof."""
    start = text.find("Proof.")
    matches = list(re.finditer(_TACTIC, text[start:])) if start >= 0 else []
    rng.shuffle(matches)
    for match in matches:
        yield replace_at(text, match, rng.choice(("arith_magic", "conclude", "solve_by_symmetry")), "proof", start)


OPERATORS = (
    _operator("lost_parenthesis", FaultClass.SYNTAX, _each(r"\)", lambda m, r: "")),
    _operator("doubled_arrow", FaultClass.SYNTAX, _each(r"->", lambda m, r: "-> ->")),
    _operator("unknown_function", FaultClass.SCOPE, _each(_NUMBER, lambda m, r: f"(the_value {m[0]})")),
    _operator("unknown_scope", FaultClass.SCOPE, _each(r"%[RZ]\b|%nat\b", lambda m, r: "%reals")),
    _operator("invented_tactic", FaultClass.SCOPE, _invented),
    _operator("type_clash", FaultClass.TYPING, _each(_COMPARISON, lambda m, r: f"{m[0]} True {m[0]}")),
    _operator("flipped_comparison", FaultClass.SEMANTIC, _each(_COMPARISON, lambda m, r: _FLIP[m[0]])),
    _operator("strictness_changed", FaultClass.SEMANTIC, _each(_COMPARISON, lambda m, r: _STRICT[m[0]])),
    _operator(
        "changed_number", FaultClass.SEMANTIC, _each(_NUMBER, lambda m, r: str(int(m[0]) + r.choice((1, 2, 10))))
    ),
    _operator("dropped_hypothesis", FaultClass.SEMANTIC, _each(_HYPOTHESIS, lambda m, r: "")),
    _operator("made_vacuous", FaultClass.LINT, _each(r"(?<=,)\s*\n", lambda m, r: "\n  False ->\n")),
)
