"""What a benchmark is: rows read from its authors' files, a way to score an answer, and its gold where it has any."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from quod.core.answer import Answer
from quod.core.budget import Budget
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Options, Problem

__all__ = ["Benchmark", "Case", "Grade", "Row", "Setting", "json_lines"]


@dataclass(frozen=True)
class Case:
    """One question put to quod for a row, and how its answer is graded."""

    problem: Problem
    grade: Callable[[Answer], Grade]
    gold: Formalization | None = None
    """The formal text to check, in gold runs; else the problem's words are solved."""


@dataclass(frozen=True)
class Grade:
    """Right, wrong, or abstained (None), with what was expected and what came."""

    right: bool | None
    expected: str = ""
    got: str = ""


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


class Benchmark(Protocol):
    """A named benchmark."""

    name: str
    formalism: Formalism
    translators: tuple[str, ...]
    """The ``--translator`` values that make sense for it, the default first."""

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        """The rows of a data file. Raises InputError naming file and line for data that cannot be read."""
        ...


def json_lines(path: Path, *required: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file. Raises InputError naming file, line and what is missing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"cannot read '{path}': {error.strerror}", code="input.unreadable") from None
    except UnicodeDecodeError as error:
        raise InputError(f"'{path}' is not UTF-8 text: {error.reason} at byte {error.start}") from None
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}, line {number}: not JSON: {error}") from None
        if not isinstance(row, dict):
            raise InputError(f"{path}, line {number}: expected an object, found {type(row).__name__}")
        absent = [key for key in required if key not in row]
        if absent:
            raise InputError(f"{path}, line {number}: missing {', '.join(absent)}")
        name = str(row.get("id", number))
        if name in seen:
            raise InputError(f"{path}, line {number}: id '{name}' stands on line {seen[name]} already")
        seen[name] = number
        yield row
    if not seen:
        raise InputError(f"'{path}' has no rows")
