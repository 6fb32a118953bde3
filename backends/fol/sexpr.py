"""S-expressions of SMT-LIB 2 with their places. Iterative, so that depth costs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quod.backends.fol import codes
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["Node", "read_sexprs"]

_TOKEN = re.compile(
    r'(?P<skip>\s+|;[^\n]*)|(?P<paren>[()])|(?P<string>"(?:[^"]|"")*")|(?P<quoted>\|[^|\\]*\|)|(?P<atom>[^\s()";|]+)'
)
_MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Node:
    """An atom (``text``) or a list (``items``), with the offset where it starts."""

    start: int
    text: str = ""
    items: tuple[Node, ...] | None = None

    def head(self) -> str:
        """The first atom of a list, or an empty string."""
        return self.items[0].text if self.items else ""


def read_sexprs(text: str) -> tuple[list[Node], list[Diagnostic]]:
    """The top-level expressions of a text, and what was wrong with it."""
    top: list[Node] = []
    stack: list[tuple[int, list[Node]]] = []
    at = 0

    def error(message: str, where: int) -> list[Diagnostic]:
        return [codes.SYNTAX.error(message, span=Span.at(text, where, where + 1))]

    while at < len(text):
        m = _TOKEN.match(text, at)
        if m is None:
            return top, error(f"{text[at]!r} is not closed or means nothing here", at)
        at = m.end()
        if m["skip"]:
            continue
        if m["paren"] == "(":
            stack.append((m.start(), []))
            if len(stack) > _MAX_DEPTH:
                deep = f"this is nested more than {_MAX_DEPTH} levels deep"
                return top, [codes.TOO_DEEP.error(deep, span=Span.at(text, m.start(), m.start() + 1))]
        elif m["paren"]:
            if not stack:
                return top, error("this parenthesis closes nothing", m.start())
            start, items = stack.pop()
            node = Node(start, items=tuple(items))
            (stack[-1][1] if stack else top).append(node)
        else:
            node = Node(m.start(), m.group())
            if not stack:
                return top, error(f"'{m.group()}' stands outside any command", m.start())
            stack[-1][1].append(node)
    if stack:
        return top, error("this parenthesis is never closed", stack[-1][0])
    return top, []
