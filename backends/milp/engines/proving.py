"""A proof for a program with whole columns: a tree alone, or a tree over the program with cuts. Runs in the sandbox."""

from __future__ import annotations

import time
from typing import cast

from quod.backends.milp.engines.cuts import strengthen
from quod.backends.milp.engines.tree import Incumbent, grow
from quod.backends.milp.linear import Number, Program
from quod.core.model import JsonDict, JsonValue

__all__ = ["prove"]

FIRST, FIRST_MIXED = 6_000, 60
"""Nodes of the tree that is tried before cuts are (some 3 s); where some columns need not be whole, cuts help more."""


def prove(
    program: Program, cost: dict[int, Number], best: Incumbent, until: float, most: int = 20_000
) -> tuple[JsonDict | None, str]:
    """``{"tree"}`` or ``{"tree", "cuts"}``, proving that nothing beats ``best`` (or, without one, that there is no
    point), and a note; None when time, nodes or precision run out. Finds better points on the way."""
    begun = time.monotonic()
    first = FIRST if all(program.integer) else FIRST_MIXED
    tree, note = grow(program, cost, best, begun + 0.3 * (until - begun), min(most, first))
    if tree is not None:
        return {"tree": cast("JsonValue", tree)}, note
    cuts = strengthen(program, cost, time.monotonic() + 0.3 * (until - time.monotonic()))
    relaxation = best.relaxation
    tree, note = grow(cuts.program, cost, best, until, most)
    best.relaxation = relaxation
    if tree is None:
        return None, f"{note}, with {len(cuts.derived)} cuts"
    if not cuts.derived:
        return {"tree": cast("JsonValue", tree)}, note
    return {
        "tree": cast("JsonValue", tree),
        "cuts": cast("JsonValue", cuts.as_json()),
    }, f"{note}, {len(cuts.derived)} cuts"
