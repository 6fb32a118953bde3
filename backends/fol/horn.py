"""Horn theories without functions and equations decide themselves: forward chaining gives the least model, and the
theory is contradictory exactly if that model violates a denial (van Emden and Kowalski, 1976). Linear in the facts
and firings, so that tables of 10⁵ rows are no matter. Not trusted: the checker sees instances or a structure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quod.backends.fol.ground import Matrix, TooBig, Tree, literals_of, matrices, witness
from quod.backends.fol.syntax import App, Pred, Sentence, Theory, Var

__all__ = ["Horn", "horn_of"]

Instance = tuple[int, tuple[App, ...]]


Row = tuple[str, ...]
Slot = int | str
"""A variable's place in the environment, or a constant."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A clause over slots: each body atom is a name with slots; ``head`` is None for a denial."""

    matrix: int
    size: int
    body: tuple[tuple[str, tuple[Slot, ...]], ...]
    head: tuple[str, tuple[Slot, ...]] | None


class _Facts:
    """Rows by predicate with indexes made when first asked for."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[Row, None]] = {}
        self.index: dict[tuple[str, tuple[int, ...]], dict[Row, list[Row]]] = {}
        self.places: dict[str, list[tuple[int, ...]]] = {}

    def add(self, name: str, row: Row) -> bool:
        rows = self.rows.setdefault(name, {})
        if row in rows:
            return False
        rows[row] = None
        for places in self.places.get(name, ()):
            self.index[name, places].setdefault(tuple([row[i] for i in places]), []).append(row)
        return True

    def matching(self, name: str, places: tuple[int, ...], key: Row) -> list[Row]:
        table = self.index.get((name, places))
        if table is None:
            table = self.index[name, places] = {}
            self.places.setdefault(name, []).append(places)
            for row in self.rows.get(name, ()):
                table.setdefault(tuple([row[i] for i in places]), []).append(row)
        return table.get(key, [])

    def join(self, todo: tuple[tuple[str, tuple[Slot, ...]], ...], env: list[str | None]) -> Iterator[list[str | None]]:
        """Every way to make the atoms rows."""
        if not todo:
            yield env
            return
        name, slots = todo[0]
        places = tuple([i for i, s in enumerate(slots) if isinstance(s, str) or env[s] is not None])
        key = tuple([s if isinstance(s, str) else env[s] or "" for s in (slots[i] for i in places)])
        for row in list(self.matching(name, places, key)):
            new = _bind(slots, row, env)
            if new is not None:
                yield from self.join(todo[1:], new)


def _bind(slots: tuple[Slot, ...], row: Row, env: list[str | None]) -> list[str | None] | None:
    new = env.copy()
    for slot, value in zip(slots, row, strict=True):
        if isinstance(slot, str):
            if slot != value:
                return None
        elif new[slot] is None:
            new[slot] = value
        elif new[slot] != value:
            return None
    return new


@dataclass
class Horn:
    """The clauses of a Horn theory, ready to run."""

    theory: Theory
    matrices: list[Matrix]
    ranges: dict[str, tuple[int, int]]
    rules: list[_Compiled]
    denials: list[_Compiled]
    extra: list[App]
    """Witnesses for existential statements, as constants."""
    skolems: dict[str, tuple[tuple[str, ...], str]]

    def start(self) -> None:
        """Load the tables and fire every rule until nothing new follows: the least model."""
        self.facts = _Facts()
        self.why: dict[tuple[str, Row], tuple[_Compiled, list[str | None]]] = {}
        self.queue: list[tuple[str, Row]] = []
        self.watch: dict[str, list[tuple[_Compiled, int]]] = {}
        for name, rows in self.theory.facts.items():
            for row in rows:
                self.facts.add(name, row)
        for r in self.rules:
            for k, (name, _) in enumerate(r.body):
                self.watch.setdefault(name, []).append((r, k))
        for r in self.rules:
            for env in self.all(self.facts, r):
                self.fire(r, env)
        self.saturate()

    def fire(self, r: _Compiled, env: list[str | None]) -> None:
        """Conclude the head of one instance."""
        assert r.head is not None
        row = _row(r.head[1], env)
        if self.facts.add(r.head[0], row):
            self.why[r.head[0], row] = (r, env)
            self.queue.append((r.head[0], row))

    def saturate(self) -> None:
        """Fire everything that the new atoms allow."""
        while self.queue:
            name, row = self.queue.pop()
            for r, k in self.watch.get(name, ()):
                start = _bind(r.body[k][1], row, [None] * r.size)
                if start is not None:
                    for env in list(self.facts.join((*r.body[:k], *r.body[k + 1 :]), start)):
                        self.fire(r, env)

    def assume(self, name: str, row: Row) -> None:
        """One more fact and what follows from it."""
        if self.facts.add(name, row):
            self.queue.append((name, row))
            self.saturate()

    def violated(self, *, only: str = "", but: str = "") -> tuple[list[Instance], list[tuple[str, Row]]] | None:
        """The instances and table rows behind a violated denial (of one sentence, of all but one), if there is one."""
        for r in self.denials:
            sentence = self.matrices[r.matrix].sentence
            if (only and sentence != only) or (but and sentence == but):
                continue
            for env in self.all(self.facts, r):
                return self.trace(r, env, self.why)
        return None

    def all(self, facts: _Facts, r: _Compiled) -> Iterator[list[str | None]]:
        """Every instance whose body holds; a variable outside the body ranges over everything of its sort."""
        for env in facts.join(r.body, [None] * r.size):
            loose = [i for i, value in enumerate(env) if value is None]
            if not loose:
                yield env
                continue
            for c in self.everything(self.matrices[r.matrix].variables[loose[0]][1]):
                full = env.copy()
                full[loose[0]] = c
                yield full

    def everything(self, sort: str) -> list[str]:
        """The names of a sort, one witness at least."""
        named = [f.name for f in self.theory.functions.values() if f.result == sort]
        named += [t.name for t in self.extra if self.skolems[t.name][1] == sort]
        return named or [witness(sort).name]

    def trace(
        self, r: _Compiled, env: list[str | None], why: dict[tuple[str, Row], tuple[_Compiled, list[str | None]]]
    ) -> tuple[list[Instance], list[tuple[str, Row]]]:
        """Every instance behind a violated denial, and the table rows."""
        made: dict[Instance, None] = {}
        rows: dict[tuple[str, Row], None] = {}
        todo = [(r, env)]
        seen: set[tuple[str, Row]] = set()
        while todo:
            r, env = todo.pop()
            made[r.matrix, tuple(App(v or "") for v in env)] = None
            for name, slots in r.body:
                atom = (name, _row(slots, env))
                if atom in seen:
                    continue
                seen.add(atom)
                if atom in why:
                    todo.append(why[atom])
                else:
                    rows[atom] = None
        return list(made), list(rows)


def _row(slots: tuple[Slot, ...], env: list[str | None]) -> Row:
    return tuple([s if isinstance(s, str) else env[s] or "" for s in slots])


def horn_of(theory: Theory, sentences: dict[str, Sentence]) -> Horn | None:
    """The sentences as Horn clauses, or None if they are not."""
    if any(s.elements is not None for s in theory.sorts.values()) or any(f.sorts for f in theory.functions.values()):
        return None
    found: list[Matrix] = []
    ranges: dict[str, tuple[int, int]] = {}
    rules: list[_Compiled] = []
    denials: list[_Compiled] = []
    skolems: dict[str, tuple[tuple[str, ...], str]] = {}
    for s in sentences.values():
        try:
            made, new = matrices(theory, s, 50_000)
        except TooBig:
            return None
        if any(sorts for sorts, _ in new.values()):
            return None
        skolems.update(new)
        ranges[s.id] = (len(found), len(found) + len(made))
        for m in made:
            clause = _clause(m, len(found))
            if clause is None:
                return None
            (denials if clause.head is None else rules).append(clause)
            found.append(m)
    return Horn(theory, found, ranges, rules, denials, [App(n) for n in skolems], skolems)


def _clause(m: Matrix, index: int) -> _Compiled | None:
    if not _is_clause(m.tree):
        return None
    slots = {v: i for i, (v, _) in enumerate(m.variables)}
    body: list[tuple[str, tuple[Slot, ...]]] = []
    heads: list[tuple[str, tuple[Slot, ...]]] = []
    for sign, a in literals_of(m.tree):
        if not isinstance(a, Pred) or any(isinstance(t, App) and t.args for t in a.args):
            return None
        args: tuple[Slot, ...] = tuple(slots[t.name] if isinstance(t, Var) else t.name for t in a.args)
        (heads if sign else body).append((a.name, args))
    if len(heads) > 1 or not (heads or body):
        return None
    used = {s for _, args in body for s in args if isinstance(s, int)}
    if len(slots) - len(used) > 1:
        return None  # an instance for every pair of things would not stay linear
    return _Compiled(index, len(slots), tuple(body), heads[0] if heads else None)


def _is_clause(tree: Tree) -> bool:
    if isinstance(tree[0], bool):
        return True
    return tree[0] == "or" and all(isinstance(t, tuple) and isinstance(t[0], bool) for t in tree[1])
