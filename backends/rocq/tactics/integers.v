(* The portfolio for natural numbers and integers. Each [p_…] is one strategy; [q_…] are their parts.
   Nothing here is trusted: proofs found with it are checked by the kernel like any other. *)

(* hypotheses taken apart, goals taken apart *)
Ltac q_split := repeat match goal with
  | H : _ /\ _ |- _ => destruct H
  | H : exists _, _ |- _ => destruct H
  | H : ?x = ?x |- _ => clear H
  | H : True |- _ => clear H
  end.
Ltac q_goal_split := repeat match goal with |- _ /\ _ => split | |- _ <-> _ => split; intros end.
Ltac q_or t := first [ t | left; q_or t | right; q_or t ].
Ltac q_begin := intros; cbv beta in *; q_split; try subst; unfold Nat.divide, Z.divide in *; q_split; q_goal_split; intros.

(* linear arithmetic over quotients and remainders: lia sees monomials as atoms *)
Ltac q_zify := zify; Z.to_euclidean_division_equations.
Ltac q_lia := solve [ lia | q_zify; lia ].
Ltac q_nia := solve [ q_lia | nia | q_zify; nia ].
Ltac q_close := solve [ q_lia | reflexivity | discriminate | congruence | nia ].

(* powers with a successor in the exponent *)
Ltac q_powers := repeat first [ rewrite Nat.pow_succ_r' in * | rewrite Nat.add_1_r in * ].
Ltac q_pow_pos := repeat match goal with
  | |- context[Nat.pow ?a ?n] => lazymatch goal with _ : a ^ n <> 0 |- _ => fail | _ => assert (a ^ n <> 0) by (apply Nat.pow_nonzero; lia) end
  | H : context[Nat.pow ?a ?n] |- _ => lazymatch goal with _ : a ^ n <> 0 |- _ => fail | _ => assert (a ^ n <> 0) by (apply Nat.pow_nonzero; lia) end
  end.

(* an existential quotient has only one candidate *)
Ltac q_quotient := lazymatch goal with
  | |- exists z, ?e = z * ?c => exists (e / c)
  | |- exists z, ?e = ?c * z => exists (e / c)
  | |- exists z, z * ?c = ?e => exists (e / c)
  | |- exists z, ?c * z = ?e => exists (e / c)
  | |- exists z, (?e = z * ?c)%Z => exists (e / c)%Z
  | |- exists z, (?e = ?c * z)%Z => exists (e / c)%Z
  end.
Ltac q_exists t n := first [ exists n; t | lazymatch n with O => fail | S ?m => q_exists t m end ].
Ltac q_existsZ t := first [ exists 0%Z; t | exists 1%Z; t | exists 2%Z; t | exists 3%Z; t | exists (-1)%Z; t | exists 4%Z; t
  | exists 5%Z; t | exists 6%Z; t | exists (-2)%Z; t | exists 7%Z; t | exists 8%Z; t | exists 9%Z; t | exists 10%Z; t ].

(* case analysis over a bounded variable *)
Ltac q_up x lo fuel close := lazymatch fuel with
  | O => fail
  | S ?f => first [ exfalso; lia
      | destruct (Nat.eq_dec x lo) as [?|?]; [ subst x; close | let l := eval cbv in (S lo) in q_up x l f close ] ] end.
Ltac q_upZ x lo fuel close := lazymatch fuel with
  | O => fail
  | S ?f => first [ exfalso; lia
      | destruct (Z.eq_dec x lo) as [?|?]; [ subst x; close | let l := eval cbv in (Z.succ lo) in q_upZ x l f close ] ] end.
Ltac q_bounded close := match goal with
  | x : nat |- _ => assert (x <= 130) by nia; q_up x 0 132 close
  | x : Z |- _ => assert (-60 <= x <= 130)%Z by nia; q_upZ x (-60)%Z 192 close
  end.

(* a variable as quotient and remainder by a modulus that occurs *)
Ltac q_residue x n := let q := fresh "q" in let r := fresh "r" in
  first [ assert (exists q r, x = n * q + r /\ r < n) as [q [r [? ?]]] by (exists (x / n), (x mod n); q_zify; lia)
        | assert (exists q r, x = n * q + r /\ 0 <= r < n)%Z as [q [r [? ?]]] by (exists (x / n)%Z, (x mod n)%Z; q_zify; lia) ];
  subst x;
  first [ q_up r 0 26 ltac:(idtac) | q_upZ r 0%Z 26 ltac:(idtac) ].
Ltac q_modulus k := match goal with
  | |- context[?e mod ?n] => k n
  | |- context[(?e mod ?n)%Z] => k n
  | H : context[?e mod ?n] |- _ => k n
  | H : context[(?e mod ?n)%Z] |- _ => k n
  | |- context[exists z, _ = z * ?n] => k n
  | |- context[exists z, _ = ?n * z] => k n
  | |- context[exists z, (_ = z * ?n)%Z] => k n
  | |- context[exists z, (_ = ?n * z)%Z] => k n
  end.
Ltac q_residues := q_modulus ltac:(fun n => match goal with
  | x : nat |- _ => q_residue x n
  | x : Z |- _ => q_residue x n end).
Ltac q_expand := rewrite ?Nat.pow_2_r, ?Z.pow_2_r in *; cbn [Nat.pow] in *.

(* a natural-number computation carried out on binary integers *)
Ltac q_binary := apply Nat2Z.inj; repeat first [ rewrite Nat2Z.inj_mod | rewrite Nat2Z.inj_add | rewrite Nat2Z.inj_mul
  | rewrite Nat2Z.inj_pow | rewrite Nat2Z.inj_div | rewrite Nat2Z.inj_succ ].

(* instances of a law of a sequence at small numbers *)
Ltac q_instance H n := let K := fresh "K" in pose proof (H n) as K; lazymatch type of K with nat => fail | _ => idtac end.
Ltac q_instances := repeat match goal with
  | H : forall n : nat, @?P n |- _ =>
      q_instance H 0; q_instance H 1; q_instance H 2; q_instance H 3; q_instance H 4; q_instance H 5;
      q_instance H 6; q_instance H 7; q_instance H 8; q_instance H 9; q_instance H 10; clear H
  end; cbn [Nat.add Nat.sub Nat.mul Nat.pow] in *.

(* induction on the first variable, everything else generalized *)
Ltac q_step close := intros; unfold Nat.divide, Z.divide in *; q_split; try subst; cbn [Nat.add Nat.mul Nat.pow Nat.sub] in *; close.
Ltac q_induction close :=
  let n := fresh "n" in let IH := fresh "IH" in intro n; induction n as [|n IH]; [ close | close ].

(* the step of an induction whose hypothesis needs a lower bound: at the bound by computation, above it by the hypothesis *)
Ltac q_above n IH close := unfold gt, ge, lt in *;
  try match goal with H : ?c <= S n |- _ =>
    let e := fresh in destruct (Nat.eq_dec (S n) c) as [e|e];
    [ injection e as e; subst n; clear IH; cbn in *; first [ reflexivity | close ] | assert (c <= n) by lia; try specialize (IH ltac:(lia)) ] end.
Ltac q_succs := rewrite ?Nat.mul_succ_r, ?Nat.add_succ_r, ?Nat.add_0_r in *; cbn [fact] in *; rewrite ?Nat.pow_succ_r' in *.
Ltac p_induct_above := let n := fresh "n" in let IH := fresh "IH" in intro n; induction n as [|n IH];
  [ intros; cbn in *; first [ q_close | try q_quotient; q_nia | exists 0; q_nia | exists 1; q_nia ]
  | intros; q_above n IH ltac:(solve [ try q_quotient; cbn; q_nia ]); unfold Nat.divide in *; q_split; q_succs; q_pow_pos;
    try q_quotient; first [ q_nia | cbn in *; q_nia ] ].

Ltac p_compute := intros; first [ vm_compute; reflexivity | vm_compute; repeat split; reflexivity | reflexivity ].
Ltac p_lia := q_begin; q_lia.
Ltac p_nia := q_begin; q_nia.
Ltac p_simpl := intros; q_split; simpl in *; q_nia.
Ltac p_binary := intros; q_binary; vm_compute; reflexivity.
Ltac p_or := q_begin; q_or ltac:(solve [q_nia]).
Ltac p_quotient := q_begin; q_quotient; q_nia.
Ltac p_residues := q_begin; q_residues; try q_quotient; q_expand; q_or ltac:(solve [q_zify; lia]).
Ltac p_residues2 := q_begin; q_residues; q_residues; try q_quotient; q_expand; q_or ltac:(solve [q_zify; lia]).
Ltac p_bounded := q_begin; q_bounded ltac:(solve [ q_nia | vm_compute in *; q_nia | q_or ltac:(solve [q_nia]) ]).
Ltac p_bounded2 := q_begin; q_bounded ltac:(try (exfalso; lia); first [ solve [q_nia] | q_bounded ltac:(solve [q_nia | vm_compute in *; q_nia])]).
Ltac p_exists := q_begin; first [ q_exists ltac:(solve [q_nia | vm_compute; auto]) 20 | q_existsZ ltac:(solve [q_nia]) ].
(* witnesses made of the variables at hand *)
Ltac q_equal := solve [ ring | subst; ring | lia | nia ].
Ltac p_witness := q_begin; match goal with
  | x : Z |- exists _ : Z, _ => exists x; q_equal
  | x : Z |- exists _ : Z, _ => exists (- x)%Z; q_equal
  | x : Z, y : Z |- exists _ : Z, _ => exists (x + y)%Z; q_equal
  | x : Z, y : Z |- exists _ : Z, _ => exists (x * y)%Z; q_equal
  | x : Z, y : Z |- exists _ : Z, _ => exists (x - y)%Z; q_equal
  | x : Z |- exists _ : Z, _ => exists (x * x)%Z; q_equal
  | x : Z, y : Z, z : Z |- exists _ : Z, _ => exists (x * y * z)%Z; q_equal
  | x : Z, y : Z |- exists _ : Z, _ => exists (x * x * y)%Z; q_equal
  | x : nat |- exists _ : nat, _ => exists x; q_equal
  | x : nat, y : nat |- exists _ : nat, _ => exists (x + y); q_equal
  | x : nat, y : nat |- exists _ : nat, _ => exists (x * y); q_equal
  | x : nat, y : nat |- exists _ : nat, _ => exists (x - y); q_equal
  | x : nat |- exists _ : nat, _ => exists (x * x); q_equal
  end.
Ltac p_induct := q_induction ltac:(solve [ q_step ltac:(solve [ q_nia ]) | simpl in *; intros; q_nia
  | q_step ltac:(idtac); q_powers; q_pow_pos; try q_quotient; q_nia ]).
Ltac p_induct_law := let n := fresh "n" in intro n; induction n as [|n IH];
  [ intros; simpl in *; q_nia
  | intros; repeat match goal with H : forall m : nat, _ = _ |- _ => pose proof (H n); revert H end; intros;
    try (match goal with u : nat -> nat |- _ => specialize (IH u) end);
    cbn [Nat.add Nat.mul Nat.pow] in *; q_powers; q_pow_pos; q_nia ].
Ltac p_instances := q_begin; q_instances; q_nia.
Ltac p_logic := intros; solve [ firstorder lia | eauto | congruence | intuition congruence ].
