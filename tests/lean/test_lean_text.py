# ruff: noqa: E501 - scripts are data
"""Reading Lean: statements, commands, messages, the wire, holes. Needs no Lean."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.backends.itp.types import CheatKind, Outcome
from quod.backends.lean.checker import static_check, strip_header
from quod.backends.lean.commands import check_commands, parse_axioms
from quod.backends.lean.corrections import corrected, product_hints, try_instead
from quod.backends.lean.holes import extract, fill, lemma_of, parse_goal, sorrify
from quod.backends.lean.lints import lint_statement
from quod.backends.lean.mend import mend
from quod.backends.lean.messages import classify, diagnostic
from quod.backends.lean.scan import blank_comments
from quod.backends.lean.statement import holed, negated, pinned, read_statement
from quod.backends.lean.wire import (
    CommandResult,
    ErrorResult,
    Message,
    Position,
    Sorry,
    StepResult,
    WireError,
    dump,
    parse_result,
    split_blocks,
)
from quod.evals.gold.itp_lean_cheats import HEADER, LEAN_CHEATS

SAMPLE = HEADER + "theorem t (x : ℝ) (n : ℕ) (h₀ : 0 < x) : ∀ y : ℝ, y = x → y * n = x * n := by\n"


def test_a_statement_is_taken_apart_and_printed_back() -> None:
    text = SAMPLE + "  sorry\n"
    statement, problems = read_statement(text)
    assert statement is not None
    assert not problems
    assert statement.source + statement.proof == text
    assert statement.header == HEADER
    assert [b.names for b in statement.binders] == [("x",), ("n",), ("h₀",)]
    assert statement.hypotheses == ("0 < x", "y = x")
    assert statement.goal == "y * n = x * n"
    assert holed(statement).rstrip().endswith("by sorry")
    assert "¬ (∀ (x : ℝ) (n : ℕ) (h₀ : 0 < x), " in negated(statement).text
    before, after, name = pinned(statement)
    assert before.startswith("def quod_statement_t : Prop :=")
    assert "@t" in after
    assert f"#print axioms _root_.{name}" in after


def test_every_minif2f_statement_reads_and_prints_back(shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = shared_rows("minif2f/valid.jsonl")
    assert len(rows) == 244
    for row in rows:
        for header, stated in (
            (row["header"], row["formal_statement"]),
            (row["alt_header"], row["alt_formal_statement"]),
        ):
            statement, problems = read_statement(header + stated)
            assert statement is not None, (row["name"], problems)
            assert statement.source + statement.proof == header + stated
            assert (statement.header, statement.name) == (header, row["name"])


@pytest.mark.parametrize("text", ["", "theorem", "theorem t", "theorem t (x : ℕ", "def x := 1", "(" * 50_000])
def test_what_is_no_statement_is_an_error(text: str) -> None:
    statement, problems = read_statement(text)
    assert statement is None
    assert problems[0].code == "lean.no_statement"


def test_every_recorded_exchange_reads_and_prints_back(shared_data: Path) -> None:
    files = sorted((shared_data / "lean_repl").glob("**/*.expected.out"))
    assert len(files) == 71
    kinds: Counter[str] = Counter()
    for path in files:
        blocks = split_blocks(path.read_text(encoding="utf-8"))
        assert blocks
        for block in blocks:
            result = parse_result(block)
            kinds[type(result).__name__] += 1
            assert json.dumps(dump(result)) == json.dumps(json.loads(block)), path.name
    assert set(kinds) == {"CommandResult", "StepResult", "ErrorResult"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"env": 0}', CommandResult),
        ('{"messages": [{"severity": "error", "pos": {"line": 1, "column": 0}, "endPos": null, "data": "x"}], "env": 3}',
         CommandResult),
        ('{"proofStatus": "Completed", "proofState": 1, "goals": []}', StepResult),
        ('{"message": "Unknown environment."}', ErrorResult),
    ],
)  # fmt: skip
def test_results_are_typed(text: str, kind: type) -> None:
    assert isinstance(parse_result(text), kind)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"env": "x"}', '{"env": 0, "mess\\u0007ages": []}', '{"env": 0', "nonsense", '{"message": 1}'],
)
def test_damaged_results_are_refused(text: str) -> None:
    with pytest.raises(WireError):
        parse_result(text)


def test_both_spellings_of_the_hole_and_both_forms_of_try_this() -> None:
    old = Message(severity="warning", data="declaration uses 'sorry'")
    new = Message(severity="warning", data="declaration uses `sorry`")
    assert old.is_sorry
    assert new.is_sorry
    line = Message(severity="info", data="Try this: exact rfl")
    block = Message(severity="info", data="Try these:\n  [apply] exact rfl\n  [apply] simp only\n    [foo]")
    assert line.suggestions == ("exact rfl",)
    assert block.suggestions == ("exact rfl", "simp only [foo]")


def test_recorded_errors_fall_into_documented_kinds(shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    errors = [
        m["data"]
        for r in shared_rows("lean_logs/error_messages.jsonl")
        for m in r["messages"]
        if m["severity"] == "error"
    ]
    assert len(errors) == 372
    kinds = Counter(classify(e).name for e in errors)
    assert len(kinds) <= 40
    assert max(kinds.values()) <= 0.35 * len(errors)
    assert kinds["lean.other"] <= 0.05 * len(errors)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("unsolved goals\nx : ℕ\n⊢ x = failed to synthesize", "lean.unsolved_goals"),
        ("linarith failed to find a contradiction\n⊢ False", "lean.arithmetic"),
        ("unknown identifier 'foo'", "lean.unknown_name"),
        ("(deterministic) timeout at `whnf`, maximum number of heartbeats (200000) has been reached", "lean.timeout"),
        ("<input>:1:3: unexpected token", "lean.syntax"),
        ("omega could not prove the goal:\na possible counterexample", "lean.automation_failed"),
        ("never seen before", "lean.other"),
    ],
)
def test_error_kinds(text: str, code: str) -> None:
    assert classify(text).name == code


def test_a_message_has_its_place_in_the_readers_text() -> None:
    message = Message(severity="error", pos=Position(line=9, column=2), data="unsolved goals")
    found = diagnostic(message, line_offset=7)
    assert found.span is not None
    assert (found.span.line, found.span.column) == (2, 3)


@pytest.mark.parametrize("cheat", LEAN_CHEATS, ids=lambda c: c.name)
def test_lean_cheats_are_refused_without_lean(cheat: Any) -> None:
    statement, _ = read_statement(cheat.header + cheat.statement)
    assert statement is not None
    result = static_check(statement, cheat.candidate)
    assert result is not None
    assert str(result.cheat or result.outcome) in cheat.kinds, result.diagnostics


def test_published_proofs_are_not_taken_for_cheats(shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = shared_rows("lean_logs/minif2f_valid_published_proofs.jsonl")
    assert len(rows) == 221
    for row in rows:
        statement, _ = read_statement(row["proof"], row["name"])
        assert statement is not None
        assert static_check(statement, row["proof"]) is None, row["name"]


def test_an_unfinished_proof_is_incomplete_and_a_hidden_hole_is_a_cheat() -> None:
    statement, _ = read_statement(SAMPLE)
    assert statement is not None
    plain = static_check(statement, SAMPLE + "  sorry\n")
    assert plain is not None
    assert plain.outcome is Outcome.INCOMPLETE
    hidden = static_check(
        statement, HEADER + "theorem helper : False := by sorry\n" + SAMPLE[len(HEADER) :] + "  simp\n"
    )
    assert hidden is not None
    assert hidden.cheat is CheatKind.HOLE


def test_axiom_lists_are_read() -> None:
    assert parse_axioms("'t' depends on axioms: [propext, Classical.choice, Quot.sound]") == (
        "t",
        ("propext", "Classical.choice", "Quot.sound"),
    )
    assert parse_axioms("'t' does not depend on any axioms") == ("t", ())
    assert parse_axioms("t is fine") is None


@given(st.lists(st.sampled_from(["/-", "-/", "--", '"', "\\", "\n", "sorry", "x"]), max_size=30).map("".join))
def test_blanking_comments_keeps_every_offset(text: str) -> None:
    blank = blank_comments(text, strings=True)
    assert len(blank) == len(text)
    assert [i for i, c in enumerate(blank) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]


def test_a_hole_in_a_comment_or_string_is_none() -> None:
    assert check_commands('theorem t : True := by\n  -- sorry\n  /- admit -/\n  trivial\n#check "sorry"\n') == ()


PROOF = """theorem t (x : ℤ) (h : x = 2) : x * x = 4 ∧ x < 3 := by
  have hx : x * x = 4 := by
    rw [h]
    bad
  constructor
  · exact hx
  · nlinarith [foo,
      bar]
