"""A second round of attempts to make the kernel accept something false, through the interface that authors use.

As in the first round, a chain that ends in a falsehood must have a refused link, or must not be writable at all.
"""

from fractions import Fraction

import pytest
from attacks import refused

from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, inverse_lemma
from theory.cited import ANTIDERIVATIVE, INDEPENDENT_RESIDUAL, ITO, SELECTION, SVD, best, deviation, residual
from theory.derivation import Author, Output
from theory.expr import (
    INFINITY,
    Expr,
    call,
    diff,
    expect,
    eye,
    grad,
    integral,
    letter,
    log,
    num,
    plane_sum,
    sym,
    trace,
    zero,
)
from theory.kernel import check
from theory.processes import BY_NAME
from theory.rules import (
    ALGEBRA,
    CERTIFICATE,
    COVARIANCE,
    DIFFERENTIATE,
    ENCODER_ORTHONORMAL,
    INVERSE,
    PRINCIPAL_PLANES,
    RATIO,
    RHO,
    SECOND_MOMENT,
    WHILE_SIGNAL,
    given,
)
from theory.verdict import Verdict

tau, X, N = sym("unlisted"), sym("X"), sym("j")
previous = sym("previous")
m_t, w = letter("m_t", "D", "1"), letter("w", "D", "1")
T, T_symmetric = letter("T", "D", "D"), letter("T", "D", "D", symmetric=True)
nothing = zero("D", "1")
ODE = DIFFERENTIATE & ITO
VE = BY_NAME["ve"].substitution


def author(**choices: str) -> Author:
    return Author("attack", Assumptions.default().choose(choices))


def chain(start: Expr | int, name: str = "attack", **choices: str) -> Chain:
    return author(**choices).chain(name, start)


# --- an unknown that is none ----------------------------------------------------------------------------------------


def test_solution_of_a_name_that_a_step_before_has_given():
    """`introduced` notes the chain's start, and not the line that the equation is solved for: 1 = X = 2."""
    one = given("one", (X, num(1)))
    refused(lambda: chain(1).eq(X, one).solves(num(2), num(0), {"t": num(0), "value": num(2)}, ODE))


def test_induction_on_a_name_that_a_step_before_has_given():
    one = given("one", (X, num(1)))
    refused(lambda: chain(1).eq(X, one).induction(num(2), previous, "j", num(2), ALGEBRA))


def test_two_inductions_on_one_name_in_the_middle_of_chains():
    def constant(start: Expr, value: int) -> Chain:
        return chain(start).eq(X, ALGEBRA).induction(num(value), previous, "j", num(value), ALGEBRA)

    one, two = constant(X * 1, 1).lemma(), constant(1 * X, 2).lemma()
    refused(lambda: chain(1).eq(X * 1, one).eq(1 * X, ALGEBRA).eq(2, two))


def test_unknown_hides_a_variable_of_one_plane():
    solved = chain(X).solves(S.lam, num(0), {"value": S.lam}, ODE).lemma()
    refused(lambda: chain(plane_sum(S.lam)).eq(plane_sum(X), solved).eq(S.d * X, ALGEBRA).eq(S.d * S.lam, solved))


def test_sequence_hides_a_variable_of_one_plane():
    solved = chain(X).induction(S.lam, previous, "j", S.lam, ALGEBRA).lemma()
    refused(lambda: chain(plane_sum(S.lam)).eq(plane_sum(X), solved).eq(S.d * X, ALGEBRA).eq(S.d * S.lam, solved))


def test_symmetric_unknown_with_a_value_that_is_not_symmetric():
    other = letter("N", "D", "D")
    solved = chain(T_symmetric).induction(S.P @ S.Sigma, previous, "j", S.P @ S.Sigma, ALGEBRA).lemma()
    refused(
        lambda: (
            chain(trace(S.P @ S.Sigma @ other))
            .eq(trace(T_symmetric @ other), solved)
            .eq(trace(other.T @ T_symmetric), ALGEBRA)
            .eq(trace(other.T @ S.P @ S.Sigma), solved)
            .eq(trace(S.Sigma @ S.P @ other), ALGEBRA)
        )
    )


def test_constant_unknown_with_a_random_value():
    solved = chain(m_t).induction(S.xi, previous, "j", S.xi, ALGEBRA).lemma()
    refused(
        lambda: chain(S.xi).eq(m_t, solved).eq(expect(m_t), ALGEBRA).eq(expect(S.xi), solved).eq(nothing, SECOND_MOMENT)
    )


