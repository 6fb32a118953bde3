"""Formal things in words: read-back of formulas, answers, counter-examples a person can follow."""

from __future__ import annotations

import re

from quod.backends.fol.evaluate import Structure
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
)

__all__ = ["Speaker", "listed", "show", "show_term"]

_SYMBOL = {"<=": "≤", ">=": "≥"}


def show_term(t: Term) -> str:
    """A term in notation."""
    name = t.name if re.fullmatch(r"-?\d+|[^\W_][\w’']*|_\w+|\$\w+", t.name) else f"'{t.name}'"
    if isinstance(t, App) and t.args:
        return f"{name}({', '.join(show_term(a) for a in t.args)})"
    return name


def show(f: Formula, sorts: bool = False) -> str:
    """A formula in Unicode notation, fully parenthesized where it mixes connectives; parses back to itself."""
    match f:
        case Bool(value):
            return "⊤" if value else "⊥"
        case Pred(name, args):
            return show_term(App(name, args))
        case Eq(left, right):
            return f"{show_term(left)} = {show_term(right)}"
        case Compare(op, left, right):
            return f"{show_term(left)} {_SYMBOL.get(op, op)} {show_term(right)}"
        case Not(Eq(left, right)):
            return f"{show_term(left)} ≠ {show_term(right)}"
        case Not(body):
            return f"¬{_grouped(body, sorts)}"
        case And(parts):
            return " ∧ ".join(_grouped(g, sorts) for g in parts) if parts else "⊤"
        case Or(parts):
            return " ∨ ".join(_grouped(g, sorts) for g in parts) if parts else "⊥"
        case Implies(left, right):
            return f"{_grouped(left, sorts)} → {_grouped(right, sorts)}"
        case Iff(left, right):
            return f"{_grouped(left, sorts)} ↔ {_grouped(right, sorts)}"
        case Xor(left, right):
            return f"{_grouped(left, sorts)} ⊕ {_grouped(right, sorts)}"
        case Forall(var, sort, body) | Exists(var, sort, body):
            sign = "∀" if isinstance(f, Forall) else "∃"
            return f"{sign}{var}{': ' + show_term(Var(sort)) if sorts else ''} {_body(body, sorts)}"


def _body(f: Formula, sorts: bool) -> str:
    return show(f, sorts) if isinstance(f, Forall | Exists) else f"({show(f, sorts)})"


def _grouped(f: Formula, sorts: bool) -> str:
    simple = isinstance(f, Pred | Bool | Forall | Exists) or (
        isinstance(f, Not) and not isinstance(f.body, Eq | Compare)
    )
    return show(f, sorts) if simple else f"({show(f, sorts)})"


def listed(parts: list[str], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


class Speaker:
    """Says formal things with the glosses of a theory."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory

    def name(self, element: str) -> str:
        """A constant or element by its gloss, else by its name."""
        f = self.theory.functions.get(element)
        return (f.gloss if f and f.gloss else element).strip()

    def term(self, t: Term) -> str:
        """A term in words."""
        if isinstance(t, Var):
            return t.name
        if not t.args:
            return self.name(t.name)
        f = self.theory.functions[t.name]
        return self.fill(f.gloss, f.params, [self.term(a) for a in t.args]) or show_term(t)

    @staticmethod
    def fill(gloss: str, params: tuple[str, ...], args: list[str]) -> str:
        """A gloss with its parameters replaced; empty where it does not mention them all."""
        if not gloss or not params:
            return gloss
        values = dict(zip(params, args, strict=False))
        pattern = re.compile(r"(?<!\w)(" + "|".join(re.escape(p) for p in params) + r")(?!\w)")
        if set(pattern.findall(gloss)) != set(params):
            return ""
        return pattern.sub(lambda m: values[m[1]], gloss).rstrip(".")

    def predicate(self, name: str, args: list[str], sign: bool = True) -> str:
        """An atom in words."""
        p = self.theory.predicates[name]
        text = self.fill(p.gloss, p.params, args)
        if not text:
            text = f"{name}({', '.join(args)})" if args else name
        if sign:
            return text
        for word in (" is ", " are ", " was ", " were ", " can ", " will ", " has to "):
            if text.count(word) == 1:
                return text.replace(word, f"{word}not ")
        return f"it is not so that {text}"

    def sentence(self, s: Sentence) -> str:
        """The words a sentence stands for, else its formula read out."""
        return s.words.strip() or self.formula(s.formula)

    def formula(self, f: Formula) -> str:
        """A formula in words, deterministically."""
        match f:
            case Bool(value):
                return "something true" if value else "something false"
            case Pred(name, args):
                return self.predicate(name, [self.term(a) for a in args])
            case Not(Pred(name, args)):
                return self.predicate(name, [self.term(a) for a in args], sign=False)
            case Eq(left, right):
                return f"{self.term(left)} is {self.term(right)}"
            case Not(Eq(left, right)):
                return f"{self.term(left)} is not {self.term(right)}"
            case Compare(op, left, right):
                words = {"<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}[op]
                return f"{self.term(left)} {words} {self.term(right)}"
            case Not(body):
                return f"it is not so that {self.nested(body)}"
            case And(parts):
                return listed([self.nested(g) for g in parts])
            case Or(parts):
                return listed([self.nested(g) for g in parts], "or")
            case Implies(left, right):
                return f"if {self.nested(left)}, then {self.nested(right)}"
            case Iff(left, right):
                return f"{self.nested(left)} if and only if {self.nested(right)}"
            case Xor(left, right):
                return f"either {self.nested(left)} or {self.nested(right)}, but not both"
            case Forall(var, sort, body):
                return f"for every {sort} {var}: {self.nested(body)}"
            case Exists(var, sort, body):
                return f"there is some {sort} {var} such that {self.nested(body)}"

    def nested(self, f: Formula) -> str:
        """A part of a formula, bracketed where it would otherwise run together with its surroundings."""
        text = self.formula(f)
        return text if isinstance(f, Pred | Eq | Compare | Bool | Not) else f"[{text}]"

    def structure(self, s: Structure, limit: int = 12) -> str:
        """What is the case in a structure: values of functions, then the atoms that are true."""
        facts: list[str] = []
        for f in self.theory.functions.values():
            if f.sorts:
                for args, value in sorted(s.functions[f.name].items()):
                    said = (
                        self.term(App(f.name, tuple(App(a) for a in args)))
                        if f.gloss
                        else f"{f.name}({', '.join(args)})"
                    )
                    facts.append(f"{said} is {self.name(value)}")
            elif s.functions[f.name][()] != f.name and not _is_plain(s.functions[f.name][()]):
                facts.append(f"{self.name(f.name)} is {self.name(s.functions[f.name][()])}")
        total = len(facts) + sum(map(len, s.predicates.values()))
        for name in sorted(s.predicates):
            if len(facts) < limit:
                rows = sorted(s.predicates[name])[: limit - len(facts)]
                facts += [self.predicate(name, [self.name(a) for a in row]) for row in rows]
        more = f" (and {total - limit} more)" if total > limit else ""
        return "; ".join(facts[:limit]) + more if facts else "nothing of the kind holds of anything"


def _is_plain(element: str) -> bool:
    return element.startswith("other")
