"""Where two readings of one text part: sentence by sentence, under a renaming of the symbols.

Sentences are paired by the words they stand for, then by what they say, then by their ids; formulas with the same
words are taken together. The texts say the same if every sentence of each follows from the other text, and if, that
assumed, what they ask is the same. A sentence that does not follow is where they part: there is a situation in which
one text holds and that sentence of the other does not, and this situation is what a person is asked about.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quod.backends.fol.equivalence import combined_header, complete, conjunction, plain, question_text, rename
from quod.backends.fol.evaluate import holds, structure_from_json
from quod.backends.fol.resolve import parse_document
from quod.backends.fol.syntax import Formula, Iff, Sentence, Theory
from quod.backends.fol.words import Speaker
from quod.core.assurance import Assurance
from quod.core.model import JsonDict
from quod.core.protocols import CheckResult, Divergence
from quod.core.verdict import Conclusion

__all__ = ["Parted", "asking", "likest", "parted"]

MOST_NAMED = 3
MOST_CHARACTERS = 400

Ask = Callable[[str], CheckResult]
"""Solves and certifies a formal text."""


@dataclass(frozen=True)
class _Pair:
    """What both say of one sentence of the text; None where one of them leaves it out."""

    words: str
    ours: tuple[Formula, ...]
    theirs: tuple[Formula, ...]


def _key(words: str) -> str:
    return re.sub(r"\W+", " ", words).strip().casefold()


def _pairs(a: tuple[Sentence, ...], b: tuple[Sentence, ...], names: dict[str, str]) -> Iterator[_Pair]:
    """Every sentence of either with its counterpart."""
    left, right = list(a), list(b)

    def take(ours: list[Sentence], theirs: list[Sentence]) -> _Pair:
        for s in ours:
            left.remove(s)
        for s in theirs:
            right.remove(s)
        words = next((s.words for s in (*ours, *theirs) if s.words.strip()), "")
        return _Pair(words.strip(), tuple(s.formula for s in ours), tuple(s.formula for s in theirs))

    for key in dict.fromkeys(_key(s.words) for s in a):
        theirs = [s for s in right if _key(s.words) == key]
        if key and theirs:
            yield take([s for s in left if _key(s.words) == key], theirs)
    for s in tuple(left):
        alike = next((t for t in right if rename(t.formula, names) == plain(s.formula)), None)
        if alike is not None:
            yield take([s], [alike])
    for s in tuple(left):
        same = next((t for t in right if t.id == s.id and _alike(t.words, s.words)), None)
        if same is not None:
            yield take([s], [same])
    for s in tuple(left):
        yield take([s], [])
    for s in tuple(right):
        yield take([], [s])


def _alike(a: str, b: str) -> bool:
    """Whether two sentences may be one in other words."""
    one, two = _key(a), _key(b)
    return not (one and two) or difflib.SequenceMatcher(None, one, two).ratio() >= 0.6


def likest(one: Theory, two: Theory, found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Renamings, those first under which most sentences are the same; the order given otherwise."""
    ours = [plain(s.formula) for s in (*one.premises, *one.question.formulas)]

    def same(names: dict[str, str]) -> int:
        full = complete(one, two, names)
        theirs = {rename(s.formula, full) for s in (*two.premises, *two.question.formulas)}
        return sum(f in theirs for f in ours)

    return sorted(found, key=same, reverse=True)


@dataclass(frozen=True)
class Parted:
    """Two theories compared under one renaming."""

    same: bool | None
    """None where it could not be decided."""
    found: tuple[Divergence, ...] = ()


