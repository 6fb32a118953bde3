"""Sections of docs/results.md: each measures one acceptance figure set and renders it.

A part provides ``benchmarks/sections/<part>.py`` with ``sections() -> list[Section]``; ``benchmarks/results.py``
runs them, one process each, remembers finished ones (so a run can be resumed), and writes the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from quod.core.model import JsonDict

__all__ = ["Figures", "Sample", "Section", "table"]


@dataclass(frozen=True)
class Sample:
    """How much of the data to measure."""

    limit: int | None = None
    """At most this many rows of each data set, chosen by ``seed``; None means all."""
    seed: int = 0
    data: Path = Path("../shared/data")
    """The development data."""
    processes: int = 2

    @property
    def smoke(self) -> bool:
        """Whether this is the short run."""
        return self.limit is not None


@dataclass(frozen=True)
class Figures:
    """What was measured: numbers for programs, Markdown for people, and whether the target was met."""

    values: JsonDict
    markdown: str
    met: bool | None = None
    """None where the section has no target; on a smoke run only gross failures make it False."""
    notes: tuple[str, ...] = field(default=())
    seconds: float | None = None
    """What it took in all, where an earlier run that was stopped measured a part of it."""


@dataclass(frozen=True)
class Section:
    """One part of the results page."""

    name: str
    """Unique, for instance ``milp-nl4opt-gold``."""
    title: str
    run: Callable[[Sample], Figures]
    smoke_limit: int = 20
    """Rows of each data set in the smoke run; 0 leaves the section to the full run."""
    cores: int = 2
    """How many cores it keeps busy: sections that need only one are measured two at a time."""


def table(header: list[str], rows: list[list[object]]) -> str:
    """A Markdown table."""

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    body = [line([str(cell) for cell in row]) for row in rows]
    return "\n".join([line(header), line(["---"] * len(header)), *body])
