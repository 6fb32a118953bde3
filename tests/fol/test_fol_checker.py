"""The checker against forged evidence: whatever it accepts must be evidence.

Ground truth comes from enumeration: small structures are listed and evaluated by a few naive lines below, which share
nothing with the checker's evaluator.
"""

from __future__ import annotations

import copy
import itertools
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from quod.backends.fol.checker import Rejected, check, check_model, check_refutation
from quod.backends.fol.obligations import assumed, claimed, denied
from quod.backends.fol.question import answer
from quod.backends.fol.resolve import parse_document
from quod.backends.fol.search import decide
from quod.backends.fol.syntax import (
    And,
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
    Theory,
    Var,
    Xor,
)
from quod.core.verdict import Conclusion

HEADER = """constants:
  a
  b
predicates:
  P(x)
  Q(x)
  S(x, y)
premises:
"""
ATOMS = ["P({})", "Q({})", "S({}, {})", "{} = {}"]


@st.composite
def formulas(draw: st.DrawFn, depth: int = 3, variables: tuple[str, ...] = ()) -> str:
    kind = draw(st.integers(0, 7 if depth else 1))
    if kind <= 1:
        atom = draw(st.sampled_from(ATOMS))
        terms = [draw(st.sampled_from(["a", "b", *variables])) for _ in range(atom.count("{}"))]
        return atom.format(*terms)
    if kind == 2:
        return f"¬({draw(formulas(depth - 1, variables))})"
    if kind in {3, 4}:
        name = f"x{len(variables)}"
        sign = "∀" if kind == 3 else "∃"
        return f"{sign}{name} ({draw(formulas(depth - 1, (*variables, name)))})"
    connective = draw(st.sampled_from(["∧", "∨", "→", "↔", "⊕"]))
    return f"({draw(formulas(depth - 1, variables))}) {connective} ({draw(formulas(depth - 1, variables))})"


@st.composite
def theories(draw: st.DrawFn) -> Theory:
    premises = draw(st.lists(formulas(), min_size=1, max_size=3))
    text = (
        HEADER
        + "\n".join(f"  s{i}: {p}" for i, p in enumerate(premises, 1))
        + f"\nquestion:\n  q: {draw(formulas())}\n"
    )
    theory, found = parse_document(text)
    assert theory is not None, found
    return theory


World = dict[str, Any]


def worlds(size: int) -> list[World]:
    domain = [str(i) for i in range(size)]
    pairs = list(itertools.product(domain, repeat=2))
    found = []
    for a, b in itertools.product(domain, repeat=2):
        for p in range(2**size):
            for q in range(2**size):
                for s in range(2 ** len(pairs)):
                    unary = {
                        n: {(d,) for i, d in enumerate(domain) if bits >> i & 1} for n, bits in (("P", p), ("Q", q))
                    }
                    binary = {d for i, d in enumerate(pairs) if s >> i & 1}
                    found += [{"domain": domain, "a": a, "b": b, **unary, "S": binary}]
    return found


SMALL = [*worlds(1), *random.Random(0).sample(worlds(2), 120)]


def naive(f: Formula, w: World, env: dict[str, str]) -> bool:
    def value(t: Any) -> str:
        return env[t.name] if isinstance(t, Var) else w[t.name]

    match f:
        case Pred(name, args):
            return tuple(map(value, args)) in w[name]
        case Eq(left, right):
            return value(left) == value(right)
        case Not(g):
            return not naive(g, w, env)
        case And(parts):
            return all(naive(g, w, env) for g in parts)
        case Or(parts):
            return any(naive(g, w, env) for g in parts)
        case Implies(g, h):
            return naive(h, w, env) if naive(g, w, env) else True
        case Iff(g, h):
            return naive(g, w, env) is naive(h, w, env)
        case Xor(g, h):
            return naive(g, w, env) is not naive(h, w, env)
        case Forall(v, _, g):
            return all(naive(g, w, {**env, v: d}) for d in w["domain"])
        case Exists(v, _, g):
            return any(naive(g, w, {**env, v: d}) for d in w["domain"])
    raise AssertionError(f)


def models(sentences: dict[str, Sentence]) -> bool:
    """Whether some small structure makes all sentences true."""
    return any(all(naive(s.formula, w, {}) for s in sentences.values()) for w in SMALL)


