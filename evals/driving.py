"""Ways to put a case to quod: in this process, on a running quod, or to the model alone (the baseline)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from quod.core.answer import Answer
from quod.core.run import Cancel, Run
from quod.evals.benchmark import Case
from quod.evals.runner import Drive

__all__ = ["Baseline", "Embedded", "Server"]


@dataclass(frozen=True)
class Embedded:
    """The pipeline itself, as the service runs it."""

    model: str | None = None
    replay: Path | None = None
    """A recording to answer model calls from (``QUOD_MODEL_RECORD`` makes one)."""

    def __call__(self) -> Drive:
        """Called once in each worker process."""
        choose_model(self.model, self.replay)
        return _embedded


def _embedded(case: Case, cancel: Cancel) -> Answer:
    from quod.repair import check, solve  # late: loads the backends

    run = Run(budget=case.problem.budget, cancel=Cancel(cancel))
    if case.gold is not None and case.problem.options.translator != "llm":
        return check(case.gold, case.problem, run)
    return solve(case.problem, run)


def choose_model(model: str | None, replay: Path | None) -> None:
    """Have this process use that model, or that recording, instead of what the environment says."""
    from quod.core.settings import get_settings

    if model is not None:
        os.environ["QUOD_MODEL"] = model
    if replay is not None:
        os.environ["QUOD_MODEL_REPLAY"] = str(replay.resolve())
    get_settings.cache_clear()


@dataclass(frozen=True)
class Baseline:
    """The model asked alone, in its own words; nothing of quod but the scoring."""

    model: str | None = None
    replay: Path | None = None

    def __call__(self) -> Drive:
        """Called once in each worker process."""
        from quod.evals.baseline import ask_model

        choose_model(self.model, self.replay)
        return ask_model


@dataclass(frozen=True)
class Server:
    """A quod that is already serving; several machines may work on one run by merging theirs."""

    url: str

    def __call__(self) -> Drive:
        """Called once in each worker process."""
        from quod.evals.remote import Remote

        return Remote(self.url)
