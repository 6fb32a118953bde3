"""What building a problem works on: the problem so far, who there is of each kind, what holds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quod.core.diagnostics import Diagnostic
from quod.translators.controlled.pddl import codes
from quod.translators.controlled.pddl.facts import Facts, filled
from quod.translators.controlled.pddl.lexicon import Lexicon, Loops, Table
from quod.translators.controlled.pddl.reading import Count, Mention, Understood
from quod.translators.controlled.pddl.sentences import Statement

_FACT = re.compile(r"\([^()]*\)")
__all__ = ["Built", "Row", "Work"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table given as context, ready to be said."""

    table: Table
    cells: dict[str, str]
    where: str


@dataclass(slots=True)
class Built:
    """The problem, or what keeps it from being one."""

    objects: dict[str, str] = field(default_factory=dict)
    """Name to kind."""
    init: dict[str, str] = field(default_factory=dict)
    """Fact to the words it came from; ``(not (…))`` is what the words deny."""
    goals: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    question: str | None = None


def _named_by(facts: Facts, pattern: str, variable: str, binding: dict[str, str]) -> list[str]:
    """What stands where the variable stands, in the facts that are like a pattern such as ``(on {w} *)``."""
    place = pattern.strip("()").split().index(f"{{{variable}}}")
    return [fact.strip("()").split()[place] for fact in facts.like(filled(pattern, {**binding, variable: "*"}))]


class Work:
    """The problem so far."""

    def __init__(self, lexicon: Lexicon, said: Understood, rows: list[Row]) -> None:
        self.lexicon = lexicon
        self.said = said
        self.rows = rows
        self.out = Built()
        self.members: dict[str, list[str]] = {name: list(kind.fixed) for name, kind in lexicon.kinds.items()}
        self.owners: dict[str, dict[str, list[str]]] = {}
        self.held = Facts()
        """The facts of the start."""
        self.wanted = Facts()
        """The facts of the goal."""
        self.closed: dict[tuple[str, tuple[str, ...], Statement], set[str]] = {}
        """Facts such as ``(in * depot1)``, kinds and a sentence that lists all of those kinds of which they hold."""
        self.single = {e.kind for e, _ in said.events if isinstance(e, Count) and e.number == 1}
        """The kinds of which the words say that there is one."""
        self.named_at: dict[int, set[str]] = {}
        """The names in the statement that begins there."""
        for event, statement in said.events:
            if isinstance(event, Mention):
                self.named_at.setdefault(statement.start, set()).add(event.name)

    def fact(self, template: str, binding: dict[str, str], words: str, *, goal: bool = False) -> str:
        """Say a fact, of the start or of the goal; saying it twice is saying it once."""
        fact = filled(template, binding)
        known, found = (self.out.goals, self.wanted) if goal else (self.out.init, self.held)
        if fact not in known:
            known[fact] = words
            found.add(fact)
        return fact

    def count_error(self, message: str, words: str, hint: str | None = None) -> None:
        """Say that a number or a "the" does not fit what there is."""
        self.out.diagnostics.append(codes.COUNT.error(message, source=words, hint=hint))

    def loop(self, loops: Loops, binding: dict[str, str], *, goal: bool = False) -> Iterator[dict[str, str]]:
        """Every extension of a binding by variables that range over kinds."""
        if not loops:
            yield binding
            return
        (variable, source), rest = loops[0], loops[1:]
        for name in self._range(source, variable, binding, goal):
            yield from self.loop(rest, {**binding, variable: name}, goal=goal)

    def _range(self, source: str, variable: str, binding: dict[str, str], goal: bool) -> list[str]:
        """``kind``, ``kind first``, ``kind last``, ``kind of x``, ``kind with (fact)``, ``kind without (fact) (fact)``.

        What a thing is *with* holds at the start; it is *without* what the list that is being told does not say of it.
        """
        kinds, _, how = source.partition(" ")
        word, _, pattern = how.partition(" ")
        if word == "of":
            return self.owners.get(kinds, {}).get(binding[pattern], [])
        if word in {"with", "without"}:
            facts = self.wanted if goal and word == "without" else self.held
            said = [name for p in _FACT.findall(pattern) for name in _named_by(facts, p, variable, binding)]
            if word == "with":
                return [n for n in dict.fromkeys(said) if self.out.objects.get(n) in kinds.split("|")]
            known = set(said)
            return [name for kind in kinds.split("|") for name in self.members[kind] if name not in known]
        names = [name for kind in kinds.split("|") for name in self.members[kind]]
        return names[:1] if word == "first" else names[-1:] if word == "last" else names

    def zip(self, zipped: Loops) -> list[dict[str, str]] | None:
        """The first of each kind together, the second of each, …; None where they are not as many."""
        lists = [self.members[kind] for _, kind in zipped]
        if len({len(names) for names in lists}) > 1:
            return None
        return [dict(zip((v for v, _ in zipped), chosen, strict=True)) for chosen in zip(*lists, strict=True)]

    def zip_error(self, zipped: Loops) -> str:
        """Why they cannot be zipped."""
        kinds = " and ".join(f"{len(self.members[k])} of kind {k}" for _, k in zipped)
        return f"{kinds}: they belong together one by one"

    def pairs(self, chain: str) -> Iterator[dict[str, str]]:
        """Each of a kind and the next."""
        return ({"a": a, "b": b} for a, b in itertools.pairwise(self.members[chain]))
