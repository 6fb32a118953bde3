"""schemathesis over the published description: what it may send, and what it must not be answered with."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import schemathesis

__all__ = ["SERVER", "description", "refused_with_a_reason"]

SERVER: dict[str, Any] = {"max_body_mb": 0.5, "max_queued": 100_000, "max_wait_seconds": 0.1, "drain_seconds": 0.5}
"""Settings of a server to be fuzzed: it does not wait, for what the jobs say is not asked here."""


def description() -> dict[str, Any]:
    """The published description. Bounds of millions are taken off: building such texts would take all the time."""
    told: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8"))

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("maxLength"), int) and node["maxLength"] > 20_000:
                del node["maxLength"]
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(told)
    return told


_ITS_OWN_RULE = {"job.idempotency_conflict", "input.webhook"}
"""Refusals that no schema can say beforehand: an earlier request, an address that is not public."""


@schemathesis.serializer("application/x-ndjson")
def _lines(ctx: Any, value: Any) -> bytes:
    """A batch's body: text, which the description cannot say more of; now and then lines that are problems."""
    text = value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, str) and len(text) % 3 == 0:
        order = random.Random(text)
        lines = [json.dumps({"text": f"echo {order.random()}"}) for _ in range(order.randint(1, 4))]
        return "\n".join(lines).encode()
    return text.encode(errors="replace")


@schemathesis.check
def refused_with_a_reason(ctx: Any, response: Any, case: Any) -> None:
    """What the description allows is refused only by a rule that it cannot express, and a refusal is a problem."""
    if response.status_code < 400:
        return
    told = response.json()
    assert response.headers["content-type"][0] == "application/problem+json" or case.path == "/readyz"
    if case.path == "/readyz":
        return
    assert told["type"] == f"urn:quod:problem:{told['code']}"
    assert told["status"] == response.status_code
    positive = case.meta is not None and all(part.mode.is_positive for part in case.meta.components.values())
    if positive and response.status_code in {400, 422} and case.path != "/v1/batches" and case.method != "OPTIONS":
        unique = "two context items have the same name" in told["detail"]
        assert told["code"] in _ITS_OWN_RULE or unique, f"refused though the description allows it: {told}"