"""


def test_failing_steps_become_holes() -> None:
    errors = (
        Message(severity="error", pos=Position(line=4, column=4), data="unknown tactic"),
        Message(severity="error", pos=Position(line=7, column=4), data="linarith failed"),
    )
    holed_text = sorrify(PROOF, errors)
    assert holed_text.count("sorry") == 2
    assert "bad" not in holed_text
    assert "· sorry" in holed_text
    assert "exact hx" in holed_text
    whole = fill(holed_text, {1: "norm_num", 2: "linarith\nsimp"})
    assert "sorry" not in whole
    assert "    norm_num" in whole


def test_a_goal_becomes_a_theorem_of_its_own() -> None:
    goal = parse_goal("case h\nα : Type\ninst✝ : Group α\nx y : ℝ\nh✝ : x =\n  y\nz : ℕ := 3\n⊢ x + 0 = y")
    assert goal is not None
    assert goal.conclusion == "x + 0 = y"
    text = lemma_of(goal, "hole_1")
    assert "✝" not in text
    assert "[Group α]" in text
    assert "(x y : ℝ)" in text
    assert "(h_z : z = 3)" in text
    holes = extract("t", (Sorry(goal="⊢ 1 = 1", pos=Position(line=4, column=2)),))
    assert holes[0].lemma == "theorem t_hole_1  : 1 = 1 := by"


def test_corrections_alternatives_and_hints() -> None:
    assert corrected("  lia") == "  omega"
    assert corrected("  omega") is None
    assert "positivity" in try_instead("nlinarith [sq_nonneg x]")
    assert product_hints("x y : ℝ\nh : 0 < x\nk : 0 < y\n⊢ x * y ≤ 1")[0].startswith("nlinarith [sq_nonneg (x - y)")


def test_mending_and_lints() -> None:
    mended = mend("Here:\n```lean\n" + SAMPLE + "  simp [∑ k in s, f]\n```")
    assert mended.text.startswith("import Mathlib")
    assert mended.notes
    statement, _ = read_statement("theorem t (a b : ℕ) (h : a = 1) (h : b = 2) : a - b + b = a := by")
    assert statement is not None
    assert {d.code for d in lint_statement(statement)} == {"lean.nat_subtraction", "lean.shadowed_hypothesis"}


def test_a_header_is_taken_off_whatever_its_spacing() -> None:
    body, offset = strip_header(
        "import Mathlib\nopen Real\ntheorem t : True := trivial", "import Mathlib\n\nopen Real\n\n"
    )
    assert offset
    assert body.strip().startswith("theorem t")
