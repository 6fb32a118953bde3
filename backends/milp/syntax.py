"""The expressions of a model: a small algebraic language, parsed with positions.

::

    rule    := implied ("<=>" implied)*
    implied := either ("=>" implied)?
    either  := both ("or" both)*
    both    := negated ("and" negated)*
    negated := "not" negated | compare
    compare := sum (("<=" | ">=" | "<" | ">" | "=" | "==" | "!=") sum)* | sum ["not"] "in" NAME
    sum     := ["-"] product (("+" | "-") product)*
    product := power (("*" | "/") power)*
    power   := atom ["^" power]                                  # right associative; ** is read too
    atom    := NUMBER | 'text' | NAME | NAME "[" sum ("," sum)* "]" | "(" rule ["," rule]* ")"
             | NAME "(" args ")" | "[" rule ("," rule)* "]" | "[" rule generators "]"
    args    := binders [("if" | "where") rule] ":" rule | rule generators | rule ("," rule)*
    binders := names "in" NAME ("," names "in" NAME)*;  generators := "for" binders ["if" rule]

Expressions are data: they are walked, never evaluated as Python. Nesting is bounded by ``MAX_DEPTH``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from quod.backends.milp.nodes import (
    Add,
    Binder,
    Call,
    Compare,
    Comprehension,
    Expr,
    Index,
    ListExpr,
    Logic,
    Member,
    Mul,
    Name,
    Not,
    Num,
    Pow,
    Text,
    TupleExpr,
)
from quod.backends.milp.plain import KEYWORDS, read_plain
from quod.backends.milp.reading import number

__all__ = ["MAX_DEPTH", "ExprError", "parse_binders", "parse_expression"]

MAX_DEPTH = 40


class ExprError(Exception):
    """An expression that does not follow the grammar, with the offset where that shows."""

    def __init__(self, message: str, start: int, end: int | None = None, *, deep: bool = False) -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.deep = message, start, end if end is not None else start + 1, deep


_TOKEN = re.compile(
    r"\s*(?:(?P<num>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<text>'[^'\n]*'|\"[^\"\n]*\")|(?P<op><=>|=>|<=|>=|==|!=|\*\*|[-+*/^()\[\],:<>=]))"
)
_LOOKALIKES = str.maketrans({"≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "–": "-", "·": "*", "×": "*", "∈": " in "})


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while True:
        match = _TOKEN.match(text, at)
        if match is None:
            rest = len(text) - len(text[at:].lstrip())
            if rest < len(text):
                instead = ": the remainder is mod(a, b)" if text[rest] == "%" else ""
                raise ExprError(f"{text[rest]!r} means nothing here{instead}", rest)
            tokens.append(_Token("end", "", len(text), len(text)))
            return tokens
        kind = match.lastgroup or "op"
        word = match.group(kind)
        if kind == "name" and word in KEYWORDS:
            kind = "op"
        tokens.append(_Token(kind, word, match.start(kind), match.end(kind)))
        at = match.end()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def accept(self, *texts: str) -> _Token | None:
        token = self.token
        if token.kind == "op" and token.text in texts:
            self.at += 1
            return token
        return None

    def expect(self, text: str) -> _Token:
        token = self.accept(text)
        if token is None:
            found = f"{self.token.text!r}" if self.token.text else "the end"
            raise ExprError(
                f"expected {text!r}, found {found}", self.token.start, max(self.token.end, self.token.start + 1)
            )
        return token

    def name(self) -> _Token:
        token = self.token
        if token.kind != "name":
            raise ExprError(f"expected a name, found {token.text or 'the end'!r}", token.start, token.end)
        self.at += 1
        return token

    def rule(self) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExprError(f"nested deeper than {MAX_DEPTH}", self.token.start, deep=True)
        left = self.implied()
        args = [left]
        while self.accept("<=>"):
            args.append(self.implied())
        self.depth -= 1
        return left if len(args) == 1 else Logic(left.start, args[-1].end, "<=>", tuple(args))

    def implied(self) -> Expr:
        parts = [self.either()]
        while self.accept("=>"):
            parts.append(self.either())
        result = parts.pop()
        while parts:
            left = parts.pop()
            result = Logic(left.start, result.end, "=>", (left, result))
        return result

    def either(self) -> Expr:
        args = [self.both()]
        while self.accept("or"):
            args.append(self.both())
        return args[0] if len(args) == 1 else Logic(args[0].start, args[-1].end, "or", tuple(args))

    def both(self) -> Expr:
        args = [self.negated()]
        while self.accept("and"):
            args.append(self.negated())
        return args[0] if len(args) == 1 else Logic(args[0].start, args[-1].end, "and", tuple(args))

    def negated(self) -> Expr:
        start, flips = self.token.start, 0
        while self.accept("not"):
            flips += 1
        inner = self.compare()
        return Not(start, inner.end, inner) if flips % 2 else inner

    def compare(self) -> Expr:
        first = self.sum()
        rest: list[tuple[str, Expr]] = []
        while op := self.accept("<=", ">=", "<", ">", "=", "==", "!="):
            rest.append(("=" if op.text == "==" else op.text, self.sum()))
        if rest:
            return Compare(first.start, rest[-1][1].end, first, tuple(rest))
        negated = self.token.text == "not" and self.tokens[self.at + 1].text == "in"
        if negated:
            self.at += 1
        if self.accept("in"):
            of = self.name()
            return Member(first.start, of.end, first, of.text, negated)
        return first

    def sum(self) -> Expr:
        start = self.token.start
        sign = 1
        while op := self.accept("-", "+"):
            sign = -sign if op.text == "-" else sign
        terms = [(sign, self.product())]
        while op := self.accept("+", "-"):
            sign = 1 if op.text == "+" else -1
            while more := self.accept("-", "+"):
                sign = -sign if more.text == "-" else sign
            terms.append((sign, self.product()))
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return Add(start, terms[-1][1].end, tuple(terms))

    def product(self) -> Expr:
        factors = [(False, self.power())]
        while op := self.accept("*", "/"):
            start, sign = self.token.start, 1
            while self.accept("-"):
                sign = -sign
            factor = self.power()
            factors.append((op.text == "/", factor if sign == 1 else Add(start, factor.end, ((-1, factor),))))
        if len(factors) == 1:
            return factors[0][1]
        return Mul(factors[0][1].start, factors[-1][1].end, tuple(factors))

    def power(self) -> Expr:
        bases = [self.atom()]
        while self.accept("^", "**"):
            if len(bases) > MAX_DEPTH:
                raise ExprError(f"nested deeper than {MAX_DEPTH}", self.token.start, deep=True)
            start, negative = self.token.start, bool(self.accept("-"))
            atom = self.atom()
            bases.append(Add(start, atom.end, ((-1, atom),)) if negative else atom)
        result = bases.pop()
        while bases:
            base = bases.pop()
            result = Pow(base.start, result.end, base, result)
        return result

    def atom(self) -> Expr:
        token = self.token
        if token.kind == "num":
            self.at += 1
            value = number(token.text)
            if value is None:
                raise ExprError("a number this long cannot be held exactly", token.start, token.end)
            return Num(token.start, token.end, value)
        if token.kind == "text":
            self.at += 1
            return Text(token.start, token.end, token.text[1:-1])
        if token.kind == "name":
            self.at += 1
            if self.accept("["):
                args = self.items("]")
                return Index(token.start, self.tokens[self.at - 1].end, token.text, args)
            if self.accept("("):
                return self.call(token)
            return Name(token.start, token.end, token.text)
        if self.accept("("):
            items = self.items(")")
            end = self.tokens[self.at - 1].end
            return items[0] if len(items) == 1 else TupleExpr(token.start, end, items)
        if self.accept("["):
            if self.accept("]"):
                return ListExpr(token.start, self.tokens[self.at - 1].end, ())
            first = self.rule()
            if self.accept("for"):
                return self.generators(token, "list", first, (), "]")
            items = (first, *(self.items("]") if self.accept(",") else self.closed("]")))
            return ListExpr(token.start, self.tokens[self.at - 1].end, items)
        raise ExprError(f"expected a number, a name or '(', found {token.text or 'the end'!r}", token.start, token.end)

    def closed(self, close: str) -> tuple[Expr, ...]:
        self.expect(close)
        return ()

    def items(self, close: str) -> tuple[Expr, ...]:
        items = [self.rule()]
        while self.accept(","):
            items.append(self.rule())
        self.expect(close)
        return tuple(items)

    def call(self, token: _Token) -> Expr:
        if self.accept(")"):
            return Call(token.start, self.tokens[self.at - 1].end, token.text, ())
        mark = self.at
        if self._binder_ahead():
            binders = self.binders()
            condition = self.rule() if self.accept("if", "where") else None
            if self.accept(":"):
                body = self.rule()
                self.expect(")")
                end = self.tokens[self.at - 1].end
                return Comprehension(token.start, end, token.text, binders, condition, body)
            self.at = mark
        args: list[Expr] = [self.rule()]
        while True:
            if self.accept("for"):
                return self.generators(token, token.text, args[-1], tuple(args[:-1]), ")")
            if not self.accept(","):
                break
            args.append(self.rule())
        self.expect(")")
        return Call(token.start, self.tokens[self.at - 1].end, token.text, tuple(args))

    def generators(self, token: _Token, function: str, body: Expr, extra: tuple[Expr, ...], close: str) -> Expr:
        binders = self.binders()
        while self.accept("for"):
            binders = (*binders, *self.binders())
        condition = self.rule() if self.accept("if", "where") else None
        self.expect(close)
        return Comprehension(token.start, self.tokens[self.at - 1].end, function, binders, condition, body, extra)

    def _binder_ahead(self) -> bool:
        ahead = self.tokens[self.at : self.at + 2]
        return (ahead[0].kind == "name" and ahead[-1].text == "in") or (
            ahead[0].text == "(" and any(t.text == "in" for t in self.tokens[self.at : self.at + 10])
        )

    def binders(self) -> tuple[Binder, ...]:
        found = [self.binder()]
        while self.accept(","):
            found.append(self.binder())
        return tuple(found)

    def binder(self) -> Binder:
        start = self.token.start
        if self.accept("("):
            names = [self.name().text]
            while self.accept(","):
                names.append(self.name().text)
            self.expect(")")
        else:
            names = [self.name().text]
        self.expect("in")
        of = self.name()
        return Binder(tuple(names), of.text, start, of.end)

    def finish(self) -> None:
        if self.token.kind != "end":
            raise ExprError(f"{self.token.text!r} is left over", self.token.start, self.token.end)


def _prepare(text: str) -> str:
    # ASCII for the look-alikes, only where there are any: offsets then shift by the few characters added.
    return text if text.isascii() else text.translate(_LOOKALIKES)


def parse_expression(text: str) -> Expr:
    """Parse one expression or rule. Raises ExprError."""
    text = _prepare(text)
    plain = read_plain(text)
    if plain is not None:
        return plain
    parser = _Parser(text)
    result = parser.rule()
    parser.finish()
    return result


def parse_binders(text: str) -> tuple[tuple[Binder, ...], Expr | None]:
    """Parse ``i in S, j in T if i != j`` as in a constraint's ``for``. Raises ExprError."""
    parser = _Parser(_prepare(text))
    binders = parser.binders()
    condition = parser.rule() if parser.accept("if", "where") else None
    parser.finish()
    return binders, condition
