"""Sentences as rules, for the semantics that run forward. Part of what has to be trusted; imports no solver.

A rule is a conjunction of literals that implies a literal, over universally quantified variables; a fact is a rule
without conditions. A disjunctive condition is several rules, a conjunctive result is several rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from quod.backends.fol.syntax import (
    And,
    App,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
    Or,
    Pred,
    Sentence,
    Theory,
    Var,
    atoms,
)

__all__ = ["Literal", "NotARule", "Rule", "ground", "positive", "rules_of", "stratify", "truth"]


class NotARule(Exception):  # noqa: N818 - says what the semantics cannot read
    """The sentence is no rule; the message says why."""


Slot = Var | str
"""A variable, or the name of a constant."""


class Literal(NamedTuple):
    """A predicate or its explicit negation. A tuple, since there may be 10⁵ of them to hash."""

    sign: bool
    name: str
    args: tuple[Slot, ...]

    @property
    def complement(self) -> Literal:
        """The same with the other sign."""
        return Literal(not self.sign, self.name, self.args)


@dataclass(frozen=True, slots=True)
class Rule:
    """``body`` implies ``head``; ``variables`` are (name, sort), ``sentence`` the id it comes from."""

    sentence: str
    variables: tuple[tuple[str, str], ...]
    body: tuple[Literal, ...]
    head: Literal


def rules_of(s: Sentence) -> list[Rule]:
    """The rules of one sentence. Raises NotARule."""
    f = s.formula
    variables: list[tuple[str, str]] = []
    while isinstance(f, Forall):
        if any(f.var == v for v, _ in variables):
            raise NotARule("a variable is bound twice")
        variables.append((f.var, f.sort))
        f = f.body
    bodies, heads = ([()], f) if not isinstance(f, Implies) else (_bodies(f.left, variables), f.right)
    return [Rule(s.id, tuple(variables), body, head) for head in _heads(heads) for body in bodies]


def _literal(f: Formula) -> Literal:
    sign = True
    while isinstance(f, Not):
        sign, f = not sign, f.body
    if not isinstance(f, Pred):
        raise NotARule("only predicates and their negations can stand in a rule")
    return Literal(sign, f.name, _slots(f))


def _slots(p: Pred) -> tuple[Slot, ...]:
    """Its arguments. Raises NotARule."""
    if any(isinstance(a, App) and a.args for a in p.args):
        raise NotARule("functions cannot stand in a rule")
    return tuple([a if isinstance(a, Var) else a.name for a in p.args])


def _heads(f: Formula) -> list[Literal]:
    if isinstance(f, And):
        return [h for g in f.parts for h in _heads(g)]
    if isinstance(f, Not) and isinstance(f.body, Or):
        return [h for g in f.body.parts for h in _heads(Not(g))]
    if isinstance(f, Or):
        raise NotARule("a rule cannot leave open which of several things follows")
    return [_literal(f)]


def _bodies(f: Formula, variables: list[tuple[str, str]]) -> list[tuple[Literal, ...]]:
    """A condition as alternatives of conjunctions; an ``∃`` in a condition is one more variable of the rule."""
    if isinstance(f, Exists):
        if any(f.var == v for v, _ in variables):
            raise NotARule("a variable is bound twice")
        variables.append((f.var, f.sort))
        return _bodies(f.body, variables)
    if isinstance(f, And):
        made: list[tuple[Literal, ...]] = [()]
        for g in f.parts:
            made = [(*a, *b) for a in made for b in _bodies(g, variables)]
            if len(made) > 64:
                raise NotARule("a condition has too many alternatives")
        return made
    if isinstance(f, Or):
        return [b for g in f.parts for b in _bodies(g, variables)]
    return [(_literal(f),)]


def truth(f: Formula, known: set[Literal], closed: bool) -> bool | None:
    """The value of a question without quantifiers: true, false or open (Kleene's strong tables).

    ``closed`` reads what is not known as false. Raises NotARule for quantifiers and equations.
    """
    if any(not isinstance(a, Pred) for a in atoms(f)):
        raise NotARule("the question must be about predicates")
    return _truth(f, known, closed)


def positive(p: Pred) -> Literal:
    """The literal that an atom is. Raises NotARule."""
    return Literal(True, p.name, _slots(p))


def _truth(f: Formula, known: set[Literal], closed: bool) -> bool | None:
    if isinstance(f, Pred):
        literal = positive(f)
        if literal in known:
            return True
        return False if closed or literal.complement in known else None
    if isinstance(f, Not):
        inner = _truth(f.body, known, closed)
        return None if inner is None else not inner
    if isinstance(f, And | Or):
        values = [_truth(g, known, closed) for g in f.parts]
        deciding = isinstance(f, Or)
        if deciding in values:
            return deciding
        return None if None in values else not deciding
    raise NotARule("the question must be one statement about named things, without quantifiers or conditions")


def ground(literal: Literal, env: dict[str, str]) -> Literal:
    """The literal with its variables replaced."""
    return Literal(literal.sign, literal.name, tuple([a if isinstance(a, str) else env[a.name] for a in literal.args]))


def stratify(rules: list[Rule]) -> dict[str, int]:
    """A stratum for every predicate: above those it needs absent, not below those it needs. Raises NotARule."""
    level = {lit.name: 0 for r in rules for lit in (*r.body, r.head)}
    for _ in range(len(level) + 1):
        changed = False
        for r in rules:
            for lit in r.body:
                needed = level[lit.name] + (not lit.sign)
                if level[r.head.name] < needed:
                    level[r.head.name] = needed
                    changed = True
        if not changed:
            return level
    raise NotARule("negation as failure goes round in a circle")


def constants(theory: Theory) -> dict[str, list[str]]:
    """Everything named, by sort: what unguarded variables range over."""
    found: dict[str, list[str]] = {s: [] for s in theory.sorts}
    for sort in theory.sorts.values():
        found[sort.name] += sort.elements or ()
    for f in theory.functions.values():
        if not f.sorts and theory.sorts[f.result].elements is None:
            found[f.result].append(f.name)
    return found


class Store:
    """Ground literals with indexes for joining rule bodies."""

    def __init__(self, domain: dict[str, list[str]]) -> None:
        self.known: set[Literal] = set()
        self.by_name: dict[tuple[bool, str], list[Literal]] = {}
        self.index: dict[tuple[bool, str, tuple[int, ...]], dict[tuple[Slot, ...], list[Literal]]] = {}
        self.places: dict[tuple[bool, str], list[tuple[int, ...]]] = {}
        self.domain = domain

    def add(self, literal: Literal) -> None:
        """Add one literal."""
        if literal in self.known:
            return
        self.known.add(literal)
        key = (literal.sign, literal.name)
        self.by_name.setdefault(key, []).append(literal)
        for places in self.places.get(key, ()):
            self.index[(*key, places)].setdefault(tuple([literal.args[i] for i in places]), []).append(literal)

    def matching(self, pattern: Literal, env: dict[str, str]) -> list[Literal]:
        """Known literals that agree with a pattern where its arguments are known."""
        key = (pattern.sign, pattern.name)
        places = tuple([i for i, a in enumerate(pattern.args) if isinstance(a, str) or a.name in env])
        table = self.index.get((*key, places))
        if table is None:
            table = self.index[(*key, places)] = {}
            self.places.setdefault(key, []).append(places)
            for literal in self.by_name.get(key, ()):
                table.setdefault(tuple([literal.args[i] for i in places]), []).append(literal)
        wanted = tuple([a if isinstance(a, str) else env[a.name] for a in (pattern.args[i] for i in places)])
        return table.get(wanted, [])

    def instances(
        self, rule: Rule, env: dict[str, str], skip: int = -1, absent: bool = False
    ) -> Iterator[dict[str, str]]:
        """Bindings of all the rule's variables under which its body is known (its negative part absent, if so read)."""
        positive = [b for i, b in enumerate(rule.body) if i != skip and (b.sign or not absent)]
        yield from self._join(rule, positive, env, absent)

    def _join(self, rule: Rule, todo: list[Literal], env: dict[str, str], absent: bool) -> Iterator[dict[str, str]]:
        if todo:
            k = 0
            if len(todo) > 1:
                k = max(range(len(todo)), key=lambda i: sum(isinstance(a, str) or a.name in env for a in todo[i].args))
            pattern, rest = todo[k], todo[:k] + todo[k + 1 :]
            for literal in list(self.matching(pattern, env)):
                new = bind(pattern, literal, env)
                if new is not None:
                    yield from self._join(rule, rest, new, absent)
            return
        loose = [(v, s) for v, s in rule.variables if v not in env]
        if loose:
            v, sort = loose[0]
            for c in self.domain[sort]:
                yield from self._join(rule, [], {**env, v: c}, absent)
            return
        if not absent or not any(ground(b.complement, env) in self.known for b in rule.body if not b.sign):
            yield env


def bind(pattern: Literal, literal: Literal, env: dict[str, str]) -> dict[str, str] | None:
    """The bindings that make the pattern the ground literal, or None."""
    new = dict(env)
    for a, value in zip(pattern.args, literal.args, strict=True):
        assert isinstance(value, str)
        if isinstance(a, str):
            if a != value:
                return None
        elif new.setdefault(a.name, value) != value:
            return None
    return new
