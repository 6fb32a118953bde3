"""The short cut for plain linear text gives the parser's own tree, and never hangs."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from milp_helpers import codes_of

from quod.backends.milp.ground import ground
from quod.backends.milp.model import parse_model
from quod.backends.milp.nodes import Compare, Expr, Plain
from quod.backends.milp.plain import read_plain, spelled
from quod.backends.milp.syntax import ExprError, _Parser, parse_expression
from quod.core.problem import ContextItem, Problem

spaces = st.sampled_from(["", " ", "  ", "\t"])
numbers = st.sampled_from(["0", "3", "12.5", "007", "0.10", "1e3", ".5"])
names = st.sampled_from(["x", "x1", "_y", "straße", "notable", "in", "or", "infinite"])
pieces = st.one_of(
    numbers, names, st.sampled_from(["+", "-", "*", "<=", ">=", "=", "==", "!=", "<", ">", "=>", "<=>", "(", "/"])
)
soup = st.lists(st.tuples(spaces, pieces, spaces).map("".join), max_size=9).map("".join)
terms = st.tuples(st.sampled_from(["+", "-", " + ", " - "]), st.sampled_from(["3*", "2.5 * ", ""]), names).map("".join)
sums = st.lists(terms, min_size=1, max_size=6).map("".join)
rules = st.tuples(sums, st.sampled_from(["<=", ">=", "=", "=="]), numbers).map(" ".join)


def tree(node: Expr) -> Expr:
    """With flat sums spelled out."""
    if isinstance(node, Plain):
        return spelled(node)
    if isinstance(node, Compare):
        return replace(node, first=tree(node.first), rest=tuple((op, tree(e)) for op, e in node.rest))
    return node


def in_full(text: str) -> Any:
    """The parser without its short cut."""
    parser = _Parser(text)
    result = parser.rule()
    parser.finish()
    return result


@settings(max_examples=600, deadline=None)
@given(text=st.one_of(soup, rules))
def test_the_short_cut_gives_the_very_same_tree(text: str) -> None:
    plain = read_plain(text)
    if plain is not None:
        assert tree(plain) == in_full(text)


@pytest.mark.parametrize("text", ["3*x + 4*y <= 24", "x", "-x", "- x + 2", "0 <= x <= 4", "x == y", "3 >= 2*x - 1"])
def test_plain_text_takes_the_short_cut(text: str) -> None:
    assert read_plain(text) is not None


@pytest.mark.parametrize("text", ["", "x => y", "x <=> y", "x and y", "3 x", "x[1]", "(x)", "x + in", "2*3*x", "x +"])
def test_all_else_does_not(text: str) -> None:
    assert read_plain(text) is None


@pytest.mark.parametrize(
    "text", [" " * 200_000 + "?", "x+" * 50_000, "1" * 100_000 + "?", "x" * 200_000 + "?", "+" * 100_000, "<" * 50_000]
)
def test_hostile_text_is_refused_in_linear_time(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ExprError):
        parse_expression(text)
    assert time.process_time() - started < 3


RULES = ["{a} + 3*{b} <= 4", "2*{a} - {a} + p*{b} >= 1", "-{b} + 5 = {a} - 2*{b}", "{a} - {a} + {b} <= 3"]


@pytest.mark.parametrize("rule", RULES)
def test_sums_folded_at_once_are_worth_the_same_as_step_by_step(rule: str) -> None:
    """In parentheses nothing is plain."""

    def rows(a: str, b: str) -> Any:
        model = {"parameters": {"p": 7}, "variables": {"x": {}, "y": {}}, "constraints": [rule.format(a=a, b=b)]}
        parsed, _ = parse_model(json.dumps(model))
        assert parsed is not None
        grounded, found = ground(parsed, Problem(text="a test"))
        assert grounded is not None, found
        return [replace(r, name="") for r in grounded.program.rows]

    assert rows("x", "y") == rows("(x)", "(y)")


SUM: dict[str, Any] = {
    "sets": {"I": {"file": "t.csv", "column": "i"}},
    "parameters": {"w": {"over": ["I"], "file": "t.csv", "keys": ["i"], "column": "w"}},
    "variables": {"x": {"over": ["I"]}},
}


@pytest.mark.parametrize("body", ["w[i] * x[i]", "x[i] * w[i]", "x[i]", "1 * w[i] * x[i]", "(x[i]) * w[i]"])
def test_sums_over_tables_read_off_at_once_are_worth_the_same(body: str) -> None:
    table = ContextItem(name="t.csv", content="i,w\na,0.5\nb,0\nc,-2\n")
    parsed, _ = parse_model(json.dumps({**SUM, "constraints": [f"sum(i in I: {body}) <= 3"]}))
    assert parsed is not None
    grounded, found = ground(parsed, Problem(text="a test", context=(table,)))
    assert grounded is not None, found
    (row,) = grounded.program.rows
    assert [str(row.terms.get(j, 0)) for j in range(3)] == (["1", "1", "1"] if "w" not in body else ["1/2", "0", "-2"])


@pytest.mark.parametrize("rule", ["sum(i in I: w[i] * x[i]) <= 3", "sum(i in J: x[i]) <= 3"])
def test_what_a_table_lacks_is_named(rule: str) -> None:
    model = {**SUM, "constraints": [rule]}
    model["sets"] = {"I": {"file": "t.csv", "column": "i"}, "J": ["a", "z"]}
    table = ContextItem(name="t.csv", content="i,w\na,0.5\nb,heavy\n")
    expected = "milp.unknown_member" if "J" in rule else "milp.bad_cell"
    if "J" in rule:
        table = ContextItem(name="t.csv", content="i,w\na,0.5\nb,1\n")
    assert expected in codes_of(model, table)
