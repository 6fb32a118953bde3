"""Runs in the sandbox: grounding and our own SAT search, over a whole question."""

from __future__ import annotations

from quod.backends.fol.document import parse_document
from quod.backends.fol.engines.request import rows_from_json
from quod.backends.fol.question import answer
from quod.core.model import JsonDict, JsonValue

__all__ = ["NAME", "solve"]

NAME = "quod-ground"


def solve(request: JsonDict) -> JsonValue:
    """``{text, facts, seconds}`` to ``{conclusion, payload, partial, why}``."""
    text, seconds = request["text"], request["seconds"]
    assert isinstance(text, str)
    assert isinstance(seconds, int | float)
    theory, _ = parse_document(text, rows_from_json(request.get("facts")))
    if theory is None:
        return {"conclusion": None, "why": "the text cannot be read"}
    found = answer(theory, float(seconds))
    return {
        "conclusion": found.conclusion.value if found.conclusion else None,
        "payload": found.payload,
        "partial": dict(found.partial),
        "why": found.why,
    }
