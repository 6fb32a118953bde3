"""Model calls over real HTTP against a server that misbehaves in every way servers do: no traceback, no hang."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from quod.core.budget import Budget
from quod.core.errors import Cancelled, ModelError
from quod.core.run import Run
from quod.translators.llm.anthropic_model import AnthropicModel
from quod.translators.llm.client import ChatModel, Finish, user
from quod.translators.llm.fallback import Fallback, escalate
from quod.translators.llm.limited import Limited
from quod.translators.llm.openai_model import OpenAIModel
from quod.translators.llm.retrying import Retrying
from quod.translators.llm.scripted import ScriptedServer

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "integer"}},
    "required": ["a"],
    "additionalProperties": False,
}
Make = Callable[..., ChatModel]


@pytest.fixture(params=["openai", "openai-whole", "anthropic", "anthropic-whole"])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a model for a server, for each protocol, streamed and whole."""
    provider, _, whole = request.param.partition("-")

    def build(server: ScriptedServer, timeout: float = 5.0) -> ChatModel:
        if provider == "openai":
            return OpenAIModel("m", base_url=server.url, timeout=timeout, stream=not whole)
        return AnthropicModel("m", base_url=server.origin, timeout=timeout, stream=not whole)

    return build


def test_an_answer_and_its_cost(make: Make) -> None:
    rule = {"reply": "hello back", "usage": {"prompt_tokens": 11, "completion_tokens": 3}}
    with ScriptedServer.of([rule]) as server:
        completion = make(server).complete([user("hello")], run=Run())
    assert completion.text == "hello back"
    assert completion.finish_reason is Finish.STOP
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (11, 3)
    assert completion.usage.calls == 1


@pytest.mark.parametrize(
    ("rule", "code", "retryable"),
    [
        ({"status": 429, "headers": {"Retry-After": "7"}}, "model.rate_limited", True),
        ({"status": 429, "body": '{"error": {"code": "insufficient_quota"}}'}, "model.rate_limited", False),
        ({"status": 500}, "model.server_error", True),
        ({"status": 503, "body": "<html>busy</html>"}, "model.server_error", True),
        ({"status": 401}, "model.authentication", False),
        ({"status": 404, "error": "no such model"}, "model.rejected", False),
        ({"status": 400, "error": "bad"}, "model.rejected", False),
        ({"disconnect": True}, "model.unreachable", True),
        ({"reply": "x" * 2000, "truncate": 900}, "model.unreachable", True),
        ({"body": "{nonsense"}, "model.garbled", True),
        ({"body": "[]"}, "model.garbled", True),
        ({"body": '{"choices": []}'}, "model.garbled", True),
        ({"body": "\x00\x01"}, "model.garbled", True),
        ({"body": ""}, "model.garbled", True),
    ],
)
def test_every_fault_is_a_model_error(make: Make, rule: dict[str, Any], code: str, retryable: bool) -> None:
    with ScriptedServer.of([rule]) as server, pytest.raises(ModelError) as caught:
        make(server, timeout=30).complete([user("hello")], run=Run())
    assert caught.value.code == code
    assert caught.value.retryable is retryable
    assert "Traceback" not in caught.value.message


@pytest.mark.parametrize("rule", [{"reply": "late", "delay": 30}, {"drip": 0.05}])
def test_a_server_that_takes_too_long_is_left(make: Make, rule: dict[str, Any]) -> None:
    with ScriptedServer.of([rule]) as server:
        started = time.monotonic()
        with pytest.raises(ModelError) as caught:
            make(server, timeout=0.4).complete([user("hello")], run=Run())
        assert time.monotonic() - started < 20
    assert (caught.value.code, caught.value.retryable) == ("model.timeout", True)


def test_an_answer_that_comes_slowly_is_left_in_time_or_taken_whole(make: Make) -> None:
    """Streamed, it passes the limit; whole, it is an ordinary answer."""
    with ScriptedServer.of([{"reply": "slow " * 500, "chunk_size": 5, "chunk_delay": 0.1}]) as server:
        started = time.monotonic()
        with suppress(ModelError):
            make(server, timeout=0.4).complete([user("hello")], run=Run())
        assert time.monotonic() - started < 20  # 500 pieces take 50 s


