"""Remembering finished calls in the job's own log: a job that resumes never pays twice."""

from __future__ import annotations

from collections.abc import Sequence

from quod.core.model import JsonDict, JsonValue
from quod.core.run import Run
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, ChatModel, Completion, Message, call_digest
from quod.translators.llm.meter import meter_of

__all__ = ["Memoized"]


class Memoized:
    """Asks through ``run.memo``. What an earlier life of the job spent still counts against its budget."""

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self._model = model

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
        called = False

        def ask() -> JsonValue:
            nonlocal called
            called = True
            completion = self._model.complete(
                messages,
                schema=schema,
                grammar=grammar,
                temperature=temperature,
                seed=seed,
                max_tokens=max_tokens,
                run=run,
            )
            return completion.model_dump(mode="json")

        digest = call_digest(self.name, messages, schema, temperature, seed, max_tokens, grammar)
        completion = Completion.model_validate(run.memo(f"model:{digest}", ask))
        if not called:
            meter_of(run).add(completion.usage)
        return completion