def test_solution_with_a_constant_among_the_initial_values():
    """X' = 0, X(0) = 3 is 3, and not sigma^2, though sigma^2 is 3 when it is put at 3."""
    refused(lambda: chain(X).solves(S.sigma2, num(0), {"sigma2": num(3), "value": num(3)}, ODE))


def test_induction_hides_the_index_in_a_given_name():
    """X_0 = 0, X_{j+1} = X_j + j is j (j-1)/2, and not j^2."""
    name = given("unlisted", (tau, N))
    refused(lambda: chain(X).induction(N * tau, previous + tau, "j", num(0), name).eq(N**2, name))


# --- randomness that is hidden --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["m_t", "K", "N", "W", "noise", "q_0", "residual_0", "gram_0"])
def test_given_letter_that_counts_as_a_constant_has_a_random_value(name):
    """xi = E[xi] = 0."""
    fixed = letter(name, "D", "1")
    meaning = given("a name", (fixed, S.xi))
    refused(
        lambda: (
            chain(S.xi)
            .eq(fixed, meaning)
            .eq(expect(fixed), ALGEBRA)
            .eq(expect(S.xi), meaning)
            .eq(nothing, SECOND_MOMENT)
        )
    )


def test_given_symbol_has_a_random_value():
    """xi^T xi = E[xi^T xi] = tr Sigma."""
    square = given("unlisted", (tau, S.xi.T @ S.xi))
    refused(
        lambda: (
            chain(S.xi.T @ S.xi)
            .eq(tau, square)
            .eq(expect(tau), ALGEBRA)
            .eq(expect(S.xi.T @ S.xi), square)
            .eq(trace(S.Sigma), SECOND_MOMENT)
        )
    )


def test_given_symbol_within_a_gradient():
    square = given("unlisted", (tau, S.x.T @ S.x))
    refused(lambda: chain(2 * S.x).eq(grad(S.x.T @ S.x, S.x), ALGEBRA).eq(grad(tau, S.x), square).eq(nothing, ALGEBRA))


def test_given_letter_that_counts_as_a_constant_within_a_gradient():
    """grad(x^T x) = 2 x, and x too when one factor is called m_t."""
    meaning = given("a name", (m_t, S.x))
    refused(
        lambda: (
            chain(2 * S.x)
            .eq(grad(S.x.T @ S.x, S.x), ALGEBRA)
            .eq(grad(m_t.T @ S.x, S.x), meaning)
            .eq(m_t, ALGEBRA)
            .eq(S.x, meaning)
        )
    )


def test_random_minimum_is_not_its_expectation():
    least = call("min", S.xi.T @ S.xi, num(1))
    refused(lambda: chain(least).eq(expect(least), ALGEBRA))
    refused(lambda: chain(call("max", sym("log_p"), num(0))).eq(expect(call("max", sym("log_p"), num(0))), ALGEBRA))


def test_gradient_of_a_minimum():
    refused(lambda: chain(grad(call("min", S.x.T @ S.x, num(1)), S.x)).eq(nothing, ALGEBRA))


def test_gradient_in_a_letter_that_counts_as_a_constant():
    refused(lambda: chain(grad(S.mu.T @ S.mu, S.mu)).eq(nothing, ALGEBRA))


def test_gradient_in_a_given_letter():
    name = given("w", (w, S.mu))
    refused(lambda: chain(2 * S.mu).eq(2 * w, name).eq(grad(w.T @ w, w), ALGEBRA).eq(nothing, name))


# --- letters that stand for what an assumption would have fixed -----------------------------------------------------


def test_given_removes_the_noise_of_any_covariance():
    noise = letter("noise", "D", "D", symmetric=True)
    clean = S.alpha**2 * (S.V @ S.Lam @ S.V.T) + S.h * eye("D")
    name = given("no noise", (noise, zero("D", "D")))
    refused(lambda: chain(S.Sigma, noise="any").eq(clean, COVARIANCE & name))


def test_given_makes_an_oblique_encoder_orthonormal():
    gram = letter("gram_U", "k", "k", symmetric=True)
    name = given("I", (gram, eye("k")))
    pretending = Author("attack", Assumptions.default().pretending("orthonormal-encoder"))
    refused(lambda: pretending.chain("attack", S.U.T @ S.U).eq(gram, ENCODER_ORTHONORMAL).eq(eye("k"), name))


@pytest.mark.parametrize(("name", "factor"), [("q_moment", deviation), ("residual_covariance", residual)])
def test_given_shadows_a_moment_of_the_residual(name, factor):
    moment = letter(name, "k", "k", symmetric=True)
    none = given("zero", (moment, zero("k", "k")))
    refused(lambda: chain(expect(factor @ factor.T)).eq(moment, INDEPENDENT_RESIDUAL).eq(zero("k", "k"), none))


