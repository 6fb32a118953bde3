"""Classes of candidates for each sentence: who reads it alike, whatever they make of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quod.core.protocols import Divergence

__all__ = ["Contested", "contested"]


@dataclass(frozen=True)
class Contested:
    """One sentence that the candidates read in several ways."""

    words: str
    readings: tuple[str, ...]
    """Read back, the one with most candidates first; empty where the sentence is left out."""
    votes: tuple[int, ...]
    """Candidates for each reading."""

    def __str__(self) -> str:
        counts = " and ".join(map(str, self.votes))
        return f"“{self.words.rstrip('.')}” is read in {len(self.votes)} ways ({counts} candidates)"


def contested(
    classes: Sequence[tuple[str, int]], parted: Mapping[tuple[str, str], tuple[Divergence, ...]]
) -> tuple[Contested, ...]:
    """The sentences on which classes part, from the sentences found to differ between their first candidates.

    ``classes`` are digests of first candidates with the number of votes. Candidates that were not found to read a
    sentence differently are taken to read it alike. Sentences whose words are not known cannot be matched and are left
    out.
    """
    votes = dict(classes)
    words = dict.fromkeys(d.words for pair in parted.values() for d in pair if d.words)
    found = []
    for sentence in words:
        apart = {pair: d for pair, differing in parted.items() for d in differing if d.words == sentence}
        groups: list[list[str]] = []
        for digest in votes:
            for group in groups:
                if not any((one, digest) in apart or (digest, one) in apart for one in group):
                    group.append(digest)
                    break
            else:
                groups.append([digest])
        said = {a: d.first for (a, _), d in apart.items()} | {b: d.second for (_, b), d in apart.items()}
        sized = [(sum(votes[g] for g in group), next((said[g] for g in group if g in said), "")) for group in groups]
        if len(sized) > 1:
            sized.sort(key=lambda pair: -pair[0])
            found.append(Contested(sentence, tuple(s for _, s in sized), tuple(n for n, _ in sized)))
    return tuple(found)
