"""Names to declarations: every symbol declared or taken from its use, every sort agreeing, every fault placed."""

from __future__ import annotations

import difflib
import re

from quod.backends.fol import codes
from quod.backends.fol.document import Raw, RawSentence, as_question, raw_document, sentences
from quod.backends.fol.syntax import (
    DEFAULT_SORT,
    And,
    App,
    Bool,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Function,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Predicate,
    Sentence,
    Sort,
    Term,
    Theory,
    Var,
    Xor,
    atoms,
    children,
)
from quod.core.diagnostics import Code, Diagnostic, Span, has_errors

__all__ = ["parse_document", "resolve"]


class _Resolver:
    def __init__(self, raw: Raw, facts: dict[str, tuple[tuple[str, ...], ...]]) -> None:
        self.raw = raw
        self.facts = facts
        self.diagnostics = list(raw.diagnostics)
        self.sorts = dict(raw.sorts)
        self.functions = dict(raw.functions)
        self.predicates = dict(raw.predicates)
        self.elements: dict[str, str] = {}
        self.sentence: RawSentence | None = None
        self.said: set[tuple[str, str]] = set()
        self.infer_constants = "constants" not in raw.sections
        self.infer_predicates = "predicates" not in raw.sections and "tables" not in raw.sections

    def report(self, kind: Code, message: str, name: str, hint: str | None = None) -> None:
        """An error about a name, placed at its occurrence in the sentence at hand; each said once."""
        if (kind.name, name) in self.said:
            return
        self.said.add((kind.name, name))
        span = None
        if self.sentence is not None:
            s = self.sentence
            found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", s.text)
            column = s.column + (found.start() if found else 0)
            span = Span(line=s.line, column=column, end_line=s.line, end_column=column + len(name if found else s.text))
        words = self.sentence.words or None if self.sentence else None
        self.diagnostics.append(kind.error(message, span=span, source=words, hint=hint))

    def line_error(self, kind: Code, message: str, line: int, hint: str | None = None) -> None:
        self.diagnostics.append(kind.error(message, span=Span(line=line, column=1), hint=hint))

    # -- declarations -------------------------------------------------------------------------------------------
    def declarations(self) -> None:
        for sort in list(self.sorts.values()):
            for element in sort.elements or ():
                other = self.elements.setdefault(element, sort.name)
                clash = element in self.functions
                if clash or (other != sort.name and not sort.numeric):
                    line = self.raw.places.get(f"sort {sort.name}", 1)
                    self.line_error(codes.DUPLICATE, f"'{element}' is declared twice", line)
        everything: list[Function | Predicate] = [*self.functions.values(), *self.predicates.values()]
        for declared in everything:
            result = (declared.result,) if isinstance(declared, Function) else ()
            for sort_name in (*declared.sorts, *result):
                self.need_sort(sort_name, self.raw.places.get(declared.name, 1))
        for name, rows in self.facts.items():
            if name in self.predicates:
                self.fact_constants(self.predicates[name], rows)

    def need_sort(self, name: str, line: int) -> None:
        if name == DEFAULT_SORT:
            self.sorts.setdefault(name, Sort(name))
        elif name not in self.sorts:
            near = difflib.get_close_matches(name, self.sorts, 1)
            hint = f"did you mean '{near[0]}'?" if near else "declare it under 'sorts:'"
            self.line_error(codes.UNKNOWN_SORT, f"the sort '{name}' is not declared", line, hint)
            self.sorts[name] = Sort(name)

    def fact_constants(self, predicate: Predicate, rows: tuple[tuple[str, ...], ...]) -> None:
        line = self.raw.tables.get(predicate.name, ("", 1))[1]
        for i, row in enumerate(rows):
            if len(row) != len(predicate.sorts):
                message = (
                    f"row {i + 1} of the table of '{predicate.name}' has {len(row)} cells, not {len(predicate.sorts)}"
                )
                self.line_error(codes.TABLE, message, line)
                return
            for cell, sort in zip(row, predicate.sorts, strict=True):
                known = self.elements.get(cell)
                if known is None and cell in self.functions and not self.functions[cell].sorts:
                    known = self.functions[cell].result
                if known is None and self.sorts[sort].elements is None:
                    self.functions[cell] = Function(cell, (), sort)
                elif known != sort:
                    message = f"row {i + 1} of the table of '{predicate.name}': '{cell}' is not of sort '{sort}'"
                    self.line_error(codes.SORT_CLASH, message, line)
                    return

    # -- inference of what is not declared -----------------------------------------------------------------------
    def infer(self) -> None:
        if not (self.infer_predicates or self.infer_constants):
            return
        for s in sentences(self.raw):
            self.sentence = s
            for atom in atoms(s.formula):
                if isinstance(atom, Pred) and self.infer_predicates and atom.name not in self.predicates:
                    guess = tuple(self.guess_sort(t) for t in atom.args)
                    self.predicates[atom.name] = Predicate(atom.name, guess)
                    for sort in guess:
                        self.need_sort(sort, s.line)
        self.sentence = None

    def guess_sort(self, term: Term) -> str:
        if isinstance(term, App):
            if term.name in self.elements:
                return self.elements[term.name]
            if term.name in self.functions:
                return self.functions[term.name].result
        return DEFAULT_SORT

    # -- formulas -------------------------------------------------------------------------------------------------
    def term(self, t: Term, scope: dict[str, str], wanted: str | None) -> tuple[Term, str]:
        """The resolved term and its sort; variables without a sort take the one wanted."""
        if isinstance(t, Var):
            return t, scope[t.name]
        if t.name in self.elements and not t.args:
            # A number may be an element of several ranges: the place it stands in decides.
            if wanted and self.sorts[wanted].numeric and t.name in (self.sorts[wanted].elements or ()):
                return t, wanted
            return t, self.elements[t.name]
        function = self.functions.get(t.name)
        if function is None:
            function = self.unknown_term(t, wanted)
            if function is None:
                return t, wanted or DEFAULT_SORT
        if len(t.args) != len(function.sorts):
            have, need = len(t.args), len(function.sorts)
            self.report(codes.ARITY, f"'{t.name}' takes {_arguments(need)} but is given {have}", t.name)
            return t, function.result
        args = tuple(self.need(a, scope, s) for a, s in zip(t.args, function.sorts, strict=True))
        return App(t.name, args), function.result

    def unknown_term(self, t: App, wanted: str | None) -> Function | None:
        if t.name in self.predicates:
            self.report(
                codes.PREDICATE_AS_TERM,
                f"the predicate '{t.name}' stands where a term is needed",
                t.name,
                "a predicate says something of things and names none; split this into two conditions",
            )
            return None
        if not t.args and len(t.name) == 1 and t.name.islower() and t.name in "uvwxyz" and not self.declares_letters():
            self.report(codes.FREE_VARIABLE, f"no quantifier binds '{t.name}'", t.name,
                        f"quantify over it, or declare '{t.name}' under 'constants:'")  # fmt: skip
            return None
        if t.args:
            if "functions" in self.raw.sections or "predicates" in self.raw.sections:
                near = difflib.get_close_matches(t.name, self.functions, 1)
                hint = f"did you mean '{near[0]}'?" if near else "declare it under 'functions:'"
                self.report(codes.UNKNOWN_SYMBOL, f"the function '{t.name}' is not declared", t.name, hint)
                return None
            self.sorts.setdefault(DEFAULT_SORT, Sort(DEFAULT_SORT))
            self.functions[t.name] = Function(t.name, (DEFAULT_SORT,) * len(t.args), wanted or DEFAULT_SORT)
        elif self.infer_constants and not (wanted and self.sorts[wanted].elements is not None):
            self.need_sort(wanted or DEFAULT_SORT, 1)
            self.functions[t.name] = Function(t.name, (), wanted or DEFAULT_SORT)
        else:
            near = difflib.get_close_matches(t.name, [*self.functions, *self.elements], 1)
            hint = f"did you mean '{near[0]}'?" if near else "declare it under 'constants:'"
            self.report(codes.UNKNOWN_SYMBOL, f"the constant '{t.name}' is not declared", t.name, hint)
            return None
        return self.functions[t.name]

    def declares_letters(self) -> bool:
        """Whether the text declares its constants, so that a lone letter is a name like any other."""
        return not self.infer_constants

    def need(self, t: Term, scope: dict[str, str], sort: str) -> Term:
        resolved, got = self.term(t, scope, sort)
        if got and got != sort:
            name = t.name
            self.report(codes.SORT_CLASH, f"'{name}' is of sort '{got}' but stands where '{sort}' is needed", name)
        return resolved

    def predicate(self, p: Pred, scope: dict[str, str]) -> Formula:
        declared = self.predicates.get(p.name)
        if declared is None:
            near = difflib.get_close_matches(p.name, self.predicates, 1)
            hint = f"did you mean '{near[0]}'?" if near else "declare it under 'predicates:'"
            if p.name in self.functions or p.name in self.elements:
                self.report(codes.SYNTAX, f"'{p.name}' names a thing and cannot stand as a formula", p.name)
            else:
                self.report(codes.UNKNOWN_SYMBOL, f"the predicate '{p.name}' is not declared", p.name, hint)
            for a in p.args:
                self.term(a, scope, None)
            return p
        if len(declared.sorts) != len(p.args):
            have, need = len(p.args), len(declared.sorts)
            self.report(
                codes.ARITY,
                f"'{p.name}' takes {_arguments(need)} but is given {have}",
                p.name,
                "use two names for two relations, or give every use the same arguments",
            )
            return p
        return Pred(p.name, tuple(self.need(a, scope, s) for a, s in zip(p.args, declared.sorts, strict=True)))

    def pair(self, left: Term, right: Term, scope: dict[str, str]) -> tuple[Term, Term, str]:
        """Two terms that must be of one sort: the one whose sort is known first tells the other."""
        first = self.known_sort(left, scope) or self.known_sort(right, scope) or ""
        sort = first or DEFAULT_SORT
        self.sorts.setdefault(sort, Sort(sort))
        if self.sorts[sort].numeric:
            # Prefer the sort of a term that is not a bare number.
            for t in (left, right):
                if not (isinstance(t, App) and t.name in self.elements) and self.known_sort(t, scope):
                    sort = self.known_sort(t, scope)
        return self.need(left, scope, sort), self.need(right, scope, sort), sort

    def known_sort(self, t: Term, scope: dict[str, str]) -> str:
        if isinstance(t, Var):
            return scope[t.name]
        if t.name in self.elements:
            return self.elements[t.name]
        return self.functions[t.name].result if t.name in self.functions else ""

    def formula(self, f: Formula, scope: dict[str, str]) -> Formula:
        match f:
            case Bool():
                return f
            case Pred():
                return self.predicate(f, scope)
            case Eq(left, right):
                a, b, _ = self.pair(left, right, scope)
                return Eq(a, b)
            case Compare(op, left, right):
                a, b, sort = self.pair(left, right, scope)
                if not self.sorts[sort].numeric:
                    self.report(codes.SORT_CLASH, f"'{op}' compares numbers, and the sort '{sort}' is not numeric", op)
                return Compare(op, a, b)
            case Not(body):
                return Not(self.formula(body, scope))
            case And(parts):
                return And(tuple(self.formula(g, scope) for g in parts))
            case Or(parts):
                return Or(tuple(self.formula(g, scope) for g in parts))
            case Implies(left, right):
                return Implies(self.formula(left, scope), self.formula(right, scope))
            case Iff(left, right):
                return Iff(self.formula(left, scope), self.formula(right, scope))
            case Xor(left, right):
                return Xor(self.formula(left, scope), self.formula(right, scope))
            case Forall(var, sort, body) | Exists(var, sort, body):
                return self.quantified(type(f), var, sort, body, scope)

    def quantified(
        self, kind: type[Forall] | type[Exists], var: str, sort: str, body: Formula, scope: dict[str, str]
    ) -> Formula:
        if sort and sort not in self.sorts:
            if sort == DEFAULT_SORT:
                self.sorts[sort] = Sort(sort)
            else:
                self.report(codes.UNKNOWN_SORT, f"the sort '{sort}' is not declared", sort)
                sort = DEFAULT_SORT
        found = sort or self.sort_from_use(var, body, scope)
        self.sorts.setdefault(found, Sort(found))
        return kind(var, found, self.formula(body, {**scope, var: found}))

    def sort_from_use(self, var: str, body: Formula, scope: dict[str, str]) -> str:
        """The sort of a variable written without one: that of the first place it stands in."""
        stack = [body]
        while stack:
            f = stack.pop()
            if isinstance(f, Forall | Exists) and f.var == var:
                continue
            if isinstance(f, Eq | Compare):
                for one, other in ((f.left, f.right), (f.right, f.left)):
                    if one == Var(var):
                        known = scope.get(other.name, "") if isinstance(other, Var) else self.known_sort(other, scope)
                        if known:
                            return known
            if isinstance(f, Pred | Eq | Compare):
                found = self.place_of(var, f)
                if found:
                    return found
            stack.extend(reversed(children(f)))
        return DEFAULT_SORT

    def place_of(self, var: str, atom: Pred | Eq | Compare) -> str:
        """The sort declared for the argument where a variable stands in an atom, if any."""
        declared = self.predicates.get(atom.name) if isinstance(atom, Pred) else None
        todo: list[tuple[Term, str]] = []
        if isinstance(atom, Pred):
            sorts = declared.sorts if declared and len(declared.sorts) == len(atom.args) else ("",) * len(atom.args)
            todo = list(zip(atom.args, sorts, strict=True))
        else:
            todo = [(atom.left, ""), (atom.right, "")]
        while todo:
            term, sort = todo.pop(0)
            if term == Var(var):
                if sort:
                    return sort
            elif isinstance(term, App) and term.name in self.functions:
                sorts = self.functions[term.name].sorts
                if len(sorts) == len(term.args):
                    todo += zip(term.args, sorts, strict=True)
        return ""

    def run(self) -> tuple[Theory | None, list[Diagnostic]]:
        self.declarations()
        self.infer()
        resolved: list[Sentence] = []
        for s in sentences(self.raw):
            self.sentence = s
            resolved.append(Sentence(s.id, self.formula(s.formula, {}), s.words, s.line))
        self.sentence = None
        if not self.raw.question_kind:
            hint = "add a section 'question:' with one formula, 'options:' or 'find:'"
            self.diagnostics.append(codes.NO_QUESTION.error("the formal text asks nothing", hint=hint))
        elif self.raw.question_kind == "entails" and len(self.raw.asked) != 1 and not has_errors(self.diagnostics):
            message = f"a question is one formula, and there are {len(self.raw.asked)}"
            self.diagnostics.append(codes.NO_QUESTION.error(message, hint="use 'options:' for several"))
        elif self.raw.question_kind == "choice" and len(self.raw.asked) < 2 and not has_errors(self.diagnostics):
            self.diagnostics.append(codes.NO_QUESTION.error("there must be two options or more"))
        if has_errors(self.diagnostics):
            return None, self.diagnostics
        premises = tuple(resolved[: len(self.raw.premises)])
        asked = tuple(resolved[len(self.raw.premises) :])
        if not self.sorts:
            self.sorts[DEFAULT_SORT] = Sort(DEFAULT_SORT)
        theory = Theory(
            self.sorts, self.functions, self.predicates, premises, as_question(self.raw.question_kind, asked),
            dict(self.facts), self.elements,
        )  # fmt: skip
        return theory, self.diagnostics


def _arguments(n: int) -> str:
    return {0: "no argument", 1: "one argument"}.get(n, f"{n} arguments")


def resolve(raw: Raw, facts: dict[str, tuple[tuple[str, ...], ...]]) -> tuple[Theory | None, list[Diagnostic]]:
    """The theory that raw lines describe, or None where an error was found."""
    return _Resolver(raw, facts).run()


def parse_document(
    text: str, facts: dict[str, tuple[tuple[str, ...], ...]] | None = None
) -> tuple[Theory | None, list[Diagnostic]]:
    """The resolved theory of a text, or None, and everything found wrong with it.

    ``facts`` are the rows of its tables by predicate (see ``tables.py``).
    """
    raw = raw_document(text)
    return resolve(raw, facts or {})
