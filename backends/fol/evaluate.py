"""Truth in a finite structure. Part of what has to be trusted; imports no solver.

Quantifiers whose scope is guarded by an atom (``∀x (P(x) → …)``, ``∃x (P(x) ∧ …)``) are run over the tuples of
that atom through an index, so that structures with 10⁵ facts are checked in time linear in the matches.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from quod.backends.fol.syntax import (
    And,
    Bool,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Term,
    Theory,
    Var,
    Xor,
)
from quod.core.model import JsonDict, JsonValue

__all__ = ["BadModel", "Structure", "TooMuchWork", "holds", "structure_from_json"]


class BadModel(ValueError):  # noqa: N818 - says that a structure is none
    """Not a structure for the theory: the message says why."""


class TooMuchWork(Exception):  # noqa: N818 - a limit
    """Evaluation took more steps than allowed."""


@dataclass
class Structure:
    """Domains by sort, functions (constants included) by name, predicates by name as sets of tuples."""

    domains: dict[str, tuple[str, ...]]
    functions: dict[str, dict[tuple[str, ...], str]]
    predicates: dict[str, set[tuple[str, ...]]]
    elements: frozenset[str] = frozenset()
    """Elements of closed sorts, which stand for themselves."""
    steps: int = 50_000_000
    _index: dict[tuple[str, tuple[int, ...]], dict[tuple[str, ...], list[tuple[str, ...]]]] = field(
        default_factory=dict
    )

    def value(self, t: Term, env: dict[str, str]) -> str:
        """The element a term denotes."""
        if isinstance(t, Var):
            return env[t.name]
        if not t.args and t.name in self.elements:
            return t.name
        return self.functions[t.name][tuple([self.value(a, env) for a in t.args])]

    def matching(self, p: Pred, env: dict[str, str]) -> list[tuple[str, ...]]:
        """The tuples of a predicate that agree with the arguments already known."""
        known = tuple(i for i, a in enumerate(p.args) if not isinstance(a, Var) or a.name in env)
        index = self._index.get((p.name, known))
        if index is None:
            index = self._index[p.name, known] = {}
            for row in self.predicates.get(p.name, ()):
                index.setdefault(tuple([row[i] for i in known]), []).append(row)
        return index.get(tuple([self.value(p.args[i], env) for i in known]), [])


def _conjuncts(f: Formula) -> list[Formula]:
    return [h for g in f.parts for h in _conjuncts(g)] if isinstance(f, And) else [f]


def _guard(parts: list[Formula], names: set[str], env: dict[str, str]) -> Pred | None:
    """An atom among the parts that binds one of the names and whose other arguments are known variables."""
    for p in parts:
        if isinstance(p, Pred) and any(isinstance(a, Var) and a.name in names and a.name not in env for a in p.args):
            flat = all(isinstance(a, Var) or not a.args for a in p.args)
            if flat and all(a.name in names or a.name in env for a in p.args if isinstance(a, Var)):
                return p
    return None


class _Evaluator:
    def __init__(self, s: Structure) -> None:
        self.s = s
        self.steps = s.steps

    def holds(self, f: Formula, env: dict[str, str]) -> bool:
        self.steps -= 1
        if self.steps < 0:
            raise TooMuchWork
        match f:
            case Bool(value):
                return value
            case Pred(name, args):
                row = tuple([env[a.name] if isinstance(a, Var) else self.s.value(a, env) for a in args])
                return row in self.s.predicates.get(name, ())
            case Eq(left, right):
                return self.s.value(left, env) == self.s.value(right, env)
            case Compare(op, left, right):
                a, b = int(self.s.value(left, env)), int(self.s.value(right, env))
                return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
            case Not(body):
                return not self.holds(body, env)
            case And(parts):
                return all(self.holds(g, env) for g in parts)
            case Or(parts):
                return any(self.holds(g, env) for g in parts)
            case Implies(left, right):
                return not self.holds(left, env) or self.holds(right, env)
            case Iff(left, right):
                return self.holds(left, env) == self.holds(right, env)
            case Xor(left, right):
                return self.holds(left, env) != self.holds(right, env)
            case Forall():
                names, body = _block(f, Forall)
                given, rest = _premises(body)
                return not self.some(names, [*given, Not(rest)], env)
            case Exists():
                names, body = _block(f, Exists)
                return self.some(names, _conjuncts(body), env)

    def some(self, names: dict[str, str], parts: list[Formula], env: dict[str, str]) -> bool:
        """Whether values for the names (with their sorts) make every part true."""
        env = {k: v for k, v in env.items() if k not in names}
        return self.extend(names, parts, env)

    def extend(self, names: dict[str, str], parts: list[Formula], env: dict[str, str]) -> bool:
        self.steps -= 1
        if self.steps < 0:
            raise TooMuchWork
        left = [n for n in names if n not in env]
        if not left:
            return all(self.holds(p, env) for p in parts)
        guard = _guard(parts, set(names), env)
        if guard is not None:
            rest = [p for p in parts if p is not guard]
            for row in self.s.matching(guard, env):
                new = dict(env)
                for a, v in zip(guard.args, row, strict=True):
                    if not self.bind(a, v, new):
                        break
                else:
                    if self.extend(names, rest, new):
                        return True
            return False
        name = left[0]
        return any(self.extend(names, parts, {**env, name: e}) for e in self.s.domains[names[name]])

    def bind(self, t: Term, value: str, env: dict[str, str]) -> bool:
        if isinstance(t, Var) and t.name not in env:
            env[t.name] = value
            return True
        return self.s.value(t, env) == value


def _block(f: Formula, kind: type[Forall] | type[Exists]) -> tuple[dict[str, str], Formula]:
    """A run of like quantifiers with different variables, and their body."""
    names: dict[str, str] = {}
    while isinstance(f, kind) and f.var not in names:
        names[f.var] = f.sort
        f = f.body
    return names, f


def _premises(f: Formula) -> tuple[list[Formula], Formula]:
    """The conjuncts before an implication and what follows from them (nothing is assumed of other formulas)."""
    if isinstance(f, Implies):
        return _conjuncts(f.left), f.right
    return [], f


def holds(s: Structure, f: Formula) -> bool:
    """Whether a closed formula is true in a structure. Raises TooMuchWork."""
    return _Evaluator(s).holds(f, {})


def structure_from_json(theory: Theory, data: JsonDict) -> Structure:
    """Read a structure and check that it is one for the theory. Raises BadModel.

    Domains must not be empty and may not overlap with closed sorts wrongly: a closed sort has exactly its elements.
    Functions must be total and stay within their sorts; a constant not mentioned stands for the element of its own
    name; predicates not mentioned are empty, or hold of the rows of their tables if ``tables`` is true.
    """
    domains: dict[str, tuple[str, ...]] = {}
    given = _table(data.get("domains"))
    for sort in theory.sorts.values():
        listed = given.get(sort.name, sort.elements)
        if not isinstance(listed, list | tuple) or not all(isinstance(e, str) for e in listed) or not listed:
            raise BadModel(f"no domain for the sort '{sort.name}'")
        domain = tuple(str(e) for e in listed)
        if len(set(domain)) < len(domain):
            raise BadModel(f"the domain of '{sort.name}' lists an element twice")
        if sort.elements is not None and set(domain) != set(sort.elements):
            raise BadModel(f"the closed sort '{sort.name}' must have exactly its elements")
        domains[sort.name] = domain
    sets = {name: frozenset(d) for name, d in domains.items()}
    functions: dict[str, dict[tuple[str, ...], str]] = {}
    rows_of = _table(data.get("functions"))
    if given.keys() - theory.sorts.keys() or rows_of.keys() - theory.functions.keys():
        raise BadModel("it interprets a name the theory does not have")
    for f in theory.functions.values():
        table: dict[tuple[str, ...], str] = {}
        rows = rows_of.get(f.name)
        if f.name not in rows_of and not f.sorts and f.name in sets[f.result]:
            functions[f.name] = {(): f.name}
            continue
        if not isinstance(rows, list):
            raise BadModel(f"'{f.name}' has no interpretation")
        for row in rows:
            *args, value = _row(row, len(f.sorts) + 1)
            if value not in sets[f.result] or any(a not in sets[s] for a, s in zip(args, f.sorts, strict=True)):
                raise BadModel(f"a value of '{f.name}' lies outside its sort")
            if table.setdefault(tuple(args), value) != value:
                raise BadModel(f"'{f.name}' has two values at one place")
        size = 1
        for s in f.sorts:
            size *= len(domains[s])
        if len(table) != size:
            raise BadModel(f"'{f.name}' is not total")
        functions[f.name] = table
    predicates: dict[str, set[tuple[str, ...]]] = {}
    for name, extension in _table(data.get("predicates")).items():
        p = theory.predicates.get(name)
        if p is None or not isinstance(extension, list):
            raise BadModel(f"'{name}' is no predicate of the theory")
        width = len(p.sorts)
        predicates[name] = {tuple(_row(row, width)) for row in extension}
        if any(not sets[s].issuperset([row[i] for row in predicates[name]]) for i, s in enumerate(p.sorts)):
            raise BadModel(f"'{name}' holds of something outside its sort")
    if data.get("tables") is True:
        for name, facts in theory.facts.items():
            cells = {c: functions[c][()] if c in functions else c for row in facts for c in row}
            predicates.setdefault(name, set()).update(tuple([cells[c] for c in row]) for row in facts)
    return Structure(domains, functions, predicates, frozenset(theory.elements))


def _table(value: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise BadModel("the structure is not a JSON object of tables")
    return value


def _row(row: JsonValue, width: int) -> list[str]:
    if not isinstance(row, list) or len(row) != width:
        raise BadModel("a row is not a list of names of the right length")
    names = [e for e in row if isinstance(e, str)]
    if len(names) != width:
        raise BadModel("a row is not a list of names of the right length")
    return names
