"""What is to be decided: candidate lists of things, found by grammar (coordinations, parallel subjects).

Nothing here is certain. Each candidate list is tried, and only one under which the whole text is accounted for is
believed (:mod:`quod.translators.controlled.milp.translate`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from quod.translators.controlled.milp.lexicon import FUNCTION, MEASURES, VERB_STEMS, VERBS
from quod.translators.controlled.milp.tokens import Sentence, Token, alike, stem

__all__ = ["Entities", "Mention", "beyond", "candidates", "mentions"]

_DETERMINERS = frozenset(
    "a an the one each every either both by using via per of some their his her its number".split()
)
_BREAKS = FUNCTION - frozenset({"self"})
# No part of what a thing is called: *the first coat* is one coat among others.
_ORDINALS = frozenset("first second third last only next final remaining rest same".split())


@dataclass(frozen=True)
class Entities:
    """Names of the things counted, and what tells them apart."""

    names: tuple[tuple[str, ...], ...]
    """The words of each name as written."""
    marks: tuple[frozenset[str], ...] = field(default=())
    """For each, the stems no other name has."""
    shared: frozenset[str] = frozenset()
    """Stems that all names have, and nouns for the whole class."""

    @classmethod
    def of(cls, names: list[tuple[str, ...]]) -> Entities | None:
        """None if they cannot be told apart."""
        stems = [{_key(w) for w in n} for n in names]
        marks = []
        for k, own in enumerate(stems):
            others = set().union(*(s for i, s in enumerate(stems) if i != k))
            mark = own - others
            mark = mark - VERB_STEMS or mark  # "makes winter jackets" is told apart by "winter"
            if not mark:
                return None
            marks.append(frozenset(mark))
        shared = frozenset(set.intersection(*stems)) if stems else frozenset()
        return cls(tuple(names), tuple(marks), shared)


@lru_cache(maxsize=1 << 14)
def _key(word: str) -> str:
    # a single capital or a name in capitals is itself, not a plural
    return word if (len(word) <= 3 and word.isupper()) or word[-1:].isdigit() else stem(word)


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
        name = {_key(w) for w in entities.names[who]} | entities.shared
        while (
            end < len(tokens)
            and tokens[end].kind == "word"
            and (_key(tokens[end].text) in name or tokens[end].low in {"one", "ones"})
        ):
            end += 1
        start = k
        while (
            start > 0
            and tokens[start - 1].kind == "word"
            and _key(tokens[start - 1].text) in name
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
    key = _key(token.text)
    if not any(key in marks for marks in entities.marks) and len(key) >= 7:
        # another form of the word (electric, electrical), if it can only be one entity's
        close = {e: m for e, marks in enumerate(entities.marks) for m in marks if len(m) >= 7 and _same(key, m)}
        if len(close) == 1:
            return next(iter(close))
    for e, marks in enumerate(entities.marks):
        if key in marks:
            if len(key) == 1 and not is_letter(tokens, k):
                continue
            if _stuff(tokens, k) and len(entities.names[e]) > 1 and not _headed(tokens, k, entities.names[e]):
                continue
            if len(marks) > 1 and _stuff(tokens, k) and not _near(tokens, k, marks - {key}):
                continue
            if len(marks) > 1 and key in _WEAK and not _near(tokens, k, marks - {key}):
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


def _same(a: str, b: str) -> bool:
    first, dash, rest = a.partition("-")
    other, mark, tail = b.partition("-")
    return dash == mark and rest == tail and alike(first, other)


def _stuff(tokens: Sequence[Token], k: int) -> bool:
    """Whether the word is an amount of something here (``2 units of protein``), not the thing named by it."""
    return k > 2 and tokens[k - 1].low == "of" and tokens[k - 3].value is not None


def _headed(tokens: Sequence[Token], k: int, name: tuple[str, ...]) -> bool:
    """Whether the last word of the name follows: ``2 units of almond milk`` is no almond smoothie."""
    head = _key(name[-1])
    ahead = list(tokens[k : k + 4])
    after = tokens[k + 1] if k + 1 < len(tokens) else None
    return any(t.kind == "word" and _key(t.text) == head for t in ahead) or (
        (after is None or after.kind != "word" or after.low in FUNCTION or after.low in VERBS) and len(name) > 2
    )  # a long name may be cut short


def _near(tokens: Sequence[Token], k: int, others: frozenset[str]) -> bool:
    return any(
        0 <= i < len(tokens) and _key(tokens[i].text) in others for i in (k - 3, k - 2, k - 1, k + 1, k + 2, k + 3)
    )


def candidates(text: list[Sentence]) -> list[Entities]:
    """Lists of names that may be the things to decide, the likeliest first, without repetitions."""
    scored: dict[tuple[tuple[str, ...], ...], float] = {}
    for position, sentence in enumerate(text):
        for strict, loose in ((True, True), (False, False), (True, False)):
            for names in _coordinations(sentence.tokens, strict, loose):
                weight = 10.0 - 0.1 * position + (1.0 if strict else 0.0)
                _offer(scored, names, weight)
    subjects = _subjects(text)
    for group in _groups(subjects):
        _offer(scored, group, 5.0)
    ranked = sorted(scored.items(), key=lambda item: -item[1])
    out: list[Entities] = []
    seen: set[tuple[frozenset[str], ...]] = set()
    for chosen, _ in ranked:
        entities = Entities.of(list(chosen))
        if entities is None:
            continue
        key = tuple(sorted(entities.marks, key=sorted))
        if key in seen:
            continue
        seen.add(key)
        out.append(entities)
    return out[:60]


def _offer(scored: dict[tuple[tuple[str, ...], ...], float], names: list[tuple[str, ...]], weight: float) -> None:
    if not 2 <= len(names) <= 8 or any(not n or n[0].lower() in _ORDINALS for n in names):
        return
    key = tuple(names)
    scored[key] = max(scored.get(key, 0.0), weight)


def _stops(tokens: Sequence[Token], k: int, strict: bool) -> bool:
    token = tokens[k]
    if token.kind != "word":
        return True
    if is_letter(tokens, k):
        return False
    return token.low in _BREAKS or (strict and token.low in VERBS)


def is_letter(tokens: Sequence[Token], k: int) -> bool:
    """Whether a single capital is a name (``mixture A``, ``project X``), not an article or a pronoun."""
    text = tokens[k].text
    if len(text) != 1 or not text.isupper() or text == "I":
        return False
    if text != "A":
        return True
    return k > 0 and tokens[k - 1].kind == "word" and tokens[k - 1].low not in FUNCTION


def _coordinations(tokens: list[Token], strict: bool, strict_right: bool) -> list[list[tuple[str, ...]]]:
    """``A and B``, ``either A or B``, ``A, B, and C``."""
    found: list[list[tuple[str, ...]]] = []
    for k, token in enumerate(tokens):
        if token.low not in {"and", "or", "nor"} and not (
            token.low in {"with", "by", "as"} and k and tokens[k - 1].low in {"supplements", "and", "well"}
        ):
            continue
        right = _forward(tokens, k + 1, strict_right)
        left, at = _backward(tokens, k - 1, strict)
        if not right or not left:
            continue
        names = [left]
        while at >= 0 and tokens[at].text == ",":
            more, at = _backward(tokens, at - 1, strict)
            if not more:
                break
            names.insert(0, more)
        names.append(right)
        found.extend(_variants(names))
    return found


def beyond(text: list[Sentence], entities: Entities, nouns: frozenset[str]) -> list[str]:
    """Names that stand in one list with all the things and are none of them: a third product without data."""
    found: list[str] = []
    marks = [set(own) for own in entities.marks]
    for sentence in text:
        counted = any(t.value == len(entities.names) for t in sentence.tokens)
        for names in _coordinations(sentence.tokens, True, True):
            if counted:
                names = names[-len(entities.names) :]  # "two machines, A and B": what stands before is their kind
            if len(names) <= len(entities.names):
                continue
            keys = [{_key(w) for w in name} for name in names]
            if all(any(own & key for key in keys) for own in marks):
                known = set().union(*marks) | nouns | entities.shared
                found += [" ".join(n) for n, key in zip(names, keys, strict=True) if not key & known]
    return found


def _variants(names: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Shared heads: ``small or large cans`` are small cans and large cans; a verb may cling to the first."""
    out = [names]
    head = names[-1][-1]
    if len(names[-1]) > 1 and any(n[-1] != head for n in names[:-1]):
        out.insert(0, [*((*n, head) if n[-1] != head and len(n) < 4 else n for n in names[:-1]), names[-1]])
    if len(names[0]) > 1:
        out.append([names[0][-1:], *names[1:]])
        out.append([names[0][1:], *names[1:]])
    if any(len(n) > 2 for n in names):
        out.append([n[-2:] for n in names])
    return out