@pytest.mark.slow
@given(theories())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_accepted_is_not_contradicted_by_any_small_structure(theory: Theory) -> None:
    result = answer(theory, 3)
    if result.conclusion is None:
        return
    check(theory, result.conclusion, result.payload)
    true, false = models(assumed(theory, (claimed(),))), models(assumed(theory, (denied(),)))
    if result.conclusion is Conclusion.PROVED:
        assert not false
    elif result.conclusion is Conclusion.DISPROVED:
        assert not true
    elif result.conclusion is Conclusion.INCONSISTENT:
        assert not true
        assert not false


def mutate(value: Any, rng: random.Random) -> Any:
    """The JSON value with one thing in it changed."""
    value = copy.deepcopy(value)
    places: list[tuple[Any, Any]] = []

    def walk(v: Any) -> None:
        items = v.items() if isinstance(v, dict) else enumerate(v) if isinstance(v, list) else ()
        for k, child in list(items):
            places.append((v, k))
            walk(child)

    walk(value)
    if not places:
        return value
    parent, key = rng.choice(places)
    old = parent[key]
    kind = rng.randrange(5)
    if kind == 0 and isinstance(parent, list):
        del parent[key]
    elif kind == 1 and isinstance(parent, list):
        parent.insert(key, copy.deepcopy(rng.choice(parent)))
    elif isinstance(old, bool):
        parent[key] = not old
    elif isinstance(old, int):
        parent[key] = rng.choice([-old, old + 1, old - 1, 0, 10**6])
    elif isinstance(old, str):
        parent[key] = rng.choice(["a", "b", "0", "other1", "s1", "s2", "", "\nany:thing", denied(), "P"])
    else:
        parent[key] = rng.choice([None, [], {}, "a", 1])
    return value


@pytest.mark.slow
@given(theories(), st.integers(0, 2**32))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_no_forged_refutation_of_satisfiable_sentences_is_accepted(theory: Theory, seed: int) -> None:
    sentences = assumed(theory, (denied(),))
    assume(models(sentences))
    rng = random.Random(seed)
    # A true refutation of more: the same sentences and the question itself.
    more = {**sentences, "extra": Sentence("extra", theory.question.formulas[0].formula)}
    honest = decide(theory, more, 3)
    assert honest.kind == "unsat"
    evidence: Any = honest.evidence
    for forged in (
        evidence,
        {**evidence, "sentences": [n for n in evidence["sentences"] if n != "extra"]},
        {**evidence, "sentences": ["s1" if n == "extra" else n for n in evidence["sentences"]]},
        *(mutate(evidence, rng) for _ in range(3)),
        mutate(mutate(evidence, rng), rng),
    ):
        with pytest.raises(Rejected):
            check_refutation(theory, sentences, forged)


def as_world(theory: Theory, structure: Any) -> World | None:
    """A structure in the naive form, if it is one at all."""
    try:
        domain = structure["domains"]["thing"]
        # a constant that is not mentioned stands for the element of its own name
        constants = {c: structure["functions"].get(c, [[c]]) for c in ("a", "b")}
        constants = {c: [list(r) for r in dict.fromkeys(map(tuple, rows))] for c, rows in constants.items()}
        if (
            not domain
            or len(set(domain)) < len(domain)
            or any(len(v) != 1 or len(v[0]) != 1 for v in constants.values())
        ):
            return None
        if set(structure["predicates"]) - set(theory.predicates) or set(structure["domains"]) - {"thing"}:
            return None
        world = {"domain": domain, **{c: v[0][0] for c, v in constants.items()}}
        if any(world[c] not in domain for c in constants) or not all(isinstance(d, str) for d in domain):
            return None
        for name, p in theory.predicates.items():
            rows = structure["predicates"].get(name, [])
            if any(len(r) != len(p.sorts) or any(e not in domain for e in r) for r in rows):
                return None
            world[name] = {tuple(r) for r in rows}
    except (KeyError, TypeError, IndexError, AttributeError):
        return None
    return world


