"""Cuts in certificates: every derived row is derived again, and nothing that is not derived is used."""

from __future__ import annotations

import copy
import itertools
import random
import time
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from milp_helpers import evidence_for, random_program

from quod.backends.milp.checker import Rejected, bound, check, is_feasible, objective
from quod.backends.milp.linear import Program, Row, as_json, exact, from_json, to_payload

pytest.importorskip("highspy")
from quod.backends.milp.engines.cuts import strengthen
from quod.backends.milp.engines.lattice import no_whole_solution
from quod.backends.milp.engines.lp import Lp
from quod.backends.milp.engines.tree import Incumbent, grow

TRIANGLE = Program(
    ["a", "b", "c"], [0] * 3, [1] * 3, [True] * 3, {0: 1, 1: 1, 2: 1}, 0, True,
    [Row("ab", {0: 1, 1: 1}, None, 1), Row("bc", {1: 1, 2: 1}, None, 1), Row("ac", {0: 1, 2: 1}, None, 1)],
)  # fmt: skip
"""Of three neighbours at most one: half of each row together says a + b + c <= 3/2, hence 1."""
HALF = {"0": "-1/2", "1": "-1/2", "2": "-1/2"}
CUT: dict[str, Any] = {"terms": {"0": -1, "1": -1, "2": -1}, "y": HALF, "limit": -1}
PROOF: dict[str, Any] = {"x": {"0": 1}, "cuts": [CUT], "tree": [{"y": {"3": 1}}]}


def points(program: Program) -> list[tuple[int, ...]]:
    """All whole points within the bounds that satisfy everything."""
    sides = (range(int(a or 0), int(b or 0) + 1) for a, b in zip(program.lower, program.upper, strict=True))
    return [x for x in itertools.product(*sides) if is_feasible(program, x) is None]


def test_a_cut_proves_what_the_relaxation_cannot() -> None:
    assert check(TRIANGLE, "optimal", PROOF) == 1
    with pytest.raises(Rejected):
        check(TRIANGLE, "optimal", {**PROOF, "cuts": []})


