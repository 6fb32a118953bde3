"""The certificate checker accepts true evidence and nothing that is not a proof."""

from __future__ import annotations

import copy
import itertools
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from milp_helpers import evidence_for, random_program

from quod.backends.milp.checker import Rejected, check, is_feasible, objective
from quod.backends.milp.linear import Program, Row, as_json, exact

WANTED = 2000


def brute(program: Program) -> Fraction | None:
    """The best value over all whole points, by trying them."""
    best: Fraction | None = None
    for x in itertools.product(
        *(range(int(a or 0), int(b or 0) + 1) for a, b in zip(program.lower, program.upper, strict=True))
    ):
        if is_feasible(program, x) is None:
            value = objective(program, x)
            if best is None or (value > best if program.maximize else value < best):
                best = value
    return best


@pytest.fixture(scope="module")
def proved() -> list[tuple[Program, str, dict[str, Any]]]:
    found = []
    for seed in range(48):
        program = random_program(seed, whole=seed % 2 == 0)
        answer = evidence_for(program)
        assert answer["evidence"] is not None, (seed, answer)
        found.append((program, answer["conclusion"], answer["evidence"]))
    free = Program(
        ["a", "b"], [0, 0], [None, None], [False, False], {0: 1, 1: 2}, 0, True, [Row("r", {0: 1, 1: -1}, None, 3)]
    )
    answer = evidence_for(free)
    assert answer["conclusion"] == "unbounded"
    found.append((free, "unbounded", answer["evidence"]))
    return found


def test_true_evidence_is_accepted_and_agrees_with_brute_force(proved: Any) -> None:
    for program, conclusion, evidence in proved:
        value = check(program, conclusion, evidence)
        if all(program.integer) and conclusion != "unbounded":
            assert value == brute(program)


def _shake(rng: random.Random, number: Any) -> Any:
    value = Fraction(exact(number))
    return as_json(
        rng.choice(
            [-value, value + 1, value - 1, value / 2, value + Fraction(1, 10**9), value * 1001 / 1000, Fraction(0)]
        )
    )


def _forge(rng: random.Random, conclusion: str, evidence: dict[str, Any]) -> tuple[str, dict[str, Any], str]:
    """One dishonest change."""
    forged = copy.deepcopy(evidence)
    vectors = [k for k in ("x", "y", "farkas", "ray") if forged.get(k)]
    kind = rng.choice(["number", "number", "swap", "drop", "float", "conclusion", "leaf", "branch", "empty", "pointer"])
    if kind in {"leaf", "branch", "empty", "pointer"} and "tree" in forged:
        nodes = forged["tree"]
        node = rng.choice(nodes)
        if kind == "leaf":
            nodes.remove(node)
        elif kind == "branch" and "var" in node:
            node["at"] += rng.choice([-2, -1, 1, 2])
        elif kind == "empty":
            node.clear()
            node["empty"] = 0
        elif kind == "pointer" and "var" in node:
            node["left"] = node["right"]
        else:
            for key in ("y", "farkas"):
                if node.get(key):
                    i = rng.choice(list(node[key]))
                    node[key][i] = _shake(rng, node[key][i])
        return conclusion, forged, kind
    if kind == "conclusion":
        return rng.choice([c for c in ("optimal", "infeasible", "unbounded") if c != conclusion]), forged, kind
    if not vectors:
        return conclusion, {}, "nothing"
    name = rng.choice(vectors)
    vector = forged[name]
    i = rng.choice(list(vector))
    if kind == "swap" and len(vector) > 1:
        j = rng.choice([k for k in vector if k != i])
        vector[i], vector[j] = vector[j], vector[i]
    elif kind == "drop":
        del vector[i]
    elif kind == "float":
        vector[i] = float(Fraction(exact(vector[i]))) + 1e-7
    else:
        vector[i] = _shake(rng, vector[i])
    return conclusion, forged, kind


def test_forged_evidence_is_rejected_unless_it_is_still_a_proof(proved: Any) -> None:
    rng = random.Random(11)
    truth = [check(program, conclusion, evidence) for program, conclusion, evidence in proved]
    rejected = still = tried = 0
    while rejected < WANTED:
        tried += 1
        assert tried < 20 * WANTED
        k = rng.randrange(len(proved))
        program, conclusion, evidence = proved[k]
        claimed, forged, kind = _forge(rng, conclusion, evidence)
        try:
            value = check(program, claimed, forged)
        except Rejected:
            rejected += 1
            continue
        # accepted: then it must prove the very same, true thing
        still += 1
        assert kind != "float"
        assert claimed == conclusion
        assert value == truth[k]
    assert still < rejected


def test_evidence_for_another_objective_is_rejected(proved: Any) -> None:
    seen = 0
    for program, conclusion, evidence in proved:
        if conclusion != "optimal":
            continue
        other = copy.copy(program)
        other.cost = {j: -c for j, c in program.cost.items()}
        if objective(program, [0] * len(program.names)) == check(program, conclusion, evidence):
            continue
        flipped = objective(other, [Fraction(exact(evidence["x"].get(str(j), 0))) for j in range(len(program.names))])
        try:
            assert check(other, conclusion, evidence) == flipped == brute(other)
        except Rejected:
            seen += 1
    assert seen > 10


numbers = st.one_of(
    st.integers(-5, 5),
    st.fractions(-4, 4, max_denominator=6).map(as_json),
    st.floats(allow_nan=False),
    st.none(),
    st.booleans(),
)
vectors = st.dictionaries(st.one_of(st.integers(-1, 5).map(str), st.just("a")), numbers, max_size=4)
nodes = st.one_of(
    st.fixed_dictionaries(
        {"var": st.integers(-1, 4), "at": st.integers(-1, 4), "left": st.integers(0, 4), "right": st.integers(0, 4)}
    ),
    st.fixed_dictionaries({"y": vectors}),
    st.fixed_dictionaries({"farkas": vectors}),
    st.fixed_dictionaries({"round": vectors}),
    st.fixed_dictionaries({"empty": st.integers(-1, 4)}),
)
anything = st.fixed_dictionaries(
    {}, optional={"x": vectors, "y": vectors, "farkas": vectors, "ray": vectors, "tree": st.lists(nodes, max_size=5)}
)


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 200), evidence=anything, claim=st.sampled_from(["optimal", "infeasible", "unbounded"]))
def test_arbitrary_evidence_never_proves_what_is_false(seed: int, evidence: dict[str, Any], claim: str) -> None:
    program = random_program(seed, whole=True)
    try:
        value = check(program, claim, evidence)
    except Rejected:
        return
    best = brute(program)
    assert claim != "unbounded"  # every column is bounded
    assert (best is None) if claim == "infeasible" else value == best


def packing(rows: int, columns: int, seed: int) -> Program:
    """A packing program whose relaxation is far from whole."""
    rng = random.Random(seed)
    lines = [
        Row(f"r{i}", {j: rng.randint(1, 9) for j in rng.sample(range(columns), 6)}, None, rng.randint(20, 90))
        for i in range(rows)
    ]
    cost: dict[int, Any] = {j: rng.randint(1, 20) for j in range(columns)}
    return Program(
        [f"x{j}" for j in range(columns)], [0] * columns, [9] * columns, [True] * columns, cost, 0, True, lines
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_proofs_of_packing_programs_stay_small(seed: int) -> None:
    """Seen with pseudo-costs: 39, 7 and 239 nodes."""
    program = packing(15, 20, seed)
    answer = evidence_for(program)
    assert answer["conclusion"] == "optimal"
    check(program, "optimal", answer["evidence"])
    assert len(answer["evidence"]["tree"]) < 500
