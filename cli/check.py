"""``quod check``."""

from __future__ import annotations

from pathlib import Path

import click

from quod.cli.answering import answer_and_show, expect_option
from quod.cli.inputs import read_context, read_text
from quod.cli.options import (
    FORMALISMS,
    budget_options,
    context_option,
    json_option,
    make_budget,
    make_options,
    problem_options,
)
from quod.core.diagnostics import Severity
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.plain import plain
from quod.core.problem import FORMAL_ONLY, MAX_FORMAL_CHARS, Problem, make_problem

__all__ = ["check"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--formalism", type=click.Choice(FORMALISMS), required=True)
@context_option
@problem_options
@budget_options
@expect_option
@click.option(
    "--export",
    type=click.Choice(["lp", "mps"]),
    help="milp: print the model with its data in this format, and solve nothing.",
)
@json_option
def check(
    file: Path,
    formalism: str,
    context: tuple[Path, ...],
    relax: bool,
    optimal: bool | None,
    semantics: str | None,
    timeout: float,
    engine_timeout: float,
    memory: int,
    attempts: int,
    expect: str | None,
    export: str | None,
    as_json: bool,
) -> int:
    """Solve and certify formal text from FILE (`-` for standard input); nothing is translated.

    Exit status as for `quod solve`.
    """
    budget = make_budget(timeout, engine_timeout, memory, attempts)
    from_stdin = str(file) == "-"
    text = read_text("-" if from_stdin else None, None if from_stdin else file, MAX_FORMAL_CHARS)
    problem = make_problem(
        text=FORMAL_ONLY,
        formalism=formalism,
        context=read_context(context),
        budget=budget,
        options=make_options(relax=relax, optimal=optimal, semantics=semantics),
    )
    from quod.repair import check as run_check  # late: bad input is refused before anything heavy is loaded
    from quod.repair.given import language_of

    assert problem.formalism is not None
    formalization = Formalization(formalism=problem.formalism, text=text, language=language_of(problem.formalism, text))
    if export is not None:
        return _export(formalization, problem, export)
    return answer_and_show(budget, as_json, expect, lambda run: run_check(formalization, problem, run), quiet=True)


def _export(formalization: Formalization, problem: Problem, language: str) -> int:
    """Print a model for other solvers. Raises InputError for formal text that is no model or not linear."""
    if formalization.formalism is not Formalism.MILP:
        raise InputError(f"only optimization models can be exported as {language}", hint="--formalism milp")
    from quod.backends.milp.backend import MilpBackend

    text, found = MilpBackend().export(formalization, problem, language)
    for error in (d for d in found if d.severity is Severity.ERROR):
        click.echo(plain(str(error)), err=True)
    if not text:
        return 2
    click.echo(text, nl=False)
    return 0
