"""Running the application under uvicorn."""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys

import uvicorn

from quod.api.app import create_app
from quod.core.errors import InfrastructureError, InputError
from quod.core.settings import Settings
from quod.workers.logs import setup_logging
from quod.workers.settings import ServiceSettings
from quod.workers.tracing import export_traces

__all__ = ["run"]

log = logging.getLogger(__name__)


def run(host: str, port: int, settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. See :func:`quod.api.serve`."""
    settled = ServiceSettings.of(settings)
    setup_logging(settled.log_level)
    export_traces()
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}"
    if settled.auth == "off" and not _loopback(host):
        raise InputError(
            "without keys (QUOD_AUTH=off) the service listens on loopback only", hint="use --host 127.0.0.1 or keys"
        )
    config = uvicorn.Config(
        create_app(settled),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=64 * 1024,
        limit_concurrency=2000,
        proxy_headers=False,  # the address of the peer decides who is local; see docs/operations.md for proxies
    )
    server = uvicorn.Server(config)
    sys.stderr.write(f"quod listens on {address} ({'embedded worker' if settled.embedded else 'API only'})\n")
    sys.stderr.flush()
    server.run(sockets=[listening])
    if not server.started:
        raise InfrastructureError("the service could not start; its log says why")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, proto)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise InfrastructureError(
            f"cannot listen on {host} port {port}: {error.strerror or error}", code="infrastructure.address"
        ) from None
    return listening


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
