"""What goes over the wire besides the core vocabulary."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from quod.api.exact import exact
from quod.core.answer import Answer
from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.model import Frozen
from quod.core.problem import FORMAL_ONLY, MAX_FORMAL_CHARS, MAX_TEXT_CHARS, ContextItem, Options, Problem
from quod.workers.states import JobKind, JobState

__all__ = [
    "BatchView",
    "CheckBatch",
    "CheckBatchAnswer",
    "CheckRequest",
    "Clarification",
    "JobPage",
    "JobRequest",
    "JobView",
    "Webhook",
    "WireProblem",
]

JOB_ID = r"^[0-9a-f]{32}$"


def _saying_something(text: str) -> str:
    if "\x00" in text or not text.strip():
        raise ValueError("it is empty or contains NUL bytes")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it contains half of a surrogate pair, which is no character") from None
    return text


Said = Annotated[
    str,
    AfterValidator(_saying_something),
    # \u001c to \u001f and \u0085 are blank to Python and not to the regular expressions of JSON Schema
    Field(min_length=1, json_schema_extra={"pattern": r"^[^\u0000]*[^\s\u0000\u001c-\u001f\u0085][^\u0000]*$"}),
]
"""Text with something in it. The validator is linear in time, which a search for the pattern need not be."""


class Wire(Frozen):
    """The core vocabulary puts off building its validators, so that the command line starts fast; FastAPI builds its
    own from these when the application is made."""

    model_config = ConfigDict(defer_build=False)


class Webhook(Wire):
    """Whom to tell when the job has ended."""

    url: str = Field(max_length=2000, examples=["https://example.org/quod"], json_schema_extra={"format": "uri"})
    """An https URL on a public address."""
    secret: str = Field(min_length=16, max_length=200, pattern=r"^[ -~]+$", examples=["a-long-random-secret"])
    """Printable ASCII. Key of the HMAC-SHA256 signature in `webhook-signature` (Standard Webhooks)."""


WireBudget = Annotated[Budget, exact(Budget)]
WireOptions = Annotated[Options, exact(Options)]


class WireProblem(Problem):
    """A problem in plain language."""

    model_config = ConfigDict(defer_build=False)

    text: Annotated[Said, Field(max_length=MAX_TEXT_CHARS)]
    """The problem, in words."""
    budget: WireBudget = Field(default_factory=Budget)
    options: WireOptions = Field(default_factory=Options)

    def problem(self) -> Problem:
        """The problem alone."""
        return Problem.model_construct(**{name: getattr(self, name) for name in Problem.model_fields})


class JobRequest(WireProblem):
    """A problem in plain language, and whom to tell of its answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Every wumpus is not shy. Rex is a wumpus. True or false: Rex is shy."},
                {
                    "text": "A baker makes loaves and rolls. Each loaf takes 3 hours and each roll takes 1 hour. There "
                    "are 40 hours. The profit is $5 per loaf and $2 per roll. How many of each maximize the profit?",
                    "formalism": "milp",
                    "budget": {"seconds": 30},
                },
            ]
        }
    )

    webhook: Webhook | None = None


class CheckRequest(Wire):
    """A formal text to solve and certify; nothing is translated."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "(set-logic QF_UF)(declare-const p Bool)(assert (and p (not p)))(check-sat)"},
                {
                    "text": "fof(a, axiom, ![X]: (wumpus(X) => ~shy(X))). fof(b, axiom, wumpus(rex)). "
                    "fof(c, conjecture, ~shy(rex))."
                },
            ]
        }
    )

    text: Annotated[Said, Field(max_length=MAX_FORMAL_CHARS)]
    """The formal text, in the language of the formalism."""
    words: Said = Field(default=FORMAL_ONLY, max_length=20_000)
    """The problem in words, if it is to be quoted in diagnostics."""
    context: tuple[ContextItem, ...] = ()
    budget: WireBudget = Field(default_factory=Budget)
    options: WireOptions = Field(default_factory=Options)


class CheckBatch(Wire):
    """Formal texts to check side by side."""

    items: tuple[CheckRequest, ...] = Field(min_length=1, max_length=256)


class CheckBatchAnswer(Wire):
    """One entry for each item, in order: the finished job with its answer, or the job still running."""

    items: tuple[JobView, ...]


class Clarification(Wire):
    """The person's answer to the question of a job that needs clarification. Gives a new job."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "Every dog is an animal."}]})

    answer: Annotated[Said, Field(max_length=20_000)] | None = None
    """A sentence to add to the problem's text."""
    text: Annotated[Said, Field(max_length=MAX_TEXT_CHARS)] | None = None
    """Or: the whole problem said anew."""
    formalism: Formalism | None = None
    """Or: the formalism to read it in."""
    options: WireOptions | None = None
    """Or: the options that settle it."""


class JobView(Wire):
    """A job as its owner sees it."""

    id: str = Field(pattern=JOB_ID)
    kind: JobKind
    state: JobState
    formalism: str | None
    queue: str
    submitted: datetime
    started: datetime | None
    finished: datetime | None
    deliveries: int
    """How often a worker has started it."""
    cancel_requested: bool
    status: str | None
    """The answer's status, once there is one."""
    conclusion: str | None
    batch: str | None
    parent: str | None
    """The job whose question this one answers."""
    events: int
    """The number of the last event."""
    links: dict[str, str]
    answer: Answer | None = None
    """The answer, once there is one; left out of lists."""


class JobPage(Wire):
    """Some jobs, newest first."""

    jobs: tuple[JobView, ...]
    next: str | None
    """Pass as `cursor` to go on; null at the end."""


class BatchView(Wire):
    """A batch of jobs."""

    id: str = Field(pattern=JOB_ID)
    created: datetime
    total: int
    states: dict[str, int]
    """How many of its jobs are in each state."""
    done: bool
    """Whether all have ended."""
    links: dict[str, str]
