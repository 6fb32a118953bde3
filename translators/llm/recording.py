"""Recording calls and playing them back: tests and evaluations that need no model and cost nothing.

A record is a folder with one JSON file a call, named by the call's digest, holding the request, what came of it
and when. What looks like a key is blacked out. A replay answers by the digest alone, whichever model is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from quod.core.errors import InfrastructureError, InputError, ModelError
from quod.core.model import JsonDict, JsonValue
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, ChatModel, Completion, Message, Usage, call_digest
from quod.translators.llm.faults import model_error

__all__ = ["Recorded", "Replayed", "redact"]

_SECRET = re.compile(
    r"\b(?:sk|pk|rk|gsk|xox[abp]|ghp|gho|glpat|hf|AKIA|AIza)[-_A-Za-z0-9]{16,}"
    r"|(?i:\bbearer\s+)[A-Za-z0-9._~+/=-]{16,}"
)
_BLACK = "[redacted]"


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text with every given secret, and whatever looks like a key, blacked out."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, _BLACK)
    return _SECRET.sub(_BLACK, text)


class Recorded:
    """Writes every call down, failures included."""

    def __init__(self, model: ChatModel, folder: Path, *, secrets: tuple[str, ...] = ()) -> None:
        self.name = model.name
        self._model = model
        self._folder = folder
        self._secrets = secrets
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot record into {folder}: {error.strerror}") from None

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
        """See :class:`.client.ChatModel`."""
        digest = call_digest("", messages, schema, temperature, seed, max_tokens, grammar)
        request: JsonDict = {
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "schema": schema,
            "temperature": temperature,
            "seed": seed,
            "max_tokens": max_tokens,
        }
        if grammar is not None:
            request["grammar"] = grammar
        try:
            completion = self._model.complete(
                messages,
                schema=schema,
                grammar=grammar,
                temperature=temperature,
                seed=seed,
                max_tokens=max_tokens,
                run=run,
            )
        except ModelError as error:
            failure: JsonDict = {"code": error.code, "message": error.message, "retryable": error.retryable}
            self._write(digest, {"request": request, "error": failure})
            raise
        self._write(digest, {"request": request, "completion": completion.model_dump(mode="json")})
        return completion

    def _write(self, digest: str, call: dict[str, JsonValue]) -> None:
        call = {"digest": digest, "asked": self.name, "time": datetime.now(UTC).isoformat(), **call}
        text = redact(json.dumps(call, ensure_ascii=False, indent=1), self._secrets)
        partial = self._folder / f".{digest}.part"
        try:
            partial.write_text(text + "\n", encoding="utf-8")
            partial.replace(self._folder / f"{digest}.json")
        except OSError as error:
            raise InfrastructureError(f"cannot record into {self._folder}: {error.strerror}") from None


class Replayed:
    """Answers from a record; what was never recorded is an error, never a call."""

    def __init__(self, folder: Path, *, name: str = "replay") -> None:
        self.name = name
        self._folder = folder
        if not folder.is_dir():
            raise InputError(f"there is no record of model calls at {folder}")

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
        """See :class:`.client.ChatModel`. Raises what the recorded call raised."""
        run.cancel.check()
        digest = call_digest("", messages, schema, temperature, seed, max_tokens, grammar)
        path = self._folder / f"{digest}.json"
        try:
            call = json.loads(path.read_text(encoding="utf-8"))
            if "error" in call:
                failure = call["error"]
                raise ModelError(failure["message"], code=failure["code"], retryable=False)
            completion = Completion.model_validate(call["completion"])
        except FileNotFoundError:
            raise model_error(
                codes.UNRECORDED,
                f"the record {self._folder} has no answer to this call ({digest[:12]})",
                hint="record again: the prompt, its examples or the parameters have changed since",
            ) from None
        except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
            raise model_error(codes.UNRECORDED, f"the recorded call {path.name} cannot be read: {error}") from None
        return completion.model_copy(update={"usage": Usage()})
