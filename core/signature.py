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
    """The first three sorted, with repetitions; ``sequence`` has them all as they stand."""

    numbers: tuple[str, ...]
    relations: tuple[str, ...]
    names: tuple[str, ...]
    sequence: tuple[str, ...]


def signature(
    text: str, operators: Mapping[str, str], words: Mapping[str, str], token: re.Pattern[str] = _TOKEN
) -> Signature:
    """The signature of ``text``.

    ``operators`` and ``words`` give the normal spelling of those that decide what a text says; other operators are
    passed over, other words are names. ``token`` has the groups ``number``, ``word`` and ``operator``, for languages
    whose names are spelt otherwise.
    """
    numbers: list[str] = []
    relations: list[str] = []
    names: list[str] = []
    sequence: list[str] = []
    for match in token.finditer(text):
        word = match[0]
        if match.lastgroup == "number":
            kind, word = numbers, canonical(Fraction(word))
        elif match.lastgroup == "operator":
            if word not in operators:
                continue
            kind, word = relations, operators[word]
        elif word.lower() in words:
            kind, word = relations, words[word.lower()]
        else:
            kind = names
        kind.append(word)
        sequence.append(word)
    return Signature(tuple(sorted(numbers)), tuple(sorted(relations)), tuple(sorted(names)), tuple(sequence))