def test_given_score_makes_the_residual_a_function_of_the_encoded_point():
    """With s = 0 the residual is M^-1 U^T xi, which depends on y; q is any function of y."""
    value = S.U.T @ S.score - best
    names = given("names", (S.score, nothing), (residual, value), (best, -(S.M.inv @ S.U.T @ S.xi)))
    start = expect(S.M.inv @ S.U.T @ S.xi @ deviation.T)
    refused(lambda: chain(start).eq(expect(residual @ deviation.T), names).eq(zero("k", "k"), INDEPENDENT_RESIDUAL))


def test_residual_of_an_oblique_encoder_is_correlated_with_the_encoded_point():
    """E[residual y^T] = I - U^T U."""
    start = expect(residual @ deviation.T)
    refused(lambda: chain(start, encoder="oblique").eq(zero("k", "k"), INDEPENDENT_RESIDUAL))


def test_cosines_of_an_oblique_encoder_may_exceed_one():
    Sines = letter("S", "m", "m", symmetric=True)
    start = trace(S.V.T @ S.U @ S.U.T @ S.V)
    refused(lambda: chain(start, encoder="oblique").eq(S.d - trace(Sines @ Sines), SVD & SELECTION))


def test_covariance_of_correlated_noise():
    """E[xi xi^T] is that sum only for a noise that is independent of the latent."""
    pretending = Author("attack", Assumptions.default().pretending("independent-noise"))
    value = S.alpha**2 * (S.V @ S.Lam @ S.V.T + S.sigma2 * eye("D")) + S.h * eye("D")
    refused(lambda: pretending.chain("attack", expect(S.xi @ S.xi.T)).eq(S.Sigma, SECOND_MOMENT).eq(value, COVARIANCE))


def test_letter_of_a_lemma_in_another_size():
    """T is the D x D identity in the lemma and a k x k letter in the chain: k = tr(T U^T U) = tr T = D."""
    small = letter("T", "k", "k")
    lemma = chain(T).eq(eye("D"), given("T", (T, eye("D")))).lemma()
    refused(
        lambda: (
            chain(S.k)
            .eq(trace(small @ S.U.T @ S.U), lemma & ENCODER_ORTHONORMAL)
            .eq(trace(small), ENCODER_ORTHONORMAL)
            .eq(S.D, lemma)
        )
    )


# --- variables that are bound ---------------------------------------------------------------------------------------


def test_bound_at_infinity_hides_the_variable_in_a_given_name():
    bound = chain(num(1)).ge(0), chain(num(1)).le(tau / S.r, given("unlisted", (tau, S.r)) & CERTIFICATE)
    refused(lambda: chain(integral(num(0), "r", S.h, INFINITY)).antiderivative(num(1), num(-1), ANTIDERIVATIVE, bound))


def test_bound_at_infinity_hides_the_variable_in_a_relation():
    ratio = chain(S.h).eq(S.r * S.alpha**2, RATIO)
    upper = chain(num(1)).le(S.h / S.alpha**2 / S.r, ratio.lemma() & WHILE_SIGNAL & CERTIFICATE)
    bound = chain(num(1)).ge(0), upper
    refused(
        lambda: chain(integral(num(0), "r", num(1), INFINITY)).antiderivative(num(1), num(-1), ANTIDERIVATIVE, bound)
    )


def test_integral_in_a_variable_that_a_process_fixes():
    """3/2 = int_1^2 alpha d alpha = int_1^2 1 d alpha = 1, as alpha is 1 in VE."""
    start = integral(S.alpha, "alpha", num(1), num(2))
    half = Fraction(3, 2)
    value = chain(start).antiderivative(num(half), S.alpha**2 / 2, ANTIDERIVATIVE).lemma()
    refused(
        lambda: (
            chain(num(half))
            .eq(start, value)
            .eq(integral(num(1), "alpha", num(1), num(2)), VE)
            .antiderivative(num(1), S.alpha, ANTIDERIVATIVE)
        )
    )


def test_derivative_in_a_variable_that_a_process_fixes():
    """2 = 2 alpha = d alpha^2 / d alpha = 0, as alpha is 1 in VE."""
    refused(lambda: chain(2).eq(2 * S.alpha, VE).eq(diff(S.alpha**2, "alpha"), ALGEBRA).eq(0, VE))


def test_process_of_another_model():
    ou = Author("attack", Assumptions.default().choose({}, process="vp-ou"))
    refused(lambda: ou.chain("attack", S.alpha).eq(1, VE))


