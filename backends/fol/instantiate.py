"""Ground instances that can matter, found by joining: an instance of a clause is made only once every atom it
denies has turned up asserted in some instance. What is never asserted can be false, so the rest hold of themselves.

(The idea of grounders for answer set programming, applied to clauses; with equations between terms of open sorts it
is not sound to skip instances, and all are made.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from quod.backends.fol.ground import (
    RESERVED,
    Matrix,
    Tree,
    literals_of,
    matrices,
    substitute,
    substitute_tree,
    witness,
)
from quod.backends.fol.syntax import App, Compare, Eq, Pred, Sentence, Term, Theory, Var

__all__ = ["Instances", "Limit"]

Key = tuple[str, tuple[App, ...]]


class Limit(Exception):  # noqa: N818 - a limit
    """More instances than allowed, or out of time."""


@dataclass
class _Guarded:
    """One clause of a matrix with the atoms it denies: instances are wanted where all of them can hold."""

    matrix: int
    guards: list[Pred]


@dataclass
class Instances:
    """Runs the join. Results: ``matrices``, ``found`` (matrix index, terms) in order, ``cut`` if depth stopped it."""

    theory: Theory
    sentences: dict[str, Sentence]
    depth: int
    limit: int = 60_000
    expired: object = None
    matrices: list[Matrix] = field(default_factory=list)
    offsets: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Sentence id to the range of its matrices."""
    skolems: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    found: dict[tuple[int, tuple[App, ...]], None] = field(default_factory=dict)
    cut: bool = False
    terms: dict[str, list[App]] = field(default_factory=dict)
    """Ground terms of open sorts, by sort."""
    equations: bool = False
    """Whether two terms of an open sort are compared anywhere."""

    def __post_init__(self) -> None:
        for s in self.sentences.values():
            made, skolems = matrices(self.theory, s)
            self.offsets[s.id] = (len(self.matrices), len(self.matrices) + len(made))
            self.matrices += made
            self.skolems.update(skolems)
        self.results = {name: result for name, (_, result) in self.skolems.items()}
        self.equations = any(
            isinstance(a, Eq) and not self.theory.is_closed(self.sort_in(a.left, m) or self.sort_in(a.right, m))
            for m in self.matrices
            for _, a in literals_of(m.tree)
        )
        self.known: dict[str, dict[tuple[App, ...], None]] = {}
        self.index: dict[tuple[str, tuple[int, ...]], dict[tuple[App, ...], list[tuple[App, ...]]]] = {}
        self.indexed: dict[str, list[tuple[int, ...]]] = {}
        self.watch: dict[str, list[tuple[_Guarded, int]]] = {}
        self.queue: list[Pred] = []

    def sort_in(self, t: Term, m: Matrix) -> str:
        """The sort of a term of a matrix."""
        if isinstance(t, Var):
            return dict(m.variables)[t.name]
        return self.sort(t)

    def sort(self, t: App) -> str:
        """The sort of an application, by its symbol."""
        if t.name in self.results:
            return self.results[t.name]
        if t.name.startswith(RESERVED + "any:"):
            return t.name[5:]
        return self.theory.elements.get(t.name) or self.theory.functions[t.name].result

    def run(self) -> None:
        """Make every instance. Raises Limit."""
        plain: list[int] = []
        for i, m in enumerate(self.matrices):
            if not m.variables:
                plain.append(i)
                continue
            for clause in _clauses(m.tree):
                guards: list[Pred] = []
                if not self.equations:
                    guards = [a for sign, a in clause if not sign and isinstance(a, Pred) and self.usable(a)]
                bound = {v for g in guards for a in g.args for v in _vars(a)}
                guards += [Pred(_domain(sort), (Var(v),)) for v, sort in m.variables if v not in bound]
                guarded = _Guarded(i, guards)
                for k, g in enumerate(guards):
                    self.watch.setdefault(g.name, []).append((guarded, k))
        self.seed()
        for i in plain:
            self.emit(i, ())
        for name, rows in self.theory.facts.items():
            if name in self.watch:
                for row in rows:
                    self.add_atom(Pred(name, tuple(App(c) for c in row)))
        while self.queue:
            atom = self.queue.pop()
            for guarded, k in self.watch.get(atom.name, ()):
                env = _match(guarded.guards[k].args, atom.args, {})
                if env is not None:
                    rest = guarded.guards[:k] + guarded.guards[k + 1 :]
                    for full in list(self.join(rest, env)):
                        m = self.matrices[guarded.matrix]
                        self.emit(guarded.matrix, tuple(full[v] for v, _ in m.variables))  # type: ignore[misc]

    def seed(self) -> None:
        """Every constant the sentences name is a term; a sort without one gets a witness."""
        for m in self.matrices:
            for _, a in literals_of(m.tree):
                for t in _subterms(a):
                    if isinstance(t, App) and not t.args:
                        self.add_term(t)
        for sort in self.theory.sorts.values():
            if sort.elements is None and sort.name not in self.terms:
                self.add_term(witness(sort.name))

    def usable(self, a: Pred) -> bool:
        """Whether an atom can guard: no term in it has its value in a closed sort (those are rewritten later)."""
        return not any(
            isinstance(t, App) and t.name not in self.theory.elements and self.theory.is_closed(self.sort(t))
            for t in _subterms(a)
        )

    def join(self, guards: list[Pred], env: dict[str, Term]) -> Iterator[dict[str, Term]]:
        """Every way to make the remaining guards known atoms."""
        if not guards:
            yield env
            return
        # The guard with most arguments bound first.
        k = max(range(len(guards)), key=lambda i: sum(all(v in env for v in _vars(a)) for a in guards[i].args))
        guard, rest = guards[k], guards[:k] + guards[k + 1 :]
        fixed = tuple(i for i, a in enumerate(guard.args) if all(v in env for v in _vars(a)))
        wanted = tuple(substitute(guard.args[i], env) for i in fixed)
        for row in self.rows(guard.name, fixed, wanted):  # type: ignore[arg-type]  # ground by construction
            new = _match(guard.args, row, env)
            if new is not None:
                yield from self.join(rest, new)

    def rows(self, name: str, fixed: tuple[int, ...], wanted: tuple[App, ...]) -> list[tuple[App, ...]]:
        """Known tuples of a predicate with the given arguments at the given places."""
        key = (name, fixed)
        index = self.index.get(key)
        if index is None:
            index = self.index[key] = {}
            self.indexed.setdefault(name, []).append(fixed)
            for row in self.known.get(name, ()):
                index.setdefault(tuple(row[i] for i in fixed), []).append(row)
        return list(index.get(wanted, ()))

    def add_atom(self, a: Pred) -> None:
        """An atom that may be true."""
        rows = self.known.setdefault(a.name, {})
        if a.args in rows:
            return
        rows[a.args] = None  # type: ignore[index]  # ground
        for fixed in self.indexed.get(a.name, ()):
            self.index[a.name, fixed].setdefault(tuple(a.args[i] for i in fixed), []).append(a.args)  # type: ignore[misc,arg-type]
        if a.name in self.watch:
            self.queue.append(a)

    def add_term(self, t: App) -> bool:
        """A ground term and its subterms; False if it is too deep."""
        if _depth(t) > self.depth:
            self.cut = True
            return False
        for a in t.args:
            self.add_term(a)  # type: ignore[arg-type]  # ground
        sort = self.sort(t)
        if not self.theory.is_closed(sort):
            name = _domain(sort)
            if (t,) not in self.known.get(name, {}):
                self.terms.setdefault(sort, []).append(t)
                self.add_atom(Pred(name, (t,)))
        return True

    def emit(self, matrix: int, terms: tuple[App, ...]) -> None:
        """Make one instance, unless it is there already or holds a term that is too deep."""
        key = (matrix, terms)
        if key in self.found:
            return
        m = self.matrices[matrix]
        tree = substitute_tree(m.tree, {v: t for (v, _), t in zip(m.variables, terms, strict=True)})
        literals = list(literals_of(tree))
        tops = [t for _, a in literals for t in (a.args if isinstance(a, Pred) else (a.left, a.right))]
        if any(_depth(t) > self.depth for t in tops):  # type: ignore[arg-type]  # ground
            self.cut = True
            return
        self.found[key] = None
        if len(self.found) > self.limit or (len(self.found) % 512 == 0 and callable(self.expired) and self.expired()):
            raise Limit
        for t in tops:
            self.add_term(t)  # type: ignore[arg-type]  # ground
        for sign, a in literals:
            if sign and isinstance(a, Pred):
                self.add_atom(a)


