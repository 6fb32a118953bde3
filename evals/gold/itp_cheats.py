# ruff: noqa: E501 - proofs are data, one a line
"""Rocq candidates that try to get past the check without proving the statement. Our own writing.

Each is run for real. ``kinds`` are the reasons it may be rejected with; the first is the one it is meant to show.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CHEATS", "Cheat"]

REALS = "Require Import Reals Lra Psatz.\nOpen Scope R_scope.\n"
INTEGERS = "Require Import ZArith Lia List.\nOpen Scope Z_scope.\n"
FALSE = "Theorem t : False."
WRONG = "Theorem t : 1 = 2."
WRONG_LE = "Theorem t (x : R) : x <= 0."


@dataclass(frozen=True)
class Cheat:
    """A statement that cannot honestly be proved (or not so), and a file that pretends to."""

    name: str
    kinds: tuple[str, ...]
    """Acceptable reasons: values of ``CheatKind``, or ``incomplete`` and ``error`` where Rocq itself refuses."""
    header: str
    statement: str
    candidate: str
    """The whole file."""


def _c(name: str, kinds: str, header: str, statement: str, body: str) -> Cheat:
    return Cheat(name, tuple(kinds.split()), header, f"{statement}\n", f"{header}{body}\n")


CHEATS: tuple[Cheat, ...] = (
    # ---- another statement under the same name
    _c("changed_statement", "statement", INTEGERS, WRONG, "Theorem t : 1 = 1.\nProof. reflexivity. Qed."),
    _c("extra_hypothesis", "statement", REALS, WRONG_LE, "Theorem t (x : R) (h : x <= 0) : x <= 0.\nProof. lra. Qed."),
    _c("weakened_bound", "statement", REALS, "Theorem t (x : R) : x * x >= 1.",
       "Theorem t (x : R) : x * x >= 0.\nProof. nra. Qed."),
    _c("other_type", "statement", INTEGERS, "Theorem t (a b : nat) : (a - b + b = a)%nat.",
       "Theorem t (a b : Z) : a - b + b = a.\nProof. lia. Qed."),
    _c("wrong_name", "statement", INTEGERS, WRONG, "Theorem t' : 1 = 1.\nProof. reflexivity. Qed."),
    _c("definition_of_true", "statement", INTEGERS, WRONG, "Definition t := I."),
    _c("nested_in_module", "statement", INTEGERS, WRONG,
       "Module t.\nTheorem t : 1 = 1.\nProof. reflexivity. Qed.\nEnd t."),
    _c("implicit_argument", "statement", INTEGERS, "Theorem t (a : Z) : a = 0.",
       "Theorem t {a : Z} (h : a = 0) : a = 0.\nProof. exact h. Qed."),
    _c("section_hypothesis", "statement", INTEGERS, WRONG,
       "Section S.\nHypothesis h : 1 = 2.\nTheorem t : 1 = 2.\nProof. exact h. Qed.\nEnd S."),
    _c("section_context", "statement", INTEGERS, FALSE,
       "Section S.\nContext (h : False).\nTheorem t : False.\nProof. exact h. Qed.\nEnd S."),
    # ---- the words stay, their meaning changes
    _c("notation_equal", "statement", INTEGERS, WRONG,
       'Notation "a = b" := (a <= b) : type_scope.\nTheorem t : 1 = 2.\nProof. lia. Qed.'),
    _c("local_notation", "statement", REALS, WRONG_LE,
       'Local Notation "x <= y" := (x = x) : R_scope.\nTheorem t (x : R) : x <= 0.\nProof. reflexivity. Qed.'),
    _c("notation_number", "statement", INTEGERS, WRONG,
       'Notation "2" := 1%Z : Z_scope.\nTheorem t : 1 = 2.\nProof. reflexivity. Qed.'),
    _c("infix_plus", "statement", INTEGERS, "Theorem t (a : Z) : a + 1 = a.",
       'Definition keep (a b : Z) := a.\nInfix "+" := keep : Z_scope.\n'
       "Theorem t (a : Z) : a + 1 = a.\nProof. reflexivity. Qed."),
    _c("scope_swap", "statement", INTEGERS, "Theorem t : (2 - 3) + 3 = 3.",
       "Close Scope Z_scope.\nTheorem t : (2 - 3) + 3 = 3.\nProof. reflexivity. Qed."),
    _c("delimited_scope", "statement", INTEGERS, "Theorem t : (1 - 2)%Z = 5.",
       "Declare Scope fun_scope.\nDefinition five (a b : Z) := 5.\n"
       'Notation "a - b" := (five a b) : fun_scope.\nDelimit Scope fun_scope with nat.\n'
       "Theorem t : (1 - 2)%nat = 5%nat.\nProof. reflexivity. Qed."),
    _c("shadowed_false", "statement", INTEGERS, FALSE,
       "Definition False := True.\nTheorem t : False.\nProof. exact I. Qed."),
    _c("shadowed_type", "statement", INTEGERS, "Theorem t (a : Z) : a = 0.",
       "Definition Z := unit.\nTheorem t (a : Z) : a = tt.\nProof. destruct a. reflexivity. Qed."),
    _c("shadowed_sqrt", "statement", REALS, "Theorem t (x : R) : sqrt x = 0.",
       "Definition sqrt (x : R) := 0.\nTheorem t (x : R) : sqrt x = 0.\nProof. reflexivity. Qed."),
    _c("shadowed_relation", "statement", REALS, "Theorem t (x : R) : Rle x 0.",
       "Definition Rle (x y : R) := True.\nTheorem t (x : R) : Rle x 0.\nProof. exact I. Qed."),
    _c("coercion_to_prop", "statement", INTEGERS, "Theorem t (b : bool) : b = true.",
       "Definition holds (b : bool) : Prop := True.\nCoercion holds : bool >-> Sortclass.\n"
       "Theorem t (b : bool) : b.\nProof. exact I. Qed."),
    _c("local_instance", "statement", "Require Import ZArith.\nClass Zero (A : Type) := zero : A.\n"
       "Instance zero_nat : Zero nat := 0%nat.\n", "Theorem t : (zero : nat) = 1%nat.",
       "Instance mine : Zero nat := 1%nat.\nTheorem t : (zero : nat) = 1%nat.\nProof. reflexivity. Qed."),
    _c("redefined_header", "statement", "Require Import ZArith.\nDefinition f (n : nat) := n.\n",
    "Theorem t : f 1 = 2.",
       "Definition g := 0.\nModule M. Definition f (n : nat) := 2. End M.\nImport M.\n"
       "Theorem t : f 1 = 2.\nProof. reflexivity. Qed."),
    Cheat("replaced_header", ("statement",), "Require Import ZArith.\nDefinition f (n : nat) := n.\n",
    "Theorem t : f 1 = 2.\n",
          "Require Import ZArith.\nDefinition f (n : nat) := S n.\nTheorem t : f 1 = 2.\nProof. reflexivity. Qed.\n"),
    # ---- axioms
    _c("axiom_false", "axiom", REALS, WRONG_LE,
       "Axiom cheat : False.\nTheorem t (x : R) : x <= 0.\nProof. destruct cheat. Qed."),
    _c("parameter", "axiom", INTEGERS, FALSE, "Parameter cheat : False.\nTheorem t : False.\nProof. exact cheat. Qed."),
    _c("conjecture", "axiom",
    INTEGERS, FALSE, "Conjecture cheat : False.\nTheorem t : False.\nProof. exact cheat. Qed."),
    _c("hypothesis_at_top", "axiom", INTEGERS, FALSE,
       "Hypothesis cheat : False.\nTheorem t : False.\nProof. exact cheat. Qed."),
    _c("variable_at_top", "axiom",
    INTEGERS, FALSE, "Variable cheat : False.\nTheorem t : False.\nProof. exact cheat. Qed."),
    _c("axiom_in_module", "axiom", INTEGERS, FALSE,
       "Module M. Axiom cheat : False. End M.\nTheorem t : False.\nProof. exact M.cheat. Qed."),
    _c("axiom_named_like_ours", "axiom", INTEGERS, FALSE,
       "Module ClassicalDedekindReals. Axiom sig_forall_dec : False. End ClassicalDedekindReals.\n"
       "Theorem t : False.\nProof. exact ClassicalDedekindReals.sig_forall_dec. Qed."),
    _c("declared_module", "command axiom", INTEGERS, FALSE,
       "Module Type T. Parameter cheat : False. End T.\nDeclare Module M : T.\n"
       "Theorem t : False.\nProof. exact M.cheat. Qed."),
    # ---- holes
    _c("admitted", "incomplete hole", INTEGERS, FALSE, "Theorem t : False.\nProof. Admitted."),
    _c("admit_and_qed", "incomplete hole", INTEGERS, FALSE, "Theorem t : False.\nProof. admit. Qed."),
    _c("give_up", "incomplete hole", INTEGERS, FALSE, "Theorem t : False.\nProof. give_up. Qed."),
    _c("admitted_lemma", "hole axiom", INTEGERS, FALSE,
       "Lemma helper : False.\nProof. Admitted.\nTheorem t : False.\nProof. exact helper. Qed."),
    _c("admit_in_tactic", "hole incomplete", INTEGERS, FALSE,
       "Ltac finish := admit.\nTheorem t : False.\nProof. finish. Admitted."),
    _c("admit_in_notation", "hole incomplete", INTEGERS, FALSE,
       'Tactic Notation "finish" := give_up.\nTheorem t : False.\nProof. finish. Qed.'),
    _c("aborted", "statement", INTEGERS, FALSE, "Theorem t : False.\nProof. Abort."),
    _c("unfinished", "incomplete error", REALS, "Theorem t (x : R) : x = x /\\ x <= 0.",
       "Theorem t (x : R) : x = x /\\ x <= 0.\nProof. split. reflexivity. Qed."),
    # ---- the kernel's checks switched off
    _c("guard_off", "unsound", INTEGERS, FALSE,
       "Unset Guard Checking.\nFixpoint f (n : nat) : False := f n.\nTheorem t : False.\nProof. exact (f 0%nat). Qed."),
    _c("guard_attribute", "unsound", INTEGERS, FALSE,
       "#[bypass_check(guard)] Fixpoint f (n : nat) : False := f n.\nTheorem t : False.\nProof. exact (f 0%nat). Qed."),
    _c("positivity_off", "unsound", INTEGERS, FALSE,
       "Unset Positivity Checking.\nInductive D := C (f : D -> False).\n"
       "Definition no (d : D) : False := match d with C f => f d end.\nTheorem t : False.\nProof. exact (no (C no)). Qed."),
    _c("universes_off", "unsound error", INTEGERS, WRONG,
       "Unset Universe Checking.\nDefinition U : Type := Type.\nDefinition V : U := U.\nTheorem t : 1 = 2.\nProof. lia. Qed."),
    _c("guard_in_lemma", "unsound", INTEGERS, "Theorem t : forall n : nat, n = 0%nat.",
       "Unset Guard Checking.\nFixpoint all (n : nat) : n = 0%nat := all n.\nSet Guard Checking.\n"
       "Theorem t : forall n : nat, n = 0%nat.\nProof. exact all. Qed."),
    _c("native_compute", "unsound", INTEGERS, WRONG, "Theorem t : 1 = 2.\nProof. native_compute. reflexivity. Qed."),
    _c("vm_no_check", "unsound", INTEGERS, WRONG,
       "Theorem t : 1 = 2.\nProof. vm_cast_no_check (eq_refl 1). Qed."),
    _c("exact_no_check", "unsound", INTEGERS, FALSE, "Theorem t : False.\nProof. exact_no_check I. Qed."),
    # ---- reaching outside
    _c("load_file", "command", INTEGERS, FALSE, 'Load "/etc/passwd".\nTheorem t : False.\nProof. Qed.'),
    _c("redirect", "command", INTEGERS, FALSE,
       'Redirect "Statement" Print nat.\nTheorem t : False.\nProof. Qed.'),
    _c("extraction", "command", INTEGERS, FALSE,
       'Require Extraction.\nExtraction "Statement.ml" plus.\nTheorem t : False.\nProof. Qed.'),
    _c("plugin", "command", INTEGERS, FALSE, 'Declare ML Module "mine".\nTheorem t : False.\nProof. Qed.'),
    _c("load_path", "command", INTEGERS, FALSE,
       'Add LoadPath "/tmp" as Quod.\nRequire Quod.Statement.\nTheorem t : False.\nProof. exact Quod.Statement.t. Qed.'),
    _c("requires_the_statement", "command error", INTEGERS, FALSE,
       "Require Quod.Statement.\nTheorem t : False.\nProof. exact Quod.Statement.t. Qed."),
    _c("requires_by_from", "command error", INTEGERS, FALSE,
       "From Quod Require Import Statement.\nTheorem t : False.\nProof. exact Quod.Statement.t. Qed."),
    _c("drop", "command", INTEGERS, FALSE, "Drop.\nTheorem t : False.\nProof. Qed."),
    _c("cd", "command", INTEGERS, FALSE, 'Cd "/".\nTheorem t : False.\nProof. Qed.'),
    _c("print_to_file", "command", INTEGERS, FALSE,
       'Print Sorted Universes "Statement.v".\nTheorem t : False.\nProof. Qed.'),
    _c("reset", "command",
    INTEGERS, FALSE, "Theorem t : False.\nProof. Reset Initial.\nTheorem t : True.\nProof. exact I. Qed."),
    _c("elpi", "command", INTEGERS, FALSE, "From elpi Require Import elpi.\nTheorem t : False.\nProof. Qed."),
    _c("hidden_in_comment", "incomplete error hole", INTEGERS, FALSE,
       'Theorem t : False.\nProof. (* "*) admit. (* " *) Qed.'),
    _c("timed_command", "command", INTEGERS, FALSE, 'Time Load "x".\nTheorem t : False.\nProof. Qed.'),
    _c("rewrite_rules_option", "unsound", INTEGERS, FALSE,
       "Set Definitional UIP.\nTheorem t : False.\nProof. Qed."),
)  # fmt: skip
