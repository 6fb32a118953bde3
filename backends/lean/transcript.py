"""The transcript player: recorded exchanges of a real REPL, played back by a real process, with faults on demand.

It stands in for Lean where there is none, and says what it is: it knows only what was recorded. It can also *cut* an
answer, *delay* it, *corrupt* it, *hang*, *die*, *exit*, eat *memory* and *flood* its output, which a real REPL does
only on bad days.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from quod.backends.lean.repl import ReplProgram, python_paths
from quod.backends.lean.wire import split_blocks
from quod.core.model import JsonDict

__all__ = ["Exchange", "player", "read_exchanges", "with_fault"]


@dataclass(frozen=True)
class Exchange:
    """One request and the recorded answer, to the character."""

    request: JsonDict
    answer: str
    fault: JsonDict | None = None
    """``{"kind": "cut" | "delay" | "corrupt" | "hang" | "die" | "exit" | "memory" | "flood", …}``"""


def read_exchanges(requests: str, answers: str) -> tuple[Exchange, ...]:
    """The exchanges of one recorded file pair (``.in`` and ``.expected.out`` of the REPL's own tests)."""
    asked = [json.loads(block, strict=False) for block in split_blocks(requests)]
    return tuple(Exchange(request, answer) for request, answer in zip(asked, split_blocks(answers), strict=False))


def with_fault(exchanges: tuple[Exchange, ...], index: int, fault: JsonDict) -> tuple[Exchange, ...]:
    """The exchanges with a fault at one of them."""
    return tuple(replace(e, fault=fault) if i == index else e for i, e in enumerate(exchanges))


def player(exchanges: tuple[Exchange, ...], *, memory_mb: int = 512) -> ReplProgram:
    """A program that plays the exchanges, each once, matched by the request's value."""
    steps = [{"request": e.request, "answer": e.answer, "fault": e.fault} for e in exchanges]
    source = (Path(__file__).parent / "player.py").read_bytes()
    files = {"player.py": source, "script.json": json.dumps(steps).encode()}
    executable = str(Path(sys.executable).resolve())
    argv = (executable, "-I", "player.py", "script.json")
    return ReplProgram(argv, python_paths(), files, memory_mb, version="transcript player (not a Lean)")
