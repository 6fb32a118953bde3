"""First-order logic: entailment, puzzles and arithmetic, decided and evidenced. See docs/fol.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quod.core.protocols import Backend

__all__ = ["backend"]


def backend() -> Backend:
    """The fol backend."""
    from quod.backends.fol.backend import FolBackend

    return FolBackend()
