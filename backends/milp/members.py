"""Members of sets: their products, and how they are shown."""

from __future__ import annotations

import itertools
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.compiling import GroundError

__all__ = ["product_of", "shown"]


def product_of(over: list[list[Any]], most: int) -> list[Any]:
    """Every combination of members, tuples made flat. Raises GroundError beyond ``most``."""
    if len(over) == 1:
        return over[0]
    size = 1
    for members in over:
        size *= len(members)
    if size > most:
        raise GroundError(codes.TOO_LARGE, f"{size} combinations of indices; {most} fit the memory limit")
    flat = [[m if isinstance(m, tuple) else (m,) for m in members] for members in over]
    return [tuple(itertools.chain.from_iterable(combo)) for combo in itertools.product(*flat)]


def shown(member: Any) -> str:
    """A member as names and messages have it."""
    return ",".join(map(str, member)) if isinstance(member, tuple) else str(member)
