"""A problem text as sentences, a question and options, each with its place. Nothing is dropped on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Sentence", "Split", "split"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in the text, without the white space round it."""

    text: str
    start: int
    label: str = ""
    """The letter of an option."""
    said: str = ""
    """The statement that it comes to, where that is not how it stands in the text."""

    @property
    def end(self) -> int:
        """The offset just after it."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Split:
    """``ask`` is the sentence that says how the question is put (``Which of the following is true?``)."""

    premises: tuple[Sentence, ...]
    ask: Sentence | None
    asked: tuple[Sentence, ...]
    kind: str
    """``entails``, ``choice``, ``who`` (one of those named, as ``ask`` says) or an empty string if nothing is asked."""


_BOUNDARY = re.compile(r"(?<=[.?!])[\"”']?(?=\s|$)|\n+")
_OPTION = re.compile(r"\(?([A-Z])[).:]\s+")
_TRUE_OR_FALSE = re.compile(
    r"((is the following (statement )?)?(true or false|true, false,? or (unknown|uncertain))(\s*[:?]|,)\s*"
    r"|(is it true|is it the case|does it follow|can we conclude|do we know)( from this)? that\s+"
    r"|(question|conclusion|statement|query|claim|prove|show that)\s*:\s*"
    r"|based on the above information, is the following statement true, false,? or (unknown|uncertain)\?\s*"
    r"|therefore,\s+)",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"which (one )?of (the following|these)( statements| options)? (is|must be|is necessarily) true\s*[?:]",
    re.IGNORECASE,
)


_INVERTED = re.compile(r"(is|are|does|do)\s.+\?", re.IGNORECASE | re.DOTALL)
"""``Is Rex shy?`` as the last sentence."""
_WHO = re.compile(
    r"(who|which( one| of them| of these| [a-z]+)? (is|finished|came|ranked|placed))\s.+\?", re.IGNORECASE | re.DOTALL
)
"""``Who is the tallest?`` as the last sentence."""


def split(text: str) -> Split:
    """Sentences in order. What follows ``True or false:`` (and like words) is the question; ``A) …`` is an option."""
    pieces: list[Sentence] = []
    at = 0
    for match in [*_BOUNDARY.finditer(text), None]:
        end = match.start() if match else len(text)
        body = text[at:end]
        lead = len(body) - len(body.lstrip())
        if body.strip():
            pieces.append(Sentence(body.strip(), at + lead))
        at = match.end() if match else end
    premises: list[Sentence] = []
    asked: list[Sentence] = []
    ask: Sentence | None = None
    kind = ""
    i = 0
    while i < len(pieces):
        s = pieces[i]
        option = _OPTION.match(s.text)
        if kind == "choice" and option:
            asked.append(Sentence(s.text[option.end() :], s.start + option.end(), option[1]))
        elif not kind and _WHICH.fullmatch(s.text):
            ask, kind = s, "choice"
        elif not kind and (put := _TRUE_OR_FALSE.match(s.text)):
            ask, kind = Sentence(s.text[: put.end()].strip(), s.start), "entails"
            rest = s.text[put.end() :]
            if rest:
                asked.append(Sentence(rest, s.start + put.end()))
        elif kind:
            asked.append(s)
        else:
            premises.append(s)
        i += 1
    if not kind and premises and _INVERTED.fullmatch(premises[-1].text):
        return Split(tuple(premises[:-1]), None, (premises[-1],), "entails")
    if not kind and premises and _WHO.fullmatch(premises[-1].text):
        return Split(tuple(premises[:-1]), premises[-1], (), "who")
    return Split(tuple(premises), ask, tuple(asked), kind)
