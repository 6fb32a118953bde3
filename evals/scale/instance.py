"""What a maker of instances gives: words, tables, gold formal text and the exact answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quod.core.answer import Answer
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import ContextItem
from quod.evals.benchmark import Grade

__all__ = ["SIZES", "Instance", "Maker", "csv_item", "listed", "made_up_words"]

SIZES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Instance:
    """One generated problem."""

    text: str
    gold: Formalization
    grade: Callable[[Answer], Grade]
    context: tuple[ContextItem, ...] = ()

    @property
    def formalism(self) -> Formalism:
        """The formalism of the gold."""
        return self.gold.formalism


Maker = Callable[[int, random.Random], Instance]
"""``make(size, rng)``, size from 1 to 5."""


def csv_item(name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> ContextItem:
    """A table as a context item."""
    lines = [",".join(header), *(",".join(map(str, row)) for row in rows)]
    return ContextItem(name=name, content="\n".join(lines) + "\n")


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def made_up_words(count: int, rng: random.Random, ending: str) -> list[str]:
    """Distinct made-up nouns, as in PrOntoQA: nothing known about the world helps.

    No two are a slip of the pen apart (a letter changed, dropped, added, or two swapped), or a careful reader would
    have to ask whether they are the same.
    """
    first = "b br d dr f fl g gr j k kl l m n p pr r s st t tr v w y z".split()
    vowels = "a e i o u".split()
    middle = "b d g l m mb mp n nd r rp st t v".split()
    found: list[str] = []
    slips: set[str] = set()
    while len(found) < count:
        stem = rng.choice(first) + rng.choice(vowels) + rng.choice(middle) + rng.choice(vowels) + rng.choice(middle)
        # words that are a slip apart share a word that either becomes by losing a letter
        near = {stem, *(stem[:i] + stem[i + 1 :] for i in range(len(stem)))}
        if not near & slips:
            slips |= near
            found.append(stem + ending)
    return found
