"""What the scripted server is told: rules, each a condition and what to do when it holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from quod.core.errors import InputError
from quod.core.model import Frozen, JsonDict, JsonValue

__all__ = ["Call", "Match", "Rule", "Script", "ScriptedUsage"]


class Match(Frozen):
    """Which calls a rule is for: every condition must hold. Regular expressions, found anywhere; `.` spans lines."""

    any: str | None = None
    """In the whole conversation, turns joined by blank lines."""
    system: str | None = None
    user: str | None = None
    """In the user's turns."""
    last: str | None = None
    """In the last turn."""
    model: str | None = None
    """In the model's name."""
    has: tuple[str, ...] = ()
    """Parameters the request has, for instance `response_format`."""
    lacks: tuple[str, ...] = ()
    """Parameters the request does not have."""

    @field_validator("any", "system", "user", "last", "model")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from None
        return pattern

    def holds(self, request: JsonDict) -> bool:
        """Whether a request meets every condition."""
        turns = _turns(request)
        texts = {
            "any": "\n\n".join(text for _, text in turns),
            "system": "\n\n".join(text for role, text in turns if role == "system"),
            "user": "\n\n".join(text for role, text in turns if role == "user"),
            "last": turns[-1][1] if turns else "",
            "model": str(request.get("model", "")),
        }
        for name, text in texts.items():
            pattern = getattr(self, name)
            if pattern is not None and not re.search(pattern, text, re.DOTALL):
                return False
        return all(name in request for name in self.has) and not any(name in request for name in self.lacks)


class ScriptedUsage(Frozen):
    """Token counts to report instead of the server's own (one token for every four bytes)."""

    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class Rule(Frozen):
    """A condition and what to do. The first rule that matches a call and is not used up answers it."""

    name: str = ""
    match: Match = Field(default_factory=Match)
    """A mapping of conditions, or one regular expression for `any`. Absent: every call."""
    call: int | tuple[int, ...] | None = None
    """Only the nth call (from 1), or these, of those whose conditions hold."""
    times: int | None = Field(default=None, ge=1)
    """Answer at most so many calls."""

    reply: str | None = None
    """The answer's text."""
    reply_json: JsonValue = None
    """The answer's text as JSON."""
    reply_file: Path | None = None
    """A file with the answer's text; its path is relative to the script."""
    refusal: str | None = None
    """Decline in these words, as the protocol has it."""
    finish_reason: Literal["stop", "length", "content_filter"] | None = None
    usage: ScriptedUsage | None = None

    delay: float = Field(default=0.0, ge=0)
    """Seconds to wait before anything is sent."""
    chunk_size: int = Field(default=24, ge=1)
    """Characters in each event of a streamed answer."""
    chunk_delay: float = Field(default=0.0, ge=0)
    """Seconds between the events."""

    status: int = Field(default=200, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    error: str | None = None
    """The message of an error answer."""
    body: str | None = None
    """Exactly this body instead of the protocol's, for instance malformed JSON."""
    truncate: int | None = Field(default=None, ge=0)
    """Break the connection after so many bytes of the body."""
    disconnect: bool = False
    """Break the connection without an answer."""
    drip: float | None = Field(default=None, gt=0)
    """Send a little every so many seconds, for ever."""

    @field_validator("match", mode="before")
    @classmethod
    def _short_match(cls, value: object) -> object:
        return {"any": value} if isinstance(value, str) else value


class Script(Frozen):
    """The whole script."""

    model: str = "scripted"
    """The model's name, where the request gives none."""
    rules: tuple[Rule, ...] = ()
    otherwise: Rule = Field(
        default_factory=lambda: Rule(name="otherwise", status=500, error="no rule of the script matches this call")
    )
    """What to do when no rule matches."""

    @classmethod
    def read(cls, path: Path) -> Script:
        """The script in a YAML (or JSON) file. Raises InputError saying what is wrong and where."""
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise InputError(f"{path} is not YAML: {error}") from None
        script = cls.of(content)
        rules = tuple(_with_file(rule, path.parent) for rule in script.rules)
        return script.model_copy(update={"rules": rules, "otherwise": _with_file(script.otherwise, path.parent)})

    @classmethod
    def of(cls, content: object) -> Script:
        """A script from data: a mapping, or just the list of its rules."""
        try:
            return cls.model_validate({"rules": content} if isinstance(content, list) else content)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(f"the script is wrong at {where or 'the top'}: {first['msg']}") from None


class Call(Frozen):
    """One call the server got."""

    number: int
    time: float
    """Seconds since the server started."""
    path: str
    request: JsonDict
    rule: str
    """The rule that answered: its name, or its number in the script."""
    status: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    """What the server counted, whether or not it lived to tell."""


def _with_file(rule: Rule, folder: Path) -> Rule:
    if rule.reply_file is None:
        return rule
    path = folder / rule.reply_file
    try:
        return rule.model_copy(update={"reply": path.read_text(encoding="utf-8"), "reply_file": None})
    except OSError as error:
        raise InputError(f"cannot read the reply {path}: {error.strerror}") from None


def _turns(request: JsonDict) -> list[tuple[str, str]]:
    turns: list[tuple[str, str]] = []
    if request.get("system"):
        turns.append(("system", _content(request["system"])))
    messages = request.get("messages")
    given = messages if isinstance(messages, list) else []
    return turns + [(str(m.get("role", "")), _content(m.get("content"))) for m in given if isinstance(m, dict)]


def _content(content: JsonValue) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def reply_text(rule: Rule) -> str:
    """The words a rule answers with."""
    if rule.reply is not None:
        return rule.reply
    return json.dumps(rule.reply_json, ensure_ascii=False) if rule.reply_json is not None else ""
