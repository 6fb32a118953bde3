"""The two chat protocols the scripted server speaks, as the bodies and events of their answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from quod.core.model import JsonDict, JsonValue

__all__ = ["Anthropic", "OpenAI", "Said", "count_tokens"]

_BYTES_A_TOKEN = 4
_ANTHROPIC_STOP = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}


def count_tokens(text: str) -> int:
    """Tokens of a text by the scripted server's own measure: one for every four bytes begun."""
    return -(-len(text.encode()) // _BYTES_A_TOKEN)


@dataclass(frozen=True)
class Said:
    """One answer, before it takes a protocol's shape."""

    model: str
    text: str
    refusal: str | None
    finish: str
    """``stop``, ``length`` or ``content_filter``."""
    prompt_tokens: int
    completion_tokens: int
    chunk_size: int

    def pieces(self) -> Iterator[str]:
        """The text in the pieces it is streamed in."""
        for start in range(0, len(self.text), self.chunk_size):
            yield self.text[start : start + self.chunk_size]


class OpenAI:
    """``POST /v1/chat/completions``."""

    @staticmethod
    def max_tokens(request: JsonDict) -> int | None:
        """The limit the request sets."""
        for name in ("max_completion_tokens", "max_tokens"):
            value = request.get(name)
            if isinstance(value, int):
                return value
        return None

    @staticmethod
    def body(said: Said) -> JsonDict:
        """The answer in one piece."""
        message: JsonDict = {"role": "assistant", "content": said.text if said.refusal is None else None}
        if said.refusal is not None:
            message["refusal"] = said.refusal
        return {
            "id": "chatcmpl-scripted",
            "object": "chat.completion",
            "created": 0,
            "model": said.model,
            "choices": [{"index": 0, "message": message, "finish_reason": said.finish, "logprobs": None}],
            "usage": OpenAI._usage(said),
        }

    @staticmethod
    def _usage(said: Said) -> JsonDict:
        total = said.prompt_tokens + said.completion_tokens
        return {
            "prompt_tokens": said.prompt_tokens,
            "completion_tokens": said.completion_tokens,
            "total_tokens": total,
        }

    @staticmethod
    def events(said: Said, request: JsonDict) -> Iterator[str]:
        """The answer as server-sent events."""
        base: JsonDict = {
            "id": "chatcmpl-scripted",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": said.model,
        }

        def event(delta: JsonDict, finish: str | None = None) -> str:
            return _data({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

        yield event({"role": "assistant", "content": ""})
        if said.refusal is not None:
            yield event({"refusal": said.refusal})
        else:
            for piece in said.pieces():
                yield event({"content": piece})
        yield event({}, said.finish)
        options = request.get("stream_options")
        if isinstance(options, dict) and options.get("include_usage"):
            yield _data({**base, "choices": [], "usage": OpenAI._usage(said)})
        yield "data: [DONE]\n\n"

    @staticmethod
    def drip(number: int) -> str:
        """A harmless event that says nothing and ends nothing."""
        delta: JsonDict = {"content": "."}
        choice: JsonValue = [{"index": 0, "delta": delta, "finish_reason": None}]
        return _data(
            {
                "id": f"drip-{number}",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "scripted",
                "choices": choice,
            }
        )

    @staticmethod
    def error(status: int, message: str) -> JsonDict:
        """The body of an error."""
        kind = "invalid_request_error" if status < 500 else "server_error"
        return {"error": {"message": message, "type": kind, "param": None, "code": None}}


class Anthropic:
    """``POST /v1/messages``."""

    @staticmethod
    def max_tokens(request: JsonDict) -> int | None:
        """The limit the request sets."""
        value = request.get("max_tokens")
        return value if isinstance(value, int) else None

    @staticmethod
    def _stop(said: Said) -> str:
        return "refusal" if said.refusal is not None else _ANTHROPIC_STOP[said.finish]

    @staticmethod
    def body(said: Said) -> JsonDict:
        """The answer in one piece."""
        return {
            "id": "msg_scripted",
            "type": "message",
            "role": "assistant",
            "model": said.model,
            "content": [{"type": "text", "text": said.text if said.refusal is None else said.refusal}],
            "stop_reason": Anthropic._stop(said),
            "stop_sequence": None,
            "usage": {"input_tokens": said.prompt_tokens, "output_tokens": said.completion_tokens},
        }

    @staticmethod
    def events(said: Said, request: JsonDict) -> Iterator[str]:  # noqa: ARG004 - one shape for both protocols
        """The answer as server-sent events."""
        body = Anthropic.body(said)
        usage: JsonDict = {"input_tokens": said.prompt_tokens, "output_tokens": 0}
        start: JsonDict = {**body, "content": [], "stop_reason": None, "usage": usage}
        yield _event("message_start", {"message": start})
        yield _event("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}})
        for piece in said.pieces() if said.refusal is None else iter([said.refusal]):
            yield _event("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": piece}})
        yield _event("content_block_stop", {"index": 0})
        yield _event(
            "message_delta",
            {
                "delta": {"stop_reason": Anthropic._stop(said), "stop_sequence": None},
                "usage": {"output_tokens": said.completion_tokens},
            },
        )
        yield _event("message_stop", {})

    @staticmethod
    def drip(number: int) -> str:  # noqa: ARG004 - one shape for both protocols
        """A harmless event that says nothing and ends nothing."""
        return _event("ping", {})

    @staticmethod
    def error(status: int, message: str) -> JsonDict:
        """The body of an error."""
        kind = "invalid_request_error" if status < 500 else "api_error"
        return {"type": "error", "error": {"type": kind, "message": message}}


def _data(value: JsonDict) -> str:
    return f"data: {json.dumps(value)}\n\n"


def _event(kind: str, value: JsonDict) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **value})}\n\n"
