"""Other people's formats: LP and MPS files in and out, Pyomo out. Files are read into a model's JSON text, so one path
serves all.
"""

from __future__ import annotations

import json
import re
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.interchange import Bad, safe_names
from quod.backends.milp.lp_file import read_lp, to_lp
from quod.backends.milp.mps_file import read_mps, to_mps
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["WRITERS", "read_lp_or_mps", "to_pyomo"]

WRITERS = {"lp": to_lp, "mps": to_mps}
"""By language."""


def read_lp_or_mps(text: str) -> tuple[str | None, list[Diagnostic]]:
    """A model's JSON text, or what is wrong with the file."""
    try:
        first = next((line for line in text.splitlines() if line.strip() and not line.startswith(("*", "\\"))), "")
        model = read_mps(text) if re.match(r"(NAME|ROWS|OBJSENSE)\b", first) else read_lp(text)
    except Bad as bad:
        return None, [codes.BAD_SYNTAX.error(str(bad), span=Span(line=bad.line, column=1))]
    return json.dumps(model, indent=1), []


def to_pyomo(ground: Ground) -> Any:
    """A Pyomo ConcreteModel of the linear part, for users' own solvers. Needs ``pip install 'quod[pyomo]'``."""
    import pyomo.environ as pyo

    program, names = ground.program, safe_names(ground)
    model = pyo.ConcreteModel()
    columns = []
    for j, name in enumerate(names):
        low, high = program.lower[j], program.upper[j]
        bounds = (None if low is None else float(low), None if high is None else float(high))
        variable = pyo.Var(domain=pyo.Integers if program.integer[j] else pyo.Reals, bounds=bounds)
        model.add_component(name, variable)
        columns.append(variable)
    goal = sum(float(c) * columns[j] for j, c in program.cost.items()) + float(program.offset)
    model.objective_ = pyo.Objective(expr=goal, sense=pyo.maximize if program.maximize else pyo.minimize)
    for i, row in enumerate(program.rows, 1):
        ends = [None if v is None else float(v) for v in (row.lower, row.upper)]
        expr = sum(float(a) * columns[j] for j, a in row.terms.items())
        model.add_component(f"r{i}", pyo.Constraint(expr=(ends[0], expr, ends[1])))
    return model
