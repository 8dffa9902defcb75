"""What stands at the head of every emitted Coq file: finite sums, bounds of the logarithm, and tactics for signs.

The tactics decide signs by how a term is written: sums, products, quotients, powers and roots of what is nonnegative or
positive, with the hypotheses at hand. A tactic that fails leaves a theorem unproved; it never makes one true.
"""

AXIOMS = (
    "ClassicalDedekindReals.sig_not_dec",
    "ClassicalDedekindReals.sig_forall_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
)
"""The axioms of Coq's own real numbers: all that an accepted file may rest on."""

PRELUDE = """\
Require Import Reals Lra Lia.
Open Scope R_scope.

Definition phi (x : R) : R := x - ln (1 + x).

Fixpoint psum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => psum m f + f m end.

Lemma psum_ext : forall n f g, (forall i, (i < n)%nat -> f i = g i) -> psum n f = psum n g.
Proof.
  induction n as [|n IH]; intros f g H; simpl; [reflexivity|].
  rewrite (IH f g) by (intros; apply H; lia). rewrite H by lia. reflexivity.
Qed.
Lemma psum_plus : forall n f g, psum n (fun i => f i + g i) = psum n f + psum n g.
Proof. induction n as [|n IH]; intros f g; simpl; [ring|]. rewrite IH; ring. Qed.
Lemma psum_scale : forall n c f, psum n (fun i => c * f i) = c * psum n f.
Proof. induction n as [|n IH]; intros c f; simpl; [ring|]. rewrite IH; ring. Qed.
Lemma psum_const : forall n c, psum n (fun _ => c) = INR n * c.
Proof.
  induction n as [|n IH]; intros c; [simpl; ring|].
  rewrite S_INR; simpl psum; rewrite IH; ring.
Qed.
Lemma psum_nonneg : forall n f, (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= psum n f.
Proof.
  induction n as [|n IH]; intros f H; simpl; [lra|].
  apply Rplus_le_le_0_compat; [apply IH; intros; apply H; lia|apply H; lia].
Qed.

Lemma ln_above : forall x, 0 < x -> 0 <= x - 1 - ln x.
Proof.
  intros x H. destruct (Req_dec x 1) as [->|N]; [rewrite ln_1; lra|].
  assert (M : ln x <> 0).
  { intros E; apply N; apply ln_inv; [assumption|lra|rewrite ln_1; exact E]. }
  pose proof (exp_ineq1 (ln x) M) as K. rewrite exp_ln in K by assumption. lra.
Qed.
Lemma ln_below : forall x, 0 < x -> 0 <= ln x - (1 - 1 / x).
Proof.
  intros x H. pose proof (ln_above (/ x) (Rinv_0_lt_compat x H)) as K.
  rewrite ln_Rinv in K by assumption. unfold Rdiv. lra.
Qed.
Lemma ln_power : forall x n, 0 < x -> ln (x ^ n) = INR n * ln x.
Proof.
  intros x n H. induction n as [|n IH]; [simpl; rewrite ln_1; ring|].
  rewrite S_INR; simpl pow. rewrite ln_mult by (try apply pow_lt; assumption). rewrite IH; ring.
Qed.
Lemma ln_times : forall x n k, 0 < x -> INR n = k -> ln (x ^ n) = k * ln x.
Proof. intros x n k H <-; apply ln_power; assumption. Qed.
Lemma ln_split : forall x y u v, 0 < x -> 0 < y -> ln x = u -> ln y = v -> ln (x * y) = u + v.
Proof. intros x y u v H K <- <-; apply ln_mult; assumption. Qed.
Lemma exp_multiple : forall x n, exp (INR n * x) = exp x ^ n.
Proof.
  intros x n. induction n as [|n IH]; [simpl; rewrite Rmult_0_l; apply exp_0|].
  rewrite S_INR; simpl pow. rewrite <- IH, <- exp_plus. apply f_equal; ring.
Qed.
Lemma root_square : forall x, 0 <= x -> sqrt x ^ 2 = x.
Proof. intros x H. simpl. rewrite Rmult_1_r. apply sqrt_sqrt; assumption. Qed.
Lemma root_is : forall x y, 0 <= y -> y ^ 2 = x -> sqrt x = y.
Proof. intros x y H <-. apply sqrt_pow2; assumption. Qed.
Lemma root_above : forall x y, 0 < x - y ^ 2 -> 0 < sqrt x + y.
Proof.
  intros x y H. assert (K : 0 <= x) by (pose proof (pow2_ge_0 y); lra).
  pose proof (sqrt_pos x) as P. pose proof (root_square x K) as Q.
  destruct (Rlt_le_dec (- y) (sqrt x)) as [L|L]; [lra|].
  assert (sqrt x ^ 2 <= (- y) ^ 2) by (apply pow_incr; lra). replace ((- y) ^ 2) with (y ^ 2) in * by ring. lra.
Qed.
Lemma root_not_below : forall x y, 0 <= x - y ^ 2 -> 0 <= sqrt x + y.
Proof.
  intros x y H. destruct (Rle_lt_or_eq_dec _ _ H) as [L|L]; [apply Rlt_le, root_above; exact L|].
  replace x with (y ^ 2) by lra. destruct (Rle_lt_dec 0 y) as [M|M].
  - rewrite sqrt_pow2 by exact M. lra.
  - replace (y ^ 2) with ((- y) ^ 2) by ring. rewrite sqrt_pow2 by lra. lra.
Qed.
Lemma quotient_is : forall x y z, 0 < y -> x = z * y -> x / y = z.
Proof. intros x y z H ->. field. lra. Qed.
Lemma square_nonneg : forall x, 0 <= x ^ 2.
Proof. intros; apply pow2_ge_0. Qed.
Lemma div_nonneg : forall x y, 0 <= x -> 0 < y -> 0 <= x / y.
Proof. intros; apply Rmult_le_pos; [assumption|]. apply Rlt_le, Rinv_0_lt_compat; assumption. Qed.
Lemma div_pos : forall x y, 0 < x -> 0 < y -> 0 < x / y.
Proof. intros; apply Rmult_lt_0_compat; [assumption|]. apply Rinv_0_lt_compat; assumption. Qed.
Lemma not_zero : forall x, 0 < x -> x <> 0.
Proof. intros; lra. Qed.
Lemma min_small : forall x, 0 <= x -> x <= 1 -> Rmin x (x ^ 2) = x ^ 2.
Proof.
  intros; apply Rmin_right; simpl; rewrite Rmult_1_r.
  rewrite <- (Rmult_1_r x) at 3; apply Rmult_le_compat_l; lra.
Qed.
Lemma min_large : forall x, 1 < x -> Rmin x (x ^ 2) = x.
Proof.
  intros; apply Rmin_left; simpl; rewrite Rmult_1_r.
  rewrite <- (Rmult_1_r x) at 1; apply Rmult_le_compat_l; lra.
Qed.
Lemma by_difference : forall x y u v, x - y = u - v -> u = v -> x = y.
Proof. intros; lra. Qed.
Lemma by_zero : forall x y z, x - y = z -> z = 0 -> x = y.
Proof. intros; lra. Qed.
Lemma by_value : forall x y, x = y -> 0 <= y -> 0 <= x.
Proof. intros; lra. Qed.
Lemma by_positive : forall x y, x = y -> 0 < y -> 0 < x.
Proof. intros; lra. Qed.
Lemma by_nonneg : forall x y, 0 <= y - x -> x <= y.
Proof. intros; lra. Qed.

Lemma derive_is : forall f x a b, derivable_pt_lim f x a -> a = b -> derivable_pt_lim f x b.
Proof. intros f x a b H <-; exact H. Qed.
Lemma derivative_is : forall f x a b, derivable_pt_lim f x a -> derivable_pt_lim f x b -> a = b.
Proof. intros f x a b; apply uniqueness_limite. Qed.
Lemma derive_plus : forall f g x a b, derivable_pt_lim f x a -> derivable_pt_lim g x b ->
  derivable_pt_lim (fun y => f y + g y) x (a + b).
Proof. intros; apply (derivable_pt_lim_plus f g); assumption. Qed.
Lemma derive_minus : forall f g x a b, derivable_pt_lim f x a -> derivable_pt_lim g x b ->
  derivable_pt_lim (fun y => f y - g y) x (a - b).
Proof. intros; apply (derivable_pt_lim_minus f g); assumption. Qed.
Lemma derive_opp : forall f x a, derivable_pt_lim f x a -> derivable_pt_lim (fun y => - f y) x (- a).
Proof. intros; apply (derivable_pt_lim_opp f); assumption. Qed.
Lemma derive_mult : forall f g x a b, derivable_pt_lim f x a -> derivable_pt_lim g x b ->
  derivable_pt_lim (fun y => f y * g y) x (a * g x + f x * b).
Proof. intros; apply (derivable_pt_lim_mult f g); assumption. Qed.
Lemma derive_div : forall f g x a b, derivable_pt_lim f x a -> derivable_pt_lim g x b -> g x <> 0 ->
  derivable_pt_lim (fun y => f y / g y) x ((a * g x - b * f x) / (g x) ^ 2).
Proof.
  intros f g x a b F G N. replace (g x ^ 2) with (Rsqr (g x)) by (unfold Rsqr; ring).
  apply (derivable_pt_lim_div f g); assumption.
Qed.
Lemma derive_exp : forall f x a, derivable_pt_lim f x a -> derivable_pt_lim (fun y => exp (f y)) x (exp (f x) * a).
Proof. intros f x a H. apply (derivable_pt_lim_comp f exp); [exact H|apply derivable_pt_lim_exp]. Qed.
Lemma derive_pow : forall f x a n, derivable_pt_lim f x a ->
  derivable_pt_lim (fun y => f y ^ n) x (INR n * f x ^ pred n * a).
Proof. intros f x a n H. apply (derivable_pt_lim_comp f (fun y => y ^ n)); [exact H|apply derivable_pt_lim_pow]. Qed.

Lemma derive_psum : forall n (f : R -> nat -> R) g x,
  (forall i, (i < n)%nat -> derivable_pt_lim (fun y => f y i) x (g i)) ->
  derivable_pt_lim (fun y => psum n (fun i => f y i)) x (psum n (fun i => g i)).
Proof.
  induction n as [|n IH]; intros f g x H; simpl; [apply derivable_pt_lim_const|].
  apply (derive_plus (fun y => psum n (fun i => f y i)) (fun y => f y n)).
  - apply IH; intros; apply H; lia.
  - apply H; lia.
Qed.

Ltac open_units :=
  repeat match goal with
  | H : 0 <= ?x <= 1 |- _ => destruct H as [? ?]; assert (0 <= 1 - x) by lra
  | H : 0 < ?x < 1 |- _ => destruct H as [? ?]; assert (0 < 1 - x) by lra
  end.
Ltac plane i Hi :=
  repeat match goal with
  | H : forall j : nat, (j < _)%nat -> _ |- _ => specialize (H i Hi)
  end; cbv beta in *; open_units.
Ltac nonneg :=
  first
  [ lazymatch goal with
    | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; [nonneg|nonneg]
    | |- 0 <= _ * _ => apply Rmult_le_pos; [nonneg|nonneg]
    | |- 0 <= _ / _ => apply div_nonneg; [nonneg|positive]
    | |- 0 <= / _ => apply Rlt_le, Rinv_0_lt_compat; positive
    | |- 0 <= _ ^ 2 => apply square_nonneg
    | |- 0 <= _ ^ _ => apply pow_le; nonneg
    | |- 0 <= sqrt _ => apply sqrt_pos
    | |- 0 <= exp _ => apply Rlt_le, exp_pos
    | |- 0 <= psum _ _ =>
        apply psum_nonneg; let i := fresh "i" in let Hi := fresh "Hi" in intros i Hi; plane i Hi; nonneg
    | |- 0 <= IZR _ => lra
    end
  | assumption
  | match goal with H : forall j : nat, (j < _)%nat -> 0 <= _ |- _ => apply H; assumption end
  | apply Rlt_le; assumption
  | match goal with H : forall j : nat, (j < _)%nat -> 0 < _ |- _ => apply Rlt_le, H; assumption end ]
with positive :=
  first
  [ lazymatch goal with
    | |- 0 < _ + _ =>
        first [apply Rplus_lt_le_0_compat; [positive|nonneg]|apply Rplus_le_lt_0_compat; [nonneg|positive]]
    | |- 0 < _ * _ => apply Rmult_lt_0_compat; [positive|positive]
    | |- 0 < _ / _ => apply div_pos; [positive|positive]
    | |- 0 < / _ => apply Rinv_0_lt_compat; positive
    | |- 0 < _ ^ _ => apply pow_lt; positive
    | |- 0 < sqrt _ => apply sqrt_lt_R0; positive
    | |- 0 < exp _ => apply exp_pos
    | |- 0 < IZR _ => lra
    end
  | assumption
  | match goal with H : forall j : nat, (j < _)%nat -> 0 < _ |- _ => apply H; assumption end ].
Ltac known_positive :=
  match goal with H : 0 < ?e |- 0 < ?g => replace g with e by ring; exact H end.
Ltac not_a_factor :=
  match goal with
  | H : 0 < ?e |- ?x <> 0 => let E := fresh in intro E; assert (e = 0) by (rewrite E; ring); lra
  end.
Ltac nonzero :=
  repeat match goal with |- _ /\\ _ => split end;
  first
  [ apply not_zero; first [positive|known_positive]
  | lra
  | not_a_factor
  | apply not_zero; ring_simplify; positive ].
Ltac ln_parts :=
  match goal with
  | |- ln 1 = 0 => apply ln_1
  | |- ln (_ ^ _) = _ * ln _ => apply ln_times; [positive|simpl INR; ring]
  | |- ln (_ * _) = _ + _ => apply ln_split; [positive|positive|ln_parts|ln_parts]
  end.
Ltac on_unit x := destruct (Rlt_le_dec 0 x); [|assert (0 < 1 - x) by lra].
Ltac derives :=
  lazymatch goal with
  | |- derivable_pt_lim (fun y => y) _ _ => apply derivable_pt_lim_id
  | |- derivable_pt_lim (fun _ => ?c) _ _ => apply (derivable_pt_lim_const c)
  | |- derivable_pt_lim (fun y => @?f y + @?g y) _ _ => apply (derive_plus f g); derives
  | |- derivable_pt_lim (fun y => @?f y - @?g y) _ _ => apply (derive_minus f g); derives
  | |- derivable_pt_lim (fun y => - @?f y) _ _ => apply (derive_opp f); derives
  | |- derivable_pt_lim (fun y => @?f y * @?g y) _ _ => apply (derive_mult f g); derives
  | |- derivable_pt_lim (fun y => @?f y / @?g y) _ _ => apply (derive_div f g); [derives|derives|cbv beta; nonzero]
  | |- derivable_pt_lim (fun y => exp (@?f y)) _ _ => apply (derive_exp f); derives
  | |- derivable_pt_lim (fun y => @?f y ^ ?n) _ _ => apply (derive_pow f); derives
  | |- derivable_pt_lim _ _ _ => eassumption
  end.
"""
