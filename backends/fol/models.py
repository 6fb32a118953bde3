"""Models as structures for the checker: from ground terms, or from what forward chaining derived."""

from __future__ import annotations

from quod.backends.fol.euf import Classes
from quod.backends.fol.ground import RESERVED, witness
from quod.backends.fol.horn import Horn
from quod.backends.fol.instantiate import Instances
from quod.backends.fol.refuting import Proof
from quod.backends.fol.syntax import App, Eq, Pred, Term, Theory
from quod.core.model import JsonDict, JsonValue

__all__ = ["Names", "herbrand", "horn_structure", "structure_json"]


def horn_structure(theory: Theory, horn: Horn) -> JsonDict:
    """The least model as a structure. Constants stand for themselves and table rows hold, without being listed."""
    labels = Names(theory)
    shown = {t.name: labels.of(t) for t in horn.extra}
    domains: dict[str, JsonValue] = {}
    for sort in theory.sorts.values():
        names_here = horn.everything(sort.name)
        if names_here == [witness(sort.name).name]:
            shown[names_here[0]] = labels.fresh()
        domains[sort.name] = [shown.get(n, n) for n in names_here]
    predicates: dict[str, JsonValue] = {}
    for name, rows in horn.facts.rows.items():
        given = set(theory.facts.get(name, ()))
        predicates[name] = [[shown.get(c, c) for c in row] for row in rows if row not in given]
    return {"structure": {"domains": domains, "functions": {}, "predicates": predicates, "tables": True}}


def herbrand(theory: Theory, instances: Instances, proof: Proof, model: dict[int, bool]) -> JsonDict:
    """The structure whose elements are the ground terms, equal ones taken together."""
    atoms = proof.ground.clauses.atoms
    classes = Classes(theory.elements)
    for n, a in atoms.items():
        if isinstance(a, Eq) and model.get(n) and not proof.ground.is_value(a.right):
            classes.merge(a.left, a.right)
    for terms in instances.terms.values():
        for t in terms:
            classes.find(t)
    classes.close()
    names = Names(theory)
    domains: dict[str, list[str]] = {}
    for sort in theory.sorts.values():
        if sort.elements is None:
            named = [App(f.name) for f in theory.functions.values() if not f.sorts and f.result == sort.name]
            terms = list(dict.fromkeys([*instances.terms.get(sort.name, []), *named])) or [witness(sort.name)]
            instances.terms[sort.name] = terms
            representatives = dict.fromkeys(_best(t, terms, classes) for t in terms)
            domains[sort.name] = [names.of(t) for t in representatives]
        else:
            domains[sort.name] = list(sort.elements)
    valued = {
        a.left: a.right
        for n, a in atoms.items()
        if isinstance(a, Eq) and model.get(n) and proof.ground.is_value(a.right)
    }

    def label(t: Term) -> str:
        assert isinstance(t, App)
        if proof.ground.is_value(t):
            return t.name
        return names.of(_best(t, instances.terms.get(instances.sort(t), [t]), classes))

    functions: dict[str, dict[tuple[str, ...], str]] = {f: {} for f in theory.functions}
    for terms in instances.terms.values():
        for t in terms:
            if t.name in theory.functions:
                functions[t.name][tuple(label(a) for a in t.args)] = label(t)
    for term, value in valued.items():
        if isinstance(term, App) and isinstance(value, App) and term.name in theory.functions:
            functions[term.name][tuple(label(a) for a in term.args)] = value.name
    predicates: dict[str, set[tuple[str, ...]]] = {name: set(rows) for name, rows in theory.facts.items()}
    for n, a in atoms.items():
        if isinstance(a, Pred) and model.get(n):
            predicates.setdefault(a.name, set()).add(tuple(label(t) for t in a.args))
    return structure_json(theory, domains, functions, predicates)


def _best(t: App, terms: list[App], classes: Classes) -> App:
    """The plainest term equal to ``t``: a constant of the text if there is one."""
    root = classes.find(t)
    cached: dict[Term, App] = classes.__dict__.setdefault("best", {})
    if root not in cached:
        equal = [u for u in terms if classes.find(u) == root] or [t]
        cached[root] = min(equal, key=lambda u: (u.name.startswith(RESERVED), len(u.args)))
    return cached[root]


class Names:
    """Element names a person can read, all different."""

    def __init__(self, theory: Theory) -> None:
        self.taken = set(theory.elements) | set(theory.functions)
        self.by_term: dict[App, str] = {}

    def of(self, t: App) -> str:
        if t not in self.by_term:
            if not t.args and not t.name.startswith(RESERVED):
                self.by_term[t] = t.name
            else:
                self.by_term[t] = self.fresh()
        return self.by_term[t]

    def fresh(self) -> str:
        """``other1``, ``other2``, …"""
        k = 1
        while f"other{k}" in self.taken:
            k += 1
        self.taken.add(f"other{k}")
        return f"other{k}"


def structure_json(
    theory: Theory,
    domains: dict[str, list[str]],
    functions: dict[str, dict[tuple[str, ...], str]],
    predicates: dict[str, set[tuple[str, ...]]],
) -> JsonDict:
    """The structure as JSON, functions made total with the first element of their sort."""
    tables: dict[str, JsonValue] = {}
    for f in theory.functions.values():
        given = functions.get(f.name, {})
        rows: list[tuple[str, ...]] = [()]
        for s in f.sorts:
            rows = [(*r, e) for r in rows for e in domains[s]]
        tables[f.name] = [[*r, given.get(r, domains[f.result][0])] for r in rows]
    return {
        "domains": {s: list(d) for s, d in domains.items()},
        "functions": tables,
        "predicates": {p: [list(r) for r in sorted(rows)] for p, rows in sorted(predicates.items())},
    }
