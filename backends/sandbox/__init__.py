"""How quod runs engines: never in its own process, always killed at their limits, with nothing of yours in sight.

    result = call("highs", "quod.backends.milp.engines.highs:solve", payload, Limits(wall=5.0))

Layers, threat model and what is not defended: docs/sandbox.md.
"""

from quod.backends.sandbox.calls import Call, Race, call, race
from quod.backends.sandbox.layers import Layer
from quod.backends.sandbox.pool import layers, warm
from quod.backends.sandbox.programs import run_program
from quod.backends.sandbox.session import Session, SessionEnded
from quod.backends.sandbox.steady import steady
from quod.backends.sandbox.types import CallResult, Ended, Limits, ProgramResult

__all__ = [
    "Call",
    "CallResult",
    "Ended",
    "Layer",
    "Limits",
    "ProgramResult",
    "Race",
    "Session",
    "SessionEnded",
    "call",
    "layers",
    "race",
    "run_program",
    "steady",
    "warm",
]
