"""Getting JSON of a wanted shape out of a model's answer, whatever it is wrapped in.

Servers that constrain decoding give bare JSON; others put it into a fence, after a preamble, or both. What is
found is parsed and checked against the schema; nothing in it is executed or believed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from quod.core.model import JsonDict, JsonValue

__all__ = ["find_json", "read_structured", "schema_faults"]

_FENCE = re.compile(r"```[^\n`]*\n(.*?)(?:```|\Z)", re.DOTALL)
_THINKING = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_MAX_STARTS = 200
"""Places in a long answer at which JSON is looked for."""
_MAX_DEPTH = 200


def _reject_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _load(text: str) -> JsonValue:
    value: JsonValue = json.loads(text, parse_constant=_reject_constant)
    return value


def _candidates(text: str) -> Iterator[str]:
    yield text
    yield from reversed(_FENCE.findall(text))


def find_json(text: str) -> JsonValue:
    """The JSON object or array in an answer: bare, fenced, or the longest one amid prose; None if there is none.

    Where there are several, the last fence wins over earlier ones (models correct themselves downwards).
    """
    text = _THINKING.sub("", text).strip()
    if _depth(text) > _MAX_DEPTH:
        return None
    for candidate in _candidates(text):
        try:
            value = _load(candidate.strip())
        except ValueError:
            continue
        if isinstance(value, dict | list):
            return value
    decoder = json.JSONDecoder(parse_constant=_reject_constant)
    best: JsonValue = None
    length, position, starts = 0, 0, 0
    while starts < _MAX_STARTS:
        start = min((i for i in (text.find("{", position), text.find("[", position)) if i >= 0), default=-1)
        if start < 0:
            break
        starts += 1
        try:
            value, end = decoder.raw_decode(text, start)
        except ValueError:
            position = start + 1
            continue
        if end - start >= length and isinstance(value, dict | list):
            best, length = value, end - start
        position = end
    return best


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in re.finditer(r"[\[{}\]]", text):
        depth = depth + 1 if match.group() in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def schema_faults(value: JsonValue, schema: JsonDict, *, limit: int = 5) -> list[str]:
    """Where ``value`` departs from a JSON schema, each with its path; empty when it does not."""
    from jsonschema import Draft202012Validator  # imported when needed: most runs ask for no schema

    def path(error: Any) -> str:
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path) or "."

    errors = sorted(Draft202012Validator(schema).iter_errors(value), key=lambda e: list(map(str, e.absolute_path)))
    return [f"{path(error)}: {error.message[:200]}" for error in errors[:limit]]


def read_structured(text: str, schema: JsonDict) -> tuple[JsonValue, str]:
    """``(value, "")`` with the JSON of the wanted shape in an answer, or ``(None, why)``."""
    value = find_json(text)
    if value is None:
        return None, "there is no JSON in the answer"
    faults = schema_faults(value, schema)
    return (None, "; ".join(faults)) if faults else (value, "")