FORGED: dict[str, dict[str, Any]] = {
    "rounded too far": {"cuts": [{**CUT, "limit": 0}]},
    "rounded too far with a fraction": {"cuts": [{**CUT, "limit": "-999/1000"}]},
    "a multiplier of the wrong sign": {"cuts": [{**CUT, "y": {**HALF, "2": "1/2"}}]},
    "a coefficient that is not whole": {"cuts": [{**CUT, "terms": {**CUT["terms"], "2": "-1/2"}}]},
    "used before it is derived": {"cuts": [{**CUT, "y": {"3": 1}}]},
    "derived from one that comes later": {"cuts": [{**CUT, "y": {"4": 1}}, CUT]},
    "not a number": {"cuts": [{**CUT, "limit": -1.0}]},
    "no limit": {"cuts": [{"terms": CUT["terms"], "y": HALF}]},
    "no multipliers": {"cuts": [{"terms": CUT["terms"], "limit": -1}]},
    "a column that is not there": {"cuts": [{**CUT, "terms": {**CUT["terms"], "3": -1}}]},
    "not a list": {"cuts": {"0": CUT}},
    "not objects": {"cuts": [[CUT]]},
    "fewer cuts than rows used": {"cuts": [CUT], "tree": [{"y": {"4": 1}}]},
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED.keys())
def test_forged_cuts_are_rejected(change: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        check(TRIANGLE, "optimal", {**PROOF, **change})


def test_a_cut_on_a_column_that_need_not_be_whole_is_rejected() -> None:
    mixed = copy.copy(TRIANGLE)
    mixed.integer = [True, True, False]
    with pytest.raises(Rejected):
        check(mixed, "optimal", PROOF)
    # in fact three halves can be had
    mixed.integer = [False] * 3
    assert check(mixed, "optimal", {"x": {"0": "1/2", "1": "1/2", "2": "1/2"}, "y": HALF}) == Fraction(3, 2)


def test_cuts_serve_no_proof_without_whole_numbers() -> None:
    """The multipliers of a linear optimum and of a contradiction are counted against the program's own rows."""
    with pytest.raises(Rejected):
        check(TRIANGLE, "optimal", {"x": {"0": 1}, "cuts": [CUT], "y": {"3": 1}})
    with pytest.raises(Rejected):
        check(TRIANGLE, "infeasible", {"cuts": [CUT], "farkas": {"3": 1}})


small = st.fractions(-3, 3, max_denominator=4)


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 400), data=st.data())
def test_no_cut_that_is_accepted_excludes_a_whole_point(seed: int, data: st.DataObject) -> None:
    """Random terms, multipliers and limits, each cut after the one before: accepted ones hold at all whole points."""
    program = random_program(seed, whole=True)
    n, evidence = len(program.names), []
    for _ in range(data.draw(st.integers(1, 3))):
        m = len(program.rows) + len(evidence)
        y = data.draw(st.dictionaries(st.integers(0, m - 1), small, max_size=3))
        terms = data.draw(st.dictionaries(st.integers(0, n - 1), st.integers(-3, 3), min_size=1, max_size=n))
        limit = data.draw(st.integers(-12, 12))
        evidence.append(
            {
                "terms": {str(j): a for j, a in terms.items()},
                "y": {str(i): as_json(v) for i, v in y.items()},
                "limit": limit,
            }
        )
    whole = points(program)
    for k, cut in enumerate(evidence):
        # the checker is asked for the bound that the cut itself gives, as the objective to be minimized
        goal = copy.copy(program)
        goal.cost = {int(j): a for j, a in cut["terms"].items() if a}
        goal.maximize = False
        if not whole or not goal.cost:
            return
        best = min(whole, key=lambda x: objective(goal, x))
        claim: dict[str, Any] = {
            "x": {str(j): v for j, v in enumerate(best)},
            "cuts": evidence[: k + 1],
            "tree": [{"y": {str(len(program.rows) + k): 1}}],
        }
        try:
            check(goal, "optimal", claim)
        except Rejected:
            continue
        assert all(sum(a * x[int(j)] for j, a in cut["terms"].items()) >= cut["limit"] for x in whole)


@pytest.mark.parametrize("seed", range(30))
def test_cuts_found_keep_every_whole_point_and_prove_with_a_tree(seed: int) -> None:
    program = from_json(to_payload(random_program(seed, whole=True)))
    until = time.monotonic() + 20
    cuts = strengthen(program, program.cost, until)
    whole = points(program)
    for row in cuts.program.rows[len(program.rows) :]:
        assert all(sum(a * x[j] for j, a in row.terms.items()) >= (row.lower or 0) for x in whole)
    best = Incumbent(program, program.cost)
    tree, _ = grow(cuts.program, program.cost, best, until)
    assert tree is not None
    evidence: dict[str, Any] = {"tree": tree, "cuts": cuts.as_json()}
    if best.x is None:
        assert not whole
        check(program, "infeasible", evidence)
    else:
        evidence["x"] = {str(j): as_json(v) for j, v in enumerate(best.x)}
        assert check(program, "optimal", evidence) == min(objective(program, x) for x in whole)


def test_cuts_close_much_of_the_gap() -> None:
    """Of packing programs with six whole columns a row; seen: 90 and 50 hundredths."""
    rng = random.Random(1)
    n = 20
    rows = [
        Row(f"r{i}", {j: rng.randint(1, 9) for j in rng.sample(range(n), 6)}, None, rng.randint(20, 90))
        for i in range(15)
    ]
    cost = {j: -rng.randint(1, 20) for j in range(n)}
    program = Program([f"x{j}" for j in range(n)], [0] * n, [9] * n, [True] * n, dict(cost), rows=rows)
    values = []
    for each in (program, strengthen(program, program.cost, time.monotonic() + 20).program):
        lp = Lp(each, program.cost)
        assert lp.run() == "optimal"
        values.append(lp.value)
    whole = Lp(program, program.cost, integral=True)
    assert whole.run() == "optimal"
    assert values[1] - values[0] > 0.4 * (whole.value - values[0])


