"""Plans as text: one step a line, ``(name object …)``, for temporal plans ``time: (name object …) [duration]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Plan", "Step", "parse_plan", "show_plan"]

_STEP = re.compile(
    r"^\s*(?:(?P<time>\d+(?:\.\d+)?)\s*:)?\s*\(\s*(?P<body>[^()]*?)\s*\)\s*(?:\[\s*(?P<duration>\d+(?:\.\d+)?)\s*\])?\s*$"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a plan. ``time`` and ``duration`` only in temporal plans."""

    name: str
    args: tuple[str, ...]
    time: Fraction | None = None
    duration: Fraction | None = None

    def __str__(self) -> str:
        body = f"({' '.join((self.name, *self.args))})"
        if self.time is None:
            return body
        tail = f" [{decimal(self.duration)}]" if self.duration is not None else ""
        return f"{decimal(self.time)}: {body}{tail}"


Plan = tuple[Step, ...]


def decimal(value: Fraction) -> str:
    """A number as an exact decimal where it has one, else as a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    places = 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        places = max(places, count)
    if rest != 1 or places > 12:
        return str(value)
    scaled = abs(value) * 10**places
    digits = str(scaled.numerator).rjust(places + 1, "0")
    return f"{'-' * (value < 0)}{digits[:-places]}.{digits[-places:]}"


def parse_plan(text: str, step: re.Pattern[str] = _STEP) -> Plan | None:
    """The plan in a text; comments (``;``) and empty lines are skipped. None if a line is not a step.

    ``step`` matches one, with groups ``time``, ``body`` and ``duration``, where a planner has a way of its own.
    """
    steps: list[Step] = []
    for raw in text.splitlines():
        line = raw.split(";", 1)[0].strip().lower()
        if not line:
            continue
        match = step.match(line)
        words = match["body"].split() if match else []
        if not match or not words:
            return None
        time = Fraction(match["time"]) if match["time"] else None
        duration = Fraction(match["duration"]) if match["duration"] else None
        steps.append(Step(words[0], tuple(words[1:]), time, duration))
    return tuple(steps)


def show_plan(plan: Plan) -> list[str]:
    """One line a step."""
    return [str(step) for step in plan]
