"""A model as algebra a person can read, one statement a line."""

from __future__ import annotations

from quod.backends.milp.model import Model
from quod.backends.milp.reading import read_json

__all__ = ["algebra"]


def algebra(model: Model) -> str:
    """The five elements, with the problem's words beside them."""
    raw = read_json(model.text)[0]
    assert isinstance(raw, dict)
    lines: list[str] = []

    def says(words: str) -> str:
        return f"    (“{words}”)" if words else ""

    for s in model.sets:
        shown = s.raw
        if isinstance(shown, list):
            shown = "{" + ", ".join(map(str, shown[:8])) + (", …" if len(shown) > 8 else "") + "}"
        lines.append(f"set {s.name} = {shown}{says(s.words)}")
    for p in model.parameters:
        over = f"[{', '.join(p.over)}]" if p.over else ""
        value = p.raw.get("expression") or (
            f"from {p.raw['file']}" if "file" in p.raw else p.raw.get("values", p.raw.get("value"))
        )
        unit = f" {p.unit}" if p.unit else ""
        lines.append(f"parameter {p.name}{over} = {_short(value)}{unit}{says(p.words)}")
    variables = raw["variables"]
    assert isinstance(variables, dict)
    for v in model.variables:
        over = f"[{', '.join(v.over)}]" if v.over else ""
        given = variables[v.name] if isinstance(variables[v.name], dict) else {}
        assert isinstance(given, dict)
        low = "no lower limit" if v.free else f">= {given.get('lower') or 0}"
        high = f", <= {given['upper']}" if given.get("upper") is not None else ""
        gloss = f": {v.gloss}" if v.gloss else ""
        limits = "" if v.domain == "binary" else f", {low}{high}"
        lines.append(f"choose {v.name}{over}{gloss} ({v.domain}{limits}){says(v.words)}")
    if model.objective is not None:
        objective = raw["objective"]
        assert isinstance(objective, dict)
        lines.append(f"{model.objective.sense} {objective['expression']}{says(model.objective.words)}")
    constraints = raw.get("constraints", [])
    assert isinstance(constraints, list)
    for c, item in zip(model.constraints, constraints, strict=True):
        rule = item if isinstance(item, str) else item["rule"]  # type: ignore[index,call-overload]
        loop = f" for {item['for']}" if isinstance(item, dict) and item.get("for") else ""
        lines.append(f"{c.name}: {rule}{loop}{says(c.words)}")
    return "\n".join(lines)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"
