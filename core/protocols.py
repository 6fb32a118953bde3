"""What a backend and a translator are. They do not know each other: both know only this."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pydantic import Field

from quod.core.assurance import Assurance, Certificate, Claim
from quod.core.diagnostics import Diagnostic
from quod.core.faithfulness import Faithfulness
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import Frozen, JsonDict
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.verdict import Verdict

__all__ = ["Backend", "CheckResult", "Divergence", "EngineInfo", "Equivalence", "Mended", "Translation", "Translator"]


class EngineInfo(Frozen):
    """One engine a backend can use, for ``quod doctor``."""

    name: str
    version: str | None = None
    """None when it is not installed."""
    licence: str = ""
    optional: bool = False
    note: str = ""
    """What it is for, or how to get it when it is missing."""


class CheckResult(Frozen):
    """What came of one formal text: parsed, linted, solved, certified."""

    verdict: Verdict | None = None
    """None when the text could not be read; the diagnostics then hold at least one error."""
    certificate: Certificate | None = None
    assurance: Assurance = Assurance.NONE
    """Of the main conclusion."""
    claims: tuple[Claim, ...] = ()
    """Other statements made, each with its own assurance."""
    diagnostics: tuple[Diagnostic, ...] = ()
    words: str = ""
    """The answer in words, made deterministically from the formal result."""
    data: JsonDict = Field(default_factory=dict)
    """The answer for programs."""
    formalization: Formalization | None = None
    """The text that was solved, where deterministic mending changed what was handed in."""
    question: str | None = None
    """A clarifying question, when the person's answer to it would settle the matter."""
    suffices: bool = False
    """Whether a feasible point is all that was asked: the formal text wants nothing to be best."""
    timings: dict[str, float] = Field(default_factory=dict)
    """Seconds by stage: parse, solve, certify; and ``engine``, the time inside engines."""


class Divergence(Frozen):
    """One sentence that two formalizations read differently."""

    words: str
    """The sentence, in the problem's words where they are known."""
    first: str
    """What the first says, read back; empty where it has no such sentence."""
    second: str
    situation: str = ""
    """A case in which one reading is true and the other is not, in words; empty where none is known."""
    first_true: bool | None = None
    """Whether it is the first reading that is true in the situation."""


class Equivalence(Frozen):
    """Whether two formalizations of one text say the same."""

    equivalent: bool | None
    """None when it could not be decided within the limits."""
    level: str = ""
    """How it was decided, strongest first; each backend documents its levels."""
    difference: str = ""
    """Where they differ: a distinguishing model or point, phrased for a person."""
    sentences: tuple[Divergence, ...] = ()
    """The sentences that say different things, where they could be told apart."""
    data: JsonDict = Field(default_factory=dict)


class Mended(Frozen):
    """A text after deterministic syntax mending, with a note for each change."""

    text: str
    notes: tuple[Diagnostic, ...] = ()


@runtime_checkable
class Backend(Protocol):
    """Formal text to checked answer. One instance serves many threads; it never raises for what a text says."""

    formalism: Formalism

    def check(self, formalization: Formalization, problem: Problem, run: Run) -> CheckResult:
        """Parse, lint, solve and certify. Raises only Cancelled and InfrastructureError."""
        ...

    def lint(self, formalization: Formalization, problem: Problem) -> tuple[Diagnostic, ...]:
        """Parse and lint only: every problem found, none solved. Calls no engine."""
        ...

    def mend(self, text: str) -> Mended:
        """Repair notation without touching meaning: code fences, prose around the text, look-alike symbols."""
        ...

    def read_back(self, formalization: Formalization, problem: Problem) -> str:
        """The formal text in words, deterministically, one statement a line."""
        ...

    def equivalent(self, a: Formalization, b: Formalization, problem: Problem, run: Run) -> Equivalence:
        """Whether two formalizations of the same problem say the same, names aside."""
        ...

    def schema(self) -> JsonDict | None:
        """JSON schema a model's output is constrained by, for languages that are JSON."""
        ...

    def engines(self) -> tuple[EngineInfo, ...]:
        """Which engines it knows and which are at hand."""
        ...


class Translation(Frozen):
    """Language to formal text, or an abstention that names the words it could not read."""

    formalization: Formalization | None = None
    faithfulness: Faithfulness | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    problem: Problem | None = None
    """The problem with options or context the translator settled (for instance its semantics), if it did."""
    understood: float = Field(default=0.0, ge=0, le=1)
    """On abstention: the share of the text that was accounted for, to tell which grammar came nearest."""
    question: str | None = None


@runtime_checkable
class Translator(Protocol):
    """Problem to formal text."""

    name: str
    formalism: Formalism

    def translate(self, problem: Problem, run: Run) -> Translation:
        """A formalization, or None with diagnostics. Raises only Cancelled and InfrastructureError."""
        ...