def test_a_server_that_is_not_there(make: Make) -> None:
    with ScriptedServer.of([]) as server:
        model = make(server)
    with pytest.raises(ModelError) as caught:
        model.complete([user("hello")], run=Run())
    assert caught.value.code == "model.unreachable"
    assert caught.value.retryable


def test_a_refusal_and_an_answer_cut_off_are_told_apart(make: Make) -> None:
    rules = [{"match": "bad", "refusal": "I will not."}, {"reply": "x" * 4000}]
    with ScriptedServer.of(rules) as server:
        refused = make(server).complete([user("bad thing")], run=Run())
        assert (refused.finish_reason, refused.text) == (Finish.REFUSAL, "I will not.")
        cut = make(server).complete([user("long")], max_tokens=10, run=Run())
        assert (cut.finish_reason, len(cut.text)) == (Finish.LENGTH, 40)


@pytest.mark.parametrize(
    ("reply", "parsed"),
    [
        ('{"a": 1}', {"a": 1}),
        ('Sure, here it is:\n```json\n{"a": 2}\n```\nAnything else?', {"a": 2}),
        ('I first thought {"a": 1} but no.\n```\n{"a": 3}\n```', {"a": 3}),
        ('<think>{"a": 9}</think>The answer is {"a": 4}, I believe.', {"a": 4}),
        ('{"a": "one"}', None),
        ('{"b": 1}', None),
        ("I cannot say.", None),
        ('{"a": 1', None),
        ('{"a": NaN}', None),
        ("[" * 5000, None),
    ],
)
def test_json_is_found_in_whatever_it_is_wrapped(make: Make, reply: str, parsed: Any) -> None:
    with ScriptedServer.of([{"reply": reply}]) as server:
        completion = make(server).complete([user("json please")], schema=SCHEMA, run=Run())
    assert completion.parsed == parsed
    assert bool(completion.schema_error) is (parsed is None)


def test_a_schema_the_server_does_not_take_falls_back_to_plain_text() -> None:
    rules = [
        {"match": {"has": ["response_format"]}, "status": 400, "error": "response_format is not supported"},
        {"reply": 'Here: {"a": 5}'},
    ]
    with ScriptedServer.of(rules) as server:
        model = OpenAIModel("m", base_url=server.url)
        assert model.complete([user("x")], schema=SCHEMA, run=Run()).parsed == {"a": 5}
        formats = [call.request.get("response_format", {}) for call in server.calls]
        assert [f.get("type") for f in formats if isinstance(f, dict)] == ["json_schema", "json_object", None]
        # and it remembers
        model.complete([user("x")], schema=SCHEMA, run=Run())
        assert len(server.calls) == 4


@pytest.mark.parametrize("name", ["stream_options", "temperature", "seed", "max_tokens"])
def test_a_parameter_the_server_does_not_know_is_left_out(name: str) -> None:
    rules = [
        {"match": {"has": [name]}, "status": 400, "error": f"Unsupported parameter: '{name}'"},
        {"reply": "fine"},
    ]
    with ScriptedServer.of(rules) as server:
        completion = OpenAIModel("m", base_url=server.url).complete([user("x")], seed=3, run=Run())
        assert completion.text == "fine"
        assert len(server.calls) == 2
        if name == "max_tokens":
            assert "max_completion_tokens" in server.calls[1].request


def test_a_parameter_rejected_for_ever_ends_in_an_error() -> None:
    rule = {"status": 400, "error": "max_tokens and max_completion_tokens, temperature, seed: all wrong"}
    with ScriptedServer.of([rule]) as server:
        with pytest.raises(ModelError) as caught:
            OpenAIModel("m", base_url=server.url).complete([user("x")], run=Run())
        assert caught.value.code == "model.rejected"
        assert len(server.calls) < 8


def test_a_key_for_one_server_is_never_sent_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-openai")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret-of-anthropic")
    with ScriptedServer.of([{"reply": "x"}]) as server:
        for model in (OpenAIModel("m", base_url=server.url), AnthropicModel("m", base_url=server.origin)):
            model.complete([user("x")], run=Run())
            client = model._client
            assert client is not None
            assert client.api_key == "none"


