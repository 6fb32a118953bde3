# ruff: noqa: E501 - recorded text
"""Reading Rocq text: sentences, statements, commands, messages, audits. Needs no Rocq."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.backends.itp.types import CheatKind
from quod.backends.rocq import codes
from quod.backends.rocq.arith import read_arithmetic
from quod.backends.rocq.axioms import is_allowed, parse_assumptions, parse_summary
from quod.backends.rocq.checker import header_axioms, strip_header
from quod.backends.rocq.commands import check_commands
from quod.backends.rocq.corrections import corrected
from quod.backends.rocq.lints import lint_statement
from quod.backends.rocq.mend import mend
from quod.backends.rocq.messages import classify, parse_coqc
from quod.backends.rocq.portfolio import features, order, preamble, strategies, with_proof
from quod.backends.rocq.sentences import split, strip_comments
from quod.backends.rocq.session import parse_goals
from quod.backends.rocq.statement import holed, negated, read_statement
from quod.core.diagnostics import has_errors
from quod.evals.gold.itp_cheats import CHEATS
from quod.evals.gold.itp_honest import HONEST

PIECES = [
    "Theorem t : ",
    "1 = 2",
    ". ",
    ".\n",
    "(* a. *)",
    '"x. y"',
    "- ",
    "{ ",
    "} ",
    "x.y",
    "..",
    "...",
    "(*",
    "*)",
    '"',
    "∀ x, ",
    "\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_sentences_are_slices_in_order_and_lose_only_space_and_comments(text: str) -> None:
    at = 0
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= at
        assert not strip_comments(text[at : sentence.start]).strip()
        at = sentence.end


def test_a_full_stop_in_a_comment_string_or_name_ends_nothing() -> None:
    text = 'Lemma a : Nat.add 1 1 = 2 (* it is. "*) really" yes. *). Proof. - idtac "x. y". Qed.'
    assert [s.text[:5] for s in split(text)] == ["Lemma", "Proof", "-", "idtac", "Qed."]


def test_a_long_text_is_cut_in_linear_time() -> None:
    assert len(split("Lemma a : True. Proof. exact I. Qed.\n" * 5000)) == 20_000
    assert len(split("(*" * 100_000)) == 0


SAMPLE = """Require Import Reals.
Open Scope R_scope.
Theorem amc (a b : R) (h : 0 < a) :
  forall x : R, a * x = b -> x <> 0 -> x = b / a.
"""


def test_a_statement_is_taken_apart_and_printed_back() -> None:
    statement, problems = read_statement(SAMPLE + "Proof. lra. Qed.\n")
    assert statement is not None
    assert not problems
    assert statement.source + statement.proof == SAMPLE + "Proof. lra. Qed.\n"
    assert [b.names for b in statement.binders] == [("a", "b"), ("h",)]
    assert statement.quantified[0].type == "R"
    assert statement.hypotheses == ("a * x = b", "x <> 0")
    assert statement.goal == "x = b / a"
    assert holed(statement).endswith("Admitted.\n")
    assert negated(statement).text == f"Theorem amc_is_false : ~ (forall (a b : R) (h : 0 < a), {statement.type})."


def test_every_minif2f_statement_reads_and_prints_back(shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    rows = shared_rows("minif2f/rocq_valid.jsonl")
    assert len(rows) == 244
    for row in rows:
        text = row["header"] + row["formal_statement"]
        statement, problems = read_statement(text)
        assert statement is not None, (row["name"], problems)
        assert (statement.source, statement.header, statement.name) == (text, row["header"], row["theorem_name"])
        assert statement.goal


@pytest.mark.parametrize(
    "text", ["", "Lemma", "Theorem : 1 = 1.", "Theorem t 1 = 1.", "Theorem t : 1 = 1", "(" * 50_000]
)
def test_what_is_no_statement_is_an_error(text: str) -> None:
    statement, problems = read_statement(text)
    assert statement is None
    assert problems[0].code.startswith("rocq.")


@pytest.mark.parametrize("honest", HONEST, ids=lambda h: h.name)
def test_honest_proofs_use_only_allowed_commands(honest: Any) -> None:
    body, offset = strip_header(honest.candidate, honest.header)
    assert offset
    assert check_commands(body) == ()


@pytest.mark.parametrize(
    "cheat",
    [c for c in CHEATS if {"axiom", "unsound", "command"} & set(c.kinds)],
    ids=lambda c: c.name,
)
def test_forbidden_commands_are_named_with_their_place(cheat: Any) -> None:
    body, offset = strip_header(cheat.candidate, cheat.header)
    found = check_commands(body, offset=offset, whole=cheat.candidate)
    assert found, cheat.name
    assert found[0][0] in {CheatKind(k) for k in cheat.kinds if k in set(CheatKind)}
    assert found[0][1].span is not None


@pytest.mark.parametrize(
    "sneaky",
    [
        "#[local, bypass_check(universes)] Definition x := 1.",
        "Time Timeout 3 Load x.",
        "Global Unset Guard Checking.",
        "(* *) Axiom (* *) a : False.",
        "Set\nUniverse   Checking.",
        "Unset Positivity Checking.",
        "Module Type T. End T.",
        "Require Import elpi.elpi.",
        "From Ltac2 Require Import Ltac2.",
        "Fail Drop.",
        "Declare Instance x : False.",
        "Proof. idtac. (*) *) Axiom f : False.",
        "Local Axiom f : False.",
    ],
)
def test_a_disguised_command_is_still_refused(sneaky: str) -> None:
    assert check_commands(sneaky)


def test_admit_inside_a_name_or_string_is_no_hole() -> None:
    assert check_commands('Lemma admit_one : True. Proof. idtac "admit". exact I. Qed.') == ()


def test_header_axioms_are_found() -> None:
    header = "Parameter f : R -> Z.\nAxiom f_spec g : True.\nLemma a : True. Proof. exact I. Qed.\nLemma b : False. Admitted.\n"
    assert header_axioms(header) == ("f", "f_spec", "g", "b")


AXIOMS = """Axioms:
ClassicalDedekindReals.sig_forall_dec
  : forall P : nat -> Prop,
    (forall n : nat, {P n} + {~ P n})
