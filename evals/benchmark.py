"""What a benchmark is: rows read from its authors' files, a way to score an answer, and its gold where it has any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from quod.core.answer import Answer
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Options, Problem

__all__ = ["Benchmark", "Case", "Grade", "Row", "Setting"]


@dataclass(frozen=True)
class Grade:
    """Right, wrong, or abstained (None), with what was expected and what came."""

    right: bool | None
    expected: str = ""
    got: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    """Other scores of the field, each from 0 to 1 (``declarations``, ``optimal``, ``cells``); averaged over rows."""
    unlabelled: bool = False
    """There was an answer, but the row has no label to compare it with."""


@dataclass(frozen=True)
class Case:
    """One question put to quod for a row, and how its answer is graded."""

    problem: Problem
    grade: Callable[[Answer], Grade]
    """Must be picklable: rows are handed to worker processes."""
    gold: Formalization | None = None
    """The formal text to check, in gold runs; else the problem's words are solved."""


@dataclass(frozen=True)
class Row:
    """One row of a benchmark. It is right if all of its cases are, wrong if any is wrong."""

    id: str
    cases: tuple[Case, ...]
    category: str = ""
    known_bad: str = ""
    """Why its label is known to be wrong, where it is."""

    def within(self, budget: Budget) -> Row:
        """The same row with another budget."""
        cases = (replace(c, problem=c.problem.model_copy(update={"budget": budget})) for c in self.cases)
        return replace(self, cases=tuple(cases))


@dataclass(frozen=True)
class Setting:
    """How the rows are to be run."""

    translator: str
    """``gold`` (the formal text is given), ``controlled``, ``llm`` or ``none`` (only a proof is wanted)."""
    options: Options = field(default_factory=Options)
    assistant: str | None = None
    split: str | None = None
    seed: int = 0


class Benchmark(Protocol):
    """A named benchmark."""

    name: str
    summary: str
    """One line for ``quod eval list``."""
    formalism: Formalism
    translators: tuple[str, ...]
    """The ``--translator`` values that make sense for it, the default first."""
    generated: bool
    """Whether its rows are generated from the seed instead of read from a path."""

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        """The rows of a data file or folder. Raises InputError naming file and line for what cannot be read."""
        ...
