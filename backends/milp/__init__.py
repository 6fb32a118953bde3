"""Optimization: linear, integer, nonlinear and constraint programs, solved and certified. See docs/milp.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quod.core.protocols import Backend

__all__ = ["backend"]


def backend() -> Backend:
    """The milp backend."""
    from quod.backends.milp.backend import MilpBackend

    return MilpBackend()
