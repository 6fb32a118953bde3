"""ZebraLogic's grids and DCP-Bench's constraint problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quod.core.answer import Answer
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.model import JsonValue
from quod.core.problem import Problem, make_problem
from quod.core.verdict import Conclusion
from quod.evals.benchmark import Case, Grade, Row, Setting
from quod.evals.data import find_split, read_rows, require, unique
from quod.evals.grading import NumberGrade, OptionGrade, said

_HOUSE = re.compile(r"(?:[a-z]*_?)(\d+)", re.IGNORECASE)

__all__ = ["DCP_BENCH", "ZEBRALOGIC", "GridGrade", "SatisfiedGrade"]


@dataclass(frozen=True)
class SatisfiedGrade:
    """For problems that ask for any solution: right if our own constraint checker accepted the one given.

    The checker evaluates the answer's model, which the translator wrote; that is why the score says by whom.
    """

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        expected = "a solution"
        solved = {Conclusion.OPTIMAL, Conclusion.FEASIBLE, Conclusion.UNIQUE, Conclusion.SEVERAL}
        if answer.conclusion in {Conclusion.INFEASIBLE, Conclusion.NONE}:
            return Grade(False, expected, str(answer.conclusion))
        if answer.conclusion not in solved:
            return Grade(None, expected, said(answer))
        accepted = answer.certificate is not None and answer.certificate.accepted
        got = "a solution our checker accepts" if accepted else "a solution our checker does not accept"
        return Grade(accepted or None, expected, got, {"satisfied (our own checker)": float(accepted)})


@dataclass(frozen=True)
class _DcpBench:
    """Constraint problems with data as published text (never executed) and objective values of reference models."""

    name: str = "dcp_bench"
    summary: str = "constraint programming: satisfaction and optimisation"
    formalism: Formalism = Formalism.MILP
    translators: tuple[str, ...] = ("controlled", "llm")
    generated: bool = False

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        seen: dict[str, str] = {}
        for place, raw in read_rows(find_split(path, setting.split)):
            require(place, raw, "id", "text", "answer")
            data = f"\n\nData:\n{raw['data']}" if raw.get("data") else ""
            problem = make_problem(text=raw["text"] + data, formalism=self.formalism, options=setting.options)
            answer = raw["answer"] or {}
            objective = answer.get("objective") if isinstance(answer, dict) else None
            grade = SatisfiedGrade() if objective is None else NumberGrade((float(objective),))
            unproved = isinstance(answer, dict) and answer.get("status") == "UNKNOWN"
            yield Row(
                id=unique(seen, str(raw["id"]), place),
                cases=(Case(problem, grade),),
                category=str(raw.get("type", "")),
                known_bad="the reference model's optimum is not proven" if unproved else "",
            )


@dataclass(frozen=True)
class GridGrade:
    """Right if every cell of the grid is; ``cells`` scores the share that is."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        expected = "; ".join(" ".join(row) for row in self.rows)
        if answer.conclusion is not Conclusion.UNIQUE:
            contradicts = answer.conclusion in {Conclusion.NONE, Conclusion.SEVERAL, Conclusion.INCONSISTENT}
            return Grade(False if contradicts else None, expected, said(answer))
        placed = positions(answer.data)
        cells = [(row[0], value) for row in self.rows for value in row[1:]]
        hits = sum(1 for house, value in cells if placed.get(_key(value)) == house)
        share = {"cells": hits / max(1, len(cells))}
        return Grade(hits == len(cells), expected, f"{hits} of {len(cells)} cells", share)


def _key(value: str) -> str:
    return "".join(c for c in value.lower() if c.isalnum())


def positions(data: JsonValue) -> dict[str, str]:
    """Which house each value stands in, from a puzzle's solution (docs/fol.md: functions and predicates).

    Both ways of modelling are read: a function from things to places, or from places to things; and predicates
    over a thing and a place. A place is a whole number, or a name ending in one (``house3``).
    """
    found: dict[str, str] = {}
    answer = data.get("answer") if isinstance(data, dict) else None
    if not isinstance(answer, dict):
        return found
    pairs: list[tuple[str, str]] = []
    functions = answer.get("functions")
    for name, table in functions.items() if isinstance(functions, dict) else ():
        if isinstance(table, dict):
            pairs += [(str(key), str(value)) for key, value in table.items()]
        else:
            pairs.append((name, str(table)))
    predicates = answer.get("predicates")
    for rows in predicates.values() if isinstance(predicates, dict) else ():
        if isinstance(rows, list):
            pairs += [(str(r[0]), str(r[1])) for r in rows if isinstance(r, list) and len(r) == 2]
    for first, second in pairs:
        for thing, place in ((first, second), (second, first)):
            house = _HOUSE.fullmatch(place)
            if house and not _HOUSE.fullmatch(thing):
                found[_key(thing)] = house.group(1)
    return found


@dataclass(frozen=True)
class _ZebraLogic:
    """ZebraLogicBench: ``grid_mode`` (puzzle, solution) and ``mc_mode`` (puzzle, question, choices, answer)."""

    name: str = "zebralogic"
    summary: str = "logic grid puzzles of 2 to 6 houses (loader)"
    formalism: Formalism = Formalism.FOL
    translators: tuple[str, ...] = ("controlled", "llm")
    generated: bool = False

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        seen: dict[str, str] = {}
        for place, raw in read_rows(find_split(path, setting.split)):
            require(place, raw, "id", "puzzle")
            name = unique(seen, str(raw["id"]), place)
            if "choices" in raw:
                require(place, raw, "question", "answer")
                letters = "ABCDEFGHIJ"
                options = [f"{letters[i]}) {choice}" for i, choice in enumerate(raw["choices"])]
                text = "\n".join([raw["puzzle"], raw["question"], *options])
                right = (
                    raw["answer"] if raw["answer"] in letters else letters[list(raw["choices"]).index(raw["answer"])]
                )
                case = Case(self._problem(text, setting), OptionGrade(right))
            else:
                require(place, raw, "solution")
                solution = raw["solution"]
                rows = tuple(tuple(map(str, row)) for row in solution["rows"])
                if any("___" in cell for row in rows for cell in row):
                    raise InputError(
                        f"{place}: the solution is blanked out", hint="ask its authors for the private split"
                    )
                case = Case(self._problem(raw["puzzle"], setting), GridGrade(tuple(solution["header"]), rows))
            yield Row(id=name, cases=(case,), category=str(raw.get("size", "")))

    def _problem(self, text: str, setting: Setting) -> Problem:
        return make_problem(text=text, formalism=self.formalism, options=setting.options)


DCP_BENCH = _DcpBench()
ZEBRALOGIC = _ZebraLogic()
