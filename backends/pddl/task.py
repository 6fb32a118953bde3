"""A planning task: domain and problem put together, with names and types resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from quod.backends.pddl.syntax import Action, Derived, Domain, Formula, InitFact, InitValue, Metric, ProblemDef
from quod.backends.pddl.syntax import Signature as Signature

__all__ = ["Fact", "Task", "TypeTree"]

Fact = tuple[str, ...]
"""A ground fact or a ground numeric function: its name, then its objects."""


class TypeTree:
    """Which type lies below which. Undeclared names have no ancestors but ``object``."""

    def __init__(self, parents: dict[str, frozenset[str]]) -> None:
        self.parents = {"object": frozenset[str](), **{n: p for n, p in parents.items() if n != "object"}}
        self._up: dict[str, frozenset[str]] = {}

    def up(self, name: str) -> frozenset[str]:
        """The type itself and everything above it."""
        known = self._up.get(name)
        if known is None:
            seen, todo = {name, "object"}, [name]
            while todo:
                for parent in self.parents.get(todo.pop(), ()):
                    if parent not in seen:
                        seen.add(parent)
                        todo.append(parent)
            known = self._up[name] = frozenset(seen)
        return known

    def fits(self, types: Iterable[str], wanted: frozenset[str]) -> bool:
        """Whether whatever has one of ``types`` is sure to have one of ``wanted``."""
        return all(self.up(t) & wanted for t in types)

    def may_fit(self, types: Iterable[str], wanted: frozenset[str]) -> bool:
        """Whether something could have one of ``types`` and one of ``wanted``."""
        return any(self.up(t) & wanted or any(t in self.up(w) for w in wanted) for t in types)

    def below(self, name: str) -> frozenset[str]:
        """The type itself and every declared type below it."""
        return frozenset(t for t in {*self.parents, name} if name in self.up(t))


@dataclass(slots=False)
class Task:
    """A task that passed its checks: every name is declared, every argument fits.

    ``init`` holds the facts true at the start; ``values`` the numeric functions' values; ``timed`` and
    ``timed_values`` what happens by itself later.
    """

    domain: Domain
    problem: ProblemDef
    types: TypeTree
    objects: dict[str, frozenset[str]]
    predicates: dict[str, Signature]
    functions: dict[str, Signature]
    actions: dict[str, Action]
    derived: tuple[Derived, ...]
    init: frozenset[Fact]
    values: dict[Fact, Fraction]
    goal: Formula
    metric: Metric | None
    timed: tuple[InitFact, ...] = ()
    timed_values: tuple[InitValue, ...] = ()
    features: frozenset[str] = frozenset()
    """Which requirements the text really uses, without the colon."""
    _by_types: dict[frozenset[str], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def objects_of(self, types: frozenset[str]) -> tuple[str, ...]:
        """Every object that has one of the types, in the order of declaration."""
        known = self._by_types.get(types)
        if known is None:
            known = tuple(name for name, own in self.objects.items() if self.types.fits(own, types))
            self._by_types[types] = known
        return known

    @cached_property
    def derived_names(self) -> frozenset[str]:
        """Names of the derived predicates."""
        return frozenset(rule.head.name for rule in self.derived)

    @cached_property
    def fluent_predicates(self) -> frozenset[str]:
        """Predicates that some action, timed fact or rule can change; the others are static."""
        from quod.backends.pddl.walk import changed_facts

        changed = {fact.name for action in self.actions.values() for fact, _ in changed_facts(action.effect)}
        return frozenset(changed | {t.fact.name for t in self.timed} | self.derived_names)

    @property
    def temporal(self) -> bool:
        """Whether time matters."""
        return bool({"durative-actions", "timed-initial-literals"} & self.features)

    @property
    def numeric(self) -> bool:
        """Whether numbers matter beyond adding up an action's cost."""
        return "numeric-fluents" in self.features
