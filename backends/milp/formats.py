"""Other people's formats: LP and MPS files in and out, Pyomo out. Files are read into a model's JSON text, so one path
serves all.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.interchange import Bad, safe_names
from quod.backends.milp.lp_file import read_lp, to_lp
from quod.backends.milp.mps_file import read_mps, to_mps
from quod.backends.milp.values import Lin, Tree
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
    """A Pyomo ConcreteModel, for users' own solvers. Needs ``pip install 'quod[pyomo]'``.

    Raises :class:`quod.backends.milp.pyomo_model.Unsupported` for logic and global constraints.
    """
    from quod.backends.milp.pyomo_model import build

    program = ground.program
    goal = ground.objective if isinstance(ground.objective, Tree) else Lin(dict(program.cost), program.offset)
    model, _ = build(replace(program, names=safe_names(ground)), [u.tree for u in ground.trees], goal)
    return model
