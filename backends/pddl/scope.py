"""Checks conditions, effects and facts against the declarations in force where they stand."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Protocol

from quod.backends.pddl import codes
from quod.backends.pddl.syntax import (
    Add,
    And,
    Arith,
    Assign,
    Compare,
    Delete,
    Effect,
    Eq,
    Exists,
    Expr,
    Fluent,
    ForAll,
    ForEach,
    Formula,
    Imply,
    Not,
    Or,
    Param,
    Pred,
    Signature,
    Source,
    Term,
    TimedEffect,
    TimedFormula,
    When,
)
from quod.backends.pddl.syntax import Sequence as EffectSequence
from quod.backends.pddl.task import TypeTree
from quod.core.diagnostics import Code

__all__ = ["Reporter", "Scope"]

SPECIAL = frozenset({"?duration", "#t", "total-time"})


class Reporter(Protocol):
    """Who keeps the declarations and the diagnostics."""

    types: TypeTree
    predicates: dict[str, Signature]
    functions: dict[str, Signature]

    @property
    def full(self) -> bool: ...
    def error(
        self, code: Code, message: str, source: Source, at: int, name: str = "(", hint: str | None = None
    ) -> None: ...
    def warning(
        self, code: Code, message: str, source: Source, at: int, name: str = "(", hint: str | None = None
    ) -> None: ...
    def known_types(self, params: Iterable[Param], source: Source) -> None: ...
    def distinct(self, params: Sequence[Param], source: Source, where: str) -> None: ...


class Scope:
    """Names in force: objects, and the variables bound so far."""

    def __init__(
        self,
        reporter: Reporter,
        source: Source,
        objects: dict[str, frozenset[str]],
        where: str,
        *,
        ground: bool = False,
        variables: dict[str, frozenset[str]] | None = None,
        used: set[str] | None = None,
    ) -> None:
        self.reporter = reporter
        self.source = source
        self.objects = objects
        self.where = where
        self.ground = ground
        self.variables = variables or {}
        self.used: set[str] = set() if used is None else used

    def inside(self, params: Iterable[Param]) -> Scope:
        """A scope with more variables."""
        bound = {**self.variables, **{p.name: p.types for p in params}}
        return Scope(self.reporter, self.source, self.objects, self.where, variables=bound, used=self.used)

    def _near(self, name: str, known: Iterable[str]) -> str | None:
        """A suggestion, unless nobody would see it any more."""
        return None if self.reporter.full else _near(name, known)

    # --- terms and atoms ------------------------------------------------------------------------------------
    def term(self, term: Term) -> frozenset[str] | None:
        """The types of a term, or None with an error."""
        if term.is_variable:
            if self.ground:
                message = f"variable {term.name} in {self.where}, where only objects may stand"
                self.reporter.error(codes.VARIABLE_IN_GROUND, message, self.source, term.at, term.name)
                return None
            types = self.variables.get(term.name)
            if types is None:
                hint = self._near(term.name, self.variables)
                message = f"variable {term.name} is not bound in {self.where}"
                self.reporter.error(codes.UNBOUND_VARIABLE, message, self.source, term.at, term.name, hint)
            self.used.add(term.name)
            return types
        types = self.objects.get(term.name)
        if types is None:
            hint = self._near(term.name, self.objects)
            if "?" + term.name in self.variables:
                hint = f"did you mean the variable ?{term.name}?"
            message = f"object {term.name} in {self.where} is not declared"
            self.reporter.error(codes.UNKNOWN_OBJECT, message, self.source, term.at, term.name, hint)
        return types

    def _arguments(self, what: str, signature: Signature, args: tuple[Term, ...], at: int) -> bool:
        ok = True
        found = [self.term(arg) for arg in args]
        if len(args) != len(signature.params):
            takes = len(signature.params)
            message = f"{what} {signature.name} takes {takes} argument{'s' * (takes != 1)}, here are {len(args)}"
            hint = f"declared as ({' '.join([signature.name, *(p.name for p in signature.params)])})"
            self.reporter.error(codes.WRONG_ARITY, message, self.source, at, signature.name, hint)
            return False
        for arg, types, param in zip(args, found, signature.params, strict=True):
            if types is None:
                ok = False
                continue
            if self.reporter.types.fits(types, param.types):
                continue
            message = f"{arg.name} is {_article(types)}, but {signature.name} wants {_article(param.types)} there"
            if arg.is_variable and self.reporter.types.may_fit(types, param.types):
                self.reporter.warning(codes.WRONG_TYPE, message, self.source, arg.at, arg.name)
            else:
                ok = False
                self.reporter.error(codes.WRONG_TYPE, message, self.source, arg.at, arg.name)
        return ok

    def atom(self, pred: Pred) -> bool:
        """Check a fact; True if there is nothing wrong with it."""
        signature = self.reporter.predicates.get(pred.name)
        if signature is None:
            hint = self._near(pred.name, self.reporter.predicates)
            if pred.name in self.reporter.functions:
                hint = "it is a numeric function"
            message = f"predicate {pred.name} is not declared"
            self.reporter.error(codes.UNKNOWN_PREDICATE, message, self.source, pred.at + 1, pred.name, hint)
            for arg in pred.args:
                self.term(arg)
            return False
        return self._arguments("predicate", signature, pred.args, pred.at + 1)

    def pred(self, name: str, params: tuple[Param, ...], at: int) -> None:
        """Check the head of a rule against its declaration."""
        signature = self.reporter.predicates.get(name)
        if signature is None:
            hint = self._near(name, self.reporter.predicates)
            self.reporter.error(
                codes.UNKNOWN_PREDICATE, f"predicate {name} is not declared", self.source, at, name, hint
            )
        elif len(signature.params) != len(params):
            message = f"predicate {name} takes {len(signature.params)} arguments, here are {len(params)}"
            self.reporter.error(codes.WRONG_ARITY, message, self.source, at, name)

    def fluent(self, fluent: Fluent) -> None:
        """Check a numeric function applied to terms."""
        if fluent.name in SPECIAL:
            return
        signature = self.reporter.functions.get(fluent.name)
        if signature is None:
            hint = self._near(fluent.name, self.reporter.functions)
            if fluent.name in self.reporter.predicates:
                hint = "it is a predicate, not a number"
            message = f"function {fluent.name} is not declared"
            at = fluent.at + (self.source.text[fluent.at : fluent.at + 1] == "(")
            self.reporter.error(codes.UNKNOWN_FUNCTION, message, self.source, at, fluent.name, hint)
            return
        self._arguments("function", signature, fluent.args, fluent.at + 1)

    # --- trees ----------------------------------------------------------------------------------------------
    def expr(self, expr: Expr) -> None:
        """Check a numeric expression."""
        match expr:
            case Fluent():
                self.fluent(expr)
            case Arith(_, args):
                for arg in args:
                    self.expr(arg)
            case _:
                pass

    def formula(self, formula: Formula, *, durative: bool = False) -> None:
        """Check a condition."""
        match formula:
            case Pred():
                self.atom(formula)
                self._needs_time(durative, formula.at)
            case Eq(left, right):
                self.term(left)
                self.term(right)
            case And(parts) | Or(parts):
                for part in parts:
                    self.formula(part, durative=durative)
            case Not(part):
                self.formula(part, durative=durative)
            case Imply(left, right):
                self.formula(left, durative=durative)
                self.formula(right, durative=durative)
            case Exists(params, body) | ForAll(params, body):
                self.reporter.known_types(params, self.source)
                self.reporter.distinct(params, self.source, "the quantifier")
                self.inside(params).formula(body, durative=durative)
            case Compare(_, left, right):
                self.expr(left)
                self.expr(right)
                self._needs_time(durative, formula.at)
            case TimedFormula(_, body):
                if not durative:
                    message = "'at start', 'at end' and 'over all' belong into durative actions"
                    self.reporter.error(codes.SYNTAX, message, self.source, formula.at)
                self.formula(body)

    def effect(self, effect: Effect, *, durative: bool = False) -> None:
        """Check an effect."""
        match effect:
            case Add(fact) | Delete(fact):
                self.atom(fact)
                self._needs_time(durative, effect.at)
            case Assign(_, target, value):
                self.fluent(target)
                self.expr(value)
                if any(f.name == "#t" for f in _fluents(value)):
                    message = "continuous change (#t) is not supported"
                    self.reporter.error(codes.UNSUPPORTED, message, self.source, effect.at)
                else:
                    self._needs_time(durative, effect.at)
            case When(condition, inner):
                self.formula(condition, durative=durative and _timed_inside(inner))
                self.effect(inner, durative=durative)
            case ForEach(params, inner):
                self.reporter.known_types(params, self.source)
                self.reporter.distinct(params, self.source, "the quantifier")
                self.inside(params).effect(inner, durative=durative)
            case EffectSequence(parts):
                for part in parts:
                    self.effect(part, durative=durative)
            case TimedEffect(_, inner):
                if not durative:
                    message = "'at start' and 'at end' belong into durative actions"
                    self.reporter.error(codes.SYNTAX, message, self.source, effect.at)
                self.effect(inner)

    def _needs_time(self, durative: bool, at: int) -> None:
        if durative:
            message = f"in a durative action, say when: (at start …), (at end …) or (over all …) in {self.where}"
            self.reporter.error(codes.SYNTAX, message, self.source, at)


def _fluents(expr: Expr) -> list[Fluent]:
    from quod.backends.pddl.walk import fluents

    return list(fluents(expr))


def _timed_inside(effect: Effect) -> bool:
    match effect:
        case TimedEffect():
            return True
        case EffectSequence(parts):
            return any(_timed_inside(part) for part in parts)
        case ForEach(_, inner) | When(_, inner):
            return _timed_inside(inner)
        case _:
            return False


def _near(name: str, known: Iterable[str]) -> str | None:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else None


def _article(types: frozenset[str]) -> str:
    names = " or ".join(sorted(types))
    return f"{'an' if names[:1] in 'aeiou' else 'a'} {names}"