def test_cancelling_ends_a_call_under_way(make: Make) -> None:
    run = Run()
    with ScriptedServer.of([{"drip": 0.05}]) as server:
        threading.Timer(0.3, run.cancel.set).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            make(server, timeout=30).complete([user("x")], run=run)
        assert time.monotonic() - started < 15


def test_a_call_ends_with_the_budget_s_time(make: Make) -> None:
    with ScriptedServer.of([{"delay": 20, "reply": "x"}]) as server:
        started = time.monotonic()
        with pytest.raises(ModelError):
            make(server, timeout=30).complete([user("x")], run=Run(budget=Budget(seconds=0.5)))
        assert time.monotonic() - started < 15


# --- trying again


def test_retryable_errors_are_tried_again_until_one_answers(make: Make) -> None:
    rules = [
        {"call": 1, "status": 500},
        {"call": 2, "disconnect": True},
        {"call": 3, "body": "junk"},
        {"reply": "at last"},
    ]
    seen: list[str] = []
    run = replace(Run(), emit=lambda kind, data: seen.append(f"{kind} {data['code']}"))
    with ScriptedServer.of(rules) as server:
        model = Retrying(make(server), attempts=4, base=0.01)
        assert model.complete([user("x")], run=run).text == "at last"
    assert seen == ["model_retry model.server_error", "model_retry model.unreachable", "model_retry model.garbled"]


def test_retry_after_is_waited_out(make: Make) -> None:
    rules = [{"call": 1, "status": 429, "headers": {"Retry-After": "1"}}, {"reply": "now"}]
    with ScriptedServer.of(rules) as server:
        Retrying(make(server), base=0.01).complete([user("x")], run=Run())
        first, second = server.calls
        assert second.time - first.time >= 1


def test_a_wait_longer_than_the_budget_is_not_begun(make: Make) -> None:
    with ScriptedServer.of([{"status": 429, "headers": {"Retry-After": "3600"}}]) as server:
        started = time.monotonic()
        with pytest.raises(ModelError):
            Retrying(make(server)).complete([user("x")], run=Run(budget=Budget(seconds=30)))
        assert time.monotonic() - started < 15


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_errors_that_would_come_again_are_not_tried_again(make: Make, status: int) -> None:
    with ScriptedServer.of([{"status": status}]) as server:
        with pytest.raises(ModelError):
            Retrying(make(server), base=0.01).complete([user("x")], run=Run())
        assert len(server.calls) == 1


# --- limits and chains


def test_no_more_calls_at_a_time_than_allowed() -> None:
    with ScriptedServer.of([{"reply": "x", "delay": 0.2}]) as server:
        model = Limited(OpenAIModel("m", base_url=server.url), concurrency=2)
        model.complete([user("warm")], run=Run())
        threads = [
            threading.Thread(target=model.complete, args=([user("x")],), kwargs={"run": Run()}) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        times = [call.time for call in server.calls[1:]]
    assert times[2] - times[0] >= 0.19
    assert times[4] - times[2] >= 0.19


def test_calls_a_minute_are_counted_before_they_start() -> None:
    with ScriptedServer.of([{"reply": "x"}]) as server:
        model = Limited(OpenAIModel("m", base_url=server.url), per_minute=2)
        run = Run(budget=Budget(seconds=20))
        model.complete([user("x")], run=run)
        model.complete([user("x")], run=run)
        with pytest.raises(ModelError) as caught:
            model.complete([user("x")], run=run)
        assert caught.value.code == "model.rate_limited"
        assert len(server.calls) == 2


def test_a_chain_asks_the_next_model_when_one_fails_or_refuses() -> None:
    rules = [
        {"match": {"model": "^first$"}, "status": 401},
        {"match": {"model": "^second$"}, "refusal": "no"},
        {"match": {"model": "^third$"}, "reply": "yes"},
    ]
    with ScriptedServer.of(rules) as server:
        chain = Fallback([OpenAIModel(name, base_url=server.url) for name in ("first", "second", "third")])
        assert chain.complete([user("x")], run=Run()).text == "yes"
        assert chain.name == "first > second > third"
        assert escalate(chain, 1).name == "second > third"
        assert escalate(chain, 9).name == "third"
