"""The abstract syntax of PDDL 2.1, levels 1 to 3, with derived predicates. Plain data; no behaviour.

Every node carries ``at``, the offset of its first character in the text it came from, so that anything found
wrong later can still be shown to the person. ``types`` are frozen sets of type names: ``either`` has several.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

__all__ = [
    "Action",
    "Add",
    "And",
    "Arith",
    "Assign",
    "Compare",
    "Delete",
    "Derived",
    "Domain",
    "Effect",
    "Eq",
    "Exists",
    "Expr",
    "Fluent",
    "ForAll",
    "ForEach",
    "Formula",
    "Imply",
    "InitFact",
    "InitValue",
    "Metric",
    "Not",
    "Num",
    "Or",
    "Param",
    "Pred",
    "ProblemDef",
    "Sequence",
    "Signature",
    "Source",
    "Term",
    "TimedEffect",
    "TimedFormula",
    "TypeDecl",
    "When",
]

OBJECT = frozenset({"object"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a definition came from: its text, and the name of the context file if it is one."""

    text: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A variable (``?x``) or an object."""

    name: str
    at: int = 0

    @property
    def is_variable(self) -> bool:
        """Whether it begins with a question mark."""
        return self.name.startswith("?")


@dataclass(frozen=True, slots=True)
class Param:
    """A declared name with its types."""

    name: str
    types: frozenset[str]
    at: int = 0


# --- conditions --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pred:
    """A predicate applied to terms."""

    name: str
    args: tuple[Term, ...]
    at: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Eq:
    """Two terms are the same object."""

    left: Term
    right: Term
    at: int = 0


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction; the empty one is true."""

    parts: tuple[Formula, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction; the empty one is false."""

    parts: tuple[Formula, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    part: Formula
    at: int = 0


@dataclass(frozen=True, slots=True)
class Imply:
    """If left then right."""

    left: Formula
    right: Formula
    at: int = 0


@dataclass(frozen=True, slots=True)
class Exists:
    """Some objects satisfy the body."""

    params: tuple[Param, ...]
    body: Formula
    at: int = 0


@dataclass(frozen=True, slots=True)
class ForAll:
    """All objects satisfy the body."""

    params: tuple[Param, ...]
    body: Formula
    at: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    """``op`` is one of < <= = >= >."""

    op: str
    left: Expr
    right: Expr
    at: int = 0


@dataclass(frozen=True, slots=True)
class TimedFormula:
    """In a durative action: ``when`` is ``start``, ``end`` or ``all`` (over all)."""

    when: str
    body: Formula
    at: int = 0


Formula = Pred | Eq | And | Or | Not | Imply | Exists | ForAll | Compare | TimedFormula


# --- numbers -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Num:
    """An exact number."""

    value: Fraction
    at: int = 0


@dataclass(frozen=True, slots=True)
class Fluent:
    """A numeric function applied to terms; ``?duration`` and ``total-time`` are fluents without arguments."""

    name: str
    args: tuple[Term, ...]
    at: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Arith:
    """``op`` is one of + - * /; minus with one argument negates."""

    op: str
    args: tuple[Expr, ...]
    at: int = 0


Expr = Num | Fluent | Arith


# --- effects -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Add:
    """Makes a fact true."""

    fact: Pred
    at: int = 0


@dataclass(frozen=True, slots=True)
class Delete:
    """Makes a fact false."""

    fact: Pred
    at: int = 0


@dataclass(frozen=True, slots=True)
class Assign:
    """``op`` is assign, increase, decrease, scale-up or scale-down."""

    op: str
    target: Fluent
    value: Expr
    at: int = 0


@dataclass(frozen=True, slots=True)
class When:
    """Conditional effect."""

    condition: Formula
    effect: Effect
    at: int = 0


@dataclass(frozen=True, slots=True)
class ForEach:
    """Universally quantified effect."""

    params: tuple[Param, ...]
    effect: Effect
    at: int = 0


@dataclass(frozen=True, slots=True)
class Sequence:
    """All of the parts at once."""

    parts: tuple[Effect, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class TimedEffect:
    """In a durative action: ``when`` is ``start`` or ``end``."""

    when: str
    effect: Effect
    at: int = 0


Effect = Add | Delete | Assign | When | ForEach | Sequence | TimedEffect


# --- definitions ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TypeDecl:
    """A type and its parents (several by ``either``)."""

    name: str
    parents: frozenset[str]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """A declared predicate or function."""

    name: str
    params: tuple[Param, ...]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Action:
    """An action; ``duration`` is a constraint on ``?duration`` for durative ones, None for the others."""

    name: str
    params: tuple[Param, ...]
    condition: Formula
    effect: Effect
    duration: Formula | None = None
    durative: bool = False
    at: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Derived:
    """``head`` holds wherever ``body`` does."""

    head: Signature
    body: Formula
    at: int = 0


@dataclass(slots=True)
class Domain:
    """A domain as read; nothing is checked yet."""

    name: str
    source: Source
    at: int = 0
    requirements: dict[str, int] = field(default_factory=dict)
    requirements_at: int | None = None
    types: list[TypeDecl] = field(default_factory=list)
    constants: list[Param] = field(default_factory=list)
    predicates: list[Signature] = field(default_factory=list)
    functions: list[Signature] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    derived: list[Derived] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InitFact:
    """A fact true at the start, or, with ``time``, made true (or false) then."""

    fact: Pred
    negated: bool = False
    time: Fraction | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class InitValue:
    """A numeric function's value at the start (or from ``time`` on)."""

    target: Fluent
    value: Fraction
    time: Fraction | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Metric:
    """What is minimized or maximized."""

    minimize: bool
    expr: Expr
    at: int = 0


@dataclass(slots=True)
class ProblemDef:
    """A problem as read; nothing is checked yet."""

    name: str
    source: Source
    at: int = 0
    domain: str = ""
    domain_at: int = 0
    requirements: dict[str, int] = field(default_factory=dict)
    objects: list[Param] = field(default_factory=list)
    init: list[InitFact] = field(default_factory=list)
    values: list[InitValue] = field(default_factory=list)
    goal: Formula = And(())
    goal_at: int = 0
    init_at: int = 0
    metric: Metric | None = None
