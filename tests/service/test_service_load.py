"""Many clients at once: the short form of benchmarks/load.py, on the embedded runtime with the real pipeline."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from load import Figures, memory_mb, storm
from service_stack import Stack

pytestmark = pytest.mark.slow


def test_no_error_no_lost_event_and_bounded_memory_under_load() -> None:
    seen = Figures()
    with Stack(postgres=False, redis=False, max_queued=40, lease_seconds=30) as stack:
        asyncio.run(storm(stack, Figures(), 16, 3))
        before = memory_mb(stack)
        asyncio.run(storm(stack, seen, 16, 6))
        after = memory_mb(stack)
    assert not [status for status in seen.statuses if status >= 500], seen.statuses
    assert not seen.gaps
    assert not seen.errors
    assert seen.streams > 5
    assert seen.events > 20
    assert after < 2 * before
