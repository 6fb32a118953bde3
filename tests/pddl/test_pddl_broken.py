"""Broken PDDL: each fault is named by its code, where it stands, with the symbol concerned."""

from __future__ import annotations

import pytest

from quod.backends.pddl.documents import load_text
from quod.core.diagnostics import Severity

DOMAIN = """\
(define (domain shop)
  (:requirements :strips :typing)
  (:types place item - object shelf - place)
  (:constants till - place)
  (:predicates (at ?i - item ?p - place) (next ?a ?b - place)
               (sold ?i - item) (open))
  (:action carry
    :parameters (?i - item ?a ?b - place)
    :precondition (and (at ?i ?a) (next ?a ?b))
    :effect (and (not (at ?i ?a)) (at ?i ?b)))
  (:action sell
    :parameters (?i - item)
    :precondition (and (at ?i till) (open))
    :effect (sold ?i)))
"""
PROBLEM = """\
(define (problem monday)
  (:domain shop)
  (:objects s1 s2 - shelf cup - item)
  (:init (at cup s1) (next s1 s2)
         (next s2 till) (open))
  (:goal (sold cup)))
"""

D, P = "domain", "problem"
CASES = [  # one case a line reads best
    # name, which text, what, replaced by what, code, line, symbol in the message
    ("missing paren in init", P, "(next s2 till) (open))", "(next s2 till) (open)", "missing_parenthesis", 6, ":goal"),
    ("missing paren in objects", P, "cup - item)", "cup - item", "missing_parenthesis", 4, ":init"),
    ("missing paren at the end", P, "(sold cup)))", "(sold cup))", "missing_parenthesis", 6, "ends"),
    ("missing paren in a fact", P, "(at cup s1)", "(at cup s1", "missing_parenthesis", 6, ":goal"),
    ("missing paren in action", D, "(at ?i ?b)))", "(at ?i ?b))", "missing_parenthesis", 11, ":action"),
    ("missing paren in precondition", D, "(next ?a ?b))\n", "(next ?a ?b)\n", "missing_parenthesis", 10, ":effect"),
    ("extra paren after init", P, "(open))\n", "(open)))\n", "extra_parenthesis", 5, ":goal"),
    ("extra paren at the end", P, "(sold cup)))", "(sold cup))))", "extra_parenthesis", 6, "closes nothing"),
    ("extra paren in action", D, "(next ?a ?b))\n", "(next ?a ?b)))\n", "extra_parenthesis", 9, ":effect"),
    ("unknown predicate in init", P, "(open))", "(opened))", "unknown_predicate", 5, "opened"),
    ("unknown predicate in goal", P, "(sold cup)", "(bought cup)", "unknown_predicate", 6, "bought"),
    ("unknown predicate in effect", D, ":effect (sold ?i)", ":effect (gone ?i)", "unknown_predicate", 14, "gone"),
    ("unknown predicate in condition", D, "(and (at ?i ?a)", "(and (on ?i ?a)", "unknown_predicate", 9, "on"),
    ("unknown type in parameters", D, "(?i - item)\n    :precondition (and (at ?i till)",
     "(?i - thing)\n    :precondition (and (at ?i till)", "unknown_type", 12, "thing"),
    ("unknown type in predicates", D, "(sold ?i - item)", "(sold ?i - ware)", "unknown_type", 6, "ware"),
    ("unknown type of objects", P, "cup - item", "cup - itme", "unknown_type", 3, "itme"),
    ("unknown parent type", D, "shelf - place)", "shelf - plaec)", "unknown_type", 3, "plaec"),
    ("unknown object in init", P, "(at cup s1)", "(at cub s1)", "unknown_object", 4, "cub"),
    ("unknown object in goal", P, "(sold cup)", "(sold mug)", "unknown_object", 6, "mug"),
    ("unknown object in action", D, "(at ?i till) (open)", "(at ?i desk) (open)", "unknown_object", 13, "desk"),
    ("variable without its question mark", D, "(not (at ?i ?a))", "(not (at i ?a))", "unknown_object", 10, "i"),
    ("too few arguments in init", P, "(at cup s1)", "(at cup)", "wrong_arity", 4, "at"),
    ("too many arguments in goal", P, "(sold cup)", "(sold cup s1)", "wrong_arity", 6, "sold"),
    ("too many arguments in condition", D, "(next ?a ?b))", "(next ?a ?b ?i))", "wrong_arity", 9, "next"),
    ("wrong type in init", P, "(at cup s1)", "(at s1 cup)", "wrong_type", 4, "s1"),
    ("wrong type in goal", P, "(sold cup)", "(sold s2)", "wrong_type", 6, "s2"),
    ("wrong type of a variable", D, ":effect (sold ?i)", ":effect (sold till)", "wrong_type", 14, "till"),
    ("unbound variable in effect", D, ":effect (sold ?i)", ":effect (sold ?j)", "unbound_variable", 14, "?j"),
    ("unbound variable in condition", D, "(and (at ?i ?a)", "(and (at ?x ?a)", "unbound_variable", 9, "?x"),
    ("variable in init", P, "(at cup s1)", "(at cup ?s)", "variable_not_allowed", 4, "?s"),
    ("duplicate action", D, "(:action sell", "(:action carry", "duplicate_name", 11, "carry"),
    ("duplicate predicate", D, "(sold ?i - item)", "(sold ?i - item) (sold ?i - item)", "duplicate_name", 6, "sold"),
    ("duplicate parameter", D, "?a ?b - place)\n    :pre", "?a ?a ?b - place)\n    :pre", "duplicate_name", 8, "?a"),
    ("object declared with two types", P, "s1 s2 - shelf cup", "s1 s2 - shelf s1 cup", "duplicate_name", 3, "s1"),
    ("constant declared again as something else", P, "cup - item", "cup till - item", "duplicate_name", 3, "till"),
    ("type declared twice", D, "shelf - place)", "shelf - place shelf - item)", "duplicate_name", 3, "shelf"),
    ("type cycle", D, "place item - object", "item - object place - shelf", "type_cycle", 3, "own ancestor"),
    ("domain mismatch", P, "(:domain shop)", "(:domain store)", "domain_mismatch", 2, "store"),
    ("negated init", P, "(open))", "(not (open)))", "negated_init", 5, "open"),
    ("init as a conjunction", P, "(:init (at cup s1)", "(:init (and (at cup s1))", "syntax", 4, "and"),
    ("several goals side by side", P, "(:goal (sold cup))", "(:goal (sold cup) (open))", "syntax", 6, "side by side"),
    ("empty goal", P, "(:goal (sold cup))", "(:goal)", "syntax", 6, "empty"),
    ("no goal", P, "(:goal (sold cup))", "", "missing_section", 1, ":goal"),
    ("no effect", D, ":effect (sold ?i)", "", "missing_section", 11, ":effect"),
    ("misspelt section", P, "(:goal", "(:gaol", "unknown_section", 6, ":gaol"),
    ("section without its colon", P, "(:init", "(init", "syntax", 4, "init"),
    ("misspelt precondition", D, ":precondition (and (at ?i till)", ":preconditions (and (at ?i till)", "unknown_section", 13,  # noqa: E501
     ":preconditions"),
    ("two inits", P, "(:goal", "(:init) (:goal", "duplicate_section", 6, ":init"),
    ("objects in the domain", D, "(:constants till - place)", "(:objects till - place)", "unknown_section", 4, ":objects"),  # noqa: E501
    ("disjunctive effect", D, ":effect (sold ?i)", ":effect (or (sold ?i) (open))", "syntax", 14, "or"),
    ("not with two arguments", D, "(not (at ?i ?a))", "(not (at ?i ?a) (open))", "syntax", 10, "not"),
    ("predicate without parentheses", D, ":effect (sold ?i)", ":effect sold", "syntax", 14, ":effect"),
    ("nested fact", P, "(at cup s1)", "(at cup (next s1))", "syntax", 4, "next s1"),
    ("goal contradicts itself", P, "(:goal (sold cup))", "(:goal (and (sold cup) (not (sold cup))))", "contradiction", 6,  # noqa: E501
     "sold cup"),
    ("undeclared function", P, "(open))", "(open) (= (price cup) 3))", "unknown_function", 5, "price"),
    ("trajectory constraints", P, "(:goal", "(:constraints (and)) (:goal", "unsupported", 6, ":constraints"),
    ("a durative condition in a plain action", D, ":effect (sold ?i)", ":effect (at start (sold ?i))", "syntax", 14, "at start"),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(
    ("which", "old", "new", "code", "line", "symbol"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_fault_is_located(which: str, old: str, new: str, code: str, line: int, symbol: str) -> None:
    domain, problem = DOMAIN, PROBLEM
    if which == D:
        assert domain.count(old) == 1, "the case does not fit the text"
        domain = domain.replace(old, new)
    else:
        assert problem.count(old) == 1, "the case does not fit the text"
        problem = problem.replace(old, new)
    loaded = load_text(problem, domain)
    assert loaded.task is None
    found = [(d.code, d.span.line if d.span else None, d.message) for d in loaded.diagnostics]
    assert any(c == f"pddl.{code}" and at == line and symbol in message for c, at, message in found), found


def test_the_unbroken_pair_loads_without_a_word() -> None:
    loaded = load_text(PROBLEM, DOMAIN)
    assert loaded.task is not None
    assert loaded.diagnostics == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "symbol"),
    [
        ("(:requirements :strips :typing)", "(:requirements :strips)", "missing_requirement", 3, ":typing"),
        ("(open))\n    :effect", "(not (open)))\n    :effect", "missing_requirement", 13, ":negative-preconditions"),
        ("(:requirements :strips", "(:requirements :stripes", "unknown_requirement", 2, ":stripes"),
        (":effect (sold ?i)", ":effect (and (sold ?i) (not (next till till)))", "static_effect", 14, "next"),
        ("(at ?i till) (open))", "(at ?i till) (open) (not (open)))", "contradiction", 13, "open"),
    ],
)
def test_doubtful_domain_draws_a_warning(old: str, new: str, code: str, line: int, symbol: str) -> None:
    assert DOMAIN.count(old) == 1
    loaded = load_text(PROBLEM, DOMAIN.replace(old, new))
    assert loaded.task is not None
    warnings = [d for d in loaded.diagnostics if d.severity is Severity.WARNING]
    assert any(
        d.code == f"pddl.{code}" and d.span is not None and d.span.line == line and symbol in d.message
        for d in warnings
    ), warnings


def test_every_fault_is_reported_at_once() -> None:
    broken = (
        PROBLEM.replace("(at cup s1)", "(at cub s1)").replace("(open))", "(opened))").replace("(sold cup)", "(sold)")
    )
    codes = {d.code for d in load_text(broken, DOMAIN).diagnostics}
    assert {"pddl.unknown_object", "pddl.unknown_predicate", "pddl.wrong_arity"} <= codes


def test_a_misspelt_name_draws_a_suggestion() -> None:
    loaded = load_text(PROBLEM.replace("(open))", "(opne))"), DOMAIN)
    assert any(d.hint == "did you mean open?" for d in loaded.diagnostics)


def test_deep_nesting_is_a_diagnostic() -> None:
    loaded = load_text("(define (problem p) (:goal " + "(not " * 100_000 + ")" * 100_000, DOMAIN)
    assert loaded.diagnostics[0].code == "pddl.too_deep"


@pytest.mark.parametrize(
    "text", ["", "hello", "((((", "))))", "(define)", "(define (domain))", "\x00\x01", "(define (problem"]
)
def test_rubbish_is_a_diagnostic(text: str) -> None:
    loaded = load_text(text, DOMAIN)
    assert loaded.task is None
    assert loaded.diagnostics


def test_long_text_is_read_in_reasonable_time() -> None:
    facts = "\n".join(f"(next s{i % 7 + 1} s2)" for i in range(12_000))
    loaded = load_text(PROBLEM.replace("(open))", f"(open)\n{facts})"), DOMAIN)
    assert loaded.task is None  # s3 and others are not declared
    assert len(loaded.diagnostics) <= 200
