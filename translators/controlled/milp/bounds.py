"""Rows over the things themselves: bounds, multiples, shares, comparisons of one with another."""

from __future__ import annotations

import itertools
from fractions import Fraction

from quod.translators.controlled.milp.comparing import DENIABLE, NEGATIONS
from quod.translators.controlled.milp.entities import Mention
from quod.translators.controlled.milp.lexicon import FUNCTION, GENERIC, MEASURES, NEEDS, VERB_STEMS, VERBS
from quod.translators.controlled.milp.limiting import limiting
from quod.translators.controlled.milp.reading import RowStatement
from quod.translators.controlled.milp.scanner import CLASS, DETERMINED, TIMES_OF, Chunk
from quod.translators.controlled.milp.strangers import IMPOSES, Strangers
from quod.translators.controlled.milp.tokens import stem

__all__ = ["Bounds"]

# Who may set a limit, and words by which a limit is spoken of: they add nothing to what it says.
_BOUND_WORDS = frozenset(
    stem(w)
    for w in "demand daily weekly monthly yearly current enough capacity maximum minimum limit limits limited "
    "limitation "
    "budget exceed exceeds greater equal note ensure due to owner manager management company authority government "
    "regulation law rule city state contract agreement policy market popularity restriction constraint requirement "
    "space room storage meet satisfy keep allow fulfil fulfill more less fewer most least total access aim reserve "
    "land farm farmland farmer field agricultural people person public ask asked insist dictate state deem "
    "advise advised advice necessary strictly"
    "  recommend recommended estimate estimates research consumer "
    "decide believe determine past sale show indicate indicated himself herself themselves place "
    "lab laboratory university clinic bank club agency museum gallery studio office mill mine cafe "
    "factory plant shop store firm business hotel theatre theater restaurant bakery school hospital warehouse airline "
    "single expect occur cap quota unit item product integer whole nonnegative negative zero value variable".split()
)


_MEASURED_THINGS = frozenset(
    stem(w)
    for w in "hour minute second time cost profit revenue money dollar weight price income return salary wage".split()
)


_DETERMINED = frozenset("the his her its their our my".split())
_MAKES = frozenset(
    "make produce sell buy build use hire plant bake cut print prepare serve deliver grow provide offer have order "
    "supply manufacture cook sew knit pack ship send run install purchase employ".split()
)
_ONE_OF_MANY = frozenset(
    "a an each every per one any some another it they he she this that these those who which".split()
)
_ITEMS = frozenset({"item", "product", "good", "thing"})
# *Reserves 20 seats for A*, *20 seats will be assigned as A*.
_KEPT = frozenset("reserve reserves reserved assign assigns assigned keeps set sets allocates".split())
_REPORTS = frozenset(
    "told says say said stipulates insisted requires require required decides decided estimates estimate insists wants "
    "ensure ensures sure states dictates demands determined knows".split()
)
# What a share may be one of without being a share of the things: of the budget, of the time.
_QUANTITIES = _MEASURED_THINGS | frozenset(
    stem(w) for w in "budget capital space area land weight volume labor work expense spending load demand".split()
)


