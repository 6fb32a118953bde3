"""Not too many calls at a time, nor too many a minute."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence

from quod.core.model import JsonDict
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, ChatModel, Completion, Message
from quod.translators.llm.faults import model_error
from quod.translators.llm.retrying import wait

__all__ = ["Limited"]


class Limited:
    """At most ``concurrency`` calls at once and ``per_minute`` starts in any minute, in this process."""

    def __init__(self, model: ChatModel, *, concurrency: int = 8, per_minute: int | None = None) -> None:
        self.name = model.name
        self._model = model
        self._slots = threading.BoundedSemaphore(max(1, concurrency))
        self._per_minute = per_minute
        self._starts: deque[float] = deque()
        self._lock = threading.Lock()

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
        while not self._slots.acquire(timeout=0.1):
            run.cancel.check()
            if run.seconds_left <= 0:
                raise model_error(codes.TIMEOUT, "the time was over before a model call could be made")
        try:
            self._take_turn(run)
            return self._model.complete(
                messages,
                schema=schema,
                grammar=grammar,
                temperature=temperature,
                seed=seed,
                max_tokens=max_tokens,
                run=run,
            )
        finally:
            self._slots.release()

    def _take_turn(self, run: Run) -> None:
        if self._per_minute is None:
            return
        with self._lock:
            now = time.monotonic()
            while self._starts and self._starts[0] <= now - 60:
                self._starts.popleft()
            # the turn's own time: a minute after the start that is per_minute turns back
            full = len(self._starts) >= self._per_minute
            turn = max(now, self._starts[-self._per_minute] + 60) if full else now
            if turn - now >= run.seconds_left:
                raise model_error(
                    codes.RATE_LIMITED, f"the next turn under {self._per_minute} calls a minute comes too late"
                )
            self._starts.append(turn)
        wait(turn - now, run)
