"""JSON Schema of a model, for language models that are constrained by one."""

from __future__ import annotations

from typing import Any

__all__ = ["SCHEMA"]

_TEXT = {"type": "string"}
_NAMES = {"type": "array", "items": _TEXT}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["variables", "objective", "constraints"],
    "properties": {
        "name": _TEXT,
        "sets": {
            "type": "object",
            "description": "name -> list of members, a range, or columns of an attached file",
            "additionalProperties": {
                "anyOf": [
                    {"type": "array", "items": {"anyOf": [_TEXT, {"type": "integer"}, {"type": "array"}]}},
                    {"type": "string", "description": "a comprehension, e.g. (i, j) for i in A, j in A if i != j"},
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "members": {"type": "array"},
                            "range": {"type": "array", "minItems": 2, "maxItems": 2},
                            "product": _NAMES,
                            "union": _NAMES,
                            "difference": _NAMES,
                            "file": _TEXT,
                            "sheet": _TEXT,
                            "column": _TEXT,
                            "columns": _NAMES,
                            "words": _TEXT,
                        },
                    },
                ]
            },
        },
        "parameters": {
            "type": "object",
            "description": "numbers of the problem; words quotes the problem",
            "additionalProperties": {
                "anyOf": [
                    {"type": "number"},
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "properties": {
                            "over": _NAMES,
                            "value": {"type": ["number", "string"]},
                            "values": {"type": ["object", "array"]},
                            "expression": _TEXT,
                            "keys": _NAMES,
                            "default": {"type": ["number", "string"]},
                            "file": _TEXT,
                            "sheet": _TEXT,
                            "column": _TEXT,
                            "type": {"enum": ["number", "text"]},
                            "unit": _TEXT,
                            "words": _TEXT,
                            "description": _TEXT,
                        },
                    },
                ]
            },
        },
        "variables": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "over": _NAMES,
                    "domain": {"enum": ["continuous", "integer", "binary"]},
                    "lower": {"type": ["number", "string", "null"], "description": "0 if absent; null for none"},
                    "upper": {"type": ["number", "string", "null"]},
                    "unit": _TEXT,
                    "words": _TEXT,
                    "gloss": {"type": "string", "description": "what one counts, in plain words, e.g. chairs"},
                    "description": _TEXT,
                },
            },
        },
        "objective": {
            "anyOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["sense", "expression"],
                    "properties": {
                        "sense": {"enum": ["maximize", "minimize"]},
                        "expression": _TEXT,
                        "gloss": _TEXT,
                        "unit": _TEXT,
                        "words": _TEXT,
                    },
                },
            ]
        },
        "constraints": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "rule"],
                "properties": {
                    "name": _TEXT,
                    "for": {"type": "string", "description": "e.g. i in Items, j in Bins if i != j"},
                    "rule": _TEXT,
                    "or": {"type": "string", "description": "a second reading of the same words, if there are two"},
                    "kind": _TEXT,
                    "words": {"type": "string", "description": "the words of the problem it comes from, verbatim"},
                    "description": _TEXT,
                },
            },
        },
    },
}
