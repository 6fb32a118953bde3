"""``quod prompt``."""

from __future__ import annotations

from pathlib import Path

import click

from quod.cli.inputs import read_context, read_text
from quod.cli.options import FORMALISMS, context_option
from quod.core.formalism import Formalism
from quod.core.problem import make_problem

__all__ = ["prompt"]


@click.command()
@click.argument("text", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path), default=None, metavar="FILE")
@click.option("--formalism", type=click.Choice(FORMALISMS), required=True)
@context_option
def prompt(text: str | None, file: Path | None, formalism: str, context: tuple[Path, ...]) -> None:
    """Print the whole prompt for a problem, to paste into any chat.

    Save the chat's reply to a file and give it to `quod solve --answer-file`.
    """
    problem = make_problem(text=read_text(text, file), formalism=formalism, context=read_context(context))
    from quod.backends.registry import get_backend  # late: bad input is refused before anything heavy is loaded
    from quod.translators.llm.prompting import render_prompt

    chosen = Formalism(formalism)
    click.echo(render_prompt(problem, chosen, schema=get_backend(chosen).schema()), nl=False)
