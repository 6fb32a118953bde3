"""Sentence patterns of a lexicon, compiled to regular expressions.

``{x:block}`` is the name of a block, ``{xs:block+}`` a list of names, ``{n}`` a number, ``[s]`` optional text,
``(is|are)`` a choice. Everything else stands for itself; case and the amount of space do not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["NAME", "Pattern", "compile_pattern", "number", "split_names"]

NAME = r"[a-z0-9](?:[\w-]*[a-z0-9_])?"
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_NUMBER = rf"\d{{1,6}}|a|an|no|{'|'.join(_WORDS)}"
_JOIN = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s+or\s+|\s*,\s*or\s+|\s+)"
_LIST = rf"{NAME}(?:{_JOIN}{NAME})*"
_SLOT = re.compile(r"\{(\w+)(?::([\w|-]+)(\+?))?\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. ``slots`` maps each slot to its kinds; an empty tuple is a number."""

    text: str
    regex: re.Pattern[str]
    slots: dict[str, tuple[str, ...]]
    lists: frozenset[str]


def compile_pattern(text: str) -> Pattern:
    """Compile one pattern. Raises ValueError saying what is wrong with it."""
    slots: dict[str, tuple[str, ...]] = {}
    lists: set[str] = set()
    out: list[str] = []
    position = 0
    depth: list[str] = []
    while position < len(text):
        char = text[position]
        if char == "{":
            match = _SLOT.match(text, position)
            if match is None:
                raise ValueError(f"'{text[position : position + 20]}' is not a slot such as {{x:kind}}")
            name, kinds, plus = match.groups()
            if name in slots:
                raise ValueError(f"slot {name} occurs twice")
            slots[name] = tuple(kinds.split("|")) if kinds else ()
            if plus:
                lists.add(name)
            body = _LIST if plus else NAME if kinds else _NUMBER
            out.append(f"(?P<{name}>{body})")
            position = match.end()
            continue
        if char in "[(":
            depth.append(char)
            out.append("(?:")
        elif char in "])":
            if not depth or (depth.pop() == "[") != (char == "]"):
                raise ValueError(f"'{char}' closes nothing")
            out.append(")?" if char == "]" else ")")
        elif char == "|" and depth:
            out.append("|")
        elif char.isspace():
            out.append(r"\s*" if position + 1 < len(text) and text[position + 1] == "[" else r"\s+")
        else:
            out.append(re.escape(char.lower()))
        position += 1
    if depth:
        raise ValueError("a bracket is not closed")
    return Pattern(text, re.compile("".join(out)), slots, frozenset(lists))


def number(word: str) -> int:
    """The number a digit string or a number word stands for."""
    if word.isdigit():
        return int(word)
    return {"a": 1, "an": 1, "no": 0}.get(word, _WORDS.index(word) if word in _WORDS else 0)


def split_names(text: str) -> list[str]:
    """The names of a list."""
    return [name for name in re.split(_JOIN, text) if name]
