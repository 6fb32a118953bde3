"""Comparatives in controlled English against the truth: all ways in which a few people can be ranked."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.fol.document import raw_document
from quod.backends.fol.question import answer
from quod.backends.fol.resolve import resolve
from quod.core.problem import Problem
from quod.core.run import Run
from quod.core.verdict import Conclusion
from quod.translators.controlled.fol import translator

NAMES = ("Ann", "Bob", "Carl", "Dora")
SAYINGS: dict[str, Callable[[int, int], bool]] = {
    "{} is taller than {}": lambda a, b: a > b,
    "{} is shorter than {}": lambda a, b: a < b,
    "{} is less tall than {}": lambda a, b: a < b,
    "{} is not taller than {}": lambda a, b: a <= b,
    "{} is not as tall as {}": lambda a, b: a < b,
}
PAIRS = list(itertools.permutations(range(len(NAMES)), 2))
said = st.tuples(st.sampled_from(list(SAYINGS)), st.sampled_from(PAIRS))


def holds(saying: tuple[str, tuple[int, int]], heights: tuple[int, ...]) -> bool:
    words, (a, b) = saying
    return SAYINGS[words](heights[a], heights[b])


def told(saying: tuple[str, tuple[int, int]]) -> str:
    words, (a, b) = saying
    return words.format(NAMES[a], NAMES[b])


@settings(max_examples=60, deadline=None)
@given(st.lists(said, min_size=1, max_size=5), said)
def test_what_follows_is_what_holds_in_every_ranking(
    premises: list[tuple[str, tuple[int, int]]], asked: tuple[str, tuple[int, int]]
) -> None:
    ranked = [h for h in itertools.product(range(len(NAMES)), repeat=len(NAMES)) if all(holds(p, h) for p in premises)]
    outcomes = {holds(asked, h) for h in ranked}
    expected = {
        frozenset(): Conclusion.INCONSISTENT,
        frozenset({True}): Conclusion.PROVED,
        frozenset({False}): Conclusion.DISPROVED,
        frozenset({True, False}): Conclusion.UNDETERMINED,
    }[frozenset(outcomes)]
    text = " ".join(f"{told(p)}." for p in premises) + f" True or false: {told(asked)}."
    translation = translator().translate(Problem(text=text), Run())
    assert translation.formalization is not None, translation.diagnostics
    theory, found = resolve(raw_document(translation.formalization.text), {})
    assert theory is not None, found
    assert answer(theory, 20).conclusion is expected
