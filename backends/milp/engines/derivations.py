"""A program and the cuts derived from it, with what the checker needs to derive them again. Runs in the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor

from quod.backends.milp.checker import bound
from quod.backends.milp.linear import Number, Program, Row, as_json
from quod.core.model import JsonDict

__all__ = ["Cuts", "Derivation", "Side", "Vector"]

Vector = dict[int, Number]
FINE = 2**20
"""Limits of split cuts are rounded down to multiples of one over this: leaves are then checked faster."""


@dataclass(frozen=True)
class Side:
    """Multipliers on one side of a split: of the rows, and of the split."""

    y: Vector
    weight: Number


@dataclass(frozen=True)
class Derivation:
    """How ``terms x >= limit`` comes about: by rounding what ``y`` proves, or from both sides of a split."""

    terms: Vector
    y: Vector = field(default_factory=dict)
    split: Vector | None = None
    at: int = 0
    below: Side | None = None
    above: Side | None = None

    @property
    def parents(self) -> set[int]:
        """The rows it is derived from."""
        return {i for y in (self.y, *(s.y for s in (self.below, self.above) if s)) for i in y}

    def moved(self, places: Mapping[int, int]) -> Derivation:
        """The same with rows renumbered."""

        def move(y: Vector) -> Vector:
            return {places.get(i, i): v for i, v in y.items()}

        below, above = (s and Side(move(s.y), s.weight) for s in (self.below, self.above))
        return replace(self, y=move(self.y), below=below, above=above)

    def limit(self, program: Program) -> Number | None:
        """The best limit that it proves of the program, if any."""
        if self.split is None:
            if any(a.denominator != 1 or not program.integer[j] for j, a in self.terms.items()):
                return None
            proved = bound(program, self.terms, self.y, program.lower, program.upper)
            return None if proved is None else ceil(proved)
        least: Fraction | None = None
        for side, low, high in ((self.below, None, self.at), (self.above, self.at + 1, None)):
            assert side is not None
            part = replace(program, rows=[*program.rows, Row("", self.split, low, high)])
            y = {**side.y, len(program.rows): side.weight}
            proved = bound(part, self.terms, y, program.lower, program.upper)
            if proved is None:
                return None
            least = proved if least is None else min(least, proved)
        assert least is not None
        return Fraction(floor(least * FINE), FINE)

    def as_json(self, position: int, limit: Number | None) -> JsonDict:
        """As the checker reads it; ``position`` counts the rows before it."""
        found: JsonDict = {"terms": _vector(self.terms), "limit": as_json(limit)}
        if self.split is None or self.below is None or self.above is None:
            return {**found, "y": _vector(self.y)}
        below, above = (_vector({**s.y, position: s.weight}) for s in (self.below, self.above))
        return {**found, "split": _vector(self.split), "at": self.at, "below": below, "above": above}


@dataclass
class Cuts:
    """``program`` has the cuts as rows after its own."""

    original: Program
    program: Program = field(init=False)
    derived: list[Derivation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.program = replace(self.original, rows=list(self.original.rows))

    def row(self, how: Derivation) -> Row | None:
        """The row of a cut, or None if its multipliers prove nothing."""
        limit = how.limit(self.program) if how.terms else None
        return None if limit is None else Row("", how.terms, limit, None)

    def add(self, row: Row, how: Derivation) -> None:
        """Keep a cut."""
        self.derived.append(how)
        self.program.rows.append(row)

    def keep(self, used: set[int]) -> None:
        """Forget the cuts that are not among these rows, nor needed to derive one of them."""
        first = len(self.original.rows)
        for k in range(len(self.derived) - 1, -1, -1):
            if first + k in used:
                used |= {i for i in self.derived[k].parents if i >= first}
        kept = [k for k in range(len(self.derived)) if first + k in used]
        places = {first + k: first + n for n, k in enumerate(kept)}
        rows = [self.program.rows[first + k] for k in kept]
        self.derived = [self.derived[k].moved(places) for k in kept]
        self.program = replace(self.original, rows=[*self.original.rows, *rows])

    def as_json(self) -> list[JsonDict]:
        """What the checker reads."""
        first = len(self.original.rows)
        rows = self.program.rows[first:]
        return [how.as_json(first + k, row.lower) for k, (how, row) in enumerate(zip(self.derived, rows, strict=True))]


def _vector(values: Vector) -> JsonDict:
    return {str(i): as_json(v) for i, v in values.items() if v}
