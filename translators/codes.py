"""Diagnostic codes shared by all translators."""

from __future__ import annotations

from quod.core.diagnostics import code

__all__ = ["NOT_UNDERSTOOD"]

NOT_UNDERSTOOD = code(
    "translate.not_understood",
    "A deterministic grammar could not read these words of the problem, so it abstained rather than guess.",
)