def _domain(sort: str) -> str:
    return f"{RESERVED}dom:{sort}"


def _depth(t: App) -> int:
    return 1 + max(map(_depth, t.args)) if t.args else 0  # type: ignore[arg-type]  # ground


def _vars(t: Term) -> Iterator[str]:
    if isinstance(t, Var):
        yield t.name
    else:
        for a in t.args:
            yield from _vars(a)


def _subterms(a: Pred | Eq | Compare) -> Iterator[Term]:
    stack = list(a.args if isinstance(a, Pred) else (a.left, a.right))
    while stack:
        t = stack.pop()
        yield t
        if isinstance(t, App):
            stack.extend(t.args)


def _match(patterns: tuple[Term, ...], row: tuple[Term, ...], env: dict[str, Term]) -> dict[str, Term] | None:
    """The environment extended so that the patterns become the row, or None."""
    new = dict(env)
    todo = list(zip(patterns, row, strict=True))
    while todo:
        p, t = todo.pop()
        if isinstance(p, Var):
            if new.setdefault(p.name, t) != t:
                return None
        elif not isinstance(t, App) or p.name != t.name or len(p.args) != len(t.args):
            return None
        else:
            todo += zip(p.args, t.args, strict=True)
    return new


def _clauses(tree: Tree) -> list[list[tuple[bool, Pred | Eq | Compare]]]:
    """The tree as clauses by distribution, or one unguarded clause where that would be many."""
    made = _distribute(tree)
    return made if made is not None else [[]]


def _distribute(tree: Tree) -> list[list[tuple[bool, Pred | Eq | Compare]]] | None:
    if isinstance(tree[0], bool):
        return [[tree]]
    parts = [_distribute(t) for t in tree[1]]
    if any(p is None for p in parts):
        return None
    if tree[0] == "and":
        return [c for p in parts for c in p or ()]
    size = 1
    for p in parts:
        size *= len(p or ())
    if size > 32:
        return None
    return [[lit for c in choice for lit in c] for choice in itertools.product(*(p or () for p in parts))]
