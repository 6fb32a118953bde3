"""One line of formula notation to raw syntax. Precedence climbing: two stack frames a level of nesting.

Binding strength, strongest first: ``¬``, ``∧``, ``∨``, ``⊕``, ``→`` (to the right), ``↔``. A quantifier written
with a dot, or directly before anything but a parenthesis, reaches as far right as it can; before a parenthesis
it governs what stands inside. Names are told to be variables or constants by binding alone, never by case.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from quod.backends.fol import codes
from quod.backends.fol.lexer import Token, tokenize
from quod.backends.fol.syntax import (
    COMPARISONS,
    MAX_DEPTH,
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
    Term,
    Var,
    Xor,
    free_variables,
)
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["parse_formula"]

_STRENGTH = {"<->": 1, "->": 2, "^": 3, "|": 4, "&": 5}
_SAY = {"name": "a name", "end": "the end of the line"}


class _Stop(Exception):  # noqa: N818 - unwinds to the caller, never leaves this module
    """The line cannot be read further."""


@dataclass
class _Parser:
    tokens: list[Token]
    line: int
    diagnostics: list[Diagnostic] = field(default_factory=list)
    at: int = 0
    depth: int = 0
    bound: list[str] = field(default_factory=list)

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def span(self, token: Token) -> Span:
        return Span(
            line=self.line,
            column=token.column,
            end_line=self.line,
            end_column=token.column + max(1, len(token.text)),
        )

    def fail(self, message: str, hint: str | None = None, token: Token | None = None) -> _Stop:
        self.diagnostics.append(codes.SYNTAX.error(message, span=self.span(token or self.token), hint=hint))
        return _Stop()

    def expect(self, kind: str, what: str) -> Token:
        if self.token.kind != kind:
            raise self.fail(f"expected {what}, found {self.shown(self.token)}")
        return self.take()

    @staticmethod
    def shown(token: Token) -> str:
        return "the end of the line" if token.kind == "end" else f"'{token.text}'"

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.diagnostics.append(
                codes.TOO_DEEP.error(
                    f"this is nested more than {MAX_DEPTH} levels deep",
                    span=self.span(self.token),
                    hint="split the sentence into several, or define a predicate for a part of it",
                )
            )
            raise _Stop

    def formula(self, strength: int = 1) -> Formula:
        left = self.unary()
        while (mine := _STRENGTH.get(self.token.kind, 0)) >= strength:
            operator = self.take()
            if operator.kind in "&|":
                parts = [left, self.formula(mine + 1)]
                mixed = self.token.kind
                while self.token.kind == operator.kind:
                    self.take()
                    parts.append(self.formula(mine + 1))
                if (operator.kind == "&" and mixed == "|") or (operator.kind == "|" and self.bare_and(parts)):
                    self.warn_mixed(operator)
                left = And(tuple(parts)) if operator.kind == "&" else Or(tuple(parts))
                continue
            if operator.kind == "->":
                self.deeper()
                right = self.formula(mine)
                self.depth -= 1
                left = Implies(left, right)
            else:
                self.deeper()
                right = self.formula(mine + 1)
                if operator.kind == "^":
                    if isinstance(left, Xor) and id(left) not in self.grouped:
                        self.diagnostics.append(
                            codes.XOR_CHAIN.warning(
                                "a ⊕ b ⊕ c holds when an odd number of its parts do, not exactly one",
                                span=self.span(operator),
                            )
                        )
                    left = Xor(left, right)
                else:
                    left = Iff(left, right)
        return left

    def bare_and(self, parts: list[Formula]) -> bool:
        """Whether a disjunct is a conjunction written without parentheses: only then was it built by precedence."""
        return any(isinstance(p, And) and id(p) not in self.grouped for p in parts)

    grouped: dict[int, Formula] = field(default_factory=dict)

    def warn_mixed(self, token: Token) -> None:
        if not any(d.code == codes.MIXED.name for d in self.diagnostics):
            self.diagnostics.append(
                codes.MIXED.warning(
                    "∧ and ∨ are mixed without parentheses; ∧ was taken to bind more strongly",
                    span=self.span(token),
                    hint="write the parentheses",
                )
            )

    def unary(self) -> Formula:
        self.deeper()
        try:
            token = self.token
            if token.kind == "~":
                self.take()
                return Not(self.unary())
            if token.kind in {"all", "exists"}:
                return self.quantified()
            if token.kind == "(":
                return self.parenthesis()
            if token.kind in {"true", "false"}:
                self.take()
                return Bool(token.kind == "true")
            if token.kind == "name":
                return self.atom(self.term())
            raise self.fail(f"expected a formula, found {self.shown(token)}", self.advice(token))
        finally:
            self.depth -= 1

    @staticmethod
    def advice(token: Token) -> str | None:
        return "remove it, or open the matching parenthesis" if token.kind == ")" else None

    def parenthesis(self) -> Formula:
        opened = self.take()
        inner = self.formula()
        if self.token.kind != ")":
            if self.token.kind == "end":
                raise self.fail("this parenthesis is never closed", token=opened)
            raise self.fail(f"expected ')' or a connective, found {self.shown(self.token)}")
        self.take()
        self.grouped[id(inner)] = inner
        return inner

    def quantified(self) -> Formula:
        quantifier = self.take()
        names = []
        while True:
            name = self.expect("name", "a variable")
            sort = ""
            if self.token.kind == "in" or (self.token.kind == ":" and not self.starts_atom(self.at + 1)):
                self.take()
                sort = self.expect("name", "a sort").text
            names.append((name.text, sort))
            if self.token.kind == ",":
                self.take()
            if not self.another_variable():
                break
        dotted = self.token.kind in {".", ":"}
        if dotted:
            self.take()
        self.bound.extend(name for name, _ in names)
        tight = self.token.kind in {"(", "all", "exists", "~"} and not dotted
        start = self.at
        try:
            body = self.unary() if tight else self.formula()
            if tight and _STRENGTH.get(self.token.kind, 0) and self.occurs_ahead({n for n, _ in names}):
                # "∀x (A(x)) → B(x)": the tight reading would leave x free, so the wide one must be meant.
                self.diagnostics.append(
                    codes.QUANTIFIER_SCOPE.warning(
                        f"the quantifier over '{names[0][0]}' was read as reaching to the end, "
                        "for otherwise the variable would be unbound there",
                        span=self.span(quantifier),
                        hint="write parentheses round everything the quantifier governs",
                    )
                )
                self.at = start
                body = self.formula()
        finally:
            del self.bound[len(self.bound) - len(names) :]
        kind = Forall if quantifier.kind == "all" else Exists
        for variable, sort in reversed(names):
            body = kind(variable, sort, body)
        return body

    def starts_atom(self, at: int) -> bool:
        """Whether ``name(`` stands there without a space between."""
        name, bracket = self.tokens[at], self.tokens[min(at + 1, len(self.tokens) - 1)]
        return name.kind == "name" and bracket.kind == "(" and bracket.column == name.column + len(name.text)

    def another_variable(self) -> bool:
        """Whether the name ahead is a further variable of this quantifier and not the start of its body."""
        if self.token.kind != "name" or self.starts_atom(self.at):
            return False
        return self.tokens[self.at + 1].kind in {"name", ".", ",", ":", "in", "(", "all", "exists"}

    def occurs_ahead(self, names: set[str]) -> bool:
        """Whether one of the names occurs, before the enclosing parenthesis closes, outside its own quantifier."""
        level = 0
        i = self.at
        while self.tokens[i].kind != "end":
            token = self.tokens[i]
            level += (token.kind == "(") - (token.kind == ")")
            if level < 0:
                return False
            if token.kind in {"all", "exists"} and self.tokens[i + 1].text in names:
                names = names - {self.tokens[i + 1].text}
            elif token.kind == "name" and token.text in names and token.text not in self.bound[: -len(names) or None]:
                return True
            i += 1
        return False

    def term(self) -> Term:
        token = self.expect("name", "a name")
        if self.token.kind != "(":
            return Var(token.text) if token.text in self.bound else App(token.text)
        self.deeper()
        self.take()
        args: list[Term] = []
        while self.token.kind != ")":
            args.append(self.term())
            if self.token.kind not in {",", ")"}:
                raise self.fail(f"expected ',' or ')' after an argument of '{token.text}', found "
                                f"{self.shown(self.token)}")  # fmt: skip
            if self.token.kind == ",":
                self.take()
        self.take()
        self.depth -= 1
        return App(token.text, tuple(args))

    def atom(self, left: Term) -> Formula:
        kind = self.token.kind
        if kind in {"=", "!="}:
            self.take()
            equal = Eq(left, self.term())
            return equal if kind == "=" else Not(equal)
        if kind in COMPARISONS:
            self.take()
            return Compare(kind, left, self.term())
        if isinstance(left, Var):
            raise self.fail(
                f"'{left.name}' is a variable and cannot stand as a formula", token=self.tokens[self.at - 1]
            )
        return Pred(left.name, left.args)


def parse_formula(text: str, line: int = 1, column: int = 1) -> tuple[Formula | None, list[Diagnostic]]:
    """The raw formula of one line (sorts not yet filled in) and what was found wrong with it.

    ``line`` and ``column`` say where in the whole formal text it starts.
    """
    parser = _Parser(tokenize(text, column), line)
    bad = [t for t in parser.tokens if t.kind == "bad"]
    if bad:
        parser.diagnostics += [
            codes.SYNTAX.error(f"the character {t.text!r} means nothing here", span=parser.span(t)) for t in bad[:5]
        ]
        return None, parser.diagnostics
    try:
        formula = parser.formula()
        if parser.token.kind == "." and parser.tokens[parser.at + 1].kind == "end":
            parser.take()
        if parser.token.kind != "end":
            raise parser.fail(
                f"expected a connective or the end of the line, found {parser.shown(parser.token)}",
                parser.advice(parser.token),
            )
    except _Stop:
        return None, parser.diagnostics
    assert not free_variables(formula)
    return formula, parser.diagnostics
