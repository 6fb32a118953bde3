"""Runs in the sandbox: forward chaining under the closure and closed semantics."""

from __future__ import annotations

from quod.backends.fol.closure import chain, program
from quod.backends.fol.engines.request import no_collection, rows_from_json
from quod.backends.fol.resolve import parse_document
from quod.core.model import JsonDict, JsonValue

__all__ = ["solve"]


@no_collection()
def solve(request: JsonDict) -> JsonValue:
    """``{text, facts, closed}`` to ``{conclusion, payload, needed}``."""
    text = request["text"]
    assert isinstance(text, str)
    theory, _ = parse_document(text, rows_from_json(request.get("facts")))
    if theory is None:
        return {"conclusion": None, "why": "the text cannot be read"}
    chained = chain(program(theory, bool(request.get("closed"))))
    return {"conclusion": chained.conclusion.value, "payload": chained.payload, "needed": list(chained.needed)}
