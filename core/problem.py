"""What a person asks: the text, what they attach to it, and what it may cost."""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum
from typing import Literal

from pydantic import Field, ValidationError, field_validator

from quod.core.budget import Budget
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.model import Frozen

__all__ = [
    "FORMAL_ONLY",
    "MAX_CONTEXT_BYTES",
    "MAX_FORMAL_CHARS",
    "MAX_TEXT_CHARS",
    "ContextItem",
    "Options",
    "Problem",
    "Semantics",
    "make_problem",
]

MAX_TEXT_CHARS = 200_000
"""Longer problem texts are refused: data belongs into context."""
MAX_FORMAL_CHARS = 20_000_000
"""Longer formal texts are refused."""
FORMAL_ONLY = "(formal text, no words)"
"""The text of a Problem whose formal text was given and that has no words to compare it with."""
MAX_CONTEXT_BYTES = 64 * 1024 * 1024


class Semantics(StrEnum):
    """How a set of sentences is read (fol only)."""

    CLASSICAL = "classical"
    CLOSURE = "closure"
    """Forward chaining with explicit negation, no contraposition: what ProofWriter's labels mean."""
    CLOSED = "closed"
    """Stratified negation as failure."""


class ContextItem(Frozen):
    """A named attachment: a PDDL domain, a Lean header, a table."""

    name: str = Field(min_length=1, max_length=255)
    """A file name; its ending says what it is (``.pddl .csv .json .xlsx .lean .v .smt2 .p``)."""
    content: str
    encoding: Literal["utf-8", "base64"] = "utf-8"

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if "/" in name or "\\" in name or "\x00" in name or name in {".", ".."}:
            raise ValueError("a context name is a plain file name, without a path")
        return name

    @property
    def suffix(self) -> str:
        """The lower-case ending with its dot, or an empty string."""
        dot = self.name.rfind(".")
        return self.name[dot:].lower() if dot > 0 else ""

    def read_bytes(self) -> bytes:
        """The content as bytes. Raises InputError if it is not the base64 it says it is."""
        if self.encoding == "utf-8":
            return self.content.encode()
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InputError(f"context '{self.name}' is not valid base64: {error}") from None

    def read_text(self) -> str:
        """The content as text. Raises InputError if it is not UTF-8."""
        if self.encoding == "utf-8":
            return self.content
        try:
            return self.read_bytes().decode()
        except UnicodeDecodeError as error:
            raise InputError(f"context '{self.name}' is not UTF-8 text: {error.reason} at byte {error.start}") from None

    @classmethod
    def from_bytes(cls, name: str, content: bytes) -> ContextItem:
        """An item from a file's bytes: as text where it is UTF-8, else as base64."""
        try:
            return cls(name=name, content=content.decode())
        except UnicodeDecodeError:
            return cls(name=name, content=base64.b64encode(content).decode(), encoding="base64")


class Options(Frozen):
    """Choices that change what is computed, not what it may cost."""

    semantics: Semantics | None = None
    """fol: how the sentences are read; unset means classical, unless a translator knows better and says so."""
    relax: bool = False
    """milp: solve the continuous relaxation."""
    gap: float | None = Field(default=None, ge=0)
    """milp: stop at this relative gap; the answer then says `feasible` with its gap."""
    optimal: bool | None = None
    """pddl: insist on (True) or do without (False) a proof of optimality; unset means try within the budget."""
    engines: tuple[str, ...] | None = None
    """Use only these engines, by name."""
    translator: Literal["auto", "controlled", "llm"] = "auto"
    candidates: int = Field(default=1, ge=1, le=64)
    """How many independent translations the model makes, to be grouped by meaning."""
    split: bool = False
    """Whether a text that holds several questions may be split into parts with a formalism each (needs a model)."""
    attended: bool = False
    """Whether a person is there to answer a clarifying question."""
    seed: int = 0


class Problem(Frozen):
    """A problem in plain language, with what it needs to be answered."""

    text: str = Field(max_length=MAX_TEXT_CHARS)
    formalism: Formalism | None = None
    """The person's choice always wins; absent, quod decides."""
    context: tuple[ContextItem, ...] = ()
    budget: Budget = Field(default_factory=Budget)
    options: Options = Field(default_factory=Options)

    @field_validator("text")
    @classmethod
    def _readable(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("the problem is empty: state it in a sentence or more")
        if "\x00" in text:
            raise ValueError("the problem contains NUL bytes: it looks like a binary file")
        return text

    @field_validator("context")
    @classmethod
    def _bounded(cls, context: tuple[ContextItem, ...]) -> tuple[ContextItem, ...]:
        names = [item.name for item in context]
        if len(set(names)) < len(names):
            raise ValueError("two context items have the same name")
        if sum(len(item.content) for item in context) > MAX_CONTEXT_BYTES * 4 // 3:
            raise ValueError(f"the context is over {MAX_CONTEXT_BYTES // 2**20} MiB")
        return context

    def attachments(self, *suffixes: str) -> tuple[ContextItem, ...]:
        """The context items whose names end in one of ``suffixes`` (lower case, with the dot)."""
        return tuple(item for item in self.context if item.suffix in suffixes)


def make_problem(
    *,
    text: str,
    formalism: Formalism | str | None = None,
    context: tuple[ContextItem, ...] = (),
    budget: Budget | None = None,
    options: Options | None = None,
) -> Problem:
    """A Problem from loose parts. Raises InputError, in words, instead of pydantic's ValidationError."""
    if len(text) > MAX_TEXT_CHARS:
        raise InputError(
            f"the problem is {len(text):,} characters long, the limit is {MAX_TEXT_CHARS:,}",
            code="input.too_long",
            hint="attach data as context (--context) instead of writing it into the text",
        )
    try:
        return Problem.model_validate(
            {
                "text": text,
                "formalism": formalism,
                "context": context,
                "budget": budget or Budget(),
                "options": options or Options(),
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = str(first["msg"]).removeprefix("Value error, ")
        if where == "formalism":
            names = ", ".join(Formalism)
            raise InputError(f"there is no formalism '{formalism}'", hint=f"the formalisms are {names}") from None
        raise InputError(message if where == "text" else f"{where}: {message}") from None
