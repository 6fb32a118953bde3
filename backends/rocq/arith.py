"""Arithmetic statements of Rocq as a small syntax tree, for the SMT route. Everything else is left alone.

The tree is JSON: ``["var", name]``, ``["num", "3"]``, ``[operator, left, right]``. It is a hint: what the search makes
of it is checked by the kernel, so a misread notation costs time and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quod.backends.itp.types import Statement
from quod.backends.rocq.sentences import strip_comments
from quod.core.model import JsonValue

__all__ = ["Arithmetic", "read_arithmetic"]

SORTS = {"nat": "nat", "Z": "Z", "R": "R", "ℕ": "nat", "ℤ": "Z", "ℝ": "R"}
_TOKEN = re.compile(
    r"\s*(?:(?P<num>\d+(?:\.\d+)?)|(?P<name>[^\W\d][\w'.]*)|(?P<op><->|->|/\\|\\/|<>|<=|>=|=\?|[-+*/^()=<>~,%≤≥≠∧∨¬→]))"
)
_SCOPE = re.compile(r"%\w+")
_COMPARE = {"=": "=", "<>": "!=", "≠": "!=", "<": "<", ">": ">", "<=": "<=", "≤": "<=", ">=": ">=", "≥": ">="}
_BINARY = {"+": (50, "+"), "-": (50, "-"), "*": (40, "*"), "/": (40, "/"), "mod": (40, "mod")}
_MAX_DEPTH = 60


class _UnreadableError(Exception):
    pass


@dataclass(frozen=True)
class Arithmetic:
    """A statement over numbers: its variables in order, its premises and its goal, as trees."""

    variables: tuple[tuple[str, str], ...]
    """(name, sort), sorts being ``nat``, ``Z`` and ``R``."""
    premises: tuple[JsonValue, ...]
    goal: JsonValue
    leading: int
    """How many variables come before the first premise among the arguments."""


def read_arithmetic(statement: Statement) -> Arithmetic | None:
    """The statement as arithmetic; None if it is about anything else."""
    variables: list[tuple[str, str]] = []
    premises: list[JsonValue] = []
    leading: int | None = None
    try:
        for binder in (*statement.binders, *statement.quantified):
            sort = SORTS.get(binder.type.strip())
            if sort:
                if leading is not None:
                    return None  # a variable after a premise
                variables += [(name, sort) for name in binder.names]
            elif binder.names and binder.type:
                leading = len(variables) if leading is None else leading
                premises.append(_Parser(binder.type, dict(variables)).whole())
            else:
                return None
        names = dict(variables)
        premises += [_Parser(text, names).whole() for text in statement.hypotheses]
        goal = _Parser(statement.goal, names).whole()
    except _UnreadableError:
        return None
    return Arithmetic(tuple(variables), tuple(premises), goal, len(variables)) if variables else None


class _Parser:
    """Precedence climbing over the notations of the standard scopes."""

    def __init__(self, text: str, names: dict[str, str]) -> None:
        self._names = names
        self._tokens: list[tuple[str, str]] = []
        text = _SCOPE.sub("", strip_comments(text)).strip()
        i = 0
        while i < len(text):
            match = _TOKEN.match(text, i)
            if match is None or match.end() == i or len(self._tokens) > 2000:
                raise _UnreadableError
            kind = match.lastgroup or ""
            self._tokens.append((kind, match[kind]))
            i = match.end()
        self._at = 0
        self._depth = 0

    def whole(self) -> JsonValue:
        tree = self._proposition(0)
        if self._at != len(self._tokens):
            raise _UnreadableError
        return tree

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _UnreadableError
        self._at += 1
        return self._tokens[self._at - 1]

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _UnreadableError

    def _proposition(self, level: int) -> JsonValue:
        """Levels: 0 ``<->``, 1 ``->``, 2 ``\\/``, 3 ``/\\``, 4 negation and comparisons."""
        self._deeper()
        try:
            if level == 4:
                return self._atom()
            left = self._proposition(level + 1)
            signs = ({"<->"}, {"->", "→"}, {"\\/", "∨"}, {"/\\", "∧"})[level]
            name = ("iff", "implies", "or", "and")[level]
            if self._peek() in signs:
                self._take()
                return [name, left, self._proposition(0 if level == 0 else level)]
            return left
        finally:
            self._depth -= 1

    def _atom(self) -> JsonValue:
        if self._peek() in {"~", "¬"}:
            self._take()
            return ["not", self._atom()]
        start = self._at
        try:
            return self._comparison()
        except _UnreadableError:
            self._at = start
        if self._peek() == "(":
            self._take()
            inner = self._proposition(0)
            if self._take()[1] != ")":
                raise _UnreadableError
            return inner
        raise _UnreadableError

    def _comparison(self) -> JsonValue:
        left = self._term(60)
        parts: list[JsonValue] = []
        while self._peek() in _COMPARE:
            sign = _COMPARE[self._take()[1]]
            right = self._term(60)
            parts.append([sign, left, right])
            left = right
        if not parts:
            raise _UnreadableError
        tree = parts[0]
        for part in parts[1:]:
            tree = ["and", tree, part]
        return tree

    def _term(self, level: int) -> JsonValue:
        self._deeper()
        try:
            left = self._factor()
            while True:
                sign = self._peek()
                if sign == "^" and level >= 30:
                    self._take()
                    left = ["^", left, self._term(30)]
                elif sign in _BINARY and _BINARY[sign][0] <= level:
                    self._take()
                    strength, name = _BINARY[sign]
                    left = [name, left, self._term(strength - 1)]
                else:
                    return left
        finally:
            self._depth -= 1

    def _factor(self) -> JsonValue:
        kind, text = self._take()
        if kind == "num":
            return ["num", text]
        if text == "-":
            return ["neg", self._term(35)]
        if text == "/":
            return ["/", ["num", "1"], self._term(35)]
        if text == "(":
            inner = self._term(60)
            if self._take()[1] != ")":
                raise _UnreadableError
            return inner
        if kind == "name" and text in self._names:
            return ["var", text]
        if text in {"Rabs", "Z.abs"}:
            return ["abs", self._factor()]
        if text in {"IZR", "INR", "Z.of_nat", "inject_Z"}:
            return self._factor()
        raise _UnreadableError
