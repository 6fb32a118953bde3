"""Facts: found by a pattern without going through all of them, filled from templates, denied."""

from __future__ import annotations

import re

__all__ = ["Facts", "denied", "filled", "terms_of"]

_HOLE = re.compile(r"\{(\w+)\}")


class Facts:
    """Facts, found by a pattern such as ``(on * a)`` without going through all of them."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[tuple[str, list[str]]]] = {}
        self.by_term: dict[tuple[str, int, str], list[tuple[str, list[str]]]] = {}

    def add(self, fact: str) -> None:
        """Take a fact in."""
        words = fact.strip("()").split()
        self.by_name.setdefault(words[0], []).append((fact, words))
        for i, term in enumerate(words[1:], start=1):
            self.by_term.setdefault((words[0], i, term), []).append((fact, words))

    def like(self, pattern: str) -> list[str]:
        """The facts that a pattern fits; ``*`` is anything, but a fact that is denied is not a fact."""
        wanted = pattern.strip("()").split()
        return [
            fact
            for name in ([wanted[0]] if wanted[0] != "*" else [n for n in self.by_name if n != "not"])
            for fact, words in self._near(name, wanted[1:])
            if len(words) == len(wanted) and all(w in {"*", f} for f, w in zip(words, wanted, strict=True))
        ]

    def _near(self, name: str, terms: list[str]) -> list[tuple[str, list[str]]]:
        groups = [self.by_term.get((name, i, term), []) for i, term in enumerate(terms, start=1) if term != "*"]
        return min(groups, key=len) if groups else self.by_name.get(name, [])


def filled(template: str, binding: dict[str, str]) -> str:
    """A template with its holes filled."""
    return _HOLE.sub(lambda m: binding[m[1]], template)


def denied(fact: str) -> str | None:
    """What ``(not (…))`` denies; None of a fact that denies nothing."""
    inner = fact.removeprefix("(not ")
    return inner[:-1] if inner != fact else None


def terms_of(fact: str) -> list[str]:
    """The things a fact speaks of; none for a number, such as ``(= (total-cost) 0)``."""
    fact = denied(fact) or fact
    return [] if fact.startswith("(=") else fact.strip("()").split()[1:]
