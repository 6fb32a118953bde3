"""The elements of PDDL text: each declaration, action, initial fact, goal fact and the metric."""

from __future__ import annotations

import re

from quod.backends.pddl.sexpr import List, Node, read
from quod.core.diagnostics import Span
from quod.core.outline import Element, ElementKind
from quod.core.signature import signature

__all__ = ["outline"]

_OPERATORS = {"<": "<", ">": ">", "=": "=", "<=": "<=", ">=": ">=", "+": "+", "-": "-", "/": "/", "*": "*"}
_WORDS = {
    word: word
    for word in "and or not imply forall exists when increase decrease assign scale-up scale-down minimize "
    "maximize".split()
}
# Names may hold hyphens; a hyphen of its own is arithmetic, or introduces a type.
_TOKEN = re.compile(
    r"(?P<number>(?<![\w.-])\d+(?:\.\d+)?(?![\w-]))|(?P<word>[?:]?[^\W\d][\w-]*)|(?P<operator><=|>=|[<>=+*/-])"
)
_DECLARATIONS = {":requirements", ":types", ":constants", ":predicates", ":functions", ":objects"}


def outline(text: str) -> tuple[Element, ...]:
    """The elements of every ``(define …)`` in the text."""
    found: list[Element] = []
    for define in read(text).nodes:
        if isinstance(define, List) and define.head == "define":
            for section in define.items[1:]:
                if isinstance(section, List):
                    found += _section(text, section)
    return tuple(found)


def _section(text: str, section: List) -> list[Element]:
    head = section.head
    if head in _DECLARATIONS:
        return [_element(text, ElementKind.DECLARATION, head, section)]
    if head == ":init":
        return [_element(text, ElementKind.ASSUMPTION, f"init {_folded(text, n)}", n) for n in section.items[1:]]
    if head == ":goal":
        parts = list(section.items[1:])
        if len(parts) == 1 and isinstance(parts[0], List) and parts[0].head == "and":
            parts = list(parts[0].items[1:])
        return [_element(text, ElementKind.GOAL, f"goal {_folded(text, n)}", n) for n in parts]
    if head == ":metric":
        return [_element(text, ElementKind.GOAL, ":metric", section)]
    if head in {"domain", "problem", ":domain"}:
        return []
    name = section.items[1] if len(section.items) > 1 else section
    return [_element(text, ElementKind.ASSUMPTION, f"{head} {_folded(text, name)}", section)]


def _element(text: str, kind: ElementKind, name: str, node: Node) -> Element:
    folded = _folded(text, node)
    sign = signature(folded, _OPERATORS, _WORDS, _TOKEN)
    return Element(
        name=name,
        kind=kind,
        text=folded,
        span=Span.at(text, node.start, node.end),
        numbers=sign.numbers,
        relations=sign.relations,
        names=sign.names,
        sequence=sign.sequence,
    )


def _folded(text: str, node: Node) -> str:
    return " ".join(text[node.start : node.end].lower().split())
