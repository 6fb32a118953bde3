"""People who take the things: what they prefer, how many of them fit, who is served in shared places.

*At least twice as many guests prefer A to B* is the ratio in which the things are taken; *she prefers to make more A
than B* is a wish, which may or may not bind: both are solved (:attr:`RowStatement.optional`).
"""

from __future__ import annotations

from fractions import Fraction

from quod.translators.controlled.milp.bounds import Bounds
from quod.translators.controlled.milp.comparing import NEGATIONS
from quod.translators.controlled.milp.lexicon import FUNCTION, MEASURES, VERBS
from quod.translators.controlled.milp.limiting import limiting
from quod.translators.controlled.milp.reading import Limit, RowStatement
from quod.translators.controlled.milp.scanner import CLASS, TIMES_OF, Chunk
from quod.translators.controlled.milp.tokens import stem

__all__ = ["Crowds"]

_PEOPLE = frozenset(
    stem(w)
    for w in "people person passenger passengers customer guest visitor reader viewer traveler traveller tourist "
    "student client user spectator fan member rider buyer patron attendee resident".split()
)
_PLACES = frozenset(stem(w) for w in "seat ticket pass berth reservation booking admission".split())
_CARRY = frozenset("carry take hold seat accommodate host fit transport admit board serve".split())
_PREFER = frozenset("prefer prefers choose chooses like likes opt want".split())
# What two things are set against each other by.
_AGAINST = frozenset("than to over compared".split())


class Crowds(Bounds):
    """Clauses about people, not about the things themselves."""

    def _preferred(self, k: int, op: tuple[str, bool] | None) -> bool:
        """``at least 3 times as many riders prefer to sit in A than in B``."""
        low, high = self._clause(k)
        lows = [t.low for t in self.tokens[low:high]]
        after = self.tokens[k + 1 : k + 4]
        if [t.low for t in after[:2]] not in (["as", "many"], ["more", "the"]) or len(after) < 3:
            return False
        verb = next((i for i in range(k + 3, high) if self.tokens[i].low in _PREFER), None)
        if after[2].stem not in _PEOPLE or verb is None or verb > k + 5 or op is None or op[1]:
            return False
        around = [m for m in self.found if verb < m.start < high]
        first, second = (around[0].entity, around[-1].entity) if around else (-1, -1)
        between = {t.low for t in self.tokens[around[0].end : around[-1].start]} if around else set()
        said = [
            t
            for i, t in enumerate(self.tokens[verb + 1 : high], verb + 1)
            if not any(m.start <= i < m.end for m in around) and t.low not in _AGAINST
        ]
        if (
            first == second
            or {m.entity for m in around} != {first, second}
            or not between & _AGAINST
            or any(t.value is not None for t in said)
            or set(lows) & NEGATIONS
            or set(limiting(said)) - {"fit"}
        ):
            return False
        value = self.tokens[k].value
        assert value is not None
        terms = {first: Fraction(1), second: -value}
        self.reading.rows.append(RowStatement(terms, op[0], Fraction(0), self._slice(low, high), "xby"))
        self._close(low, high, k)
        return True

    def _wish(self, chunk: Chunk, lows: list[str]) -> bool:
        """``he prefers to grow more A than B``: a row that may bind or not."""
        around = [m for m in self.found if chunk.start <= m.start < chunk.end and m.start not in self.done]
        order = [m.entity for m in around]
        if not {"prefer", "prefers"} & set(lows) or len(order) != 2 or order[0] == order[1] or "than" not in lows:
            return False
        more = next((w for w in lows if w in {"more", "fewer", "less"}), "")
        at = lows.index(more) if more else 0
        than = lows.index("than")
        first, second = (m.start - chunk.start for m in around)
        if not more or not at < first < than < second or set(lows) & (NEGATIONS | {"as", "least", "most", "twice"}):
            return False
        sign = Fraction(1 if more == "more" else -1)
        terms = {order[0]: sign, order[1]: -sign}
        words = self._slice(chunk.start, chunk.end)
        self.reading.rows.append(RowStatement(terms, ">=", Fraction(0), words, "xy", optional=True))
        self._close(chunk.start, chunk.end)
        return True

    def _room(self, k: int, chunk: Chunk, op: tuple[str, bool] | None) -> bool:
        """``the coach can carry at most 70 people``, where each takes one seat or ticket."""
        lows = [t.low for t in self.tokens[chunk.start : k]]
        after = [t.low for t in self.tokens[k + 1 : chunk.end]]
        if (
            op is None
            or op[0] != "<="
            or len(after) != 1
            or stem(after[0]) not in _PEOPLE
            or not _PLACES & set(self.said)
            or not set(lows) & _CARRY
            or any(chunk.start <= m.start < k for m in self.found)
            or self._numbered_people()
        ):
            return False
        value = self.tokens[k].value
        assert value is not None
        words = self._slice(chunk.start, chunk.end)
        self.reading.limits.append(
            Limit(op[0], value, frozenset({"people"}), frozenset(), "", words, op[1], everything=True)
        )
        self.done.add(k)
        return True

    def _apiece(self, k: int, chunk: Chunk, op: tuple[str, bool] | None) -> bool:
        """``no more than 9 of each kind``: of every thing by itself; ``of either kind``: that, or of both together."""
        tail = [t.low for t in self.tokens[k + 1 : chunk.end]]
        if tail[1:3] == ["of", "each"] and stem(tail[0]) in MEASURES | self.nouns:
            tail = tail[1:]  # "15 tons of each"
        if op is None or self.tokens[k].flavour or tail[:1] != ["of"] or tail[1:2] not in (["each"], ["either"]):
            return False
        said = CLASS | self.nouns | TIMES_OF
        kinds = [w for w in tail[2:] if stem(w) not in said and w not in FUNCTION | VERBS]
        if kinds or any(chunk.start <= m.start < chunk.end for m in self.found):
            return False
        value = self.tokens[k].value
        assert value is not None
        words = self._slice(chunk.start, chunk.end)
        kind = {"<=": "upperbound", ">=": "lowerbound"}.get(op[0], "fixed")
        if tail[1] == "each":
            for e in range(len(self.entities.names)):
                self.reading.rows.append(RowStatement({e: Fraction(1)}, op[0], value, words, kind, op[1]))
        else:
            none: frozenset[str] = frozenset()
            self.reading.limits.append(Limit(op[0], value, none, none, "", words, op[1], apiece=True))
        self.done.add(k)
        return True

    def _commanded(self, chunk: Chunk, k: int) -> bool:
        """``must throw 12``: no comparison is said."""
        return bool({"must", "should", "shall"} & {t.low for t in self.tokens[chunk.start : k]})

    def _numbered_people(self) -> bool:
        """Whether the text tells how many people one of the things is for."""
        return any(a.after & _PEOPLE for a in self.reading.amounts)
