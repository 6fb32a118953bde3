"""Who else may be asked: a stronger model of the chain, or the same model in another formalism.

A chain asks the cheap model first. Where its work does not hold up, a stronger one makes a draft of its own. Another
formalism is tried only where the person chose none, and only one that the words speak for.
"""

from __future__ import annotations

from collections.abc import Callable

from quod.core.formalism import Formalism
from quod.core.problem import Problem
from quod.repair.mender import Mender
from quod.translators.llm.client import ChatModel
from quod.translators.llm.fallback import Fallback, escalate
from quod.translators.routing import Routing

__all__ = ["Alternatives", "other_formalisms"]

_LEAST_SHARE = 0.3
"""Of the weight that the chosen formalism's signals have."""


class Alternatives:
    """One problem's. ``build`` makes the translator of a formalism that asks a model."""

    def __init__(
        self,
        build: Callable[[Formalism, ChatModel], Mender],
        formalism: Formalism,
        model: ChatModel,
        others: tuple[Formalism, ...] = (),
    ) -> None:
        self._build = build
        self._formalism = formalism
        self._model = model
        self._others = list(others)

    @property
    def stronger(self) -> bool:
        """Whether the chain has a model further along."""
        return isinstance(self._model, Fallback) and len(self._model.models) > 1

    @property
    def elsewhere(self) -> bool:
        """Whether another formalism may fit."""
        return bool(self._others)

    def switch_model(self) -> Mender:
        """The translator that asks the next model of the chain."""
        self._model = escalate(self._model, 1)
        return self._build(self._formalism, self._model)

    def switch_formalism(self) -> Mender:
        """The translator into the formalism that fits next best."""
        self._formalism = self._others.pop(0)
        return self._build(self._formalism, self._model)


def other_formalisms(problem: Problem, routing: Routing) -> tuple[Formalism, ...]:
    """The formalisms that the words also speak for, best first; none where the person or an attachment chose."""
    if problem.formalism is not None or routing.by not in {"signals", "model"}:
        return ()
    least = _LEAST_SHARE * max(routing.scores.values(), default=0.0)
    ranked = sorted(routing.scores.items(), key=lambda item: -item[1])
    return tuple(Formalism(name) for name, score in ranked if score >= least and name != routing.formalism)
