"""Runs in the sandbox: grounding and our own SAT search, over a whole question."""

from __future__ import annotations

from quod.backends.fol.document import parse_document
from quod.backends.fol.question import answer
from quod.core.model import JsonDict, JsonValue

__all__ = ["NAME", "solve"]

NAME = "quod-ground"


def solve(request: JsonDict) -> JsonValue:
    """``{text, facts, seconds}`` to ``{conclusion, payload, partial, why}``."""
    text, facts, seconds = request["text"], request.get("facts"), request["seconds"]
    assert isinstance(text, str)
    assert isinstance(seconds, int | float)
    rows = (
        {name: tuple(tuple(map(str, r)) for r in table) for name, table in facts.items()}
        if isinstance(facts, dict)
        else {}
    )  # type: ignore[union-attr]
    theory, _ = parse_document(text, rows)
    if theory is None:
        return {"conclusion": None, "why": "the text cannot be read"}
    found = answer(theory, float(seconds))
    return {
        "conclusion": found.conclusion.value if found.conclusion else None,
        "payload": found.payload,
        "partial": dict(found.partial),
        "why": found.why,
    }
