(* The portfolio for real, rational and complex numbers. *)

(* functions given by a law: rewritten wherever they are applied *)
Ltac q_funs := repeat match goal with
  | H : forall x, ?f x = _ |- context[?f ?a] => rewrite (H a)
  | H : forall x, ?f x = _, K : context[?f ?a] |- _ =>
      lazymatch type of K with (forall x, f x = _) => fail | _ => rewrite (H a) in K end
  | H : forall x y, ?f x y = _ |- context[?f ?a ?b] => rewrite (H a b)
  | H : forall x, _ -> ?f x = _ |- context[?f ?a] => rewrite (H a) by (lra || lia || (unfold not; intros; lra))
  | H : forall x y, _ -> ?f x y = _ |- context[?f ?a ?b] => rewrite (H a b) by (lra || lia)
  | H : forall x y, _ -> _ -> ?f x y = _ |- context[?f ?a ?b] => rewrite (H a b) by (lra || lia)
  end.
Ltac q_start := intros; cbv beta in *; q_split; q_funs; try subst; cbv beta in *; q_split.

Ltac q_constant d := lazymatch d with
  | IZR _ => idtac | R1 => idtac | R0 => idtac
  | ?a * ?b => q_constant a; q_constant b
  | ?a + ?b => q_constant a; q_constant b
  | ?a - ?b => q_constant a; q_constant b
  | - ?a => q_constant a
  | ?a ^ ?n => q_constant a
  end.
Ltac q_nonzero := solve [ assumption | lra | nra | apply not_eq_sym; assumption
  | apply pow_nonzero; q_nonzero | apply Rmult_integral_contrapositive_currified; q_nonzero
  | intro; nra
  | let E := fresh in intro E; match goal with H : _ <> _ |- _ => apply H; lra end
  | let E := fresh in intro E; match goal with H : _ <> _ |- _ => apply H; nra end ].

(* each inverse of what is not zero becomes a variable with its defining equation *)
Ltac q_inverse d := tryif q_constant d then fail else
  (let i := fresh "i" in let Hi := fresh "Hi" in
   assert (Hi : d * / d = 1) by (apply Rinv_r; q_nonzero); set (i := / d) in *; clearbody i).
Ltac q_inverses := unfold Rdiv in *; repeat match goal with
  | |- context[/ ?d] => q_inverse d
  | H : context[/ ?d] |- _ => q_inverse d end.
(* each disequality becomes an equation (Rabinowitsch) *)
Ltac q_distinct := repeat match goal with
  | H : ?a <> ?b :> R |- _ => let i := fresh "i" in let Hi := fresh "Hi" in
      assert (Hi : (a - b) * / (a - b) = 1) by (apply Rinv_r; intro; apply H; lra);
      set (i := / (a - b)) in *; clearbody i; clear H end.

(* square roots: perfect squares evaluated, others a variable with its defining equation *)
Ltac q_perfect := repeat match goal with
  | |- context[sqrt (IZR ?n)] => let k := eval vm_compute in (Z.sqrt n) in let z := eval vm_compute in (Z.eqb (Z.mul k k) n) in
      lazymatch z with true => replace (sqrt (IZR n)) with (IZR k) by (symmetry; apply sqrt_lem_1; lra) end
  | H : context[sqrt (IZR ?n)] |- _ => let k := eval vm_compute in (Z.sqrt n) in let z := eval vm_compute in (Z.eqb (Z.mul k k) n) in
      lazymatch z with true => replace (sqrt (IZR n)) with (IZR k) in H by (symmetry; apply sqrt_lem_1; lra) end
  end.
Ltac q_root e := let s := fresh "s" in let Hs := fresh "Hs" in let Hp := fresh "Hp" in
  assert (Hs : sqrt e * sqrt e = e) by (apply sqrt_sqrt; nra); pose proof (sqrt_pos e) as Hp; set (s := sqrt e) in *; clearbody s.
Ltac q_roots := q_perfect; repeat match goal with
  | |- context[sqrt ?e] => q_root e
  | H : context[sqrt ?e] |- _ => q_root e end.
Ltac q_absolute := repeat match goal with
  | |- context[Rabs ?e] => unfold Rabs; destruct (Rcase_abs e)
  | H : context[Rabs ?e] |- _ => unfold Rabs in H; destruct (Rcase_abs e) end.

