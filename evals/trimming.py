"""An answer as a run keeps it: everything that is told, without evidence too long to show.

The certificate's payload is dropped where it is long (its kind, checker and verdict stay): a run is for figures and
for reading, and a formal text with its problem is enough to make the evidence again.
"""

from __future__ import annotations

import json
from typing import Any

from quod.core.answer import Answer
from quod.core.model import JsonValue

__all__ = ["trimmed"]

_LONG_TEXT = 20_000
_LONG_ATTEMPT = 6_000
_LONG_PAYLOAD = 8_000
_LONG_DATA = 40_000


def trimmed(answer: Answer) -> JsonValue:
    """JSON of an answer, some tens of kilobytes at most."""
    raw: dict[str, Any] = answer.model_dump(mode="json")
    _cut(raw.get("formalization"), _LONG_TEXT)
    certificate = raw.get("certificate")
    if certificate and _size(certificate["payload"]) > _LONG_PAYLOAD:
        certificate["payload"] = {"dropped": f"{_size(certificate['payload'])} bytes"}
    if _size(raw["data"]) > _LONG_DATA:
        raw["data"] = {key: value for key, value in raw["data"].items() if _size(value) < _LONG_PAYLOAD}
    final = (raw.get("formalization") or {}).get("text")
    for attempt in raw["attempts"]:
        formal = attempt.get("formalization")
        if formal and formal["text"] == final:
            formal["text"], formal["source_map"] = "", []
        _cut(formal, _LONG_ATTEMPT)
        attempt["diff"] = attempt["diff"][:_LONG_ATTEMPT]
        attempt["diagnostics"] = attempt["diagnostics"][:20]
    raw["diagnostics"] = raw["diagnostics"][:50]
    result: JsonValue = raw
    return result


def _cut(formal: dict[str, Any] | None, limit: int) -> None:
    if formal and len(formal["text"]) > limit:
        formal["text"] = f"{formal['text'][:limit]}\n… {len(formal['text']) - limit} more characters"
        formal["source_map"] = formal["source_map"][:50]


def _size(value: Any) -> int:
    return len(json.dumps(value))
