"""What a language model is to quod: messages in, a completion out. Everything else is a wrapper around that.

A model is the adapter that speaks a provider's protocol (:mod:`.openai_model`, :mod:`.anthropic_model`), wrapped
by what each call needs (:mod:`.stack` puts them together): a memory, a record, a cache, retries, budgets, a rate
limit. Each wrapper is itself a ``ChatModel`` and has one idea.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from pydantic import Field

from quod.core.model import Frozen, JsonDict, JsonValue
from quod.core.run import Run

__all__ = [
    "DEFAULT_MAX_TOKENS",
    "ChatModel",
    "Completion",
    "Finish",
    "Message",
    "Usage",
    "assistant",
    "call_digest",
    "system",
    "user",
]

DEFAULT_MAX_TOKENS = 4096
"""Completion tokens one call may produce."""


class Message(Frozen):
    """One turn of the conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


def system(content: str) -> Message:
    """What the model is told about its task."""
    return Message(role="system", content=content)


def user(content: str) -> Message:
    """What it is asked."""
    return Message(role="user", content=content)


def assistant(content: str) -> Message:
    """What it said before."""
    return Message(role="assistant", content=content)


class Finish(StrEnum):
    """Why the model stopped."""

    STOP = "stop"
    LENGTH = "length"
    """Cut off at the token limit."""
    FILTER = "filter"
    """Stopped by the provider's content filter."""
    REFUSAL = "refusal"
    """The model declined, and said so in its protocol."""
    OTHER = "other"


class Usage(Frozen):
    """What calls cost. Adds up with ``+``."""

    calls: int = Field(default=0, ge=0)
    """Calls that reached a server (nothing read from a cache or a record counts)."""
    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)
    money: float | None = None
    """US dollars by the price table; None when the price of no call is known."""

    @property
    def tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        known = [m for m in (self.money, other.money) if m is not None]
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            money=sum(known) if known else None,
        )


class Completion(Frozen):
    """What the model said."""

    text: str
    """The text of the answer, or of the refusal."""
    parsed: JsonValue = None
    """The JSON in the answer, where a schema was asked for and JSON was found that has its shape; else None."""
    usage: Usage = Field(default_factory=Usage)
    """What this call cost. Zero where the answer came from a cache or a record."""
    finish_reason: Finish = Finish.STOP
    model: str = ""
    """The model that answered, as its server names it."""
    schema_error: str = ""
    """Why ``parsed`` is None although a schema was asked for."""


@runtime_checkable
class ChatModel(Protocol):
    """A language model. One instance serves many threads."""

    name: str

    def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: JsonDict | None = None,
        grammar: str | None = None,
        temperature: float = 0.0,
        seed: int | None = None,
        max_tokens: int = DEFAULT_MAX_TOKENS,
        run: Run,
    ) -> Completion:
        """Ask once. With ``schema`` the answer is to be JSON of that shape; with ``grammar`` (GBNF), where the
        server can be held to one, a text of it. Neither is promised: what comes back has to be read with care.

        Raises Cancelled, and ModelError with a code ``model.*`` when there is no answer to return; never
        anything else.
        """
        ...


def call_digest(
    model: str,
    messages: Sequence[Message],
    schema: JsonDict | None,
    temperature: float,
    seed: int | None,
    max_tokens: int,
    grammar: str | None = None,
) -> str:
    """SHA-256 in hex of everything that decides what a call answers."""
    call: dict[str, object] = {
        "model": model,
        "messages": [[m.role, m.content] for m in messages],
        "schema": schema,
        "temperature": temperature,
        "seed": seed,
        "max_tokens": max_tokens,
    }
    if grammar is not None:
        call["grammar"] = grammar
    return hashlib.sha256(json.dumps(call, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
