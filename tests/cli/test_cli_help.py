"""`quod --help` lists verbs without loading them; each must be there."""

from __future__ import annotations

import click
import pytest

from quod.cli.main import cli

CONTEXT = click.Context(cli, info_name="quod")


@pytest.mark.parametrize("name", cli.list_commands(CONTEXT))
def test_every_listed_verb_is_there_and_helps(name: str) -> None:
    assert isinstance(cli, click.Group)
    command = cli.get_command(CONTEXT, name)
    assert command is not None
    assert command.help
    assert "Usage: quod" in command.get_help(click.Context(command, info_name=name, parent=CONTEXT))
