"""``quod solve`` and ``quod check`` from the outside: answers, exit statuses, and bad input made clear."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Ran = Any

LOGIC = "Every wumpus is not shy. Rex is a wumpus. True or false: Rex is shy."
ALLOCATION = (
    "A carpenter makes tables and chairs. Each table takes 3 hours of work and each chair takes 2 hours of work. "
    "There are 60 hours of work available. The profit is $30 per table and $15 per chair. "
    "How many tables and chairs should be made to maximize the profit?"
)
BLOCKS = (
    "You have 2 blocks. b1 is on top of b2. b2 is on the table. b1 is clear. Your arm is empty. "
    "Your goal is to move the blocks. b2 should be on top of b1."
)


@pytest.mark.parametrize(
    ("text", "conclusion", "formalism"),
    [(LOGIC, "disproved", "fol"), (ALLOCATION, "optimal", "milp"), (BLOCKS, "plan", "pddl")],
)
def test_one_problem_of_each_kind(quod_command: Callable[..., Ran], text: str, conclusion: str, formalism: str) -> None:
    ran = quod_command("solve", text, "--json", "--expect", conclusion)
    answer = ran.json()
    assert ran.status == 0, ran.out
    keys = "status conclusion answer data formalism formalization assurance faithfulness certificate diagnostics"
    assert {*keys.split(), "attempts", "cost"} <= answer.keys()
    assert (answer["status"], answer["conclusion"], answer["formalism"]) == ("verified", conclusion, formalism)
    assert answer["assurance"] == "certificate"
    assert answer["certificate"]["accepted"] is True
    assert answer["faithfulness"]["level"] == "controlled"


def test_the_answer_for_people_shows_evidence_and_faithfulness(quod_command: Callable[..., Ran]) -> None:
    ran = quod_command("solve", LOGIC)
    assert ran.status == 0
    assert "VERIFIED  disproved" in ran.out
    for word in ("assurance", "certificate", "faithfulness", "controlled", "cost"):
        assert word in ran.out


def test_expecting_another_conclusion_is_a_failure(quod_command: Callable[..., Ran]) -> None:
    assert quod_command("solve", LOGIC, "--json", "--expect", "proved").status == 1


def test_text_no_grammar_reads_is_never_guessed(quod_command: Callable[..., Ran]) -> None:
    text = "Most wumpuses are shy, roughly speaking. Rex is a wumpus. True or false: Rex is shy."
    ran = quod_command("solve", text, "--json")
    answer = ran.json()
    assert ran.status == 1
    assert answer["status"] in {"needs_clarification", "failed"}
    assert answer["conclusion"] is None
    named = [d["source"] for d in answer["diagnostics"] if d["source"]]
    assert any("Most wumpuses" in words for words in named)


@pytest.mark.parametrize(
    ("args", "stdin", "words"),
    [
        (("solve", ""), b"", "empty"),
        (("solve", "-"), b"", "empty"),
        (("solve",), b"", "either as TEXT or with -f FILE"),
        (("solve", "-"), b"x" * 1_000_000, "longer than 200,000 characters"),
        (("solve", "-"), b"\x00\x01\x02", "NUL"),
        (("solve", "-"), b"\xff\xfe\xfa", "not UTF-8"),
        (("solve", LOGIC, "--formalism", "prolog"), b"", "'prolog' is not one of"),
        (("solve", "-f", "missing.txt"), b"", "cannot read 'missing.txt'"),
        (("solve", LOGIC, "--context", "missing.csv"), b"", "cannot read 'missing.csv'"),
        (("solve", "-f", "."), b"", "cannot read"),
        (("solve", LOGIC, "--timeout", "soon"), b"", "not a valid float"),
        (("frobnicate",), b"", "no command 'frobnicate'"),
        (("check", "--formalism", "fol", "missing.fol"), b"", "cannot read 'missing.fol'"),
        (("check", "x.fol"), b"", "--formalism"),
    ],
)
def test_bad_input_is_refused_in_words(
    quod_command: Callable[..., Ran], args: tuple[str, ...], stdin: bytes, words: str
) -> None:
    ran = quod_command(*args, stdin=stdin)
    assert ran.status == 2
    assert words in ran.err


@pytest.mark.parametrize(
    ("formalism", "text", "line"),
    [
        ("fol", "predicates:\n  wumpus(x)\npremises:\n  p1: all x. (wumpus(x) -> \nquestion:\n  wumpus(rex)\n", 4),
        ("milp", '{"variables": {"x": {}},\n "objective": {"sense": "max", "expr": "3*x +"}}\n', 2),
        ("pddl", "(define (domain d)\n  (:predicates (p))\n  (:action a :parameters () :effect (q)))\n", 3),
    ],
)
def test_broken_formal_text_is_located(
    quod_command: Callable[..., Ran], tmp_path: Path, formalism: str, text: str, line: int
) -> None:
    (tmp_path / "broken.txt").write_text(text)
    ran = quod_command("check", "--formalism", formalism, "broken.txt", "--json")
    answer = ran.json()
    assert ran.status == 1
    assert answer["status"] == "failed"
    errors = [d for d in answer["diagnostics"] if d["severity"] == "error"]
    assert any(d["span"] and d["span"]["line"] in {line, line + 1} for d in errors), errors


def test_escapes_in_a_problem_do_not_reach_the_terminal(quod_command: Callable[..., Ran]) -> None:
    ran = quod_command("solve", "\x1b]0;owned\x07Rex \x1b[31mis a glorp maybe.")
    assert "\x1b" not in ran.out + ran.err
    assert ran.status == 1
