"""Whether the members of a kind are alike: the problem stays what it is when two of them change places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Set as AbstractSet

from quod.translators.controlled.pddl.facts import terms_of
from quod.translators.controlled.pddl.work import Work

__all__ = ["alike"]

_WORD = re.compile(r"[^\s()]+")


def alike(work: Work, kind: str, besides: AbstractSet[str], along: AbstractSet[str] = frozenset()) -> bool:
    """Whether any two members can change places in the start and in the goal, but for the facts ``besides``.

    With them go those of the kinds ``along``: the first with the first, the second with the second.
    """
    rows = [work.members[k] for k in (kind, *sorted(along))]
    names = {name for row in rows for name in row}
    for facts in (work.out.init, work.out.goals):
        said_of: dict[str, set[str]] = {name: set() for name in names}
        for fact in facts:
            for name in names.intersection(terms_of(fact)) if fact not in besides else ():
                said_of[name].add(fact)
        for pairs in zip(*(itertools.pairwise(row) for row in rows), strict=True):
            about = {fact for pair in pairs for name in pair for fact in said_of[name]}
            if _swapped(about, pairs) != about:
                return False
    return True


def _swapped(facts: set[str], pairs: tuple[tuple[str, str], ...]) -> set[str]:
    change = {x: y for a, b in pairs for x, y in ((a, b), (b, a))}
    return {_WORD.sub(lambda m: change.get(m[0], m[0]), fact) for fact in facts}
