"""A theory as TPTP: FOF where it has one sort, TFF else. Names are escaped, never changed in meaning."""

from __future__ import annotations

import re

from quod.backends.fol.ground import axioms
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

__all__ = ["tptp_problem", "write_tptp"]

_PLAIN = re.compile(r"[a-z][A-Za-z0-9_]*")


def _quote(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return name
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ") + "'"


class _Writer:
    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        self.typed = len(theory.sorts) > 1
        # One name space: a constant and a predicate may share a name in quod-fol's eyes only if declared so.
        self.fresh = 0

    def term(self, t: Term, scope: dict[str, str]) -> str:
        if isinstance(t, Var):
            return scope[t.name]
        args = f"({','.join(self.term(a, scope) for a in t.args)})" if t.args else ""
        name = f"n{t.name}" if re.fullmatch(r"-?\d+", t.name) else t.name
        return _quote(name) + args

    def formula(self, f: Formula, scope: dict[str, str]) -> str:
        match f:
            case Bool(value):
                return "$true" if value else "$false"
            case Pred(name, args):
                inner = f"({','.join(self.term(a, scope) for a in args)})" if args else ""
                return _quote(name) + inner
            case Eq(left, right):
                return f"({self.term(left, scope)} = {self.term(right, scope)})"
            case Compare(op, left, right):
                if op in {">", ">="}:
                    left, right, op = right, left, {">": "<", ">=": "<="}[op]
                a, b = self.term(left, scope), self.term(right, scope)
                return f"quod_less({a},{b})" if op == "<" else f"({a} = {b} | quod_less({a},{b}))"
            case Not(body):
                return f"~ {self.formula(body, scope)}"
            case And(parts) | Or(parts):
                if not parts:
                    return "$true" if isinstance(f, And) else "$false"
                word = " & " if isinstance(f, And) else " | "
                return f"({word.join(self.formula(g, scope) for g in parts)})"
            case Implies(left, right) | Iff(left, right) | Xor(left, right):
                word = {Implies: "=>", Iff: "<=>", Xor: "<~>"}[type(f)]
                return f"({self.formula(left, scope)} {word} {self.formula(right, scope)})"
            case Forall(var, sort, body) | Exists(var, sort, body):
                name = f"X{self.fresh}"
                self.fresh += 1
                declared = f"{name}: {self.sort(sort)}" if self.typed else name
                sign = "!" if isinstance(f, Forall) else "?"
                return f"{sign} [{declared}] : {self.formula(body, {**scope, var: name})}"

    def sort(self, name: str) -> str:
        return _quote(name + "_sort")

    def types(self) -> list[str]:
        if not self.typed:
            return []
        theory = self.theory
        lines = [f"tff(sort_{i}, type, {self.sort(s)}: $tType)." for i, s in enumerate(theory.sorts)]
        declared: list[tuple[str, tuple[str, ...], str]] = [
            (f.name, f.sorts, self.sort(f.result)) for f in theory.functions.values()
        ]
        declared += [
            (e if not e.lstrip("-").isdigit() else f"n{e}", (), self.sort(s)) for e, s in theory.elements.items()
        ]
        declared += [(p.name, p.sorts, "$o") for p in theory.predicates.values()]
        numeric = [s.name for s in theory.sorts.values() if s.numeric]
        if numeric:
            declared.append(("quod_less", (numeric[0], numeric[0]), "$o"))
        for i, (name, args, result) in enumerate(declared):
            joined = " * ".join(self.sort(a) for a in args)
            arrow = f"({joined}) > {result}" if len(args) > 1 else f"{joined} > {result}" if args else result
            lines.append(f"tff(type_{i}, type, {_quote(name)}: {arrow}).")
        return lines

    def background(self) -> list[str]:
        lines = []
        for s in self.theory.sorts.values():
            names = [self.term(App(e), {}) for e in s.elements or ()]
            for i, a in enumerate(names):
                lines += [f"({a} != {b})" for b in names[i + 1 :]]
            if names:
                variable = f"X: {self.sort(s.name)}" if self.typed else "X"
                lines.append(f"! [{variable}] : ({' | '.join(f'X = {n}' for n in names)})")
            if s.numeric:
                pairs = [(a, b) for a in s.elements or () for b in s.elements or ()]
                for a, b in pairs:
                    atom = f"quod_less({self.term(App(a), {})},{self.term(App(b), {})})"
                    lines.append(atom if int(a) < int(b) else f"~ {atom}")
        for name, rows in self.theory.facts.items():
            lines += [self.formula(Pred(name, tuple(App(c) for c in row)), {}) for row in rows]
        return lines


def tptp_problem(theory: Theory, sentences: dict[str, Sentence]) -> tuple[str, dict[str, str]] | None:
    """Axioms for a refutation and the sentence ids by axiom name; None with several numeric sorts."""
    if sum(s.numeric for s in theory.sorts.values()) > 1:
        return None
    writer = _Writer(theory)
    kind = "tff" if writer.typed else "fof"
    lines = writer.types()
    lines += [f"{kind}(b{i}, axiom, {text})." for i, text in enumerate(writer.background())]
    labels = {}
    for i, (key, s) in enumerate(sentences.items()):
        labels[f"a{i}"] = key
        lines.append(f"{kind}(a{i}, axiom, {writer.formula(s.formula, {})}).")
    return "\n".join(lines) + "\n", labels


def write_tptp(theory: Theory) -> str:
    """The whole theory with its question as a conjecture, for other provers."""
    writer = _Writer(theory)
    kind = "tff" if writer.typed else "fof"
    lines = writer.types()
    lines += [f"{kind}(background_{i}, axiom, {text})." for i, text in enumerate(writer.background())]
    said = (*axioms(theory), *theory.premises)
    lines += [f"{kind}({_quote(s.id.strip())}, axiom, {writer.formula(s.formula, {})})." for s in said]
    lines += [
        f"{kind}({_quote(s.id.strip())}, conjecture, {writer.formula(s.formula, {})})."
        for s in theory.question.formulas[:1]
    ]
    return "\n".join(lines) + "\n"
