"""The SDK's own client over both transports: solve, check, cancel."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters

STDIO = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from runtime_solvers import WordSolver
from quod.api.mcp import run_stdio
from quod.workers.settings import ServiceSettings
run_stdio(ServiceSettings(home=Path(sys.argv[2]), lease_seconds=15, drain_seconds=0.1), solver=WordSolver())
"""
WORKERS = str(Path(__file__).parent.parent / "workers")


def conversation(transport: str, server: Any, tmp_path: Path, talk: Callable[[Client], Awaitable[None]]) -> None:
    if transport == "http":
        target: Any = f"{server.url}/mcp"
    else:
        target = StdioServerParameters(command=sys.executable, args=["-c", STDIO, WORKERS, str(tmp_path / "home")])

    async def whole() -> None:
        async with Client(target) as client:
            await talk(client)

    asyncio.run(asyncio.wait_for(whole(), 60))


async def used(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


@pytest.mark.parametrize("transport", ["http", "stdio"])
def test_a_client_solves_checks_and_cancels(transport: str, server: Any, tmp_path: Path) -> None:
    async def talk(client: Client) -> None:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert names == {"solve", "check", "get_job", "cancel_job", "list_backends", "explain_diagnostic"}
        solved = await used(client, "solve", text="echo over mcp")
        assert (solved["finished"], solved["answer"], solved["status"]) == (True, "over mcp", "unverified")
        checked = await used(client, "check", formalism="fol", text="p & q")
        assert checked["answer"] == "p & q"
        started = await used(client, "solve", text="sleep 30", wait=0.2)
        assert not started["finished"]
        assert not (await used(client, "get_job", job_id=started["job_id"]))["finished"]
        ended = await used(client, "cancel_job", job_id=started["job_id"])
        assert (ended["finished"], ended["status"]) == (True, "cancelled")

    conversation(transport, server, tmp_path, talk)


def test_progress_is_told_while_a_job_runs(server: Any, tmp_path: Path) -> None:
    heard: list[str | None] = []

    async def talk(client: Client) -> None:
        async def report(done: float, total: float | None, message: str | None) -> None:
            heard.append(message)

        await client.call_tool("solve", {"text": "sleep 1"}, progress_callback=report)

    conversation("http", server, tmp_path, talk)
    assert "claimed" in heard
    assert "routed" in heard


def test_errors_are_told_with_their_codes(server: Any, tmp_path: Path) -> None:
    async def talk(client: Client) -> None:
        missing = await client.call_tool("get_job", {"job_id": "0" * 32})
        assert missing.is_error
        assert "input.not_found" in str(missing.content)
        for arguments in ({"text": ""}, {"text": "x", "formalism": "cobol"}, {"text": "x", "seconds": -1}):
            assert (await client.call_tool("solve", arguments)).is_error
        too_much = await client.call_tool("solve", {"text": " "})
        assert too_much.is_error

    conversation("http", server, tmp_path, talk)


def test_diagnostics_are_explained(server: Any, tmp_path: Path) -> None:
    async def talk(client: Client) -> None:
        known = await used(client, "explain_diagnostic", code="job.dead")
        assert known["known"]
        assert "worker" in known["meaning"]
        unknown = await used(client, "explain_diagnostic", code="job.nonsense")
        assert not unknown["known"]
        assert "job.dead" in unknown["meaning"]

    conversation("http", server, tmp_path, talk)


def test_a_key_is_needed_where_the_api_needs_one(serve: Any) -> None:
    with serve(auth="require", lease_seconds=15, drain_seconds=0.1) as locked:
        hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        accept = {"Accept": "application/json, text/event-stream"}
        refused = httpx.post(f"{locked.url}/mcp", json=hello, headers=accept, trust_env=False)
        assert refused.status_code == 401
        assert refused.json()["code"] == "input.unauthorized"
        text = locked.store.keys.create("mcp")[1]
        allowed = httpx.post(
            f"{locked.url}/mcp", json=hello, headers={**accept, "Authorization": f"Bearer {text}"}, trust_env=False
        )
        assert allowed.status_code != 401
