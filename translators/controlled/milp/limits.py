"""Limits on what the things share, and what tells a limit from an amount."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

from quod.translators.controlled.milp.entities import Mention
from quod.translators.controlled.milp.lexicon import MEASURES, NEEDS, VERBS
from quod.translators.controlled.milp.reading import Limit, RowStatement
from quod.translators.controlled.milp.scanner import Chunk
from quod.translators.controlled.milp.whole import Whole

__all__ = ["Limits", "State"]


_STOCKED = frozenset("available only access limited owns stock employed limit".split())
_HAS = frozenset("has have there had produces receives gets makes".split())
# What may stand between these and the number of what is there.
_BETWEEN = frozenset("is are was were a an the total of in all exactly currently now also just only up to".split())
# Supplies are spent, whatever they are for; other things *to be moved* wait to be dealt with.
_SPENT = frozenset("hour minute second day week month year time money dollar".split())
_DEALT = frozenset(
    "move transport carry deliver ship send treat serve wash clean teach process sell fill test inspect repair mail "
    "examine print collect handle supply meet reach feed visit photograph judge grade mark answer complete "
    "finish".split()
)


@dataclass
class State:
    """What carries over from chunk to chunk of a sentence."""

    subject: int | None = None
    everyone: bool = False
    op: tuple[str, bool] | None = None
    bounded: int | None = None
    """The thing bounded last."""
    before: frozenset[str] = frozenset()
    reason: int | None = None
    """The one thing that the reason just given is about: *masons are rare, so at most 15 can be hired*."""
    finite: bool = False
    """Whether the chunk before had a verb of its own."""


class Limits(Whole):
    """Supplies, demands, land and money."""

    def _invested(self, k: int, chunk: Chunk, op: tuple[str, bool] | None, inside: list[Mention]) -> bool:
        """``has $6000 to invest``, ``at least $4000 in the fund``: money counts what is put into each thing."""
        token = self.tokens[k]
        assert token.value is not None
        lows = {t.low for t in self.tokens[chunk.start : chunk.end]}
        whole = [t.low for t in self.tokens]
        if any(a in {"each", "every", "per"} and b == "dollar" for a, b in itertools.pairwise(whole)):
            return False
        if lows & {"per", "each", "every"}:
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
            return True
        whose = {m.entity for m in inside}
        words = self._slice(chunk.start, chunk.end)
        if len(whose) == 1 and op is not None and lows & {"in", "into", "invested", "be", "exceed"}:
            (entity,) = whose
            kind = {"<=": "upperbound", ">=": "lowerbound"}.get(op[0], "fixed")
            if self._residue(chunk.start, chunk.end, k):
                return False
            self.reading.rows.append(RowStatement({entity: Fraction(1)}, op[0], token.value, words, kind, op[1]))
        elif len(whose) in {0, len(self.entities.names)} and lows & {
            "has",
            "have",
            "total",
            "put",
            "budget",
            "available",
            "invest",
        }:
            if op is not None and op[0] != "<=":
                return False
            terms = dict.fromkeys(range(len(self.entities.names)), Fraction(1))
            self.reading.rows.append(RowStatement(terms, "<=", token.value, words, "sum", bool(op and op[1])))
        else:
            return False
        self.done.add(k)
        return True

    def _land(self, k: int, chunk: Chunk, op: tuple[str, bool] | None, state: State) -> bool:
        """``has 90 acres of land on which to grow A and B``: what is measured in acres shares them."""
        after = self.tokens[k + 1].stem if k + 1 < len(self.tokens) else ""
        after = "square" if after == "sq" else after
        lows = [t.low for t in self.tokens[chunk.start : k]]
        named = [m for m in self.found if m.start > k and m.start < chunk.end]
        whose = {m.entity for m in named}
        if after not in {"acre", "hectare", "square"} or after not in self.per:
            return False
        if self._named_behind(k, chunk.end) is not None:
            return False
        if not ({"has", "have", "owns", "own", "acquired", "available", "there"} & set(lows) or op) or (
            whose and len(whose) < len(self.entities.names)
        ):
            return False
        chosen = op or ("<=", False)
        value = self.tokens[k].value
        assert value is not None
        words = self._slice(chunk.start, chunk.end)
        self.reading.limits.append(
            Limit(chosen[0], value, frozenset({after}), frozenset(), "", words, chosen[1], everything=True)
        )
        self.done.add(k)
        state.subject, state.everyone = None, False
        return True

    def _amount_like(self, k: int, chunk: Chunk, named: int, state: State, explicit: bool) -> bool:
        """A number before a name can still be an amount: ``the hardware team works 10 hours on each A``."""
        if explicit:
            return False
        gap_each = any(self.tokens[i].low in {"each", "every", "per"} for i in range(k, chunk.end))
        return gap_each or (state.subject is not None and state.subject != named)

    def _available(self, chunk: Chunk, k: int) -> bool:
        lows = {t.low for t in self.tokens[chunk.start : chunk.end]}
        made = lows & {"produces", "receives", "gets", "makes"}  # "it makes 20 swords" is no limit of swords
        return bool(lows & _STOCKED) or (self._at_hand(chunk, k) and not made and not self._to_be_done(k, chunk))

    def _at_hand(self, chunk: Chunk, k: int) -> bool:
        """``has 300 minutes``, ``there are 60 jars``: not *has sold 70 sacks*, *has orders for 70 sacks*."""
        before = [t.low for t in self.tokens[chunk.start : k]]
        at = next((i for i in range(len(before) - 1, -1, -1) if before[i] in _HAS), None)
        if at is None or set(before[at + 1 :]) - _BETWEEN:
            return False
        after = [t.low for t in self.tokens[k + 1 : chunk.end]]
        return not ("than" in after and {"more", "less", "fewer"} & set(after))

    def _only_demanded(self, chunk: Chunk, k: int) -> bool:
        """``there is a demand for 20 cakes``: no verb says that it must be met."""
        before = {t.low for t in self.tokens[chunk.start : k]}
        return bool(before & {"demand", "demands"}) and not before & (
            (NEEDS | {"needs", "need", "must", "wants"}) - {"demand", "demands"}
        )

    def _to_be_done(self, k: int, chunk: Chunk) -> bool:
        """``800 boxes to be moved``, ``800 boxes to move``: no supply, as hours and money would be."""
        after = self.tokens[k + 1 : chunk.end]
        to = next((i for i, t in enumerate(after) if t.low == "to"), None)
        if to is None or self.tokens[k].flavour == "money" or any(t.stem in _SPENT for t in after[:to]):
            return False
        rest = [t.low for t in after[to + 1 :]]
        return (rest[:1] == ["be"] and rest[1:2] != ["used"]) or bool(set(rest[:1]) & _DEALT)

    def _needs(self, chunk: Chunk) -> bool:
        lows = [t.low for t in self.tokens[chunk.start : chunk.end]]
        return any(w in NEEDS for w in lows)

    def _default(self, chunk: Chunk, k: int) -> tuple[str, bool] | None:
        """Without a comparison word: what is at hand is an upper limit, what is needed a lower one."""
        lows = [t.low for t in self.tokens[chunk.start : chunk.end]]
        upper = {
            "available",
            "only",
            "access",
            "budget",
            "capacity",
            "limited",
            "limits",
            "limiting",
            "limit",
            "employs",
            "employed",
            "owns",
            "allocated",
            "capped",
            "open",
            "acquire",
            "allotted",
            "stock",
            "supply",
            "allows",
            "holds",
            "spare",
        }
        if upper & set(lows):
            return "<=", False
        before = [t.low for t in self.tokens[chunk.start : k]]
        if before[-5:] in (["can", "spend", "a", "total", "of"], ["could", "spend", "a", "total", "of"]):
            return "<=", False
        if before[-2:] == ["can", "spend"] and self.tokens[k].flavour == "money":
            return "<=", False
        told = any(
            w in NEEDS or w in {"needs", "need", "must", "wants", "requires", "require", "minimum"} for w in before
        )
        if told or any(a in {"has", "have", "had"} and b == "to" for a, b in itertools.pairwise(before)):
            # "must be loaded in 45 hours" is no lower limit, nor is what is done by 3 men
            return (
                None if before[-1] in {"in", "within", "by", "from", "at", "on", "after", "before"} else (">=", False)
            )
        return ("<=", False) if self._at_hand(chunk, k) else None

    def _available_behind(self, chunk: Chunk) -> tuple[str, bool] | None:
        """``50 g of wax and 30 g of dye are available``: said of the first, too."""
        tokens = self.tokens
        if chunk.end >= len(tokens) or tokens[chunk.end].low != "and":
            return None
        if any(t.low in VERBS or t.low in {"is", "are"} for t in tokens[chunk.start : chunk.end]):
            return None
        end = next((i for i in range(chunk.end, len(tokens)) if tokens[i].text in {",", ".", ";"}), len(tokens))
        last = [t.low for t in tokens[chunk.end + 1 : end]]
        told = sum(t.value is not None for t in tokens[chunk.end + 1 : end]) == 1
        return ("<=", False) if told and last[-2:] in (["is", "available"], ["are", "available"]) else None

    def _put_in(self, m: Mention, k: int) -> bool:
        """``investments earn 8% in A``: what is earned on what is put into A."""
        before = self.tokens[m.start - 1].low if m.start else ""
        return self.reading.money and self.tokens[k].flavour == "percent" and before in {"in", "into"}

    def _limit_like(self, chunk: Chunk, k: int, inside: list[Mention]) -> bool:
        """``the lab has 90 units available``: not said of an entity even if one stands nearby."""
        lows = {t.low for t in self.tokens[chunk.start : chunk.end]}
        if "budget" in lows or ({"limited", "limits", "limit"} & lows and "number" in lows):
            return True
        if not lows & {"available", "access", "there"}:
            return False
        if (
            self.tokens[k].flavour == "money"
            and "available" not in lows
            and "per" in lows
            and any(m.start > k and m.start < chunk.end for m in inside)
        ):
            return False  # "there is a profit of $5 per ream of A"
        return not any(m.start < k and chunk.start <= m.start for m in inside)

    def _one_of(self, k: int) -> bool:
        """``one unit of X``, ``1 kg of X``, ``1 X``: the unit an amount is for."""
        if k and self.tokens[k - 1].low in {"only", "just"}:
            return False  # one of them, and no other
        for m in self.found:
            if m.start > k:
                gap = self.tokens[k + 1 : m.start]
                return len(gap) <= 3 and all(
                    t.low in {"of", "the"} or t.stem in MEASURES or t.stem in self.nouns for t in gap
                )
        return False
