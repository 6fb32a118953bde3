"""Classes of candidates for each sentence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.protocols import Divergence, Equivalence
from quod.translators.llm.vote import vote

WORDS = ("first", "second", "third")


def candidate(readings: str) -> Formalization:
    return Formalization(formalism=Formalism.FOL, text=readings, language="quod-fol")


def by_letters(a: Formalization, b: Formalization) -> Equivalence:
    """A candidate reads each sentence as its letter says."""
    apart = tuple(
        Divergence(words=w, first=x, second=y) for w, x, y in zip(WORDS, a.text, b.text, strict=True) if x != y
    )
    return Equivalence(equivalent=not apart, sentences=apart)


def test_each_sentence_has_classes_of_its_own() -> None:
    ballot = vote(map(candidate, ("aaa", "aab", "aba", "aab")), 4, by_letters)
    found = {s.words: (s.readings, s.votes) for s in ballot.sentences}
    assert found == {"second": (("a", "b"), (3, 1)), "third": (("b", "a"), (2, 2))} or found == {
        "second": (("a", "b"), (3, 1)),
        "third": (("a", "b"), (2, 2)),
    }
    assert "is read in 2 ways (3 and 1 candidates)" in " ".join(map(str, ballot.sentences))


@given(st.lists(st.text("ab", min_size=3, max_size=3), min_size=1, max_size=7))
def test_the_votes_for_a_sentence_are_those_of_its_letters(texts: list[str]) -> None:
    ballot = vote(map(candidate, texts), len(texts), by_letters)
    cast = [c.text for group in ballot.classes for c in group]
    contested = {s.words: s for s in ballot.sentences}
    for place, words in enumerate(WORDS):
        counts = sorted((sum(t[place] == letter for t in cast) for letter in {t[place] for t in cast}), reverse=True)
        assert (words in contested) == (len(counts) > 1)
        if words in contested:
            assert list(contested[words].votes) == counts