DOOR = Program(["open", "through"], [0, 0], [1, 10], [True, False], {0: -3, 1: 2}, 0, True,
               [Row("door", {1: 1, 0: -8}, None, 0), Row("most", {1: 1}, None, 5)])  # fmt: skip
"""At most 8 through an open door, at most 5 in all: through <= 5 open, since the door is open or it is not."""
SPLIT: dict[str, Any] = {
    "terms": {"0": 5, "1": -1}, "limit": 0, "split": {"0": 1}, "at": 0,
    "below": {"0": -1, "2": -3}, "above": {"1": -1, "2": 5},
}  # fmt: skip
DOOR_PROOF: dict[str, Any] = {"x": {"0": 1, "1": 5}, "cuts": [SPLIT], "tree": [{"y": {"2": "3/5", "1": "-7/5"}}]}


def test_a_split_proves_what_rounding_cannot() -> None:
    """The tree has one leaf: 2 through - 3 open <= 7, from through <= 5 open and through <= 5."""
    assert check(DOOR, "optimal", DOOR_PROOF) == 7
    with pytest.raises(Rejected):
        check(DOOR, "optimal", {**DOOR_PROOF, "cuts": []})


FORGED_SPLITS: dict[str, dict[str, Any]] = {
    "a limit beyond what is proved": {"limit": "1/1000"},
    "one side not proved": {"above": {"1": -1}},
    "the other side not proved": {"below": {"0": -1}},
    "a side left out": {"below": None},
    "a multiplier of the wrong sign": {"below": {"0": 1, "2": -3}},
    "the split used the wrong way": {"below": {"0": -1, "2": 3}},
    "a split at a fraction": {"at": "1/2"},
    "a split on a column that need not be whole": {"split": {"1": 1}},
    "a split with a fraction": {"split": {"0": "1/2"}},
    "a split elsewhere": {"at": 1},
    "a truth value for a place": {"at": False},
    "a row that is not there": {"above": {"1": -1, "2": 5, "3": 1}},
    "no split": {"split": None},
}


@pytest.mark.parametrize("change", FORGED_SPLITS.values(), ids=FORGED_SPLITS.keys())
def test_forged_splits_are_rejected(change: dict[str, Any]) -> None:
    forged = {**DOOR_PROOF, "cuts": [{**SPLIT, **change}]}
    with pytest.raises(Rejected):
        check(DOOR, "optimal", forged)


@pytest.mark.parametrize(
    ("whole", "split", "most", "above"),
    [(False, 1, "1/2", {"0": -2, "1": 1}), (True, "1/2", 1, {"0": -2, "1": 2})],
    ids=["a column that need not be whole", "half a whole column"],
)
def test_a_split_that_points_escape_is_rejected(whole: bool, split: Any, most: Any, above: Any) -> None:
    """Multipliers that are right, of sides that leave a gap: x = 1/2, or x = 1 with x/2 between 0 and 1."""
    program = Program(["x"], [0], [3], [whole], {0: 1}, 0, True, [Row("most", {0: 1}, None, exact(most))])
    below = {"1": -1 / Fraction(exact(split))}
    cut = {"terms": {"0": -1}, "limit": 0, "split": {"0": split}, "at": 0, "above": above}
    cut["below"] = {i: as_json(v) for i, v in below.items()}
    with pytest.raises(Rejected, match="whole coefficients"):
        check(program, "optimal", {"x": {}, "cuts": [cut], "tree": [{"y": {"1": 1}}]})


