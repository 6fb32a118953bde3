"""Every planner, in the order in which they are asked."""

from __future__ import annotations

from quod.backends.pddl.engines.aries import ARIES
from quod.backends.pddl.engines.base import Engine
from quod.backends.pddl.engines.downward import FAST_DOWNWARD, SYMK
from quod.backends.pddl.engines.enhsp import ENHSP
from quod.backends.pddl.engines.lpg import LPG
from quod.backends.pddl.engines.pyperplan import PYPERPLAN
from quod.backends.pddl.engines.tamer import TAMER

__all__ = ["ENGINES"]

ENGINES: tuple[Engine, ...] = (FAST_DOWNWARD, SYMK, PYPERPLAN, ENHSP, ARIES, TAMER, LPG)