class Bounds(Strangers):
    """What limits the things themselves, if its clause says nothing else."""

    def _bound(self, k: int, entity: int, op: tuple[str, bool] | None, chunk: Chunk, *, demand: bool = False) -> None:
        value = self.tokens[k].value
        if op is None or value is None:
            return
        others = {m.entity for m in self.found if chunk.start <= m.start < chunk.end and m.start not in self.done}
        if self._of_others(k, entity, op, chunk):
            return
        spread = others - {entity} and any(
            t.low in {"each", "every", "per", "with", "than"} for t in self.tokens[chunk.start : chunk.end]
        )
        if any(
            k < m.start < chunk.end and self.tokens[m.start - 1].low == "for"
            for m in self.found
            if m.entity in others - {entity}
        ):
            spread = True  # "3 lids for tins"
        opening = [t.low for t in self.tokens[:3]]
        if opening[0] in {"for", "with"} and opening[1] in {"each", "every", "all"} and opening[2] not in TIMES_OF:
            spread = True
        if self.tokens[k].flavour or value.denominator != 1 or spread or self._residue(chunk.start, chunk.end, k):
            return  # a share or a multiple of something, one thing for each of another, or somebody else's bound
        kind = {"<=": "upperbound", ">=": "lowerbound"}.get(op[0], "fixed")
        row = RowStatement({entity: Fraction(1)}, op[0], value, self._slice(chunk.start, chunk.end), kind, op[1])
        row.demand = demand
        self.reading.rows.append(row)
        self.done.add(k)

    def _residue(self, low: int, high: int, number: int | None = None, more: frozenset[str] = frozenset()) -> bool:
        """Whether a clause has words that say more than a bound does: of what kind, by whom, for whom."""
        inside = {i for m in self.found for i in range(m.start, m.end)}
        known = self.nouns | self.counted | self.per | more
        low = self._behind_somebody(low, number, inside)
        for i in range(low, high if number is None else number):
            word = self.tokens[i].low
            told = word == "that" and i > low and self.tokens[i - 1].low in _REPORTS
            if (told or word in {"allow", "allows", "permit", "permits"}) and not inside & set(range(low, i)):
                lead = [t for t in self.tokens[low:i] if t.low not in _REPORTS]
                # not "boxes allow at most 6"
                whose = told or not lead or lead[0].low in FUNCTION or lead[0].stem in _BOUND_WORDS
                if whose and not limiting(lead) and not any(t.value is not None for t in lead):
                    low = i  # what the limit comes from
                break
        for i in range(low, high):
            token = self.tokens[i]
            after = self.tokens[i + 1] if i + 1 < high else None
            compared = after is not None and after.low == "than" and token.low in DENIABLE
            if i in inside or token.kind != "word" or compared:
                continue
            if token.low in {"due", "because", "since", "thus"}:
                return False  # a reason
            if token.low in {"to", "for"} and after is not None and number is not None and i > number:
                whom = after.stem != after.low and after.low.endswith("s") and after.low not in VERBS  # to knights
                purpose = token.low == "to" and after.low not in DETERMINED and after.low != "be" and not whom
                if purpose and any(number < j < i for j in inside):
                    return False  # what for
            if token.low in {"per", "each", "every"} and after is not None:
                elsewhere = after.stem in known and self.said[after.stem] > 1
                if not (
                    after.stem in TIMES_OF | CLASS or elsewhere or i + 1 in inside
                    or after.low in {"type", "of", "one"} or after.kind == "mark"
                ):  # fmt: skip
                    return True
                continue
            if self.reading.money and token.stem in {"money", "dollar"}:
                continue
            if token.stem in _MEASURED_THINGS | self.measured and token.stem not in known:
                return True  # "the milk used for cheese": no number of cheeses
            if (
                token.low in FUNCTION
                or token.low in VERBS
                or token.low in NEEDS
                or token.low == "cannot"
                or token.stem in GENERIC | _BOUND_WORDS | known
                or self.said[token.stem] > 1
            ):
                continue
            return True
        return False

    def _behind_somebody(self, low: int, number: int | None, inside: set[int]) -> int:
        """Where a bound begins behind those who ask for it or allow it: *regular customers expect*, *the city allows*.

        Not behind *a machine needs* or *each client orders*, which tell of one among many.
        """
        if self.tokens[low].low not in _DETERMINED:
            return low
        for i in range(low, low if number is None else number):
            token = self.tokens[i]
            if token.low in IMPOSES and i > low + 1:
                return i + 1
            if token.kind != "word" or i in inside or token.low in _ONE_OF_MANY or limiting([token]):
                break
            if token.low in {"can", "will", "only"}:
                continue
            if token.low in {"must", "should"} and i > low + 1 and number is not None and i + 1 < number:
                return i + 2 if self.tokens[i + 1].low in _MAKES else low  # "the sawmill must cut at least 100 boards"
            if token.stem in self.nouns | self.measured | self.per | _MEASURED_THINGS or token.low in VERBS:
                break
        return low

    def _named_behind(self, k: int, limit: int) -> int | None:
        """The entity a number counts: ``40 2-piece suits``, ``25 of the X``, ``30 units of X``."""
        for m in self.found:
            if m.start <= k or m.start >= limit:
                continue
            gap = self.tokens[k + 1 : m.start]
            kept = bool(_KEPT & {t.low for t in self.tokens[max(0, k - 6) : m.start]})
            if len(gap) <= 5 and all(
                t.low in {"of", "the", "total", "additional", "more", "must", "should", "be"}
                or (t.low == "to" and gap[-1].low == "be")
                or (t.low in {"for", "as", "will", "assigned", "reserved", "kept", "set"} and kept)
                or t.stem in MEASURES
                or t.stem in self.nouns
                or t.stem == "unit"
                for t in gap
            ):
                rivals = {
                    n.entity
                    for n in self.found
                    if m.end <= n.start < limit
                    and n.start - m.end <= 2
                    and self.tokens[n.start - 1].low in {"or", "and"}
                }
                if rivals - {m.entity}:
                    return None
                if m.end < len(self.tokens) and self.tokens[m.end].low in {"or", "and"} and m.end + 1 < limit:
                    return None
                return m.entity
            return None
        return None

    def _through(self, k: int, limit: int, inside: list[Mention]) -> int | None:
        """``at least 10 trips using a truck``, ``25 patients must be treated with X``."""
        behind = {m.entity for m in inside}
        if len(behind) != 1 or any(m.start < k for m in inside):
            return None
        at = inside[0].start - 1
        while at > k and self.tokens[at].low in {"a", "an", "the", "of"}:
            at -= 1
        if self.tokens[at].low not in {"using", "with", "by", "via", "through"} or self.tokens[k].flavour:
            return None
        nouns = self._head(k, limit)
        plain = nouns - {stem(v) for v in VERBS}
        if not plain & (self.nouns | self.counted | self.per | {"trip"}):
            return None  # "at most 100 can be moved by large trucks": of what they move
        if len(plain) > 1 or plain & self.measured - self.nouns:
            return None  # "400 boxes must be moved by vans"
        self.counted |= plain
        return inside[0].entity

    def _counted_subject(self, k: int, inside: list[Mention]) -> int | None:
        """``the number of flyers … to 8``."""
        before = [m for m in inside if m.start < k]
        if len({m.entity for m in before}) == 1:
            return before[0].entity
        return None

    def _everything(self, k: int, limit: int) -> bool:
        """``65 total containers``, ``1000 shirts or hoodies in any combination``."""
        behind = [m for m in self.found if k < m.start < limit]
        if {m.entity for m in behind} == set(range(len(self.entities.names))):
            gap = self.tokens[k + 1 : behind[0].start]
            return all(t.stem in MEASURES or t.stem in self.nouns or t.low in {"of", "total", "the", "in"} for t in gap)
        if behind:
            return False  # some of the things, not all
        after = self._after(k, limit)
        head = self._head(k, limit)
        units = GENERIC - {"item", "unit", "piece"} - self.nouns - self.per
        counted = head - {"day", "week", "month", "year"} or head  # "500 liters a day"
        if counted & units and not head - GENERIC:
            return False  # "1000 minutes to make the toys" counts no toys
        end = next((i for i in range(k + 1, limit) if self.tokens[i].low in {"for", "to"}), limit)
        aim = [t.low for t in self.tokens[end:limit]]
        if head and head <= self.nouns and "to" in aim and not any(t.value is not None for t in self.tokens[end:limit]):
            after = head  # "at least 40 lamps for guests to read by"
        plain = after - GENERIC - {"total", "combin"}
        if not after & GENERIC - {"item", "unit", "piece"}:
            plain = plain - VERB_STEMS - VERBS  # "70 items can be baked", but not "70 hours of baking"
        low, high = self._clause(k)
        lows = [t.low for t in self.tokens[low:high]]
        apart = any(
            a in {"each", "every", "per"} and stem(b) not in TIMES_OF for a, b in itertools.pairwise([*lows, ""])
        )
        if "item" in after and plain <= _ITEMS and not apart and not set(lows) & {"has", "have", "available"}:
            return True  # "at most 70 items can be baked"
        if plain <= _ITEMS and {"total", "combined"} & set(lows):
            # "70 items in total", "the demand for these tables combined is at most 200 units"
            named = any(t.stem in self.nouns for t in self.tokens[low:k])
            return bool(plain) or (named and after <= {"unit", "item", "piece"})
        return bool(after & self.nouns) and not plain - self.nouns

    def _parts_of_other(self, k: int) -> bool:
        low, high = self._clause(k)
        return len({m.entity for m in self.found if low <= m.start < high}) == 2

    def _multiple(self, k: int, op: tuple[str, bool] | None) -> None:
        """``at least twice as many A as B``; ``A must be at least three times the number of B``."""
        low, high = self._clause(k)
        around = [m for m in self.found if low <= m.start < high]
        if len({m.entity for m in around}) != 2:
            return
        value = self.tokens[k].value
        assert value is not None
        behind = [m for m in around if m.start > k]
        ahead = [m for m in around if m.start < k]
        distinct = list(dict.fromkeys(m.entity for m in behind))
        if len(distinct) == 2:
            first, second = distinct
        elif len(distinct) == 1 and ahead:
            first, second = ahead[-1].entity, distinct[0]
            if first == second:
                return
        else:
            return
        op = op or self._operator(Chunk(low, high, ""), k)
        if op is not None and op[1]:  # "two times more A than B": the "more than" belongs to the multiple
            explicit = self._explicit(low, high)
            op = (explicit, False) if explicit else None
        loose = op is None
        if loose and any(
            t.stem in {"prefer", "like", "person", "customer", "client", "guest"} for t in self.tokens[low:high]
        ):
            return  # a preference may or may not be a requirement
        chosen = op[0] if op else ">="
        if self._residue(low, high) or self._of_yields(low, high):
            return
        terms = {first: Fraction(1), second: -value}
        self.reading.rows.append(RowStatement(terms, chosen, Fraction(0), self._slice(low, high), "xby", False, loose))
        self._close(low, high, k)

    def _share(self, k: int, chunk: Chunk, op: tuple[str, bool] | None, inside: list[Mention]) -> bool:
        """``at least 30% of the cans must be large``."""
        low, high = self._clause(k)
        around = {m.entity for m in self.found if low <= m.start < high}
        if len(around) > 1 and len({m.entity for m in inside}) == 1:
            low, high, around = chunk.start, chunk.end, {inside[0].entity}
        value = self.tokens[k].value
        assert value is not None
        if op is None or len(around) != 1:
            return False
        if self.tokens[k].flavour == "part" and not any(t.low == "of" for t in self.tokens[k + 1 : k + 5]):
            return False
        (entity,) = around
        whole = self._shared_of(k, high)
        if whole & (self.measured | {"person", "visit"}) - self.nouns - self.counted - self.per:
            return False  # a third of the people treated, not of the doctors
        if self._residue(low, high, k, whole) or not self._of_all(k, high):
            return False
        terms = dict.fromkeys(range(len(self.entities.names)), -value)
        terms[entity] += 1
        row = RowStatement(terms, op[0], Fraction(0), self._slice(low, high), "ratio", op[1])
        self.reading.rows.append(row)
        self._close(low, high, k)
        return True

    def _shared_of(self, k: int, high: int) -> frozenset[str]:
        """What the share is of: *of all bread in the shop* must be rye."""
        if k + 1 >= high or self.tokens[k + 1].low != "of":
            return frozenset()
        verbs = {"must", "should", "be", "are", "can", "has", "have"}
        end = next((i for i in range(k + 2, high) if self.tokens[i].low in verbs), high)
        return frozenset(t.stem for t in self.tokens[k + 2 : end] if t.kind == "word") - _QUANTITIES

    def _of_all(self, k: int, high: int) -> bool:
        """Whether a share is one of everything: *of the cans*, not *of the number of lids*."""
        if k + 1 >= high or self.tokens[k + 1].low not in {"of", "the"}:
            return True
        inside = {i for m in self.found for i in range(m.start, m.end)}
        if any(k + 1 < m.start <= k + 3 and self.tokens[m.start - 1].low in {"of", "the"} for m in self.found):
            return False  # "60% of the butter must be salted": of the thing itself
        skip = {"of", "the", "all", "total", "number", "its", "their", "his", "her", "our", "amount", "overall", "any"}
        for i in range(k + 1, high):
            token = self.tokens[i]
            if token.low in skip:
                continue
            known = token.stem in self.nouns | self.counted | self.per or i in inside or self.reading.money
            numbered = any(t.low == "number" for t in self.tokens[k + 1 : i])
            return known or not (numbered or token.stem in _QUANTITIES | self.measured)
        return True

    def _comparison(self, chunk: Chunk, lows: list[str]) -> None:
        """``the number of A must exceed the number of B``; ``more A than B``."""
        op = self._operator(chunk, chunk.end)
        low, high = self._clause(chunk.start)
        modal = {
            "must",
            "should",
            "cannot",
            "has",
            "have",
            "needs",
            "need",
            "wants",
            "required",
            "can",
            "may",
            "prefers",
        } & set(lows)
        denied = bool(NEGATIONS & set(lows[: lows.index("than")])) if "than" in lows else False
        if op is None and "more" in lows and "than" in lows:
            op = ("<=", False) if denied else (">=", True)
        if op is None and ("less" in lows or "fewer" in lows) and "than" in lows:
            op = (">=", False) if denied else ("<=", True)
        if op is None and "as" in lows and lows.count("as") > 1 and "least" in lows:
            op = (">=", False)
        around = [m for m in self.found if low <= m.start < high and m.start not in self.done]
        entities = list(dict.fromkeys(m.entity for m in around))
        if op is None:
            return
        if len(entities) == 2 and {"prefer", "prefers", "preferred"} & set(lows) and not modal & {"must", "should"}:
            # a preference may or may not be a requirement: the person has to say
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
            return
        if len(entities) != 2 or not modal:
            if modal and {"least", "most", "exceed", "maximum", "minimum"} & set(lows):
                self.reading.unread.append(self._slice(chunk.start, chunk.end))
            return
        if self._residue(low, high) or self._of_yields(low, high):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
            return
        terms = {entities[0]: Fraction(1), entities[1]: Fraction(-1)}
        self.reading.rows.append(RowStatement(terms, op[0], Fraction(0), self._slice(low, high), "xy", op[1]))
        self._close(low, high)
