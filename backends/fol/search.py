"""Does a set of sentences have a model? Searches for a refutation and for a finite model by turns.

Refutations: instances over deeper and deeper ground terms, refuted propositionally with equality added as needed.
Models: open sorts become closed ones of growing size (McCune's MACE), which the same grounding writes out.
Nothing here is trusted; what it finds goes to ``checker.py``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from quod.backends.fol.evaluate import BadModel, TooMuchWork, holds, structure_from_json
from quod.backends.fol.ground import Ground, TooBig, matrices
from quod.backends.fol.horn import horn_of
from quod.backends.fol.instantiate import Instances, Limit
from quod.backends.fol.models import Names, herbrand, horn_structure, structure_json
from quod.backends.fol.refuting import Proof, fact_rows, horn_refutation, rebuild
from quod.backends.fol.sat import Gave, solve
from quod.backends.fol.syntax import App, Eq, Pred, Sentence, Sort, Theory, constants_of
from quod.core.model import JsonDict

__all__ = ["Outcome", "decide", "minimal"]


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


def _refute(theory: Theory, sentences: dict[str, Sentence], depth: int, expired: object) -> tuple[Outcome | None, bool]:
    """A refutation from terms up to a depth, or a model if nothing deeper matters; and whether that was all."""
    instances = Instances(theory, sentences, depth, expired=expired)
    instances.run()
    made = list(instances.found)
    proof = Proof(theory, instances.skolems, expired)
    rows = fact_rows(theory)
    model = proof.run([(instances.matrices[m], terms) for m, terms in made], rows)
    if model is None:
        chosen = sorted(proof.core)
        names = list(dict.fromkeys(instances.matrices[made[i][0]].sentence for i in chosen if i < len(made)))
        facts = [rows[i - len(made)] for i in chosen if i >= len(made)]
        return Outcome(
            "unsat",
            rebuild(
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
    structure = herbrand(theory, instances, proof, model)
    if not _true_in(theory, sentences, structure):
        return None, True
    return Outcome("sat", {"structure": structure}), True


def _true_in(theory: Theory, sentences: dict[str, Sentence], structure: JsonDict) -> bool:
    try:
        read = structure_from_json(theory, structure)
        return all(holds(read, s.formula) for s in sentences.values())
    except (BadModel, TooMuchWork):
        return False


def _model(
    theory: Theory, sentences: dict[str, Sentence], extra: int, expired: object, *, named: bool
) -> Outcome | None:
    """A model whose open sorts have the constants in use and ``extra`` more as elements (``named``), or just
    ``extra`` elements, constants denoting any of them."""
    names = Names(theory)
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
    return Outcome("sat", {"structure": structure_json(theory, domains, tables, predicates)})


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
