"""Tokens of the formula notation: Unicode and ASCII alike, every token with its column."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Token", "tokenize"]


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is ``name``, ``end``, ``bad`` or one of the canonical operator spellings below."""

    kind: str
    text: str
    column: int


# Longest first: "<->" before "<-", "->" before "-".
_OPERATORS = {
    "<->": "<->", "<=>": "<->", "<~>": "^", "->": "->", "=>": "->", "==>": "->", "-->": "->",
    "!=": "!=", "==": "=", "<=": "<=", ">=": ">=", "&&": "&", "||": "|", "/\\": "&", "\\/": "|",
    "∀": "all", "∃": "exists", "¬": "~", "∧": "&", "∨": "|", "→": "->", "⇒": "->", "⟶": "->", "⟹": "->", "⊃": "->",
    "↔": "<->", "⟷": "<->", "⇔": "<->", "≡": "<->", "⊕": "^", "⊻": "^", "≠": "!=", "≤": "<=", "≥": ">=",
    "⊤": "true", "⊥": "false", "∈": "in",
    "~": "~", "!": "~", "-": "~", "&": "&", "|": "|", "^": "^", "=": "=", "<": "<", ">": ">",
    "(": "(", ")": ")", "[": "(", "]": ")", ",": ",", ".": ".", ":": ":",
}  # fmt: skip
_WORDS = {
    "all": "all", "forall": "all", "exists": "exists", "exist": "exists", "some": "exists",
    "not": "~", "and": "&", "or": "|", "xor": "^", "implies": "->", "iff": "<->", "in": "in",
    "true": "true", "false": "false",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|'(?P<quoted>[^'\n]+)'"
    r"|(?P<name>[^\W_][\w’]*(?:'(?=\w)\w+)*'*|_\w+|\$\w+)"
    r"|(?P<operator>" + "|".join(re.escape(op) for op in sorted(_OPERATORS, key=len, reverse=True)) + ")"
    r"|(?P<bad>.)",
    re.DOTALL,
)


def tokenize(text: str, column: int = 1) -> list[Token]:
    """The tokens of one line. ``column`` is the column of its first character, from 1."""
    found = []
    for match in _TOKEN.finditer(text):
        kind, at = match.lastgroup or "bad", column + match.start()
        value = match.group(kind)
        if kind == "space":
            continue
        if kind == "operator":
            found.append(Token(_OPERATORS[value], value, at))
        elif kind == "name":
            # "in" before a parenthesis is somebody's predicate: a sort stands bare
            predicate = value == "in" and text[match.end() : match.end() + 1] == "("
            found.append(Token("name" if predicate else _WORDS.get(value, "name"), value, at))
        elif kind == "quoted":
            found.append(Token("name", value, at))
        else:
            found.append(Token("bad", value, at))
    found.append(Token("end", "", column + len(text)))
    return found
