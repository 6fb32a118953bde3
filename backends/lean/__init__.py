"""Lean 4: candidate proofs judged through a REPL or a Kimina-protocol server. See docs/lean.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quod.core.protocols import Backend

__all__ = ["backend"]


def backend() -> Backend:
    """The lean backend."""
    from quod.backends.lean.backend import LeanBackend

    return LeanBackend()
