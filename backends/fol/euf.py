"""Equality with uninterpreted functions and predicates: is a set of ground literals contradictory?

Congruence closure by repeated sweeps: quadratic, short and easy to believe. Elements of closed sorts are known to
be different from each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from quod.backends.fol.syntax import App, Compare, Eq, Pred, Term

__all__ = ["Classes", "contradictory"]

Literal = tuple[bool, Pred | Eq | Compare]


class Classes:
    """Equivalence classes of ground terms under equations and congruence."""

    def __init__(self, distinct: Iterable[str]) -> None:
        self.parent: dict[Term, Term] = {}
        self.distinct = frozenset(distinct)

    def find(self, t: Term) -> Term:
        """The representative of a term's class."""
        if t not in self.parent:
            self.parent[t] = t
            if isinstance(t, App):
                for a in t.args:
                    self.find(a)
        root = t
        while self.parent[root] != root:
            root = self.parent[root]
        while self.parent[t] != root:
            self.parent[t], t = root, self.parent[t]
        return root

    def is_element(self, t: Term) -> bool:
        """Whether a term is an element of a closed sort."""
        return isinstance(t, App) and not t.args and t.name in self.distinct

    def merge(self, a: Term, b: Term) -> bool:
        """Make two terms equal; False if they are different elements of a closed sort."""
        x, y = self.find(a), self.find(b)
        if x == y:
            return True
        if self.is_element(x) and self.is_element(y):
            return False
        if self.is_element(y):
            x, y = y, x
        self.parent[y] = x
        return True

    def close(self) -> bool:
        """Equal arguments give equal values; False if that makes two elements equal."""
        changed = True
        while changed:
            changed = False
            seen: dict[tuple[object, ...], Term] = {}
            for t in list(self.parent):
                if isinstance(t, App) and t.args:
                    key = (t.name, *(self.find(a) for a in t.args))
                    other = seen.setdefault(key, t)
                    if self.find(other) != self.find(t):
                        if not self.merge(other, t):
                            return False
                        changed = True
        return True


def contradictory(literals: Iterable[Literal], distinct: Iterable[str]) -> bool:
    """Whether no structure makes all these ground literals true. ``distinct`` are names known to differ."""
    literals = list(literals)
    classes = Classes(distinct)
    for _, a in literals:
        for t in a.args if isinstance(a, Pred) else (a.left, a.right):
            classes.find(t)
    for sign, a in literals:
        if sign and isinstance(a, Eq) and not classes.merge(a.left, a.right):
            return True
    if not classes.close():
        return True
    seen: dict[tuple[object, ...], bool] = {}
    for sign, a in literals:
        if isinstance(a, Eq):
            if not sign and classes.find(a.left) == classes.find(a.right):
                return True
            continue
        args = a.args if isinstance(a, Pred) else (a.left, a.right)
        key = (a.name if isinstance(a, Pred) else ("compare", a.op), *(classes.find(t) for t in args))
        if seen.setdefault(key, sign) != sign:
            return True
    return False
