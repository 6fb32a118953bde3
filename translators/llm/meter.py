"""What one job's model calls have cost so far, and what calls under way may still cost."""

from __future__ import annotations

import threading
import weakref

from quod.core.budget import Budget
from quod.core.run import Cancel, Run
from quod.translators.llm import codes
from quod.translators.llm.client import Usage
from quod.translators.llm.faults import model_error

__all__ = ["Meter", "meter_of"]


class Meter:
    """A job's account. A call first reserves the most it can cost, so calls side by side cannot overdraw it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._usage = Usage()
        self._tokens_held = 0
        self._money_held = 0.0

    @property
    def usage(self) -> Usage:
        """Everything spent so far."""
        with self._lock:
            return self._usage

    def add(self, usage: Usage) -> None:
        """Book a call that was not reserved for (one remembered from before a restart)."""
        with self._lock:
            self._usage = self._usage + usage

    def reserve(self, budget: Budget, tokens: int, money: float) -> None:
        """Hold the most a call can cost. Raises ModelError (``model.budget``) if that could pass the budget."""
        with self._lock:
            spent = self._usage.tokens + self._tokens_held
            if budget.tokens is not None and spent + tokens > budget.tokens:
                raise model_error(
                    codes.BUDGET,
                    f"the next model call may take {tokens} tokens; {spent} of {budget.tokens} are spent or promised",
                    hint="raise the budget's tokens",
                )
            paid = (self._usage.money or 0.0) + self._money_held
            if budget.money is not None and paid + money > budget.money:
                raise model_error(
                    codes.BUDGET,
                    f"the next model call may cost ${money:.4f}; "
                    f"${paid:.4f} of ${budget.money:.4f} are spent or promised",
                    hint="raise the budget's money",
                )
            self._tokens_held += tokens
            self._money_held += money

    def settle(self, tokens: int, money: float, usage: Usage) -> None:
        """Give back what was held and book what was spent."""
        with self._lock:
            self._tokens_held -= tokens
            self._money_held -= money
            self._usage = self._usage + usage

    def left(self, budget: Budget) -> tuple[int | None, float | None]:
        """Tokens and money neither spent nor held; None where the budget sets no limit."""
        with self._lock:
            tokens = None if budget.tokens is None else budget.tokens - self._usage.tokens - self._tokens_held
            paid = (self._usage.money or 0.0) + self._money_held
            return tokens, None if budget.money is None else budget.money - paid


# A job is known by its way of being cancelled: one object for the whole job, however its Run is copied.
_meters: weakref.WeakKeyDictionary[Cancel, Meter] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def meter_of(run: Run) -> Meter:
    """The account of the job that ``run`` belongs to."""
    with _lock:
        meter = _meters.get(run.cancel)
        if meter is None:
            meter = _meters[run.cancel] = Meter()
        return meter
