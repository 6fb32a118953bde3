"""Never weaken: what a repair changed is compared with what was wrong.

A repair is asked to mend what the diagnostics locate. It may not, to get past a checker, drop or relax a
constraint or a premise, change a goal, a number or the data, or add an assumption, unless the words of the problem
support that. The comparison is between outlines (:mod:`quod.core.outline`), so it needs no solver and also covers
texts that did not parse. What it refuses it says, in diagnostics that go back to the model.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from quod.core.diagnostics import Diagnostic, Severity, Span
from quod.core.outline import Element, ElementKind
from quod.core.quantities import quantities
from quod.repair.codes import WEAKENED

__all__ = ["weakenings"]

_FREE = {ElementKind.DECLARATION, ElementKind.PROOF}
_TRIVIAL = {"0", "1"}


def weakenings(
    before: tuple[Element, ...],
    after: tuple[Element, ...],
    diagnostics: tuple[Diagnostic, ...],
    text: str,
) -> tuple[Diagnostic, ...]:
    """Why the repair from ``before`` to ``after`` is refused; empty if it is not.

    ``diagnostics`` are those the repair was asked to mend, ``text`` is the problem's.
    """
    comparison = _Comparison(before, after, diagnostics, text)
    return tuple(comparison.refusals())


class _Comparison:
    def __init__(
        self,
        before: tuple[Element, ...],
        after: tuple[Element, ...],
        diagnostics: tuple[Diagnostic, ...],
        text: str,
    ) -> None:
        self._pairs, self._dropped, self._added = _match(before, after)
        self._wrong = tuple(d for d in diagnostics if d.severity is not Severity.INFO)
        self._text = _fold(text)
        self._numbers = Counter(quantities(text))
        self._renamed = _renaming(self._pairs)
        gone = {name for e in before for name in e.names} - {name for e in after for name in e.names}
        fresh = {name for e in after for name in e.names} - {name for e in before for name in e.names}
        self._wholly_renamed = {old: new for old, new in self._renamed.items() if old in gone and new in fresh}

    def refusals(self) -> list[Diagnostic]:
        found = [self._change(old, new) for old, new in self._pairs]
        found += [self._drop(old) for old in self._dropped]
        found += [self._addition(new) for new in self._added]
        return [refusal for refusal in found if refusal is not None]

    def _change(self, old: Element, new: Element) -> Diagnostic | None:
        if old.kind in _FREE or old.text == new.text:
            return None
        lost, gained = _difference(old.numbers, new.numbers)
        turned = _difference(old.relations, new.relations)
        about = self._about(old)
        if not about:
            if self._only_renamed(old, new):
                return None
            return _refuse(new, f"'{old.name}' was changed though nothing was wrong with it", old)
        for number in lost:
            if number in self._numbers and not _quotes(about, number):
                return _refuse(new, f"the number {number} of the problem was dropped from '{old.name}'", old)
        for number in gained:
            if number not in self._numbers and number not in _TRIVIAL:
                return _refuse(new, f"'{old.name}' has a new number, {number}, that the problem does not have", old)
        for relation in (*turned[0], *turned[1]):
            if not _quotes(about, relation) and not self._unreadable(about):
                return _refuse(new, f"the relation '{relation}' of '{old.name}' was changed", old)
        if self._unreadable(about) and _difference(old.relations, new.relations)[0]:
            return _refuse(new, f"mending the notation of '{old.name}' changed what it says", old)
        if not self._doubted(about) and not self._order_kept(old, new):
            return _refuse(new, f"the parts of '{old.name}' were put in another order", old)
        return None

    def _drop(self, old: Element) -> Diagnostic | None:
        if old.kind in _FREE:
            return None
        if any(d.code.endswith((".duplicate", ".unused", ".redundant")) for d in self._about(old)):
            return None
        return _refuse(None, f"'{old.name}' was dropped: {old.text[:120]}", old)

    def _addition(self, new: Element) -> Diagnostic | None:
        if new.kind in _FREE:
            return None
        words = _fold(new.words)
        asked = any(d.source and words and (words in _fold(d.source) or _fold(d.source) in words) for d in self._wrong)
        if words and words in self._text and asked:
            missing = [n for n in new.numbers if n not in self._numbers and n not in _TRIVIAL]
            if not missing:
                return None
        return _refuse(new, f"'{new.name}' is a new assumption that no words of the problem were found for")

    def _about(self, element: Element) -> tuple[Diagnostic, ...]:
        """The diagnostics that locate an element: by place, by name, or by its words."""
        words = _fold(element.words)
        return tuple(
            d
            for d in self._wrong
            if (d.span is not None and d.file is None and _inside(d.span, element.span))
            or d.data.get("element") == element.name
            or (d.source and words and (_fold(d.source) in words or words in _fold(d.source)))
        )

    def _unreadable(self, about: tuple[Diagnostic, ...]) -> bool:
        return any(
            d.severity is Severity.ERROR and re.search(r"syntax|parse|unexpected|missing_paren", d.code) for d in about
        )

    def _doubted(self, about: tuple[Diagnostic, ...]) -> bool:
        return any(d.code.startswith("faithfulness.") for d in about)

    def _only_renamed(self, old: Element, new: Element) -> bool:
        """Whether names were changed everywhere and to new ones, which says the same."""
        return [self._wholly_renamed.get(token, token) for token in _tokens(old.text)] == _tokens(new.text)

    def _order_kept(self, old: Element, new: Element) -> bool:
        """Whether what stands in both stands in the same order: p → q must not come back as q → p."""
        before = [self._renamed.get(token, token) for token in _tokens(old.text)]
        after = _tokens(new.text)
        common = Counter(before) & Counter(after)
        if any(count != Counter(after)[token] for token, count in common.items()):
            return True  # repeated a different number of times: the other rules judge it
        return [t for t in before if t in common] == [t for t in after if t in common]


def _match(
    before: tuple[Element, ...], after: tuple[Element, ...]
) -> tuple[list[tuple[Element, Element]], list[Element], list[Element]]:
    """Counterparts: first the same text, then the same name, then the most alike of the same kind."""
    pairs: list[tuple[Element, Element]] = []
    left, right = list(before), list(after)

    def take(same: str) -> None:
        for old in list(left):
            for new in right:
                if old.kind is new.kind and getattr(old, same) == getattr(new, same):
                    pairs.append((old, new))
                    left.remove(old)
                    right.remove(new)
                    break

    take("text")
    take("name")
    scored = [
        (SequenceMatcher(None, old.text, new.text, autojunk=False).ratio(), i, j)
        for i, old in enumerate(left)
        for j, new in enumerate(right)
        if old.kind is new.kind
    ]
    used_old: set[int] = set()
    used_new: set[int] = set()
    for score, i, j in sorted(scored, key=lambda s: -s[0]):
        if score >= 0.5 and i not in used_old and j not in used_new:
            pairs.append((left[i], right[j]))
            used_old.add(i)
            used_new.add(j)
    return (
        pairs,
        [old for i, old in enumerate(left) if i not in used_old],
        [new for j, new in enumerate(right) if j not in used_new],
    )


def _renaming(pairs: list[tuple[Element, Element]]) -> dict[str, str]:
    """The one-to-one renaming of names that the pairs of elements agree on."""
    seen: dict[str, set[str]] = {}
    for old, new in pairs:
        gone, come = _difference(old.names, new.names)
        if len(set(gone)) == len(set(come)) == 1:
            seen.setdefault(gone[0], set()).add(come[0])
    one = {name: next(iter(others)) for name, others in seen.items() if len(others) == 1}
    return {name: other for name, other in one.items() if list(one.values()).count(other) == 1}


def _difference(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    a, b = Counter(old), Counter(new)
    return tuple((a - b).elements()), tuple((b - a).elements())


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w[\w.'’]*|[^\w\s]", text)


def _quotes(diagnostics: tuple[Diagnostic, ...], what: str) -> bool:
    """Whether a diagnostic speaks of ``what``: in quotes or as a word of its message, hint or data."""
    pattern = re.compile(rf"(?<![\w.]){re.escape(what)}(?![\w.])")
    return any(pattern.search(f"{d.message} {d.hint or ''} {d.data}") for d in diagnostics)


def _inside(span: Span, outer: Span) -> bool:
    end = (outer.end_line or outer.line, outer.end_column or outer.column)
    return (outer.line, outer.column) <= (span.line, span.column) <= end


def _fold(text: str) -> str:
    return " ".join(text.lower().split())


def _refuse(element: Element | None, message: str, old: Element | None = None) -> Diagnostic:
    name = (old or element).name if (old or element) else ""  # type: ignore[union-attr]  # one of them is there
    return WEAKENED.error(
        message,
        span=element.span if element else None,
        hint="mend only what the diagnostics locate; everything else must stay as it was",
        data={"element": name},
    )
