"""What to try next: each strategy's expected gain on this problem, for what it costs.

A strategy starts from what it has usually been worth and is judged by what it has gained here. Costs are in model
calls. What needs no choice is not here: notation is mended before every check, and a solver that gives up is
replaced within its backend's portfolio.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quod.core.model import JsonDict

__all__ = ["Policy", "Strategy"]


class Strategy(StrEnum):
    """A way of getting from a failed attempt to a better one."""

    ISOLATE = "isolate"
    """Keep the steps of a proof that check; automation, then the model, on each goal that is left."""
    MEND = "mend"
    """The model is shown its text and everything that was found wrong, with the spans marked."""
    ONE_ELEMENT = "one element"
    """The model is asked for one failing element only."""
    FRESH = "fresh draft"
    """A new translation, as if nothing had been tried."""
    BRANCHES = "branches"
    """A repair and a fresh draft, asked for side by side: for those who ask for several candidates."""
    SWITCH_MODEL = "switch model"
    """A draft by a stronger model of the chain."""
    SWITCH_FORMALISM = "switch formalism"
    """A draft in another formalism that the words speak for."""
    GIVE_UP = "give up"

    @classmethod
    def switches(cls) -> frozenset[Strategy]:
        """Those after which somebody else is asked."""
        return frozenset({cls.SWITCH_MODEL, cls.SWITCH_FORMALISM})

    @classmethod
    def anew(cls) -> frozenset[Strategy]:
        """Those that start from the words, and so have no parent."""
        return cls.switches() | {cls.FRESH}


@dataclass
class _Record:
    gain: float
    """What it has usually been worth: the chance that it helps."""
    cost: float
    """Model calls."""
    tried: int = 0
    gained: int = 0

    @property
    def worth(self) -> float:
        return (2 * self.gain + self.gained) / (2 + self.tried) / self.cost


_PATIENCE = 3.0
_LEAST_WORTH = 0.1


class Policy:
    """The records of one problem."""

    def __init__(self) -> None:
        self._records = {
            Strategy.ISOLATE: _Record(gain=0.6, cost=0.5),
            Strategy.MEND: _Record(gain=0.7, cost=1.0),
            Strategy.ONE_ELEMENT: _Record(gain=0.4, cost=0.8),
            Strategy.FRESH: _Record(gain=0.3, cost=1.5),
            Strategy.BRANCHES: _Record(gain=0.95, cost=2.0),
            Strategy.SWITCH_MODEL: _Record(gain=0.75, cost=1.5),
            Strategy.SWITCH_FORMALISM: _Record(gain=0.2, cost=1.5),
        }
        self._idle = 0.0
        self._refused = False

    def choose(
        self,
        *,
        several: bool,
        isolable: bool,
        stronger: bool = False,
        elsewhere: bool = False,
        branching: bool = False,
    ) -> Strategy:
        """The strategy that promises most for its cost.

        ``several``: more than one element is in fault; ``isolable``: there is a proof to take apart;
        ``stronger``, ``elsewhere``: there is another model, another formalism; ``branching``: calls may be made side by
        side. A fresh draft is
        not asked of a model that has tried to weaken the problem: there is no earlier text to hold it against.
        """
        if self._idle >= _PATIENCE:
            return Strategy.GIVE_UP
        possible = [Strategy.MEND]
        if several and self._records[Strategy.MEND].tried:
            possible.append(Strategy.ONE_ELEMENT)
        if isolable:
            possible.append(Strategy.ISOLATE)
        mended = self._records[Strategy.MEND].tried > 0
        if mended and stronger:
            possible.append(Strategy.SWITCH_MODEL)
        if mended and not self._refused:
            possible.append(Strategy.FRESH)
            possible += [Strategy.BRANCHES] * branching + [Strategy.SWITCH_FORMALISM] * elsewhere
        best = max(possible, key=lambda s: self._records[s].worth)
        return best if self._records[best].worth >= _LEAST_WORTH else Strategy.GIVE_UP

    def record(self, strategy: Strategy, *, gained: bool, repeated: bool = False, refused: bool = False) -> None:
        """What came of it: something better, a text that had been tried, or a repair that was refused."""
        record = self._records[strategy]
        record.tried += 1
        record.gained += gained
        self._refused = self._refused or refused
        if repeated or refused:
            self._idle += 1.5 if repeated else 1.0
        elif gained:
            self._idle = 0.0

    def story(self) -> JsonDict:
        """For the job's log: how often each was tried and how often it gained."""
        return {s.value: {"tried": r.tried, "gained": r.gained} for s, r in self._records.items() if r.tried}
