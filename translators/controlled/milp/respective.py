"""Lists of numbers for lists of nouns: *needs of 9 g and 20 g of salt and sugar, respectively*.

Where one of the things is named, the numbers are amounts in it; where none is, they are limits. *They cost $5 and $7
respectively* takes the things in the order in which they were introduced.
"""

from __future__ import annotations

from fractions import Fraction

from quod.translators.controlled.milp.lexicon import GENERIC
from quod.translators.controlled.milp.naming import coordinations
from quod.translators.controlled.milp.reading import Amount, Limit
from quod.translators.controlled.milp.scanner import Chunk
from quod.translators.controlled.milp.stations import Stations
from quod.translators.controlled.milp.tokens import stem

__all__ = ["Respective"]

_THEY = frozenset({"they", "these", "which", "both"})


class Respective(Stations):
    """Sentences with *respectively* whose numbers stand for other nouns than the things."""

    def _respectively(self) -> bool:
        """Read all numbers left in the sentence, if they are one list as long as a list of nouns."""
        tokens = self.tokens
        left = [k for k, t in enumerate(tokens) if t.value is not None and k not in self.done]
        plain = all(not tokens[k].flavour or tokens[k].flavour == tokens[left[0]].flavour for k in left)
        between = [t for k in range(left[0], left[-1]) for t in [tokens[k]] if k not in left]
        units = {t.stem for t in between if t.kind == "word" and t.low not in {"and", "a", "an"}}
        if len(left) < 2 or not plain or len(units) > 2 or any(t.low in {"or", "least", "most"} for t in between):
            return False
        if len(left) == len(self.entities.names) and not self.found and tokens[0].low in _THEY:
            return self._in_order(left)
        nouns = self._nouns(left)
        if nouns is None or any(m.start < left[-1] and m.end > left[0] for m in self.found):
            return False
        who = {m.entity for m in self.found}
        chunk = Chunk(0, len(tokens), "")
        op = self._operator(chunk, left[0]) or self._needed_or_at_hand()
        if len(who) > 1 or (not who and op is None) or (who and self._operator(chunk, left[0]) is not None):
            return False
        words = self._slice(0, len(tokens))
        for k, noun in zip(left, nouns, strict=True):
            value = tokens[k].value
            assert value is not None
            after = noun | (units & GENERIC)
            if who:
                self._told(next(iter(who)), k, value, after)
            else:
                assert op is not None
                self.reading.limits.append(
                    Limit(op[0], value, after, frozenset(), tokens[k].flavour, words, op[1], head=noun)
                )
        self.done.update(range(len(tokens)))
        return True

    def _in_order(self, left: list[int]) -> bool:
        """``they cost $5 and $7 respectively``: of the things in their order."""
        lead = self._lead(left[0])
        if self._operator(Chunk(0, len(self.tokens), ""), left[0]) is not None:
            return False
        after = self._after(left[-1], self._clause_end(left[-1]))
        for entity, k in enumerate(left):
            self._amount(entity, k, after, lead)
        self.done.update(range(len(self.tokens)))
        return True

    def _told(self, entity: int, k: int, value: Fraction, after: frozenset[str]) -> None:
        self.order += 1
        flavour = self.tokens[k].flavour
        self.reading.amounts.append(Amount(entity, value, after, frozenset(), flavour, self._around(k), self.order))

    def _nouns(self, left: list[int]) -> list[frozenset[str]] | None:
        """The list of nouns, as long as the list of numbers, that names none of the things."""
        lists = coordinations(self.tokens, True, True) + coordinations(self.tokens, False, False)
        found = [c for c in lists if len(c) == len(left)]
        inside = {self.tokens[i].low for m in self.found for i in range(m.start, m.end)}
        for names in found:
            stems = [frozenset(stem(w.lower()) for w in name) for name in names]
            apart = all(a - b and b - a for i, a in enumerate(stems) for b in stems[i + 1 :])
            if apart and not any(w.lower() in inside for name in names for w in name):
                return stems
        return None

    def _needed_or_at_hand(self) -> tuple[str, bool] | None:
        """What is needed at least, or at hand at most."""
        lows = {t.low for t in self.tokens}
        if lows & {"requirement", "requirements", "needs", "required", "minimum"}:
            return ">=", False
        return ("<=", False) if lows & {"available", "has", "have", "maximum"} else None
