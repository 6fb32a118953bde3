"""The elements of a quod-fol text, line by line: what a repair may touch is said of them."""

from __future__ import annotations

import re

from quod.core.diagnostics import Span
from quod.core.outline import Element, ElementKind
from quod.core.signature import signature

__all__ = ["outline"]

_OPERATORS = {
    "∀": "∀", "∃": "∃", "¬": "¬", "~": "¬", "!": "¬", "∧": "∧", "&": "∧", "&&": "∧", "/\\": "∧", "∨": "∨", "|": "∨",
    "||": "∨", "\\/": "∨", "→": "→", "->": "→", "=>": "→", "⇒": "→", "↔": "↔", "<->": "↔", "<=>": "↔", "⊕": "⊕",
    "^": "⊕", "=": "=", "==": "=", "≠": "≠", "!=": "≠", "<": "<", ">": ">", "≤": "≤", "<=": "≤", "≥": "≥", ">=": "≥",
}  # fmt: skip
_WORDS = {
    "all": "∀", "forall": "∀", "exists": "∃", "exist": "∃", "some": "∃", "not": "¬", "and": "∧", "or": "∨",
    "xor": "⊕", "implies": "→", "iff": "↔",
}  # fmt: skip
_SECTION = re.compile(r"\s*([A-Za-z][A-Za-z -]*?)\s*:\s*(?:#.*)?$")
_ID = re.compile(r"\s*([^\W_][\w’']*|_\w+)\s*:(?![:=])\s*")
_KINDS = {
    "sorts": ElementKind.DATA,
    "constants": ElementKind.DECLARATION,
    "functions": ElementKind.DECLARATION,
    "predicates": ElementKind.DECLARATION,
    "tables": ElementKind.DATA,
    "premises": ElementKind.ASSUMPTION,
    "facts": ElementKind.ASSUMPTION,
    "rules": ElementKind.ASSUMPTION,
    "axioms": ElementKind.ASSUMPTION,
    "question": ElementKind.GOAL,
    "conclusion": ElementKind.GOAL,
    "query": ElementKind.GOAL,
    "goal": ElementKind.GOAL,
    "options": ElementKind.GOAL,
    "find": ElementKind.GOAL,
}


def outline(text: str) -> tuple[Element, ...]:
    """One element for each line of each section."""
    found: list[Element] = []
    kind, section = None, ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _SECTION.fullmatch(line)
        if header and header[1].lower() in _KINDS:
            section = header[1].lower()
            kind = _KINDS[section]
            continue
        body, _, words = line.partition(":::")
        body = body.split("#", 1)[0]
        if kind is None or not body.strip():
            continue
        labelled = _ID.match(body) if kind in {ElementKind.ASSUMPTION, ElementKind.GOAL} else None
        formula = body[labelled.end() :] if labelled else body
        sign = signature(formula, _OPERATORS, _WORDS)
        found.append(
            Element(
                name=labelled[1] if labelled else f"{section}:{number}",
                kind=kind,
                text=" ".join(formula.split()),
                span=Span(line=number, column=1, end_line=number, end_column=len(line) + 1),
                words=words.strip(),
                numbers=sign.numbers,
                relations=sign.relations,
                names=sign.names,
                sequence=sign.sequence,
            )
        )
    return tuple(found)
