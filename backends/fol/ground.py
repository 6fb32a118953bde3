"""From formulas to propositional clauses, deterministically. Part of what has to be trusted; imports no solver.

Each sentence becomes *matrices*: quantifier-free trees over universally quantified variables of open sorts.
Quantifiers over closed sorts are written out; existential quantifiers over open sorts become Skolem functions of
the variables free in their body. A refutation then only names, for each matrix, ground terms to put for its
variables; this module turns those instances into clauses, and the same code runs for who searches and who checks.

Closed sorts need no theory: an atom about ``f(a)`` with values in a closed sort is rewritten over the atoms
``f(a) = e``, and exactly one of those holds for every such term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from quod.backends.fol.syntax import (
    And,
    App,
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
    Sentence,
    Term,
    Theory,
    Var,
    Xor,
    free_variables,
)

__all__ = ["Clauses", "Ground", "Matrix", "TooBig", "axioms", "literals_of", "matrices", "substitute", "witness"]

Atom = Pred | Eq | Compare
Tree = tuple[str, tuple["Tree", ...]] | tuple[bool, Atom]
"""``("and", trees)``, ``("or", trees)`` or a literal ``(sign, atom)``."""

TRUE: Tree = ("and", ())
FALSE: Tree = ("or", ())
RESERVED = "\n"
"""Names made here start with a line break, which no name of a formal text can hold."""


class TooBig(Exception):  # noqa: N818 - a limit, not an error of anyone's
    """Writing this out would take more than the limit."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """One conjunct of a sentence: ``tree`` holds for all values of ``variables`` (name, sort)."""

    sentence: str
    variables: tuple[tuple[str, str], ...]
    tree: Tree


def witness(sort: str) -> App:
    """A constant that stands for some element of a sort; every sort has one."""
    return App(f"{RESERVED}any:{sort}")


def axioms(theory: Theory) -> tuple[Sentence, ...]:
    """What the declarations say by themselves: injective functions send different arguments to different values."""
    found = []
    for f in theory.functions.values():
        if f.injective and f.sorts:
            one = tuple(Var(f"x{i}") for i in range(len(f.sorts)))
            two = tuple(Var(f"y{i}") for i in range(len(f.sorts)))
            same: tuple[Formula, ...] = tuple(Eq(a, b) for a, b in zip(one, two, strict=True))
            body: Formula = Implies(Eq(App(f.name, one), App(f.name, two)), And(same) if len(same) > 1 else same[0])
            for v, sort in zip((*one, *two), f.sorts * 2, strict=True):
                body = Forall(v.name, sort, body)
            found.append(Sentence(f"{RESERVED}injective:{f.name}", body, f"{f.name} takes different values"))
    return tuple(found)


@dataclass
class _Normalizer:
    """NNF, Skolemization and expansion of one sentence in a single walk."""

    theory: Theory
    sentence: str
    limit: int
    nodes: int = 0
    variables: dict[str, str] = field(default_factory=dict)
    skolems: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)

    def walk(self, f: Formula, sign: bool, env: dict[str, Term]) -> Tree:
        self.nodes += 1
        if self.nodes > self.limit:
            raise TooBig
        match f:
            case Bool(value):
                return TRUE if value == sign else FALSE
            case Pred() | Eq() | Compare():
                return (sign, substitute_atom(f, env))
            case Not(body):
                return self.walk(body, not sign, env)
            case And(parts) | Or(parts):
                kind = "and" if isinstance(f, And) == sign else "or"
                return join(kind, [self.walk(g, sign, env) for g in parts])
            case Implies(left, right):
                return join("or" if sign else "and", [self.walk(left, not sign, env), self.walk(right, sign, env)])
            case Iff(left, right) | Xor(left, right):
                same = isinstance(f, Iff) == sign
                one = [self.walk(left, False, env), self.walk(right, same, env)]
                two = [self.walk(left, True, env), self.walk(right, not same, env)]
                return join("and", [join("or", one), join("or", two)])
            case Forall(var, sort, body) | Exists(var, sort, body):
                universal = isinstance(f, Forall) == sign
                elements = self.theory.sorts[sort].elements
                if elements is not None:
                    each = [self.walk(body, sign, {**env, var: App(e)}) for e in elements]
                    return join("and" if universal else "or", each)
                term: Term = self.fresh(sort) if universal else self.skolem(f, sort, env)
                return self.walk(body, sign, {**env, var: term})

    def fresh(self, sort: str) -> Var:
        name = f"{RESERVED}{len(self.variables)}"
        self.variables[name] = sort
        return Var(name)

    def skolem(self, f: Formula, sort: str, env: dict[str, Term]) -> App:
        needed: dict[str, None] = {}
        for name in sorted(free_variables(f)):
            needed.update(dict.fromkeys(variables_of(env[name])))
        name = f"{RESERVED}sk:{self.sentence}:{len(self.skolems)}"
        self.skolems[name] = (tuple(self.variables[v] for v in needed), sort)
        return App(name, tuple(Var(v) for v in needed))


def join(kind: str, trees: list[Tree]) -> Tree:
    """A conjunction or disjunction, flattened and simplified."""
    absorbing, neutral = (FALSE, TRUE) if kind == "and" else (TRUE, FALSE)
    flat: list[Tree] = []
    for tree in trees:
        if tree == absorbing:
            return absorbing
        if tree == neutral:
            continue
        if tree[0] == kind:
            flat.extend(tree[1])
        else:
            flat.append(tree)
    return flat[0] if len(flat) == 1 else (kind, tuple(flat))


def variables_of(t: Term) -> Iterator[str]:
    """The variables of a term, left to right."""
    if isinstance(t, Var):
        yield t.name
    else:
        for a in t.args:
            yield from variables_of(a)


def substitute(t: Term, env: dict[str, Term]) -> Term:
    """The term with its variables replaced."""
    if isinstance(t, Var):
        return env.get(t.name, t)
    return App(t.name, tuple(substitute(a, env) for a in t.args)) if t.args else t


def substitute_atom(a: Atom, env: dict[str, Term]) -> Atom:
    """The atom with its variables replaced."""
    match a:
        case Pred(name, args):
            return Pred(name, tuple(substitute(t, env) for t in args))
        case Eq(left, right):
            return Eq(substitute(left, env), substitute(right, env))
        case Compare(op, left, right):
            return Compare(op, substitute(left, env), substitute(right, env))


def substitute_tree(tree: Tree, env: dict[str, Term]) -> Tree:
    """The tree with its variables replaced."""
    if isinstance(tree[0], bool):
        return (tree[0], substitute_atom(tree[1], env))
    return (tree[0], tuple(substitute_tree(t, env) for t in tree[1]))


def literals_of(tree: Tree) -> Iterator[tuple[bool, Atom]]:
    """The literals of a tree, left to right."""
    if isinstance(tree[0], bool):
        yield tree
    else:
        for t in tree[1]:
            yield from literals_of(t)


def matrices(
    theory: Theory, sentence: Sentence, limit: int = 500_000
) -> tuple[list[Matrix], dict[str, tuple[tuple[str, ...], str]]]:
    """The matrices of one sentence and the Skolem functions they use (name to argument sorts and sort).

    Raises TooBig when more than ``limit`` nodes would be written.
    """
    normal = _Normalizer(theory, sentence.id, limit)
    tree = normal.walk(sentence.formula, True, {})
    found = []
    for part in tree[1] if tree[0] == "and" else (tree,):
        used: dict[str, None] = {}
        for _, a in literals_of(part):
            for t in a.args if isinstance(a, Pred) else (a.left, a.right):
                used.update(dict.fromkeys(variables_of(t)))
        pairs = tuple((v, normal.variables[v]) for v in used)
        found.append(Matrix(sentence.id, pairs, part))
    return found, normal.skolems


@dataclass
class Clauses:
    """Clauses over numbered atoms. Numbers are handed out in order of first use, so equal input means equal output."""

    number: dict[Atom, int] = field(default_factory=dict)
    atoms: dict[int, Atom] = field(default_factory=dict)
    clauses: list[tuple[int, ...]] = field(default_factory=list)
    last: int = 0

    def new(self) -> int:
        """A fresh number."""
        self.last += 1
        return self.last

    def of(self, atom: Atom) -> int:
        """The number of an atom."""
        known = self.number.get(atom)
        if known is None:
            known = self.number[atom] = self.new()
            self.atoms[known] = atom
        return known

    def add(self, tree: Tree) -> None:
        """Assert a ground tree (Plaisted and Greenbaum, 1986: names only go one way)."""
        if tree[0] == "and":
            for t in tree[1]:
                self.add(t)
            return
        parts: Iterable[Tree] = tree[1] if tree[0] == "or" else (tree,)
        clause = tuple(dict.fromkeys(self.literal(t) for t in parts))
        if not any(-lit in clause for lit in clause):
            self.clauses.append(clause)

    def literal(self, tree: Tree) -> int:
        """A number that implies the tree."""
        if isinstance(tree[0], bool):
            n = self.of(tree[1])
            return n if tree[0] else -n
        name = self.new()
        if tree[0] == "and":
            for t in tree[1]:
                self.clauses.append((-name, self.literal(t)))
        else:
            self.clauses.append((-name, *dict.fromkeys(self.literal(t) for t in tree[1])))
        return name


class Ground:
    """Instances of matrices as clauses, with the facts about closed sorts that they need."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        self.clauses = Clauses()
        self.valued: dict[App, str] = {}
        """Terms with values in a closed sort, seen so far, to that sort."""
        self.skolem_results: dict[str, str] = {}

    def sort(self, t: App) -> str:
        """The sort of a ground term, Skolem functions and witnesses included."""
        if t.name in self.skolem_results:
            return self.skolem_results[t.name]
        if t.name.startswith(RESERVED + "any:"):
            return t.name[len(RESERVED) + 4 :]
        return self.theory.elements.get(t.name) or self.theory.functions[t.name].result

    def instance(self, matrix: Matrix, terms: Iterable[App]) -> None:
        """Assert a matrix with ground terms for its variables."""
        env: dict[str, Term] = {name: t for (name, _), t in zip(matrix.variables, terms, strict=True)}
        self.clauses.add(self.flat(substitute_tree(matrix.tree, env)))
        self.close()

    def close(self) -> None:
        """Every term seen with values in a closed sort has exactly one of them."""
        done = getattr(self, "_closed", 0)
        for t, sort in list(self.valued.items())[done:]:
            literals = [self.clauses.of(Eq(t, App(e))) for e in self.theory.sorts[sort].elements or ()]
            self.clauses.clauses.append(tuple(literals))
            for i, a in enumerate(literals):
                for b in literals[i + 1 :]:
                    self.clauses.clauses.append((-a, -b))
        self._closed = len(self.valued)

    def flat(self, tree: Tree) -> Tree:
        """The tree over atoms whose arguments are elements or terms of open sorts."""
        if not isinstance(tree[0], bool):
            return join(tree[0], [self.flat(t) for t in tree[1]])
        return self.flat_literal(tree[0], tree[1])

    def flat_literal(self, sign: bool, atom: Atom) -> Tree:
        """One literal in that form."""
        value = self.decided(atom)
        if value is not None:
            return TRUE if value == sign else FALSE
        term = self.pending(atom)
        if term is None:
            if isinstance(atom, Eq) and repr(atom.left) > repr(atom.right) and not self.is_value(atom.right):
                atom = Eq(atom.right, atom.left)
            if isinstance(atom, Eq) and self.is_value(atom.left):
                atom = Eq(atom.right, atom.left)
            return (sign, atom)
        sort = self.sort(term)
        self.valued.setdefault(term, sort)
        each: list[Tree] = []
        for e in self.theory.sorts[sort].elements or ():
            value_here = App(e)
            rest = self.flat_literal(sign, replace_atom(atom, term, value_here))
            each.append(join("or", [(False, Eq(term, value_here)), rest]))
        return join("and", each)

    def is_value(self, t: Term) -> bool:
        """Whether a term is an element of a closed sort."""
        return isinstance(t, App) and not t.args and t.name in self.theory.elements

    def decided(self, atom: Atom) -> bool | None:
        """The truth value an atom has in every model, where it has one."""
        if isinstance(atom, Pred):
            return None
        if isinstance(atom, Compare):
            if self.is_value(atom.left) and self.is_value(atom.right):
                a, b = int(atom.left.name), int(atom.right.name)
                return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[atom.op]
            return None
        if atom.left == atom.right:
            return True
        if self.is_value(atom.left) and self.is_value(atom.right):
            return False
        return None

    def pending(self, atom: Atom) -> App | None:
        """The innermost, leftmost term with values in a closed sort that has still to be replaced."""
        if isinstance(atom, Eq):
            left, right = atom.left, atom.right
            for one, other in ((left, right), (right, left)):
                if self.is_value(other) and isinstance(one, App):
                    inner = next((t for a in one.args if (t := self.inner(a))), None)
                    if inner is None:
                        self.valued.setdefault(one, self.sort(one))
                    return inner
        candidates = atom.args if isinstance(atom, Pred) else (atom.left, atom.right)
        return next((t for a in candidates if (t := self.inner(a))), None)

    def inner(self, t: Term) -> App | None:
        """The innermost such term within a term."""
        assert isinstance(t, App)
        for a in t.args:
            found = self.inner(a)
            if found:
                return found
        if self.is_value(t) or not self.theory.is_closed(self.sort(t)):
            return None
        return t


def replace(t: Term, old: App, new: App) -> Term:
    """The term with one subterm replaced throughout."""
    if t == old:
        return new
    if isinstance(t, App) and t.args:
        return App(t.name, tuple(replace(a, old, new) for a in t.args))
    return t


def replace_atom(a: Atom, old: App, new: App) -> Atom:
    """The atom with one subterm replaced throughout."""
    match a:
        case Pred(name, args):
            return Pred(name, tuple(replace(t, old, new) for t in args))
        case Eq(left, right):
            return Eq(replace(left, old, new), replace(right, old, new))
        case Compare(op, left, right):
            return Compare(op, replace(left, old, new), replace(right, old, new))
