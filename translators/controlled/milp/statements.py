"""What the sentences say, given the things to decide: amounts, limits, comparisons, the objective.

Every number ends in exactly one statement, or the reading fails and says at which words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from quod.translators.controlled.milp.entities import Entities, Mention, mentions
from quod.translators.controlled.milp.lexicon import FUNCTION, GENERIC, MEASURES, NEEDS, VERBS
from quod.translators.controlled.milp.tokens import Sentence, Token, stem

__all__ = ["Amount", "Goal", "Limit", "Reading", "RowStatement", "class_nouns", "read"]


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


@dataclass
class Goal:
    sense: str
    stems: frozenset[str]
    counts: bool
    """Whether it speaks of a number of things."""
    words: str


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


_BOUNDARY = frozenset(
    "while whereas but however if because since although so therefore and or conversely where though then "
    "whilst".split()
)
_BACKGROUND = frozenset("since because due as although though".split())
_OPS: tuple[tuple[tuple[str, ...], str, bool], ...] = (
    (("no", "more", "than"), "<=", False),
    (("not", "more", "than"), "<=", False),
    (("no", "less", "than"), ">=", False),
    (("not", "less", "than"), ">=", False),
    (("no", "fewer", "than"), ">=", False),
    (("not", "fewer", "than"), ">=", False),
    (("not", "be", "less", "than"), ">=", False),
    (("not", "be", "more", "than"), "<=", False),
    (("not", "be", "fewer", "than"), ">=", False),
    (("not", "fall", "below"), ">=", False),
    (("cannot", "be", "less", "than"), ">=", False),
    (("cannot", "be", "more", "than"), "<=", False),
    (("must", "not", "exceed"), "<=", False),
    (("not", "to", "exceed"), "<=", False),
    (("not", "exceed"), "<=", False),
    (("cannot", "exceed"), "<=", False),
    (("can't", "exceed"), "<=", False),
    (("can", "not", "exceed"), "<=", False),
    (("without", "exceeding"), "<=", False),
    (("at", "least"), ">=", False),
    (("at", "the", "least"), ">=", False),
    (("at", "minimum"), ">=", False),
    (("at", "a", "minimum"), ">=", False),
    (("at", "most"), "<=", False),
    (("at", "the", "most"), "<=", False),
    (("at", "maximum"), "<=", False),
    (("up", "to"), "<=", False),
    (("or", "more"), ">=", False),
    (("or", "less"), "<=", False),
    (("limited", "to"), "<=", False),
    (("or", "fewer"), "<=", False),
    (("more", "than"), ">=", True),
    (("greater", "than", "or", "equal", "to"), ">=", False),
    (("less", "than", "or", "equal", "to"), "<=", False),
    (("greater", "than"), ">=", True),
    (("larger", "than"), ">=", True),
    (("higher", "than"), ">=", True),
    (("less", "than"), "<=", True),
    (("fewer", "than"), "<=", True),
    (("smaller", "than"), "<=", True),
    (("lower", "than"), "<=", True),
    (("exceeds",), ">=", True),
    (("exceed",), ">=", True),
    (("minimum",), ">=", False),
    (("maximum",), "<=", False),
    (("max",), "<=", False),
    (("below",), "<=", True),
    (("under",), "<=", True),
    (("within",), "<=", False),
    (("exactly",), "=", False),
    (("capped",), "<=", False),
)
_CLASS = frozenset(
    stem(w)
    for w in "type types kind kinds model models version versions product products size "
    "sizes method methods way ways "
    "option options technique techniques form forms mode modes variety item items different main sort "
    "brand brands style styles category categories design designs system systems".split()
)


_DETERMINED = frozenset("a an the each every any all its his her their one another".split())
_TIMES_OF = frozenset("day week month year hour minute shift trip season".split())


# Words by which a clause without a number still says what must be: if it was not read, it is not passed over.
_CONDITIONS = frozenset(
    "unless except excluding equal equally third fourth fifth never multiple multiples divisible double triple".split()
)
_ARITHMETIC = frozenset("difference differences sum minus plus subtracted subtracting thrice".split())
_BINDING = frozenset("must should cannot only same instead without neither".split())


_NEGATIONS = frozenset("not cannot can't never mustn't shouldn't won't don't doesn't".split())
_DENIABLE = frozenset("more greater larger higher less fewer smaller lower below under exceed".split())
_DENIED = {">=": ("<=", False), "<=": (">=", False), "=": ("=", False)}
# Who may set a limit, and words by which a limit is spoken of: they add nothing to what it says.
_BOUND_WORDS = frozenset(
    stem(w)
    for w in "demand daily weekly monthly yearly current enough capacity maximum minimum limit limits limited limitation "
    "budget exceed exceeds greater equal note ensure due to owner manager management company authority government "
    "regulation law rule city state contract agreement policy market popularity restriction constraint requirement "
    "space room storage meet satisfy keep allow fulfil fulfill more less fewer most least total access aim reserve "
    "land farm farmland farmer field agricultural people person public ask asked insist dictate state deem "
    "single expect cap quota unit item product integer whole nonnegative negative zero value variable".split()
)
_MEASURED_THINGS = frozenset(
    stem(w)
    for w in "hour minute second time cost profit revenue money dollar weight price income return salary wage".split()
)


@dataclass
class _Chunk:
    start: int
    end: int
    opener: str


@dataclass
class _State:
    """What carries over from chunk to chunk of a sentence."""

    subject: int | None = None
    everyone: bool = False
    op: tuple[str, bool] | None = None
    role: str = ""
    before: frozenset[str] = frozenset()


def read(text: list[Sentence], entities: Entities) -> Reading:
    """All statements."""
    reading = Reading()
    reader = _Reader(entities, reading, class_nouns(text, entities))
    pairs = [(a, b) for s in text for a, b in zip(s.tokens, s.tokens[1:], strict=False)]
    reader.said = Counter(t.stem for s in text for t in s.tokens if t.kind == "word")
    reader.per = frozenset(
        b.stem for a, b in pairs if a.low in {"per", "each", "an", "one", "many"} and b.stem in MEASURES
    )
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
            "return",
            "portfolio",
            "wealth",
        }
    for sentence in text:
        reader.sentence(sentence)
    reading.counted = frozenset(reader.counted)
    return reading


def class_nouns(text: list[Sentence], entities: Entities) -> frozenset[str]:
    """Nouns for all the things together: shared heads, ``types of NOUN``, ``each type of NOUN``, ``how many NOUN``."""
    nouns = set(entities.shared)
    for sentence in text:
        tokens = sentence.tokens
        for k, token in enumerate(tokens):
            if token.stem in _CLASS and k + 2 < len(tokens) and tokens[k + 1].low == "of":
                at = k + 2
                while at < len(tokens) and tokens[at].kind == "word" and tokens[at].low not in FUNCTION and at < k + 5:
                    nouns.add(tokens[at].stem)
                    at += 1
            if (
                token.low == "many"
                and k
                and tokens[k - 1].low == "how"
                and k + 1 < len(tokens)
                and tokens[k + 1].low not in FUNCTION
            ):
                noun = tokens[k + 1].stem
                nouns.add(noun)
                if noun in _TIMES_OF:
                    nouns.add("time")
            if (
                token.low == "each"
                and k
                and tokens[k - 1].low == "of"
                and any(t.low in {"how", "many", "number", "formulate"} for t in tokens[:k])
            ):
                # how many of each animal, of each question type
                at = k + 1
                while (
                    at < len(tokens)
                    and at < k + 4
                    and tokens[at].kind == "word"
                    and tokens[at].low not in FUNCTION | VERBS
                ):
                    nouns.add(tokens[at].stem)
                    at += 1
    return frozenset(n for n in nouns | _heads(text, entities) if len(n) > 1)


def _heads(text: list[Sentence], entities: Entities) -> set[str]:
    """A noun that stands right behind the name of every one of the things: card-based *machine*, coin-based *machine*."""
    behind: dict[str, set[int]] = {}
    for sentence in text:
        for m in mentions(sentence, entities):
            if m.end < len(sentence.tokens):
                after = sentence.tokens[m.end]
                if (
                    after.kind == "word"
                    and after.low not in FUNCTION
                    and after.low not in VERBS
                    and after.value is None
                ):
                    behind.setdefault(after.stem, set()).add(m.entity)
    return {noun for noun, whose in behind.items() if len(whose) == len(entities.names)}


class _Reader:
    def __init__(self, entities: Entities, reading: Reading, nouns: frozenset[str]) -> None:
        self.entities, self.reading, self.nouns = entities, reading, nouns
        self.order = 0
        self.said: Counter[str] = Counter()
        """How often each word of the text is said."""
        self.per: frozenset[str] = frozenset()
        """Measures the things are counted by: ``per acre``, ``an acre of A``."""
        self.counted: set[str] = set()
        self.tokens: list[Token] = []
        self.found: list[Mention] = []
        self.done: set[int] = set()
        self.text = ""

    # one sentence ---------------------------------------------------------------------------------------

    def sentence(self, sentence: Sentence) -> None:
        self.tokens = sentence.tokens
        self.text = sentence.text
        self.found = mentions(sentence, self.entities)
        self.done = set()
        lows = {t.low for t in self.tokens}
        if lows & _ARITHMETIC or (
            lows & {"combined", "by"}
            and any(t.flavour == "times" for t in self.tokens)
            and lows & {"combined", "exceed"}
        ):
            # sums of multiples in words: another grammar than this one
            self.reading.unread.append(sentence.text)
            return
        self._goal()
        self._counts()
        self._lists()
        left = [k for k, t in enumerate(self.tokens) if t.value is not None and k not in self.done]
        if "respectively" in lows and left:
            self.reading.unread.append(sentence.text)  # a list in an order that was not understood
            return
        state = _State()
        for chunk in self._chunks():
            self._chunk(chunk, state)
        numbers = [k for k, t in enumerate(self.tokens) if t.value is not None]
        self.reading.read += len([k for k in numbers if k in self.done])
        for k in numbers:
            if k not in self.done:
                self.reading.unread.append(self._around(k))

    def _around(self, k: int) -> str:
        low, high = max(0, k - 4), min(len(self.tokens), k + 5)
        return self._slice(low, high)

    def _slice(self, low: int, high: int) -> str:
        if low >= high:
            return ""
        base = self.tokens[0].start
        return self.text[self.tokens[low].start - base : self.tokens[high - 1].end - base].strip(" ,.;")

    def _goal(self) -> None:
        tokens = self.tokens
        lows = [t.low for t in tokens]
        plain = any(low.startswith(("maximiz", "maximis", "minimiz", "minimis")) for low in lows)
        for k, low in enumerate(lows):
            sense = ""
            if plain and not low.startswith(("m",)):
                continue
            if low.startswith(("maximiz", "maximis")):
                sense = "maximize"
            elif low.startswith(("minimiz", "minimis")) or (
                low in {"decrease", "reduce"}
                and lows[k - 1] == "to"
                and any(w in {"how", "find", "formulate"} for w in lows)
            ):
                sense = "minimize"
            elif low == "increase" and lows[k - 1] == "to" and any(w in {"how", "find", "formulate"} for w in lows):
                sense = "maximize"
            elif (
                not plain
                and low in {"minimum", "minimal", "maximum", "highest", "lowest"}
                and lows[k - 1]
                in {"yield", "make", "obtain", "the", "a", "at", "for", "reach", "get", "earn", "gain", "requirements"}
                and {"how", "number"} & set(lows[:k])
                and lows[k + 1 : k + 2] != ["of"]
                and not any(t.value is not None for t in tokens[k + 1 : k + 4])
            ):
                sense = "minimize" if low in {"minimum", "minimal", "lowest"} else "maximize"
            elif not plain and low in {"minimum", "lowest", "least", "maximum", "highest", "most"} and self._asks(k):
                sense = {"minimum": "minimize", "lowest": "minimize", "least": "minimize"}.get(low, "maximize")
            if not sense:
                continue
            end = k + 1
            while (
                end < len(tokens)
                and tokens[end].text not in {",", ".", "?", ";", "(", ":"}
                and lows[end] not in {"while", "if", "given", "subject", "whereas", "what"}
            ):
                if tokens[end].value is not None:
                    break
                end += 1
            span = range(k + 1, end)
            relative = next((i for i in span if lows[i] in {"that", "which", "who", "they", "he", "she", "it"}), end)
            stems = frozenset(
                tokens[i].stem
                for i in range(k + 1, relative)
                if tokens[i].kind == "word" and tokens[i].low not in FUNCTION
            )
            counts = any(lows[i] in {"number", "amount"} or lows[i] == "many" for i in span)
            self.reading.goals.append(Goal(sense, stems, counts, self._slice(k, end)))
            self._close(k, end)
            return

    def _asks(self, k: int) -> bool:
        lows = [t.low for t in self.tokens]
        asking = any(
            w in {"find", "what", "ensure", "yields", "determine", "calculate", "achieve", "gives", "compute"}
            for w in lows[:k]
        )
        after = lows[k + 1 : k + 3]
        if k and lows[k - 1] == "at" and "how" in lows[:k] and after and after[0] in {"cost", "price", "expense"}:
            return True
        return asking and "of" not in after[:1] and not any(t.value is not None for t in self.tokens[k + 1 : k + 4])

    def _counts(self) -> None:
        """``two types of``, ``three products``: the number of the things themselves."""
        many = len(self.entities.names)
        for k, token in enumerate(self.tokens):
            if token.value is None or token.flavour:
                continue
            ahead = [t.stem for t in self.tokens[k + 1 : k + 5]]
            spelled = token.text[:1].isalpha()
            if (
                token.value == many
                and spelled
                and (any(a in _CLASS or a in self.nouns for a in ahead) or (self._opens_list(k)))
                and not self._op_near(k)
            ):
                self.done.add(k)
            if (
                token.value == 1
                and k
                and self.tokens[k - 1].low in {"in", "per", "every", "over", "during", "within"}
                and ahead[:1]
                and ahead[0] in _TIMES_OF
            ):
                self.done.add(k)
            if token.value == 0 and any(t.low in {"equal", "negative", "than"} for t in self.tokens[max(0, k - 6) : k]):
                self.done.add(k)

    def _opens_list(self, k: int) -> bool:
        """``two alternatives, A and B`` / ``two creams, A and B``: all things are named right behind."""
        behind = [m.entity for m in self.found if m.start > k]
        between = self.tokens[k + 1 : (self.found[0].start if self.found else k)]
        return set(behind) == set(range(len(self.entities.names))) and not any(t.value is not None for t in between)

    def _op_near(self, k: int) -> bool:
        lows = [t.low for t in self.tokens[max(0, k - 3) : k]]
        return "least" in lows or "most" in lows or "than" in lows

    def _lists(self) -> None:
        """``$5, $6 and $7 for A, B and C respectively``."""
        tokens, many = self.tokens, len(self.entities.names)
        runs: list[list[int]] = []
        for k, token in enumerate(tokens):
            if token.value is None or k in self.done or token.flavour in {"times", "part"}:
                continue
            between = [i for i in range(runs[-1][-1] + 1, k)] if runs else []
            units = {tokens[i].stem for i in between if tokens[i].kind == "word" and tokens[i].low not in {"and", "or"}}
            same = (
                len(units) == 1 and len(between) <= 4 and k + 1 < len(tokens) and tokens[k + 1].stem in units & GENERIC
            )
            if (
                runs
                and (same or not units)
                and all(
                    tokens[i].text == "," or tokens[i].low in {"and", "or"} or tokens[i].stem in units for i in between
                )
            ):
                runs[-1].append(k)
            else:
                runs.append([k])
        for run in runs:
            who = self._coordinated(run)
            if len(run) != many or many < 2 or who is None:
                continue
            lead = self._lead(run[0])
            after = self._after(run[-1], self._clause_end(run[-1]))
            for k, entity in zip(run, who, strict=True):
                self._amount(entity, k, after, lead)
            self.done.update(run)

    def _coordinated(self, run: list[int]) -> list[int] | None:
        """The order in which all entities stand next to each other nearest the run."""
        many = len(self.entities.names)
        order = [m.entity for m in self.found]
        best: list[int] | None = None
        for k in range(len(order) - many + 1):
            window = order[k : k + many]
            if len(set(window)) == many and self._adjacent(k, many):
                best = window
                if self.found[k].start > run[-1]:
                    break
        return best

    def _adjacent(self, k: int, many: int) -> bool:
        for a, b in zip(self.found[k : k + many], self.found[k + 1 : k + many], strict=False):
            gap = self.tokens[a.end : b.start]
            if len(gap) > 5 or any(t.value is not None or t.low in VERBS for t in gap):
                return False
        return True

    def _clause_end(self, k: int) -> int:
        end = k + 1
        while end < len(self.tokens) and self.tokens[end].kind == "word":
            end += 1
        return end

    # chunks ---------------------------------------------------------------------------------------------

    def _chunks(self) -> list[_Chunk]:
        chunks: list[_Chunk] = []
        tokens = self.tokens
        start, opener = 0, ""
        for k, token in enumerate(tokens):
            cut = (token.kind == "mark" and token.text in ",;:.?!()") or (
                token.kind == "word" and token.low in _BOUNDARY
            )
            if not cut or self._inside_list(k):
                continue
            if k > start:
                chunks.append(_Chunk(start, k, opener))
                opener = ""
            if (token.kind == "word" and token.low not in {"and", "or"}) or (not opener and token.low in {"and", "or"}):
                opener = token.low
            start = k + 1
        if start < len(tokens):
            chunks.append(_Chunk(start, len(tokens), opener))
        return chunks

    def _inside_list(self, k: int) -> bool:
        """Whether the mark or conjunction at ``k`` only joins names of entities."""
        before = next((m for m in reversed(self.found) if m.end <= k), None)
        after = next((m for m in self.found if m.start > k), None)
        if before is None or after is None or before.entity == after.entity:
            return False
        gap = [t for i, t in enumerate(self.tokens[before.end : after.start], before.end) if i != k]
        return len(gap) <= 4 and all(
            t.low
            in {"and", "or", ",", "the", "a", "an", "by", "of", "using", "on", "for", "each", "in", "units", "number"}
            or t.stem in self.nouns
            for t in gap
        )

    def _chunk(self, chunk: _Chunk, state: _State) -> None:
        tokens = self.tokens
        if all(k in self.done for k in range(chunk.start, chunk.end) if tokens[k].kind != "mark"):
            return
        numbers = [k for k in range(chunk.start, chunk.end) if tokens[k].value is not None and k not in self.done]
        inside = [m for m in self.found if chunk.start <= m.start < chunk.end and m.start not in self.done]
        lows = [t.low for t in tokens[chunk.start : chunk.end]]
        background = chunk.opener in _BACKGROUND or (lows[:1] and lows[0] in _BACKGROUND and lows[0] != "as")
        if not numbers:
            if not background and not any(k in self.done for k in range(chunk.start, chunk.end)):
                rows = len(self.reading.rows)
                self._comparison(chunk, lows)
                binding = set(lows) & _CONDITIONS or (inside and set(lows) & _BINDING)
                if binding and self._introduction(set(binding), inside, lows):
                    binding = set()
                if binding and len(self.reading.rows) == rows:
                    self.reading.unread.append(self._slice(chunk.start, chunk.end))
                if len({m.entity for m in inside}) == 1:
                    state.subject, state.everyone = inside[-1].entity, False
            return
        if chunk.opener == "or" and state.op is not None and not self._denied(chunk.start, back=14):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))  # a choice between two bounds
        if self._operators(chunk) > len(numbers):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
        op = self._operator(chunk, numbers[0])
        main = self._main_verb(chunk, numbers[0])
        if (main or inside) and op is None and (main or not state.op):
            state.op = None
        self._subject(chunk, inside, numbers, state, lows)
        for position, k in enumerate(numbers):
            limit = numbers[position + 1] if position + 1 < len(numbers) else chunk.end
            here = (
                self._operator(chunk, k)
                if position == 0
                else self._operator(_Chunk(numbers[position - 1] + 1, chunk.end, ""), k)
            )
            if here is None and not main and position == 0:
                here = state.op
            if here is None and position > 0:
                here = state.op
            state.op = here
            self._number(k, chunk, limit, here, inside, state)

    def _introduction(self, binding: set[str], inside: list[Mention], lows: list[str]) -> bool:
        """``must move waste in large or small bins``, ``must decide how many A and B``, ``sells only A and B``."""
        if {m.entity for m in inside} != set(range(len(self.entities.names))) or binding - {"must", "should", "only"}:
            return False
        if set(lows) & {"both", "equal", "more", "less", "than", "as", "not", "least", "most"}:
            return False
        return binding == {"only"} or "how" in lows or ("or" in lows and self._adjacent_mentions(inside))

    def _adjacent_mentions(self, inside: list[Mention]) -> bool:
        return all(b.start - a.end <= 4 for a, b in zip(inside, inside[1:], strict=False))

    def _main_verb(self, chunk: _Chunk, k: int) -> bool:
        inside = {i for m in self.found for i in range(m.start, m.end)}
        for i in range(chunk.start, k):
            low = self.tokens[i].low
            if i in inside:
                continue
            if (
                low in VERBS
                or low
                in {"take", "takes", "use", "uses", "need", "needs", "is", "are", "has", "have", "can", "must", "will"}
            ) and (i == 0 or self.tokens[i - 1].low != "to"):
                return True
        return False

    def _subject(
        self, chunk: _Chunk, inside: list[Mention], numbers: list[int], state: _State, lows: list[str]
    ) -> None:
        """Who the amounts of this chunk are said of."""
        first = numbers[0]
        before = [m for m in inside if m.start < first]
        named = {m.entity for m in before}
        many = len(self.entities.names)
        if named == set(range(many)) and many > 1 and ("both" in lows or "each" in lows or "respectively" not in lows):
            state.subject, state.everyone = None, True
        elif before:
            state.subject, state.everyone = before[-1].entity, False
        elif "both" in [t.low for t in self.tokens[chunk.start : first]] or (
            state.subject is None and self._each_class(chunk)
        ):
            state.subject, state.everyone = None, True
        else:
            after = [m for m in inside if m.start > first and self._introduced(m)]
            if after:
                state.subject, state.everyone = after[0].entity, False
            elif not inside and state.subject is None and not state.everyone:
                # "it takes 7 units of x and 15 units of y to make a cup of A": said of A, which comes later
                later = [m for m in self.found if m.start > chunk.end]
                if len({m.entity for m in self.found}) == 1 and later and self._introduced(later[0]):
                    state.subject = later[0].entity

    def _each_class(self, chunk: _Chunk) -> bool:
        tokens = self.tokens
        return any(
            tokens[k].low in {"each", "every", "per"}
            and k + 1 < chunk.end
            and any(tokens[i].stem in self.nouns for i in (k + 1, min(k + 2, chunk.end - 1)))
            and not any(m.start <= k + 2 <= m.end for m in self.found)
            for k in range(chunk.start, chunk.end)
        )

    def _introduced(self, m: Mention) -> bool:
        """Whether the mention is the thing an amount is for: ``per X``, ``each X``, ``a unit of X``, ``for X``."""
        tokens, k = self.tokens, m.start - 1
        if k >= 1 and tokens[k].low == "of" and tokens[k - 1].stem in MEASURES:
            k -= 2
        while k >= 0 and tokens[k].low == "the":
            k -= 1
        if k < 0:
            return False
        low = tokens[k].low
        return low in {"per", "each", "every", "a", "an", "for", "on", "from"} or (tokens[k].value == 1)

    # numbers --------------------------------------------------------------------------------------------

    def _operator(self, chunk: _Chunk, k: int) -> tuple[str, bool] | None:
        """The nearest comparison word to the number at ``k``, before it if there is one."""
        lows = [t.low for t in self.tokens]
        best: tuple[int, int, str, bool] | None = None
        denied = False
        for words, op, strict in _OPS:
            size = len(words)
            for i in range(chunk.start, chunk.end - size + 1):
                if tuple(lows[i : i + size]) == words:
                    distance = k - (i + size) if i < k else 100 + i - k
                    if i > k and words[0] not in {"or", "maximum", "minimum", "at"}:
                        continue
                    if distance < 0:
                        continue
                    if best is None or (distance, -size) < (best[0], -best[1]):
                        best = (distance, size, op, strict)
                        denied = words[0] in _DENIABLE and self._denied(i)
        if best is None:
            return None
        return _DENIED[best[2]] if denied else (best[2], best[3])

    def _denied(self, i: int, back: int = 5) -> bool:
        """Whether a negation governs the comparison at ``i``: ``cannot make more than``, ``must not be more``."""
        for t in reversed(self.tokens[max(0, i - back) : i]):
            if t.kind == "mark" or (t.value is not None and back == 5):
                return False
            if t.low in _NEGATIONS:
                return True
        return False

    def _operators(self, chunk: _Chunk) -> int:
        """How many comparisons a chunk makes: each needs a number or a second entity of its own."""
        lows = [t.low for t in self.tokens]
        covered: set[int] = set()
        count = 0
        for words, _, _ in _OPS:
            size = len(words)
            for i in range(chunk.start, chunk.end - size + 1):
                span = set(range(i, i + size))
                if tuple(lows[i : i + size]) == words and not span & covered and not span & self.done:
                    covered |= span
                    count += 1
        return count - sum(
            1 for k in range(chunk.start, chunk.end) if self.tokens[k].flavour == "times" and "than" in lows[k : k + 3]
        )

    def _number(
        self,
        k: int,
        chunk: _Chunk,
        limit: int,
        op: tuple[str, bool] | None,
        inside: list[Mention],
        state: _State,
    ) -> None:
        token = self.tokens[k]
        assert token.value is not None
        if token.flavour == "times" or (token.flavour == "part" and self._parts_of_other(k)):
            self._multiple(k, op)
            return
        if token.flavour in {"percent", "part"} and self._share(k, chunk, op, inside):
            return
        if token.value == 1 and op is None and self._one_of(k):
            self.done.add(k)
            return
        if self._land(k, chunk, op, state):
            return
        if self.reading.money and token.flavour == "money":
            if self._invested(k, chunk, op, inside):
                return
        named = self._named_behind(k, limit)
        per = [m for m in inside if m.start > k and m.start < limit and self._introduced(m)]
        explicit = op is not None
        if (
            named is not None
            and (explicit or self._available(chunk) or self._needs(chunk))
            and not self._amount_like(k, chunk, named, state, explicit)
        ):
            state.op = op or self._default(chunk, k)
            self._bound(k, named, state.op, chunk)
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
        chosen = op or self._default(chunk, k)
        if chosen is None:
            return
        everything = self._everything(k, limit)
        self.reading.limits.append(
            Limit(
                chosen[0],
                token.value,
                self._after(k, limit),
                self._lead(k, chunk.start),
                token.flavour,
                self._slice(chunk.start, chunk.end),
                chosen[1],
                self._head(k, limit),
                everything,
            )
        )
        state.op = chosen
        self.done.add(k)

    def _invested(self, k: int, chunk: _Chunk, op: tuple[str, bool] | None, inside: list[Mention]) -> bool:
        """``has $6000 to invest``, ``at least $4000 in the fund``: money counts what is put into each thing."""
        token = self.tokens[k]
        assert token.value is not None
        lows = {t.low for t in self.tokens[chunk.start : chunk.end]}
        whole = [t.low for t in self.tokens]
        if any(a in {"each", "every", "per"} and b == "dollar" for a, b in zip(whole, whole[1:], strict=False)):
            return False
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

    def _land(self, k: int, chunk: _Chunk, op: tuple[str, bool] | None, state: _State) -> bool:
        """``has 90 acres of land on which to grow A and B``: what is measured in acres shares them."""
        after = self.tokens[k + 1].stem if k + 1 < len(self.tokens) else ""
        lows = [t.low for t in self.tokens[chunk.start : k]]
        named = [m for m in self.found if m.start > k and m.start < chunk.end]
        whose = {m.entity for m in named}
        if after not in {"acre", "hectare"} or after not in self.per or self._named_behind(k, chunk.end) is not None:
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

    def _amount(self, entity: int, k: int, after: frozenset[str], lead: frozenset[str]) -> None:
        token = self.tokens[k]
        assert token.value is not None
        beside = {t.low for t in self.tokens[k + 1 : k + 3]} & {"more", "less", "fewer", "extra", "additional"}
        if beside or {"loss", "lose", "discount", "refund"} & (after | lead):
            self.reading.unread.append(self._around(k))  # a negative amount, or one to subtract
        self.order += 1
        self.reading.amounts.append(
            Amount(entity, token.value, after, lead, token.flavour, self._around(k), self.order, self._matter(k))
        )

    def _matter(self, k: int) -> frozenset[str]:
        """``2 hours of painting``: painting."""
        inside = {i for m in self.found for i in range(m.start, m.end)}
        at = k + 1
        while at < len(self.tokens) and at <= k + 3 and self.tokens[at].stem in GENERIC | MEASURES:
            at += 1
        if at == k + 1 or at >= len(self.tokens) or self.tokens[at].low != "of":
            return frozenset()
        words: set[str] = set()
        for i in range(at + 1, len(self.tokens)):
            token = self.tokens[i]
            if token.kind != "word" or i in inside or (token.low in FUNCTION and words):
                break
            if token.low not in FUNCTION:
                words.add(token.stem)
        return frozenset(words)

    def _after(self, k: int, end: int) -> frozenset[str]:
        """The nouns behind a number, without names of entities and what follows ``per``."""
        inside = {i for m in self.found for i in range(m.start, m.end)}
        words: set[str] = set()
        skip = 0
        for i in range(k + 1, end):
            token = self.tokens[i]
            if token.low in {"per", "each", "every"}:
                skip = 2  # "per year": the word and its noun
            if skip:
                skip -= 1
                continue
            if token.kind == "word" and i not in inside and token.low not in FUNCTION:
                words.add(token.stem)
        return frozenset(words)

    def _lead(self, k: int, start: int | None = None) -> frozenset[str]:
        inside = {i for m in self.found for i in range(m.start, m.end)}
        if start is None:
            start = k
            while start > 0 and self.tokens[start - 1].text not in {",", ";", ".", ":"}:
                start -= 1
        keep = {"cost", "profit", "take", "takes", "use", "uses"}
        return frozenset(
            t.stem
            for i, t in enumerate(self.tokens[start:k], start)
            if t.kind == "word" and i not in inside and (t.low not in FUNCTION or t.low in keep)
        )

    def _named_behind(self, k: int, limit: int) -> int | None:
        """The entity a number counts: ``40 2-piece suits``, ``25 of the X``, ``30 units of X``."""
        for m in self.found:
            if m.start <= k or m.start >= limit:
                continue
            gap = self.tokens[k + 1 : m.start]
            if len(gap) <= 5 and all(
                t.low in {"of", "the", "total", "additional", "more", "must", "should", "be"}
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

    def _head(self, k: int, limit: int) -> frozenset[str]:
        end = k + 1
        while end < limit and self.tokens[end].low not in {
            "for",
            "to",
            "by",
            "from",
            "in",
            "on",
            "at",
            "with",
            "during",
            "using",
            "per",
            "each",
            "every",
            "available",
            "must",
            "should",
            "be",
            "are",
            "is",
            "can",
            "need",
            "needs",
            "has",
            "have",
        }:
            end += 1
        return self._after(k, end)

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
        if len(plain) > 1:
            return None
        self.counted |= plain
        return inside[0].entity

    def _amount_like(self, k: int, chunk: _Chunk, named: int, state: _State, explicit: bool) -> bool:
        """A number before a name can still be an amount: ``the hardware team works 10 hours on each A``."""
        if explicit:
            return False
        gap_each = any(self.tokens[i].low in {"each", "every", "per"} for i in range(k, chunk.end))
        return gap_each or (state.subject is not None and state.subject != named)

    def _available(self, chunk: _Chunk) -> bool:
        lows = [t.low for t in self.tokens[chunk.start : chunk.end]]
        return any(
            w
            in {"available", "has", "have", "only", "access", "limited", "there", "owns", "stock", "employed", "limit"}
            for w in lows
        )

    def _needs(self, chunk: _Chunk) -> bool:
        lows = [t.low for t in self.tokens[chunk.start : chunk.end]]
        return any(w in NEEDS for w in lows)

    def _default(self, chunk: _Chunk, k: int) -> tuple[str, bool] | None:
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
        if any(w in NEEDS or w in {"needs", "need", "must", "wants", "requires", "require", "minimum"} for w in before):
            return ">=", False
        if any(w in {"has", "have", "there", "had", "produces", "receives", "gets", "makes"} for w in before):
            return "<=", False
        return None

    def _limit_like(self, chunk: _Chunk, k: int, inside: list[Mention]) -> bool:
        """``the lab has 90 units available``: not said of an entity even if one stands nearby."""
        lows = {t.low for t in self.tokens[chunk.start : chunk.end]}
        if "budget" in lows or ({"limited", "limits", "limit"} & lows and "number" in lows):
            return True
        if not lows & {"available", "access", "there"}:
            return False
        return not any(m.start < k and chunk.start <= m.start for m in inside)

    def _one_of(self, k: int) -> bool:
        """``one unit of X``, ``1 kg of X``, ``1 X``: the unit an amount is for."""
        for m in self.found:
            if m.start > k:
                gap = self.tokens[k + 1 : m.start]
                return len(gap) <= 3 and all(
                    t.low in {"of", "the"} or t.stem in MEASURES or t.stem in self.nouns for t in gap
                )
        return False

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
        after = self._after(k, limit)
        return bool(after & self.nouns) and not (after - self.nouns - GENERIC - {"total", "combin"})

    def _bound(self, k: int, entity: int, op: tuple[str, bool] | None, chunk: _Chunk) -> None:
        value = self.tokens[k].value
        if op is None or value is None:
            return
        others = {m.entity for m in self.found if chunk.start <= m.start < chunk.end and m.start not in self.done}
        spread = others - {entity} and any(
            t.low in {"each", "every", "per", "with", "than"} for t in self.tokens[chunk.start : chunk.end]
        )
        opening = [t.low for t in self.tokens[:3]]
        if opening[0] in {"for", "with"} and opening[1] in {"each", "every", "all"} and opening[2] not in _TIMES_OF:
            spread = True
        if self.tokens[k].flavour or value.denominator != 1 or spread or self._residue(chunk.start, chunk.end, k):
            return  # a share or a multiple of something, one thing for each of another, or somebody else's bound
        kind = {"<=": "upperbound", ">=": "lowerbound"}.get(op[0], "fixed")
        row = RowStatement({entity: Fraction(1)}, op[0], value, self._slice(chunk.start, chunk.end), kind, op[1])
        self.reading.rows.append(row)
        self.done.add(k)

    def _residue(self, low: int, high: int, number: int | None = None) -> bool:
        """Whether a clause has words that say more than a bound does: of what kind, by whom, for whom."""
        inside = {i for m in self.found for i in range(m.start, m.end)}
        known = self.nouns | self.counted | self.per
        for i in range(low, high):
            token = self.tokens[i]
            after = self.tokens[i + 1] if i + 1 < high else None
            if i in inside or token.kind != "word":
                continue
            if token.low in {"due", "because", "since", "thus"}:
                return False  # a reason
            if token.low in {"to", "for"} and after is not None and number is not None and i > number:
                purpose = token.low == "to" and after.low not in _DETERMINED and after.low not in {"be"}
                if purpose and any(number < j < i for j in inside):
                    return False  # what for
            if token.low in {"per", "each", "every"} and after is not None:
                if not (
                    after.stem in _TIMES_OF or after.stem in known or after.stem in _CLASS or i + 1 in inside
                    or after.low in {"type", "of", "one"} or after.kind == "mark"
                ):  # fmt: skip
                    return True
                continue
            if self.reading.money and token.stem in {"money", "dollar", "return"}:
                continue
            if token.stem in _MEASURED_THINGS and token.stem not in known:
                return True
            if (
                token.low in FUNCTION
                or token.low in VERBS
                or token.low in NEEDS
                or token.stem in GENERIC | _BOUND_WORDS | known
                or self.said[token.stem] > 1
            ):
                continue
            return True
        return False

    # comparisons ----------------------------------------------------------------------------------------

    def _clause(self, k: int) -> tuple[int, int]:
        """The stretch around ``k`` between commas and subordinating words."""
        low, high = k, k + 1
        while (
            low > 0
            and self.tokens[low - 1].text not in {",", ";", "."}
            and self.tokens[low - 1].low not in {"so", "therefore", "because", "since", "but"}
        ):
            low -= 1
        while (
            high < len(self.tokens)
            and self.tokens[high].text not in {",", ";", "."}
            and self.tokens[high].low not in {"because", "since", "but", "while"}
        ):
            high += 1
        return low, high

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
        op = op or self._operator(_Chunk(low, high, ""), k)
        if op is not None and op[1]:  # "two times more A than B": the "more than" belongs to the multiple
            explicit = self._explicit(low, high)
            op = (explicit, False) if explicit else None
        loose = op is None
        if loose and any(t.stem in {"prefer", "like"} for t in self.tokens[low:high]):
            return  # a preference may or may not be a requirement
        chosen = op[0] if op else ">="
        if self._residue(low, high):
            return
        terms = {first: Fraction(1), second: -value}
        self.reading.rows.append(RowStatement(terms, chosen, Fraction(0), self._slice(low, high), "xby", False, loose))
        self._close(low, high, k)

    def _explicit(self, low: int, high: int) -> str:
        lows = [t.low for t in self.tokens[low:high]]
        if "least" in lows or "minimum" in lows:
            return ">="
        if "most" in lows or "maximum" in lows:
            return "<="
        return ""

    def _share(self, k: int, chunk: _Chunk, op: tuple[str, bool] | None, inside: list[Mention]) -> bool:
        """``at least 30% of the cans must be large``."""
        low, high = self._clause(k)
        around = {m.entity for m in self.found if low <= m.start < high}
        if len(around) > 1 and len({m.entity for m in inside}) == 1:
            low, high, around = chunk.start, chunk.end, {inside[0].entity}
        value = self.tokens[k].value
        assert value is not None
        if op is None or len(around) != 1:
            return False
        if self.tokens[k].flavour == "part" and not any(t.low == "of" for t in self.tokens[k + 1 : k + 3]):
            return False
        (entity,) = around
        if self._residue(low, high, k):
            return False
        terms = dict.fromkeys(range(len(self.entities.names)), -value)
        terms[entity] += 1
        row = RowStatement(terms, op[0], Fraction(0), self._slice(low, high), "ratio", op[1])
        self.reading.rows.append(row)
        self._close(low, high, k)
        return True

    def _close(self, low: int, high: int, *used: int) -> None:
        """The words of a clause are accounted for, its numbers only if the statement used them: no other is lost."""
        self.done.update(i for i in range(low, high) if i in used or self.tokens[i].value is None)

    def _comparison(self, chunk: _Chunk, lows: list[str]) -> None:
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
        denied = bool(_NEGATIONS & set(lows[: lows.index("than")])) if "than" in lows else False
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
        if self._residue(low, high):
            self.reading.unread.append(self._slice(chunk.start, chunk.end))
            return
        terms = {entities[0]: Fraction(1), entities[1]: Fraction(-1)}
        self.reading.rows.append(RowStatement(terms, op[0], Fraction(0), self._slice(low, high), "xy", op[1]))
        self._close(low, high)
