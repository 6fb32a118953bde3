"""The same said in words the grammar knows: aims, relations, what is there, and units of one dimension made one.

Each rewriting is of a closed construction and keeps the meaning whatever the text is about; a text in which the
construction could mean something else is left as it is, and the grammar then says what it could not read.
"""

# ruff: noqa: E501 - each form stands on one line

from __future__ import annotations

import re
from dataclasses import dataclass

from quod.translators.controlled.milp.aims import ONLY_RATE, PERIOD, RATE, aim_of
from quod.translators.controlled.milp.converting import one_unit

__all__ = ["Paraphrase", "paraphrase"]


@dataclass(frozen=True)
class Paraphrase:
    """A text rewritten, and what was written for what."""

    said: str
    """The text as it was."""
    text: str
    """The text as it is read."""
    changes: tuple[tuple[str, str], ...] = ()
    """Pairs of the words that stand now and those that stood before, in order."""

    def original(self, words: str) -> str:
        """Words of the rewritten text as they stood, if that can be told."""
        as_read = words
        for now, before in reversed(self.changes):
            if words in self.said:
                return words
            # an aim is quoted without its "to"
            bare = now.removeprefix("to "), before.removeprefix("in order ").removeprefix("to ")
            words = words.replace(now, before) if now in words else words.replace(*bare) if bare[0] else words
        return words if words in self.said else as_read


