"""What an LP's multipliers say: which limits bind, what one more unit is worth, whether other plans are as good."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import Number, as_json, exact
from quod.backends.milp.words import amount, requirement
from quod.core.diagnostics import Diagnostic
from quod.core.model import JsonDict

__all__ = ["sensitivity"]

MOST = 200


def sensitivity(ground: Ground, x: list[Number], evidence: JsonDict) -> tuple[str, JsonDict, list[Diagnostic]]:
    """Words, rows for programs, and a note on other optima. Multipliers are of the model's own sense.

    Where more limits are tight than there are quantities (degeneracy), a multiplier is a bound on the worth only.
    """
    program = ground.program
    if len(program.rows) > MOST:
        return "", {}, []
    y = {int(i): exact(v) for i, v in cast("dict[str, Any]", evidence["y"]).items()}
    sign = -1 if program.maximize else 1
    table: list[JsonDict] = []
    said: list[str] = []
    tight_rows = 0
    for i, row in enumerate(program.rows):
        value = sum((Fraction(a) * x[j] for j, a in row.terms.items()), Fraction(0))
        tight = value in (row.lower, row.upper)
        tight_rows += tight
        worth = Fraction(sign * y.get(i, 0))
        table.append({"constraint": row.name, "binds": tight, "worth": as_json(worth), "value": as_json(value)})
        if tight and worth and len(said) < 3 and row.upper is not None and row.origin >= 0:
            change = "adds" if worth > 0 else "takes"
            said.append(f"one more unit of {requirement(ground, row.origin, row.name)} {change} {amount(abs(worth))}")
    tight_columns = sum(1 for v, a, b in zip(x, program.lower, program.upper, strict=True) if v in (a, b))
    degenerate = tight_rows + tight_columns > len(x)
    reduced = dict(program.minimized)
    for i, multiplier in y.items():
        for j, a in program.rows[i].terms.items():
            reduced[j] = reduced.get(j, 0) - multiplier * a
    loose = [j for j, v in enumerate(x) if v in (program.lower[j], program.upper[j]) and not reduced.get(j, 0)]
    found = []
    if loose and not degenerate:
        found.append(
            codes.ALTERNATIVES.info(f"another plan with a different '{program.names[loose[0]]}' is just as good")
        )
    words = "" if degenerate else "; ".join(said)
    data: JsonDict = {"sensitivity": cast("Any", table), "degenerate": degenerate}
    return (words[:1].upper() + words[1:] + "." if words else ""), data, found
