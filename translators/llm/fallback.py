"""A chain of models: the cheap one first, a stronger one when it fails or when its work does not hold up."""

from __future__ import annotations

from collections.abc import Sequence

from quod.core.errors import ModelError
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, ChatModel, Completion, Finish, Message

__all__ = ["Fallback", "escalate"]

_HOPELESS = {codes.BUDGET.name, codes.UNRECORDED.name}
"""Errors another model would not mend."""


class Fallback:
    """Asks the first model; on an error or a refusal the next. See :func:`escalate` for failed verification."""

    def __init__(self, models: Sequence[ChatModel]) -> None:
        if not models:
            raise ValueError("a chain has at least one model")
        self.models = tuple(models)
        self.name = " > ".join(model.name for model in models)

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
        """See :class:`.client.ChatModel`. Raises the last model's error when all fail."""
        last = len(self.models) - 1
        for index, model in enumerate(self.models):
            try:
                completion = model.complete(
                    messages,
                    schema=schema,
                    grammar=grammar,
                    temperature=temperature,
                    seed=seed,
                    max_tokens=max_tokens,
                    run=run,
                )
            except ModelError as error:
                if index == last or error.code in _HOPELESS or run.seconds_left <= 0:
                    raise
                run.emit("model_fallback", {"from": model.name, "code": error.code})
                continue
            if completion.finish_reason in {Finish.REFUSAL, Finish.FILTER} and index < last:
                run.emit("model_fallback", {"from": model.name, "code": codes.REFUSED.name})
                continue
            return completion
        raise AssertionError("the last model returned or raised")


def escalate(model: ChatModel, step: int) -> ChatModel:
    """The model to ask after ``step`` answers that did not hold up: further along the chain, if it is one."""
    if not isinstance(model, Fallback):
        return model
    rest = model.models[min(step, len(model.models) - 1) :]
    return rest[0] if len(rest) == 1 else Fallback(rest)
