"""A pool of zygotes of the tests' own, which find the targets in this folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quod.backends.sandbox import CallResult, Limits, call
from quod.backends.sandbox.pool import Pool
from quod.core.model import JsonValue
from quod.core.run import Cancel

HERE = str(Path(__file__).parent)

Engine = Callable[..., CallResult]


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Zygotes that can import ``sandbox_targets``."""
    sys.path.insert(0, HERE)
    made = Pool()
    yield made
    made.close()
    sys.path.remove(HERE)


@pytest.fixture
def engine(pool: Pool) -> Engine:
    """``engine("echo", payload)`` calls a target of sandbox_targets.py."""

    def run(
        name: str,
        payload: JsonValue = None,
        wall: float = 20.0,
        family: str = "plain",
        cancel: Cancel | None = None,
        **limits: int,
    ) -> CallResult:
        bounds = Limits(wall=wall, **limits)
        return call(family, f"sandbox_targets:{name}", payload, bounds, cancel=cancel, pool=pool)

    return run
