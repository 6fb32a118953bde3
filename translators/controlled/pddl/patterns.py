"""Sentence patterns of a lexicon, compiled to regular expressions.

``{x:block}`` is the name of a block, ``{xs:block+}`` a list such as "a, b and c", ``{xs:block~}`` a list that may also
be joined by "or", ``{xs:block*}`` one that may be joined by "or" or by nothing, ``{n}`` a number, ``[s]`` optional
text, ``(is|are)`` a choice. Everything else stands for itself; case and the amount of space do not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["NAME", "NUMBER_WORDS", "Pattern", "compile_pattern", "number", "split_names"]

NAME = r"[a-z0-9](?:[\w-]*[a-z0-9_])?"
_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
NUMBER_WORDS = ("a", "an", "no", *_WORDS)
_NUMBER = rf"\d{{1,6}}|{'|'.join(NUMBER_WORDS)}"
_JOIN = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+)"
_OR_JOIN = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+)"
_LOOSE_JOIN = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s+)"
_SLOT = re.compile(r"\{(\w+)(?::([\w|-]+)([+*~]?))?\}")


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
            join = {"+": _JOIN, "~": _OR_JOIN, "*": _LOOSE_JOIN}.get(plus or "")
            body = rf"{NAME}(?:{join}{NAME})*" if join else NAME if kinds else _NUMBER
            out.append(f"(?P<{name}>{body})")
            position = match.end()
            continue
        if char in "[(":
            whole_word = char == "[" and (position == 0 or text[position - 1] in " ([|")
            depth.append("word" if whole_word else char)
            out.append("(?:(?:" if whole_word else "(?:")
        elif char in "])":
            opened = depth.pop() if depth else ""
            if not opened or (opened != "(") != (char == "]"):
                raise ValueError(f"'{char}' closes nothing")
            if opened == "word":
                out.append(")")
                if text[position + 1 : position + 2] == " ":
                    out.append(r"\s+")  # the space after an optional word is part of it
                    position += 1
            out.append(")?" if char == "]" else ")")
        elif char == "|" and depth:
            out.append("|")
        elif char.isspace():
            out.append(r"\s*" if _optional_to_the_end(text, position + 1) else r"\s+")
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


def split_list(text: str) -> list[str]:
    """The parts of a list that only commas and "and" join; a part may be empty."""
    return re.split(_JOIN, text)


def split_names(text: str) -> list[str]:
    """The names of a list, however it is joined."""
    return [name for name in re.split(_LOOSE_JOIN, text) if name]


def _optional_to_the_end(text: str, start: int) -> bool:
    """Whether an optional part begins at ``start`` and ends the pattern."""
    if text[start : start + 1] != "[":
        return False
    depth = 0
    for index in range(start, len(text)):
        depth += {"[": 1, "]": -1}.get(text[index], 0)
        if depth == 0:
            return index == len(text) - 1
    return False
