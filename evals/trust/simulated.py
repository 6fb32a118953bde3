"""A simulated model, to measure the loop without a real one. It is no language model, and its figures say so.

It knows the gold. It starts from a mutant, and in each round it restores what the feedback *locates* (a line, a
quoted name, words of the problem) with a probability that is its strength; when the feedback locates none of what is
wrong, it guesses right rarely and otherwise changes something else at random, as models do that are told no more than
"that was wrong". Three kinds of feedback are compared: quod's diagnostics, the bare first error message (which counts
as locating whatever line or symbol it names), and none.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from quod.core.diagnostics import Diagnostic, Severity
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import Translation
from quod.core.run import Run
from quod.evals.trust.mutation import Operator, mutate
from quod.translators.llm.client import Usage

__all__ = ["STRENGTHS", "Feedback", "SimulatedModel", "Strength"]


class Feedback(StrEnum):
    """What the simulated model is told."""

    QUOD = "quod"
    RAW = "raw"
    """The first error's message, and the line where a parser would name one."""
    NONE = "none"
    """Only that it was wrong."""


@dataclass(frozen=True)
class Strength:
    """How well it uses what it is told."""

    located: float
    """Probability of restoring a fault that the feedback locates."""
    guess: float
    """Probability of finding a fault by itself."""


STRENGTHS = {
    "weak": Strength(located=0.6, guess=0.02),
    "medium": Strength(located=0.85, guess=0.08),
    "strong": Strength(located=0.97, guess=0.25),
}
_SYMBOL = re.compile(r"\b(?:[A-Za-z_]+\d+\w*|\w+_\w+)\b")
_QUOTED = re.compile(r"['‘“\"`]([^'’”\"`\n]{1,80})['’”\"`]")


def _symbols(message: str) -> set[str]:
    """What a message names: what it quotes, and words that are no English (``b6``, ``arm-empty`` without quotes)."""
    return set(_QUOTED.findall(message)) | set(_SYMBOL.findall(message))


class SimulatedModel:
    """Implements :class:`quod.repair.mender.Mender`."""

    def __init__(
        self,
        gold: Formalization,
        mutant: str,
        strength: Strength,
        feedback: Feedback,
        operators: tuple[Operator, ...],
        rng: random.Random,
    ) -> None:
        self.name = "simulated"
        self.formalism = gold.formalism
        self._gold = gold
        self._mutant = mutant
        self._strength = strength
        self._feedback = feedback
        self._operators = operators
        self._rng = rng
        self._calls = 0

    @property
    def usage(self) -> Usage:
        """Calls only: it has no tokens."""
        return Usage(calls=self._calls)

    def translate(self, problem: Problem, run: Run) -> Translation:  # noqa: ARG002
        """The mutant."""
        self._calls += 1
        return self._draft(self._mutant)

    def mend(
        self,
        problem: Problem,  # noqa: ARG002
        previous: Formalization,
        diagnostics: tuple[Diagnostic, ...],
        run: Run,  # noqa: ARG002
    ) -> Translation:
        """One round: restore what is located, or guess, or break something else."""
        self._calls += 1
        lines, names = self._told(diagnostics)
        old, new = previous.text.splitlines(), self._gold.text.splitlines()
        result: list[str] = []
        restored = False
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                result += old[i1:i2]
                continue
            located = self._located(lines, names, old[i1:i2], new[j1:j2], i1)
            chance = self._strength.located if located else self._strength.guess
            if self._rng.random() < chance:
                result += new[j1:j2]
                restored = True
            else:
                result += old[i1:i2]
        text = "\n".join(result) + "\n"
        return self._draft(text if restored else self._break(text))

    def _told(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[set[int], set[str]]:
        told = [d for d in diagnostics if d.severity is not Severity.INFO]
        if self._feedback is Feedback.NONE:
            return set(), set()
        if self._feedback is Feedback.RAW:
            first = next((d for d in told if d.severity is Severity.ERROR), None)
            if first is None:
                return set(), set()
            return ({first.span.line} if first.span else set()), _symbols(first.message)
        lines = {d.span.line for d in told if d.span is not None and d.file is None}
        # "… may be missing before it" also speaks of the line before
        lines |= {d.span.line - 1 for d in told if d.span is not None and "before" in (d.hint or "")}
        names = {name for d in told for name in _symbols(f"{d.message} {d.hint or ''}")}
        names |= {d.source for d in told if d.source} | {str(d.data["element"]) for d in told if d.data.get("element")}
        return lines, {name for name in names if len(name) > 1}

    def _located(self, lines: set[int], names: set[str], old: list[str], new: list[str], start: int) -> bool:
        if any(start < line <= start + max(1, len(old)) for line in lines):
            return True
        touched = "\n".join([*old, *new])
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", touched) for name in names)

    def _break(self, text: str) -> str:
        for operator in self._rng.sample(self._operators, len(self._operators)):
            made = mutate(operator, text, self._rng)
            if made:
                return made[0].text
        return text

    def _draft(self, text: str) -> Translation:
        formalization = self._gold.model_copy(update={"text": text, "source_map": ()})
        level = Faithfulness(level=FaithfulnessLevel.UNCHECKED, note="simulated model")
        return Translation(formalization=formalization, faithfulness=level)
