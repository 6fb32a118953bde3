"""Whether the members of a kind are alike: the problem stays what it is when two of them change places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Set as AbstractSet

from quod.translators.controlled.pddl.facts import terms_of
from quod.translators.controlled.pddl.work import Work

__all__ = ["alike"]

_WORD = re.compile(r"[^\s()]+")


def alike(work: Work, kind: str, besides: AbstractSet[str]) -> bool:
    """Whether any two members can change places in the start and in the goal, but for the facts ``besides``."""
    names = set(work.members[kind])
    for facts in (work.out.init, work.out.goals):
        said_of: dict[str, set[str]] = {name: set() for name in names}
        for fact in facts:
            for name in names.intersection(terms_of(fact)) if fact not in besides else ():
                said_of[name].add(fact)
        for a, b in itertools.pairwise(work.members[kind]):
            about = said_of[a] | said_of[b]
            if _swapped(about, a, b) != about:
                return False
    return True


def _swapped(facts: set[str], a: str, b: str) -> set[str]:
    change = {a: b, b: a}
    return {_WORD.sub(lambda m: change.get(m[0], m[0]), fact) for fact in facts}
