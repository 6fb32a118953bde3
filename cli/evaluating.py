"""What `quod eval` shows: a live table on a terminal, plain lines otherwise, and the figures at the end."""

from __future__ import annotations

import math
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from quod.cli.show import show_answer
from quod.core.answer import Answer
from quod.core.errors import InputError
from quod.core.plain import plain
from quod.core.run import Cancel
from quod.evals.comparing import Comparison
from quod.evals.pool import Finished
from quod.evals.running import Plan, scores_of
from quod.evals.runs import Record, RunFolder
from quod.evals.scores import Counts, Scores

__all__ = ["follow", "show_comparison", "show_record", "show_summary", "wipe"]

_PLAIN_SECONDS = 15.0


def follow(plan: Plan, folder: RunFolder, *, quiet: bool, cancel: Cancel) -> tuple[Scores, bool]:
    """Run a plan to its end or to Ctrl-C, showing how it goes; the figures so far, and whether it was stopped."""
    scores = scores_of(folder, plan.ids)
    before = scores.all.n - scores.all.errors
    total = len(plan.ids) * plan.spec.samples
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    watcher: _Quiet = _Quiet() if quiet else _Live(console, total) if console.is_terminal else _Lines(console, total)
    watcher.resumed(before)
    # scores are kept from what is on disk; errors there are run again and must not be counted twice
    live = scores_of_done(folder, plan.ids)
    with _interruptible(cancel), watcher:
        for finished in plan.run(folder, cancel):
            live.add(finished.result)
            watcher.update(finished, live)
    return scores_of(folder, plan.ids), cancel.requested


def scores_of_done(folder: RunFolder, ids: list[str]) -> Scores:
    """The figures of what need not be run again."""
    from quod.evals.runner import RowResult
    from quod.evals.scores import score

    wanted = set(ids)
    results = (RowResult.from_json(r.result) for r in folder.records() if r.row in wanted)
    return score(r for r in results if r.outcome != "error")


@contextmanager
def _interruptible(cancel: Cancel) -> Iterator[None]:
    """Ctrl-C stops in order, keeping what is done; a second one interrupts at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
        if cancel.requested:
            raise KeyboardInterrupt
        cancel.set()

    previous = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


class _Quiet:
    def __enter__(self) -> _Quiet:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def resumed(self, done: int) -> None:
        """Told once, how many samples were done before."""

    def update(self, finished: Finished, scores: Scores) -> None:
        """Told after each sample."""


class _Lines(_Quiet):
    """For logs: a line for what is not right, and one for progress now and then."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._started = self._last = time.monotonic()
        self._before = 0

    def resumed(self, done: int) -> None:
        self._before = done
        if done:
            self._console.print(f"resuming: {done} of {self._total} done", markup=False)

    def update(self, finished: Finished, scores: Scores) -> None:
        result = finished.result
        if result.outcome != "right":
            self._console.print(plain(_line(finished)), markup=False, soft_wrap=True)
        now = time.monotonic()
        if now - self._last >= _PLAIN_SECONDS:
            self._last = now
            self._console.print(plain(_progress(scores.all, self._total, self._left(scores, now))), markup=False)

    def _left(self, scores: Scores, now: float) -> float | None:
        return time_left(scores.all.n - self._before, self._total - scores.all.n, now - self._started)


class _Live(_Quiet):
    """For people: a table and a bar that stay in place."""

    def __init__(self, console: Console, total: int) -> None:
        self._total = total
        self._before = 0
        self._started = time.monotonic()
        self._bar = Progress(
            BarColumn(bar_width=None), MofNCompleteColumn(), TextColumn("{task.fields[left]}"), expand=True
        )
        self._task = self._bar.add_task("", total=total, left="")
        self._live = Live(console=console, refresh_per_second=5, transient=True)
        self._recent: list[Text] = []

    def __enter__(self) -> _Live:
        self._live.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._live.__exit__(None, None, None)

    def resumed(self, done: int) -> None:
        self._before = done
        self._bar.update(self._task, completed=done)

    def update(self, finished: Finished, scores: Scores) -> None:
        counts = scores.all
        elapsed = time.monotonic() - self._started
        left = time_left(counts.n - self._before, self._total - counts.n, elapsed)
        self._bar.update(self._task, completed=counts.n, left="" if left is None else f"about {_duration(left)} left")
        if finished.result.outcome in {"wrong", "error"}:
            style = "bold red" if finished.result.verified else "red"
            self._recent = [
                *self._recent[-4:],
                Text(plain(_line(finished)), style=style, overflow="ellipsis", no_wrap=True),
            ]
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
        for name in (
            "done",
            "verified",
            "right",
            "wrong",
            "wrong but verified",
            "abstained",
            "errors",
            "tokens",
            "cost",
        ):
            table.add_column(name, justify="right")
        money = "–" if scores.money is None else f"${scores.money:.2f}"
        table.add_row(
            f"{counts.n} of {self._total}",
            str(counts.verified),
            Text(str(counts.right), style="green"),
            Text(str(counts.wrong), style="red" if counts.wrong else ""),
            Text(str(counts.wrong_verified), style="bold red" if counts.wrong_verified else ""),
            str(counts.abstained),
            str(counts.errors),
            f"{scores.tokens:,}",
            money,
        )
        self._live.update(Group(table, self._bar, *self._recent))


