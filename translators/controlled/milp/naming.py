"""What is to be decided: candidate lists of things, found by grammar (coordinations, parallel subjects).

Nothing here is certain. Each candidate list is tried, and only one under which the whole text is accounted for is
believed (:mod:`quod.translators.controlled.milp.translate`).
"""

from __future__ import annotations

from quod.translators.controlled.milp.entities import Entities, is_letter, key
from quod.translators.controlled.milp.lexicon import FUNCTION, MEASURES, VERBS
from quod.translators.controlled.milp.tokens import Sentence, Token, stem

__all__ = ["beyond", "candidates", "coordinations"]

_DETERMINERS = frozenset(
    "a an the one each every either both by using via per of some their his her its number".split()
)
_BREAKS = FUNCTION - frozenset({"self"}) | frozenset("along throughout inside outside behind beside towards".split())
# No part of what a thing is called: *the first coat* is one coat among others.
_ORDINALS = frozenset("first second third last only next final remaining rest same".split())


def candidates(text: list[Sentence]) -> list[Entities]:
    """Lists of names that may be the things to decide, the likeliest first, without repetitions."""
    scored: dict[tuple[tuple[str, ...], ...], float] = {}
    for position, sentence in enumerate(text):
        for strict, loose in ((True, True), (False, False), (True, False)):
            for names in coordinations(sentence.tokens, strict, loose):
                weight = 10.0 - 0.1 * position + (1.0 if strict else 0.0)
                _offer(scored, names, weight)
            for names in _told(sentence.tokens, strict):
                _offer(scored, names, 8.0)
    for names in _lettered(text):
        _offer(scored, names, 12.0)
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
            # the same things by fuller names: those with one head are better
            twin = next(i for i, e in enumerate(out) if tuple(sorted(e.marks, key=sorted)) == key)
            plain = not any(n[-1].lower() in VERBS for n in entities.names)
            if plain and entities.shared > out[twin].shared and len(entities.names) == len(out[twin].names):
                out[twin] = entities
            continue
        seen.add(key)
        out.append(entities)
    return [entities.named_short(text) for entities in out[:60]]


def _offer(scored: dict[tuple[tuple[str, ...], ...], float], names: list[tuple[str, ...]], weight: float) -> None:
    names = [_trimmed(name) for name in names]
    if not 2 <= len(names) <= 8 or any(not n or n[0].lower() in _ORDINALS for n in names):
        return
    if any(word.lower() in _RELATING for name in names for word in name[1:]):
        return  # "ducks and geese alternate" names no geese that alternate
    heads = {stem(name[-1].lower()) for name in names}
    if len(heads) > 1 and heads & _NEVER:
        return
    key = tuple(names)
    scored[key] = max(scored.get(key, 0.0), weight)


# Who decides, what is paid and when: none of them is a thing to decide beside things of another kind.
_NEVER = frozenset(
    stem(w)
    for w in "company firm business corporation store shop owner man woman farmer restaurant "
    "factory manufacturer profit cost revenue price money dollar budget week month year time "
    "warehouse government city airline hospital school startup".split()
)
# Verbs and words of comparison that may stand right behind a name and are no part of it.
_RELATING = frozenset(
    "alternate alternates match replace replaces combine combined only more less fewer together equal count tie join "
    "share everything exclude outnumber alone apart instead accompany".split()
)
_FINITE = frozenset(
    "sell make produce buy grow eat offer hire employ own provide build bake has have is are wants will can must "
    "manufacture operate consider grown sold made bought built held sent".split()
)
_MODALS = frozenset("can could must may might will should".split())


