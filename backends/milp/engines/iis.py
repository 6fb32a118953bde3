"""An irreducible infeasible subset: constraints and bounds that cannot hold together, though without any one they can.

Runs in the sandbox. Payload ``{"program", "seconds", "fixed": [columns whose lower bound 0 is a matter of course]}``.
Result: ``{"rows", "bounds": [[column, side]], "witnesses": [[item, x]], "evidence"}`` or ``{"note"}``; every witness is
an exact point of the subset without that item, so that irreducibility can be checked too.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, cast

from quod.backends.milp.engines.lattice import no_whole_solution
from quod.backends.milp.engines.lp import Lp, exact_farkas, sparse
from quod.backends.milp.engines.proving import prove
from quod.backends.milp.engines.tree import Incumbent
from quod.backends.milp.linear import Program, as_json, from_json
from quod.core.model import JsonDict, JsonValue

__all__ = ["find", "subset"]

Item = tuple[str, int]
MOST = 400


def subset(program: Program, items: set[Item], fixed: set[int]) -> Program:
    """The program with only these rows (``row``, i) and bounds (``lower``/``upper``, j); plain signs stay."""
    lower = [v if ("lower", j) in items or j in fixed else None for j, v in enumerate(program.lower)]
    upper = [v if ("upper", j) in items else None for j, v in enumerate(program.upper)]
    rows = [r if ("row", i) in items else replace(r, lower=None, upper=None) for i, r in enumerate(program.rows)]
    return Program(program.names, lower, upper, program.integer, {}, rows=rows)


def find(payload: JsonDict) -> JsonDict:
    """See the module."""
    program = from_json(cast("JsonDict", payload["program"]))
    fixed = set(cast("list[int]", payload["fixed"]))
    until = time.monotonic() + float(cast("float", payload["seconds"]))
    everything: set[Item] = {("row", i) for i in range(len(program.rows))}
    everything |= {("lower", j) for j, v in enumerate(program.lower) if v is not None and j not in fixed}
    everything |= {("upper", j) for j, v in enumerate(program.upper) if v is not None}
    items = _support(program, everything, until)
    if items is None:
        items = everything
    if len(items) > MOST:
        return {"note": f"over {MOST} constraints take part"}
    witnesses: dict[Item, JsonDict] = {}
    for item in sorted(items, key=lambda it: (it[0] != "row", -it[1])):
        if time.monotonic() > until:
            return {"note": "out of time"}
        status, x = _feasible(subset(program, items - {item}, fixed), until)
        if status == "infeasible":
            items = items - {item}
        elif x is not None:
            witnesses[item] = x
        else:
            return {"note": f"a part could not be decided ({status})"}
    rest = subset(program, items, fixed)
    evidence = _evidence(rest, until)
    return {
        "rows": [i for kind, i in sorted(items) if kind == "row"],
        "bounds": cast("JsonValue", [[i, kind] for kind, i in sorted(items) if kind != "row"]),
        "witnesses": cast("JsonValue", [[list(item), x] for item, x in witnesses.items() if item in items]),
        "evidence": evidence,
    }


def _support(program: Program, everything: set[Item], until: float) -> set[Item] | None:
    """What a Farkas proof uses; None if only integrality makes the program infeasible."""
    y = exact_farkas(program, program.lower, program.upper, until)
    if y is None:
        return None
    items: set[Item] = {("row", i) for i in y}
    reduced: dict[int, Any] = {}
    for i, multiplier in y.items():
        for j, a in program.rows[i].terms.items():
            reduced[j] = reduced.get(j, 0) - multiplier * a
    items |= {("lower" if d > 0 else "upper", j) for j, d in reduced.items() if d}
    return items & everything


def _feasible(program: Program, until: float) -> tuple[str, JsonDict | None]:
    if no_whole_solution(program, program.lower, program.upper):
        return "infeasible", None
    lp = Lp(program, {}, integral=True)
    lp.limit(max(0.05, until - time.monotonic()))
    status = lp.run()
    if status != "optimal":
        return ("infeasible" if status in {"infeasible", "either"} else status), None
    best = Incumbent(program, {})
    if best.offer(lp.point, until) and best.x is not None:
        return status, {str(j): as_json(v) for j, v in sparse(best.x).items()}
    return "inexact", None


def _evidence(program: Program, until: float) -> JsonDict | None:
    y = exact_farkas(program, program.lower, program.upper, until)
    if y is not None:
        return {"farkas": {str(i): as_json(v) for i, v in y.items()}}
    return prove(program, {}, Incumbent(program, {}), until, 5000)[0]
