"""Slips in single formulas of logic, told from the words beside them: the text as a whole hides what a sentence lacks.

A symbol that occurs once may have any number of arguments, and a constant that is missing here may stand elsewhere; so
neither types nor the coverage of the whole text can see these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from quod.core.diagnostics import Diagnostic
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.translators.llm import codes
from quod.translators.llm.sources import sentence_lines

__all__ = ["slips"]

_NAME = r"[^\W\d][\w’']*"
_ATOM = re.compile(rf"({_NAME})\s*\(\s*({_NAME}(?:\s*,\s*{_NAME})*)\s*\)")
_NESTED = re.compile(rf"(?<![\w’'])(?=({_NAME})\((?:[^()]*,)?\s*({_NAME})\()")
_QUANTIFIED = re.compile(rf"(?:[∀∃]|\b(?:all|exists|forall)\b)\s*({_NAME}(?:\s*,\s*{_NAME})*)")
_LOGICAL = frozenset({"and", "or", "not", "all", "exists", "forall", "xor", "iff", "implies"})
_PREPOSITIONS = frozenset("in at on of from to with by for into about than as after before under over between".split())
_DIGITS = re.compile(r"\d{2,}")
_FUNCTIONS = re.compile(r"^[ \t]*functions[ \t]*:", re.MULTILINE)


def slips(formalization: Formalization) -> Iterator[Diagnostic]:
    """Doubts about sentences of a logic text, each with the words of its sentence."""
    if formalization.formalism is not Formalism.FOL:
        return
    lines = sentence_lines(formalization)
    bound = {name for line in lines for found in _QUANTIFIED.findall(line.formula) for name in re.split(r"\W+", found)}
    atoms = [
        (name, tuple(re.split(r"\s*,\s*", inside))) for line in lines for name, inside in _ATOM.findall(line.formula)
    ]
    constants = {_flat(a) for _, inside in atoms for a in inside if a not in bound and len(a) > 2}
    repeating = _repeating(atoms, bound)
    declared = _FUNCTIONS.search(formalization.text) is not None
    for line in lines:
        flat = _flat(line.formula)
        for name in _proper(line.words):
            if _flat(name) in constants and _flat(name) not in flat:
                message = f"the words name {name}, as the formal text does elsewhere; this formula does not"
                yield codes.NAME_LEFT_OUT.warning(message, source=line.words)
        numbers = set(_DIGITS.findall(line.words))
        for digits in set(_DIGITS.findall(line.formula)) - numbers:
            near = next((n for n in sorted(numbers) if n not in line.formula and _near(n, digits)), None)
            if near is not None:
                yield codes.NUMBER_MISSING.warning(f"the words say {near}, the formula {digits}", source=line.words)
        for name, inside in _ATOM.findall(line.formula):
            if name in repeating:
                message = f"'{name}' is said of the same thing twice over ({inside}), and nowhere of two"
                yield codes.REPEATED_ARGUMENT.warning(message, source=line.words)
            if not declared and len(_arguments(inside)) == 1 and _words_of(name)[-1] in _PREPOSITIONS:
                yield codes.DANGLING.warning(f"'{name}' is said of one thing: of which other?", source=line.words)
        for outer, inner in () if declared else _NESTED.findall(line.formula):
            if outer.lower() not in _LOGICAL and inner.lower() not in _LOGICAL and outer not in bound:
                message = f"'{inner}' stands inside '{outer}' as if it were a thing"
                yield codes.NESTED.warning(message, source=line.words)


def _arguments(inside: str) -> tuple[str, ...]:
    return tuple(re.split(r"\s*,\s*", inside))


def _words_of(name: str) -> list[str]:
    return [part.lower() for part in re.split(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+", name) if part] or [""]


def _repeating(atoms: list[tuple[str, tuple[str, ...]]], bound: set[str]) -> set[str]:
    """Relations that only ever relate a variable to itself."""
    seen: dict[str, bool] = {}
    for name, inside in atoms:
        alike = len(inside) > 1 and len(set(inside)) == 1 and inside[0] in bound
        seen[name] = seen.get(name, True) and alike
    return {name for name, always in seen.items() if always}


def _proper(words: str) -> list[str]:
    """Runs of capitalised words that do not begin the sentence, and each of their words."""
    found: dict[str, None] = {}
    for match in re.finditer(r"(?<=[\w,;] )[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*", words):
        found[re.sub(r"['’]s$", "", match[0])] = None
    return list(found)


def _flat(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _near(number: str, other: str) -> bool:
    """Whether one of two numerals is the other with a digit dropped or changed."""
    if len(number) == len(other):
        return sum(a != b for a, b in zip(number, other, strict=True)) == 1
    short, long = sorted((number, other), key=len)
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
