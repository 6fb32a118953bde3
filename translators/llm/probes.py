"""Property probes: does the answer hang on something a careful reader would take for granted, or for a slip?

For logic: a question comes out open, and would be settled if a thing it names were of a kind that the rules speak of
("all *employees* who …", and nobody said that James is an employee). Either the words take that for granted, or the
formal text is narrower than the words: the person should know. Nothing is added to the formal text; the probe only
asks what would follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from quod.core.diagnostics import Diagnostic
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.verdict import Conclusion, Verdict
from quod.translators.llm import codes

__all__ = ["Ask", "open_but_for_converse", "reading_of_or", "taken_for_granted"]

Ask = Callable[[Formalization], Verdict | None]
"""Solves a changed formal text; None if it cannot be read."""

_HEADER = re.compile(r"\s*([A-Za-z][A-Za-z -]*?)\s*:\s*(?:#.*)?$")
_PREMISES = {"premises", "facts", "rules", "axioms"}
_QUESTION = {"question", "conclusion", "query", "goal"}
_UNARY = re.compile(r"\s*([^\W\d]\w*)\s*(?:\(\s*\w+(?:\s*:\s*\w+)?\s*\)|/1)\s*$")
_KIND_GLOSS = re.compile(r"\w+\s+(?:is|are|was|were)\s+(?:an?|one of)\b|\w+\s+is\s+in\b", re.IGNORECASE)
_ID = re.compile(r"\s*[\w$']+\s*:(?![:=])\s*")
_TOKEN = re.compile(
    r"(?P<open>[(\[])|(?P<close>[)\]])|(?P<imp>→|->|=>|⇒|\bimplies\b)|(?P<iff>↔|<->|<=>|\biff\b)"
    r"|(?P<not>¬|~|!(?!=)|\bnot\b)|(?P<quant>∀|∃|\bforall\b|\bexists\b|\ball\b)"
    r"|(?P<xor>⊕|\^|\bxor\b)|(?P<junct>∧|∨|&&?|\|\|?|\band\b|\bor\b)|(?P<name>[^\W\d][\w’']*)|(?P<other>\S)"
)
_MAX_TOKENS = 4000


@dataclass
class _Theory:
    kinds: dict[str, str] = field(default_factory=dict)
    """Unary predicates and their glosses."""
    premises: list[str] = field(default_factory=list)
    question: str = ""
    last_premise: int = -1
    """Line after which a premise may be put."""


def taken_for_granted(formalization: Formalization, verdict: Verdict, ask: Ask) -> tuple[Diagnostic, ...]:
    """A warning for each kind that would settle an open question if a thing it names were of it."""
    if formalization.formalism is not Formalism.FOL or verdict.conclusion is not Conclusion.UNDETERMINED:
        return ()
    theory = _read(formalization.text)
    if theory is None:
        return ()
    asked = _atoms(theory.question)
    things = sorted({name for _, argument, _ in asked if (name := argument)} - _bound(theory.question))
    used = [occurrence for premise in theory.premises for occurrence in _atoms(premise)]
    stated = {(name, argument) for name, argument, _ in used}
    kinds = [
        kind
        for kind, gloss in theory.kinds.items()
        if any(name == kind for name, _, _ in used)
        and not any(name == kind and positive for name, _, positive in used)
        and (_KIND_GLOSS.match(gloss) or _always_guards(kind, theory.premises))
    ]
    facts = [
        (kind, thing)
        for kind in kinds
        for thing in things
        if (kind, thing) not in stated and (kind, thing) not in {(n, a) for n, a, _ in asked}
    ][:12]
    if not facts:
        return ()
    lines = formalization.text.split("\n")
    added = [f"  probe_{n}: {kind}({thing})" for n, (kind, thing) in enumerate(facts)]
    changed = "\n".join([*lines[: theory.last_premise + 1], *added, *lines[theory.last_premise + 1 :]])
    found = ask(formalization.model_copy(update={"text": changed}))
    if found is None or found.conclusion not in {Conclusion.PROVED, Conclusion.DISPROVED}:
        return ()
    names = ", ".join(f"{kind}({thing})" for kind, thing in facts[:4])
    outcome = "true" if found.conclusion is Conclusion.PROVED else "false"
    return (
        codes.TAKEN_FOR_GRANTED.warning(
            f"the question is open only because nothing says {names}; if that goes without saying, it is {outcome}",
            hint="say so in the problem if it is meant",
            data={"facts": [f"{kind}({thing})" for kind, thing in facts], "then": str(found.conclusion)},
        ),
    )


def _read(text: str) -> _Theory | None:
    theory, section = _Theory(), ""
    for number, full in enumerate(text.split("\n")):
        line, _, words = full.partition(":::")
        line = line.partition("#")[0]
        if not line.strip():
            continue
        header = _HEADER.match(line) if not words else None
        if header:
            section = header[1].lower()
            continue
        if section == "predicates" and (match := _UNARY.match(line)):
            theory.kinds[match[1]] = words.strip()
        elif section in _PREMISES:
            theory.premises.append(_ID.sub("", line, count=1))
            theory.last_premise = number
        elif section in _QUESTION:
            theory.question = _ID.sub("", line, count=1)
    return theory if theory.premises and theory.question else None


def _tokens(formula: str) -> list[tuple[str, str]]:
    return [(match.lastgroup or "other", match[0]) for match in _TOKEN.finditer(formula)][:_MAX_TOKENS]


def _bound(formula: str) -> set[str]:
    tokens = _tokens(formula)
    return {word for (kind, _), (_, word) in pairwise(tokens) if kind == "quant"}


def _atoms(formula: str) -> list[tuple[str, str, bool]]:
    """Unary atoms as (predicate, argument, whether the formula could establish it).

    An atom is not established under a negation or left of an implication (both: it is again); under ⊕ or ↔ it may
    be either, and counts as established.
    """
    tokens = _tokens(formula)
    found: list[tuple[str, str, bool]] = []
    # For every position: how many implications at an enclosing level stand to its right, whether it is under a "not".
    stack: list[list[int]] = [[]]  # indices into `found`, one list a level of parentheses
    negated: list[bool] = [False]
    pending = False
    flips: list[int] = []
    at = 0
    while at < len(tokens):
        kind, word = tokens[at]
        unary = (
            kind == "name"
            and at + 3 < len(tokens)
            and tokens[at + 1][1] == "("
            and tokens[at + 2][0] == "name"
            and tokens[at + 3][1] == ")"
        )
        if unary and not (at and tokens[at - 1][0] == "quant"):
            found.append((word, tokens[at + 2][1], True))
            flips.append(sum(negated) + pending)
            stack[-1].append(len(found) - 1)
            pending = False
            at += 4
            continue
        if kind == "not":
            pending = not pending
        elif kind == "open":
            stack.append([])
            negated.append(pending)
            pending = False
        elif kind == "close" and len(stack) > 1:
            inner = stack.pop()
            negated.pop()
            stack[-1].extend(inner)
        elif kind == "imp":
            for index in stack[-1]:
                flips[index] += 1
        elif kind in {"xor", "iff"}:
            for index in stack[-1]:
                flips[index] += 0
            pending = False
        elif kind == "junct":
            pending = False
        at += 1
    return [(name, argument, flips[index] % 2 == 0) for index, (name, argument, _) in enumerate(found)]


def _always_guards(kind: str, premises: list[str]) -> bool:
    """Whether a predicate only stands in premises as one of several conditions of a rule."""
    occurrences = 0
    for premise in premises:
        left, arrow, _ = re.split(r"(→|->|=>)", premise, maxsplit=1) if re.search(r"→|->|=>", premise) else ("", "", "")
        if not re.search(rf"(?<!\w){re.escape(kind)}\s*\(", premise):
            continue
        occurrences += 1
        inside = re.search(rf"(?<!\w){re.escape(kind)}\s*\(", left)
        if not arrow or inside is None or not re.search(r"∧|&|\band\b", left):
            return False
    return occurrences > 0


_RULE = re.compile(r"→|(?<![<=-])->|(?<!<)=>|⇒")


def open_but_for_converse(formalization: Formalization, verdict: Verdict, ask: Ask) -> tuple[Diagnostic, ...]:
    """A note if an open question would be settled were every rule of the premises to hold the other way round too.

    Such an answer is fragile: one "if" read too weakly, and it is another. It is no doubt of the formal text, since
    most rules do not hold the other way round; where some answers must be left out, these go first.
    """
    if formalization.formalism is not Formalism.FOL or verdict.conclusion is not Conclusion.UNDETERMINED:
        return ()
    lines, section, changed = formalization.text.split("\n"), "", 0
    for number, full in enumerate(lines):
        line, mark, words = full.partition(":::")
        header = _HEADER.match(line) if not mark else None
        if header:
            section = header[1].lower()
        elif section in _PREMISES and _RULE.search(line):
            lines[number] = f"{_RULE.sub('↔', line)}{mark}{words}"
            changed += 1
    if not changed:
        return ()
    found = ask(formalization.model_copy(update={"text": "\n".join(lines)}))
    if found is None or found.conclusion not in {Conclusion.PROVED, Conclusion.DISPROVED}:
        return ()
    outcome = "true" if found.conclusion is Conclusion.PROVED else "false"
    return (
        codes.OPEN_BUT_FOR_CONVERSE.info(
            f"the question is open, and would be {outcome} if every 'if' meant 'if and only if'",
            data={"then": str(found.conclusion)},
        ),
    )


_OR = re.compile(r"\bor\b", re.IGNORECASE)
_EITHER = re.compile(r"\beither\b|\bnot both\b|\bexactly one\b", re.IGNORECASE)
_BOTH = re.compile(r"\bor both\b|\band/or\b", re.IGNORECASE)
_XOR_SIGN = re.compile(r"⊕|\bxor\b")
_OR_SIGN = re.compile(r"∨|\|\|?|\bor\b")


def reading_of_or(formalization: Formalization, verdict: Verdict, ask: Ask) -> tuple[Diagnostic, ...]:
    """A warning if the conclusion hangs on "or" having been read against its usual sense.

    "Either A or B" is usually exclusive, a plain "or" inclusive. Where a formula reads it the other way, the other
    reading is tried; only if the conclusion changes is it worth a person's time.
    """
    if formalization.formalism is not Formalism.FOL:
        return ()
    lines = formalization.text.split("\n")
    changed: list[str] = []
    for number, full in enumerate(lines):
        line, mark, words = full.partition(":::")
        if not mark or not _OR.search(words):
            continue
        usual_exclusive = bool(_EITHER.search(words)) and not _BOTH.search(words)
        if usual_exclusive and not _XOR_SIGN.search(line) and _OR_SIGN.search(line):
            other = _OR_SIGN.sub("⊕", line)
        elif not usual_exclusive and _XOR_SIGN.search(line):
            other = _XOR_SIGN.sub("∨", line)
        else:
            continue
        lines[number] = f"{other}{mark}{words}"
        changed.append(words.strip())
    if not changed:
        return ()
    found = ask(formalization.model_copy(update={"text": "\n".join(lines)}))
    if found is None or found.conclusion in {verdict.conclusion, Conclusion.GAVE_UP}:
        return ()
    return (
        codes.OR_READING.warning(
            f"the conclusion depends on how 'or' is read: the other way it is {found.conclusion}",
            source=changed[0],
            hint="say whether both may hold",
        ),
    )
