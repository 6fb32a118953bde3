"""A sentence as a row of words, read from left to right."""

from __future__ import annotations

import re

from quod.translators.controlled.fol import lexicon
from quod.translators.controlled.fol.lexicon import is_open
from quod.translators.controlled.fol.symbols import Symbols, Unread

__all__ = ["BE", "DO", "Tokens"]

_TOKEN = re.compile(r"[A-Za-z][\w'’-]*|\d+(?:\.\d+)?|[,.;:?!]|\S")
BE = {"is", "are"}
DO = {"does", "do"}


class Tokens:
    """The words of one sentence, where the reader stands, and what it has met so far."""

    def __init__(self, text: str, symbols: Symbols) -> None:
        self.text = text
        self.tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
        if self.tokens and self.tokens[-1][0] in ".?!":
            last = self.tokens.pop()[0]
            # "!!" is one mark; "…" and "..." leave something unsaid
            while last in "?!" and self.tokens and self.tokens[-1][0] in "?!":
                self.tokens.pop()
        self.at = 0
        self.symbols = symbols
        self.variable: str | None = None
        """The ``someone`` of this sentence."""
        self.pronouns: frozenset[str] = frozenset()
        """The pronouns that stand for it."""
        self.introduced = False
        """Whether the sentence brought in something else that a pronoun could stand for."""
        self.open_condition = False
        """Whether the reader is inside the condition of ``if …``."""
        self.denying = 0
        """How many negations the words here stand under."""
        self.everyone = False
        """Whether the subject is simply everyone or everything."""
        self.bare = False
        """Whether the subject is a plural without article."""
        self.in_object = False
        """Whether the reader is inside what a verb is said of."""
        self.joined = False
        """Whether the clauses read last are several."""
        self.in_relative = False
        """Whether the reader is inside a relative clause."""
        self.relatives = 0
        """How many relative clauses were read."""
        self.fresh = 0

    # -- tokens ---------------------------------------------------------------------------------------------------
    def word(self, ahead: int = 0) -> str:
        i = self.at + ahead
        return self.tokens[i][0].lower() if i < len(self.tokens) else ""

    def raw(self, ahead: int = 0) -> str:
        i = self.at + ahead
        return self.tokens[i][0] if i < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Consume a run of words if it stands here."""
        if all(self.word(i) == w for i, w in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def fail(self, hint: str | None = None, at: int | None = None) -> Unread:
        i = self.at if at is None else at
        if i >= len(self.tokens):
            return Unread(self.text, hint or "the sentence ends too early")
        return Unread(self.text[self.tokens[i][1] : self.tokens[min(len(self.tokens), i + 4) - 1][2]], hint)

    def open_word(self, ahead: int = 0) -> bool:
        """Whether an adjective, noun or verb of the text stands here, in lower case or starting the sentence."""
        raw = self.raw(ahead)
        starts = self.at + ahead == 0 and raw.lower() not in self.symbols.names
        return is_open(raw.lower()) and (raw.islower() or starts)

    def is_name(self, ahead: int = 0) -> bool:
        raw = self.raw(ahead)
        return (
            bool(raw[:1].isupper())
            and raw.lower() not in lexicon.CLOSED
            and bool(re.fullmatch(r"[A-Z][A-Za-z-]*", raw))
        )

    def new_variable(self) -> str:
        name = "xyzuvw"[self.fresh] if self.fresh < 6 else f"x{self.fresh}"
        self.fresh += 1
        return name
