"""What a problem may cost, and what it has cost."""

from __future__ import annotations

from pydantic import Field

from quod.core.model import Frozen

__all__ = ["Budget", "Cost"]


class Budget(Frozen):
    """Limits for one problem. Each is enforced before the step that would pass it."""

    seconds: float = Field(default=60.0, gt=0, le=86_400)
    """Wall-clock seconds from claim to answer."""
    engine_seconds: float = Field(default=20.0, gt=0, le=86_400)
    """Wall-clock seconds of any one engine call."""
    memory_mb: int = Field(default=2048, ge=64, le=1_048_576)
    """MiB of any one engine process group."""
    attempts: int = Field(default=6, ge=1, le=1000)
    """Candidate formalizations tried, first draft included."""
    tokens: int | None = Field(default=None, ge=0)
    """Language-model tokens, prompt and completion together."""
    money: float | None = Field(default=None, ge=0)
    """US dollars, by the price table."""


class Cost(Frozen):
    """What was spent."""

    seconds: float = 0.0
    """Wall-clock seconds, all stages."""
    stages: dict[str, float] = Field(default_factory=dict)
    """Wall-clock seconds by stage: route, translate, parse, solve, certify, judge, repair."""
    engine_seconds: float = 0.0
    """Seconds inside engines, summed over them."""
    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    money: float | None = None
    """US dollars; None when no price is known for a model that was called."""