_HAVE_NOT = r"(?:must|may|can|should|shall)\s*not"
_PLAINER: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        # obligations and comparisons
        (r"\b(?:can['’]t|can\s+not)\b", "cannot"),
        (r"\b(cannot\s+[a-z]+)\s+over\s+(?=\d)", r"\1 more than "),
        (r"\beach\s+of\s+the\s+(?:two|three|four)\s+([a-z]+)s\b", r"each \1"),
        (r"\b(?:has|have|needs?)\s+to\s+be\s+(?=at\s|greater|more|less|fewer|larger|smaller|no\s|exactly|equal)", "must be "),
        (rf"\b{_HAVE_NOT}\s+(?:go|rise)\s+(?:above|over|beyond)\b", "cannot exceed"),
        (rf"\b{_HAVE_NOT}\s+(?:go|drop|fall)\s+(?:below|under)\b", "cannot be less than"),
        (r"\bat\s+least\s+as\s+(?:large|much|many|high|great|big)\s+as\s+(?=the\s+(?:amount|number)\b)", "at least "),
        (r"\b(?:is|are)\s+not\s+to\s+exceed\b", "cannot exceed"),
        (r"\b(?:the\s+)?money\s+(?:put\s+|placed\s+)?in(?:to)?\s+(?=[a-z]+(?:\s+[a-z]+)?\s+(?:cannot|can|must|should|may|has)\b)", "the amount invested in "),
        (r"\b(twice|thrice|times|exceed|than|half)\s+the\s+money\s+(?:put\s+|placed\s+)?in(?:to)?\s+", r"\1 the amount invested in "),
        # multiples
        (r"\bat\s+(least|most)\s+half\s+as\s+(many|much)\b", r"at \1 0.5 times as \2"),
        (r"\b(twice|thrice|(?:two|three|four|five|six|\d+)\s+times)\s+the\s+(?:number|amount)\s+of\s+([a-z]+(?:\s+[a-z]+)?)\s+as\s+(?=[a-z])", r"\1 as many \2 as "),
        (r"\btimes\s+as\s+many\s+[a-z]+\s+(?:want|choose|order|buy|pick|ask\s+for)\s+(?=[a-z]+\s+as\s+)", "times as many "),
        # shares
        (r"(\b(?:at\s+least|at\s+most|no\s+more\s+than)\s+[\w.%]+(?:\s+(?:third|quarter|half|percent))?\s+of\s+(?:all\s+)?the\s+[a-z]+)\s+(?:sold|made|produced|bought|used|planted|grown)\s+(?=must|should|are|can|may)", r"\1 "),
        (r"(\bat\s+least\s+[\d,]+\s+([a-z]+)\s+(?:are|is)\s+(?:needed|required|wanted)[^.?!\d]*?\bat\s+(?:least|most)\s+[\d.]+(?:%|\s+percent)\s+of)\s+them\b", r"\1 the \2"),
        # clauses
        (r",?\s+(?:thus|hence|and\s+so|and\s+thus|and\s+hence|and\s+therefore|which\s+is\s+why)\s+(?=[a-z])", ", so "),
        (r"((?:^|(?<=[.?!]\s))To\s+[a-z]+\s+(?!an?\b|the\b|each\b|every\b|one\b)[a-z]+(?:\s+[a-z]+)?)\s+(?=the\s+number\b|at\s+least\b|at\s+most\b|no\s+more\b|(?:there|it|he|she|they)\s+(?:must|should)\b)", r"\1, "),
        (r"\bavailable\s+on\s+which\s+(he|she|they|it)\s+must\b", r"available. \1 must"),
        (r"\bmust\s+go(?=\s*[.,;])", "must be sent"),
        (r"\bIt\s+takes(?:\s+(?:her|him|them|it))?\s+([^.;]*?\d[^.;]*?\band\s+\d[^.;]*?)\s+to\s+[a-z]+\s+(an?\s+[a-z -]+?),?\s+and\s+([^.;]*?\d[^.;]*?\band\s+\d[^.;]*?)\s+to\s+[a-z]+\s+(an?\s+[a-z -]+?)(?=\s*[.;])", r"\2 takes \1, and \4 takes \3"),
        # what is there, and what was promised
        (r"\b(the\s+[a-z]+(?:\s+[a-z]+)?)\s+is\s+(?=\d[\d,.]*\s+(?:square|cubic)\s+[a-z]+)", r"\1 has "),
        (r"\bha(?:s|ve)\s+(?:signed\s+)?(?:an?\s+)?(?:contracts?|orders?)\s+for\s+(?=at\s+least\s+\d)", "must deliver "),
        (r"\b(she|he|we|i)\s+(?:has\s+|have\s+)?(?:received|bought|collected|harvested|gathered|picked|purchased)\s+(?=\d[^.;?!]*[.;])(?![^.;?!]*\b(?:for|to|from|by|each|apiece|less|more|fewer|too|per|every)\b)", r"\1 has "),
        (r"(?:(?<=[.?!;]\s)|^)(\d[\d,.]*\s+(?:kg|kilograms?|grams?|g|lit(?:er|re)s?|ml|pounds?|tons?|tonnes?|ounces?|gallons?)\s+of\s+[a-z]+)\s+(?:arrive|are\s+delivered|come\s+in)(?=\s*[.;,])", r"There are \1"),
        (r"(?:(?<=[.?!;]\s)|^)supplies\s+are\s+(?=\d)", "There are "),
        (r"(?:(?<=[.?!;]\s)|^)daily\s+supplies\s+are\s+(?=\d)", "Each day there are "),
        (r"(?:(?<=[.?!;]\s)|^)weekly\s+supplies\s+are\s+(?=\d)", "Each week there are "),
        # a verb of two words
        (r"\btak(e|es|ing)\s+apart\b", r"dismantl\1"),
        (r"\b(?:taken|took)\s+apart\b", "dismantled"),
        # an amount of nothing: "needs no milk"
        (r"\b(needs?|requires?|uses?|contains?|has|have|burns?|consumes?|takes?|costs?|gives?|produces?|provides?)\s+no\s+(?!more\b|less\b|fewer\b|longer\b|greater\b|limits?\b|one\b|matter\b|restrictions?\b|such\b|need\b|other\b)(?=[a-z]+\s*(?:[.,;]|\b(?:and|but|while|at all)\b))", r"\1 0 "),
    )
)  # fmt: skip
# "The city gave him $4500": he has it.
_GIVEN = re.compile(
    r"\b(?:the|his|her|their|its|our)(?:\s+[a-z]+){1,3}\s+(?:gave|gives|has\s+given|grants|granted|lends|lent)\s+(him|her|them|it|us|me)\s+(?=(?:no\s+more\s+than\s+|at\s+most\s+|up\s+to\s+)?\$?\d)(?![^.;?!]*\b(?:for|to|from|by|each|apiece|less|fewer|too|per|every|an?)\b)",
    re.IGNORECASE,
)
_WHOM = {"him": "He has", "her": "She has", "them": "They have", "it": "It has", "us": "We have", "me": "I have"}
# "30% of the total weight of the feed", where the things are counted by weight: of all of them.
_BY_WEIGHT = re.compile(
    r"\b(?:per|each|every|a|how\s+many)\s+(?:kg|kilograms?|kilos?|pounds?|tons?|tonnes?|ounces?)\b", re.IGNORECASE
)
_OF_WEIGHT = re.compile(
    r"(%|\bpercent|\bthirds?|\bquarters?|\bhalf)\s+of\s+the\s+total\s+weight(?:\s+of\s+(?:the|all)\s+[a-z]+|\s+(?:shipped|sold|made|produced|mixed|bought))?(?=\s*[.,;])",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\d)[^.!?\n]*)*[.!?]*")


