"""Derived predicates must not depend on their own negation: strata, lowest first."""

from __future__ import annotations

from collections.abc import Iterable

from quod.backends.pddl.syntax import Derived
from quod.backends.pddl.walk import literals

__all__ = ["strata", "unstratified"]


def _levels(rules: Iterable[Derived]) -> tuple[dict[str, int], str | None]:
    """The stratum of each derived predicate, or the name of one that has none."""
    rules = list(rules)
    level = {rule.head.name: 0 for rule in rules}
    for _ in range(len(level) + 1):
        changed = False
        for rule in rules:
            for atom, positive in literals(rule.body):
                if atom.name in level:
                    needed = level[atom.name] + (0 if positive else 1)
                    if level[rule.head.name] < needed:
                        level[rule.head.name] = needed
                        changed = True
        if not changed:
            return level, None
        worst = max(level, key=lambda name: level[name])
        if level[worst] > len(level):
            return level, worst
    return level, max(level, key=lambda name: level[name])


def unstratified(rules: Iterable[Derived]) -> str | None:
    """A derived predicate that depends on its own negation, or None."""
    return _levels(rules)[1]


def strata(rules: Iterable[Derived]) -> list[list[Derived]]:
    """The rules by stratum, to be evaluated in this order."""
    rules = list(rules)
    level, _ = _levels(rules)
    out: list[list[Derived]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for rule in rules:
        out[level[rule.head.name]].append(rule)
    return [layer for layer in out if layer]
