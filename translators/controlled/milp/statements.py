"""What the sentences say, given the things to decide: amounts, limits, comparisons, the objective.

Every number ends in exactly one statement, or the reading fails and says at which words."""

from __future__ import annotations

import itertools
from collections import Counter

from quod.translators.controlled.milp.amounts import doubly_measured, matters, measured
from quod.translators.controlled.milp.clauses import Clause
from quod.translators.controlled.milp.cutting import Cutting
from quod.translators.controlled.milp.entities import Entities, Mention, mentions
from quod.translators.controlled.milp.heads import noun_behind
from quod.translators.controlled.milp.lexicon import COST, GAIN, GENERIC, MEASURES, VERB_STEMS, VERBS
from quod.translators.controlled.milp.limits import State
from quod.translators.controlled.milp.reading import Limit, Reading
from quod.translators.controlled.milp.scanner import TIMES_OF, Chunk, class_nouns
from quod.translators.controlled.milp.scenery import needed, scenery
from quod.translators.controlled.milp.tokens import Sentence

__all__ = ["read"]

_BACKGROUND = frozenset("since because due as although though".split())


# Words by which a clause without a number still says what must be: if it was not read, it is not passed over.
_CONDITIONS = frozenset(
    "unless except excluding equal equally third fourth fifth never multiple multiples divisible double triple".split()
)
_FINITE = frozenset("must should shall can could may will is are was were has have had need needs cannot".split())
_ARITHMETIC = frozenset("difference differences sum minus plus subtracted subtracting thrice".split())
_BINDING = frozenset("must should cannot only same instead without neither".split())


def read(text: list[Sentence], entities: Entities) -> Reading:
    """All statements."""
    reading = Reading()
    reader = _Reader(entities, reading, class_nouns(text, entities))
    pairs = [(a, b) for s in text for a, b in zip(s.tokens, s.tokens[1:], strict=False)]
    reader.said = Counter(t.stem for s in text for t in s.tokens if t.kind == "word")
    told = {
        b.stem
        for s in text
        if any(t.value is not None for t in s.tokens)
        for a, b in itertools.pairwise(s.tokens)
        if a.low == "net"
    }
    gross = {b.stem for a, b in pairs if b.stem in GAIN and a.low != "net"} | {"sell", "price"} & set(reader.said)
    reader.net = frozenset() if gross else frozenset(told)
    reader.per = frozenset(
        "square" if b.low == "sq" else b.stem
        for a, b in pairs
        if a.low in {"per", "each", "an", "one", "many"} and b.stem in MEASURES | {"square", "sq"}
    )
    reader.rates = Counter(b.stem for a, b in pairs if a.low in {"per", "each", "every"})
    reader.matters = matters(text)
    reader.measured = measured(text, entities) - reader.nouns
    if reader.said["invest"] + reader.said["investment"] > 1 and not any(
        t.low == "cost" for s in text for t in s.tokens
    ):
        reading.money = True
        reader.nouns = reader.nouns | {
            "money",
            "dollar",
            "invest",
            "investment",
            "fund",
            "portfolio",
            "wealth",
        }
    for sentence in text:
        reader.sentence(sentence)
    reading.unread += doubly_measured(text, entities)
    amounts = frozenset().union(
        *(a.after | a.before & (COST | GAIN) for a in reading.amounts), *(v.head for v in reading.limits)
    ) - (VERB_STEMS - COST - GAIN)
    for clause in reader.numberless:
        if not scenery(clause, len(entities.names), reader.nouns | reader.counted, amounts):
            reading.unread.append(clause.words)
    reading.counted = frozenset(reader.counted)
    return reading


