"""Sentences that limit something without saying so in a form the grammar reads: put into a text, none may be ignored.

``A`` and ``B`` stand for two of the things of the text. The figure "limiting sentences ignored" counts the texts whose
model does not change when such a sentence stands in them.
"""

from __future__ import annotations

import re

__all__ = ["LIMITING", "inserted"]

LIMITING = (
    "Every A comes with a B.",
    "Each A needs a B.",
    "A and B are made in pairs.",
    "A come in pairs.",
    "A and B are always sold together.",
    "Only A may be used.",
    "Only one of A and B can be chosen.",
    "Either A or B can be chosen, but not both.",
    "The same number of A and B is used.",
    "As many A as B are used.",
    "A cannot be used on their own.",
    "All A must be used.",
    "No A can be used.",
    "Neither A nor B can be left over.",
    "However, the first A is free.",
    "The second A costs half as much.",
    "Half of everything is lost.",
    "The number of A must be even.",
    "The number of A must be a multiple of the number of B.",
    "A must not be mixed with B.",
    "If any A is used, then no B can be used.",
    "Any A that is used replaces a B.",
    "A and B alternate.",
    "A must outnumber B by a dozen.",
    "A outnumber B.",
    "A accompany B.",
    "A are sold out.",
    "A are forbidden.",
    "Last of all, everything doubles.",
    "The budget is doubled.",
    "The total must be a whole number of dozens.",
    "There are 4 more A than B.",
    "3 fewer A than B are used.",
    "One in 4 A breaks.",
    "10% of A are lost.",
    "Two A count as one B.",
    "A couple of A are already there.",
    "The first 2 A are free.",
    "Each B takes the place of two A.",
    "A third of the A is wasted.",
    "However, A and B share everything equally.",
    "For every A, a B has to be kept in reserve.",
    "A set consists of one A and one B; only sets are used.",
    "A are used exclusively.",
    "Most of them must be A.",
    "At least as much is spent on A as on B.",
)


def inserted(text: str, sentence: str, first: str, second: str) -> list[str]:
    """The text with the sentence before its last one and, where it has no comma, as a clause of an earlier one."""
    names = {"A": first, "B": second}
    words = re.sub(r"\b[AB]\b(?= (?!set|third|couple)|[,.;])", lambda m: names[m[0]], sentence)
    words = words[:1].upper() + words[1:]
    parts = re.split(r"(?<=[.!?])\s+", text.strip())
    out = [" ".join([*parts[:-1], words, parts[-1]]), " ".join([parts[0], words, *parts[1:]])]
    middle = next((i for i, p in enumerate(parts[1:-1], 1) if p.endswith(".") and "," not in p), None)
    if middle is not None and "," not in sentence and ";" not in sentence:
        joined = f"{parts[middle][:-1]}, and {words[:1].lower()}{words[1:]}"
        out.append(" ".join([*parts[:middle], joined, *parts[middle + 1 :]]))
    return out
