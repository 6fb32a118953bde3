"""Mixed problems: a text that holds several questions is split into parts with a formalism each.

The model only says where to cut: a part is made of stretches of the text, quoted verbatim, and where words stand for
the result of an earlier part, the value is put behind them by quod. What can be told without the model is: that every
quote stands in the text, that no sentence, number or name is left out of all parts, that no part leaves out a sentence
about a name it speaks of, and that words said to stand for a result speak of what that part is about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import Field, ValidationError

from quod.core.diagnostics import Diagnostic
from quod.core.errors import ModelError
from quod.core.faithfulness import Coverage, Tally
from quod.core.formalism import Formalism
from quod.core.model import Frozen, JsonDict
from quod.core.problem import Problem
from quod.core.quantities import find_quantities
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.client import ChatModel, system, user
from quod.translators.llm.coverage import names_of, sentences_of
from quod.translators.llm.prompting import marks, template
from quod.translators.llm.sources import place_of

__all__ = ["Part", "Use", "ask_parts", "coverage_by", "part_text"]

MOST_PARTS = 6
_SCHEMA: JsonDict = {
    "type": "object",
    "properties": {
        "parts": {
            "type": "array",
            "maxItems": MOST_PARTS,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "formalism": {"enum": [str(f) for f in Formalism]},
                    "quotes": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                    "uses": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"words": {"type": "string"}, "part": {"type": "string"}},
                            "required": ["words", "part"],
                            "additionalProperties": False,
                        },
                    },
                },
                "required": ["name", "formalism", "quotes", "uses"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["parts"],
    "additionalProperties": False,
}
_WORD = re.compile(r"[^\W_]+")
_LINKS = frozenset("and then also first second next finally so now but afterwards moreover furthermore".split())
_SMALL = frozenset(
    "a an the of in on at to for from by with is are be that this these those it its as and or not no all each which "
    "what how many much should must can will".split()
)
_POINTS = re.compile(r"\b(?:that|this|these|those|such|the|its|it|so)\b", re.IGNORECASE)


class Use(Frozen):
    """Words that stand for the result of an earlier part."""

    words: str = Field(min_length=1)
    part: str


class Part(Frozen):
    """One question of a mixed problem."""

    name: str = Field(min_length=1, max_length=40)
    formalism: Formalism
    quotes: tuple[str, ...] = Field(min_length=1, max_length=200)
    uses: tuple[Use, ...] = ()


class _Parts(Frozen):
    parts: tuple[Part, ...] = Field(max_length=MOST_PARTS)


def ask_parts(problem: Problem, model: ChatModel, run: Run) -> tuple[tuple[Part, ...], tuple[Diagnostic, ...]]:
    """The parts the model sees in a problem; none if it sees one question, or if what it says does not hold up.

    Raises Cancelled. A model that fails costs nothing but the split.
    """
    opened, closed = marks(problem.text)
    asked = f"{opened} problem\n{problem.text}\n{closed}"
    try:
        completion = model.complete(
            (system(template("shared/parts")), user(asked)), schema=_SCHEMA, max_tokens=4096, run=run
        )
        parts = _Parts.model_validate(completion.parsed).parts
    except (ModelError, ValidationError):
        return (), ()
    if len(parts) < 2:
        return (), ()
    fault = _fault(parts, problem.text)
    if fault:
        return (), (codes.NOT_SPLIT.info(f"the text was not split into parts as the model proposed: {fault}"),)
    return parts, ()


def _fault(parts: tuple[Part, ...], text: str) -> str:
    earlier: set[str] = set()
    for part in parts:
        if part.name in earlier:
            return f"two parts are named '{part.name}'"
        for quote in part.quotes:
            if place_of(quote, text) is None:
                return f"'{quote[:80]}' does not stand in the text"
        body = part_text(text, part, {})
        for use in part.uses:
            if use.part not in earlier:
                return f"'{part.name}' uses '{use.part}', which is no earlier part"
            if use.words not in body:
                return f"'{use.words[:80]}' does not stand in '{part.name}'"
        earlier.add(part.name)
    return ""


def part_text(text: str, part: Part, values: Mapping[str, str]) -> str:
    """The words of a part in the order of the text, each use followed by the value of the part it stands for."""
    body = " ".join(text[start:end].strip() for start, end in _stretches(text, part))
    for use in part.uses:
        if use.part in values:
            body = body.replace(use.words, f"{use.words} ({values[use.part]})", 1)
    return body


def _stretches(text: str, part: Part) -> list[tuple[int, int]]:
    """Where a part's quotes stand, in order, those that touch joined."""
    places = sorted(place for quote in part.quotes if (place := place_of(quote, text)) is not None)
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def coverage_by(text: str, parts: tuple[Part, ...]) -> tuple[Coverage, tuple[Diagnostic, ...]]:
    """What the parts take up of the text together, and doubts about how it was cut."""
    places = [place for part in parts for place in _stretches(text, part)]

    def covered(start: int, end: int) -> bool:
        return any(low <= start and end <= high for low, high in places)

    left: list[str] = []
    doubts: list[Diagnostic] = []
    sentences = sentences_of(text)
    for start, end, words in sentences:
        loose = [
            m[0]
            for m in _WORD.finditer(text, start, end)
            if not covered(m.start(), m.end()) and m[0].lower() not in _LINKS
        ]
        if loose:
            left.append(words)
            message = f"no part of the problem takes up '{' '.join(loose[:8])}'"
            doubts.append(codes.PART_MISSING.warning(message, source=words))
    numbers = find_quantities(text)
    lost = [q.words for q in numbers if not covered(q.start, q.end)]
    taken = " ".join(text[low:high] for low, high in places)
    names = names_of(text)
    unnamed = [name for name in names if name not in taken]
    coverage = Coverage(
        numbers=Tally(accounted=len(numbers) - len(lost), total=len(numbers), missing=tuple(lost)),
        names=Tally(accounted=len(names) - len(unnamed), total=len(names), missing=tuple(unnamed)),
        sentences=Tally(accounted=len(sentences) - len(left), total=len(sentences), missing=tuple(left)),
    )
    return coverage, (*doubts, *_left_out(text, parts), *_loose_uses(text, parts))


def _left_out(text: str, parts: tuple[Part, ...]) -> list[Diagnostic]:
    """Sentences about a name that a part speaks of and that are no part of it."""
    doubts = []
    for part in parts:
        own = part_text(text, part, {})
        names = [name for name in names_of(text) if re.search(rf"\b{re.escape(name)}\b", own)]
        for _, _, words in sentences_of(text):
            about = [name for name in names if re.search(rf"\b{re.escape(name)}\b", words)]
            if about and words not in own and words.rstrip(".!?") not in own:
                message = f"this speaks of {about[0]}, as '{part.name}' does, and '{part.name}' leaves it out"
                doubts.append(codes.PART_CONTEXT.warning(message, source=words))
    return doubts[:8]


def _loose_uses(text: str, parts: tuple[Part, ...]) -> list[Diagnostic]:
    """Words said to stand for a result that do not point back, or share no word with what that part is about."""
    bodies = {part.name: _stems(part_text(text, part, {})) for part in parts}
    return [
        codes.PART_REFERENCE.warning(
            f"that '{use.words}' stands for the result of '{use.part}' is the model's word alone", source=use.words
        )
        for part in parts
        for use in part.uses
        if not _POINTS.search(use.words) or not _stems(use.words) & bodies[use.part]
    ]


def _stems(words: str) -> set[str]:
    return {w.removesuffix("s") for w in (m[0].lower() for m in _WORD.finditer(words)) if w not in _SMALL}
