"""A client for servers that speak Kimina's protocol (project-numina/kimina-lean-server, ``POST /verify``).

Such a server is somebody else's machine: its word alone is worth ``engine``. Where pin and axiom list are part of what
was sent and come back as they should, the judge may say more.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx

from quod.backends.lean.wire import CommandResult, ErrorResult, Message, WireError, parse_result
from quod.core.errors import InfrastructureError
from quod.core.model import JsonDict, JsonValue

__all__ = ["KiminaClient", "KiminaReply", "parse_replies"]


@dataclass(frozen=True)
class KiminaReply:
    """The server's answer for one text."""

    custom_id: str
    error: str | None
    """The server's own trouble, for instance a time-out."""
    result: CommandResult | ErrorResult | None
    seconds: float | None

    @property
    def timed_out(self) -> bool:
        """Whether the server says that Lean ran out of time."""
        return self.error is not None and "timed out" in self.error.lower()

    @property
    def errors(self) -> tuple[Message, ...]:
        """Lean's errors."""
        return self.result.errors if isinstance(self.result, CommandResult) else ()


def parse_replies(value: JsonValue) -> tuple[KiminaReply, ...]:
    """The replies in a response of ``/verify``. Raises WireError for anything else."""
    if not isinstance(value, dict) or not isinstance(value.get("results"), list):
        raise WireError("the server's response holds no results")
    replies: list[KiminaReply] = []
    results = value["results"]
    assert isinstance(results, list)
    for entry in results:
        if not isinstance(entry, dict) or "custom_id" not in entry:
            raise WireError("a result has no custom_id")
        response = entry.get("response")
        error = entry.get("error")
        if error is None and not isinstance(response, dict):
            raise WireError("a result has neither error nor response")
        seconds: float | None = None
        result: CommandResult | ErrorResult | None = None
        if isinstance(response, dict):
            body = dict(response)
            took = body.pop("time", None)
            seconds = float(took) if isinstance(took, int | float) else None
            if "message" not in body:
                body.setdefault("env", 0)  # the server leaves it out
            parsed = parse_result(json.dumps(body))
            if not isinstance(parsed, CommandResult | ErrorResult):
                raise WireError("the server answered with a proof state")
            result = parsed
        replies.append(KiminaReply(str(entry["custom_id"]), None if error is None else str(error), result, seconds))
    return tuple(replies)


class KiminaClient:
    """``KiminaClient("http://host:8000").verify({"id": text})``."""

    def __init__(self, base_url: str, *, api_key: str | None = None, timeout: float = 60.0) -> None:
        """``timeout`` is what the server gives each text, in seconds; the client waits a little longer."""
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = timeout
        self._client = httpx.Client(base_url=base_url, headers=headers, timeout=timeout + 30)

    def verify(self, texts: dict[str, str]) -> dict[str, KiminaReply]:
        """Have whole files checked; replies by id. Raises InfrastructureError, retryable as the case may be."""
        codes: list[JsonValue] = [{"custom_id": name, "proof": text} for name, text in texts.items()]
        payload: JsonDict = {"codes": codes, "infotree_type": None, "timeout": self._timeout}
        try:
            response = self._client.post("/verify", json=payload)
            response.raise_for_status()
            replies = parse_replies(response.json())
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            raise InfrastructureError(f"the Lean server answered {status}", retryable=status >= 500) from None
        except httpx.HTTPError as error:
            raise InfrastructureError(f"the Lean server cannot be reached: {error}") from None
        except (ValueError, RecursionError) as error:
            raise InfrastructureError(f"the Lean server answered nonsense: {error}") from None
        found = {reply.custom_id: reply for reply in replies}
        if set(found) != set(texts):
            raise InfrastructureError("the Lean server answered for other texts than were sent")
        return found

    def close(self) -> None:
        """Close its connections."""
        self._client.close()