cheat : False
"""


def test_assumptions_are_read_and_what_is_not_understood_is_unsafe() -> None:
    read = parse_assumptions(AXIOMS)
    assert read.axioms == ("ClassicalDedekindReals.sig_forall_dec", "cheat")
    assert not read.unsafe
    assert parse_assumptions("Closed under the global context\n").closed
    assert parse_assumptions("Axioms:\nt is assumed to be guarded.\n").unsafe
    assert parse_assumptions("").unsafe
    assert parse_assumptions("something else entirely\n").unsafe


SUMMARY = """
CONTEXT SUMMARY
===============

* Theory: Set is predicative

* Axioms:
    Coq.Logic.Classical_Prop.classic

* Constants/Inductives relying on type-in-type: <none>

* Constants/Inductives relying on unsafe (co)fixpoints: {fix}

* Inductives whose positivity is assumed: <none>
"""


def test_every_section_of_the_summary_is_read() -> None:
    good = parse_summary(SUMMARY.format(fix="<none>"))
    assert good is not None
    assert good.axioms == ("Coq.Logic.Classical_Prop.classic",)
    assert not good.unsafe
    bad = parse_summary(SUMMARY.format(fix="\n    Quod.Candidate.f"))
    assert bad is not None
    assert bad.unsafe
    assert parse_summary(SUMMARY.format(fix="<none>").replace("positivity", "negativity")) is None
    assert parse_summary("") is None
    impredicative = parse_summary(SUMMARY.format(fix="<none>").replace("predicative", "impredicative"))
    assert impredicative is not None
    assert impredicative.unsafe


@given(st.text(alphabet="abcCoq.Logical_", max_size=40))
def test_no_other_name_is_an_allowed_axiom(name: str) -> None:
    assert not is_allowed(name)
    assert not is_allowed("Quod.Candidate." + name)


def test_coqc_messages_have_kind_and_place(shared_rows: Callable[[str], list[dict[str, Any]]]) -> None:
    kinds = {}
    for row in shared_rows("rocq_logs/coqc_8_16_1_cases.jsonl"):
        errors = [m for m in parse_coqc(row["stderr"]) if m.severity == "error"]
        assert bool(errors) == (row["rc"] != 0)
        for message in errors:
            kinds[row["id"]] = classify(message.text).name
            assert message.span(row["code"]) is not None
    assert "rocq.other" not in kinds.values()
    assert kinds["lia_fail"] == "rocq.arithmetic"
    assert kinds["incomplete"] == kinds["admitted_qed"] == "rocq.incomplete"
    assert kinds["syntax"] == "rocq.syntax"
    assert kinds["type_mismatch"] == "rocq.type_mismatch"
    assert kinds["timeout"] == "rocq.timeout"


def test_columns_are_in_characters_not_bytes() -> None:
    source = "Lemma é : foo.\n"
    (message,) = parse_coqc(
        'File "./a.v", line 1, characters 11-14:\nError: The reference foo was not found in the current environment.\n'
    )
    span = message.span(source)
    assert span is not None
    assert (span.column, span.end_column) == (11, 14)
    assert message.diagnostic(source).code == codes.UNKNOWN_REFERENCE.name


def test_goals_are_parsed_with_their_context() -> None:
    printed = "1 goal (ID 3)\n  \n  x, y : R\n  f := fun z : R => z : R -> R\n  H : x =\n      y\n  ============================\n  x <= 1\n"
    (goal,) = parse_goals(printed)
    assert [h.names for h in goal.hypotheses] == [("x", "y"), ("f",), ("H",)]
    assert goal.hypotheses[2].type == "x = y"
    assert goal.hypotheses[1].value == "fun z : R => z"
    assert goal.conclusion == "x <= 1"


def test_mending_takes_off_fences_prose_and_symbols() -> None:
    mended = mend("Sure!\n```coq\nLemma a : ∀ x : nat, x ≤ x.\nProof. lia. Qed.\n```\nDone.")
    assert mended.text == "Lemma a : forall  x : nat, x <= x.\nProof. lia. Qed.\n"
    assert mended.notes
    assert not mend(SAMPLE).notes


def test_foreign_tactics_are_swapped() -> None:
    assert corrected("nlinarith [sq_nonneg (x - y)].") == "nra."
    assert corrected("linarith.") == "lra."
    assert corrected("lia.") is None


def test_the_order_puts_every_strategy_once_and_fits_the_shape() -> None:
    statement, _ = read_statement(SAMPLE)
    assert statement is not None
    assert sorted(order(statement)) == sorted(strategies("reals"))
    assert "real" in features(statement)
    whole = with_proof(statement, "p_lra")
    assert whole.startswith(statement.header)
    assert "Ltac p_lra" in whole
    assert "Ltac p_bounded" not in whole
    assert "Interval" not in whole
    assert "Interval" in preamble("reals")


def test_arithmetic_is_read_or_left_alone() -> None:
    statement, _ = read_statement(
        "Open Scope Z_scope.\nTheorem t (x y : Z) (h : 0 <= x < 5) : x ^ 2 - y mod 3 <> 4 \\/ ~ (x = y)."
    )
    assert statement is not None
    read = read_arithmetic(statement)
    assert read is not None
    assert read.variables == (("x", "Z"), ("y", "Z"))
    assert read.goal == [
        "or",
        ["!=", ["-", ["^", ["var", "x"], ["num", "2"]], ["mod", ["var", "y"], ["num", "3"]]], ["num", "4"]],
        ["not", ["=", ["var", "x"], ["var", "y"]]],
    ]
    other, _ = read_statement("Theorem t (f : nat -> nat) : f 1 = 1.")
    assert other is not None
    assert read_arithmetic(other) is None


def test_headers_of_the_data_are_allowed_and_hostile_ones_are_not(
    shared_rows: Callable[[str], list[dict[str, Any]]],
) -> None:
    for row in shared_rows("minif2f/rocq_valid.jsonl"):
        statement, _ = read_statement(row["header"] + row["formal_statement"])
        assert statement is not None
        assert not has_errors(lint_statement(statement, given=True)), row["name"]
    for header in ('Load "x".', "Unset Guard Checking.", 'Redirect "a" Check nat.', 'Declare ML Module "m".'):
        statement, _ = read_statement(f"{header}\nTheorem t : 1 = 1.")
        assert statement is not None
        assert has_errors(lint_statement(statement, given=True)), header


def test_the_libraries_of_tactics_are_imported_inside_the_proof() -> None:
    stated = "Require Import Reals.\nOpen Scope R_scope.\nTheorem t (x : R) : x + 1 = 2 -> x = 1.\n"
    mended = mend(f"{stated}Proof.\n  intros; lra.\nQed.\n")
    assert mended.text == f"{stated}Proof.\nRequire Import Coq.micromega.Lra.\n  intros; lra.\nQed.\n"
    assert mend(mended.text).notes == ()
