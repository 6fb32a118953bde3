"""The abstract syntax of many-sorted first-order logic with equality, and of a theory written in it.

Terms and formulas are immutable. Conjunction and disjunction are n-ary so that long ones stay shallow; nesting
is bounded by :data:`MAX_DEPTH`, which is what lets every function over formulas be plainly recursive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = [
    "COMPARISONS",
    "MAX_DEPTH",
    "And",
    "App",
    "Bool",
    "Compare",
    "Eq",
    "Exists",
    "Forall",
    "Formula",
    "Function",
    "Iff",
    "Implies",
    "Not",
    "Or",
    "Pred",
    "Predicate",
    "Question",
    "Sentence",
    "Sort",
    "Term",
    "Theory",
    "Var",
    "Xor",
    "atoms",
    "children",
    "constants_of",
    "free_variables",
    "negation",
    "symbols",
    "terms",
]

MAX_DEPTH = 100
"""Deepest nesting of formulas and of terms."""

DEFAULT_SORT = "thing"
"""The sort of whatever is declared without one."""

COMPARISONS = ("<", "<=", ">", ">=")
"""Relations between the elements of one numeric sort."""


@dataclass(frozen=True, slots=True)
class Var:
    """A bound variable."""

    name: str


@dataclass(frozen=True, slots=True)
class App:
    """A constant (no arguments) or a function applied to terms."""

    name: str
    args: tuple[Term, ...] = ()


Term = Var | App


@dataclass(frozen=True, slots=True)
class Bool:
    """Truth or falsity."""

    value: bool


@dataclass(frozen=True, slots=True)
class Pred:
    """A predicate applied to terms."""

    name: str
    args: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Eq:
    """Equality of two terms of one sort."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right`` between terms of one numeric sort."""

    op: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    body: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction of two or more."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction of two or more."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    """Implication."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    """Equivalence."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Xor:
    """Exclusive disjunction."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Forall:
    """Universal quantification over a sort."""

    var: str
    sort: str
    body: Formula


@dataclass(frozen=True, slots=True)
class Exists:
    """Existential quantification over a sort."""

    var: str
    sort: str
    body: Formula


Formula = Bool | Pred | Eq | Compare | Not | And | Or | Implies | Iff | Xor | Forall | Exists
Atom = Pred | Eq | Compare


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort: open (any non-empty set) or closed (exactly the elements listed, all different)."""

    name: str
    elements: tuple[str, ...] | None = None
    numeric: bool = False
    """Its elements are integers, in order; comparisons apply."""
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A declared predicate. ``params`` are the names its gloss uses for its arguments."""

    name: str
    sorts: tuple[str, ...]
    params: tuple[str, ...] = ()
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A declared function, or a constant if it takes no argument."""

    name: str
    sorts: tuple[str, ...]
    result: str
    params: tuple[str, ...] = ()
    gloss: str = ""
    injective: bool = False
    """Different arguments have different values; between closed sorts of one size that makes it a bijection."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One formula of the theory with its id, the words it stands for and its line in the formal text."""

    id: str
    formula: Formula
    words: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: whether one formula follows, which of several options does, or what the solutions are."""

    kind: str
    """``entails`` (one formula), ``choice`` (options) or ``find`` (every solution of a puzzle)."""
    formulas: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Theory:
    """A whole formal text, resolved: every name declared, every variable bound, sorts agreeing."""

    sorts: dict[str, Sort]
    functions: dict[str, Function]
    """Functions and constants by name; the elements of closed sorts are not among them."""
    predicates: dict[str, Predicate]
    premises: tuple[Sentence, ...]
    question: Question
    facts: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """Rows of tables: by predicate, tuples of constants."""
    elements: dict[str, str] = field(default_factory=dict)
    """Elements of closed sorts, to their sort."""

    def is_closed(self, sort: str) -> bool:
        """Whether the elements of a sort are listed."""
        return self.sorts[sort].elements is not None

    def sort_of(self, term: Term, scope: dict[str, str]) -> str:
        """The sort of a well-formed term, given the sorts of its variables."""
        if isinstance(term, Var):
            return scope[term.name]
        return self.elements.get(term.name) or self.functions[term.name].result


def negation(f: Formula) -> Formula:
    """The negation, without a double one."""
    return f.body if isinstance(f, Not) else Not(f)


def children(f: Formula) -> tuple[Formula, ...]:
    """The direct subformulas."""
    match f:
        case Not(body) | Forall(_, _, body) | Exists(_, _, body):
            return (body,)
        case And(parts) | Or(parts):
            return parts
        case Implies(left, right) | Iff(left, right) | Xor(left, right):
            return (left, right)
    return ()


def atoms(f: Formula) -> Iterator[Atom]:
    """Every atomic subformula, left to right."""
    stack = [f]
    while stack:
        g = stack.pop()
        if isinstance(g, Pred | Eq | Compare):
            yield g
        stack.extend(reversed(children(g)))


def atom_terms(a: Atom) -> tuple[Term, ...]:
    """The terms an atom is about."""
    return a.args if isinstance(a, Pred) else (a.left, a.right)


def terms(f: Formula) -> Iterator[Term]:
    """Every term and subterm occurring in a formula."""
    for a in atoms(f):
        stack = list(atom_terms(a))
        while stack:
            t = stack.pop()
            yield t
            if isinstance(t, App):
                stack.extend(t.args)


def symbols(f: Formula) -> set[str]:
    """Names of the predicates, functions and constants in a formula."""
    found = {t.name for t in terms(f) if isinstance(t, App)}
    return found | {a.name for a in atoms(f) if isinstance(a, Pred)}


def constants_of(f: Formula) -> set[str]:
    """Names of the constants in a formula."""
    return {t.name for t in terms(f) if isinstance(t, App) and not t.args}


def free_variables(f: Formula) -> frozenset[str]:
    """Names of the variables with a free occurrence."""
    match f:
        case Pred() | Eq() | Compare():
            stack = list(atom_terms(f))
            found: set[str] = set()
            while stack:
                t = stack.pop()
                if isinstance(t, Var):
                    found.add(t.name)
                else:
                    stack.extend(t.args)
            return frozenset(found)
        case Forall(var, _, body) | Exists(var, _, body):
            return free_variables(body) - {var}
    return frozenset().union(*(free_variables(g) for g in children(f)))