def _forward(tokens: list[Token], k: int, strict: bool) -> tuple[str, ...]:
    while k < len(tokens) and tokens[k].low in _DETERMINERS:
        k += 1
    words: list[str] = []
    while k < len(tokens) and len(words) < 4:
        if (
            not strict
            and words
            and tokens[k].low == "of"
            and stem(words[-1]) in MEASURES
            and k + 1 < len(tokens)
            and not _stops(tokens, k + 1, strict)
        ):
            words.append("of")
            k += 1
            continue
        if _stops(tokens, k, strict):
            break
        words.append(tokens[k].text)
        k += 1
    return tuple(words)


def _backward(tokens: list[Token], k: int, strict: bool) -> tuple[tuple[str, ...], int]:
    if k >= 0 and tokens[k].text == ",":
        k -= 1
    words: list[str] = []
    while k >= 0 and len(words) < 4:
        if (
            not strict
            and words
            and tokens[k].low == "of"
            and k > 0
            and not _stops(tokens, k - 1, strict)
            and stem(tokens[k - 1].low) in MEASURES
        ):
            words.insert(0, "of")  # boxes of chocolates
            k -= 1
            continue
        if _stops(tokens, k, strict):
            break
        words.insert(0, tokens[k].text)
        k -= 1
    while k >= 0 and tokens[k].low in _DETERMINERS:
        k -= 1
    return tuple(words), k


