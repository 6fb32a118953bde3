"""The default adapter: any server that speaks OpenAI's chat-completions protocol.

OpenAI, vLLM, Ollama, llama.cpp, LM Studio and most gateways do, each with its own idea of which parameters exist.
A parameter that a server rejects by name is left out from then on (JSON schema falls back to JSON mode, then to
plain text, a grammar to plain text), so one adapter fits them all. The library's own retries are off: ours are in
:mod:`.retrying`.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from quod.core.errors import ModelError
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, Completion, Finish, Message, Usage, system
from quod.translators.llm.faults import CallError, from_exception, from_status, model_error
from quod.translators.llm.structured import read_structured

if TYPE_CHECKING:
    import openai

__all__ = ["Grammars", "OpenAIModel"]

_MAX_BYTES = 16 * 1024 * 1024
_FINISH = {
    "stop": Finish.STOP,
    "length": Finish.LENGTH,
    "content_filter": Finish.FILTER,
    "tool_calls": Finish.OTHER,
    "function_call": Finish.OTHER,
}
# What to say instead when a server rejects a request that uses a parameter; None: leave it out.
_WITHOUT: dict[str, str | None] = {
    "json_schema": "json_object",
    "json_object": None,
    "max_completion_tokens": "max_tokens",
    "max_tokens": "max_completion_tokens",
    "stream_options": None,
    "stream": None,
    "temperature": None,
    "seed": None,
}
Grammars = Literal["off", "vllm", "llama.cpp"]
_GRAMMARS: dict[str, tuple[str, ...]] = {
    "off": (),
    # vLLM removed guided_grammar in 0.12 in favour of structured_outputs
    "vllm": ("structured_outputs", "guided_grammar"),
    "llama.cpp": ("grammar",),
}
"""What a server that can be held to a grammar calls it."""


class OpenAIModel:
    """A model behind an OpenAI-compatible server.

    ``base_url`` None means OpenAI's own; a key from ``OPENAI_API_KEY`` is used only there, never sent elsewhere.
    ``grammar`` says how the server is told one, if it can be.
    ``timeout`` is the hard limit in seconds of one call, whatever the server does.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 120.0,
        stream: bool = True,
        grammar: Grammars = "off",
    ) -> None:
        self.name = name
        self.where = f"the model server at {base_url}" if base_url else "OpenAI"
        self._base_url = base_url
        self._api_key = api_key or (None if base_url else os.environ.get("OPENAI_API_KEY"))
        self._timeout = timeout
        self._client: openai.OpenAI | None = None
        self._lock = threading.Lock()
        # Which parameters this server takes. A reasoning model of OpenAI's wants max_completion_tokens, most
        # other servers only know max_tokens; whichever is rejected is swapped for the other once.
        self._limit = "max_tokens" if base_url else "max_completion_tokens"
        self._rejected: set[str] = set() if stream else {"stream"}
        # by what names a grammar is sent, the newest first
        self._grammars = _GRAMMARS[grammar]

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
        while True:
            request = self._request(messages, schema, grammar, temperature, seed, max_tokens)
            try:
                completion = self._call(request, run)
            except ModelError as error:
                if not self._learn(error, request):
                    raise
                continue
            if schema is None or completion.finish_reason in {Finish.REFUSAL, Finish.FILTER}:
                return completion
            parsed, why = read_structured(completion.text, schema)
            return completion.model_copy(update={"parsed": parsed, "schema_error": why})

    def _request(
        self,
        messages: Sequence[Message],
        schema: JsonDict | None,
        grammar: str | None,
        temperature: float,
        seed: int | None,
        max_tokens: int,
    ) -> dict[str, Any]:
        request: dict[str, Any] = {"model": self.name, self._limit: max_tokens}
        if "temperature" not in self._rejected:
            request["temperature"] = temperature
        if seed is not None and "seed" not in self._rejected:
            request["seed"] = seed
        if "stream" not in self._rejected:
            request["stream"] = True
            if "stream_options" not in self._rejected:
                request["stream_options"] = {"include_usage": True}
        named = next((name for name in self._grammars if name not in self._rejected), None)
        if grammar is not None and schema is None and named is not None:
            # no parameter of the library's: it goes into the body as it stands
            request["extra_body"] = {named: {"grammar": grammar} if named == "structured_outputs" else grammar}
        turns = list(messages)
        if schema is not None:
            if "json_schema" not in self._rejected:
                request["response_format"] = {
                    "type": "json_schema",
                    "json_schema": {"name": "formalization", "schema": schema, "strict": False},
                }
            elif "json_object" not in self._rejected:
                request["response_format"] = {"type": "json_object"}
            if "response_format" not in request or request["response_format"]["type"] == "json_object":
                turns.append(system("Answer with one JSON value and nothing else."))
        request["messages"] = [{"role": m.role, "content": m.content} for m in turns]
        return request

    def _learn(self, error: ModelError, request: dict[str, Any]) -> bool:
        """Whether a rejection named a parameter that we can do without; then we do, from now on."""
        if error.code != codes.REJECTED.name:
            return False
        said = error.message.lower()
        shape = request.get("response_format", {}).get("type")
        with self._lock:
            if shape is not None and ("response_format" in said or "json_schema" in said or "json_object" in said):
                self._rejected.add(shape)
                return True
            for name in request.get("extra_body", {}):
                if name in said or "grammar" in said:
                    self._rejected.add(name)
                    return True
            if self._limit in request and self._limit in said:
                other = _WITHOUT[self._limit]
                assert other is not None
                if self._limit + "!" in self._rejected:
                    return False
                self._rejected.add(self._limit + "!")
                self._limit = other
                return True
            for name in ("stream_options", "stream", "seed", "temperature"):
                if name in request and name in said and name not in self._rejected:
                    self._rejected.add(name)
                    return True
        return False

    def _call(self, request: dict[str, Any], run: Run) -> Completion:
        from quod.translators.llm.deadline import deadline

        run.cancel.check()
        seconds = min(self._timeout, run.seconds_left)
        if seconds <= 0:
            raise model_error(codes.TIMEOUT, "no time is left for a model call")
        client = self._open()
        try:
            with deadline(seconds, run.cancel, max_bytes=_MAX_BYTES):
                if "stream" in request:
                    return self._streamed(client, request, seconds)
                reply = client.chat.completions.create(**request, timeout=seconds)
                return self._whole(reply)
        except Exception as error:
            translated = from_exception(error, self.where, seconds)
            raise translated from (None if translated is error else error)

    def _open(self) -> openai.OpenAI:
        with self._lock:
            if self._client is None:
                import openai

                from quod.translators.llm.deadline import deadline_client

                if self._api_key is None and self._base_url is None:
                    raise model_error(
                        codes.AUTHENTICATION, "no key for OpenAI", hint="set QUOD_MODEL_API_KEY or QUOD_MODEL_BASE_URL"
                    )
                http = deadline_client()
                weakref.finalize(self, http.close)
                self._client = openai.OpenAI(
                    api_key=self._api_key or "none",
                    base_url=self._base_url or "https://api.openai.com/v1",
                    max_retries=0,
                    http_client=http,
                )
            return self._client

    def _whole(self, reply: Any) -> Completion:
        choices = getattr(reply, "choices", None)
        if not choices:
            raise self._garbled("the answer has no choices", reply)
        message = getattr(choices[0], "message", None)
        content, refusal = getattr(message, "content", None), getattr(message, "refusal", None)
        return self._completion(
            content if isinstance(content, str) else "",
            refusal if isinstance(refusal, str) else "",
            getattr(choices[0], "finish_reason", None),
            getattr(reply, "usage", None),
            getattr(reply, "model", None),
        )

    def _streamed(self, client: openai.OpenAI, request: dict[str, Any], seconds: float) -> Completion:
        text: list[str] = []
        refusal: list[str] = []
        finish: object = None
        usage: object = None
        model: object = None
        chunks = 0
        with client.chat.completions.create(**request, timeout=seconds) as stream:
            for chunk in stream:
                chunks += 1
                usage = getattr(chunk, "usage", None) or usage
                model = getattr(chunk, "model", None) or model
                for choice in (getattr(chunk, "choices", None) or [])[:1]:
                    delta = getattr(choice, "delta", None)
                    text.append(str(getattr(delta, "content", None) or ""))
                    refusal.append(str(getattr(delta, "refusal", None) or ""))
                    finish = getattr(choice, "finish_reason", None) or finish
        if chunks == 0:
            raise self._garbled("the stream has no events", None)
        if finish is None:
            raise model_error(
                codes.UNREACHABLE,
                f"the connection to {self.where} broke: the stream ended in the middle",
                retryable=True,
                sent=True,
            )
        return self._completion("".join(text), "".join(refusal), finish, usage, model)

    def _completion(self, text: str, refusal: str, finish: object, usage: object, model: object) -> Completion:
        reason = _FINISH.get(str(finish), Finish.OTHER)
        if refusal and not text:
            reason = Finish.REFUSAL
        return Completion(
            text=text or refusal,
            finish_reason=reason,
            model=str(model or self.name),
            usage=Usage(
                calls=1,
                prompt_tokens=_count(getattr(usage, "prompt_tokens", 0)),
                completion_tokens=_count(getattr(usage, "completion_tokens", 0)),
            ),
        )

    def _garbled(self, what: str, reply: object) -> CallError:
        error = getattr(reply, "error", None)
        if isinstance(error, dict):  # some gateways report errors with status 200
            status = error.get("code")
            return from_status(
                status if isinstance(status, int) else 502, str(error.get("message", "")), {}, self.where
            )
        return model_error(
            codes.GARBLED,
            f"{self.where} answered something that is not its protocol: {what}",
            retryable=True,
            sent=True,
        )


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
