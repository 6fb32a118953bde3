"""JSON's own types over the wire: pydantic would take ``false`` for 0 and ``"2"`` for 2, which the description does
not allow and which is nearly always a mistake."""

from __future__ import annotations

from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator

__all__ = ["exact"]

_WRONG: list[object] = []
"""No scalar field takes it: in the place of a value of the wrong type, it is refused where that value stands."""


def exact(model: type[BaseModel]) -> BeforeValidator:
    """Refuse values of another JSON type for the numbers and booleans of a flat model."""
    kinds = {name: _kinds(field.annotation) for name, field in model.model_fields.items()}

    def check(given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: _WRONG if _coerced(value, kinds.get(name, set())) else value for name, value in given.items()}

    return BeforeValidator(check)


def _kinds(annotation: Any) -> set[Any]:
    return set(get_args(annotation)) if isinstance(annotation, UnionType) else {annotation}


def _coerced(value: object, kinds: set[Any]) -> bool:
    if isinstance(value, bool):
        return bool not in kinds and bool(kinds & {int, float})
    if isinstance(value, str):
        return str not in kinds and bool(kinds & {int, float, bool})
    return isinstance(value, (int, float)) and bool in kinds and not kinds & {int, float}
