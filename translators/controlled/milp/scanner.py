"""The sentence being read, and the words around a number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from quod.translators.controlled.milp.entities import Entities, Mention, mentions
from quod.translators.controlled.milp.heads import noun_behind
from quod.translators.controlled.milp.lexicon import FUNCTION, GENERIC, MEASURES, VERBS
from quod.translators.controlled.milp.reading import Amount, Reading
from quod.translators.controlled.milp.tokens import Sentence, Token, stem

__all__ = ["CLASS", "DETERMINED", "TIMES_OF", "Chunk", "Scanner", "class_nouns"]

CLASS = frozenset(
    stem(w)
    for w in "type types kind kinds model models version versions product products size "
    "sizes method methods way ways "
    "option options technique techniques form forms mode modes variety item items different main sort "
    "brand brands style styles category categories design designs system systems".split()
)


DETERMINED = frozenset("a an the each every any all its his her their one another".split())


TIMES_OF = frozenset("day week month year hour minute shift trip season".split())


@dataclass
class Chunk:
    start: int
    end: int
    opener: str


def class_nouns(text: list[Sentence], entities: Entities) -> frozenset[str]:
    """Nouns for all the things together: shared heads, ``types of NOUN``, ``each type of NOUN``, ``how many NOUN``."""
    nouns = set(entities.shared)
    for sentence in text:
        tokens = sentence.tokens
        for k, token in enumerate(tokens):
            if token.stem in CLASS and k + 2 < len(tokens) and tokens[k + 1].low == "of":
                at = k + 2
                if tokens[at].low.endswith("ing") and tokens[at].low in VERBS:
                    continue  # "ways of delivering letters": neither deliveries nor letters are ways
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
                if noun in TIMES_OF:
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
    """A noun right behind the name of every one of the things: card-based *machine*, coin-based *machine*."""
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


class Scanner:
    """One sentence at a time: its tokens, the things named in it, the numbers already accounted for."""

    def __init__(self, entities: Entities, reading: Reading, nouns: frozenset[str]) -> None:
        self.entities, self.reading, self.nouns = entities, reading, nouns
        self.order = 0
        self.net: frozenset[str] = frozenset()
        """Gains of which the text gives the net amount and no other."""
        self.said: Counter[str] = Counter()
        """How often each word of the text is said."""
        self.per: frozenset[str] = frozenset()
        """Measures the things are counted by: ``per acre``, ``an acre of A``."""
        self.measured: frozenset[str] = frozenset()
        """What numbers are of: litres of *milk*, *boxes*."""
        self.matters: frozenset[str] = frozenset()
        """What so many of some unit are of: ounces of *paint*."""
        self.rates: Counter[str] = Counter()
        """How often so much is told for each of something."""
        self.counted: set[str] = set()
        self.tokens: list[Token] = []
        self.found: list[Mention] = []
        self.done: set[int] = set()
        self.text = ""

    def _around(self, k: int) -> str:
        low, high = max(0, k - 4), min(len(self.tokens), k + 5)
        return self._slice(low, high)

    def _slice(self, low: int, high: int) -> str:
        if low >= high:
            return ""
        base = self.tokens[0].start
        return self.text[self.tokens[low].start - base : self.tokens[high - 1].end - base].strip(" ,.;")

    def _close(self, low: int, high: int, *used: int) -> None:
        """The words of a clause are accounted for, its numbers only if the statement used them: no other is lost."""
        self.done.update(i for i in range(low, high) if i in used or self.tokens[i].value is None)

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

    def _clause_end(self, k: int) -> int:
        end = k + 1
        while end < len(self.tokens) and self.tokens[end].kind == "word":
            end += 1
        return end

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
            "that",
            "which",
            "who",
        }:
            end += 1
        return self._after(k, end)

    def _matter(self, k: int) -> frozenset[str]:
        """``2 hours of painting``: painting."""
        inside = {i for m in self.found for i in range(m.start, m.end)}
        at = k + 1
        while at < len(self.tokens) and at <= k + 3 and self.tokens[at].stem in GENERIC | MEASURES:
            at += 1
        bare = at == k + 1 and self.tokens[k].flavour != "money"  # "$2 of feed" needs no unit
        if bare or at >= len(self.tokens) or self.tokens[at].low != "of":
            return frozenset()
        words: set[str] = set()
        for i in range(at + 1, len(self.tokens)):
            token = self.tokens[i]
            if token.kind != "word" or i in inside or (token.low in FUNCTION and words):
                break
            if token.low not in FUNCTION:
                words.add(token.stem)
        return frozenset(words)

    def _amount(self, entity: int, k: int, after: frozenset[str], lead: frozenset[str]) -> None:
        token = self.tokens[k]
        assert token.value is not None
        beside = {t.low for t in self.tokens[k + 1 : k + 3]} & {"more", "less", "fewer", "extra", "additional"}
        if beside or {"loss", "lose", "discount", "refund"} & (after | lead):
            self.reading.unread.append(self._around(k))  # a negative amount, or one to subtract
        self.order += 1
        self.reading.amounts.append(
            Amount(
                entity,
                token.value,
                after,
                lead,
                token.flavour,
                self._around(k),
                self.order,
                self._matter(k),
                noun_behind(self.tokens, k),
            )
        )
