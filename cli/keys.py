"""``quod keys``."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from quod.cli.stores import open_store, when
from quod.core.plain import plain
from quod.workers.keys import Scope

__all__ = ["keys"]


@click.group()
def keys() -> None:
    """Create, list and revoke API keys."""


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([str(s) for s in Scope]),
    multiple=True,
    default=("read", "solve", "check"),
    show_default=True,
    help="What the key may do. Repeatable.",
)
@click.option("--per-minute", type=click.IntRange(1), default=None, help="Requests a minute.")
@click.option("--daily-seconds", type=click.FloatRange(0), default=None, help="Seconds of work in any 24 hours.")
@click.option("--daily-money", type=click.FloatRange(0), default=None, help="US dollars of model calls in 24 hours.")
@click.option("--days", type=click.FloatRange(0.001), default=None, help="Days until it expires.")
def create(
    name: str,
    scopes: tuple[str, ...],
    per_minute: int | None,
    daily_seconds: float | None,
    daily_money: float | None,
    days: float | None,
) -> None:
    """Create a key called NAME; its text is shown this once."""
    with open_store() as store:
        key, text = store.keys.create(
            name,
            tuple(Scope(s) for s in scopes),
            per_minute=per_minute,
            daily_seconds=daily_seconds,
            daily_money=daily_money,
            days=days,
        )
    click.echo(text)
    click.echo(f"key {key.id}: keep this text, it cannot be shown again", err=True)


@keys.command(name="list")
def list_keys() -> None:
    """List every key, revoked ones too."""
    table = Table(box=None, pad_edge=False)
    for column in ("id", "name", "scopes", "created", "state"):
        table.add_column(column)
    with open_store() as store:
        for key in store.keys.list():
            state = "revoked" if key.revoked else "alive" if key.alive else "expired"
            table.add_row(key.id, plain(key.name), " ".join(sorted(key.scopes)), when(key.created), state)
    Console(highlight=False).print(table)


@keys.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Close the key with this ID at once."""
    with open_store() as store:
        store.keys.revoke(key_id)
    click.echo(f"key {key_id} is revoked", err=True)
