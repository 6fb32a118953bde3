"""Gold of the optimization benchmarks as formal texts."""

from __future__ import annotations

import json
from typing import Any

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization

__all__ = ["nl4opt_formalization"]


def nl4opt_formalization(row: dict[str, Any]) -> Formalization:
    """The model of an NL4Opt row's ``canonical`` declarations: whole, non-negative variables.

    The relaxation is asked for with the option ``relax``, not by another text.
    """
    gold = row["canonical"]
    names = [f"x{k + 1}" for k in range(len(gold["vars"]))]

    def linear(coefficients: list[str]) -> str:
        terms = [f"({a}) * {x}" for a, x in zip(coefficients, names, strict=True) if a != "0"]
        return " + ".join(terms) or "0"

    constraints = []
    for number, line in enumerate(gold["rows"], start=1):
        item = {"name": f"{line.get('type', 'row')}_{number}", "rule": f"{linear(line['a'])} {line['op']} {line['b']}"}
        if line.get("type"):
            item["kind"] = line["type"]
        constraints.append(item)
    model = {
        "variables": {
            x: {"domain": "integer", "lower": 0, "gloss": gloss} for x, gloss in zip(names, gold["vars"], strict=True)
        },
        "objective": {
            "sense": "maximize" if gold["sense"] == "max" else "minimize",
            "expression": linear(gold["c"]),
            "gloss": str((row.get("gold") or {}).get("obj_declaration", {}).get("name", "objective")),
        },
        "constraints": constraints,
    }
    text = json.dumps(model, indent=1, ensure_ascii=False)
    return Formalization(formalism=Formalism.MILP, text=text, language="quod-milp")