def reach(program: Program, cut: Row) -> list[Fraction]:
    """The values of a cut's left side at the ends of every whole choice; the last column alone need not be whole."""
    n = len(program.names) - 1
    sides = (range(int(a or 0), int(b or 0) + 1) for a, b in zip(program.lower[:n], program.upper[:n], strict=True))
    values = []
    for x in itertools.product(*sides):
        low, high = Fraction(program.lower[n] or 0), Fraction(program.upper[n] or 0)
        for row in program.rows:
            rest = sum(a * x[j] for j, a in row.terms.items() if j < n)
            slope = row.terms.get(n, 0)
            for limit, sign in ((row.lower, 1), (row.upper, -1)):
                if limit is None:
                    continue
                if not slope:
                    high = high if sign * (rest - limit) >= 0 else low - 1
                elif sign * slope > 0:
                    low = max(low, Fraction(limit - rest) / slope)
                else:
                    high = min(high, Fraction(limit - rest) / slope)
        if low <= high:
            rest = sum(a * x[j] for j, a in cut.terms.items() if j < n)
            values += [rest + cut.terms.get(n, 0) * end for end in (low, high)]
    return values


def mixed(seed: int) -> Program:
    """Like the others, the last column not whole."""
    program = random_program(seed, whole=True)
    program.integer = [*program.integer[:-1], False]
    return program


@pytest.mark.parametrize("seed", range(40))
def test_split_cuts_found_keep_every_point_and_prove_with_a_tree(seed: int) -> None:
    program = from_json(to_payload(mixed(seed)))
    until = time.monotonic() + 20
    cuts = strengthen(program, program.cost, until)
    for row in cuts.program.rows[len(program.rows) :]:
        assert all(value >= (row.lower or 0) for value in reach(program, row))
    best = Incumbent(program, program.cost)
    tree, _ = grow(cuts.program, program.cost, best, until)
    assert tree is not None
    evidence: dict[str, Any] = {"tree": tree, "cuts": cuts.as_json()}
    goal = reach(program, Row("", program.cost, None, None))
    if best.x is None:
        assert not goal
        check(program, "infeasible", evidence)
    else:
        evidence["x"] = {str(j): as_json(v) for j, v in enumerate(best.x)}
        assert check(program, "optimal", evidence) == min(goal)


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 300), data=st.data())
def test_no_split_cut_that_is_accepted_excludes_a_point(seed: int, data: st.DataObject) -> None:
    """Of found cuts, changed at random; what is accepted holds at every point."""
    program = from_json(to_payload(mixed(seed)))
    cuts = strengthen(program, program.cost, time.monotonic() + 20)
    found = [cut for cut in cuts.as_json() if "split" in cut]
    if not found:
        return
    cut = copy.deepcopy(cuts.as_json())
    k = cut.index(data.draw(st.sampled_from(found)))
    changed: Any = cut[k]
    what = data.draw(st.sampled_from(["limit", "at", "terms", "split", "below", "above"]))
    if what in {"limit", "at"}:
        changed[what] = as_json(exact(changed[what]) + data.draw(st.sampled_from([1, -1, Fraction(1, 4)])))
    else:
        i = data.draw(st.sampled_from(sorted(changed[what])))
        changed[what][i] = as_json(data.draw(small))
    row = Row("", {int(j): exact(a) for j, a in changed["terms"].items()}, exact(changed["limit"]), None)
    values = reach(program, row)
    if not values:
        return
    below = copy.copy(program)
    below.rows = [*program.rows]
    m = len(program.rows)
    # one more row of the program, "left side <= limit - 1/1000": contradicted if and only if the cut is believed
    below.rows.append(Row("less", dict(row.terms), None, exact(changed["limit"]) - Fraction(1, 1000)))
    moved = [_shift(c, m) for c in cut[: k + 1]]
    claim: dict[str, Any] = {"cuts": moved, "tree": [{"farkas": {str(m): -1, str(m + 1 + k): 1}}]}
    try:
        check(below, "infeasible", claim)
    except Rejected:
        return
    assert all(value >= (row.lower or 0) for value in values)


def _shift(cut: Any, after: int) -> Any:
    """The same cut where the program has one row more."""
    out = dict(cut)
    for key in ("y", "below", "above"):
        if key in out:
            out[key] = {str(int(i) + 1 if int(i) >= after else i): v for i, v in out[key].items()}
    return out


