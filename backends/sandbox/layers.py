"""What stands between an engine and the machine here, for ``quod doctor``."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Layer"]


@dataclass(frozen=True)
class Layer:
    """One layer of the sandbox. A layer is active if a child tried it and found that it holds."""

    name: str
    active: bool
    note: str = ""
    """What it does, or why it is missing and what that means."""
