"""Runs the bench in several processes, gold by gold; finished ones are written down, so that a stopped run resumes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quod.evals.keeping import Kept
from quod.evals.trust.bench import Gold, Judged, Tally, judge_mutants, sound
from quod.evals.trust.mutation import Mutant

__all__ = ["measure"]


@dataclass(frozen=True)
class _Task:
    gold: Gold
    seed: int
    each: int
    operators: int | None


@dataclass(frozen=True)
class _Done:
    gold: str
    alarm: list[str] | None
    judged: list[Judged]


def measure(
    golds: Iterable[Gold],
    tally: Tally,
    *,
    seed: int = 0,
    each: int = 1,
    operators: int | None = None,
    processes: int = 2,
    keep: Path | None = None,
) -> None:
    """Judge every gold and its mutants into ``tally``. What stands in ``keep`` is not judged again."""
    kept = Kept(keep)
    done = {gold: _revived(raw) for gold, raw in kept.found.items()}
    tasks = [_Task(gold, seed, each, operators) for gold in golds]
    for task in tasks:
        if task.gold.id in done:
            _count(done[task.gold.id], tally)
    left = [task for task in tasks if task.gold.id not in done]
    for finished in _judged(left, processes):
        _count(finished, tally)
        kept.add(finished.gold, asdict(finished))


def _judged(tasks: list[_Task], processes: int) -> Iterator[_Done]:
    if processes < 2 or len(tasks) < 2:
        yield from map(_judge, tasks)
        return
    # spawned, since the engines' zygotes of this process are not for its children
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=processes, mp_context=context) as pool:
        futures: list[Future[_Done]] = [pool.submit(_judge, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            for future in futures:
                future.cancel()


def _judge(task: _Task) -> _Done:
    counted = Tally()
    gold = next(sound([task.gold], counted), None)
    if gold is None:
        return _Done(task.gold.id, counted.alarms[task.gold.id], [])
    return _Done(gold.id, None, list(judge_mutants(gold, task.seed, task.each, task.operators)))


def _count(done: _Done, tally: Tally) -> None:
    tally.gold(done.gold, done.alarm)
    for judged in done.judged:
        tally.add(judged)


def _revived(raw: dict[str, Any]) -> _Done:
    judged = [Judged(**{**j, "mutant": Mutant(**j["mutant"])}) for j in raw["judged"]]
    return _Done(raw["gold"], raw["alarm"], judged)