class _Rewriter:
    """A text being rewritten, with what was changed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.changes: list[tuple[str, str]] = []

    def put(self, pattern: re.Pattern[str], new: str, said: str) -> str:
        """``said`` with every match of the pattern rewritten."""

        def change(match: re.Match[str]) -> str:
            now = match.expand(new)
            self.changes.append((now, match[0]))
            return now

        return pattern.sub(change, said)

    def replace(self, old: str, new: str) -> None:
        """These very words for those."""
        self.text = self.put(re.compile(rf"(?<![\w.,$-]){re.escape(old)}(?!\w)"), new.replace("\\", r"\\"), self.text)

    def aims(self, sentence: re.Match[str]) -> str:
        """A sentence with its aim told plainly."""
        aim = aim_of(sentence[0], sentence.string)
        if aim is None:
            return sentence[0]
        self.changes.append((aim[1], aim[0]))
        return sentence[0].replace(*aim, 1)


def paraphrase(text: str) -> Paraphrase:
    """The text as the grammar reads it."""
    out = _Rewriter(text)
    out.text = _SENTENCE.sub(out.aims, text)
    for rate in list(RATE.finditer(out.text)):
        told = rf"\d[\d,.]*\s+(?:[a-z]+\s+){{0,2}}?{re.escape(rate[2])}\w*"
        by_time = len(re.findall(rf"{told}\s+per\s+{rate[3]}\b", out.text, re.IGNORECASE))
        if by_time > 1 and by_time == len(re.findall(told, out.text, re.IGNORECASE)):
            out.replace(rate[0], rate[1])
    for rate in list(ONLY_RATE.finditer(out.text)):
        periods = [(p[1] or p[2]).lower().replace("dai", "day") for p in PERIOD.finditer(out.text)]
        if (
            len(periods) > 1
            and set(periods) == {rate[2].lower()}
            and not re.search(rf"\d\s*{rate[2]}", out.text, re.IGNORECASE)
        ):
            out.replace(rate[0], rate[1])
    for pattern, new in _PLAINER:
        out.text = out.put(pattern, new, out.text)
    if _BY_WEIGHT.search(out.text):
        out.text = out.put(_OF_WEIGHT, r"\1 of the total", out.text)
    for given in list(_GIVEN.finditer(out.text)):
        out.replace(given[0], f"{_WHOM[given[1].lower()]} ")
    for said, new in list(one_unit(out.text)):
        out.replace(said, new)
    return Paraphrase(text, out.text, tuple(out.changes))
