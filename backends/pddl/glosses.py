"""Words for predicates and actions: written in the domain, or generated from names.

A domain may say how it reads, in comments of the form::

    ;; @say stack: put {ob} on {underob}
    ;; @say on: {x} is on {y}

Placeholders are the declared parameter names without their question mark. What has no gloss gets one generated
from its name, so every domain can be read aloud.
"""

from __future__ import annotations

import re

from quod.backends.pddl.plans import Step
from quod.backends.pddl.syntax import Domain
from quod.backends.pddl.task import Fact, Task

__all__ = ["Glosses"]

_SAY = re.compile(r"^\s*;+\s*@say\s+(?P<name>\S+?)\s*:\s*(?P<words>.+?)\s*$", re.MULTILINE)
_HOLE = re.compile(r"\{(\w[\w-]*)\}")
_LINKING = frozenset("at in on of to from by with near above below left-of right-of inside under".split())


class Glosses:
    """Templates of one task."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._said = _templates(task.domain)

    def action(self, step: Step) -> str:
        """A step in words, in the imperative."""
        action = self._task.actions.get(step.name)
        names = [p.name for p in action.params] if action else []
        template = self._said.get(step.name)
        filled = _fill(template, names, step.args) if template else None
        if filled:
            return filled
        verb = step.name.replace("-", " ").replace("_", " ")
        return f"{verb} {_listed(step.args)}".strip()

    def fact(self, fact: Fact) -> str:
        """A fact in words."""
        signature = self._task.predicates.get(fact[0]) or self._task.functions.get(fact[0])
        names = [p.name for p in signature.params] if signature else []
        template = self._said.get(fact[0]) if fact[0] not in self._task.actions else None
        template = self._said.get(f"({fact[0]})", template)
        filled = _fill(template, names, fact[1:]) if template else None
        if filled:
            return filled
        words = fact[0].replace("-", " ").replace("_", " ")
        args = fact[1:]
        if not args:
            return words
        if len(args) == 1:
            return f"{args[0]} is {words}"
        if len(args) == 2:
            first = words.split()[0]
            link = "is " if first in _LINKING or words in _LINKING else ""
            return f"{args[0]} {link}{words} {args[1]}"
        return f"{words}: {_listed(args)}"


def _templates(domain: Domain) -> dict[str, str]:
    return {m["name"].lower(): m["words"] for m in _SAY.finditer(domain.source.text)}


def _fill(template: str, names: list[str], args: tuple[str, ...]) -> str | None:
    known = {n.removeprefix("?"): a for n, a in zip(names, args, strict=False)}
    holes = _HOLE.findall(template)
    if any(h.lower() not in known for h in holes):
        return None
    return _HOLE.sub(lambda m: known[m[1].lower()], template)


def _listed(args: tuple[str, ...]) -> str:
    return ", ".join(args)
