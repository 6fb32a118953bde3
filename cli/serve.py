"""``quod serve``."""

from __future__ import annotations

import click

from quod.core.settings import get_settings

__all__ = ["mcp", "serve"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8123, show_default=True)
def serve(host: str, port: int) -> None:
    """Run the HTTP API and a worker in one process (the embedded runtime)."""
    from quod.api import serve as run_server  # late: `quod --help` need not load the server
    from quod.backends.sandbox import warm

    warm(("plain", "highs"))  # the first job need not wait for its engines to be loaded
    run_server(host, port, get_settings())


@click.command()
def mcp() -> None:
    """Speak the Model Context Protocol over standard input and output, for an agent that starts quod itself."""
    from quod.api.mcp import run_stdio

    run_stdio(get_settings())