class _Reader(Cutting):
    """Sentences cut into chunks, each number of a chunk given its place."""

    def __init__(self, entities: Entities, reading: Reading, nouns: frozenset[str]) -> None:
        super().__init__(entities, reading, nouns)
        self.opened = ""
        """The word that opened the clause before: what follows an *and* goes with it."""
        self.labels: set[int] = set()
        """Numbers that only count the kinds of things: *two types of*."""
        self.numberless: list[Clause] = []
        """Clauses without a number that no rule read."""

    def sentence(self, sentence: Sentence) -> None:
        self.tokens = sentence.tokens
        self.text = sentence.text
        self.found = mentions(sentence, self.entities)
        self.done = set()
        self.opened = ""
        lows = {t.low for t in self.tokens}
        outside = {t.low for k, t in enumerate(self.tokens) if not self._in_name(k)}
        if outside & _ARITHMETIC or (
            lows & {"combined", "by"}
            and any(t.flavour == "times" for t in self.tokens)
            and lows & {"combined", "exceed"}
        ):
            # sums of multiples in words: another grammar than this one
            self.reading.unread.append(sentence.text)
            return
        if self._announces():
            return
        self._goal()
        self._wholes()
        goal = set(self.done)
        self._counts()
        self.labels = self.done - goal
        self._lists()
        left = [k for k, t in enumerate(self.tokens) if t.value is not None and k not in self.done]
        if "respectively" in lows and left and self._respectively():
            self.reading.read += len(left)
            return
        if "respectively" in lows and left:
            self.reading.unread.append(sentence.text)  # a list in an order that was not understood
            return
        state = State()
        for chunk in self._chunks():
            self._chunk(chunk, state)
        numbers = [k for k, t in enumerate(self.tokens) if t.value is not None]
        self.reading.read += len([k for k in numbers if k in self.done])
        for k in numbers:
            if k not in self.done:
                self.reading.unread.append(self._around(k))

    def _chunk(self, chunk: Chunk, state: State) -> None:
        tokens = self.tokens
        if all(k in self.done for k in range(chunk.start, chunk.end) if tokens[k].kind != "mark"):
            return
        numbers = [k for k in range(chunk.start, chunk.end) if tokens[k].value is not None and k not in self.done]
        inside = [m for m in self.found if chunk.start <= m.start < chunk.end and m.start not in self.done]
        lows = [t.low for t in tokens[chunk.start : chunk.end]]
        background = chunk.opener in _BACKGROUND or (lows[:1] and lows[0] in _BACKGROUND and lows[0] != "as")
        if not numbers:
            if self._therefore(chunk):
                state.reason = self._told_what_it_is_like(chunk, inside)
            before = len(self.reading.rows), len(self.reading.unread)
            if not background and not any(k in self.done for k in range(chunk.start, chunk.end)):
                rows = len(self.reading.rows)
                if not self._wish(chunk, lows):
                    self._comparison(chunk, lows)
                said = {tokens[k].low for k in range(chunk.start, chunk.end) if not self._in_name(k)}
                binding = said & _CONDITIONS or (inside and set(lows) & _BINDING)
                if binding == {"must"} and needed(lows):
                    binding = set()
                if binding and self._introduction(set(binding), inside, lows):
                    binding = set()
                if binding and len(self.reading.rows) == rows:
                    self.reading.unread.append(self._slice(chunk.start, chunk.end))
                if len({m.entity for m in inside}) == 1:
                    state.subject, state.everyone = inside[-1].entity, False
            told = {k for k in range(chunk.start, chunk.end) if tokens[k].value is not None} - self.labels
            zero = any(self.tokens[k].value == 0 for k in self.labels)  # nothing negative: true of all models here
            if (len(self.reading.rows), len(self.reading.unread)) == before and not told and not zero:
                self.numberless.append(self._clause_of(chunk))
            return
        if chunk.opener == "or" and state.op is not None and not self._denied(chunk.start, back=14):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))  # a choice between two bounds
        just = self.tokens[max(0, chunk.start - 6) : chunk.start]
        own = any(m.start < numbers[0] for m in inside)
        if chunk.opener == "or" and not state.op and not own and any(t.value is not None for t in just):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))  # a choice between two amounts
        if self._negated(chunk):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
        if self._operators(chunk) > len(numbers) or self._around_another(numbers):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
        op = self._operator(chunk, numbers[0])
        main = self._main_verb(chunk, numbers[0])
        if (main or inside) and op is None and (main or not state.op):
            state.op = None
        own = self._finite(chunk)
        if op is None and own and state.finite:
            state.op = None  # "within 9 hours it must arrive and 80 crates must be sent": each says its own
        state.finite = own
        self._subject(chunk, inside, numbers, state, lows)
        for position, k in enumerate(numbers):
            limit = numbers[position + 1] if position + 1 < len(numbers) else chunk.end
            here = (
                self._operator(chunk, k)
                if position == 0
                else self._operator(Chunk(numbers[position - 1] + 1, chunk.end, ""), k)
            )
            if here is None and not main and position == 0:
                here = state.op
            if here is None and position > 0:
                here = state.op
            state.op = here
            self._number(k, chunk, limit, here, inside, state)

    def _there_before(self, chunk: Chunk, k: int) -> bool:
        """``the school has 10 tablets`` where it is asked how many to buy or make: what is there, no limit."""
        lows = {t.low for t in self.tokens[chunk.start : k]}
        makes = ("buy", "purchase", "make", "produce", "manufacture")
        limits = lows & {"only", "limited", "access"} or "available" in {
            t.low for t in self.tokens[chunk.start : chunk.end]
        }
        return bool(lows & {"has", "have", "owns"}) and not limits and any(self.said[verb] for verb in makes)

    def _of_each_other(self, k: int, chunk: Chunk) -> bool:
        """``each worker has 300 minutes``, ``a sack may weigh at most 50 kg``: no limit on a total."""
        tokens = self.tokens[chunk.start : k]
        said = len(tokens) > 2 and tokens[0].low in {"a", "an"} and tokens[2].low in _FINITE | VERBS
        lead = [t.stem for t in tokens[:2]] if said else []
        return (
            any(a.low in {"each", "every"} and b.stem not in TIMES_OF for a, b in itertools.pairwise(tokens))
            or self.tokens[chunk.end - 1].low in {"each", "apiece"}
            or self._for_each_behind(k, chunk)
            or bool(set(lead[1:]) & (self.nouns | self.per))
            or any(
                k < m.start < chunk.end and self.tokens[m.start - 1].low in {"each", "every", "per"} for m in self.found
            )
        )

    def _finite(self, chunk: Chunk) -> bool:
        """Whether the chunk has a verb of its own that says what must or can be."""
        return any(self.tokens[k].low in _FINITE and not self._in_name(k) for k in range(chunk.start, chunk.end))

    def _in_name(self, k: int) -> bool:
        return any(m.start <= k < m.end for m in self.found)

    def _clause_of(self, chunk: Chunk) -> Clause:
        """What was not yet read of a chunk."""
        inside = {i for m in self.found for i in range(m.start, m.end)}
        kept = [
            k for k in range(chunk.start, chunk.end) if k not in self.done and (k - 1 not in self.labels or k in inside)
        ]
        place = {k: i for i, k in enumerate(kept)}
        found = [
            Mention(m.entity, place[m.start], place[m.end - 1] + 1)
            for m in self.found
            if m.start in place and m.end - 1 in place
        ]
        whole = len(kept) >= sum(1 for t in self.tokens if t.kind != "mark")
        tokens = tuple(self.tokens[k] for k in kept)
        lead = self.tokens[chunk.start].low
        joined = chunk.opener in {"and", "or"}
        self.opened = chunk.opener if chunk.opener in _BACKGROUND else self.opened if joined else lead
        verb = any(
            self.tokens[k].low in VERBS and not self.tokens[k].low.endswith("ing") for k in kept if k not in inside
        )
        goes_on = joined and (self.opened == "how" or (self.opened in _BACKGROUND and not (verb and found)))
        opener = self.opened if goes_on else chunk.opener
        asks = self.tokens[0].low in {"how", "what", "which"} and chunk.opener in {"", "and", "or"}
        opener = "how" if asks else "because" if self._therefore(chunk) else opener
        kinds = any(chunk.start <= k < chunk.end for k in self.labels)
        return Clause(tokens, tuple(found), opener, whole, self._slice(chunk.start, chunk.end), kinds)

    def _introduction(self, binding: set[str], inside: list[Mention], lows: list[str]) -> bool:
        """``must move waste in large or small bins``, ``must decide how many A and B``, ``sells only A and B``."""
        if {m.entity for m in inside} != set(range(len(self.entities.names))) or binding - {"must", "should", "only"}:
            return False
        if set(lows) & {"both", "equal", "more", "less", "than", "as", "not", "least", "most"}:
            return False
        return binding == {"only"} or "how" in lows or ("or" in lows and self._adjacent_mentions(inside))

    def _adjacent_mentions(self, inside: list[Mention]) -> bool:
        return all(b.start - a.end <= 4 for a, b in itertools.pairwise(inside))

    def _number(
        self,
        k: int,
        chunk: Chunk,
        limit: int,
        op: tuple[str, bool] | None,
        inside: list[Mention],
        state: State,
    ) -> None:
        token = self.tokens[k]
        assert token.value is not None
        if token.flavour == "times" or (token.flavour == "part" and self._parts_of_other(k)):
            if not (token.flavour == "times" and self._preferred(k, op)):
                self._multiple(k, op)
            return
        if token.flavour in {"percent", "part"} and self._share(k, chunk, op, inside):
            return
        if token.value == 1 and op is None and self._one_of(k):
            self.done.add(k)
            return
        if self._land(k, chunk, op, state) or self._room(k, chunk, op) or self._apiece(k, chunk, op):
            return
        if self.reading.money and token.flavour == "money" and self._invested(k, chunk, op, inside):
            return
        named = self._named_behind(k, limit)
        per = [m for m in inside if m.start > k and m.start < limit and (self._introduced(m) or self._put_in(m, k))]
        explicit = op is not None
        if (
            named is not None
            and (explicit or self._available(chunk, k) or self._needs(chunk))
            and not self._amount_like(k, chunk, named, state, explicit)
        ):
            state.op = op or self._default(chunk, k)
            if not explicit and self._there_before(chunk, k):
                return
            self._bound(k, named, state.op, chunk, demand=not explicit and self._only_demanded(chunk, k))
            state.bounded = named
            return
        through = self._through(k, limit, inside)
        if explicit and through is not None:
            self._bound(k, through, op, chunk)
            return
        if (
            not explicit
            and (per or state.subject is not None or state.everyone)
            and not self._limit_like(chunk, k, inside)
        ):
            who = (
                [per[-1].entity]
                if per
                else [state.subject]
                if state.subject is not None
                else list(range(len(self.entities.names)))
            )
            if per:
                state.subject, state.everyone = per[-1].entity, False
            after = self._after(k, limit)
            lead = self._lead(k, chunk.start) or state.before
            state.before = lead
            for entity in who:
                assert entity is not None
                self._amount(entity, k, after, lead)
            self.done.add(k)
            return
        counted = self._counted_subject(k, inside)
        if explicit and counted is not None and not (self._after(k, limit) - GENERIC - self.nouns):
            self._bound(k, counted, op, chunk)
            return
        if (
            not explicit
            and counted is not None
            and "limit" in {t.stem for t in self.tokens[chunk.start : chunk.end]}
            and not self._after(k, limit)
        ):
            self._bound(k, counted, ("<=", False), chunk)
            return
        chosen = op or self._default(chunk, k) or self._available_behind(chunk)
        if chosen is None:
            return
        if token.flavour in {"percent", "part", "times"}:
            return  # a share or a multiple is never an amount of its own
        if explicit and not inside and state.reason is not None and self._of_the_reason(k, chunk):
            self._bound(k, state.reason, op, chunk)
            return
        if explicit and not inside and state.bounded is not None and chunk.opener in {"but", "and", "though", ""}:
            # "must sell at least 30 A but can sell no more than 50": of A, if nothing else is named
            if {t.stem for t in self.tokens[k + 1 : chunk.end]} <= TIMES_OF | {"in", "per", "a", "each", "every"}:
                self._bound(k, state.bounded, op, chunk)
                return
            elliptic = state.bounded
        else:
            elliptic = None
        behind = {t.low for t in self.tokens[k + 1 : chunk.end]}
        everything = self._everything(k, limit)
        if self._no_limit_of_theirs(k, chunk, everything, chosen[0]):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
        some = behind & {"both", "two"} and len(self.entities.names) > 2 and not inside
        if some or self._of_each_other(k, chunk) or self._by_somebody(k, chunk):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
        implied = op is None and chosen[0] == "<="
        head, after = self._head(k, limit), self._after(k, limit)
        if everything and head and head <= self.nouns:
            after = head
        self.reading.limits.append(
            Limit(
                chosen[0],
                token.value,
                after,
                self._lead(k, chunk.start),
                token.flavour,
                self._slice(chunk.start, chunk.end),
                chosen[1],
                head,
                everything,
                frozenset(m.entity for m in inside),
                noun=noun_behind(self.tokens, k),
                elliptic=elliptic,
                loose=not explicit and chosen[0] == ">=" and self._commanded(chunk, k),
                demand=not explicit and chosen[0] == ">=" and self._only_demanded(chunk, k),
                waiting=implied and self._to_be_done(k, chunk),
                at_hand=(implied or chosen[0] != "<=") and self._at_hand(chunk, self._compared_at(k)),
            )
        )
        state.op = chosen
        self.done.add(k)
