"""A vote by meaning: candidates that say the same form a class, and the largest class wins if it wins clearly.

Sameness is the backend's equivalence, passed in; not the strings, and not the answers, since two wrong models can
have one answer. Sampling stops once no candidate still to come could change the winner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from quod.core.formalization import Formalization
from quod.core.protocols import Divergence, Equivalence
from quod.translators.llm.contested import Contested, contested

__all__ = ["Ballot", "Equivalent", "decided", "vote"]

Equivalent = Callable[[Formalization, Formalization], Equivalence]


@dataclass
class Ballot:
    """The classes so far, largest first, and where the two largest differ."""

    classes: list[list[Formalization]] = field(default_factory=list)
    asked: int = 0
    """Candidates asked for, readable or not."""
    undecided: int = 0
    """Comparisons that could not be decided; the two then count as different."""
    difference: Equivalence | None = None
    parted: dict[tuple[str, str], tuple[Divergence, ...]] = field(default_factory=dict)
    """The sentences found to differ, by the digests of the two candidates compared."""

    @property
    def sentences(self) -> tuple[Contested, ...]:
        """The sentences that are read in several ways, each with its own classes of candidates."""
        return contested([(group[0].digest, len(group)) for group in self.classes], self.parted)

    @property
    def votes(self) -> int:
        """Candidates that could be read."""
        return sum(len(c) for c in self.classes)

    @property
    def winner(self) -> Formalization | None:
        """The first candidate of the largest class; of equals, the class that was first."""
        return self.classes[0][0] if self.classes else None

    @property
    def clear(self) -> bool:
        """Whether the largest class has two votes or more and more than any other."""
        if not self.classes or len(self.classes[0]) < 2:
            return False
        return len(self.classes) == 1 or len(self.classes[0]) > len(self.classes[1])

    @property
    def tied(self) -> bool:
        """Whether two classes are largest."""
        return len(self.classes) > 1 and len(self.classes[0]) == len(self.classes[1])

    @property
    def note(self) -> str:
        """The count in words."""
        first = len(self.classes[0]) if self.classes else 0
        return f"{first} of {self.votes} readable candidates agree ({self.asked} asked for)"

    def add(self, candidate: Formalization, equivalent: Equivalent) -> None:
        """Put a candidate into its class, comparing it with one of each."""
        for group in self.classes:
            if group[0].digest == candidate.digest:
                group.append(candidate)
                break
            same = equivalent(group[0], candidate)
            if same.equivalent:
                group.append(candidate)
                break
            if same.equivalent is None:
                self.undecided += 1
            elif same.sentences:
                self.parted[group[0].digest, candidate.digest] = same.sentences
        else:
            self.classes.append([candidate])
        self.classes.sort(key=len, reverse=True)  # stable: of equals the first stays first


def decided(ballot: Ballot, left: int) -> bool:
    """Whether ``left`` more candidates cannot change the winner nor make it unclear."""
    if not ballot.classes:
        return left == 0
    first = len(ballot.classes[0])
    second = len(ballot.classes[1]) if len(ballot.classes) > 1 else 0
    return left == 0 or (first >= 2 and first > second + left)


def vote(candidates: Iterable[Formalization | None], wanted: int, equivalent: Equivalent) -> Ballot:
    """Take candidates (None: unreadable) until the vote is decided or ``wanted`` have been asked for."""
    ballot = Ballot()
    source = iter(candidates)
    while not decided(ballot, wanted - ballot.asked):
        try:
            candidate = next(source)
        except StopIteration:
            break
        ballot.asked += 1
        if candidate is not None:
            ballot.add(candidate, equivalent)
    if len(ballot.classes) > 1:
        ballot.difference = equivalent(ballot.classes[0][0], ballot.classes[1][0])
    return ballot
