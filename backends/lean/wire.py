"""The REPL's JSON protocol as types. Field names and their order are the wire's, so what is read prints back as it was.

Protocol: leanprover-community/repl, README (command, file, tactic, pickling) and REPL/JSON.lean. A result with a field
that is not known is not believed: a damaged ``messages`` could hide an error. Inside messages unknown fields are kept.
"""

from __future__ import annotations

import json
import re

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quod.core.model import JsonDict, JsonValue

__all__ = [
    "CommandResult",
    "ErrorResult",
    "Message",
    "Position",
    "ReplResult",
    "Sorry",
    "StepResult",
    "TacticInfo",
    "WireError",
    "dump",
    "parse_result",
    "split_blocks",
]


class WireError(ValueError):
    """What the REPL printed is not a result: garbage, or cut off."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True, use_attribute_docstrings=True)


class _Result(_Wire):
    model_config = ConfigDict(extra="forbid")


class Position(_Wire):
    """A place: lines count from 1, columns from 0, in characters."""

    line: int
    column: int


class Message(_Wire):
    """One message of the compiler."""

    severity: str
    """``error``, ``warning``, ``info`` or ``trace``."""
    pos: Position | None = None
    end_pos: Position | None = Field(default=None, alias="endPos")
    data: str

    @property
    def is_error(self) -> bool:
        """Whether it is an error."""
        return self.severity == "error"

    @property
    def is_sorry(self) -> bool:
        """Whether it is the warning about a hole, in either spelling."""
        return bool(_SORRY.search(self.data))

    @property
    def suggestions(self) -> tuple[str, ...]:
        """What follows ``Try this:``, in either form (on the line, or as ``[apply] …`` lines below)."""
        match = re.search(r"Try (?:this|these)\s*:", self.data)
        if match is None:
            return ()
        rest = self.data[match.end() :]
        applied = re.findall(r"^\s*\[apply\]\s+(.*?)(?=^\s*\[apply\]|\Z)", rest, re.MULTILINE | re.DOTALL)
        found = applied or [rest]
        return tuple(" ".join(text.split()) for text in found if text.strip())


_SORRY = re.compile(r"declaration uses ['`‘]sorry['`’]|contains sorry")


class Sorry(_Wire):
    """A hole, with the state to work on it in tactic mode."""

    proof_state: int | None = Field(default=None, alias="proofState")
    pos: Position | None = None
    goal: str
    end_pos: Position | None = Field(default=None, alias="endPos")


class TacticInfo(_Wire):
    """One tactic of a proof, with the goals before it."""

    used_constants: tuple[str, ...] = Field(default=(), alias="usedConstants")
    tactic: str
    proof_state: int | None = Field(default=None, alias="proofState")
    pos: Position | None = None
    goals: JsonValue = None
    end_pos: Position | None = Field(default=None, alias="endPos")


class CommandResult(_Result):
    """The answer to a command or a file."""

    tactics: tuple[TacticInfo, ...] = ()
    sorries: tuple[Sorry, ...] = ()
    messages: tuple[Message, ...] = ()
    infotree: JsonValue = None
    env: int

    @property
    def errors(self) -> tuple[Message, ...]:
        """The errors among the messages."""
        return tuple(m for m in self.messages if m.is_error)

    @property
    def has_hole(self) -> bool:
        """Whether anything was left open."""
        return bool(self.sorries) or any(m.is_sorry for m in self.messages)


class StepResult(_Result):
    """The answer to a tactic. ``Completed`` here is no verdict: tactic mode has accepted wrong proofs."""

    traces: tuple[str, ...] = ()
    sorries: tuple[Sorry, ...] = ()
    proof_status: str | None = Field(default=None, alias="proofStatus")
    proof_state: int = Field(alias="proofState")
    messages: tuple[Message, ...] = ()
    goals: tuple[str, ...]

    @property
    def completed(self) -> bool:
        """Whether the REPL says that no goal is left and nothing was skipped."""
        return self.proof_status == "Completed" and not self.goals


class ErrorResult(_Result):
    """The REPL refuses the request: unknown environment, a tactic that does not parse or fails."""

    message: str


ReplResult = CommandResult | StepResult | ErrorResult


def parse_result(text: str) -> ReplResult:
    """One result from its JSON text. Raises WireError for anything else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise WireError("not a JSON object")
    try:
        if "message" in value and "env" not in value and "proofState" not in value:
            return ErrorResult.model_validate(value)
        if "goals" in value and "proofState" in value:
            return StepResult.model_validate(value)
        return CommandResult.model_validate(value)
    except ValidationError as error:
        raise WireError(f"not a result of the REPL: {error.errors()[0]['msg']}") from None


def dump(result: ReplResult) -> JsonDict:
    """The result as the JSON object it came from: the same fields in the same order."""
    return result.model_dump(by_alias=True, exclude_unset=True, mode="json")


def split_blocks(text: str) -> tuple[str, ...]:
    """The blocks of a recorded exchange: JSON values separated by blank lines (which may stand in strings too)."""
    blocks: list[str] = []
    current: list[str] = []
    for line in text.split("\n"):
        current.append(line)
        joined = "\n".join(current)
        if not line.strip() and _closed(joined):
            if joined.strip():
                blocks.append(joined.strip())
            current = []
    if "\n".join(current).strip():
        blocks.append("\n".join(current).strip())
    return tuple(blocks)


def _closed(text: str) -> bool:
    """Whether no string is left open."""
    quotes = re.sub(r"\\.", "", text, flags=re.DOTALL).count('"')
    return quotes % 2 == 0
