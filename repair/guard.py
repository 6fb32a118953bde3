"""Never weaken: what a repair changed is compared with what was wrong.

A repair is asked to mend what the diagnostics locate. It may not, to get past a checker, drop or relax a
constraint or a premise, change a goal, a number or the data, or add an assumption, unless the words of the problem
support that. The comparison is between outlines (:mod:`quod.core.outline`), so it needs no solver and also covers
texts that did not parse. What it refuses it says, in diagnostics that go back to the model.

How far an element may change depends on what was found wrong with it:

* nothing: only names that are changed everywhere;
* a fault of notation, scope or type: what the diagnostic speaks of, with every relation, number and order kept;
* a doubt of faithfulness: relations and names too, but numbers stay those of the problem;
* something is wrong that no element could be blamed for: as for a doubt, in any element.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter

from quod.core.diagnostics import Diagnostic, Severity
from quod.core.outline import Element, ElementKind
from quod.core.quantities import quantities
from quod.repair.blame import Blame, fold, quoted
from quod.repair.codes import WEAKENED
from quod.repair.matching import match_elements, renaming

__all__ = ["misspelt", "refusal", "weakenings"]

_FREE = {ElementKind.DECLARATION, ElementKind.PROOF}
_TRIVIAL = {"0", "1"}
_NEGATED = re.compile(
    r"\b(no|not|never|none|nobody|nothing|neither|nor|cannot|without|false|un\w{4,}|dis\w{4,}|\w+less)\b|n['’]t\b",
    re.IGNORECASE,
)
_EQUAL = re.compile(r"\b(exactly|equals?|same|precisely|total of|as many|must be|is|are)\b", re.IGNORECASE)
_SOME = re.compile(r"\b(some|someone|somebody|something|there|exists?|least one)\b", re.IGNORECASE)
_SENSELESS = re.compile(r"constant_constraint|contradictory_bounds")
_SLIP = re.compile(
    r"[.](mended|name_variant|near_miss|nested_application|repeated_argument|dangling_relation|name_left_out)$"
)
_SCOPES = {"nat", "z", "r"}
_UNDECLARED = re.compile(r"unknown_name|unknown_symbol|undeclared")
_NEGATIONS = {"¬", "not", "~"}


def weakenings(
    before: tuple[Element, ...],
    after: tuple[Element, ...],
    diagnostics: tuple[Diagnostic, ...],
    text: str,
) -> tuple[Diagnostic, ...]:
    """Why the repair from ``before`` to ``after`` is refused; empty if it is not.

    ``diagnostics`` are those the repair was asked to mend, ``text`` is the problem's.
    """
    return tuple(_Comparison(before, after, diagnostics, text).refusals())


def refusal(message: str, element: Element | None = None, name: str = "") -> Diagnostic:
    """The diagnostic that tells the model what it may not do."""
    return WEAKENED.error(
        message,
        span=element.span if element else None,
        hint="mend only what the diagnostics locate; everything else must stay as it was",
        data={"element": name},
    )


class _Comparison:
    def __init__(
        self,
        before: tuple[Element, ...],
        after: tuple[Element, ...],
        diagnostics: tuple[Diagnostic, ...],
        text: str,
    ) -> None:
        self._before, self._after = before, after
        self._pairs, self._dropped, self._added = match_elements(before, after)
        self._blame = Blame(before, diagnostics)
        self._wrong = self._blame.wrong
        self._text = fold(text)
        self._numbers = set(quantities(text))
        self._renamed = renaming(self._pairs, before, after)

    def refusals(self) -> list[Diagnostic]:
        found = [self._change(old, new) for old, new in self._pairs]
        found += [self._drop(old) for old in self._dropped]
        found += [self._addition(new) for new in self._added]
        return [each for each in found if each is not None]

    # --- changed elements ---------------------------------------------------------------------------------------
    def _change(self, old: Element, new: Element) -> Diagnostic | None:
        if old.kind in _FREE or old.text == new.text or self._only_renamed(old, new):
            return None
        about = self._blame.of(old)
        if not about and not self._blame.unplaced:
            return refusal(f"'{old.name}' was changed though nothing was wrong with it", new, old.name)
        # beside a fault of notation, a doubt is one of what could be read, and gives no licence
        doubted = not about or (
            any(_doubt_of_meaning(d) or _SENSELESS.search(d.code) for d in about)
            and not any(d.severity is Severity.ERROR and not _SENSELESS.search(d.code) for d in about)
        )
        wrong = self._wrong_number(old, new, about, doubted=doubted)
        if wrong is None and not doubted:
            wrong = self._wrong_meaning(old, new, about)
        return refusal(wrong, new, old.name) if wrong else None

    def _wrong_number(self, old: Element, new: Element, about: tuple[Diagnostic, ...], *, doubted: bool) -> str | None:
        if any(_expected(d) == Counter(new.numbers) for d in about):
            return None
        lost, gained = _difference(old.numbers, new.numbers)
        if lost and gained and not doubted and not _speaks_of(about, lost[0]):
            return f"the number {lost[0]} of '{old.name}' became {gained[0]}"
        elsewhere = {number for e in self._after for number in e.numbers} if doubted else set()
        for number in lost:
            if number in self._numbers and number not in elsewhere and not _speaks_of(about, number):
                return f"the number {number} of the problem was dropped from '{old.name}'"
        for number in gained:
            if number not in self._numbers and (number not in _TRIVIAL or not all(_speaks_of(about, n) for n in lost)):
                return f"'{old.name}' has a new number, {number}, that the problem does not have"
        return None

    def _wrong_meaning(self, old: Element, new: Element, about: tuple[Diagnostic, ...]) -> str | None:
        """What a fault of notation, scope or type does not excuse."""
        unreadable = any(_unreadable(d) for d in about)
        lost, gained = _difference(_relations(old, once=unreadable), _relations(new, once=unreadable))
        for relation in lost:
            if not _speaks_of(about, relation):
                if unreadable:
                    return f"mending the notation of '{old.name}' changed what it says"
                return f"the relation '{relation}' of '{old.name}' was changed"
        for relation in gained:
            if not self._may_gain(relation, old, new, about, unreadable=unreadable):
                return f"the relation '{relation}' of '{old.name}' was changed"
        if name := self._lost_name(old, new, about):
            return f"mending '{old.name}' left out '{name}'; that changed what it says"
        for name in set(new.names) - set(old.names):
            if not self._known(name):
                return f"mending '{old.name}' brought in '{name}', which the problem does not speak of"
        if not _order_kept(old, new):
            return f"the parts of '{old.name}' were put in another order"
        return None

    def _may_gain(
        self, relation: str, old: Element, new: Element, about: tuple[Diagnostic, ...], *, unreadable: bool
    ) -> bool:
        """Whether a relation that was not there may have been what the fault hid."""
        if _speaks_of(about, relation):
            return True
        if relation in _NEGATIONS:
            return len(_NEGATED.findall(old.words)) > sum(r in _NEGATIONS for r in old.relations)
        if relation in {"∀", "∃"}:
            binds = {b for a, b in itertools.pairwise(new.sequence) if a == relation}
            said = relation == "∀" or bool(_SOME.search(old.words))
            return unreadable or (said and bool(binds & quoted(about)))
        if relation == "=":
            return unreadable and bool(_EQUAL.search(old.words))
        if relation in _SCOPES:
            return any(relation in e.relations for e in self._before)
        return unreadable

    def _lost_name(self, old: Element, new: Element, about: tuple[Diagnostic, ...]) -> str | None:
        """A name that is gone though it means something, or gone for another than the one it is a slip of."""
        gone, come = set(old.names) - set(new.names), set(new.names) - set(old.names)
        spoken = quoted(about)
        for name in gone:
            others = {n for e in self._before if e is not old for n in e.names if n != name}
            meant = {n for n in others if misspelt(name, n)}
            if name in spoken:
                still = any(name in e.names for e in self._after)
                if still or (meant and not meant & set(Counter(new.names) - Counter(old.names))):
                    return name
            elif any(name in e.names for e in self._before if e is not old) and not any(
                misspelt(name, other) for other in come
            ):
                return name
        return None

    def _known(self, name: str) -> bool:
        if any(name in e.names for e in self._before):
            return True
        declared = any(name in e.names for e in self._after if e.kind is ElementKind.DECLARATION)
        return declared or fold(name) in self._text or any(f"'{name}'" in (d.hint or "") for d in self._wrong)

    def _only_renamed(self, old: Element, new: Element) -> bool:
        """Whether names were changed everywhere and to new ones, which says the same."""
        return [self._renamed.get(token, token) for token in _tokens(old.text)] == _tokens(new.text)

    # --- dropped and added elements -----------------------------------------------------------------------------
    def _drop(self, old: Element) -> Diagnostic | None:
        if old.kind in _FREE:
            return None
        for d in self._blame.of(old):
            if d.data.get("superfluous") or re.search(r"[._](duplicate|unused|redundant)", d.code):
                return None
        return refusal(f"'{old.name}' was dropped: {old.text[:120]}", None, old.name)

    def _addition(self, new: Element) -> Diagnostic | None:
        if new.kind in _FREE:
            return None
        if all(n in self._numbers or n in _TRIVIAL for n in new.numbers):
            if any(_missing(d, new) for d in self._wrong) or self._words_unsaid(new) or self._asked_for(new):
                return None
            if any(_UNDECLARED.search(d.code) and new.name in quoted((d,)) for d in self._wrong):
                return None
        return refusal(f"'{new.name}' is a new assumption that no words of the problem were found for", new, new.name)

    def _words_unsaid(self, new: Element) -> bool:
        """Whether it says words of the problem that no element said before."""
        words = fold(new.words).strip(" .!?;,")
        if not words or words not in self._text:
            return False
        said = [fold(e.words).strip(" .!?;,") for e in self._before if e.words and e.kind not in _FREE]
        return not any(words in other or other in words for other in said if other)

    def _asked_for(self, new: Element) -> bool:
        """Whether an open doubt speaks of its names, all of which the problem or the earlier text has."""
        names = set(new.names)
        known = all(fold(n) in self._text or any(n in e.names for e in self._before) for n in names)
        doubts = tuple(d for d in self._wrong if d.code.startswith("faithfulness.") and not d.data.get("missing"))
        spoken = {fold(word) for word in quoted(doubts)}
        spoken |= {fold(word) for d in doubts if d.source for word in re.findall(r"[\w-]+", d.source)}
        folded = {fold(n) for n in names}
        told = any(folded <= set(re.findall(r"[\w-]+", fold(d.message))) for d in doubts)
        return bool(names) and known and (told or bool(folded & spoken))


def _doubt_of_meaning(diagnostic: Diagnostic) -> bool:
    """A doubt about a slip of notation, mended on a guess, gives no more licence than the slip would."""
    return diagnostic.code.startswith("faithfulness.") and not _SLIP.search(diagnostic.code)


def _expected(diagnostic: Diagnostic) -> Counter[str] | None:
    numbers = diagnostic.data.get("expected_numbers")
    return Counter(str(n) for n in numbers) if isinstance(numbers, list) else None


def _missing(diagnostic: Diagnostic, new: Element) -> bool:
    """Whether a diagnostic says that just this is missing."""
    if "missing" not in diagnostic.data:
        return False
    words = fold(str(diagnostic.data.get("missing_words") or ""))
    return diagnostic.data["missing"] == new.text or bool(words and fold(new.words) == words)


def _unreadable(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is Severity.ERROR and bool(
        re.search(r"syntax|parse|unexpected|missing_paren|extra_paren|bad_shape|bad_type", diagnostic.code)
    )


def _relations(element: Element, *, once: bool) -> tuple[str, ...]:
    """The relations of an element; with ``once``, one that is doubled on the spot counts as one."""
    if not once:
        return element.relations
    ordered, known = [], set(element.relations)
    for before, token in zip(("", *element.sequence), element.sequence, strict=False):
        if token in known and token != before:
            ordered.append(token)
    return tuple(ordered)


def _order_kept(old: Element, new: Element) -> bool:
    """Whether what both have in common stands in one order (brackets, and how often, do not count)."""
    gone, come = set(old.names) - set(new.names), set(new.names) - set(old.names)
    slips = {name: other for name in gone for other in come if misspelt(name, other)}
    before = [slips.get(t, t) for t in old.sequence]
    common = set(before) & set(new.sequence)
    one = [t for t in before if t in common]
    two = [t for t in new.sequence if t in common]
    short, long = sorted((one, two), key=len)
    rest = iter(long)
    return all(token in rest for token in short)


def misspelt(name: str, other: str) -> bool:
    """Whether one may be a slip of the other: one holds the other, or a letter in four differs at most."""
    a, b = name.lower(), other.lower()
    if a == b:
        return True
    if min(len(a), len(b)) >= 2 and (a in b or b in a):
        return True
    return _distance(a, b) * 4 <= max(len(a), len(b))


def _distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def _difference(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    a, b = Counter(old), Counter(new)
    return tuple((a - b).elements()), tuple((b - a).elements())


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w[\w.'’]*|[^\w\s]", text)


def _speaks_of(diagnostics: tuple[Diagnostic, ...], what: str) -> bool:
    """Whether a diagnostic speaks of ``what``: in quotes or as a word of its message, hint or data."""
    pattern = re.compile(rf"(?<![\w.]){re.escape(what)}(?![\w.])", re.IGNORECASE)
    return any(pattern.search(f"{d.message} {d.hint or ''} {d.data}") for d in diagnostics)
