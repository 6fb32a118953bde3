"""Checks the evidence for a conclusion. Imports no solver and nothing of the search: only the formal text's syntax,
its grounding, unit propagation, congruence closure and evaluation in a finite structure.

A payload is ``{"holding": [...], "evidence": [{...}, ...]}`` with one piece of evidence for each obligation, in the
order of ``obligations.py``:

* for ``unsat``: ``sentences`` (ids used), ``instances`` (``[matrix, terms]``), ``theory`` (clauses valid by
  equality alone) and ``lemmas`` (a propositional refutation by reverse unit propagation);
* for ``sat``: ``structure``, evaluated on every sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from quod.backends.fol.euf import contradictory
from quod.backends.fol.evaluate import BadModel, Structure, TooMuchWork, holds, structure_from_json
from quod.backends.fol.ground import RESERVED, Ground, Matrix, TooBig, matrices
from quod.backends.fol.obligations import OTHER, Obligation, assumed, differs_from, obligations
from quod.backends.fol.rup import check_rup
from quod.backends.fol.syntax import App, Compare, Eq, Pred, Sentence, Theory
from quod.core.model import JsonDict, JsonValue
from quod.core.verdict import Conclusion

__all__ = [
    "Refutation",
    "Rejected",
    "atom_from_json",
    "check",
    "check_model",
    "check_refutation",
    "fact_sentences",
    "term_from_json",
]

NAME = "quod.backends.fol.checker"


@dataclass(frozen=True)
class Refutation:
    """The propositional part of a refutation: ground clauses, and the lemmas up to the empty one (as in DIMACS)."""

    clauses: list[tuple[int, ...]]
    lemmas: list[list[int]]


class Rejected(Exception):  # noqa: N818 - the checker's "no"
    """The evidence does not show what it should; the message says where it fails."""


def check(theory: Theory, conclusion: Conclusion, payload: JsonDict) -> list[Refutation]:
    """Raise Rejected unless the payload shows the conclusion. Gives the refutations in it, as they were checked."""
    needed = obligations(theory, conclusion, dict(payload))
    evidence = payload.get("evidence")
    if needed is None:
        raise Rejected("this question has no such conclusion")
    if not isinstance(evidence, list) or len(evidence) != len(needed):
        raise Rejected(f"{len(needed)} pieces of evidence are needed")
    solution: Structure | None = None
    refutations = []
    for obligation, piece in zip(needed, evidence, strict=True):
        if not isinstance(piece, dict):
            raise Rejected("a piece of evidence is not an object")
        sentences = sentences_of(theory, obligation, solution)
        if obligation.kind == "unsat":
            refutations.append(check_refutation(theory, sentences, piece))
        else:
            solution = check_model(theory, sentences, piece)
    return refutations


def sentences_of(theory: Theory, obligation: Obligation, solution: Structure | None) -> dict[str, Sentence]:
    """The sentences of an obligation; ``other`` speaks of the solution found before it."""
    extra = tuple(e for e in obligation.extra if e != OTHER)
    found = assumed(theory, extra)
    if OTHER in obligation.extra:
        if solution is None:
            raise Rejected("no solution to differ from")
        found[OTHER] = differs_from(theory, solution.functions, solution.predicates)
    return found


def check_model(theory: Theory, sentences: dict[str, Sentence], piece: JsonDict) -> Structure:
    """The structure of a piece of evidence, having every sentence true in it. Raises Rejected."""
    data = piece.get("structure")
    if not isinstance(data, dict):
        raise Rejected("no structure is given")
    try:
        structure = structure_from_json(theory, data)
        for name, rows in theory.facts.items():
            table = structure.predicates.get(name, set())
            if any(tuple(structure.value(App(c), {}) for c in row) not in table for row in rows):
                raise Rejected(f"a row of the table of '{name}' is not true in the structure")
        for s in sentences.values():
            if not holds(structure, s.formula):
                raise Rejected(f"'{s.id.strip()}' is not true in the structure")
    except BadModel as error:
        raise Rejected(str(error)) from None
    except TooMuchWork:
        raise Rejected("evaluating the structure takes too long") from None
    return structure


def check_refutation(theory: Theory, sentences: dict[str, Sentence], piece: JsonDict) -> Refutation:
    """Raise Rejected unless the piece refutes the sentences it names, which must be among those given."""
    used = _strings(piece.get("sentences"))
    rows = fact_sentences(theory, used)
    known: list[Matrix] = []
    ground = Ground(theory)
    signatures: dict[str, tuple[tuple[str, ...], str]] = {}
    for name in used:
        sentence = sentences.get(name) or rows.get(name)
        if sentence is None:
            raise Rejected(f"'{name.strip()}' is not among the sentences")
        try:
            found, skolems = matrices(theory, sentence)
        except TooBig:
            raise Rejected(f"'{name.strip()}' is too large to write out") from None
        known += found
        signatures.update(skolems)
    ground.skolem_results = {name: result for name, (_, result) in signatures.items()}
    for entry in _list(piece.get("instances")):
        index, terms = _pair(entry)
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(known):
            raise Rejected("an instance names no matrix")
        matrix = known[index]
        given = [term_from_json(t) for t in _list(terms)]
        if len(given) != len(matrix.variables):
            raise Rejected("an instance gives the wrong number of terms")
        for t, (_, sort) in zip(given, matrix.variables, strict=True):
            if _sort(theory, signatures, t) != sort:
                raise Rejected("an instance puts a term of the wrong sort")
        ground.instance(matrix, given)
    for clause in _list(piece.get("theory")):
        literals = [_literal(entry) for entry in _list(clause)]
        for _, atom in literals:
            _check_atom(theory, signatures, atom)
        if not contradictory([(not sign, atom) for sign, atom in literals], theory.elements):
            raise Rejected("a clause said to hold by equality alone does not")
        of = ground.clauses.of
        ground.clauses.clauses.append(tuple(of(atom) if sign else -of(atom) for sign, atom in literals))
    lemmas = [[_int(lit) for lit in _list(lemma)] for lemma in _list(piece.get("lemmas"))]
    if any(lit == 0 or abs(lit) > ground.clauses.last for lemma in lemmas for lit in lemma):
        raise Rejected("a lemma uses an unknown literal")
    if not check_rup(ground.clauses.clauses, lemmas):
        raise Rejected("the instances do not refute each other")
    return Refutation(ground.clauses.clauses, lemmas)


def fact_sentences(theory: Theory, used: list[str]) -> dict[str, Sentence]:
    """The table rows among the ids used: ``\\nfact:predicate:row``."""
    found = {}
    prefix = RESERVED + "fact:"
    for name in used:
        if name.startswith(prefix):
            predicate, _, row = name[len(prefix) :].rpartition(":")
            rows = theory.facts.get(predicate, ())
            if row.isdecimal() and int(row) < len(rows):
                cells = rows[int(row)]
                found[name] = Sentence(name, Pred(predicate, tuple(App(c) for c in cells)))
    return found


def _sort(theory: Theory, skolems: dict[str, tuple[tuple[str, ...], str]], t: App) -> str:
    """The sort of a well-formed ground term. Raises Rejected."""
    if not t.args and t.name in theory.elements:
        return theory.elements[t.name]
    if t.name.startswith(RESERVED + "any:") and not t.args and t.name[5:] in theory.sorts:
        return t.name[5:]
    if t.name in theory.functions:
        signature: tuple[tuple[str, ...], str] = (theory.functions[t.name].sorts, theory.functions[t.name].result)
    elif t.name in skolems:
        signature = skolems[t.name]
    else:
        raise Rejected(f"the term '{t.name.strip()}' is unknown")
    if len(t.args) != len(signature[0]):
        raise Rejected(f"'{t.name.strip()}' has the wrong number of arguments")
    for a, sort in zip(t.args, signature[0], strict=True):
        assert isinstance(a, App)
        if _sort(theory, skolems, a) != sort:
            raise Rejected(f"'{t.name.strip()}' has an argument of the wrong sort")
    return signature[1]


def _check_atom(theory: Theory, skolems: dict[str, tuple[tuple[str, ...], str]], atom: Pred | Eq | Compare) -> None:
    if isinstance(atom, Pred):
        declared = theory.predicates.get(atom.name)
        sorts = tuple(_sort(theory, skolems, a) for a in atom.args if isinstance(a, App))
        if declared is None or declared.sorts != sorts:
            raise Rejected("a clause speaks of something that is no predicate of the theory")
    elif isinstance(atom, Eq) and isinstance(atom.left, App) and isinstance(atom.right, App):
        if _sort(theory, skolems, atom.left) != _sort(theory, skolems, atom.right):
            raise Rejected("a clause equates terms of different sorts")
    else:
        raise Rejected("a clause holds something that is no atom")


def term_from_json(value: JsonValue, depth: int = 0) -> App:
    """``"a"`` or ``["f", term, …]``. Raises Rejected."""
    if isinstance(value, str):
        return App(value)
    if isinstance(value, list) and value and isinstance(value[0], str) and depth < 60:
        return App(value[0], tuple(term_from_json(v, depth + 1) for v in value[1:]))
    raise Rejected("a term is not written as it should be")


def atom_from_json(value: JsonValue) -> Pred | Eq:
    """``["=", term, term]`` or ``["p", name, term, …]``. Raises Rejected."""
    if isinstance(value, list) and len(value) == 3 and value[0] == "=":
        return Eq(term_from_json(value[1]), term_from_json(value[2]))
    if isinstance(value, list) and len(value) >= 2 and value[0] == "p" and isinstance(value[1], str):
        return Pred(value[1], tuple(term_from_json(v) for v in value[2:]))
    raise Rejected("an atom is not written as it should be")


def _literal(value: JsonValue) -> tuple[bool, Pred | Eq]:
    sign, atom = _pair(value)
    if not isinstance(sign, bool):
        raise Rejected("a literal has no sign")
    return sign, atom_from_json(atom)


def _list(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise Rejected("a list is missing")
    return value


def _pair(value: JsonValue) -> tuple[JsonValue, JsonValue]:
    if not isinstance(value, list) or len(value) != 2:
        raise Rejected("a pair is missing")
    return value[0], value[1]


def _strings(value: JsonValue) -> list[str]:
    names = _list(value)
    if not all(isinstance(n, str) for n in names) or len(set(map(str, names))) < len(names):
        raise Rejected("ids are missing or repeated")
    return [str(n) for n in names]


def _int(value: JsonValue) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Rejected("a literal is not a number")
    return value
