"""Invariants that a domain suggests: sets of facts of which every action keeps the number.

After Helmert (2009), section 5, simplified: a candidate is a set of predicates, each with the position of the key
object; an action is balanced if for every key it adds as many facts of the set as it deletes, and deletes only
what its precondition demands. "A block is on the table, on another block, or in the hand" comes out of the
actions, not out of the initial state; so an initial state can be held against it.
"""

from __future__ import annotations

from dataclasses import dataclass

from quod.backends.pddl.syntax import Action, And, Effect, Formula, Pred
from quod.backends.pddl.task import Task
from quod.backends.pddl.walk import changed_facts, effect_conditions

__all__ = ["Invariant", "Part", "invariants"]

MAX_PARTS = 5
MAX_CANDIDATES = 400


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A predicate and the argument that is the key (None: the invariant has no key)."""

    predicate: str
    key: int | None


Invariant = frozenset[Part]


@dataclass(frozen=True, slots=True)
class _Changes:
    needs: frozenset[tuple[str, ...]]
    adds: tuple[tuple[str, ...], ...]
    deletes: tuple[tuple[str, ...], ...]


def invariants(task: Task) -> list[Invariant]:
    """Every invariant found, smallest first. Empty where effects are conditional or quantified."""
    changes = [_changes(a) for a in task.actions.values()]
    known = [c for c in changes if c is not None]
    if len(known) < len(changes) or task.temporal:
        return []
    names = task.fluent_predicates - task.derived_names
    seen: set[Invariant] = set()
    todo: list[Invariant] = []
    for name in sorted(names):
        arity = len(task.predicates[name].params) if name in task.predicates else 0
        todo += [frozenset({Part(name, key)}) for key in (*range(arity), None)]
    out: set[Invariant] = set()
    while todo and len(seen) < MAX_CANDIDATES:
        candidate = todo.pop(0)
        if candidate in seen:
            continue
        seen.add(candidate)
        remedies = _remedies(candidate, known)
        if remedies is None:
            out.add(candidate)
        elif len(candidate) < MAX_PARTS:
            todo += [candidate | {part} for part in remedies if part not in candidate]
    return sorted((i for i in out if not any(j < i for j in out)), key=lambda i: (len(i), sorted(map(str, i))))


def _changes(action: Action) -> _Changes | None:
    if any(True for _ in effect_conditions(action.effect)) or _quantified(action.effect):
        return None
    adds = [(f.name, *(t.name for t in f.args)) for f, add in changed_facts(action.effect) if add]
    deletes = [(f.name, *(t.name for t in f.args)) for f, add in changed_facts(action.effect) if not add]
    return _Changes(frozenset(_needs(action.condition)), tuple(dict.fromkeys(adds)), tuple(dict.fromkeys(deletes)))


def _quantified(effect: Effect) -> bool:
    from quod.backends.pddl.syntax import ForEach, Sequence

    if isinstance(effect, Sequence):
        return any(_quantified(part) for part in effect.parts)
    return isinstance(effect, ForEach)


def _needs(formula: Formula) -> list[tuple[str, ...]]:
    if isinstance(formula, And):
        return [need for part in formula.parts for need in _needs(part)]
    return [(formula.name, *(t.name for t in formula.args))] if isinstance(formula, Pred) else []


def _key(atom: tuple[str, ...], candidate: Invariant) -> list[str | None]:
    """The keys under which a candidate counts an atom."""
    return [
        None if part.key is None else atom[part.key + 1]
        for part in candidate
        if part.predicate == atom[0] and (part.key is None or part.key + 1 < len(atom))
    ]


def _remedies(candidate: Invariant, changes: list[_Changes]) -> list[Part] | None:
    """None if every action keeps the number; else parts that might balance the first action that does not."""
    for change in changes:
        balance: dict[str | None, int] = {}
        for atom in change.adds:
            if atom in change.needs and atom not in change.deletes:
                continue  # it holds already: nothing is added
            for key in _key(atom, candidate):
                balance[key] = balance.get(key, 0) + 1
        for atom in change.deletes:
            if atom not in change.needs:
                if _key(atom, candidate):
                    return []
                continue
            if atom in change.adds:
                continue
            for key in _key(atom, candidate):
                balance[key] = balance.get(key, 0) - 1
        for key, total in balance.items():
            if total:
                return _counterparts(change.deletes if total > 0 else change.adds, key, candidate)
    return None


def _counterparts(atoms: tuple[tuple[str, ...], ...], key: str | None, candidate: Invariant) -> list[Part]:
    used = {part.predicate for part in candidate}
    out = []
    for atom in atoms:
        if atom[0] in used:
            continue
        if key is None:
            out.append(Part(atom[0], None))
        else:
            out += [Part(atom[0], position) for position, name in enumerate(atom[1:]) if name == key]
    return out
