"""The adapter for Anthropic's messages protocol (extra ``anthropic``). Structured output through ``output_config``."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from quod.core.errors import ModelError
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, Completion, Finish, Message, Usage
from quod.translators.llm.faults import from_exception, model_error
from quod.translators.llm.structured import read_structured

if TYPE_CHECKING:
    import anthropic

__all__ = ["AnthropicModel"]

_MAX_BYTES = 16 * 1024 * 1024
_FINISH = {
    "end_turn": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "max_tokens": Finish.LENGTH,
    "model_context_window_exceeded": Finish.LENGTH,
    "refusal": Finish.REFUSAL,
}


class AnthropicModel:
    """A model behind Anthropic's API or a server that speaks its protocol. See :class:`.openai_model.OpenAIModel`.

    The protocol has no seed; it is left out. A key from ``ANTHROPIC_API_KEY`` is used only at Anthropic's own server.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 120.0,
        stream: bool = True,
    ) -> None:
        self.name = name
        self.where = f"the model server at {base_url}" if base_url else "Anthropic"
        self._base_url = base_url
        self._api_key = api_key or (None if base_url else os.environ.get("ANTHROPIC_API_KEY"))
        self._timeout = timeout
        self._stream = stream
        self._client: anthropic.Anthropic | None = None
        self._lock = threading.Lock()
        self._rejected: set[str] = set()

    def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: JsonDict | None = None,
        grammar: str | None = None,  # noqa: ARG002 - the protocol has none
        temperature: float = 0.0,
        seed: int | None = None,  # noqa: ARG002 - the protocol has none
        max_tokens: int = DEFAULT_MAX_TOKENS,
        run: Run,
    ) -> Completion:
        """See :class:`.client.ChatModel`."""
        while True:
            request = self._request(messages, schema, temperature, max_tokens)
            try:
                completion = self._call(request, run)
            except ModelError as error:
                if not self._learn(error, request):
                    raise
                continue
            if schema is None or completion.finish_reason is Finish.REFUSAL:
                return completion
            parsed, why = read_structured(completion.text, schema)
            return completion.model_copy(update={"parsed": parsed, "schema_error": why})

    def _request(
        self, messages: Sequence[Message], schema: JsonDict | None, temperature: float, max_tokens: int
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.name,
            "max_tokens": max_tokens,
            "messages": [{"role": m.role, "content": m.content} for m in messages if m.role != "system"],
        }
        told = "\n\n".join(m.content for m in messages if m.role == "system")
        if schema is not None:
            if "output_config" not in self._rejected:
                request["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
            else:
                told += "\n\nAnswer with one JSON value and nothing else."
        if told:
            request["system"] = told
        if "temperature" not in self._rejected:
            request["temperature"] = temperature
        return request

    def _learn(self, error: ModelError, request: dict[str, Any]) -> bool:
        """Whether a rejection named a parameter that we can do without."""
        said = error.message.lower()
        if error.code != codes.REJECTED.name:
            return False
        with self._lock:
            for name, words in (("output_config", ("output_config", "output_format", "schema")),
                                ("temperature", ("temperature",))):  # fmt: skip
                if name in request and name not in self._rejected and any(word in said for word in words):
                    self._rejected.add(name)
                    return True
        return False

    def _call(self, request: dict[str, Any], run: Run) -> Completion:
        run.cancel.check()
        seconds = min(self._timeout, run.seconds_left)
        if seconds <= 0:
            raise model_error(codes.TIMEOUT, "no time is left for a model call")
        client = self._open()
        from quod.translators.llm.deadline import deadline

        # The library takes named arguments for what it knows; the rest goes through as it is.
        extra = {"output_config": request.pop("output_config")} if "output_config" in request else {}
        if "temperature" in request:
            extra["temperature"] = request.pop("temperature")
        try:
            with deadline(seconds, run.cancel, max_bytes=_MAX_BYTES):
                if self._stream:
                    return self._streamed(client, request, extra, seconds)
                reply = client.messages.create(**request, extra_body=extra, timeout=seconds)
                return self._completion(_text(reply), getattr(reply, "stop_reason", None), reply)
        except Exception as error:
            translated = from_exception(error, self.where, seconds)
            raise translated from (None if translated is error else error)
        finally:
            request.update(extra)

    def _open(self) -> anthropic.Anthropic:
        with self._lock:
            if self._client is None:
                try:
                    import anthropic
                except ImportError:
                    raise model_error(
                        codes.MISSING, "the library 'anthropic' is not installed", hint="pip install 'quod[anthropic]'"
                    ) from None
                from quod.translators.llm.deadline import deadline_client

                if self._api_key is None and self._base_url is None:
                    raise model_error(codes.AUTHENTICATION, "no key for Anthropic", hint="set QUOD_MODEL_API_KEY")
                http = deadline_client()
                weakref.finalize(self, http.close)
                self._client = anthropic.Anthropic(
                    api_key=self._api_key or "none",
                    base_url=self._base_url or "https://api.anthropic.com",
                    max_retries=0,
                    http_client=http,
                )
            return self._client

    def _streamed(
        self, client: anthropic.Anthropic, request: dict[str, Any], extra: dict[str, Any], seconds: float
    ) -> Completion:
        text: list[str] = []
        stop: object = None
        start: Any = None
        output = 0
        with client.messages.create(**request, extra_body=extra, stream=True, timeout=seconds) as stream:
            for event in stream:
                kind = getattr(event, "type", "")
                if kind == "message_start":
                    start = getattr(event, "message", None)
                elif kind == "content_block_delta":
                    text.append(str(getattr(getattr(event, "delta", None), "text", None) or ""))
                elif kind == "message_delta":
                    stop = getattr(getattr(event, "delta", None), "stop_reason", None) or stop
                    output = getattr(getattr(event, "usage", None), "output_tokens", 0) or output
        if start is None:
            raise model_error(
                codes.GARBLED, f"{self.where} answered something that is not its protocol", retryable=True, sent=True
            )
        if stop is None:
            raise model_error(
                codes.UNREACHABLE,
                f"the connection to {self.where} broke: the stream ended in the middle",
                retryable=True,
                sent=True,
            )
        return self._completion("".join(text), stop, start, output)

    def _completion(self, text: str, stop: object, reply: Any, output: int | None = None) -> Completion:
        usage = getattr(reply, "usage", None)
        if not isinstance(getattr(reply, "content", None), list):
            raise model_error(
                codes.GARBLED, f"{self.where} answered something that is not its protocol", retryable=True, sent=True
            )
        read = sum(
            _count(getattr(usage, name, 0))
            for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        )
        written = output if output is not None else _count(getattr(usage, "output_tokens", 0))
        return Completion(
            text=text,
            finish_reason=_FINISH.get(str(stop), Finish.OTHER),
            model=str(getattr(reply, "model", None) or self.name),
            usage=Usage(calls=1, prompt_tokens=read, completion_tokens=written),
        )


def _text(reply: Any) -> str:
    parts = getattr(reply, "content", None)
    return "".join(str(getattr(part, "text", "")) for part in parts) if isinstance(parts, list) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
