"""Which sandbox family runs our own search: one with it preloaded where there is one."""

from __future__ import annotations

from quod.backends.sandbox.families import FAMILIES

__all__ = ["FAMILY"]

FAMILY = "fol" if "fol" in FAMILIES else "plain"
