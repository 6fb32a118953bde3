"""Trying again, where trying again may help."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from quod.core.errors import ModelError
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, ChatModel, Completion, Message

__all__ = ["Retrying", "wait"]

_POLL = 0.1


class Retrying:
    """Retries retryable errors with full jitter (Brooker, "Exponential Backoff And Jitter", 2015).

    A server's Retry-After is waited out exactly. A wait that the budget has no time for is not begun: the error
    is raised at once.
    """

    def __init__(self, model: ChatModel, *, attempts: int = 4, base: float = 0.5, cap: float = 20.0) -> None:
        self.name = model.name
        self._model = model
        self._attempts = max(1, attempts)
        self._base = base
        self._cap = cap
        self._random = random.Random()

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
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._model.complete(
                    messages,
                    schema=schema,
                    grammar=grammar,
                    temperature=temperature,
                    seed=seed,
                    max_tokens=max_tokens,
                    run=run,
                )
            except ModelError as error:
                seconds = self._pause(error, attempt)
                if not error.retryable or attempt >= self._attempts or seconds >= run.seconds_left:
                    raise
                run.emit("model_retry", {"code": error.code, "attempt": attempt, "wait": round(seconds, 3)})
            wait(seconds, run)

    def _pause(self, error: ModelError, attempt: int) -> float:
        asked = getattr(error, "retry_after", None)
        if isinstance(asked, int | float):
            return float(asked)
        return self._random.uniform(0.0, min(self._cap, self._base * 2.0**attempt))


def wait(seconds: float, run: Run) -> None:
    """Sleep, waking at once when the person cancels. Raises Cancelled then."""
    until = time.monotonic() + seconds
    while True:
        run.cancel.check()
        left = until - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(_POLL, left))
