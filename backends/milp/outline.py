"""The elements of a model, for repairs: told apart by JSON structure, without binding or solving."""

from __future__ import annotations

import json
import re

from quod.backends.milp.reading import Json, Path, locate, read_json
from quod.core.diagnostics import Span
from quod.core.outline import Element, ElementKind
from quod.core.signature import signature

__all__ = ["outline"]

_OPERATORS = {"<=": "<=", ">=": ">=", "=": "=", "==": "=", "!=": "!=", "<": "<", ">": ">", "=>": "=>", "<=>": "<=>"}
_WORDS = {
    word: word
    for word in "maximize minimize maximise minimise integer binary continuous and or not sum min max forall exists "
    "exactly at_least at_most all_different".split()
}
_KEYS = re.compile(r'"(?:rule|expression|sense|lower|upper|domain|value)":')
_SECTIONS = {"sets": ElementKind.DATA, "parameters": ElementKind.DATA, "variables": ElementKind.DECLARATION}


def outline(text: str) -> tuple[Element, ...]:
    """Empty if the text is not JSON at all."""
    value, _ = read_json(text)
    if not isinstance(value, dict):
        return ()
    found: list[Element] = []

    def add(name: str, kind: ElementKind, raw: Json, path: Path) -> None:
        words = str(raw.get("words", "")) if isinstance(raw, dict) else ""
        core = (
            {k: v for k, v in raw.items() if k not in {"words", "gloss", "description", "name"}}
            if isinstance(raw, dict)
            else raw
        )
        shown = json.dumps(core, default=str, ensure_ascii=False)
        sign = signature(_KEYS.sub(" ", shown).replace('"', " "), _OPERATORS, _WORDS)
        span = locate(text, path) or Span(line=1, column=1)
        found.append(
            Element(name=name, kind=kind, text=" ".join(shown.split()), span=span, words=words, numbers=sign.numbers,
                    relations=sign.relations, names=sign.names, sequence=sign.sequence)
        )  # fmt: skip

    for section, kind in _SECTIONS.items():
        items = value.get(section)
        if isinstance(items, dict):
            for name, raw in items.items():
                bounded = (
                    section == "variables" and isinstance(raw, dict) and bool({"lower", "upper", "domain"} & set(raw))
                )
                add(name, ElementKind.ASSUMPTION if bounded else kind, raw, (section, name))
    if value.get("objective") is not None:
        add("objective", ElementKind.GOAL, value["objective"], ("objective",))
    constraints = value.get("constraints")
    if isinstance(constraints, list):
        for k, raw in enumerate(constraints):
            name = str(raw.get("name", f"c{k + 1}")) if isinstance(raw, dict) else f"c{k + 1}"
            add(name, ElementKind.ASSUMPTION, raw, ("constraints", k))
    return tuple(found)