def lots(periods: int, seed: int) -> Program:
    """What to make in each period, what to keep, and whether the machine is set up."""
    rng = random.Random(seed)
    n, cost, rows = periods, {}, []
    for t in range(n):
        cost |= {t: rng.randint(1, 3), n + t: rng.randint(20, 60), 2 * n + t: rng.randint(1, 3)}
        demand = rng.randint(5, 20)
        before = {2 * n + t - 1: 1} if t else {}
        rows.append(Row(f"demand{t}", {t: 1, 2 * n + t: -1, **before}, demand, demand))
        rows.append(Row(f"setup{t}", {t: 1, n + t: -50}, None, 0))
    upper = [None] * n + [1] * n + [None] * n
    whole = [False] * n + [True] * n + [False] * n
    return Program([f"v{j}" for j in range(3 * n)], [0] * 3 * n, upper, whole, dict(cost), rows=rows)


def test_lot_sizing_is_proved_in_tens_of_nodes() -> None:
    """Seen: 77 nodes with 31 cuts; without, the tree was not done after 7,800."""
    program = lots(30, 2)
    answer = evidence_for(program)
    assert answer["conclusion"] == "optimal"
    assert len(answer["evidence"]["tree"]) < 300
    assert check(program, "optimal", answer["evidence"]) == 1603


def test_many_whole_columns_need_no_search_where_the_relaxation_is_whole() -> None:
    """The hours end where a product's demand does, so the best of the fractions is whole: one leaf proves it."""
    rng = random.Random(5)
    n = 6_000
    hours, demand = [rng.randint(1, 9) for _ in range(n)], [rng.randint(2, 40) for _ in range(n)]
    rates = rng.sample(range(2, 30_000), n)
    taken = sorted(range(n), key=lambda j: -rates[j])[: n // 2]
    room, best = (sum(by(j) * demand[j] for j in taken) for by in (lambda j: hours[j], lambda j: hours[j] * rates[j]))
    cost = {j: rates[j] * hours[j] for j in range(n)}
    rows = [Row("work", dict(enumerate(hours)), None, room)]
    program = Program([f"v{j}" for j in range(n)], [0] * n, list(demand), [True] * n, cost, 0, True, rows)
    answer = evidence_for(program)
    assert answer["conclusion"] == "optimal"
    assert len(answer["evidence"]["tree"]) == 1
    assert check(program, "optimal", answer["evidence"]) == best


entries = st.integers(-9, 9)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), n=st.integers(1, 4), m=st.integers(1, 4))
def test_equations_without_whole_solutions_are_proved(data: st.DataObject, n: int, m: int) -> None:
    """What is said to have no solution is proved; what has one by construction is never said to have none."""
    rows = []
    hidden = [data.draw(st.integers(-20, 20)) for _ in range(n)]
    solvable = data.draw(st.booleans())
    for i in range(m):
        by = data.draw(st.sampled_from([1, 1, 2, 3]))
        terms = {j: Fraction(a, by) for j in range(n) if (a := data.draw(entries))}
        value = sum((a * hidden[j] for j, a in terms.items()), Fraction(0))
        right = value if solvable else Fraction(data.draw(st.integers(-30, 30)), by)
        rows.append(Row(f"e{i}", terms, right, right))
    program = Program([f"x{j}" for j in range(n)], [None] * n, [None] * n, [True] * n, rows=rows)
    y = no_whole_solution(program, program.lower, program.upper)
    if y is None:
        return
    assert not solvable
    check(program, "infeasible", {"tree": [{"round": {str(i): as_json(v) for i, v in y.items()}}]})


def test_the_bound_of_a_cut_is_what_its_multipliers_prove() -> None:
    terms = {0: -1, 1: -1, 2: -1}
    y = {0: Fraction(-1, 2), 1: Fraction(-1, 2), 2: Fraction(-1, 2)}
    proved = bound(TRIANGLE, terms, y, TRIANGLE.lower, TRIANGLE.upper)
    assert proved == Fraction(-3, 2)
    assert ceil(proved) == CUT["limit"]