def _subjects(text: list[Sentence]) -> list[tuple[str, ...]]:
    """Noun groups that a number is said of: ``each X takes``, ``per X``, ``one unit of X contains``."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for sentence in text:
        tokens = sentence.tokens
        if not any(t.value is not None for t in tokens):
            continue
        for k, token in enumerate(tokens):
            opens = (
                token.low in {"a", "an", "each", "every", "the", "per", "one"}
                or k == 0
                or tokens[k - 1].low in {",", "while", "whereas", "and", "but"}
            )
            if not opens:
                continue
            at = k + 1 if token.low in _DETERMINERS else k
            words: list[str] = []
            if at + 1 < len(tokens) and stem(tokens[at].low) in MEASURES and tokens[at + 1].low == "of":
                at += 2
            while at < len(tokens) and len(words) < 5 and not _stops(tokens, at, True):
                words.append(tokens[at].text)
                at += 1
            follows = at < len(tokens) and (
                tokens[at].low in VERBS
                or tokens[at].low in {"can", "is", "are", "will", "has"}
                or token.low == "per"
                or tokens[at].low in {"which", "that"}
            )
            if words and follows:
                found.setdefault(tuple(stem(w) for w in words), tuple(words))
    return list(found.values())


def _groups(subjects: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Subjects with a common last word, in order; and any two neighbours."""
    groups: list[list[tuple[str, ...]]] = []
    heads: dict[str, list[tuple[str, ...]]] = {}
    for s in subjects:
        heads.setdefault(stem(s[-1]), []).append(s)
    groups += [g for g in heads.values() if len(g) > 1]
    first: dict[str, list[tuple[str, ...]]] = {}
    for s in subjects:
        if len(s) > 1:
            first.setdefault(stem(s[0]), []).append(s)
    groups += [g for g in first.values() if len(g) > 1]
    for i, a in enumerate(subjects):
        for b in subjects[i + 1 : i + 3]:
            groups.append([a, b])
    for i in range(len(subjects) - 2):
        groups.append(subjects[i : i + 3])
    return groups
