"""APOLLO's recursion: keep what checks, prove what is left as lemmas of their own, put together, check the whole.

The backend takes a failed proof apart (its ``heal``: foreign tactics corrected, automation tried on every goal) and
names the goals that are left. The model is asked for each as a statement of its own; a proof of it that fails is taken
apart in turn, down to ``DEPTH``. Nothing is believed before the kernel has taken the whole file from scratch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from quod.backends.itp.types import Goal
from quod.backends.registry import get_backend, outline_of
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem, Problem
from quod.core.protocols import Backend, Translator
from quod.core.run import Run
from quod.core.verdict import Conclusion

__all__ = ["Isolation", "isolable"]

DEPTH = 2
_MOST_LEMMAS = 6
_TRIES = 3
"""How often the model is asked for one lemma."""


class _Hole(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def goal(self) -> Goal | None: ...
    @property
    def lemma(self) -> str: ...


class _Healed(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def open_holes(self) -> tuple[_Hole, ...]: ...


@runtime_checkable
class _Healing(Protocol):
    """A backend that can take proofs apart."""

    def heal(self, formalization: Formalization, problem: Problem, run: Run) -> _Healed | None: ...

    def fill(self, healed: object, proofs: Mapping[int, str]) -> str: ...


def isolable(formalization: Formalization | None) -> bool:
    """Whether there is a proof in it that its backend can take apart."""
    if formalization is None or not isinstance(get_backend(formalization.formalism), _Healing):
        return False
    return any(e.name == "proof" for e in outline_of(formalization))


class Isolation:
    """One problem's recursion. It ends by the run's budget, its depth, and the lemmas it may ask for."""

    def __init__(self, run: Run, translator: Translator) -> None:
        self._run = run
        self._translator = translator
        self._lemmas_left = _MOST_LEMMAS

    def whole(self, candidate: Formalization, problem: Problem, depth: int = DEPTH) -> Formalization | None:
        """The candidate with every hole closed, still to be checked; None if some hole stays open."""
        backend = get_backend(candidate.formalism)
        assert isinstance(backend, _Healing)
        healed = backend.heal(candidate, problem, self._run)
        if healed is None:
            return None
        left = healed.open_holes
        self._run.emit("isolated", {"depth": DEPTH - depth, "left": [hole.lemma[:500] for hole in left]})
        if not left:
            return candidate.model_copy(update={"text": healed.text})
        if depth < DEPTH and any(_asked(problem, hole) for hole in left):
            return None  # nothing was gained: the hole is the lemma itself
        proofs: dict[int, str] = {}
        for hole in left:
            proof = self._lemma(candidate, problem, hole, depth)
            if proof is None:
                return None  # one open goal and the whole cannot stand: no call is spent on the others
            proofs[hole.number] = proof
        return candidate.model_copy(update={"text": backend.fill(healed, proofs)})

    def _lemma(self, candidate: Formalization, problem: Problem, hole: _Hole, depth: int) -> str | None:
        """A proof of one hole that the kernel takes; asked for, and taken apart if it fails."""
        if not hole.lemma or depth <= 0:
            return None
        backend: Backend = get_backend(candidate.formalism)
        stated = f"{_header(candidate)}{hole.lemma}\n"
        suffix = "v" if candidate.formalism == "rocq" else "lean"
        asked = problem.model_copy(
            update={
                "text": f"Prove exactly this statement: repeat it with its header and add a proof:\n{stated}",
                "context": (ContextItem(name=f"lemma.{suffix}", content=stated),),
            }
        )
        for number in range(_TRIES):
            if self._lemmas_left <= 0 or self._run.seconds_left <= 0:
                return None
            self._lemmas_left -= 1
            options = asked.options.model_copy(update={"seed": asked.options.seed + number})
            reply = self._translator.translate(asked.model_copy(update={"options": options}), self._run).formalization
            if reply is None:
                continue
            proof = self._checked(backend, reply, asked)
            if proof is None and depth > 1 and isolable(reply):
                mended = self.whole(reply, asked, depth - 1)
                proof = None if mended is None else self._checked(backend, mended, asked)
            self._run.emit("lemma", {"hole": hole.number, "try": number + 1, "proved": proof is not None})
            if proof is not None:
                return proof
        return None

    def _checked(self, backend: Backend, reply: Formalization, asked: Problem) -> str | None:
        """The proof in a reply, if the kernel takes it for the lemma."""
        result = backend.check(reply, asked, self._run)
        proved = result.verdict is not None and result.verdict.conclusion is Conclusion.PROVED
        if not proved:
            return None
        return next((part_of(reply, e.name) for e in outline_of(reply) if e.name == "proof"), None)


def _asked(problem: Problem, hole: _Hole) -> bool:
    """Whether a hole is, but for its name, the lemma that was asked for."""
    said = " ".join(hole.lemma.split()[2:])
    return bool(said) and any(" ".join(item.content.split()).endswith(said) for item in problem.context)


def _header(formalization: Formalization) -> str:
    return part_of(formalization, "header")


def part_of(formalization: Formalization, name: str) -> str:
    """The part of a proof text as it stands: header, statement or proof."""
    element = next((e for e in outline_of(formalization) if e.name == name), None)
    if element is None:
        return ""
    lines = formalization.text.splitlines(keepends=True)
    span = element.span
    start = sum(map(len, lines[: span.line - 1])) + span.column - 1
    end_line, end_column = span.end_line or span.line, span.end_column or span.column
    end = sum(map(len, lines[: end_line - 1])) + end_column - 1
    return formalization.text[start:end]