def _trimmed(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name without the verb before it and who does it: *a gallery sells paintings* are paintings."""
    for k in range(len(name) - 2, -1, -1):
        low = name[k].lower()
        if low in _FINITE or (low in VERBS and low.endswith("s")):
            return name[k + 1 :]
    return name


def _stops(tokens: list[Token], k: int, strict: bool) -> bool:
    token = tokens[k]
    if token.kind != "word":
        return True
    if is_letter(tokens, k):
        return False
    if strict and token.low in VERBS:
        after = tokens[k + 1] if k + 1 < len(tokens) else None
        # *heated seats*: a participle before a noun is part of the name
        return not (
            token.low.endswith("ed")
            and after is not None
            and after.kind == "word"
            and after.low not in FUNCTION | VERBS
            and not (k and tokens[k - 1].low in {"be", "is", "are", "was", "were", "been"})
        )
    return token.low in _BREAKS


def coordinations(tokens: list[Token], strict: bool, strict_right: bool) -> list[list[tuple[str, ...]]]:
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
        count = _counted(tokens, at, names)
        if 2 <= count < len(names):
            found.append(names[-count:])  # "two breads, rye and oat": what stands before is their kind
    return found


def _counted(tokens: list[Token], at: int, names: list[tuple[str, ...]]) -> int:
    """The number told right before the first name of a list, or 0."""
    value = next((t.value for t in reversed(tokens[max(0, at - 1) : at + 2]) if t.value is not None), None)
    return int(value) if value is not None and value <= len(names) else 0


# What may follow the name of a thing where its amount is told with it: *waiters earning $300*, *darts worth 5 points*.
_TELLING = frozenset(
    "earning worth costing paying paid making yielding requiring needing taking holding carrying containing producing "
    "using at for with which that".split()
)


def _told(tokens: list[Token], strict: bool) -> list[list[tuple[str, ...]]]:
    """``A earning $300 and B earning $200``: names joined, each with what is told of it."""
    ends = [
        k
        for k in range(1, len(tokens) - 1)
        if tokens[k].low in _TELLING
        and tokens[k - 1].kind == "word"
        and any(t.value is not None for t in tokens[k + 1 : k + 4])
    ]
    names: list[tuple[str, ...]] = []
    for k in ends:
        if tokens[k].low != tokens[ends[0]].low:
            continue
        name, _ = _backward(tokens, k - 1, strict)
        if name:
            names.append(name)
    return [names] if len(names) > 1 else []


def _lettered(text: list[Sentence]) -> list[list[tuple[str, ...]]]:
    """``mix A`` and ``mix B``, ``Bowl 1`` and ``Bowl 2``: one noun, told apart by a letter or a number."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for sentence in text:
        tokens = sentence.tokens
        for k, token in enumerate(tokens):
            if token.kind != "word" or k == 0:
                continue
            label = token.text.split()[-1]
            if token.text.endswith(f" {label}") and label.isdigit():
                noun = token.text.split()[0]
                found.setdefault(stem(noun.lower()), {}).setdefault(label, (token.text,))
            elif is_letter(tokens, k) and tokens[k - 1].kind == "word" and tokens[k - 1].low not in FUNCTION | _FINITE:
                found.setdefault(tokens[k - 1].stem, {}).setdefault(label, (tokens[k - 1].text, token.text))
    return [[names[label] for label in sorted(names)] for names in found.values() if len(names) > 1]


def beyond(text: list[Sentence], entities: Entities, nouns: frozenset[str]) -> list[str]:
    """Names that stand in one list with all the things and are none of them: a third product without data."""
    found: list[str] = []
    marks = [set(own) for own in entities.marks]
    for sentence in text:
        counted = any(t.value == len(entities.names) for t in sentence.tokens)
        for names in coordinations(sentence.tokens, True, True):
            if counted:
                names = names[-len(entities.names) :]  # "two machines, A and B": what stands before is their kind
            if len(names) <= len(entities.names):
                continue
            keys = [{key(w) for w in name} for name in names]
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
        for size in range(2, len(names[-1])):
            tail = names[-1][-size:]  # "plum and pear rice puddings": the whole of what they share
            out.append([*((*n, *tail) if n[-1] != head else n for n in names[:-1]), names[-1]])
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
    if k >= 0 and len(words) > 1 and tokens[k].low in _MODALS:
        words.pop(0)  # "can solve easy riddles": what is done is no part of the name
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
                or (token.low in {"per", "each", "every"} and tokens[at - 1].kind == "word")
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
