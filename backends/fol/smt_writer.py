"""A theory as SMT-LIB 2 for Z3 and cvc5. Names are replaced by numbered ones, so that no engine chokes on any."""

from __future__ import annotations

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

__all__ = ["smt_script"]


class _Writer:
    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        self.sorts = {name: f"S{i}" for i, name in enumerate(theory.sorts)}
        self.functions = {name: f"f{i}" for i, name in enumerate(theory.functions)}
        self.elements = {name: f"e{i}" for i, name in enumerate(theory.elements)}
        self.predicates = {name: f"p{i}" for i, name in enumerate(theory.predicates)}
        self.fresh = 0

    def term(self, t: Term, scope: dict[str, str]) -> str:
        if isinstance(t, Var):
            return scope[t.name]
        if not t.args:
            return self.elements.get(t.name) or self.functions[t.name]
        return f"({self.functions[t.name]} {' '.join(self.term(a, scope) for a in t.args)})"

    def formula(self, f: Formula, scope: dict[str, str]) -> str:
        match f:
            case Bool(value):
                return "true" if value else "false"
            case Pred(name, args):
                if not args:
                    return self.predicates[name]
                return f"({self.predicates[name]} {' '.join(self.term(a, scope) for a in args)})"
            case Eq(left, right):
                return f"(= {self.term(left, scope)} {self.term(right, scope)})"
            case Compare(op, left, right):
                if op in {">", ">="}:
                    left, right, op = right, left, {">": "<", ">=": "<="}[op]
                a, b = self.term(left, scope), self.term(right, scope)
                return f"(lt {a} {b})" if op == "<" else f"(or (= {a} {b}) (lt {a} {b}))"
            case Not(body):
                return f"(not {self.formula(body, scope)})"
            case And(parts) | Or(parts):
                if not parts:
                    return "true" if isinstance(f, And) else "false"
                word = "and" if isinstance(f, And) else "or"
                return f"({word} {' '.join(self.formula(g, scope) for g in parts)})"
            case Implies(left, right) | Iff(left, right) | Xor(left, right):
                word = {Implies: "=>", Iff: "=", Xor: "xor"}[type(f)]
                return f"({word} {self.formula(left, scope)} {self.formula(right, scope)})"
            case Forall(var, sort, body) | Exists(var, sort, body):
                word = "forall" if isinstance(f, Forall) else "exists"
                name = f"x{self.fresh}"
                self.fresh += 1
                return f"({word} (({name} {self.sorts[sort]})) {self.formula(body, {**scope, var: name})})"

    def script(self, sentences: dict[str, Sentence]) -> tuple[str, dict[str, str]]:
        theory = self.theory
        lines = [f"(declare-sort {s} 0)" for s in self.sorts.values()]
        lines += [f"(declare-const {e} {self.sorts[theory.elements[n]]})" for n, e in self.elements.items()]
        for f in theory.functions.values():
            args = " ".join(self.sorts[s] for s in f.sorts)
            lines.append(f"(declare-fun {self.functions[f.name]} ({args}) {self.sorts[f.result]})")
        for p in theory.predicates.values():
            lines.append(f"(declare-fun {self.predicates[p.name]} ({' '.join(self.sorts[s] for s in p.sorts)}) Bool)")
        numeric = [s for s in theory.sorts.values() if s.numeric]
        if numeric:
            # One relation is enough: numeric sorts do not mix within a comparison.
            lines.append(f"(declare-fun lt ({self.sorts[numeric[0].name]} {self.sorts[numeric[0].name]}) Bool)")
        for s in theory.sorts.values():
            names = [self.elements[e] for e in s.elements or ()]
            if len(names) > 1:
                lines.append(f"(assert (distinct {' '.join(names)}))")
            if names:
                options = " ".join(f"(= x {n})" for n in names)
                lines.append(f"(assert (forall ((x {self.sorts[s.name]})) (or {options} false)))")
            if s.numeric and s is numeric[0]:
                for a in s.elements or ():
                    for b in s.elements or ():
                        atom = f"(lt {self.elements[a]} {self.elements[b]})"
                        lines.append(f"(assert {atom if int(a) < int(b) else f'(not {atom})'})")
        for name, rows in theory.facts.items():
            for row in rows:
                lines.append(f"(assert {self.formula(Pred(name, tuple(App(c) for c in row)), {})})")
        labels = {}
        for i, (key, sentence) in enumerate(sentences.items()):
            labels[f"a{i}"] = key
            lines.append(f"(assert (! {self.formula(sentence.formula, {})} :named a{i}))")
        return "\n".join(lines) + "\n", labels


def smt_script(theory: Theory, sentences: dict[str, Sentence]) -> tuple[str, dict[str, str]] | None:
    """Declarations and named assertions, and the sentence ids by name; None with several numeric sorts."""
    if sum(s.numeric for s in theory.sorts.values()) > 1:
        return None
    return _Writer(theory).script(sentences)
