"""What the words need not say, must say, and cannot say: conventions, required facts, contradictions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quod.translators.controlled.pddl import codes
from quod.translators.controlled.pddl.facts import denied, filled, terms_of
from quod.translators.controlled.pddl.lexicon import Convention
from quod.translators.controlled.pddl.work import Work

__all__ = ["close"]

_ORDER = re.compile(
    r"\s*(?:please |(?:the|your|my) goal is to )?"
    r"(?:put|get|bring|take|carry|move|deliver|send|stack|place|transport|store|transfer|build|replace|mount|fit)\b",
    re.IGNORECASE,
)


def close(work: Work) -> None:
    """Add the conventions, ask for what is missing, and refuse what cannot be."""
    for convention in work.lexicon.always:
        _convention(work, convention)
    _required(work)
    _clashes(work)
    _denials(work)
    _closed_lists(work)
    _strangers(work)
    for relation in work.lexicon.acyclic:
        _circle(work, relation)


def _convention(work: Work, convention: Convention) -> None:
    for binding in _bindings(work, convention):
        if any(work.held.like(filled(pattern, binding)) for pattern in convention.unless):
            continue
        if convention.given and not any(work.held.like(filled(pattern, binding)) for pattern in convention.given):
            continue
        for template in convention.facts:
            work.fact(template, binding, "by convention of the domain")


def _bindings(work: Work, convention: Convention) -> Iterator[dict[str, str]]:
    if convention.chain:
        return work.pairs(convention.chain)
    if not convention.zipped:
        return work.loop(convention.loops, {})
    pairs = work.zip(convention.zipped)
    if pairs is None:
        work.out.diagnostics.append(codes.COUNT.error(work.zip_error(convention.zipped)))
    return iter(pairs or ())


def _required(work: Work) -> None:
    for need in work.lexicon.required:
        for binding in work.loop(need.loops, {}):
            if not any(work.held.like(filled(fact, binding)) for fact in need.facts):
                words = filled(need.words, binding)
                work.out.diagnostics.append(codes.UNSAID.error(f"the words do not say {words}"))
                work.out.question = work.out.question or f"Please say {words}."


def _clashes(work: Work) -> None:
    """What the words say of one thing twice, as in two places."""
    for rule in work.lexicon.once:
        for binding in work.loop(rule.loops, {}):
            patterns = [filled(fact, binding) for fact in rule.facts]
            held = list(dict.fromkeys(fact for pattern in patterns for fact in work.held.like(pattern)))
            if len(held) > 1:
                message = f"{' and '.join(held[:3])} cannot hold together"
                work.out.diagnostics.append(codes.CLASH.error(message, source=work.out.init[held[1]]))
            # "Put a on b. Put a on c.": one after the other, and not both at the end
            wanted = [fact for pattern in patterns for fact in work.wanted.like(pattern)]
            orders = [work.out.goals[f] for f in wanted if _ORDER.match(work.out.goals[f])]
            if len(wanted) > 1 and orders:
                message = f"{' and '.join(wanted[:3])} cannot hold together at the end"
                work.out.diagnostics.append(codes.CLASH.error(message, source=orders[-1]))


def _denials(work: Work) -> None:
    """What the words say and deny."""
    for facts in (work.out.init, work.out.goals):
        for fact, words in facts.items():
            positive = denied(fact)
            if positive in facts:
                message = f"{positive} is said and denied"
                work.out.diagnostics.append(codes.CLASH.error(message, source=words))


def _closed_lists(work: Work) -> None:
    """What is said of one thing more than a list of all of them has: "the areas of depot1 are a and b", and "c is"."""
    for (pattern, kinds, statement), listed in work.closed.items():
        for fact in work.held.like(pattern):
            others = [t for t in terms_of(fact) if t not in terms_of(pattern) and work.out.objects.get(t) in kinds]
            if other := next((t for t in others if t not in listed), None):
                message = f"'{other}' is not in the list '{statement.words}'"
                work.out.diagnostics.append(codes.CLASH.error(message, source=work.out.init[fact]))


def _strangers(work: Work) -> None:
    """Facts about things that there are not, such as the height n5 where heights end at n3."""
    for fact, words in {**work.out.init, **work.out.goals}.items():
        strange = next((term for term in terms_of(fact) if term not in work.out.objects), None)
        if strange is not None:
            work.count_error(f"{fact} is said, and nothing says that there is '{strange}'", words)
            return


def _circle(work: Work, relation: str) -> None:
    """What leads round in a circle."""
    under: dict[str, str] = {}
    for fact in work.out.init:
        name, *terms = fact.strip("()").split()
        if name == relation and len(terms) == 2:
            under[terms[0]] = terms[1]
    for start in under:
        seen = [start]
        while (at := under.get(seen[-1])) is not None and at not in seen:
            seen.append(at)
        if at == start:
            message = f"({relation} …) leads from {start} back to {start}"
            words = work.out.init[f"({relation} {start} {under[start]})"]
            work.out.diagnostics.append(codes.CLASH.error(message, source=words))
            return
