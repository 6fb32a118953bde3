"""The things to decide, and where a sentence names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from quod.translators.controlled.milp.lexicon import FUNCTION, VERB_STEMS, VERBS
from quod.translators.controlled.milp.tokens import Sentence, Token, alike, stem

__all__ = ["Entities", "Mention", "is_letter", "key", "mentions"]


@dataclass(frozen=True)
class Entities:
    """Names of the things counted, and what tells them apart."""

    names: tuple[tuple[str, ...], ...]
    """The words of each name as written."""
    marks: tuple[frozenset[str], ...] = field(default=())
    """For each, the stems no other name has."""
    shared: frozenset[str] = frozenset()
    """Stems that all names have, and nouns for the whole class."""
    bare: frozenset[tuple[str, str]] = frozenset()
    """Measures and single words that name a thing by them: *each barrel of premium*, where gasoline is left out."""

    @classmethod
    def of(cls, names: list[tuple[str, ...]]) -> Entities | None:
        """None if they cannot be told apart."""
        stems = [{key(w) for w in n} for n in names]
        marks = []
        for k, own in enumerate(stems):
            others = set().union(*(s for i, s in enumerate(stems) if i != k))
            mark = own - others
            mark = mark - VERB_STEMS or mark  # "makes winter jackets" is told apart by "winter"
            if not mark:
                return None
            marks.append(frozenset(mark))
        shared = frozenset(set.intersection(*stems)) if stems else frozenset()
        kinds = {stem(n[0].split()[0]) for n in names if len(n) == 1 and " " in n[0]}
        if len(kinds) == 1 and all(" " in n[0] for n in names):
            shared |= kinds  # bowl 1, bowl 2
        return cls(tuple(names), tuple(marks), shared)

    def without(self, nouns: frozenset[str]) -> Entities:
        """Told apart by no noun that names the whole class: *300 tickets* are not regular tickets alone."""
        marks = tuple(own - nouns or own for own in self.marks)
        return Entities(self.names, marks, self.shared, self.bare)

    def named_short(self, text: list[Sentence]) -> Entities:
        """With what *each barrel of premium* tells: *100 barrels of premium* are of the thing, too."""
        found: set[tuple[str, str]] = set()
        for sentence in text:
            tokens = sentence.tokens
            for k in range(3, len(tokens)):
                lead = tokens[k - 3].low in {"each", "every", "per", "one"} and tokens[k - 1].low == "of"
                if lead and any(key(tokens[k].text) in marks for marks in self.marks):
                    found.add((tokens[k - 2].stem, key(tokens[k].text)))
        return Entities(self.names, self.marks, self.shared, frozenset(found)) if found else self


@lru_cache(maxsize=1 << 14)
def key(word: str) -> str:
    """A word without its ending; a name in capitals or with a digit as it stands."""
    if word[-1:].isdigit():
        return word.lower()
    return word if len(word) <= 3 and word.isupper() else stem(word)


@dataclass(frozen=True)
class Mention:
    entity: int
    start: int
    """Token positions in the sentence, end exclusive."""
    end: int


def mentions(sentence: Sentence, entities: Entities) -> list[Mention]:
    """Where the entities are named, in order."""
    return list(_mentions(tuple(sentence.tokens), entities))


@lru_cache(maxsize=1024)
def _mentions(tokens: tuple[Token, ...], entities: Entities) -> tuple[Mention, ...]:
    """Asked several times of each sentence, and for each list of things that the grammar tries."""
    found: list[Mention] = []
    k = 0
    while k < len(tokens):
        who = _who(tokens, k, entities)
        if who is None:
            k += 1
            continue
        end = k + 1
        name = {key(w) for w in entities.names[who]} | entities.shared
        while (
            end < len(tokens)
            and tokens[end].kind == "word"
            and (key(tokens[end].text) in name or tokens[end].low in {"one", "ones"})
        ):
            end += 1
        start = k
        while (
            start > 0
            and tokens[start - 1].kind == "word"
            and key(tokens[start - 1].text) in name
            and (not found or found[-1].end < start)
        ):
            start -= 1
        found.append(Mention(who, start, end))
        k = end
    return tuple(found)


def _who(tokens: Sequence[Token], k: int, entities: Entities) -> int | None:
    token = tokens[k]
    if token.kind != "word":
        return None
    own = key(token.text)
    if not any(own in marks for marks in entities.marks) and len(own) >= 7:
        # another form of the word (electric, electrical), if it can only be one entity's
        close = {e: m for e, marks in enumerate(entities.marks) for m in marks if len(m) >= 7 and _same(own, m)}
        if len(close) == 1:
            return next(iter(close))
    for e, marks in enumerate(entities.marks):
        if own in marks:
            if len(own) == 1 and not is_letter(tokens, k):
                continue
            head = key(entities.names[e][-1])
            if own != head and k + 1 < len(tokens) and tokens[k + 1].low in _TRADES and head not in _TRADES:
                continue  # "a software company" beside software engineers
            does = tokens[k].low in _ANSWERS or (tokens[k].low in VERB_STEMS and tokens[k].low in VERBS)
            if len(entities.names[e]) > 1 and k and tokens[k - 1].low in _MODAL and does:
                continue  # "can answer 20 riddles"
            if _stuff(tokens, k) and (tokens[k - 2].stem, own) in entities.bare:
                after = tokens[k + 1] if k + 1 < len(tokens) else None
                if after is None or after.kind != "word" or after.low in FUNCTION | VERBS:
                    return e  # barrels of premium, not of premium paint
            if _stuff(tokens, k) and len(entities.names[e]) > 1 and not _headed(tokens, k, entities.names[e]):
                continue
            if len(marks) > 1 and _stuff(tokens, k) and not _near(tokens, k, marks - {own}):
                continue
            if len(marks) > 1 and own in _WEAK and not _near(tokens, k, marks - {own}):
                continue
            return e
    return None


_WEAK = frozenset(
    {
        "can",
        "box",
        "bag",
        "cup",
        "bottle",
        "van",
        "trip",
        "unit",
        "time",
        "day",
        "hour",
        "pill",
        "order",
        "product",
        "service",
        "machine",
        "person",
        "worker",
        "water",
        "good",
    }
) - {"van"}


_TRADES = frozenset("company firm business corporation".split())
_MODAL = frozenset("can could must should will may to".split())
_ANSWERS = frozenset({"answer", "solve", "spell", "score", "play", "show"})


def _same(a: str, b: str) -> bool:
    first, dash, rest = a.partition("-")
    other, mark, tail = b.partition("-")
    return dash == mark and rest == tail and alike(first, other)


def _stuff(tokens: Sequence[Token], k: int) -> bool:
    """Whether the word is an amount of something here (``2 units of protein``), not the thing named by it."""
    return k > 2 and tokens[k - 1].low == "of" and tokens[k - 3].value is not None


def _headed(tokens: Sequence[Token], k: int, name: tuple[str, ...]) -> bool:
    """Whether the last word of the name follows: ``2 units of almond milk`` is no almond smoothie."""
    head = key(name[-1])
    ahead = list(tokens[k : k + 4])
    after = tokens[k + 1] if k + 1 < len(tokens) else None
    return any(t.kind == "word" and key(t.text) == head for t in ahead) or (
        (after is None or after.kind != "word" or after.low in FUNCTION or after.low in VERBS) and len(name) > 2
    )  # a long name may be cut short


def _near(tokens: Sequence[Token], k: int, others: frozenset[str]) -> bool:
    return any(
        0 <= i < len(tokens) and key(tokens[i].text) in others for i in (k - 3, k - 2, k - 1, k + 1, k + 2, k + 3)
    )


def is_letter(tokens: Sequence[Token], k: int) -> bool:
    """Whether a single capital is a name (``mixture A``, ``project X``), not an article or a pronoun."""
    text = tokens[k].text
    if len(text) != 1 or not text.isupper() or text == "I":
        return False
    if text != "A":
        return True
    return k > 0 and tokens[k - 1].kind == "word" and tokens[k - 1].low not in FUNCTION
