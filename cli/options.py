"""Options that several commands share, and what they build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from quod.core.budget import Budget
from quod.core.formalism import Formalism
from quod.core.problem import Options, Semantics

__all__ = ["budget_options", "context_option", "json_option", "make_budget", "make_options", "problem_options"]

F = TypeVar("F", bound=Callable[..., Any])

FORMALISMS = [str(f) for f in Formalism]


def context_option(command: F) -> F:
    """``--context FILE``, repeatable."""
    return click.option(
        "--context",
        "context",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Attach a file: a table (CSV, JSON, XLSX), a PDDL domain, a Lean header. Repeatable.",
    )(command)


def json_option(command: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON Answer on standard output.")(command)


def budget_options(command: F) -> F:
    """``--timeout``, ``--engine-timeout``, ``--memory``, ``--attempts``."""
    for decorate in (
        click.option(
            "--attempts", type=click.IntRange(1, 1000), default=6, show_default=True, help="Attempts at most."
        ),
        click.option("--memory", type=click.IntRange(64), default=2048, show_default=True, help="MiB for any engine."),
        click.option(
            "--engine-timeout", type=click.FloatRange(0.01), default=20.0, show_default=True, help="Seconds per engine."
        ),
        click.option(
            "--timeout", type=click.FloatRange(0.01), default=60.0, show_default=True, help="Seconds for everything."
        ),
    ):
        command = decorate(command)
    return command


def problem_options(command: F) -> F:
    """Choices that change what is computed."""
    for decorate in (
        click.option("--relax", is_flag=True, help="milp: solve the continuous relaxation."),
        click.option(
            "--optimal/--any-plan", default=None, help="pddl: insist on a proof of optimality, or do without."
        ),
        click.option(
            "--semantics",
            type=click.Choice([str(s) for s in Semantics]),
            default=None,
            help="fol: how sentences are read (default: classical).",
        ),
    ):
        command = decorate(command)
    return command


def make_budget(timeout: float, engine_timeout: float, memory: int, attempts: int) -> Budget:
    """A Budget from the shared options."""
    return Budget(seconds=timeout, engine_seconds=engine_timeout, memory_mb=memory, attempts=attempts)


def make_options(
    *,
    relax: bool,
    optimal: bool | None,
    semantics: str | None,
    translator: Literal["auto", "controlled", "llm"] = "auto",
    split: bool = False,
) -> Options:
    """Options from the shared options."""
    return Options(
        relax=relax,
        optimal=optimal,
        semantics=Semantics(semantics) if semantics else None,
        translator=translator,
        split=split,
    )