def time_left(done: int, left: int, elapsed: float) -> float | None:
    """Seconds to go at the pace so far; None before anything is done."""
    return None if done <= 0 else max(0.0, elapsed / done * left)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _progress(counts: Counts, total: int, left: float | None) -> str:
    words = f"{counts.n} of {total}: {counts.right} right, {counts.wrong} wrong, {counts.abstained} abstained"
    words += f", {counts.verified} verified, {counts.errors} errors"
    return words if left is None else f"{words}; about {_duration(left)} left"


def _line(finished: Finished) -> str:
    result = finished.result
    got = f"expected {result.expected}, got {result.got}" if result.outcome == "wrong" else result.note[:160]
    sample = f" (sample {result.sample})" if result.sample else ""
    mark = " VERIFIED" if result.outcome == "wrong" and result.verified else ""
    return f"{result.outcome + mark:<10} {result.id}{sample}: {got}"


def show_summary(console: Console, name: str, scores: Scores, k: int) -> None:
    """The figures of a run, for people."""
    counts = scores.all
    console.print(Text(f"{name}: {counts.n} samples of {len(scores.samples)} rows", style="bold"))
    for label, words in _summary_lines(scores, k):
        text = Text("  ")
        text.append(f"{label:<22}", style="bold")
        text.append(plain(words))
        console.print(text)


def _summary_lines(scores: Scores, k: int) -> Iterator[tuple[str, str]]:
    counts = scores.all
    yield "answered", f"{counts.answered} ({counts.right} right, {counts.wrong} wrong), {counts.abstained} abstained"
    yield "verified", f"{counts.verified}, of them wrong: {counts.wrong_verified}"
    if counts.unlabelled:
        yield "no label", f"{counts.unlabelled} of the abstained were answered, but there is nothing to compare with"
    if counts.errors:
        yield "infrastructure errors", f"{counts.errors} (not counted below; run again to have them done)"
    yield "accuracy", str(counts.accuracy)
    yield "coverage", str(counts.coverage)
    yield "precision", str(counts.precision)
    yield "precision if verified", str(counts.precision_verified)
    if counts.n != scores.sound.n:
        bad = counts.n - scores.sound.n
        sound = scores.sound
        yield "on sound rows", f"accuracy {sound.accuracy}, precision {sound.precision} ({bad} rows known to be bad)"
    if k > 1:
        passed, rows = scores.pass_at(k)
        yield f"pass@{k}", "–" if math.isnan(passed) else f"{100 * passed:.1f}% over {rows} rows"
    for name, (mean, rows) in scores.named.items():
        yield name, f"{100 * mean:.1f}% over {rows} rows"
    yield "assurance", _tally(scores.by_assurance)
    yield "faithfulness", _tally(scores.by_faithfulness)
    stages = ", ".join(f"{stage} {spent:.1f}" for stage, spent in sorted(scores.stages.items()))
    yield (
        "seconds",
        f"{scores.seconds:.1f}, of them engines {scores.engine_seconds:.1f}" + (f" ({stages})" if stages else ""),
    )
    if scores.model_calls:
        money = "" if scores.money is None else f", ${scores.money:.4f}"
        yield "model", f"{scores.model_calls} calls, {scores.tokens:,} tokens{money}"


def _tally(counts: Any) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "–"


def show_record(console: Console, record: Record) -> None:
    """One row of a run: its text and each answer in full."""
    result = record.result
    head = Text(f"{record.row}  ", style="bold")
    head.append(plain(f"{result.get('outcome')}: expected {result.get('expected')}, got {result.get('got')}"))
    console.print(head)
    if record.text:
        console.print(Padding(Text(plain(record.text)), (0, 0, 1, 2)))
    for raw in record.answers:
        answer = Answer.model_validate(raw)
        show_answer(console, answer)
        for attempt in answer.attempts:
            came = attempt.verdict.conclusion if attempt.verdict else "not readable"
            parent = f" from {attempt.parent}" if attempt.parent else ""
            words = f"attempt {attempt.number}{parent} by {attempt.strategy}: {came} [{attempt.assurance}]"
            console.print(Padding(Text(plain(words), style="dim"), (0, 0, 0, 2)))


def show_comparison(console: Console, result: Comparison, first: str, second: str) -> None:
    """Two runs in pairs."""
    paired = result.paired
    console.print(Text(f"{first} against {second}, {paired.n} pairs", style="bold"))
    console.print(
        plain(f"  right in {first} only: {paired.only_first}; in {second} only: {paired.only_second}"), markup=False
    )
    if paired.n:
        share = f"{100 * paired.difference:+.1f} points [{100 * paired.low:+.1f}, {100 * paired.high:+.1f}]"
        console.print(
            f"  difference {share} (95%, paired bootstrap); McNemar's exact p = {paired.p_value:.4g}", markup=False
        )
    if result.only_first or result.only_second:
        console.print(f"  not paired: {result.only_first} and {result.only_second} samples", markup=False)
    for name, (a, b) in result.differences.items():
        console.print(plain(f"  {name}: {a} against {b}"), markup=False)
    for label, rows in (("gained", result.gained), ("lost", result.lost)):
        if rows:
            console.print(plain(f"  {label}: {', '.join(rows[:20])}{' …' if len(rows) > 20 else ''}"), markup=False)


def wipe(folder: Path) -> None:
    """Forget a run. Raises InputError for a folder that is none."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / "run.json").exists():
        raise InputError(f"'{folder}' is not empty and holds no run", hint="give another --out")
    shutil.rmtree(folder)