@pytest.mark.slow
@given(theories(), st.integers(0, 2**32))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_a_forged_model_is_accepted_only_if_it_still_is_one(theory: Theory, seed: int) -> None:
    sentences = assumed(theory, (claimed(),))
    found = decide(theory, sentences, 3)
    assume(found.kind == "sat")
    rng = random.Random(seed)
    check_model(theory, sentences, found.evidence)
    forged: Any = found.evidence
    for _ in range(4):
        forged = (
            {"structure": mutate(forged["structure"], rng)} if isinstance(forged.get("structure"), dict) else forged
        )
        try:
            check_model(theory, sentences, forged)
        except Rejected:
            continue
        world = as_world(theory, forged["structure"])
        assert world is not None
        assert all(naive(s.formula, world, {}) for s in sentences.values())


@pytest.mark.slow
@given(theories(), st.integers(0, 2**32))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_evidence_for_one_conclusion_shows_no_other(theory: Theory, seed: int) -> None:
    result = answer(theory, 3)
    assume(result.conclusion is not None)
    rng = random.Random(seed)
    payload: Any = mutate(result.payload, rng) if rng.random() < 0.7 else result.payload
    for other in (Conclusion.PROVED, Conclusion.DISPROVED, Conclusion.UNDETERMINED, Conclusion.INCONSISTENT):
        if other is not result.conclusion:
            with pytest.raises(Rejected):
                check(theory, other, payload)


@pytest.mark.parametrize(
    "junk", [{}, {"evidence": None}, {"evidence": []}, {"evidence": [1, 2]}, {"evidence": [{}, {}]}]
)
def test_junk_is_rejected(junk: dict[str, Any]) -> None:
    theory, _ = parse_document(HEADER + "  P(a)\nquestion:\n  P(a)\n")
    assert theory is not None
    with pytest.raises(Rejected):
        check(theory, Conclusion.PROVED, junk)


def test_a_lemma_out_of_nothing_is_rejected() -> None:
    theory, _ = parse_document(HEADER + "  s1: P(a)\nquestion:\n  Q(a)\n")
    assert theory is not None
    forged = {"sentences": ["s1", denied()], "instances": [[0, []], [1, []]], "theory": [], "lemmas": [[1], []]}
    with pytest.raises(Rejected):
        check_refutation(theory, assumed(theory, (denied(),)), forged)


def test_a_false_clause_of_equality_is_rejected() -> None:
    theory, _ = parse_document(HEADER + "  s1: P(a)\nquestion:\n  P(b)\n")
    assert theory is not None
    clause = [[False, ["p", "P", "a"]], [True, ["p", "P", "b"]]]
    forged: Any = {"sentences": ["s1", denied()], "instances": [[0, []], [1, []]], "theory": [clause], "lemmas": [[]]}
    with pytest.raises(Rejected):
        check_refutation(theory, assumed(theory, (denied(),)), forged)
    honest: Any = {**forged, "theory": [[[False, ["=", "a", "b"]], *clause]]}
    with pytest.raises(Rejected):
        check_refutation(theory, assumed(theory, (denied(),)), honest)


def test_a_skolem_term_of_another_sentence_is_not_known() -> None:
    theory, _ = parse_document(HEADER + "  s1: ∀x P(x)\nquestion:\n  Q(a)\n")
    assert theory is not None
    forged: Any = {"sentences": ["s1"], "instances": [[0, ["\nsk:s2:0"]]], "theory": [], "lemmas": [[]]}
    with pytest.raises(Rejected, match="unknown"):
        check_refutation(theory, assumed(theory, (denied(),)), forged)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("premises:\n  '-0': red(tom)\nquestion:\n  red(tom)\n", Conclusion.PROVED),
        ("premises:\n  '+0': ¬red(tom)\nquestion:\n  red(tom)\n", Conclusion.DISPROVED),
        (
            "premises:\n  '-0': red(tom)\n  '-1': ¬red(tom) ∨ big(tom)\noptions:\n  A: big(tom)\n  B: ¬red(tom)\n",
            Conclusion.UNIQUE,
        ),
        (
            "sorts:\n  c = {a, b}\nfunctions:\n  f(x: c) -> c\npremises:\n  other: f(a) = a\n  f(b) = b\nfind:\n",
            Conclusion.UNIQUE,
        ),
    ],
)
def test_no_premise_takes_the_place_of_what_is_asked(text: str, expected: Conclusion) -> None:
    """A premise with the id that our own sentences once had was forgotten, and a model that denied it accepted."""
    theory, found = parse_document(text)
    assert theory is not None, found
    result = answer(theory, 20)
    assert result.conclusion is expected
    check(theory, expected, result.payload)
