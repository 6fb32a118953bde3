"""The elements of a Rocq text: its header, the statement and the proof."""

from __future__ import annotations

from quod.backends.itp.outline import outline_rocq as outline

__all__ = ["outline"]