(* squares as hints for nra *)
Ltac q_differences := repeat match goal with
  | x : R, y : R |- _ => lazymatch goal with
      | _ : 0 <= (x - y) * (x - y) |- _ => fail
      | _ => lazymatch x with y => fail | _ => pose proof (Rle_0_sqr (x - y) : 0 <= (x - y) * (x - y)) end end
  end.
Ltac q_shifts := repeat match goal with
  | x : R |- _ => lazymatch goal with
      | _ : 0 <= (x - 1) * (x - 1) |- _ => fail
      | _ => pose proof (Rle_0_sqr (x - 1) : 0 <= (x - 1) * (x - 1)); pose proof (Rle_0_sqr x : 0 <= x * x);
             pose proof (Rle_0_sqr (x + 1) : 0 <= (x + 1) * (x + 1)) end
  end.
Ltac q_algebra := q_start; q_roots; q_inverses; q_goal_split.
Ltac q_nsatz := q_distinct; unfold Rdiv in *; cbv [pow] in *; nsatz.

(* logarithms of products and powers *)
Ltac q_positive := solve [ lra | nra | apply Rmult_lt_0_compat; q_positive | apply pow_lt; q_positive
  | apply Rinv_0_lt_compat; q_positive | apply Rdiv_lt_0_compat; q_positive | apply exp_pos ].
Ltac q_logs := unfold Rdiv in *; repeat first [ rewrite ln_mult in * by q_positive | rewrite ln_pow in * by q_positive
  | rewrite ln_Rinv in * by q_positive | rewrite ln_1 in * | rewrite ln_exp in * ]; cbn [INR] in *.

(* complex numbers as pairs *)
Ltac q_pairs := intros; repeat match goal with x : C |- _ => destruct x as [? ?] end; subst;
  unfold Cdiv, Cminus in *; unfold Cinv, Ci, RtoC, Cplus, Cmult, Copp in *; cbn [fst snd] in *;
  repeat match goal with H : (_, _) = (_, _) |- _ => injection H; clear H; intros end.
Ltac q_equal_pairs := match goal with |- (_, _) = (_, _) => apply injective_projections; cbn [fst snd] | _ => idtac end.

Ltac p_lra := q_start; q_goal_split; lra.
Ltac p_field := q_start; q_goal_split; solve [ lra | field; repeat split; q_nonzero | field_simplify; lra ].
Ltac p_nra := q_start; q_goal_split; nra.
Ltac p_algebra := q_algebra; nra.
Ltac p_nsatz := q_algebra; q_nsatz.
Ltac p_differences := q_algebra; q_differences; nra.
Ltac p_shifts := q_algebra; q_shifts; nra.
Ltac p_absolute := q_start; q_absolute; q_algebra; nra.
Ltac p_psatz2 := q_algebra; psatz R 2.
Ltac p_psatz3 := q_algebra; psatz R 3.
Ltac p_psatz4 := q_algebra; psatz R 4.
Ltac p_ror := q_algebra; q_or ltac:(solve [nra]).
Ltac p_interval := q_start; q_goal_split; interval.
Ltac p_logs := q_start; q_logs; q_goal_split; solve [ lra | nra ].
Ltac p_complex := q_pairs; q_goal_split; try subst; q_equal_pairs; solve [ ring | lra | nra | field; nra | field_simplify; lra ].
Ltac p_complex2 := q_pairs; q_goal_split; try subst; q_equal_pairs; solve [ q_nsatz | psatz R 2 ].
Ltac p_zero := q_algebra; match goal with x : R |- _ =>
  destruct (Req_dec x 0); [ subst; solve [ lra | nra | exfalso; nra ] | solve [ q_nsatz | nra | exfalso; q_nsatz ] ] end.
Ltac p_rinstances := q_start; q_instances; q_split; solve [ lra | nra ].
Ltac p_products := q_algebra; match goal with
  | |- ?a = ?b => let E := fresh in destruct (Req_dec a b) as [E|E]; [ exact E | exfalso; apply Rminus_eq_contra in E; q_nsatz ]
  end.
Ltac p_rational := intros; solve [ vm_compute; reflexivity | unfold Qeq; cbn; lia | field | lra ].
Ltac p_casework := q_start; repeat match goal with H : _ \/ _ |- _ => destruct H end; q_split; try subst; solve [ lra | nra | lia | nia ].
