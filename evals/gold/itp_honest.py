# ruff: noqa: E501, ISC004 - proofs are data, one a line
"""Honest Rocq proofs, written for this project: every one must be accepted.

``STEPS`` have several steps, and are what the repair tests break; ``SHORT`` are one-liners over many parts of the library.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HONEST", "SHORT", "STEPS", "Honest"]

R = "Require Import Reals Lra Psatz.\nOpen Scope R_scope.\n"
Z = "Require Import ZArith Lia.\nOpen Scope Z_scope.\n"
N = "Require Import Arith Lia List.\nImport ListNotations.\n"
L = "Require Import List Arith Lia.\nImport ListNotations.\n"
B = "Require Import Bool.\n"
Q = "Require Import QArith Lqa.\nOpen Scope Q_scope.\n"
D = "Require Import Arith Lia.\nFixpoint sum (n : nat) : nat := match n with 0 => 0 | S m => S m + sum m end.\n"
T = (
    "Require Import Arith.\nInductive tree := leaf | node (l r : tree).\n"
    "Fixpoint size (t : tree) := match t with leaf => 1 | node l r => size l + size r end.\n"
    "Fixpoint mirror (t : tree) := match t with leaf => leaf | node l r => node (mirror r) (mirror l) end.\n"
)


@dataclass(frozen=True)
class Honest:
    """A statement and an honest proof of it."""

    name: str
    header: str
    statement: str
    proof: str
    """Lemmas may stand before the theorem, in ``before``."""
    before: str = ""

    @property
    def candidate(self) -> str:
        """The whole file."""
        return f"{self.header}{self.before}{self.statement}\nProof.\n{self.proof}\nQed.\n"


def _steps(number: int, header: str, stated: str, proof: str, before: str = "") -> Honest:
    name = f"step_{number}"
    return Honest(name, header, f"Theorem {name} {stated}.", proof, before)


_MANY: tuple[tuple[str, str, str], ...] = (
    (R, "(x y : R) (h : x + y = 7) (k : x - y = 1) : x = 4 /\\ y = 3", "split.\n- lra.\n- lra."),
    (R, "(x : R) (h : 0 <= x) : 0 <= x * x + x",
     "assert (0 <= x * x).\n{ apply Rmult_le_pos.\n  - exact h.\n  - exact h. }\nlra."),
    (R, "(x y : R) : x * y <= (x * x + y * y) / 2", "assert (0 <= (x - y) * (x - y)).\n{ apply Rle_0_sqr. }\nlra."),
    (R, "(a b c : R) (h : a <= b) (k : b <= c) : a <= c + 1", "apply Rle_trans with b.\n- exact h.\n- lra."),
    (R, "(x : R) (h : x * x = 4) (k : 0 <= x) : x = 2",
     "assert (e : (x - 2) * (x + 2) = 0).\n{ ring_simplify. lra. }\napply Rmult_integral in e.\ndestruct e.\n- lra.\n- lra."),
    (R, "(f : R -> R) (h : forall x, f x = 2 * x + 1) : f (f 1) = 7", "rewrite h.\nrewrite h.\nring."),
    (R, "(x y : R) (h : x <> 0) (k : y <> 0) : x * y <> 0",
     "intro e.\napply Rmult_integral in e.\ndestruct e.\n- contradiction.\n- contradiction."),
    (R, "(x : R) (h : 1 < x) : 1 < x * x",
     "assert (0 < x - 1).\n{ lra. }\nassert (0 < (x - 1) * (x + 1)).\n{ apply Rmult_lt_0_compat.\n  - lra.\n  - lra. }\nlra."),
    (R, "(x : R) (h : x <> 0) : x / x + x / x = 2", "field_simplify.\n- lra.\n- exact h."),
    (R, "(a b : R) : (a + b) * (a - b) = a * a - b * b /\\ a + b = b + a", "split.\n- ring.\n- apply Rplus_comm."),
    (R, "(x : R) (h : Rabs x <= 1) : x <= 1", "unfold Rabs in h.\ndestruct (Rcase_abs x).\n- lra.\n- lra."),
    (R, "(x y z : R) (h : x = y + 1) (k : y = z + 1) : x = z + 2", "subst y.\nsubst x.\nring."),
    (Z, "(x y : Z) (h : x < y) : x + 1 <= y /\\ 2 * x < 2 * y", "split.\n- lia.\n- lia."),
    (Z, "(n : Z) (h : n mod 2 = 1) : (n * n) mod 2 = 1",
     "rewrite Z.mul_mod.\n- rewrite h.\n  reflexivity.\n- lia."),
    (Z, "(a b : Z) (h : exists k, b = a * k) : exists k, b * b = a * k",
     "destruct h as [k h].\nexists (k * b).\nsubst b.\nring."),
    (Z, "(a b c : Z) (h : (a | b)) (k : (a | c)) : (a | b + c)",
     "destruct h as [x h].\ndestruct k as [y k].\nexists (x + y).\nsubst b.\nsubst c.\nring."),
    (Z, "(x : Z) : x * x >= 0", "destruct (Z_le_gt_dec 0 x).\n- nia.\n- nia."),
    (Z, "(x y : Z) (h : x = 3 \\/ x = 4) (k : y = x + 1) : y = 4 \\/ y = 5",
     "destruct h as [h | h].\n- left.\n  lia.\n- right.\n  lia."),
    (Z, "(a b : Z) (h : 0 < a) (k : a * b = a) : b = 1", "assert (a * (b - 1) = 0).\n{ lia. }\nnia."),
    (Z, "(x : Z) (h : 0 <= x <= 2) : x * x * x - 3 * x * x + 2 * x = 0",
     "assert (x = 0 \\/ x = 1 \\/ x = 2).\n{ lia. }\ndestruct H as [e | [e | e]].\n- subst x.\n  reflexivity.\n- subst x.\n  reflexivity.\n"
     "- subst x.\n  reflexivity."),
    (N, "(n : nat) (h : 2 <= n) : exists k, n = k + 2", "exists (n - 2).\nlia."),
    (N, "(a b : nat) (h : a <= b) : exists d, b = a + d", "exists (b - a).\nlia."),
    (N, "(n : nat) : n + 0 = n /\\ 0 + n = n", "split.\n- apply Nat.add_0_r.\n- reflexivity."),
    (N, "(a b c : nat) : a * (b + c) = a * c + a * b", "rewrite Nat.mul_add_distr_l.\napply Nat.add_comm."),
    (N, "(P Q : nat -> Prop) (h : forall n, P n -> Q n) (k : P 3) : exists n, Q n",
     "exists 3.\napply h.\nexact k."),
    (N, "(n : nat) (h : n < 3) : n = 0 \\/ n = 1 \\/ n = 2",
     "destruct n as [| n].\n- left.\n  reflexivity.\n- destruct n as [| n].\n  + right.\n    left.\n    reflexivity.\n  + right.\n    right.\n    lia."),
    (D, ": forall n, 2 * sum n = n * (n + 1)",
     "intro n.\ninduction n as [| n IH].\n- reflexivity.\n- cbn [sum].\n  nia."),
    (D, "(n : nat) : n <= sum n", "destruct n as [| n].\n- lia.\n- cbn [sum].\n  lia."),
    (L, "(l : list nat) : length (l ++ l) = 2 * length l", "rewrite app_length.\nlia."),
    (L, "(l k : list nat) : length (rev l ++ k) = length k + length l",
     "rewrite app_length.\nrewrite rev_length.\napply Nat.add_comm."),
    (L, "(f : nat -> nat) (l : list nat) : length (map f (rev l)) = length l",
     "rewrite map_length.\nrewrite rev_length.\nreflexivity."),
    (T, ": forall t : tree, mirror (mirror t) = t",
     "intro t.\ninduction t as [| l IHl r IHr].\n- reflexivity.\n- cbn.\n  rewrite IHl.\n  rewrite IHr.\n  reflexivity."),
    (T, ": forall t : tree, size (mirror t) = size t",
     "intro t.\ninduction t as [| l IHl r IHr].\n- reflexivity.\n- cbn.\n  rewrite IHl.\n  rewrite IHr.\n  apply Nat.add_comm."),
    (B, "(a b : bool) : negb (andb a b) = orb (negb a) (negb b)", "destruct a.\n- reflexivity.\n- reflexivity."),
    (B, "(P Q : Prop) : P /\\ Q -> Q /\\ P", "intro h.\ndestruct h as [p q].\nsplit.\n- exact q.\n- exact p."),
    (B, "(P Q R : Prop) (h : P -> Q) (k : Q -> R) : P -> R", "intro p.\napply k.\napply h.\nexact p."),
    (B, "(A : Type) (P : A -> Prop) (h : ~ exists x, P x) : forall x, ~ P x",
     "intro x.\nintro p.\napply h.\nexists x.\nexact p."),
    (Q, "(x y : Q) (h : x == y) : x + x == 2 * y", "rewrite h.\nring."),
)  # fmt: skip
STEPS = tuple(_steps(i, h, s, p) for i, (h, s, p) in enumerate(_MANY, start=1))

_ONE: tuple[tuple[str, str, str], ...] = (
    (R, "(x : R) : 2 * x = 4 -> x = 2", "intros. lra."),
    (R, "(x y : R) : x * x + y * y >= 2 * x * y", "pose proof (Rle_0_sqr (x - y)); unfold Rsqr in *; lra."),
    (R, "(x : R) : x ^ 2 - 2 * x + 1 >= 0", "pose proof (Rle_0_sqr (x - 1)); unfold Rsqr in *; lra."),
    (R, ": sqrt 4 = 2", "apply sqrt_lem_1; lra."),
    (R, "(x : R) (h : 0 <= x) : sqrt x * sqrt x = x", "apply sqrt_sqrt; exact h."),
    (R, "(a b c : R) : (a + b + c) ^ 2 = a ^ 2 + b ^ 2 + c ^ 2 + 2 * (a * b + b * c + c * a)", "ring."),
    (R, "(x : R) (h : x <> 0) : x * / x = 1", "field. exact h."),
    (R, ": 1 / 3 + 1 / 6 = 1 / 2", "lra."),
    (R, "(x y : R) : Rmax x y >= x", "apply Rle_ge, Rmax_l."),
    (R, "(x : R) : Rabs x >= 0", "apply Rle_ge, Rabs_pos."),
    (R, ": exp 0 = 1", "apply exp_0."),
    (R, "(x : R) : sin x ^ 2 + cos x ^ 2 = 1", "rewrite <- (sin2_cos2 x); unfold Rsqr; ring."),
    (R, "(x : R) : 0 < exp x", "apply exp_pos."),
    (R, "(x y : R) (h : 0 < x) (k : 0 < y) : ln (x * y) = ln x + ln y", "apply ln_mult; assumption."),
    (R, "(x : R) (h : 0 <= x <= 1) : x * (1 - x) <= 1 / 4", "pose proof (Rle_0_sqr (x - 1 / 2)); unfold Rsqr in *; lra."),
    (R, ": IZR 3 + IZR 4 = IZR 7", "lra."),
    (R, "(n : nat) : 0 <= INR n", "apply pos_INR."),
    (R, "(x y z : R) : x < y -> y < z -> x < z", "lra."),
    (R, "(x : R) : x ^ 3 = x * x * x", "ring."),
    (R, "(u : nat -> R) (h : forall n, u (S n) = u n + 2) (k : u 0%nat = 1) : u 2%nat = 5", "rewrite !h, k; ring."),
    (R, "(x : R) : Rmin x x = x", "unfold Rmin; destruct (Rle_dec x x); reflexivity."),
    (R, "(a b : R) (h : 0 < a < b) : / b < / a", "apply Rinv_lt_contravar; nra."),
    (Z, "(x y : Z) : x <= y -> x < y + 1", "lia."),
    (Z, ": 2 ^ 10 = 1024", "reflexivity."),
    (Z, "(a : Z) : a mod 3 = 0 \\/ a mod 3 = 1 \\/ a mod 3 = 2", "pose proof (Z.mod_pos_bound a 3); lia."),
    (Z, ": Z.gcd 84 36 = 12", "reflexivity."),
    (Z, "(a b : Z) : (a + b) * (a + b) = a * a + 2 * a * b + b * b", "ring."),
    (Z, "(a b : Z) : Z.max a b >= a", "lia."),
    (Z, "(a : Z) : Z.abs (- a) = Z.abs a", "lia."),
    (Z, ": (7 ^ 100) mod 10 = 1", "vm_compute; reflexivity."),
    (Z, "(x : Z) : 0 < x -> x / x = 1", "intro; apply Z.div_same; lia."),
    (Z, "(a b c : Z) : a < b -> 0 < c -> a * c < b * c", "nia."),
    (Z, ": exists x y : Z, 3 * x + 5 * y = 1", "exists 2, (-1); reflexivity."),
    (Z, "(x : Z) : x * x = 49 -> x = 7 \\/ x = - 7", "intros; nia."),
    (Z, ": (3 | 12)", "exists 4; reflexivity."),
    (Z, ": Z.odd 17 = true", "reflexivity."),
    (N, "(a b : nat) : a + b = b + a", "lia."),
    (N, "(a b : nat) : a - b <= a", "lia."),
    (N, ": 17 mod 5 = 2", "reflexivity."),
    (N, "(n : nat) : n <= n * n", "nia."),
    (N, "(n : nat) : Nat.even (2 * n) = true", "rewrite Nat.even_mul; reflexivity."),
    (N, ": fold_right plus 0 (seq 1 10) = 55", "reflexivity."),
    (N, ": Nat.gcd 48 36 = 12", "reflexivity."),
    (N, "(a b : nat) : Nat.max a b = Nat.max b a", "apply Nat.max_comm."),
    (N, "(n : nat) : 1 <= 2 ^ n", "apply Nat.le_succ_l, Nat.neq_0_lt_0, Nat.pow_nonzero; discriminate."),
    (N, "(a b c : nat) : a < b -> b < c -> S a < c", "lia."),
    (N, ": length (filter Nat.even (seq 0 20)) = 10", "reflexivity."),
    (N, "(n : nat) : n = 0 \\/ 0 < n", "destruct n; auto with arith."),
    (L, "(l : list nat) : l ++ [] = l", "apply app_nil_r."),
    (L, "(l : list nat) : rev (rev l) = l", "apply rev_involutive."),
    (L, ": In 3 [1; 2; 3]", "simpl; auto."),
    (L, "(x : nat) (l : list nat) : In x (x :: l)", "left; reflexivity."),
    (L, "(a b : list nat) : length (a ++ b) = length a + length b", "apply app_length."),
    (L, ": map S [1; 2] = [2; 3]", "reflexivity."),
    (B, "(P : Prop) : P -> P", "exact (fun p => p)."),
    (B, "(P Q : Prop) : P \\/ Q -> Q \\/ P", "tauto."),
    (B, "(a : bool) : negb (negb a) = a", "destruct a; reflexivity."),
    (B, "(a b : bool) : andb a b = andb b a", "destruct a, b; reflexivity."),
    (B, "(P Q : Prop) : (P -> Q) -> ~ Q -> ~ P", "firstorder."),
    (B, ": True /\\ ~ False", "split; [exact I | intro h; exact h]."),
    (Q, ": (1 # 2) + (1 # 3) == 5 # 6", "reflexivity."),
    (Q, "(x : Q) : x + 0 == x", "ring."),
    (Q, "(x y : Q) : x < y -> x + 1 < y + 1", "lra."),
    ("Require Import Classical.\n", "(P : Prop) : P \\/ ~ P", "apply classic."),
    ("Require Import FunctionalExtensionality.\n", "(f : nat -> nat) : (fun x => f x) = f", "extensionality x; reflexivity."),
    ("Require Import Reals.\nFrom Interval Require Import Tactic.\nOpen Scope R_scope.\n", ": 3 < PI < 4", "split; interval."),
    ("Require Import Reals.\nFrom Coquelicot Require Import Coquelicot.\nOpen Scope C_scope.\n", ": Ci * Ci = - 1",
     "apply injective_projections; simpl; ring."),
    ("From mathcomp Require Import all_ssreflect.\n", "(n : nat) : n <= n.+1", "by apply leqnSn."),
)  # fmt: skip
SHORT = tuple(Honest(f"short_{i}", h, f"Theorem short_{i} {s}.", p) for i, (h, s, p) in enumerate(_ONE, start=1))
HONEST = STEPS + SHORT
