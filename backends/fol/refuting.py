"""Refutations: a propositional search over instances, and its result as evidence for the checker."""

from __future__ import annotations

from collections.abc import Iterable

from quod.backends.fol.euf import contradictory
from quod.backends.fol.ground import RESERVED, Ground, Matrix
from quod.backends.fol.horn import Horn
from quod.backends.fol.sat import Gave, solve
from quod.backends.fol.syntax import App, Compare, Eq, Pred, Term, Theory
from quod.core.model import JsonDict, JsonValue

__all__ = ["Proof", "fact_rows", "horn_refutation", "rebuild"]

Literal = tuple[bool, Pred | Eq]


def horn_refutation(
    theory: Theory, horn: Horn, made: list[tuple[int, tuple[App, ...]]], rows: list[tuple[str, tuple[str, ...]]]
) -> JsonDict:
    """The evidence for a contradiction that forward chaining ran into."""
    position = {(name, row): i for name, table in theory.facts.items() for i, row in enumerate(table)}
    facts = []
    for name, row in rows:
        facts.append((f"{RESERVED}fact:{name}:{position[name, row]}", Pred(name, tuple(App(c) for c in row))))
    names = list(dict.fromkeys(horn.matrices[m].sentence for m, _ in made))
    return rebuild(theory, horn.matrices, horn.ranges, horn.skolems, made, names, facts)


def fact_rows(theory: Theory) -> list[tuple[str, Pred]]:
    """Every table row, with the ids the checker knows them by."""
    found = []
    for name, rows in theory.facts.items():
        for i, row in enumerate(rows):
            found.append((f"{RESERVED}fact:{name}:{i}", Pred(name, tuple(App(c) for c in row))))
    return found


def rebuild(
    theory: Theory,
    made_matrices: list[Matrix],
    offsets: dict[str, tuple[int, int]],
    skolems: dict[str, tuple[tuple[str, ...], str]],
    made: list[tuple[int, tuple[App, ...]]],
    names: list[str],
    facts: list[tuple[str, Pred]],
) -> JsonDict:
    """The evidence for a refutation from the instances used, numbered as the checker will number them."""
    # a term made for "there is" belongs to a sentence, which the checker must be told of even if only the term is used
    made_for = {_sentence_of(n) for _, terms in made for t in terms for n in _names_in(t) if n in skolems}
    names = list(dict.fromkeys([*names, *sorted(made_for)]))
    offset: dict[str, int] = {}
    total = 0
    for name in names:
        offset[name] = total
        start, end = offsets[name]
        total += end - start
    entries: list[JsonValue] = []
    ground: list[tuple[Matrix, tuple[App, ...]]] = []
    for index, terms in made:
        matrix = made_matrices[index]
        local = index - offsets[matrix.sentence][0] + offset[matrix.sentence]
        entries.append([local, [_term(t) for t in terms]])
        ground.append((matrix, terms))
    for k, _ in enumerate(facts):
        entries.append([total + k, []])
    proof = Proof(theory, skolems, None)
    model = proof.run(ground, facts)
    assert model is None, "a subset that was refuted is refuted again"
    return {
        "sentences": [*names, *(n for n, _ in facts)],
        "instances": entries,
        "theory": [[[sign, _atom(a)] for sign, a in clause] for clause in proof.theory_clauses],
        "lemmas": [list(lemma) for lemma in proof.lemmas],
    }


class Proof:
    """Propositional search over instances with equality reasoning added when a candidate model violates it."""

    def __init__(self, theory: Theory, skolems: dict[str, tuple[tuple[str, ...], str]], expired: object) -> None:
        self.theory = theory
        self.ground = Ground(theory)
        self.ground.skolem_results = {name: result for name, (_, result) in skolems.items()}
        self.expired = expired if callable(expired) else (lambda: False)
        self.theory_clauses: list[list[Literal]] = []
        self.lemmas: list[tuple[int, ...]] = []
        self.core: set[int] = set()
        self.origin: list[int] = []

    def run(
        self, instances: Iterable[tuple[Matrix, tuple[App, ...]]], facts: list[tuple[str, Pred]]
    ) -> dict[int, bool] | None:
        """A model, or None with ``lemmas`` and ``core`` (indices of instances, then of facts) set. Raises Gave."""
        clauses = self.ground.clauses.clauses
        count = 0
        for i, (matrix, terms) in enumerate(instances):
            self.ground.instance(matrix, terms)
            self.origin += [i] * (len(clauses) - len(self.origin))
            count = i + 1
        for k, (_, atom) in enumerate(facts):
            self.ground.clauses.add((True, atom))
            self.origin += [count + k] * (len(clauses) - len(self.origin))
        while True:
            result = solve(clauses, expired=self.expired)
            if result.model is None:
                self.lemmas = result.lemmas
                self.core = {self.origin[i] for i in result.core if self.origin[i] >= 0}
                return None
            conflict = self.violated(result.model)
            if conflict is None:
                return result.model
            clause = [(not sign, atom) for sign, atom in conflict]
            self.theory_clauses.append(clause)
            of = self.ground.clauses.of
            clauses.append(tuple(of(a) if sign else -of(a) for sign, a in clause))
            self.origin.append(-1)
            if self.expired():
                raise Gave

    def violated(self, model: dict[int, bool]) -> list[Literal] | None:
        """A minimal set of the model's literals that equality forbids."""
        atoms = self.ground.clauses.atoms
        if not any(isinstance(a, Eq) for a in atoms.values()):
            return None
        literals: list[Literal] = [(model[n], a) for n, a in atoms.items() if n in model and not isinstance(a, Compare)]
        distinct = self.theory.elements
        if not contradictory(literals, distinct):
            return None
        # Denials of predicates and far more than is needed: drop halves while it stays contradictory, then singles.
        chunk = max(1, len(literals) // 2)
        while True:
            i = 0
            while i < len(literals):
                rest = literals[:i] + literals[i + chunk :]
                if contradictory(rest, distinct):
                    literals = rest
                else:
                    i += chunk
            if chunk == 1:
                return literals
            chunk = max(1, chunk // 2)


def _term(t: Term) -> JsonValue:
    assert isinstance(t, App)
    return [t.name, *(_term(a) for a in t.args)] if t.args else t.name


def _atom(a: Pred | Eq) -> JsonValue:
    if isinstance(a, Eq):
        return ["=", _term(a.left), _term(a.right)]
    return ["p", a.name, *(_term(t) for t in a.args)]


def _names_in(t: Term) -> list[str]:
    """Every name in a ground term."""
    found: list[str] = []
    todo: list[Term] = [t]
    while todo:
        u = todo.pop()
        found.append(u.name)
        if isinstance(u, App):
            todo.extend(u.args)
    return found


def _sentence_of(skolem: str) -> str:
    """The sentence whose existential statement a Skolem function stands for (see ``ground.py``)."""
    return skolem.removeprefix(f"{RESERVED}sk:").rpartition(":")[0]
