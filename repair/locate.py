"""Where two formalizations of the same words differ, element by element.

Two readings that are not equivalent as wholes mostly agree in most of their elements. Those are matched by what they
say (names aside), by the words they came from, and by likeness; what is left over is the difference. The comparison
is lexical, over outlines; whoever can decide whether two elements say the same lends that as ``same``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

from quod.core.outline import Element, ElementKind

__all__ = ["Difference", "differences", "plain"]

_ALIKE = 0.8
_NEAR = 0.5
_SAYING = {ElementKind.DATA, ElementKind.ASSUMPTION, ElementKind.GOAL}


@dataclass(frozen=True)
class Difference:
    """One place where the readings differ: an element of ours, of theirs, or a pair that says different things."""

    ours: Element | None
    theirs: Element | None


def differences(
    ours: tuple[Element, ...],
    theirs: tuple[Element, ...],
    same: Callable[[Element, Element], bool] | None = None,
) -> list[Difference]:
    """The differing, superfluous and missing elements of ``ours`` against ``theirs``.

    ``same`` decides whether a pair that is written differently says the same. It is asked only when more than one
    pair is in doubt: of wholes known to differ, the one pair in doubt is the difference.
    """
    names = _Names(ours, theirs)
    left = [e for e in ours if e.kind in _SAYING]
    right = [e for e in theirs if e.kind in _SAYING]
    doubtful: list[tuple[Element, Element]] = []
    _pair_up(left, right, lambda a, b: _key(a.sequence) == _key(names.ours(b.sequence)))
    for alike in (
        lambda a, b: _same_words(a, b),
        lambda a, b: a.kind is ElementKind.GOAL and len(_of(left, a)) == len(_of(right, b)) == 1,
    ):
        doubtful += _pair_up(left, right, alike)
    doubtful += _nearest(left, right, names)
    doubtful = [(a, b) for a, b in doubtful if not names.reconcile(a.sequence, b.sequence)]
    single = len(doubtful) + len(left) + len(right) == 1
    if same is not None and not single:
        doubtful = [(a, b) for a, b in doubtful if not same(a, b)]
    return [
        *(Difference(a, b) for a, b in doubtful),
        *(Difference(a, None) for a in left),
        *(Difference(None, b) for b in right),
    ]


def plain(words: str) -> str:
    """Words without case, punctuation and extra space."""
    return " ".join(re.findall(r"\w+", words.lower()))


def _of(elements: list[Element], like: Element) -> list[Element]:
    return [e for e in elements if e.kind is like.kind]


def _same_words(a: Element, b: Element) -> bool:
    one, two = plain(a.words), plain(b.words)
    return bool(one) and one == two


def _pair_up(
    left: list[Element], right: list[Element], alike: Callable[[Element, Element], bool]
) -> list[tuple[Element, Element]]:
    """Take the pairs that are alike out of both lists."""
    pairs = []
    for a in list(left):
        b = next((b for b in right if b.kind is a.kind and alike(a, b)), None)
        if b is not None:
            pairs.append((a, b))
            left.remove(a)
            right.remove(b)
    return pairs


def _nearest(left: list[Element], right: list[Element], names: _Names) -> list[tuple[Element, Element]]:
    scored = [
        (SequenceMatcher(None, a.sequence, names.ours(b.sequence), autojunk=False).ratio(), i, j)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if a.kind is b.kind
    ]
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    pairs = []
    for score, i, j in sorted(scored, key=lambda s: -s[0]):
        if score >= _NEAR and i not in taken_a and j not in taken_b:
            taken_a.add(i)
            taken_b.add(j)
            pairs.append((left[i], right[j]))
    left[:] = [a for i, a in enumerate(left) if i not in taken_a]
    right[:] = [b for j, b in enumerate(right) if j not in taken_b]
    return pairs


_MIRROR = {">=": "<=", ">": "<", "≥": "≤"}
_COMPARISONS = {"<=", ">=", "<", ">", "≤", "≥", "=", "≠", "!="}


def _key(sequence: tuple[str, ...]) -> tuple[str, ...]:
    """The sequence with its comparison pointing one way: ``a >= b`` says ``b <= a``."""
    places = [i for i, token in enumerate(sequence) if token in _COMPARISONS]
    if len(places) == 1 and sequence[places[0]] in _MIRROR:
        at = places[0]
        return (*sequence[at + 1 :], _MIRROR[sequence[at]], *sequence[:at])
    return sequence


class _Names:
    """Which names of theirs are which of ours: the same, those alike, and those that matching elements agree on."""

    def __init__(self, ours: tuple[Element, ...], theirs: tuple[Element, ...]) -> None:
        mine = {name for e in ours for name in e.names}
        other = {name for e in theirs for name in e.names}
        self._to_ours = {name: name for name in mine & other}
        free = sorted(mine - other)
        self._open = other - mine
        self._mine = mine - other
        for name in sorted(self._open):
            likeness = [(SequenceMatcher(None, _bare(name), _bare(m)).ratio(), m) for m in free]
            best = max(likeness, default=(0.0, ""))
            if best[0] >= _ALIKE:
                self._to_ours[name] = best[1]
                free.remove(best[1])

    def ours(self, sequence: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._to_ours.get(token, token) for token in sequence)

    def reconcile(self, ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
        """Whether they are the same up to names that have no counterpart yet, which then get one."""
        mine, other = _key(ours), _key(self.ours(theirs))
        if len(mine) != len(other):
            return False
        fresh: dict[str, str] = {}
        for a, b in zip(mine, other, strict=True):
            if a == b:
                continue
            unknown = b in self._open and b not in self._to_ours and a in self._mine
            if not unknown or fresh.setdefault(b, a) != a or a in self._to_ours.values():
                return False
        if len(set(fresh.values())) != len(fresh):
            return False
        self._to_ours.update(fresh)
        return True


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
