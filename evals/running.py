"""From a specification to a finished run folder: choose the rows, skip what is done, run the rest, keep each result."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import quod
from quod.core.budget import Budget
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.problem import Options
from quod.core.run import Cancel
from quod.evals.benchmark import Benchmark, Row, Setting
from quod.evals.data import check_sums, find_split, sha256_of
from quod.evals.driving import Embedded
from quod.evals.pool import Finished, Prepare, Task, run_tasks
from quod.evals.registry import get_benchmark, is_path
from quod.evals.runner import Drive, RowResult
from quod.evals.runs import Record, RunConfig, RunFolder
from quod.evals.scores import Scores, score
from quod.evals.sidecar import known_bad
from quod.evals.trimming import trimmed

__all__ = ["Choice", "Plan", "RunSpec", "scores_of"]

GENERATED = Path("generated")
"""Stands for the data of benchmarks that make their own."""


@dataclass(frozen=True)
class Choice:
    """Which rows of a benchmark to run."""

    ids: frozenset[str] | None = None
    filters: tuple[str, ...] = ()
    """``category=VALUE``, ``id~REGEX``, ``text~REGEX``; all must hold."""
    limit: int | None = None
    shuffle: bool = False
    """Take the ``limit`` rows at random (by the run's seed) instead of the first."""

    def tests(self) -> list[Callable[[Row], bool]]:
        """The filters as functions. Raises InputError for one that cannot be read."""
        return [_test(text) for text in self.filters]


def _test(text: str) -> Callable[[Row], bool]:
    match = re.fullmatch(r"(category|id|text)(=|~)(.*)", text, re.DOTALL)
    if match is None:
        raise InputError(f"cannot read the filter '{text}'", hint="category=VALUE, id=VALUE, id~REGEX, text~REGEX")
    what, op, value = match.groups()

    def get(row: Row) -> str:
        if what == "text":
            return row.cases[0].problem.text
        return row.category if what == "category" else row.id

    if op == "=":
        return lambda row: get(row) == value
    try:
        pattern = re.compile(value, re.IGNORECASE)
    except re.error as error:
        raise InputError(f"the filter '{text}' is not a regular expression: {error}") from None
    return lambda row: pattern.search(get(row)) is not None


@dataclass(frozen=True)
class RunSpec:
    """What to run and how."""

    benchmark: str
    data: Path | None = None
    split: str | None = None
    translator: str | None = None
    assistant: str | None = None
    baseline: str | None = None
    model: str | None = None
    options: Options = field(default_factory=Options)
    budget: Budget = field(default_factory=lambda: Budget(seconds=30.0, engine_seconds=30.0))
    samples: int = 1
    seed: int = 0
    choice: Choice = field(default_factory=Choice)
    sidecar: Path | None = None
    concurrency: int = 2
    processes: int | None = None
    prepare: Prepare = field(default_factory=Embedded)


@dataclass(frozen=True)
class _Prepared:
    """Loads a user's own benchmark first, so that its rows can be unpickled in the worker."""

    benchmark: str
    prepare: Prepare

    def __call__(self) -> Drive:
        if is_path(self.benchmark):
            get_benchmark(self.benchmark)
        return self.prepare()


class Plan:
    """A run about to be made: its rows are chosen and its data has been read once, so that faults show at once."""

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        self.benchmark: Benchmark = get_benchmark(spec.benchmark)
        self.translator = spec.translator or self.benchmark.translators[0]
        if spec.baseline is not None:
            # the gold is there to replay the model's plan against; the model never sees it
            replays = self.benchmark.generated or self.benchmark.formalism is Formalism.PDDL
            self.translator = "gold" if replays else self.benchmark.translators[0]
            if self.benchmark.formalism in {Formalism.LEAN, Formalism.ROCQ}:
                hint = "--translator llm: there a model's proof is checked by the kernel and nothing else helps it"
                raise InputError(f"{self.benchmark.name} has no baseline", hint=hint)
        if self.translator not in self.benchmark.translators:
            message = f"{self.benchmark.name} has no translator '{self.translator}'"
            raise InputError(message, hint=f"it has {', '.join(self.benchmark.translators)}")
        if spec.data is None and not self.benchmark.generated:
            raise InputError(f"{self.benchmark.name} needs data", hint="give its file or folder with --data PATH")
        self._path = spec.data or GENERATED
        self._bad = known_bad(self.benchmark.name, spec.data, spec.sidecar)
        self.config = self._config()
        self.ids = self._choose()

    def _config(self) -> RunConfig:
        spec = self.spec
        digest = f"{self.benchmark.name}:{quod.__version__}:{spec.seed}"
        if spec.data is not None:
            if not spec.data.exists():
                find_split(spec.data, None)  # says what is missing
            digest = sha256_of(spec.data)
            if spec.data.is_file():
                check_sums(spec.data, digest)
        return RunConfig(
            benchmark=self.benchmark.name,
            translator=self.translator if spec.baseline is None else "none",
            data=self._path.name,
            data_sha256=digest,
            split=spec.split,
            assistant=spec.assistant,
            model=spec.model,
            baseline=spec.baseline,
            candidates=spec.options.candidates,
            samples=spec.samples,
            seed=spec.seed,
            seconds=spec.budget.seconds,
            attempts=spec.budget.attempts,
            tokens=spec.budget.tokens,
            money=spec.budget.money,
            memory_mb=spec.budget.memory_mb,
            quod=quod.__version__,
        )

    def rows(self) -> Iterator[Row]:
        """Every row of the data, with the run's budget and what is known to be bad."""
        spec = self.spec
        choice = "llm" if self.translator == "llm" else "controlled"
        options = spec.options.model_copy(update={"translator": choice, "seed": spec.seed})
        setting = Setting(self.translator, options, spec.assistant, spec.split, spec.seed)
        for row in self.benchmark.rows(self._path, setting):
            reason = self._bad.get(row.id, row.known_bad)
            yield replace(row.within(spec.budget), known_bad=reason)

    def _choose(self) -> list[str]:
        choice = self.spec.choice
        tests = choice.tests()
        everything = set()
        ids = []
        for row in self.rows():
            everything.add(row.id)
            if (choice.ids is None or row.id in choice.ids) and all(test(row) for test in tests):
                ids.append(row.id)
        if choice.ids is not None and (unknown := choice.ids - everything):
            raise InputError(f"no row has the id '{min(unknown)}'")
        if choice.shuffle:
            random.Random(self.spec.seed).shuffle(ids)
        if not ids:
            raise InputError("no row passes the filters", hint="see `category` and `id` of the data's rows")
        return ids[: choice.limit]

    def tasks(self, done: set[tuple[str, int]]) -> Iterator[Task]:
        """What is left to run, in the data's order."""
        wanted = set(self.ids)
        for row in self.rows():
            if row.id not in wanted:
                continue
            for sample in range(self.spec.samples):
                if (row.id, sample) not in done:
                    yield Task(row, sample)

    def run(self, folder: RunFolder, cancel: Cancel | None = None) -> Iterator[Finished]:
        """Run what is not done yet; each result is on disk before it is yielded."""
        spec = self.spec
        finished = run_tasks(
            self.tasks(folder.done()),
            _Prepared(spec.benchmark, spec.prepare),
            concurrency=spec.concurrency,
            processes=spec.processes,
            cancel=cancel,
        )
        for item in finished:
            folder.append(
                Record(
                    row=item.task.row.id,
                    sample=item.task.sample,
                    result=item.result.as_json(),
                    text=item.task.row.cases[0].problem.text[:20_000],
                    answers=tuple(trimmed(answer) for answer in item.answers),
                )
            )
            yield item


def scores_of(folder: RunFolder, ids: list[str] | None = None) -> Scores:
    """The figures of a run folder (of some of its rows)."""
    wanted = None if ids is None else set(ids)
    records = (RowResult.from_json(r.result) for r in folder.records() if wanted is None or r.row in wanted)
    return score(records)
