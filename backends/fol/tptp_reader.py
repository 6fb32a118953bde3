"""TPTP FOF and TFF (without arithmetic) to quod-fol text. ``include`` is refused: a text stands for itself.

The reading is a translation of notation: names are kept (quoted where needed), variables are lower-cased apart from
constants by binding, types become sorts. The result is parsed like any other quod-fol text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quod.backends.fol import codes
from quod.backends.fol.syntax import MAX_DEPTH
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["read_tptp"]

_TOKEN = re.compile(
    r"(?P<skip>\s+|%[^\n]*|/\*.*?\*/)|(?P<quoted>'(?:[^'\\]|\\.)*')|(?P<name>\$?\$?[A-Za-z0-9_]+)"
    r"|(?P<op><~>|<=>|=>|<=|!=|~\||~&|[!?~&|=()\[\],.:*>])",
    re.DOTALL,
)
_BINARY = {"&": "∧", "|": "∨", "=>": "→", "<=>": "↔", "<~>": "⊕"}
_PREMISES = {"axiom", "hypothesis", "definition", "assumption", "lemma", "theorem", "corollary"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


class _Stop(Exception):  # noqa: N818 - unwinds within this module
    """Reading ended; the diagnostic says why."""


@dataclass
class _Reader:
    text: str
    tokens: list[_Token] = field(default_factory=list)
    at: int = 0
    depth: int = 0
    found: list[Diagnostic] = field(default_factory=list)
    sorts: list[str] = field(default_factory=list)
    constants: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    predicates: list[str] = field(default_factory=list)
    premises: list[str] = field(default_factory=list)
    question: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def fail(self, message: str, at: int | None = None) -> _Stop:
        start = at if at is not None else (self.tokens[self.at].start if self.at < len(self.tokens) else len(self.text))
        self.found.append(codes.SYNTAX.error(message, span=Span.at(self.text, start, start + 1)))
        return _Stop()

    def scan(self) -> None:
        at = 0
        while at < len(self.text):
            m = _TOKEN.match(self.text, at)
            if m is None:
                raise self.fail(f"the character {self.text[at]!r} means nothing here", at)
            if not m["skip"]:
                self.tokens.append(_Token(m.lastgroup or "", m.group(), at))
            at = m.end()

    @property
    def word(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def take(self, text: str | None = None) -> _Token:
        if self.at >= len(self.tokens) or (text is not None and self.word != text):
            raise self.fail(f"expected '{text}'" if text else "the text ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def statement(self) -> None:
        kind = self.take()
        if kind.text == "include":
            message = "'include' is refused: a text stands for itself"
            self.found.append(codes.REFUSED_COMMAND.error(message, span=Span.at(self.text, kind.start, kind.start + 7)))
            raise _Stop
        if kind.text not in {"fof", "tff", "cnf"}:
            raise self.fail(f"'{kind.text}' is not read here: fof, tff and cnf are", kind.start)
        self.take("(")
        name = self.identifier(self.take().text)
        self.take(",")
        role = self.take().text
        self.take(",")
        if role == "type":
            self.type()
        else:
            self.depth = 0
            bound: dict[str, str] = {}
            formula = self.formula(bound, implicit=kind.text == "cnf")
            if kind.text == "cnf" and bound:
                formula = " ".join(f"∀{v}" for v in bound.values()) + f" ({formula})"
            while name in self.names:
                name += "_"
            self.names.add(name)
            if role == "conjecture":
                self.question.append(f"  {name}: {formula}")
            elif role == "negated_conjecture":
                self.question.append(f"  {name}: ¬({formula})")
            elif role in _PREMISES:
                self.premises.append(f"  {name}: {formula}")
            else:
                raise self.fail(f"the role '{role}' is not known")
        if self.word == ",":
            self.annotations()
        self.take(")")
        self.take(".")

    def annotations(self) -> None:
        level = 0
        while self.at < len(self.tokens) and not (self.word == ")" and level == 0):
            level += (self.word in {"(", "["}) - (self.word in {")", "]"})
            self.at += 1

    @staticmethod
    def identifier(text: str) -> str:
        name = text[1:-1].replace("\\'", "’").replace("\\\\", "\\") if text[:1] == "'" else text
        reserved = {
            "all",
            "forall",
            "exists",
            "exist",
            "some",
            "not",
            "and",
            "or",
            "xor",
            "implies",
            "iff",
            "in",
            "true",
            "false",
        }
        return name if re.fullmatch(r"[A-Za-z0-9]\w*", name) and name not in reserved else f"'{name}'"

    def type(self) -> None:
        wrapped = self.word == "("
        if wrapped:
            self.take("(")
        name = self.identifier(self.take().text)
        self.take(":")
        args: list[str] = []
        if self.word == "(":
            self.take("(")
            args.append(self.sort())
            while self.word == "*":
                self.take("*")
                args.append(self.sort())
            self.take(")")
            self.take(">")
            result = self.sort()
        else:
            result = self.sort()
            if self.word == ">":
                self.take(">")
                args, result = [result], self.sort()
        if wrapped:
            self.take(")")
        if result == "$tType":
            self.sorts.append(f"  {name}")
        elif result == "$o":
            self.predicates.append(f"  {name}({', '.join(args)})" if args else f"  {name}")
        elif args:
            self.functions.append(f"  {name}({', '.join(args)}) -> {result}")
        else:
            self.constants.append(f"  {name}: {result}")

    def sort(self) -> str:
        token = self.take()
        if token.text == "$i":
            return "thing"
        if token.text in {"$int", "$real", "$rat"}:
            raise self.fail("arithmetic in TPTP is not read here: use SMT-LIB", token.start)
        return token.text if token.text.startswith("$") else self.identifier(token.text)

    def formula(self, bound: dict[str, str], implicit: bool) -> str:
        left = self.unit(bound, implicit)
        operator = self.word
        if operator in {"&", "|"}:
            parts = [left]
            while self.word == operator:
                self.take()
                parts.append(self.unit(bound, implicit))
            if self.word in _BINARY:
                raise self.fail("different connectives need parentheses")
            return f" {_BINARY[operator]} ".join(parts)
        if operator in _BINARY:
            self.take()
            return f"{left} {_BINARY[operator]} {self.unit(bound, implicit)}"
        if operator == "<=":
            self.take()
            return f"{self.unit(bound, implicit)} → {left}"
        if operator in {"~|", "~&"}:
            self.take()
            return f"¬({left} {_BINARY[operator[1]]} {self.unit(bound, implicit)})"
        return left

    def unit(self, bound: dict[str, str], implicit: bool) -> str:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.found.append(
                codes.TOO_DEEP.error(
                    f"this is nested more than {MAX_DEPTH} levels deep",
                    span=Span.at(self.text, self.tokens[self.at].start),
                )
            )
            raise _Stop
        try:
            if self.word == "~":
                self.take()
                return f"¬{self.unit(bound, implicit)}"
            if self.word in {"!", "?"}:
                return self.quantified(bound, implicit)
            if self.word == "(":
                self.take()
                inner = self.formula(bound, implicit)
                self.take(")")
                return f"({inner})"
            if self.word in {"$true", "$false"}:
                return "⊤" if self.take().text == "$true" else "⊥"
            left = self.term(bound, implicit)
            if self.word in {"=", "!="}:
                sign = self.take().text
                return f"({left} {'=' if sign == '=' else '≠'} {self.term(bound, implicit)})"
            return left
        finally:
            self.depth -= 1

    def quantified(self, bound: dict[str, str], implicit: bool) -> str:
        sign = "∀" if self.take().text == "!" else "∃"
        self.take("[")
        inner = dict(bound)
        shown = []
        while True:
            name = self.take().text
            sort = ""
            if self.word == ":":
                self.take()
                sort = self.sort()
            inner[name] = f"v_{name}"
            shown.append(f"{sign}v_{name}" + (f": {sort}" if sort else ""))
            if self.word != ",":
                break
            self.take()
        self.take("]")
        self.take(":")
        return f"{' '.join(shown)} ({self.unit(inner, implicit)})"

    def term(self, bound: dict[str, str], implicit: bool) -> str:
        token = self.take()
        if token.kind not in {"name", "quoted"}:
            raise self.fail(f"expected a name, found '{token.text}'", token.start)
        if token.kind == "name" and token.text[0].isupper():
            if token.text not in bound:
                if not implicit:
                    raise self.fail(f"nothing binds the variable '{token.text}'", token.start)
                bound[token.text] = f"v_{token.text}"
            return bound[token.text]
        name = self.identifier(token.text)
        if self.word != "(":
            return name
        self.take("(")
        args = [self.term(bound, implicit)]
        while self.word == ",":
            self.take()
            args.append(self.term(bound, implicit))
        self.take(")")
        return f"{name}({', '.join(args)})"


def read_tptp(text: str) -> tuple[str, list[Diagnostic]]:
    """The quod-fol text of a TPTP problem, and what was wrong with it (places are those of the TPTP text)."""
    reader = _Reader(text)
    try:
        reader.scan()
        while reader.at < len(reader.tokens):
            reader.statement()
    except _Stop:
        return "", reader.found
    if not reader.question:
        reader.found.append(codes.NO_QUESTION.error("there is no conjecture"))
        return "", reader.found
    lines: list[str] = []
    typed = bool(reader.sorts or reader.predicates or reader.functions or reader.constants)
    for title in ("sorts", "constants", "functions", "predicates") if typed else ():
        lines += [f"{title}:", *getattr(reader, title)]
    lines += ["premises:", *reader.premises, "question:", *reader.question]
    return "\n".join(lines) + "\n", reader.found