def test_process_in_a_model_of_any_process():
    refused(lambda: chain(S.alpha).eq(1, VE))


# --- definedness ----------------------------------------------------------------------------------------------------


def test_inverse_of_a_matrix_that_is_singular_somewhere():
    refused(lambda: chain(trace(S.Lam.inv @ S.Lam)).eq(S.d, PRINCIPAL_PLANES))
    cosines = S.V.T @ S.U @ S.U.T @ S.V
    refused(lambda: chain(trace(cosines.inv @ cosines)).eq(S.d, PRINCIPAL_PLANES))


def test_optimum_with_the_root_of_something_negative():
    pretending = Author("attack", Assumptions.default().pretending("positive-time"))
    refused(lambda: pretending.chain("attack", S.h).optimum(num(0), call("sqrt", S.h) * eye("1"), ALGEBRA))


def test_log_bounds_in_cases_need_their_reason():
    refused(lambda: chain(log(1 + S.rho)).cases("<=", S.rho, S.rho, CERTIFICATE))
    refused(lambda: chain(log(1 + S.rho)).cases("<=", S.rho, S.rho, RHO & CERTIFICATE))


# --- chains that change ---------------------------------------------------------------------------------------------


def test_lemma_of_a_chain_whose_links_are_exchanged():
    def build() -> Chain:
        lie = chain(1).eq(2, ALGEBRA)
        rule = lie.lemma()
        lie.links.clear()
        lie.eq(1, ALGEBRA)
        return chain(1).eq(2, rule)

    refused(build)


def test_lemma_of_a_chain_whose_start_is_exchanged():
    def build() -> Chain:
        lie = chain(1).eq(2, ALGEBRA)
        rule = lie.lemma()
        lie.start = num(2)
        return chain(1).eq(2, rule)

    refused(build)


def test_inverse_lemma_of_a_chain_whose_links_are_exchanged():
    def build() -> Chain:
        lie = chain(S.Sigma @ S.P).eq(eye("D"), ALGEBRA)
        rule = inverse_lemma(lie, S.Sigma)
        lie.links.clear()
        lie.eq(S.Sigma @ S.P, ALGEBRA)
        return chain(S.Sigma.inv).eq(S.P, rule)

    refused(build)


def test_directions_do_not_mix_when_links_are_joined():
    """h >= 0 <= 5 shows nothing; the chain reads h >= 5."""

    def build() -> Chain:
        made = chain(S.h).ge(0)
        made.links += chain(0).le(num(5)).links
        return made

    refused(build)


def test_needs_are_looked_at_when_links_are_joined():
    def build() -> Chain:
        made = chain(S.xi, encoder="oblique")
        made.links += chain(S.xi).eq(S.xi, INVERSE).links
        return made

    refused(build)


def test_an_initial_value_is_kept_as_it_was_written():
    initial = {"t": num(0), "value": num(0)}
    made = chain(X).solves(S.t, num(1), initial, ODE)
    initial["value"] = num(7)
    assert all(report.accepted for report in check(made))
    assert dict(made.links[0].extra[1])["value"] == num(0)


def test_decision_is_taken_anew_when_the_model_is_exchanged():
    made = chain(S.U.T @ S.U).eq(eye("k"), ENCODER_ORTHONORMAL)
    assert all(report.accepted for report in check(made))
    made.model = author(encoder="oblique").model
    refused(lambda: made)


def test_verdict_is_taken_anew_when_a_chain_changes():
    writer = author()
    made = writer.chain("attack", S.c - S.nu).eq(S.h, ALGEBRA)
    result = writer.finish("attack", "h.", (Output("h", S.h, S.h),), limits="none")
    assert result.check().verdict is Verdict.PROVED
    made.eq(0, ALGEBRA).eq(S.h, ALGEBRA)
    assert result.check().verdict is not Verdict.PROVED


def test_chain_of_another_model_proves_nothing_here():
    writer = author(encoder="oblique")
    writer.chains.append(chain(trace(S.U.T @ S.U)).eq(S.k, ENCODER_ORTHONORMAL))
    result = writer.finish("attack", "tr U^T U is k.", (Output("k", S.k, S.k),), limits="none")
    assert result.check().verdict is not Verdict.PROVED


def test_lemmas_that_rest_on_one_another_are_taken_as_they_stood():
    one, two = chain(S.h, "one"), chain(S.h + 0, "two")
    one.eq(S.h, ALGEBRA)
    two.eq(S.h, one.lemma())
    one.eq(S.h + 0, two.lemma())
    assert all(report.accepted for report in check(one))
    one.eq(S.h + 1, two.lemma())
    assert not all(report.accepted for report in check(one))