def parted(one: Theory, two: Theory, names: dict[str, str], ask: Ask, *, all_of_them: bool = True) -> Parted:
    """Whether each follows from the other, sentence by sentence, and which sentences do not; premises first.

    Without ``all_of_them`` the first that does not is enough.
    """
    header = combined_header(one, two, names)
    if header is None or len(one.question.formulas) != len(two.question.formulas):
        return Parted(None)
    full = complete(one, two, names)
    ours = [plain(s.formula) for s in one.premises]
    theirs = [rename(s.formula, full) for s in two.premises]
    same: bool | None = True
    found: list[Divergence] = []
    for pair, asked in _open(one, two, full):
        a, b = plain(conjunction(list(pair.ours))), rename(conjunction(list(pair.theirs)), full)
        # a situation of either reading, taken whole, that the other's sentence forbids
        ways = [(ours, Iff(a, b))] if asked else [(ours, b), (theirs, a)]
        for assumed, wanted in ways:
            text = question_text(header, list(dict.fromkeys(assumed)), wanted)
            result = ask(text)
            conclusion = result.verdict.conclusion if result.verdict else None
            if conclusion in {Conclusion.UNDETERMINED, Conclusion.DISPROVED}:
                same = False
                situation, true = _situation(text, a, result)
                read = {"first": _read(one, pair.ours), "second": _read(two, pair.theirs)}
                found.append(Divergence(words=pair.words, **read, situation=situation, first_true=true))
                if not all_of_them:
                    return Parted(False, tuple(found))
                break
            # what contradicts itself says everything
            sure = result.assurance.at_least(Assurance.CROSS_CHECKED)
            if conclusion not in {Conclusion.PROVED, Conclusion.INCONSISTENT} or not sure:
                same = same and None
    return Parted(same, tuple(found))


def _open(one: Theory, two: Theory, full: dict[str, str]) -> Iterator[tuple[_Pair, bool]]:
    """The pairs that are not the same as they stand, and whether they are what is asked."""
    both = zip(one.question.formulas, two.question.formulas, strict=True)
    asked = (_Pair((a.words or b.words).strip(), (a.formula,), (b.formula,)) for a, b in both)
    pairs = ((p, False) for p in _pairs(one.premises, two.premises, full))
    for pair, is_asked in (*pairs, *((p, True) for p in asked)):
        if [plain(f) for f in pair.ours] != [rename(f, full) for f in pair.theirs]:
            yield pair, is_asked


def _read(theory: Theory, formulas: tuple[Formula, ...]) -> str:
    say = Speaker(theory)
    return "; ".join(say.formula(f) for f in formulas)


def _situation(text: str, ours: Formula, result: CheckResult) -> tuple[str, bool | None]:
    """The case in which the question asked is false, in words, and whether our sentence is true in it."""
    payload: JsonDict = result.certificate.payload if result.certificate is not None else {}
    evidence = payload.get("evidence")
    against = evidence[1] if isinstance(evidence, list) and len(evidence) == 2 else None
    theory, _ = parse_document(text)
    if theory is None or not isinstance(against, dict) or not isinstance(data := against.get("structure"), dict):
        return "", None
    structure = structure_from_json(theory, data)
    return Speaker(theory).structure(structure), holds(structure, ours)


def asking(found: tuple[Divergence, ...]) -> str:
    """The clarifying question about the first of them; the others are named."""
    first = found[0]
    words = _quoted(first.words)
    if first.first and first.second:
        about = f" by {words}" if words else ""
        text = f"Which is meant{about}: (1) {_quoted(first.first)}, or (2) {_quoted(first.second)}?"
        if first.situation and first.first_true is not None:
            true, false = ("(1)", "(2)") if first.first_true else ("(2)", "(1)")
            case = _cut(first.situation)
            text += f" Suppose that {case}: is {words or 'it'} then true, as in {true}, or false, as in {false}?"
    else:
        said = _quoted(first.first or first.second)
        text = f"Which is meant{f' by {words}' if words else ''}: {said}, or nothing of the kind?"
        if first.situation:
            text += f" May it be that {_cut(first.situation)}?"
    others = [_quoted(d.words) for d in found[1 : 1 + MOST_NAMED] if d.words]
    return text + (f" Read in two ways too: {', '.join(others)}." if others else "")


def _quoted(text: str) -> str:
    return f"“{_cut(text).rstrip('.')}”" if text else ""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + " …"
