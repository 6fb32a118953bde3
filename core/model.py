"""The one base of everything that crosses a boundary: frozen, closed, typed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, JsonValue

__all__ = ["Frozen", "JsonDict", "JsonValue"]

JsonDict = dict[str, JsonValue]


class Frozen(BaseModel):
    """Immutable, refuses unknown fields, keeps its docstrings in its JSON schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, defer_build=True)
