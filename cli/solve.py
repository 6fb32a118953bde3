"""``quod solve``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

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
from quod.core.problem import MAX_FORMAL_CHARS, make_problem
from quod.core.run import Run

__all__ = ["solve"]


@click.command()
@click.argument("text", required=False)
@click.option(
    "-f", "--file", type=click.Path(path_type=Path), default=None, metavar="FILE", help="Read the problem from a file."
)
@click.option("--formalism", type=click.Choice(["auto", *FORMALISMS]), default="auto", show_default=True)
@click.option(
    "--translator",
    type=click.Choice(["auto", "controlled", "llm"]),
    default="auto",
    show_default=True,
    help="controlled: only the deterministic grammars; llm: only the language model.",
)
@click.option(
    "--split", is_flag=True, help="Let a model split a text of several questions into parts, solved in order."
)
@context_option
@problem_options
@budget_options
@click.option("--model", default=None, metavar="NAME", help="The language model to ask (QUOD_MODEL).")
@click.option(
    "--record",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help="Write every model call and its answer into DIR.",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help="Answer every model call from DIR, and call no model.",
)
@click.option(
    "--answer-file",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="A chat's reply to `quod prompt`: its formal text is solved, and compared with the problem's words.",
)
@expect_option
@click.option("-q", "--quiet", is_flag=True, help="Do not show the stages as they happen.")
@json_option
def solve(
    text: str | None,
    file: Path | None,
    formalism: str,
    translator: Literal["auto", "controlled", "llm"],
    split: bool,
    context: tuple[Path, ...],
    relax: bool,
    optimal: bool | None,
    semantics: str | None,
    timeout: float,
    engine_timeout: float,
    memory: int,
    attempts: int,
    model: str | None,
    record: Path | None,
    replay: Path | None,
    answer_file: Path | None,
    expect: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Answer a problem stated in plain language: TEXT, `-` for standard input, or -f FILE.

    Exit status: 0 verified (with --expect, only if it is that conclusion), 1 any other answer, 2 bad input,
    3 infrastructure.
    """
    for variable, value in (("QUOD_MODEL", model), ("QUOD_MODEL_RECORD", record), ("QUOD_MODEL_REPLAY", replay)):
        if value is not None:
            os.environ[variable] = str(value)  # the settings are read from there
    budget = make_budget(timeout, engine_timeout, memory, attempts)
    problem = make_problem(
        text=read_text(text, file),
        formalism=None if formalism == "auto" else formalism,
        context=read_context(context),
        budget=budget,
        options=make_options(relax=relax, optimal=optimal, semantics=semantics, translator=translator, split=split),
    )
    if answer_file is not None:
        from quod.repair.candidate import consider_reply
        from quod.translators.routing import route

        reply = read_text(None, answer_file, MAX_FORMAL_CHARS)
        of = problem.formalism or route(problem, None, Run(budget=budget)).formalism
        return answer_and_show(
            budget, as_json, expect, lambda run: consider_reply(problem, of, reply, run), quiet=quiet
        )
    from quod.repair import solve as run_pipeline  # late: bad input is refused before anything heavy is loaded

    return answer_and_show(budget, as_json, expect, lambda run: run_pipeline(problem, run), quiet=quiet)
