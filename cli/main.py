"""``quod``: one command, a verb for each thing people do with it.

Exit status: 0 verified (or, for other verbs, done), 1 any other answer, 2 bad input or usage, 3 infrastructure.
"""

from __future__ import annotations

import importlib
import os
import sys

import click
from rich.console import Console
from rich.text import Text

import quod
from quod.core.errors import Cancelled, InfrastructureError, QuodError
from quod.core.plain import plain

__all__ = ["cli", "main"]

# Verbs are imported when they are called, and their one-line helps stand here, so that `quod --help` is quick. A test
# sees to it that each names a command that is there.
_VERBS = {
    "bench": ("quod.cli.bench:bench", "Measure quod itself."),
    "check": ("quod.cli.check:check", "Solve and certify formal text; nothing is translated."),
    "doctor": ("quod.cli.doctor:doctor", "Report what is at hand, and how to get what is missing."),
    "eval": ("quod.cli.evaluate:evaluate", "Run a benchmark and print what came of it."),
    "jobs": ("quod.cli.jobs:jobs", "List jobs, and look after those that died."),
    "keys": ("quod.cli.keys:keys", "Create, list and revoke API keys."),
    "mcp": ("quod.cli.serve:mcp", "Speak the Model Context Protocol over standard input and output."),
    "prompt": ("quod.cli.prompt:prompt", "Print the prompt for a problem, to paste into any chat."),
    "replay": ("quod.cli.jobs:replay", "Tell the story of a job."),
    "serve": ("quod.cli.serve:serve", "Run the HTTP API and a worker in one process."),
    "solve": ("quod.cli.solve:solve", "Answer a problem stated in plain language."),
    "worker": ("quod.cli.worker:worker", "Run a worker of the distributed runtime."),
}


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(_VERBS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in sorted(_VERBS.items())])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in _VERBS:
            return None
        module, _, attribute = _VERBS[name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            hint = f"the commands are {', '.join(sorted(_VERBS))}"
            raise click.UsageError(f"there is no command '{args[0]}'; {hint}", ctx) from None


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(quod.__version__, prog_name="quod")
def cli() -> None:
    """Plain language in, answers with independently checked evidence out."""


def main(args: list[str] | None = None) -> None:
    """Run the command and exit with its status; no traceback reaches a person."""
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        status = cli.main(args=args, prog_name="quod", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        errors.print(Text("interrupted"))
        sys.exit(130)
    except Cancelled as error:
        errors.print(Text(plain(error.message)))
        sys.exit(1)
    except QuodError as error:
        text = Text("error: ", style="bold red")
        text.append(plain(f"{error.message} [{error.code}]"), style="")
        errors.print(text)
        if error.hint:
            errors.print(Text(f"hint: {plain(error.hint)}"))
        sys.exit(3 if isinstance(error, InfrastructureError) else 2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        # a bug of ours; nobody is helped by a traceback unless they ask for it
        if os.environ.get("QUOD_LOG_LEVEL", "").lower() == "debug":
            raise
        errors.print(Text(plain(f"internal error: {type(error).__name__}: {error}"), style="bold red"))
        errors.print(Text("hint: please report it; QUOD_LOG_LEVEL=debug shows where it happened"))
        sys.exit(3)
    sys.exit(status if isinstance(status, int) else 0)
