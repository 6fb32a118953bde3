"""The elements of a milp model: each set, parameter, variable, the objective, each constraint."""

from __future__ import annotations

import json
from fractions import Fraction

from quod.backends.milp.reading import Json, Path, locate, read_json
from quod.core.diagnostics import Span
from quod.core.outline import Element, ElementKind
from quod.core.signature import signature

__all__ = ["outline"]

_OPERATORS = {
    "<=": "<=", ">=": ">=", "<": "<", ">": ">", "=": "=", "==": "=", "!=": "!=", "=>": "=>", "<=>": "<=>",
    "+": "+", "-": "-", "/": "/", "^": "^",
}  # fmt: skip
_WORDS = {
    "max": "maximize", "maximize": "maximize", "maximise": "maximize", "min": "minimize", "minimize": "minimize",
    "minimise": "minimize", "integer": "integer", "binary": "binary", "continuous": "continuous", "not": "not",
    "or": "or", "and": "and",
}  # fmt: skip
_SECTIONS = {
    "sets": ElementKind.DATA,
    "parameters": ElementKind.DATA,
    "variables": ElementKind.ASSUMPTION,
    "constraints": ElementKind.ASSUMPTION,
}
_NOT_MEANING = {"words", "gloss", "description", "name", "kind"}


def outline(text: str) -> tuple[Element, ...]:
    """The elements; none if the text is not JSON."""
    model, _ = read_json(text)
    if not isinstance(model, dict):
        return ()
    found: list[Element] = []
    for section, kind in _SECTIONS.items():
        entries = model.get(section)
        if isinstance(entries, dict):
            found += [_element(text, kind, key, (section, key), value) for key, value in entries.items()]
        elif isinstance(entries, list):
            for index, value in enumerate(entries):
                named = value.get("name") if isinstance(value, dict) else None
                name = named if isinstance(named, str) else f"{section}[{index}]"
                found.append(_element(text, kind, name, (section, index), value))
    if "objective" in model:
        found.append(_element(text, ElementKind.GOAL, "objective", ("objective",), model["objective"]))
    return tuple(found)


def _element(text: str, kind: ElementKind, name: str, path: Path, value: Json) -> Element:
    words = value.get("words", "") if isinstance(value, dict) else ""
    meaning = {k: v for k, v in value.items() if k not in _NOT_MEANING} if isinstance(value, dict) else value
    plain = json.dumps(meaning, ensure_ascii=False, sort_keys=True, default=_exact)
    # the keys of the entry are not part of what it says
    said = json.dumps(list(meaning.values()) if isinstance(meaning, dict) else meaning, default=_exact)
    sign = signature(said, _OPERATORS, _WORDS)
    return Element(
        name=name,
        kind=kind,
        text=plain,
        span=locate(text, path) or Span(line=1, column=1),
        words=words if isinstance(words, str) else "",
        numbers=sign.numbers,
        relations=sign.relations,
        names=sign.names,
    )


def _exact(value: object) -> str | int:
    assert isinstance(value, Fraction)
    return value.numerator if value.denominator == 1 else str(value)
