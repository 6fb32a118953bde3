"""Planning: PDDL in, a replayed plan out. See docs/pddl.md."""

from __future__ import annotations

from quod.core.protocols import Backend

__all__ = ["backend"]


def backend() -> Backend:
    """The pddl backend."""
    from quod.backends.pddl.backend import PddlBackend

    return PddlBackend()
