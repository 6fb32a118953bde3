"""The OpenAPI description, put right where FastAPI cannot know: problems have their own media type, budgets their
maximum on this server."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.routing import compile_path

from quod.workers.settings import ServiceSettings

__all__ = ["install", "methods_at"]

_PROBLEM = "#/components/schemas/ProblemDetails"


def install(app: FastAPI, settings: ServiceSettings) -> None:
    """Make ``app.openapi()`` say `application/problem+json` wherever a problem is described, and what is given."""
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
                for parameter in operation.get("parameters", ()):
                    _without_null(parameter)
        schemas = described["components"]["schemas"]
        schemas["ContextItem"]["properties"]["name"] |= {"pattern": r"^[^/\\\u0000]+$", "not": {"enum": [".", ".."]}}
        budget = schemas["Budget"]["properties"]
        for name, most in settings.most_budget().items():
            budget[name]["maximum"] = most
        for unused in ("HTTPValidationError", "ValidationError"):
            described["components"]["schemas"].pop(unused, None)
        return described

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def methods_at(app: FastAPI, path: str) -> str | None:
    """The value of an `Allow` header: every method that an address takes, where the routers know only their own."""
    for pattern, operations in app.openapi()["paths"].items():
        if compile_path(pattern)[0].fullmatch(path):
            return ", ".join(sorted(method.upper() for method in operations))
    return None


def _without_null(parameter: dict[str, Any]) -> None:
    # A header or a query's value may be absent; it cannot be null.
    found = [kind for kind in parameter["schema"].get("anyOf", ()) if kind.get("type") != "null"]
    if len(found) == 1:
        parameter["schema"] = {k: v for k, v in parameter["schema"].items() if k != "anyOf"} | found[0]


def _mend(response: dict[str, Any]) -> None:
    for content in [c for m, c in response.get("content", {}).items() if m != "application/problem+json"]:
        schema = content.get("schema", {}).get("$ref", "")
        if schema == _PROBLEM or schema.endswith("/HTTPValidationError"):
            response["content"] = {"application/problem+json": {"schema": {"$ref": _PROBLEM}}}
