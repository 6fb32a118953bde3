"""The OpenAPI description, put right where FastAPI cannot know: problems have their own media type."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

__all__ = ["install"]

_PROBLEM = "#/components/schemas/ProblemDetails"


def install(app: FastAPI) -> None:
    """Make ``app.openapi()`` say `application/problem+json` wherever a problem is described."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        described = made()
        described["components"]["securitySchemes"] = {
            "key": {"type": "http", "scheme": "bearer", "description": "An API key, `quod_…`; not needed on loopback"}
        }
        described["security"] = [{"key": []}, {}]
        for path in described["paths"].values():
            for operation in path.values():
                for response in operation["responses"].values():
                    _mend(response)
        for unused in ("HTTPValidationError", "ValidationError"):
            described["components"]["schemas"].pop(unused, None)
        return described

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _mend(response: dict[str, Any]) -> None:
    for content in [c for m, c in response.get("content", {}).items() if m != "application/problem+json"]:
        schema = content.get("schema", {}).get("$ref", "")
        if schema == _PROBLEM or schema.endswith("/HTTPValidationError"):
            response["content"] = {"application/problem+json": {"schema": {"$ref": _PROBLEM}}}
