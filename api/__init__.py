"""The HTTP service: jobs, checks, batches, events, MCP. See docs/api.md."""

from __future__ import annotations

from quod.core.settings import Settings

__all__ = ["serve"]


def serve(host: str, port: int, settings: Settings) -> None:
    """Run the API, and with a `memory://` broker a worker too, in this process until it is told to stop.

    ``port`` 0 takes a free one; the address is printed on standard error. Raises InfrastructureError when the
    address is taken or the store or broker cannot be reached.
    """
    from quod.api.server import run  # late: importing quod.api must not load the server

    run(host, port, settings)
