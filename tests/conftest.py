"""Fixtures shared by all tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The development data. In CI a missing folder fails; elsewhere the tests that need it are skipped."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the development data is missing: no folder {SHARED}")
        pytest.skip("needs the development data (../shared/data), which is not distributed")
    return SHARED


@pytest.fixture(scope="session")
def shared_rows(shared_data: Path) -> Callable[[str], list[dict[str, Any]]]:
    """``shared_rows("nl4opt/dev.jsonl")``: the rows of one file of the development data."""

    def rows(name: str) -> list[dict[str, Any]]:
        with (shared_data / name).open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.strip()]

    return rows


@pytest.fixture(scope="session")
def soonest() -> Callable[..., None]:
    """``soonest(once, within=1.0)``: some try of five takes less than that many seconds.

    ``once`` does the thing and returns the seconds it took. "Within a second" is a promise of quod's; a pause of the
    machine that runs the tests does not break it, and does not come five times.
    """

    def measure(once: Callable[[], float], within: float) -> None:
        taken: list[float] = []
        while len(taken) < 5 and min(taken, default=within) >= within:
            taken.append(once())
        assert min(taken) < within, taken

    return measure
