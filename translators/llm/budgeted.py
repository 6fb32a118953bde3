"""Budgets that hold before a call is made, not after."""

from __future__ import annotations

import json
from collections.abc import Sequence

from quod.core.errors import ModelError
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, ChatModel, Completion, Message, Usage
from quod.translators.llm.daily import DailyLedger
from quod.translators.llm.faults import CallError, model_error
from quod.translators.llm.meter import meter_of
from quod.translators.llm.prices import Price

__all__ = ["Budgeted", "prompt_bound"]

_TOKENS_A_TURN = 16
"""More than any chat format adds around a turn."""
_TOKENS_A_CALL = 64
_LEAST = 64
"""Completion tokens below which a call is not worth making."""


def prompt_bound(messages: Sequence[Message], schema: JsonDict | None) -> int:
    """A number of tokens no tokenizer exceeds for a prompt: every token stands for at least one byte of UTF-8."""
    text = sum(len(m.content.encode()) for m in messages)
    shape = len(json.dumps(schema, ensure_ascii=False).encode()) if schema is not None else 0
    return text + shape + _TOKENS_A_TURN * len(messages) + _TOKENS_A_CALL


class Budgeted:
    """Makes a call only if the most it can cost fits the job's budget and the day's.

    A call is given fewer completion tokens when that makes it fit. One that failed after it had been sent is
    booked at its bound, since the provider may charge for it; so is one whose server reports no usage.
    """

    def __init__(self, model: ChatModel, *, price: Price | None, daily: DailyLedger | None = None) -> None:
        self.name = model.name
        self._model = model
        self._price = price
        self._daily = daily

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
        """See :class:`.client.ChatModel`. Raises ModelError ``model.budget`` or ``model.no_price`` without calling."""
        limited_money = run.budget.money is not None or (self._daily is not None and self._daily.money is not None)
        if limited_money and self._price is None:
            raise model_error(
                codes.NO_PRICE,
                f"a money budget is set, and the price of '{self.name}' is not known",
                hint="add the model to your price table (QUOD_MODEL_PRICES, docs/models.md)",
            )
        prompt = prompt_bound(messages, schema)
        max_tokens = self._affordable(prompt, max_tokens, run)
        tokens, money = prompt + max_tokens, self._cost(prompt, max_tokens) or 0.0
        meter = meter_of(run)
        meter.reserve(run.budget, tokens, money)
        day = ""
        spent = Usage()
        try:
            if self._daily is not None:
                day = self._daily.reserve(tokens, money)
            completion = self._model.complete(
                messages,
                schema=schema,
                grammar=grammar,
                temperature=temperature,
                seed=seed,
                max_tokens=max_tokens,
                run=run,
            )
            spent = self._priced(completion.usage, prompt, len(completion.text.encode()))
        except ModelError as error:
            if isinstance(error, CallError) and error.sent:
                spent = self._bound(prompt, max_tokens)
            raise
        except BaseException:
            # cancelled in the middle: it may have been paid for
            spent = self._bound(prompt, max_tokens)
            raise
        finally:
            meter.settle(tokens, money, spent)
            if day and self._daily is not None:
                self._daily.settle(day, spent.tokens - tokens, (spent.money or 0.0) - money)
        return completion.model_copy(update={"usage": spent})

    def _affordable(self, prompt: int, max_tokens: int, run: Run) -> int:
        tokens, money = meter_of(run).left(run.budget)
        limit = max_tokens
        if tokens is not None:
            limit = min(limit, tokens - prompt)
        if money is not None and self._price is not None and self._price.output > 0:
            limit = min(limit, int((money - prompt * self._price.input / 1e6) / (self._price.output / 1e6)))
        # too little left: ask for the whole, and let the reservation say so
        return limit if limit >= min(_LEAST, max_tokens) else max_tokens

    def _cost(self, prompt: int, completion: int) -> float | None:
        if self._price is None:
            return None
        return (prompt * self._price.input + completion * self._price.output) / 1e6

    def _bound(self, prompt: int, completion: int) -> Usage:
        return Usage(calls=1, prompt_tokens=prompt, completion_tokens=completion, money=self._cost(prompt, completion))

    def _priced(self, usage: Usage, prompt: int, answer_bytes: int) -> Usage:
        if usage.tokens == 0:
            return self._bound(prompt, answer_bytes)
        return usage.model_copy(update={"money": self._cost(usage.prompt_tokens, usage.completion_tokens)})
