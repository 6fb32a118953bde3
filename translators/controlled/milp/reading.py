"""The statements of a text: amounts, limits, rows, goals, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

__all__ = ["Amount", "Goal", "Limit", "Reading", "RowStatement"]


@dataclass
class Amount:
    """So much of something for one of an entity."""

    entity: int
    value: Fraction
    after: frozenset[str]
    before: frozenset[str]
    flavour: str
    words: str
    order: int
    matter: frozenset[str] = frozenset()
    """What it is so much *of*: hours of painting."""
    noun: tuple[str, ...] = ()
    """The noun behind the number, its head last."""


@dataclass
class Limit:
    """A limit on a total of something, or on the count of everything."""

    op: str
    value: Fraction
    after: frozenset[str]
    before: frozenset[str]
    flavour: str
    words: str
    strict: bool = False
    head: frozenset[str] = frozenset()
    """The nouns right behind the number, before any preposition but ``of``."""
    everything: bool = False
    """Whether it plainly counts all the things together."""
    whose: frozenset[int] = frozenset()
    """The things its clause names."""
    several: bool = False
    """Whether it is told once for several resources: *each machine*."""
    apiece: bool = False
    """Whether it may be of each thing by itself: *at most 8 of either kind*."""
    loose: bool = False
    """*must make 12*: so many, or no fewer."""
    demand: bool = False
    """Whether it is a demand (*a demand for 20 cakes*): to be met, or all that can be sold."""
    waiting: bool = False
    """Whether it is what waits to be dealt with (*800 boxes to be moved*): all of it, where less is better."""
    at_hand: bool = False
    """Whether *has* or *there are* tells that it is a supply, though nothing says that it is the most or even (*has at
    least 200 eggs*) that it is the least of it."""
    noun: tuple[str, ...] = ()
    """The noun behind the number, its head last."""
    elliptic: int | None = None
    """The thing bounded just before, which it may be about: *at least 9 red chairs but no more than 20 chairs*."""


@dataclass
class RowStatement:
    """A linear row over the entities."""

    terms: dict[int, Fraction]
    op: str
    right: Fraction
    words: str
    kind: str
    strict: bool = False
    loose: bool = False
    """"twice as many" without "at least": some mean exactly, some mean at least."""
    optional: bool = False
    """A wish, which may bind or not."""
    demand: bool = False
    """Whether it is a demand, as in :class:`Limit`."""


@dataclass
class Goal:
    sense: str
    stems: frozenset[str]
    counts: bool
    """Whether it speaks of a number of things."""
    words: str
    only: int | None = None
    """The one thing whose number is wanted."""


@dataclass
class Reading:
    """All statements of a text, and what could not be read."""

    amounts: list[Amount] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    rows: list[RowStatement] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    read: int = 0
    counted: frozenset[str] = frozenset()
    """Nouns by which the things were counted: patients, trips."""
    money: bool = False
    """Whether the things are sums of money: so much invested in each."""
