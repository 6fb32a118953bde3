"""Rocq (Coq): statements proved by automation or by a candidate proof, judged by the kernel. See docs/rocq.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quod.core.protocols import Backend

__all__ = ["backend"]


def backend() -> Backend:
    """The rocq backend."""
    from quod.backends.rocq.backend import RocqBackend

    return RocqBackend()
