"""Budgets hold before a call is made; caches, records and memories never pay twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quod.core.budget import Budget
from quod.core.errors import InputError, ModelError, QuodError
from quod.core.model import JsonValue
from quod.core.run import Run
from quod.translators.llm.budgeted import Budgeted, prompt_bound
from quod.translators.llm.cache import Cached, CompletionCache
from quod.translators.llm.client import Message, assistant, system, user
from quod.translators.llm.daily import DailyLedger
from quod.translators.llm.memoized import Memoized
from quod.translators.llm.meter import meter_of
from quod.translators.llm.openai_model import OpenAIModel
from quod.translators.llm.prices import Price, PriceTable
from quod.translators.llm.recording import Recorded, Replayed, redact
from quod.translators.llm.retrying import Retrying
from quod.translators.llm.scripted import ScriptedServer

PRICE = Price(model="m", input=2.0, output=8.0)
REPLIES: list[dict[str, Any]] = [
    {"reply": "short"},
    {"reply": "long " * 500},
    {"reply": "x" * 900, "truncate": 700},
    {"status": 500},
    {"status": 429, "headers": {"Retry-After": "0"}},
    {"body": "junk"},
    {"disconnect": True},
    {"refusal": "no"},
]
texts = st.text(alphabet=st.sampled_from("ab ∀é🙂\n"), min_size=1, max_size=200)
calls = st.lists(st.tuples(st.sampled_from(range(len(REPLIES))), texts, st.integers(1, 400)), min_size=1, max_size=8)


def spent(server: ScriptedServer) -> tuple[int, float]:
    """What the server counted for all calls, including those whose answers never arrived."""
    prompt = sum(c.prompt_tokens for c in server.calls)
    completion = sum(c.completion_tokens for c in server.calls)
    return prompt + completion, (prompt * PRICE.input + completion * PRICE.output) / 1e6


@settings(max_examples=25, deadline=None)
@given(plan=calls, tokens=st.integers(0, 6000), cents=st.floats(0, 3), at_once=st.booleans())
def test_no_series_of_calls_ever_passes_a_budget(
    plan: list[tuple[int, str, int]], tokens: int, cents: float, at_once: bool
) -> None:
    rules = [{**REPLIES[kind], "match": {"system": f"^call {n}$"}} for n, (kind, _, _) in enumerate(plan)]
    run = Run(budget=Budget(tokens=tokens, money=cents / 100, seconds=60))
    with ScriptedServer.of(rules) as server:
        model = Retrying(
            Budgeted(OpenAIModel("m", base_url=server.url, timeout=5), price=PRICE), attempts=3, base=0.001
        )

        def one(number: int, words: str, limit: int) -> None:
            with suppress(ModelError):
                model.complete([system(f"call {number}"), user(words)], max_tokens=limit, run=run)

        work = [threading.Thread(target=one, args=(n, words, limit)) for n, (_, words, limit) in enumerate(plan)]
        for thread in work:
            thread.start()
            if not at_once:
                thread.join()
        for thread in work:
            thread.join()
        really_tokens, really_money = spent(server)
    assert really_tokens <= tokens
    assert really_money <= cents / 100 + 1e-12
    # the account never says less than what was really spent
    assert meter_of(run).usage.tokens >= really_tokens


@given(st.lists(st.builds(Message, role=st.sampled_from(["system", "user"]), content=st.text())))
def test_the_bound_on_a_prompt_is_one(messages: list[Message]) -> None:
    # no tokenizer makes more tokens than there are bytes
    assert prompt_bound(messages, None) >= sum(len(m.content.encode()) for m in messages)


def test_a_call_that_does_not_fit_is_not_made() -> None:
    with ScriptedServer.of([{"reply": "x"}]) as server:
        model = Budgeted(OpenAIModel("m", base_url=server.url), price=PRICE)
        with pytest.raises(ModelError) as caught:
            model.complete([user("x" * 500)], run=Run(budget=Budget(tokens=400)))
        assert caught.value.code == "model.budget"
        assert server.calls == ()


def test_a_call_is_shortened_to_what_is_left() -> None:
    with ScriptedServer.of([{"reply": "x" * 10_000}]) as server:
        model = Budgeted(OpenAIModel("m", base_url=server.url), price=PRICE)
        model.complete([user("x")], max_tokens=4000, run=Run(budget=Budget(tokens=1000)))
        asked = server.calls[0].request["max_tokens"]
        assert isinstance(asked, int)
        assert 800 < asked < 1000


def test_money_is_not_spent_on_a_model_without_a_price() -> None:
    with ScriptedServer.of([{"reply": "x"}]) as server:
        model = Budgeted(OpenAIModel("m", base_url=server.url), price=None)
        with pytest.raises(ModelError) as caught:
            model.complete([user("x")], run=Run(budget=Budget(money=5)))
        assert caught.value.code == "model.no_price"
        assert model.complete([user("x")], run=Run()).usage.money is None


def test_the_cost_is_what_the_table_says() -> None:
    rule = {"reply": "x", "usage": {"prompt_tokens": 1000, "completion_tokens": 500}}
    with ScriptedServer.of([rule]) as server:
        model = Budgeted(OpenAIModel("m", base_url=server.url), price=PRICE)
        run = Run()
        usage = model.complete([user("x")], run=run).usage
        assert usage.money == pytest.approx(0.006)
        assert meter_of(run).usage == usage


def test_the_day_s_limit_holds_across_jobs_and_processes(tmp_path: Path) -> None:
    with ScriptedServer.of([{"reply": "x" * 400}]) as server:
        made = 0
        for _ in range(10):
            ledger = DailyLedger(tmp_path / "day.sqlite", tokens=1000, money=None)
            model = Budgeted(OpenAIModel("m", base_url=server.url), price=None, daily=ledger)
            with suppress(ModelError):
                model.complete([user("x")], max_tokens=300, run=Run())
                made += 1
            ledger.close()
        assert 4 <= made < 10
        assert spent(server)[0] <= 1000


# --- never paying twice


def test_the_cache_answers_what_was_asked_before(tmp_path: Path) -> None:
    with ScriptedServer.of([{"call": 1, "reply": "first"}, {"reply": "second"}]) as server:
        cache = CompletionCache(tmp_path / "c.sqlite")
        model = Cached(OpenAIModel("m", base_url=server.url), cache, server="s")
        paid = model.complete([user("x")], seed=1, run=Run())
        again = model.complete([user("x")], seed=1, run=Run())
        assert (paid.text, again.text) == ("first", "first")
        assert (paid.usage.calls, again.usage.calls) == (1, 0)
        assert model.complete([user("x")], seed=2, run=Run()).text == "second"
        assert model.complete([user("y")], seed=1, run=Run()).text == "second"
        other = Cached(OpenAIModel("m2", base_url=server.url), cache, server="s")
        assert other.complete([user("x")], seed=1, run=Run()).text == "second"
        cache.close()


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ({"reply": "x" * 100}, {"max_tokens": 5}),
        ({"reply": "x", "finish_reason": "content_filter"}, {}),
        ({"refusal": "no"}, {}),
        ({"reply": "not json"}, {"schema": {"type": "object"}}),
        ({"reply": "sampled"}, {"temperature": 0.9}),
    ],
)
def test_what_is_not_a_whole_answer_is_not_kept(tmp_path: Path, rule: dict[str, Any], more: dict[str, Any]) -> None:
    with ScriptedServer.of([rule]) as server:
        cache = CompletionCache(tmp_path / "c.sqlite")
        model = Cached(OpenAIModel("m", base_url=server.url), cache, server="s")
        for _ in range(2):
            model.complete([user("x")], run=Run(), **more)
        assert len(server.calls) == 2
        cache.close()


def test_a_resumed_job_never_pays_twice_and_remembers_what_it_spent() -> None:
    log: dict[str, JsonValue] = {}

    def memo(key: str, compute: Callable[[], JsonValue]) -> JsonValue:
        if key not in log:
            log[key] = json.loads(json.dumps(compute()))
        return log[key]

    rule = {"reply": "x", "usage": {"prompt_tokens": 30, "completion_tokens": 9}}
    with ScriptedServer.of([rule]) as server:
        model = Memoized(Budgeted(OpenAIModel("m", base_url=server.url), price=PRICE))
        before = replace(Run(), memo=memo)
        first = model.complete([user("x")], run=before)
        # the process dies; another takes the job up with the same log
        after = replace(Run(), memo=memo)
        assert model.complete([user("x")], run=after) == first
        assert len(server.calls) == 1
        assert meter_of(after).usage == meter_of(before).usage
        assert meter_of(after).usage.tokens == 39


def test_a_record_plays_back_without_a_server(tmp_path: Path) -> None:
    messages = [system("be brief"), user("question"), assistant("what?"), user("that")]
    with ScriptedServer.of([{"match": "question", "reply": "answer"}, {"status": 400, "error": "odd"}]) as server:
        recorded = Recorded(OpenAIModel("m", base_url=server.url), tmp_path / "r", secrets=("hunter22",))
        live = recorded.complete(messages, seed=4, run=Run())
        with pytest.raises(ModelError):
            recorded.complete([user("my password is hunter22, key sk-abcdefghijklmnopqrst")], run=Run())
    replay = Replayed(tmp_path / "r")
    assert replay.complete(messages, seed=4, run=Run()).text == live.text
    with pytest.raises(ModelError) as caught:
        replay.complete([user("my password is hunter22, key sk-abcdefghijklmnopqrst")], run=Run())
    assert caught.value.code == "model.rejected"
    with pytest.raises(ModelError) as caught:
        replay.complete(messages, seed=5, run=Run())
    assert caught.value.code == "model.unrecorded"
    written = "".join(path.read_text() for path in (tmp_path / "r").glob("*.json"))
    assert "hunter22" not in written
    assert "sk-abcdef" not in written


def test_a_damaged_record_is_an_error_of_ours(tmp_path: Path) -> None:
    with ScriptedServer.of([{"reply": "answer"}]) as server:
        Recorded(OpenAIModel("m", base_url=server.url), tmp_path).complete([user("x")], run=Run())
    (path,) = tmp_path.glob("*.json")
    path.write_text("{")
    with pytest.raises(ModelError) as caught:
        Replayed(tmp_path).complete([user("x")], run=Run())
    assert caught.value.code == "model.unrecorded"
    with pytest.raises(InputError):
        Replayed(tmp_path / "missing")


def test_what_looks_like_a_key_is_blacked_out() -> None:
    text = "Authorization: Bearer abcdefghijklmnop.qrs and sk-proj-0123456789abcdefghij, but task-12 stays"
    assert redact(text) == "Authorization: [redacted] and [redacted], but task-12 stays"


# --- prices


def test_the_user_s_prices_come_first(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("prices:\n- {model: gpt-4o, input: 1, output: 2}\n")
    table = PriceTable.read(tmp_path / "p.yaml")
    mine, shipped = table.of("gpt-4o", "openai"), PriceTable.read().of("gpt-4o", "openai")
    assert mine is not None
    assert shipped is not None
    assert mine.input == 1 != shipped.input
    local = table.of("llama", "http://127.0.0.1:11434/v1")
    assert local is not None
    assert local.output == 0
    assert table.of("llama", "http://127.0.0.1.evil.example/v1") is None
    assert table.of("unheard-of", "openai") is None


@pytest.mark.parametrize("content", ["prices: [{model: x}]", "prices: [{model: x, input: -1, output: 1}]", "[", "- x"])
def test_a_wrong_price_table_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "p.yaml").write_text(content)
    with pytest.raises(QuodError):
        PriceTable.read(tmp_path / "p.yaml")
