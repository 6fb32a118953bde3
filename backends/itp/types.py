"""Statements, goals and feedback: the vocabulary both proof assistants speak."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from quod.core.diagnostics import Diagnostic

__all__ = ["Binder", "CheatKind", "FileCheck", "Goal", "Healed", "Hole", "Hypothesis", "Outcome", "Statement"]


@dataclass(frozen=True)
class Binder:
    """One binder group as written: ``(x y : R)``, ``{n : nat}``, ``[Group G]``, or ``x y`` without a type."""

    names: tuple[str, ...]
    """Empty for an instance binder without a name."""
    type: str
    """The type as written; empty where it is left to inference."""
    text: str
    """The whole group as written, brackets included."""

    @property
    def is_typed(self) -> bool:
        """Whether the type is written out."""
        return bool(self.type)


@dataclass(frozen=True)
class Statement:
    """A statement to be proved, cut from a file so that ``header + text`` gives back what was read.

    ``text`` runs from the keyword to the end of the statement sentence (Rocq: its full stop; Lean: ``:= by``).
    """

    header: str
    """Everything before the statement: imports, scopes, auxiliary definitions. Kept to the character."""
    text: str
    keyword: str
    """``Theorem``, ``Lemma``, ``theorem``, …"""
    name: str
    binders: tuple[Binder, ...]
    """The groups between the name and the colon."""
    type: str
    """What stands after the colon, as written."""
    quantified: tuple[Binder, ...] = ()
    """The universally quantified groups at the front of ``type``."""
    hypotheses: tuple[str, ...] = ()
    """Premises of ``type`` after its quantifiers, as written (in binders they are recognised by the assistant)."""
    goal: str = ""
    """What is left of ``type`` when quantifiers and premises are taken off."""
    proof: str = ""
    """What follows the statement; empty for a bare statement."""

    @property
    def source(self) -> str:
        """The statement as it was read, without the proof."""
        return self.header + self.text


@dataclass(frozen=True)
class Hypothesis:
    """One or more names in the context of a goal."""

    names: tuple[str, ...]
    type: str
    value: str | None = None
    """The body, for a local definition."""


@dataclass(frozen=True)
class Goal:
    """A goal at one point of a proof: its context and its conclusion, as printed."""

    hypotheses: tuple[Hypothesis, ...]
    conclusion: str
    text: str = ""
    """As the assistant printed it."""


class Outcome(StrEnum):
    """What came of checking a candidate proof against the pinned statement."""

    PROVED = "proved"
    INCOMPLETE = "incomplete"
    """It stops before the end, or has holes."""
    ERROR = "error"
    """The assistant rejects it."""
    TIMEOUT = "timeout"
    CHEAT = "cheat"
    """The assistant may accept it, but it does not prove the pinned statement honestly; see ``CheatKind``."""
    CRASHED = "crashed"
    """The assistant died, ran out of memory, printed garbage, or is not installed."""


class CheatKind(StrEnum):
    """How a candidate tries to get past the check."""

    STATEMENT = "statement"
    """It proves something else than the pinned statement (or nothing of that name)."""
    AXIOM = "axiom"
    """It rests on an axiom outside the allow-list."""
    UNSOUND = "unsound"
    """It switches off part of the kernel (guard, positivity, universes) or trusts compiled code."""
    COMMAND = "command"
    """It uses a command outside the allow-list: file access, plugins, options, reconfiguration."""
    HOLE = "hole"
    """It hides a hole: an admitted lemma, sorry behind a macro."""


@dataclass(frozen=True)
class FileCheck:
    """The result of one whole-file check."""

    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()
    cheat: CheatKind | None = None
    axioms: tuple[str, ...] = ()
    """What the proof rests on, by name, as the assistant reports it."""
    audited: bool = False
    """Whether pin and axiom audit ran and passed."""
    seconds: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds by stage."""
    peak_mb: float = 0.0

    @property
    def proved(self) -> bool:
        """Whether the pinned statement stands proved: checked, pinned and audited."""
        return self.outcome is Outcome.PROVED and self.audited


@dataclass(frozen=True)
class Hole:
    """A failing step of a candidate, cut out: the goal it stood at."""

    number: int
    """Holes count from 1, in the order they stand in the text."""
    goal: Goal | None
    lemma: str
    """The goal as a statement of its own, with the hypotheses in sight; empty if it could not be printed."""
    failed: str
    """The step that stood here."""
    error: str
    """Why it failed."""
    strategy: str | None = None
    """What the portfolio closed it with; None for a hole that is still open."""


@dataclass(frozen=True)
class Healed:
    """A candidate after repair. Worth nothing until the checker has taken the whole file from scratch."""

    text: str
    """The whole file; complete if ``open_holes`` is empty, else with a hole (admit, sorry) at each of them."""
    holes: tuple[Hole, ...]
    notes: tuple[Diagnostic, ...] = ()
    strategies: tuple[str, ...] = ()
    """What the portfolio used."""

    @property
    def open_holes(self) -> tuple[Hole, ...]:
        """The holes that are left."""
        return tuple(hole for hole in self.holes if hole.strategy is None)
