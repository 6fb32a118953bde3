"""The elements of a Lean text: its header, the statement and the proof."""

from __future__ import annotations

from quod.backends.itp.outline import outline_lean as outline

__all__ = ["outline"]
