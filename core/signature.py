"""The lexical signature of a stretch of formal text: its numbers, its relations and its names.

Used by the outlines (:mod:`quod.core.outline`). It needs no parse, so it also exists for text that has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from quod.core.quantities import canonical

__all__ = ["Signature", "signature"]

_TOKEN = re.compile(
    r"(?P<number>(?<![\w.])\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?(?![\w]))"
    r"|(?P<word>[^\W\d][\w'’?!.]*[\w'’]|[^\W\d])"
    r"|(?P<operator><=>|<->|<=|>=|=>|->|!=|==|/\\|\\/|<>|&&|\|\||[^\w\s])"
)


@dataclass(frozen=True)
class Signature:
    """Each sorted, with repetitions."""

    numbers: tuple[str, ...]
    relations: tuple[str, ...]
    names: tuple[str, ...]


def signature(text: str, operators: Mapping[str, str], words: Mapping[str, str]) -> Signature:
    """The signature of ``text``.

    ``operators`` and ``words`` give the normal spelling of those that decide what a text says; other operators are
    passed over, other words are names.
    """
    numbers: list[str] = []
    relations: list[str] = []
    names: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if match.lastgroup == "number":
            numbers.append(canonical(Fraction(token)))
        elif match.lastgroup == "operator":
            if token in operators:
                relations.append(operators[token])
        elif token.lower() in words:
            relations.append(words[token.lower()])
        else:
            names.append(token)
    return Signature(tuple(sorted(numbers)), tuple(sorted(relations)), tuple(sorted(names)))
