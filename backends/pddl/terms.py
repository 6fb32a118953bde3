"""From s-expressions to conditions, effects and numbers."""

from __future__ import annotations

import re
from fractions import Fraction

from quod.backends.pddl import codes
from quod.backends.pddl.sexpr import Atom, List, Node
from quod.backends.pddl.syntax import (
    OBJECT,
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
    Num,
    Or,
    Param,
    Pred,
    Sequence,
    Signature,
    Source,
    Term,
    TimedEffect,
    TimedFormula,
    When,
)
from quod.core.diagnostics import Code, Diagnostic, Span

__all__ = ["MAX_DIAGNOSTICS", "TermReader"]

MAX_DIAGNOSTICS = 200
"""More are dropped: a person mends the first ones first."""

_NAME = re.compile(r"[a-z_][\w.@#+*-]*")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?")
_COMPARISONS = frozenset({"<", "<=", "=", ">=", ">"})
_ARITHMETIC = frozenset({"+", "-", "*", "/"})
_ASSIGNMENTS = frozenset({"assign", "increase", "decrease", "scale-up", "scale-down"})
_CONNECTIVES = frozenset({"and", "or", "not", "imply", "exists", "forall", "when", "at", "over"})
_TRUE = And(())


class TermReader:
    """Reads the pieces that domains and problems share. Collects diagnostics; never raises."""

    def __init__(self, source: Source, diagnostics: list[Diagnostic]) -> None:
        self.source = source
        self.diagnostics = diagnostics

    # --- reporting ------------------------------------------------------------------------------------------
    def error(self, code: Code, message: str, node: Node, hint: str | None = None) -> None:
        """Report at a node."""
        if len(self.diagnostics) < MAX_DIAGNOSTICS:
            span = Span.at(self.source.text, node.start, node.end)
            self.diagnostics.append(code.error(message, span=span, hint=hint, file=self.source.file))

    def shown(self, node: Node) -> str:
        """A node as it stands in the text, shortened."""
        text = " ".join(self.source.text[node.start : node.end].split())
        return text if len(text) <= 60 else text[:57] + "…"

    # --- names ----------------------------------------------------------------------------------------------
    def name(self, node: Node, what: str) -> str | None:
        """A plain name, or None with an error."""
        if isinstance(node, Atom) and _NAME.fullmatch(node.text):
            return node.text
        if isinstance(node, Atom) and re.fullmatch(r"[\w.@#+*-]+", node.text) and not _NUMBER.fullmatch(node.text):
            return node.text  # names that begin with a digit are out of the standard, and common
        code = codes.SYNTAX if isinstance(node, List) or node.text.startswith(("?", ":")) else codes.BAD_CHARACTER
        self.error(code, f"{what} expected, but here stands '{self.shown(node)}'", node)
        return None

    def typed_list(self, nodes: tuple[Node, ...], *, variables: bool, what: str) -> list[Param]:
        """``a b - t c - (either u v) d``: each name with its types; untyped ones are objects."""
        out: list[Param] = []
        pending: list[Atom] = []
        index = 0
        while index < len(nodes):
            node = nodes[index]
            if isinstance(node, Atom) and node.text == "-":
                if index + 1 >= len(nodes):
                    self.error(codes.SYNTAX, "a type is missing after '-'", node)
                    break
                if not pending:
                    self.error(codes.SYNTAX, f"'-' and a type, but no {what} before them", node)
                types = self._types(nodes[index + 1])
                out += [Param(atom.text, types, atom.start) for atom in pending]
                pending = []
                index += 2
                continue
            if isinstance(node, List):
                self.error(codes.SYNTAX, f"{what} expected, but here stands a list: '{self.shown(node)}'", node)
            elif variables and not node.text.startswith("?"):
                hint = f"write ?{node.text}" if _NAME.fullmatch(node.text) else None
                self.error(codes.SYNTAX, f"variable expected, but here stands '{node.text}'", node, hint)
                if hint:
                    pending.append(Atom("?" + node.text, node.start, node.end))
            elif variables or self.name(node, what):
                pending.append(node)
            index += 1
        out += [Param(atom.text, OBJECT, atom.start) for atom in pending]
        return out

    def _types(self, node: Node) -> frozenset[str]:
        if isinstance(node, Atom):
            name = self.name(node, "type")
            return frozenset({name}) if name else OBJECT
        if node.head == "either" and len(node.items) > 1:
            names = [self.name(item, "type") for item in node.items[1:]]
            return frozenset(name for name in names if name) or OBJECT
        self.error(codes.SYNTAX, f"type expected, but here stands '{self.shown(node)}'", node, "(either t u) or a name")
        return OBJECT

    def signature(self, node: Node, what: str) -> Signature | None:
        """``(name ?x - t …)``."""
        if isinstance(node, Atom):
            self.error(codes.SYNTAX, f"{what} expected, but here stands '{node.text}'", node, f"write ({node.text})")
            return None
        if not node.items:
            self.error(codes.SYNTAX, f"an empty list where a {what} is expected", node)
            return None
        name = self.name(node.items[0], what)
        if name is None:
            return None
        params = self.typed_list(node.items[1:], variables=True, what="variable")
        return Signature(name, tuple(params), node.items[0].start)

    def terms(self, nodes: tuple[Node, ...]) -> tuple[Term, ...] | None:
        """Arguments: variables and objects. None, with an error, if one is something else."""
        out: list[Term] = []
        for node in nodes:
            if isinstance(node, List):
                inside = f"'{self.shown(node)}' stands where an object or a variable is expected"
                self.error(codes.SYNTAX, inside, node, "a parenthesis may be missing before it")
                return None
            out.append(Term(node.text, node.start))
        return tuple(out)

    def pred(self, node: List) -> Pred | None:
        """``(name term …)``."""
        name = self.name(node.items[0], "predicate") if node.items else None
        args = self.terms(node.items[1:]) if name else None
        return Pred(name, args, node.start, node.end) if name and args is not None else None

    # --- conditions -----------------------------------------------------------------------------------------
    def formula(self, node: Node) -> Formula:
        """A condition; what cannot be read is reported and counts as true."""
        if isinstance(node, Atom):
            hint = f"write ({node.text})" if _NAME.fullmatch(node.text) else None
            self.error(codes.SYNTAX, f"condition expected, but here stands '{node.text}'", node, hint)
            return _TRUE
        if not node.items:
            return And((), node.start)
        head, rest = node.head, node.items[1:]
        if head in {"and", "or"}:
            parts = tuple(self.formula(item) for item in rest)
            return And(parts, node.start) if head == "and" else Or(parts, node.start)
        if head == "not":
            return Not(self.formula(rest[0]), node.start) if self._count(node, 1) else _TRUE
        if head in {"imply", "implies"}:
            if not self._count(node, 2):
                return _TRUE
            return Imply(self.formula(rest[0]), self.formula(rest[1]), node.start)
        if head in {"exists", "forall"}:
            if not self._count(node, 2):
                return _TRUE
            params = self._quantified(rest[0])
            body = self.formula(rest[1])
            return Exists(params, body, node.start) if head == "exists" else ForAll(params, body, node.start)
        if head in _COMPARISONS:
            return self._comparison(node, head)
        timed = self._timing(node)
        if timed:
            return TimedFormula(timed[0], self.formula(timed[1]), node.start)
        if head in {"when", "preference"}:
            self.error(codes.UNSUPPORTED if head == "preference" else codes.SYNTAX, f"'{head}' in a condition", node)
            return _TRUE
        return self.pred(node) or _TRUE

    def _comparison(self, node: List, head: str) -> Formula:
        if not self._count(node, 2):
            return _TRUE
        left, right = node.items[1:]
        numeric = any(isinstance(s, List) or _NUMBER.fullmatch(s.text) or s.text == "?duration" for s in (left, right))
        if head == "=" and not numeric:
            assert isinstance(left, Atom)
            assert isinstance(right, Atom)
            return Eq(Term(left.text, left.start), Term(right.text, right.start), node.start)
        return Compare(head, self.expr(left), self.expr(right), node.start)

    def _quantified(self, node: Node) -> tuple[Param, ...]:
        if isinstance(node, Atom):
            self.error(codes.SYNTAX, f"a list of variables expected, but here stands '{node.text}'", node)
            return ()
        return tuple(self.typed_list(node.items, variables=True, what="variable"))

    def _timing(self, node: List) -> tuple[str, Node] | None:
        """``(at start x)``, ``(at end x)``, ``(over all x)``; a predicate may be called ``at`` too."""
        if len(node.items) != 3 or not isinstance(node.items[1], Atom) or not isinstance(node.items[2], List):
            return None
        when = node.items[1].text
        if (node.head, when) in {("at", "start"), ("at", "end")}:
            return when, node.items[2]
        return ("all", node.items[2]) if (node.head, when) == ("over", "all") else None

    def _count(self, node: List, count: int) -> bool:
        if len(node.items) == count + 1:
            return True
        found = len(node.items) - 1
        self.error(codes.SYNTAX, f"'{node.head}' takes {count} argument{'s' * (count > 1)}, here are {found}", node)
        return False

    # --- numbers --------------------------------------------------------------------------------------------
    def number(self, node: Node) -> Fraction | None:
        """An exact number, or None (no error)."""
        if isinstance(node, Atom) and len(node.text) <= 60 and _NUMBER.fullmatch(node.text):
            return Fraction(node.text)
        return None

    def expr(self, node: Node) -> Expr:
        """A numeric expression; what cannot be read is reported and counts as 0."""
        value = self.number(node)
        if value is not None:
            return Num(value, node.start)
        if isinstance(node, Atom):
            if node.text in {"?duration", "#t", "total-time"}:
                return Fluent(node.text, (), node.start, node.end)
            name = self.name(node, "number")
            return Fluent(name, (), node.start, node.end) if name else Num(Fraction(0), node.start)
        if node.head in _ARITHMETIC:
            args = tuple(self.expr(item) for item in node.items[1:])
            if not args or (len(args) == 1 and node.head != "-"):
                self.error(codes.SYNTAX, f"'{node.head}' lacks an argument", node)
            return Arith(node.head, args, node.start)
        target = self.pred(node) if node.items else None
        if target is None:
            return Num(Fraction(0), node.start)
        return Fluent(target.name, target.args, node.start, node.end)

    # --- effects --------------------------------------------------------------------------------------------
    def effect(self, node: Node) -> Effect:
        """An effect; what cannot be read is reported and left out."""
        if isinstance(node, Atom):
            self.error(codes.SYNTAX, f"effect expected, but here stands '{node.text}'", node)
            return Sequence(())
        if not node.items:
            return Sequence((), node.start)
        head, rest = node.head, node.items[1:]
        if head == "and":
            return Sequence(tuple(self.effect(item) for item in rest), node.start)
        if head == "not":
            if not self._count(node, 1):
                return Sequence(())
            inner = rest[0]
            fact = self.pred(inner) if isinstance(inner, List) and inner.head not in _CONNECTIVES - {"at"} else None
            if fact is None:
                self.error(codes.SYNTAX, f"'{self.shown(node)}' is not the negation of one fact", node)
                return Sequence(())
            return Delete(fact, node.start)
        if head == "when":
            if not self._count(node, 2):
                return Sequence(())
            return When(self.formula(rest[0]), self.effect(rest[1]), node.start)
        if head == "forall":
            if not self._count(node, 2):
                return Sequence(())
            return ForEach(self._quantified(rest[0]), self.effect(rest[1]), node.start)
        if head in _ASSIGNMENTS:
            return self._assignment(node)
        timed = self._timing(node)
        if timed and timed[0] != "all":
            return TimedEffect(timed[0], self.effect(timed[1]), node.start)
        if head in {"or", "imply", "exists"} or timed:
            self.error(codes.SYNTAX, f"'{head}' cannot be an effect: an effect must say exactly what changes", node)
            return Sequence(())
        fact = self.pred(node)
        return Add(fact, node.start) if fact else Sequence(())

    def _assignment(self, node: List) -> Effect:
        if not self._count(node, 2):
            return Sequence(())
        target = self.expr(node.items[1])
        if not isinstance(target, Fluent):
            self.error(codes.SYNTAX, f"'{self.shown(node.items[1])}' is not a function that can be changed", node)
            return Sequence(())
        return Assign(node.head, target, self.expr(node.items[2]), node.start)
