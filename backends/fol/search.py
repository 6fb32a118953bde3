"""Does a set of sentences have a model? Searches for a refutation and for a finite model by turns.

Refutations: instances over deeper and deeper ground terms, refuted propositionally with equality added as needed.
Models: open sorts become closed ones of growing size (McCune's MACE), which the same grounding writes out.
Nothing here is trusted; what it finds goes to ``checker.py``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from quod.backends.fol.euf import Classes, contradictory
from quod.backends.fol.evaluate import BadModel, TooMuchWork, holds, structure_from_json
from quod.backends.fol.ground import RESERVED, Ground, Matrix, TooBig, matrices, witness
from quod.backends.fol.horn import Horn, horn_of
from quod.backends.fol.instantiate import Instances, Limit
from quod.backends.fol.sat import Gave, solve
from quod.backends.fol.syntax import App, Compare, Eq, Pred, Sentence, Sort, Term, Theory, constants_of
from quod.core.model import JsonDict, JsonValue

__all__ = ["Outcome", "decide", "horn_refutation", "horn_structure", "minimal"]

Literal = tuple[bool, Pred | Eq]


@dataclass(frozen=True)
class Outcome:
    """``kind`` is ``sat``, ``unsat`` or ``unknown``; ``evidence`` as the checker reads it."""

    kind: str
    evidence: JsonDict = field(default_factory=dict)
    why: str = ""

    @property
    def used(self) -> list[str]:
        """The ids of the sentences a refutation uses."""
        names = self.evidence.get("sentences", [])
        return [str(n) for n in names] if isinstance(names, list) else []


def decide(theory: Theory, sentences: dict[str, Sentence], seconds: float, rounds: int = 4) -> Outcome:
    """Search for ``seconds`` at most. ``rounds`` bounds term depth and model size."""
    deadline = time.monotonic() + seconds

    def expired() -> bool:
        return time.monotonic() > deadline

    if len(sentences) > 200 or sum(map(len, theory.facts.values())) > 200:
        outcome = _horn(theory, sentences)
        if outcome is not None:
            return outcome
    why = "no refutation and no small model was found"
    herbrand = True
    try:
        for depth in range(1, rounds + 1):
            if herbrand:
                try:
                    outcome, saturated = _refute(theory, sentences, depth, expired)
                except (Limit, TooBig, Gave):
                    herbrand, outcome, saturated = False, None, False
                if outcome is not None:
                    return outcome
                if saturated:
                    herbrand = False
            for extra in (0, 1) if depth == 1 else (depth,):
                model = _model(theory, sentences, extra, expired, named=True)
                if model is not None:
                    return model
                if expired():
                    return Outcome("unknown", why="time")
            model = _model(theory, sentences, depth, expired, named=False)
            if model is not None:
                return model
            if expired():
                return Outcome("unknown", why="time")
    except RecursionError:
        why = "too deep"
    return Outcome("unknown", why=why)


def _horn(theory: Theory, sentences: dict[str, Sentence]) -> Outcome | None:
    """Horn theories, by forward chaining."""
    horn = horn_of(theory, sentences)
    if horn is None:
        return None
    horn.start()
    violated = horn.violated()
    if violated is not None:
        return Outcome("unsat", horn_refutation(theory, horn, *violated))
    return Outcome("sat", horn_structure(theory, horn))


def horn_refutation(
    theory: Theory, horn: Horn, made: list[tuple[int, tuple[App, ...]]], rows: list[tuple[str, tuple[str, ...]]]
) -> JsonDict:
    """The evidence for a contradiction that forward chaining ran into."""
    position = {(name, row): i for name, table in theory.facts.items() for i, row in enumerate(table)}
    facts = []
    for name, row in rows:
        facts.append((f"{RESERVED}fact:{name}:{position[name, row]}", Pred(name, tuple(App(c) for c in row))))
    names = list(dict.fromkeys(horn.matrices[m].sentence for m, _ in made))
    return _rebuild(theory, horn.matrices, horn.ranges, horn.skolems, made, names, facts)


def horn_structure(theory: Theory, horn: Horn) -> JsonDict:
    """The least model as a structure. Constants stand for themselves and table rows hold, without being listed."""
    labels = _Names(theory)
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


def _refute(theory: Theory, sentences: dict[str, Sentence], depth: int, expired: object) -> tuple[Outcome | None, bool]:
    """A refutation from terms up to a depth, or a model if nothing deeper matters; and whether that was all."""
    instances = Instances(theory, sentences, depth, expired=expired)
    instances.run()
    made = list(instances.found)
    proof = _Proof(theory, instances.skolems, expired)
    rows = _fact_rows(theory)
    model = proof.run([(instances.matrices[m], terms) for m, terms in made], rows)
    if model is None:
        chosen = sorted(proof.core)
        names = list(dict.fromkeys(instances.matrices[made[i][0]].sentence for i in chosen if i < len(made)))
        facts = [rows[i - len(made)] for i in chosen if i >= len(made)]
        return Outcome(
            "unsat",
            _rebuild(
                theory,
                instances.matrices,
                instances.offsets,
                instances.skolems,
                [made[i] for i in chosen if i < len(made)],
                names,
                facts,
            ),
        ), True
    if instances.cut:
        return None, False
    structure = _herbrand(theory, instances, proof, model)
    if not _true_in(theory, sentences, structure):
        return None, True
    return Outcome("sat", {"structure": structure}), True


def _true_in(theory: Theory, sentences: dict[str, Sentence], structure: JsonDict) -> bool:
    try:
        read = structure_from_json(theory, structure)
        return all(holds(read, s.formula) for s in sentences.values())
    except (BadModel, TooMuchWork):
        return False


def _fact_rows(theory: Theory) -> list[tuple[str, Pred]]:
    """Every table row, with the ids the checker knows them by."""
    found = []
    for name, rows in theory.facts.items():
        for i, row in enumerate(rows):
            found.append((f"{RESERVED}fact:{name}:{i}", Pred(name, tuple(App(c) for c in row))))
    return found


def _rebuild(
    theory: Theory,
    made_matrices: list[Matrix],
    offsets: dict[str, tuple[int, int]],
    skolems: dict[str, tuple[tuple[str, ...], str]],
    made: list[tuple[int, tuple[App, ...]]],
    names: list[str],
    facts: list[tuple[str, Pred]],
) -> JsonDict:
    """The evidence for a refutation from the instances used, numbered as the checker will number them."""
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
    proof = _Proof(theory, skolems, None)
    model = proof.run(ground, facts)
    assert model is None, "a subset that was refuted is refuted again"
    return {
        "sentences": [*names, *(n for n, _ in facts)],
        "instances": entries,
        "theory": [[[sign, _atom(a)] for sign, a in clause] for clause in proof.theory_clauses],
        "lemmas": [list(lemma) for lemma in proof.lemmas],
    }


class _Proof:
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


def _herbrand(theory: Theory, instances: Instances, proof: _Proof, model: dict[int, bool]) -> JsonDict:
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
    names = _Names(theory)
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
    return _structure(theory, domains, functions, predicates)


def _best(t: App, terms: list[App], classes: Classes) -> App:
    """The plainest term equal to ``t``: a constant of the text if there is one."""
    root = classes.find(t)
    cached: dict[Term, App] = classes.__dict__.setdefault("best", {})
    if root not in cached:
        equal = [u for u in terms if classes.find(u) == root] or [t]
        cached[root] = min(equal, key=lambda u: (u.name.startswith(RESERVED), len(u.args)))
    return cached[root]


class _Names:
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


def _structure(
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


def _model(
    theory: Theory, sentences: dict[str, Sentence], extra: int, expired: object, *, named: bool
) -> Outcome | None:
    """A model whose open sorts have the constants in use and ``extra`` more as elements (``named``), or just
    ``extra`` elements, constants denoting any of them."""
    names = _Names(theory)
    used = {c for s in sentences.values() for c in constants_of(s.formula)}
    used |= {c for rows in theory.facts.values() for row in rows for c in row}
    sorts: dict[str, Sort] = {}
    elements = dict(theory.elements)
    for sort in theory.sorts.values():
        if sort.elements is not None:
            sorts[sort.name] = sort
            continue
        own = [f.name for f in theory.functions.values() if not f.sorts and f.result == sort.name and f.name in used]
        count = extra if named and own else max(1, extra)
        domain = [*(own if named else ()), *(names.fresh() for _ in range(count))]
        if len(domain) > 60:
            return None
        sorts[sort.name] = Sort(sort.name, tuple(domain))
        elements.update(dict.fromkeys(domain, sort.name))
    fixed = {e for s in sorts.values() for e in s.elements or ()}
    functions = {f.name: f for f in theory.functions.values() if f.name not in fixed}
    finite = replace(theory, sorts=sorts, elements=elements, functions=functions)
    ground = Ground(finite)
    try:
        for s in sentences.values():
            made, _ = matrices(finite, s, 100_000)
            for m in made:
                ground.instance(m, ())
            if len(ground.clauses.clauses) > 200_000:
                return None
        for name, rows in theory.facts.items():
            for row in rows:
                ground.clauses.add(ground.flat((True, Pred(name, tuple(App(c) for c in row)))))
        ground.close()
        result = solve(ground.clauses.clauses, 20_000, expired if callable(expired) else lambda: False)
    except (TooBig, Gave):
        return None
    if result.model is None:
        return None
    tables: dict[str, dict[tuple[str, ...], str]] = {f: {} for f in theory.functions}
    predicates: dict[str, set[tuple[str, ...]]] = {}
    for n, a in ground.clauses.atoms.items():
        if not result.model.get(n):
            continue
        if isinstance(a, Pred):
            predicates.setdefault(a.name, set()).add(tuple(t.name for t in a.args))
        elif isinstance(a, Eq) and isinstance(a.left, App) and isinstance(a.right, App):
            tables[a.left.name][tuple(t.name for t in a.left.args)] = a.right.name
    for f in theory.functions.values():
        if not f.sorts and f.name in fixed:
            tables[f.name][()] = f.name
    domains = {s.name: list(s.elements or ()) for s in sorts.values()}
    return Outcome("sat", {"structure": _structure(theory, domains, tables, predicates)})


def minimal(
    theory: Theory, sentences: dict[str, Sentence], outcome: Outcome, seconds: float, fixed: set[str]
) -> Outcome:
    """A refutation of which no sentence (outside ``fixed``) can be left out, as far as time allows."""
    deadline = time.monotonic() + seconds
    if sum(map(len, theory.facts.values())) > 1000:
        return outcome
    for name in list(outcome.used):
        if name in fixed or name not in outcome.used or name not in sentences:
            continue
        left = deadline - time.monotonic()
        if left <= 0:
            break
        smaller = {n: sentences[n] for n in outcome.used if n in sentences and n != name}
        trial = decide(theory, smaller, left, rounds=2)
        if trial.kind == "unsat":
            outcome = trial
    return outcome


def _term(t: Term) -> JsonValue:
    assert isinstance(t, App)
    return [t.name, *(_term(a) for a in t.args)] if t.args else t.name


def _atom(a: Pred | Eq) -> JsonValue:
    if isinstance(a, Eq):
        return ["=", _term(a.left), _term(a.right)]
    return ["p", a.name, *(_term(t) for t in a.args)]
