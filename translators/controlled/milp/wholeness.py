"""Whether a text says that amounts are whole, or that they may be divided: remarks that decide the domain.

A remark that says neither plainly is left where it stands, for the grammars to stumble over.
"""

# ruff: noqa: E501 - turns of phrase stand on one line

from __future__ import annotations

import re

__all__ = ["divided", "without_remarks"]

_NOT_WHOLE = (
    r"(?:(?:do|does|need|must)(?: not|n[’']t)(?: have to| need to)? (?:necessarily )?be (?:in )?(?:an? )?"
    r"(?:whole(?: numbers?)?|integers?|integral)\b|"
    r"(?:can|may) (?:also )?(?:be|take) (?:divided|split|split freely|divided freely|fractional|any fractional value|fractions)\b"
    r"(?: as needed| as desired| freely| at will| too)?|"
    r"\bany (?:fractional (?:amount|quantity|value|number)s?|fraction of an? \w+)\b|"
    r"\bfractions of (?:an? )?\w+ (?:are|is) (?:allowed|permitted|possible|acceptable)\b|"
    r"\bfractional (?:\w+ )?(?:are|is) (?:allowed|permitted|possible|acceptable)\b|"
    r"\b(?:can|may) be (?:measured|set|planted|bought|sold|weighed|poured) (?:to|in|at) any (?:fractions?|level|amount)\b)"
)
_DIVIDED = re.compile(_NOT_WHOLE, re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:whole|integers?|integral|indivisible|undivided|complete(?:ly)?|in part|in parts|in fractions|unopened|"
    r"one by one|cannot be (?:split|divided|opened)|full hours)\b",
    re.IGNORECASE,
)
_SAID_WHOLE = re.compile(
    r"\b(?:whole numbers?|integers?|(?:as )?whole units?|indivisible|undivided|(?:being|are|is|be|planted|rented|sold) whole|"
    r"only whole|cannot be \w+ in (?:part|parts|fractions)|cannot be (?:split|divided|opened))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:^|(?<=[.?!\n]))[^.?!\n]+[.?!\n]?")
# A clause with one of these says more than that amounts are whole.
_TELLS = re.compile(
    r"\d|%|\$|\b(?:least|most|more|less|fewer|than|exceed\w*|only if|twice|half|double|third|quarter|equal|same|two|three|four|"
    r"five|six|seven|eight|nine|ten|dozen|minimi\w+|maximi\w+|what|how|find|determine|calculate|cost\w*|profit\w*|"
    r"must be (?!(?:in )?(?:an? )?(?:whole|integer|integral|complete|both integers)))\b",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?:,\s*|\b(?:and |given that |assuming (?:that )?|considering that |since |because |as |when |if |provided that |"
    r"keeping in mind that |bearing in mind that |taking into account that |noting that |with ))"
    r"[^,.;:?!()\n]*\b(?:whole|integers?|integral|indivisible|fractions?|in part|one by one)\b[^,.;:?!()\n]*(?=[,.;:?!)\n]|$)",
    re.IGNORECASE,
)


_CLAUSE = re.compile(rf",? (?:and|but|since|as|because) (?:[a-z]+ ){{0,3}}?{_NOT_WHOLE}(?=[,.;?!\n]|$)", re.IGNORECASE)


def divided(text: str) -> bool | None:
    """True if the text says that amounts may be divided, False if whole; None if it says nothing, or both."""
    loose = bool(_DIVIDED.search(text))
    whole = bool(_SAID_WHOLE.search(_DIVIDED.sub(" ", text)))
    if loose == whole:
        return None
    return loose


def without_remarks(text: str) -> str:
    """The text without sentences that only say whether amounts are whole."""

    def kept(match: re.Match[str]) -> str:
        said = match[0]
        remark = _DIVIDED.search(said) or _WHOLE.search(said)
        rest = _DIVIDED.sub(" ", said)
        if (
            remark
            and not _TELLS.search(rest)
            and not re.search(r"\b(?:unless|except|but|only the|not all)\b", said, re.IGNORECASE)
        ):
            return "\n"
        return said

    text = _SENTENCE.sub(kept, text)
    text = _CLAUSE.sub(lambda m: m[0] if _TELLS.search(_DIVIDED.sub(" ", m[0])) else "", text)
    text = re.sub(r"\(([^()\d]*)\)", lambda m: " " if _WHOLE.search(m[1]) and not _TELLS.search(m[1]) else m[0], text)
    return _REMARK.sub(lambda m: "," if not _TELLS.search(m[0]) else m[0], text)
