"""Which element of a mended text is which element of the text before."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher

from quod.core.outline import Element

__all__ = ["match_elements", "renaming"]

Pairs = list[tuple[Element, Element]]


def match_elements(
    before: tuple[Element, ...], after: tuple[Element, ...]
) -> tuple[Pairs, list[Element], list[Element]]:
    """Counterparts, what was dropped, what was added.

    Counterparts have the same text and name, then the same text, then the same name, then are the most alike of their
    kind; of two that are left alone of their kind, one took the other's place.
    """
    pairs: Pairs = []
    left, right = list(before), list(after)

    def take(*same: str) -> None:
        for old in list(left):
            for new in right:
                if old.kind is new.kind and all(getattr(old, s) == getattr(new, s) for s in same):
                    pairs.append((old, new))
                    left.remove(old)
                    right.remove(new)
                    break

    take("text", "name")
    take("text")
    take("name")
    scored = [
        (SequenceMatcher(None, old.text, new.text, autojunk=False).ratio(), i, j)
        for i, old in enumerate(left)
        for j, new in enumerate(right)
        if old.kind is new.kind
    ]
    lone = {old.kind for old in left if _count(left, old) == _count(right, old) == 1}
    used_old: set[int] = set()
    used_new: set[int] = set()
    for score, i, j in sorted(scored, key=lambda s: -s[0]):
        if (score >= 0.5 or left[i].kind in lone) and i not in used_old and j not in used_new:
            pairs.append((left[i], right[j]))
            used_old.add(i)
            used_new.add(j)
    return (
        pairs,
        [old for i, old in enumerate(left) if i not in used_old],
        [new for j, new in enumerate(right) if j not in used_new],
    )


def _count(elements: list[Element], like: Element) -> int:
    return sum(e.kind is like.kind for e in elements)


def renaming(pairs: Pairs, before: tuple[Element, ...], after: tuple[Element, ...]) -> dict[str, str]:
    """The one-to-one renaming that the pairs agree on, of names that are gone to names that are new."""
    seen: dict[str, set[str]] = {}
    for old, new in pairs:
        gone = Counter(old.names) - Counter(new.names)
        come = Counter(new.names) - Counter(old.names)
        if len(gone) == len(come) == 1:
            seen.setdefault(next(iter(gone)), set()).add(next(iter(come)))
    one = {name: next(iter(others)) for name, others in seen.items() if len(others) == 1}
    had = {name for e in before for name in e.names}
    has = {name for e in after for name in e.names}
    taken = Counter(one.values())
    return {
        old: new for old, new in one.items() if taken[new] == 1 and old not in has and new not in had
    }  # fmt: skip
