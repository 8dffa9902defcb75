"""Attempts to make the kernel accept something false, through the interface that authors use.

Each test is named for what it attacks. A chain that ends in a falsehood must have at least one refused link, or must
not be writable at all. Most attacks are two-step: each link looks harmless, and together they say 0 = 1.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import reduce

import pytest
from attacks import refused

from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, Link, Stopped, gram_lemma, inverse_lemma
from theory.cited import DENSITY, INDEPENDENT_INPUTS, INDEPENDENT_RESIDUAL, RESOLVENT, SVD
from theory.derivation import Author
from theory.expr import (
    INFINITY,
    Expr,
    ShapeError,
    call,
    diff,
    expect,
    eye,
    grad,
    integral,
    letter,
    literal,
    log,
    logdet,
    num,
    phi,
    plane_sum,
    sym,
    trace,
    zero,
)
from theory.kernel import check
from theory.processes import BY_NAME
from theory.rules import (
    ALGEBRA,
    CENTRED_POINT,
    CERTIFICATE,
    COVARIANCE,
    DIFFERENTIATE,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    LOG_BOUNDS,
    PRINCIPAL_PLANES,
    PROJECTOR,
    RATIO,
    RHO,
    SECOND_MOMENT,
    WHILE_SIGNAL,
    given,
)
from theory.verdict import Verdict

R, tau, X = sym("R"), sym("unlisted"), sym("X")
alpha_dot, beta, log_p = sym("alpha_dot"), sym("beta"), sym("log_p")
T, T_symmetric = letter("T", "D", "D"), letter("T", "D", "D", symmetric=True)
Y = letter("Y", "k", "k")
n, m_t = letter("n", "D", "1"), letter("m_t", "D", "1")
sqrt_h = call("sqrt", S.h)
exp_t = call("exp", S.t)
half = Fraction(1, 2)
SCORE = given("the score is the gradient of the log-density", (S.score, grad(log_p, S.x)))


def chain(start: Expr | int, name: str = "attack", **choices: str) -> Chain:
    """A chain in the default model, or in the model of other choices."""
    return Author("attack", Assumptions.default().choose(choices)).chain(name, start)


def accepted(build: Callable[[], Chain]) -> None:
    """A control: something true that the neighbouring attack must not be refused together with."""
    reports = check(build())
    assert reports
    assert all(report.accepted for report in reports), [report.how for report in reports]


def decided(build: Callable[[], Chain]) -> None:
    """The kernel answers, whatever it answers: no exception but a refusal at writing."""
    try:
        made = build()
    except (ValueError, Stopped):
        return
    check(made)


# --- names that a result introduces for itself ----------------------------------------------------------------------


def test_control_a_fresh_name_stands_for_its_value():
    accepted(lambda: chain(S.c * S.a).eq(tau * S.a, given("unlisted", (tau, S.c))))


def test_one_name_given_two_values():
    refused(lambda: chain(1).eq(tau, given("one", (tau, num(1)))).eq(2, given("two", (tau, num(2)))))


def test_one_letter_given_two_values():
    one, other = given("one", (T, eye("D"))), given("other", (T, S.Sigma))
    refused(lambda: chain(eye("D")).eq(T, one).eq(S.Sigma, other))


def test_one_name_given_two_values_through_lemmas():
    first = chain(tau).eq(1, given("one", (tau, num(1)))).lemma()
    second = chain(tau).eq(2, given("two", (tau, num(2)))).lemma()
    refused(lambda: chain(1).eq(tau, first).eq(2, second))


@pytest.mark.parametrize("name", ["c", "nu", "a_i", "a", "rho"])
def test_given_shadows_an_abbreviation_of_the_model(name):
    refused(lambda: chain(sym(name)).eq(0, given("zero", (sym(name), num(0)))))


@pytest.mark.parametrize("name", ["t", "B", "beta", "gamma", "log_p", "kappa", "alpha_dot", "infinity"])
def test_given_shadows_a_symbol_with_a_meaning(name):
    refused(lambda: chain(sym(name)).eq(5, given("five", (sym(name), num(5)))))


@pytest.mark.parametrize("letter_", [S.U, S.V, S.Lam, S.Sigma, S.M, S.P, S.x, S.xi, S.mu, S.Q])
def test_given_shadows_a_letter_of_the_model(letter_):
    refused(lambda: chain(letter_).eq(zero(*letter_.shape), given("zero", (letter_, zero(*letter_.shape)))))


def test_given_shadows_a_domain():
    refused(lambda: chain(S.h).eq(0, given("zero", (S.h, num(0)))))


@pytest.mark.parametrize("name", ["excess", "codimension", "excess_over_one"])
def test_given_takes_a_name_that_the_kernel_keeps_for_itself(name):
    refused(lambda: chain(num(-1)).eq(sym(name), given("minus one", (sym(name), num(-1)))).ge(0))


def test_reserved_names_have_a_sign_without_a_reason():
    refused(lambda: chain(sym("excess")).ge(0))


def test_given_of_another_size_by_its_trace():
    refused(lambda: chain(S.k).eq(trace(T), given("T", (T, eye("k")))))


def test_given_of_another_size_by_equality():
    refused(lambda: chain(T).eq(eye("D"), given("T", (T, eye("k")))))


def test_given_makes_a_product_symmetric():
    with pytest.raises(ShapeError, match="symmetric"):
        given("T", (T_symmetric, S.P @ S.Sigma))


def test_given_breaks_the_relation_of_cosine_and_sine():
    values = given("values", (sym("cos_j"), num(2)), (sym("sin_j"), num(3)))
    refused(lambda: chain(1).eq(sym("cos_j") ** 2 + sym("sin_j") ** 2, ALGEBRA).eq(13, values))


def test_given_a_value_of_one_plane_under_a_name_without_index():
    name = given("unlisted", (tau, S.lam))
    refused(lambda: chain(plane_sum(S.lam)).eq(plane_sum(tau), name).eq(S.d * tau, ALGEBRA).eq(S.d * S.lam, name))


def test_given_a_function_of_the_variable_of_a_derivative():
    refused(lambda: chain(0).eq(diff(tau, "r"), ALGEBRA).eq(1, given("unlisted", (tau, S.r))))


def test_given_a_function_of_the_variable_of_an_integral():
    name = given("unlisted", (tau, S.r))
    value = tau * num(2) - tau * num(1)
    refused(
        lambda: (
            chain(integral(S.r, "r", num(1), num(2)))
            .eq(integral(tau, "r", num(1), num(2)), name)
            .antiderivative(value, tau * S.r, ALGEBRA)
        )
    )


# --- names that forge the normal form's own -------------------------------------------------------------------------


def test_forged_inverse_letter():
    forged, nothing = letter("Sigma^-1", "D", "D"), zero("D", "D")
    refused(lambda: chain(nothing).eq(forged, given("zero", (forged, nothing))).eq(S.Sigma.inv, ALGEBRA))


def test_forged_transposed_letter():
    forged, nothing = letter("U'", "k", "D"), zero("k", "D")
    refused(lambda: chain(nothing).eq(forged, given("zero", (forged, nothing))).eq(S.U.T, ALGEBRA))


def test_forged_size_word():
    refused(lambda: chain(trace(letter("size(k)", "D", "D"))).eq(S.k, ALGEBRA))


def test_forged_root():
    name = given("zero", (sym("root h"), num(0)))
    refused(lambda: chain(0).eq(sym("root h"), name).eq(sqrt_h, ALGEBRA))


def test_forged_exponential():
    name = given("zero", (sym("exp t/2"), num(0)))
    refused(lambda: chain(0).eq(sym("exp t/2"), name).eq(call("exp", S.t / 2), ALGEBRA))


def test_forged_minimum():
    refused(lambda: chain(call("min", S.h, num(1)) - sym("min 0")).eq(0, ALGEBRA))


def test_one_letter_in_two_sizes():
    refused(lambda: chain(trace(letter("A", "D", "D"))).eq(trace(letter("A", "k", "k")), ALGEBRA))


def test_letter_of_the_model_in_another_size():
    refused(lambda: chain(trace(letter("P", "k", "k"))).eq(S.D - S.k, PRINCIPAL_PLANES))


def test_letter_symmetric_in_one_place_only():
    refused(lambda: chain(T + 0 * T_symmetric).eq(T.T, ALGEBRA))


def test_block_letter_inside_a_literal():
    one, other = literal([[1, 0], [0, 1]], 2, 2), literal([[2, 0], [0, 1]], 2, 2)
    forged = letter("U", "2", "2")
    refused(lambda: chain(one @ forged).eq(other @ forged, ALGEBRA))


# --- letters that a cited theorem speaks of -------------------------------------------------------------------------


def test_given_shadows_a_letter_of_the_singular_value_decomposition():
    name = given("Y", (Y, 2 * eye("k")))
    refused(lambda: chain(4 * eye("k")).eq(Y.T @ Y, name).eq(eye("k"), SVD))


def test_given_shadows_the_matrix_of_the_resolvent():
    """c I + A is invertible for the model's A only: for A = -c I this says 0 = I."""
    A, inverse = letter("A", "d", "d", symmetric=True), letter("R", "d", "d", symmetric=True)
    name = given("A", (A, -S.c * eye("d")))
    refused(lambda: chain(-S.c * inverse).eq(A @ inverse, name).eq(eye("d") - S.c * inverse, RESOLVENT))


def test_given_shadows_a_random_input():
    name = given("n", (n, S.mu))
    refused(lambda: chain(expect(n)).eq(S.mu, name).eq(zero("D", "1"), INDEPENDENT_INPUTS))
    refused(lambda: chain(S.mu).eq(expect(S.mu), ALGEBRA).eq(expect(n), name).eq(zero("D", "1"), INDEPENDENT_INPUTS))


def test_given_makes_the_residual_depend_on_the_deviation():
    residual, deviation = letter("residual", "k", "1"), letter("q", "k", "1")
    name = given("q", (deviation, residual))
    square = expect(residual @ residual.T)
    refused(lambda: chain(square).eq(expect(residual @ deviation.T), name).eq(zero("k", "k"), INDEPENDENT_RESIDUAL))


def test_given_shadows_the_density():
    name = given("log_p", (log_p, num(0)))
    density = -((S.x - S.alpha * S.mu).T @ S.Sigma.inv @ (S.x - S.alpha * S.mu)) / 2 - logdet(S.Sigma) / 2
    refused(lambda: chain(0).eq(log_p, name).eq(density, DENSITY))


def test_reason_that_cites_a_theorem_not_on_the_list():
    hearsay = replace(ALGEBRA, cites=("Hearsay",))
    refused(lambda: chain(S.c).eq(S.c, hearsay))


# --- lemmas ---------------------------------------------------------------------------------------------------------


def test_control_a_proved_lemma_may_be_used():
    shown = chain(S.U.T @ S.U).eq(eye("k"), ENCODER_ORTHONORMAL)
    accepted(lambda: chain(trace(S.U.T @ S.U)).eq(S.k, shown.lemma()))


def test_lemma_of_a_refused_chain():
    lie = chain(1).eq(2, ALGEBRA)
    refused(lambda: chain(1).eq(2, lie.lemma()))


def test_inverse_lemma_of_a_refused_chain():
    lie = chain(S.Sigma @ S.P).eq(eye("D"), ALGEBRA)
    refused(lambda: chain(S.Sigma.inv).eq(S.P, inverse_lemma(lie, S.Sigma)))


def test_gram_lemma_of_a_refused_chain():
    lie = chain(S.U.T @ S.U).eq(zero("k", "k"), ALGEBRA)
    refused(lambda: chain(S.U).eq(zero("D", "k"), gram_lemma(lie, S.U)))


def test_lemma_of_a_model_with_more_assumptions():
    shown = chain(S.U.T @ S.U).eq(eye("k"), ENCODER_ORTHONORMAL).lemma()
    refused(lambda: chain(S.U.T @ S.U, encoder="oblique").eq(eye("k"), shown))


def test_lemma_of_a_diagonal_latent_covariance():
    square = trace(S.Sigma @ S.Sigma)
    value = S.D * S.c**2 + plane_sum(S.a * (2 * S.c + S.a))
    shown = chain(square).eq(value, PRINCIPAL_PLANES)
    assert all(report.accepted for report in check(shown))
    refused(lambda: chain(square, **{"lambda": "misaligned"}).eq(value, shown.lemma()))


def test_lemma_grows_with_its_chain():
    B = letter("B2", "k", "k")

    def build() -> Chain:
        growing = chain(B).eq(B, ALGEBRA)
        rule = growing.lemma()
        growing.eq(zero("k", "k"), ALGEBRA)
        return chain(B).eq(zero("k", "k"), rule)

    refused(build)


def test_lemma_under_a_derivative_captures_its_variable():
    ratio = chain(S.r).eq(S.h / S.alpha**2, RATIO & WHILE_SIGNAL).lemma()
    refused(lambda: chain(0).eq(diff(S.r**2, "r"), ratio).eq(2 * S.r, ALGEBRA))


def test_lemma_under_an_integral_captures_its_variable():
    ratio = chain(S.r).eq(S.h / S.alpha**2, RATIO & WHILE_SIGNAL).lemma()
    constant = S.h / S.alpha**2
    refused(
        lambda: (
            chain(integral(S.r, "r", num(1), num(2)))
            .eq(integral(constant, "r", num(1), num(2)), ratio & WHILE_SIGNAL)
            .antiderivative(constant, constant * S.r, WHILE_SIGNAL)
        )
    )


def test_lemma_of_an_inequality():
    refused(lambda: chain(S.h).eq(0, chain(S.h).ge(0).lemma()))


def test_decision_is_taken_anew_when_a_link_is_exchanged():
    made = chain(S.h).eq(S.h, ALGEBRA)
    assert all(report.accepted for report in check(made))
    made.links[-1] = Link("=", num(0), ALGEBRA)
    refused(lambda: made)


def test_decision_is_taken_anew_when_the_start_is_exchanged():
    made = chain(S.h).eq(S.h, ALGEBRA)
    assert all(report.accepted for report in check(made))
    made.start = num(0)
    refused(lambda: made)


# --- relations of a chain -------------------------------------------------------------------------------------------


def test_cases_proves_no_equality():
    refused(lambda: chain(S.rho).cases("=", num(0), S.rho, CERTIFICATE))


def test_a_certificate_proves_no_equality():
    def build() -> Chain:
        made = chain(S.rho)
        made.links.append(Link("=", num(0), CERTIFICATE, "certificate"))
        return made

    refused(build)


def test_directions_do_not_mix():
    with pytest.raises(ValueError, match="may not follow"):
        chain(S.h).le(S.h + S.r).ge(S.h)
    with pytest.raises(ValueError, match="may not follow"):
        chain(S.h).ge(0).eq(0, ALGEBRA).le(S.h)


def test_optimum_may_not_follow_an_upper_bound():
    with pytest.raises(ValueError, match="may not follow"):
        chain(S.h).le(2 * S.h).optimum(S.h, sqrt_h * eye("1"), ALGEBRA)


# --- expectation ----------------------------------------------------------------------------------------------------


def test_control_second_moments():
    accepted(lambda: chain(expect(S.xi.T @ S.P @ S.xi)).eq(trace(S.P @ S.Sigma), SECOND_MOMENT))
    accepted(lambda: chain(expect(S.xi)).eq(zero("D", "1"), SECOND_MOMENT))


def test_expectation_of_a_random_letter_is_not_the_letter():
    refused(lambda: chain(S.xi).eq(expect(S.xi), ALGEBRA).eq(zero("D", "1"), SECOND_MOMENT))


def test_expectation_of_a_random_scalar_is_not_the_scalar():
    refused(lambda: chain(log_p).eq(expect(log_p), ALGEBRA))


def test_expectation_of_a_letter_that_depends_on_a_random_one():
    nothing = zero("D", "D")
    refused(lambda: chain(expect(S.xi @ S.x.T)).eq(nothing, SECOND_MOMENT))
    refused(lambda: chain(expect(S.x)).eq(S.x, SECOND_MOMENT))


def test_expectation_before_a_lemma_rewrites():
    """E[s s^T] is no random matrix, whatever s is rewritten to afterwards."""
    from derivations import target_score

    score = target_score.derive(Assumptions.default()).chain("the score").lemma()
    outer = S.Sigma.inv @ S.xi @ S.xi.T @ S.Sigma.inv
    refused(lambda: chain(expect(S.score @ S.score.T)).eq(outer, score & SECOND_MOMENT))


def test_expectation_of_a_square_keeps_its_dimension():
    refused(lambda: chain(expect(n.T @ n)).eq(1, INDEPENDENT_INPUTS))
    accepted(lambda: chain(expect(n.T @ n)).eq(S.D, INDEPENDENT_INPUTS))


def test_expectation_of_a_weighted_square():
    refused(lambda: chain(expect(S.xi.T @ S.P @ S.xi)).eq(trace(S.Sigma), SECOND_MOMENT))


def test_fourth_moments_are_unknown():
    fourth = S.xi.T @ S.xi @ S.xi.T @ S.xi
    refused(lambda: chain(expect(fourth)).eq(trace(S.Sigma @ S.Sigma), SECOND_MOMENT))


def test_optimum_that_is_not_the_named_square():
    refused(lambda: chain(expect(S.xi.T @ S.xi)).optimum(num(0), 2 * S.xi, SECOND_MOMENT))


# --- gradients and derivatives --------------------------------------------------------------------------------------


def test_gradient_of_a_centred_point():
    refused(lambda: chain(grad(S.xi.T @ S.xi, S.x)).eq(zero("D", "1"), ALGEBRA))
    accepted(lambda: chain(grad(S.xi.T @ S.xi, S.x)).eq(2 * S.x - 2 * S.alpha * S.mu, CENTRED_POINT))


def test_gradient_of_a_log_density():
    refused(lambda: chain(S.score).eq(grad(log_p, S.x), SCORE).eq(zero("D", "1"), ALGEBRA))


def test_gradient_of_a_letter_that_is_a_function_of_the_point():
    refused(lambda: chain(grad(S.g.T @ S.g, S.x)).eq(zero("D", "1"), ALGEBRA))


def test_control_derivatives():
    accepted(lambda: chain(diff(S.c**2, "h")).eq(2 * S.c, ALGEBRA))
    accepted(
        lambda: chain(diff(S.alpha**2 * S.h, "t")).eq(
            2 * S.alpha * alpha_dot * S.h + S.alpha**2 * sym("h_dot"), DIFFERENTIATE
        )
    )
    accepted(lambda: chain(diff(plane_sum(S.lam**2), "lambda_i")).eq(2 * S.lam, ALGEBRA))


def test_derivative_in_time_without_the_rates():
    refused(lambda: chain(0).eq(diff(S.alpha, "t"), ALGEBRA).eq(alpha_dot, DIFFERENTIATE))


def test_derivative_in_time_of_a_rate():
    refused(lambda: chain(diff(beta, "t")).eq(0, DIFFERENTIATE))
    refused(lambda: chain(diff(alpha_dot, "t")).eq(0, DIFFERENTIATE))


def test_derivative_with_and_without_a_relation():
    refused(lambda: chain(0).eq(diff(S.h, "r"), ALGEBRA).eq(S.alpha**2, RATIO))


def test_derivative_with_and_without_the_ambient_ratio():
    free = S.rho * sym("h_dot")
    bound = 2 * S.alpha * alpha_dot * S.sigma2
    refused(lambda: chain(free).eq(diff(S.nu, "t"), RHO & DIFFERENTIATE).eq(bound, DIFFERENTIATE))


def test_derivative_in_a_variable_that_a_relation_removes():
    refused(lambda: chain(diff(S.h**2, "h")).eq(0, RATIO))


@pytest.mark.parametrize("name", ["c", "nu", "a", "rho"])
def test_derivative_in_an_abbreviation(name):
    refused(lambda: chain(diff(sym(name) ** 2, name)).eq(0, ALGEBRA))


def test_derivative_in_a_plane_s_variable_outside_the_sum():
    refused(lambda: chain(diff(S.lam, "lambda_i")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(S.s, "theta_i")).eq(0, DIFFERENTIATE))
    refused(lambda: chain(diff(S.lam + plane_sum(S.lam), "lambda_i")).eq(1, ALGEBRA))


def test_derivative_in_a_latent_variance_of_either_of_two_sums():
    both = plane_sum(S.lam, "pairs") + plane_sum(S.lam, "lost")
    refused(lambda: chain(diff(both, "lambda_i"), dims="k<d").eq(2, ALGEBRA))


@pytest.mark.parametrize("body", [trace(S.Sigma), logdet(S.Sigma), S.mu.T @ S.Sigma @ S.mu])
def test_derivative_of_a_letter_that_depends_on_the_variable(body):
    refused(lambda: chain(diff(body, "h")).eq(0, ALGEBRA))


def test_derivative_of_a_covariance_contradicts_itself():
    refused(lambda: chain(0).eq(diff(trace(S.Sigma), "h"), ALGEBRA).eq(S.D, COVARIANCE))


def test_derivative_in_a_dimension():
    count = chain(plane_sum(num(1))).eq(S.d, ALGEBRA).lemma()
    refused(lambda: chain(0).eq(diff(plane_sum(num(1)), "d"), ALGEBRA).eq(1, count))


def test_derivative_of_a_root():
    refused(lambda: chain(diff(sqrt_h, "h")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(S.h * sqrt_h, "h")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(sqrt_h, "t")).eq(0, DIFFERENTIATE))


def test_derivative_of_a_minimum():
    refused(lambda: chain(diff(call("min", S.h, num(1)), "h")).eq(0, ALGEBRA))


# --- roots, exponentials, logarithms --------------------------------------------------------------------------------


def test_roots_of_different_sums():
    refused(lambda: chain(call("sqrt", S.h + 1)).eq(call("sqrt", S.h + 2), ALGEBRA))


@pytest.mark.parametrize("other", [S.h * 5, S.h / 7, -S.h, S.h**3])
def test_roots_of_different_multiples(other):
    refused(lambda: chain(call("sqrt", S.h**2)).eq(call("sqrt", other), ALGEBRA))


def test_root_of_something_negative_has_no_square():
    refused(lambda: chain(alpha_dot).optimum(num(0), call("sqrt", alpha_dot) * eye("1"), ALGEBRA))


def test_exponential_of_a_product_keeps_every_factor():
    refused(lambda: chain(call("exp", 2 * S.t * S.h)).eq(call("exp", 2 * S.t), ALGEBRA))


def test_exponential_with_the_wrong_factor():
    accepted(lambda: chain(exp_t * exp_t).eq(call("exp", 2 * S.t), ALGEBRA))
    refused(lambda: chain(exp_t * exp_t).eq(call("exp", 3 * S.t), ALGEBRA))


def test_logarithms_with_different_coefficients():
    refused(lambda: chain(S.h * log(S.h) - S.r * log(S.h)).eq(0, ALGEBRA))
    refused(lambda: chain(S.h * log(S.c)).eq(log(S.c**2), ALGEBRA))
    accepted(lambda: chain(S.h * log(S.c**2)).eq(2 * S.h * log(S.c), ALGEBRA))


def test_logarithm_of_a_sum():
    refused(lambda: chain(log(S.h + S.nu)).eq(log(S.h) + log(S.nu + S.h), ALGEBRA))


def test_phi_is_its_definition():
    accepted(lambda: chain(phi(S.h)).eq(S.h - log(1 + S.h), ALGEBRA))
    refused(lambda: chain(phi(S.h)).eq(S.h - log(S.h), ALGEBRA))


def test_logarithm_of_a_negative_number_at_the_start():
    refused(lambda: chain(2 * log(-S.h)).eq(2 * log(S.h), ALGEBRA))


def test_log_bounds_of_a_negative_argument():
    refused(lambda: chain(log(num(-1))).ge(2, LOG_BOUNDS))


def test_log_bounds_of_an_argument_that_may_be_negative():
    refused(lambda: chain(log(S.h - 1)).le(S.h - 2, LOG_BOUNDS))


def test_log_bounds_need_their_reason():
    refused(lambda: chain(log(1 + S.h)).le(S.h))
    accepted(lambda: chain(log(1 + S.h)).le(S.h, LOG_BOUNDS))


def test_log_bounds_in_the_wrong_direction():
    refused(lambda: chain(log(1 + S.h)).ge(S.h, LOG_BOUNDS))
    refused(lambda: chain(-log(1 + S.h)).le(-S.h, LOG_BOUNDS))


def test_log_bounds_with_a_coefficient_of_unknown_sign():
    refused(lambda: chain((S.k - S.d) * log(1 + S.h)).le((S.k - S.d) * S.h, LOG_BOUNDS))


def test_logarithm_of_a_root_that_may_be_below_one():
    refused(lambda: chain(log((sqrt_h - 1) ** 2)).eq(2 * log(sqrt_h - 1), ALGEBRA))


def test_log_determinant_of_a_negative_matrix():
    refused(lambda: chain(2 * logdet(-eye("D"))).eq(0, PRINCIPAL_PLANES))


def test_min_is_not_max():
    refused(lambda: chain(call("min", S.h, S.r)).eq(call("max", S.h, S.r), ALGEBRA))


# --- divisions ------------------------------------------------------------------------------------------------------


def test_division_by_an_identical_zero():
    nothing = 1 - S.sin**2 - S.cos**2
    refused(lambda: chain(0).eq(nothing / nothing, ALGEBRA))
    refused(lambda: chain(nothing / nothing).eq(1, ALGEBRA))
    refused(lambda: chain(1).eq(nothing * nothing**-1, ALGEBRA))


def test_division_by_a_zero_of_the_model():
    refused(lambda: chain(1).eq((S.c - S.h - S.nu) / (S.c - S.h - S.nu), ALGEBRA))
    refused(lambda: chain((S.s - S.sin**2) / (S.s - S.sin**2)).eq(1, ALGEBRA))


def test_division_by_something_that_vanishes_somewhere():
    refused(lambda: chain(1).eq((S.s - half) / (S.s - half), ALGEBRA))


def test_division_at_the_start_by_something_that_vanishes_somewhere():
    refused(lambda: chain((S.s - half) / (S.s - half)).eq(1, ALGEBRA))


def test_negative_power_of_something_that_vanishes_somewhere():
    refused(lambda: chain(1).eq((S.s - half) * (S.s - half) ** -1, ALGEBRA))


def test_inverse_of_a_literal_that_is_singular_somewhere():
    small = literal([[S.s - half]], 1, 1)
    refused(lambda: chain(literal([[1]], 1, 1)).eq(small @ small.inv, ALGEBRA))


def test_division_in_a_process_s_own_time():
    there = BY_NAME["vp-ou"].substitution
    refused(lambda: chain(1).eq((S.t - 1) / (S.t - 1), there))
    refused(lambda: chain(2 * log(S.t)).eq(2 * log(-S.t), there))


def test_folding_does_not_divide_by_zero():
    refused(lambda: chain(S.sigma2**-1, sigma2="0").eq(0, ALGEBRA))
    refused(lambda: chain(S.sigma2 / S.sigma2, sigma2="0").eq(0, ALGEBRA))


def test_folding_a_minimum_with_a_negative_argument():
    refused(lambda: chain(call("min", S.sigma2, -S.h), sigma2="0").eq(0, ALGEBRA))


# --- sums over planes -----------------------------------------------------------------------------------------------


def test_control_constant_summands_are_counted():
    accepted(lambda: chain(plane_sum(S.c)).eq(S.d * S.c, ALGEBRA))
    accepted(lambda: chain(plane_sum(S.c * log(S.h))).eq(S.d * S.c * log(S.h), ALGEBRA))


def test_wrong_count_of_a_constant_summand():
    refused(lambda: chain(plane_sum(S.c)).eq(S.k * S.c, ALGEBRA))
    refused(lambda: chain(plane_sum(num(1), "pairs")).eq(S.d, ALGEBRA))


def test_summand_of_a_plane_is_not_counted():
    refused(lambda: chain(plane_sum(S.lam)).eq(S.d * S.lam, ALGEBRA))
    refused(lambda: chain(plane_sum(log(S.c + S.a))).eq(S.d * log(S.c + S.a), ALGEBRA))
    refused(lambda: chain(plane_sum(call("sqrt", S.lam))).eq(S.d * call("sqrt", S.lam), ALGEBRA))


def test_coefficient_of_a_logarithm_may_belong_to_a_plane():
    refused(lambda: chain(plane_sum(S.lam * log(S.h))).eq(S.d * S.lam * log(S.h), ALGEBRA))


def test_exponential_of_a_plane_s_variable_is_not_counted():
    refused(lambda: chain(plane_sum(call("exp", S.lam))).eq(S.d * call("exp", S.lam), ALGEBRA))


def test_minimum_of_a_plane_s_variable_is_not_counted():
    least = call("min", S.lam, num(1))
    refused(lambda: chain(plane_sum(least)).eq(S.d * least, ALGEBRA))


def test_factor_of_one_plane_may_not_enter_the_sum():
    refused(lambda: chain(S.s * plane_sum(S.a)).eq(plane_sum(S.s * S.a), ALGEBRA))


def test_divisor_of_one_plane_may_not_enter_the_sum():
    refused(lambda: chain(plane_sum(S.lam + S.lam**2) / (1 + S.lam)).eq(plane_sum(S.lam), ALGEBRA))


def test_free_plane_variable_is_not_that_of_the_sum():
    refused(lambda: chain(plane_sum(S.lam) - S.lam).ge(0))


def test_directions_without_partner_exist_only_for_k_less_than_d():
    refused(lambda: chain(S.d - S.k).eq(plane_sum(num(1), "lost"), ALGEBRA).ge(0))
    accepted(lambda: chain(S.d - S.k, dims="k<d").ge(0))


def test_multiplicities_are_not_nonnegative_by_themselves():
    refused(lambda: chain(S.k - S.d).ge(0))
    refused(lambda: chain(S.D - S.k - S.d).ge(0))
    accepted(lambda: chain(S.D - S.k).ge(0))


def test_multiplicities_of_the_classes():
    accepted(lambda: chain(trace(eye("D") - S.U @ S.U.T)).eq(S.D - S.k, PRINCIPAL_PLANES))
    refused(lambda: chain(trace(eye("D") - S.U @ S.U.T)).eq(S.D - S.d, PRINCIPAL_PLANES))
    for dims in ("any", "k=d", "k<d", "k>d"):
        accepted(lambda dims=dims: chain(trace(eye("D") - S.U @ S.U.T), dims=dims).eq(S.D - S.k, PRINCIPAL_PLANES))
        accepted(lambda dims=dims: chain(trace(S.V @ S.V.T), dims=dims).eq(S.d, PRINCIPAL_PLANES))


def test_log_determinant_of_a_literal_is_not_taken_class_by_class():
    refused(lambda: chain(logdet(literal([[2]], 1, 1))).eq((S.D - S.d) * log(2), PRINCIPAL_PLANES))
    refused(lambda: chain(trace(literal([[1]], 1, 1))).eq(S.D - S.d, PRINCIPAL_PLANES))


def test_cosine_and_sine_of_different_angles():
    refused(lambda: chain(S.cos**2 + sym("sin_j") ** 2).eq(1, ALGEBRA))
    refused(lambda: chain(S.cos * S.sin).eq(S.sin**2, ALGEBRA))
    accepted(lambda: chain(S.cos**4 - S.sin**4).eq(1 - 2 * S.s, ALGEBRA))


# --- words ----------------------------------------------------------------------------------------------------------


def test_transposition_of_a_letter_that_is_not_symmetric():
    refused(lambda: chain(T).eq(T.T, ALGEBRA))
    refused(lambda: chain(T.inv.T).eq(T.inv, ALGEBRA))
    refused(lambda: chain(trace(T @ T.T)).eq(trace(T @ T), ALGEBRA))
    accepted(lambda: chain(trace(T)).eq(trace(T.T), ALGEBRA))
    accepted(lambda: chain(S.Sigma.inv.T).eq(S.Sigma.inv, ALGEBRA))


def test_products_do_not_commute():
    refused(lambda: chain(S.P @ S.Sigma).eq(S.Sigma @ S.P, ALGEBRA))
    refused(lambda: chain(trace(S.P @ S.Sigma @ S.P @ S.Q)).eq(trace(S.P @ S.P @ S.Sigma @ S.Q), ALGEBRA))


def test_trace_of_an_identity_has_the_size_of_its_own_side():
    accepted(lambda: chain(trace(S.U @ S.U.T)).eq(S.k, ENCODER_ORTHONORMAL))
    refused(lambda: chain(trace(S.U @ S.U.T)).eq(S.D, ENCODER_ORTHONORMAL))
    refused(lambda: chain(trace(S.M @ S.M.inv)).eq(S.D, INVERSE))
    refused(lambda: chain(S.U @ S.U.T).eq(eye("D"), ENCODER_ORTHONORMAL))


def test_trace_of_a_scalar_times_the_identity():
    refused(lambda: chain(trace((S.x.T @ S.x) * eye("D"))).eq(S.x.T @ S.x, ALGEBRA))


def test_trace_and_log_determinant_of_what_is_not_square():
    refused(lambda: chain(trace(S.U)).eq(trace(S.U.T), ALGEBRA))


def test_relations_only_with_their_reason():
    refused(lambda: chain(S.U.T @ S.Sigma @ S.U).eq(S.M, ALGEBRA))
    accepted(lambda: chain(S.U.T @ S.Sigma @ S.U).eq(S.M, ENCODED))
    refused(lambda: chain(S.Sigma @ S.Sigma.inv).eq(eye("D"), ENCODED))
    refused(lambda: chain(S.P @ S.P.inv).eq(eye("D"), INVERSE & PROJECTOR))


def test_pretended_assumption_gives_nothing():
    pretending = Author("attack", Assumptions.default().pretending("orthonormal-encoder"))
    refused(lambda: pretending.chain("attack", S.U.T @ S.U).eq(eye("k"), ENCODER_ORTHONORMAL))


def test_missing_assumption_stops():
    with pytest.raises(Stopped, match="orthonormal-encoder"):
        chain(S.U.T @ S.U, encoder="oblique").eq(eye("k"), ENCODER_ORTHONORMAL)


def test_processes_do_not_mix():
    ou, ve = BY_NAME["vp-ou"].substitution, BY_NAME["ve"].substitution
    refused(lambda: chain(call("exp", -(S.t / 2))).eq(S.alpha, ou).eq(1, ve))


# --- cases ----------------------------------------------------------------------------------------------------------

LEAST = call("min", S.rho, S.rho**2)


def test_control_cases():
    accepted(lambda: chain(S.rho**2 / (1 + S.rho)).cases("<=", LEAST, S.rho, RHO & CERTIFICATE))


def test_cases_leave_none_out():
    refused(lambda: chain(S.rho).cases("<=", LEAST, S.rho, CERTIFICATE))
    refused(lambda: chain(S.rho**2).cases("<=", LEAST, S.rho, CERTIFICATE))
    refused(lambda: chain(LEAST).cases(">=", S.rho, S.rho, CERTIFICATE))
    refused(lambda: chain(2 - S.rho).cases(">=", num(0), S.rho, CERTIFICATE))


def test_cases_of_another_minimum():
    refused(lambda: chain(call("min", S.rho, S.rho**3)).cases("<=", LEAST, S.rho, CERTIFICATE))
    refused(lambda: chain(call("min", num(1), S.rho)).cases(">=", S.rho, S.rho, CERTIFICATE))


def test_cases_capture_the_name_of_the_excess():
    attack = (S.rho - 1 - sym("excess_over_one")) * (LEAST - S.rho**2)
    refused(lambda: chain(attack).cases("<=", num(0), S.rho, CERTIFICATE))


def test_cases_of_a_variable_that_may_be_negative():
    refused(lambda: chain(alpha_dot + 1).cases(">=", num(0), alpha_dot, CERTIFICATE))


# --- antiderivatives ------------------------------------------------------------------------------------------------


def test_control_antiderivatives():
    accepted(lambda: chain(integral(S.r**2, "r", S.h, R)).antiderivative((R**3 - S.h**3) / 3, S.r**3 / 3, ALGEBRA))


def test_antiderivative_of_another_function():
    refused(lambda: chain(integral(S.r**2, "r", S.h, R)).antiderivative((R**2 - S.h**2) / 2, S.r**2 / 2, ALGEBRA))
    refused(lambda: chain(integral(S.r, "r", S.h, R)).antiderivative(R**2 / 2, S.r**2 / 2, ALGEBRA))


def test_antiderivative_across_a_pole():
    refused(lambda: chain(integral(1 / S.r**2, "r", num(-1), num(1))).antiderivative(num(-2), -1 / S.r, ALGEBRA))


def test_antiderivative_across_a_pole_of_a_free_variable():
    attack = integral(1 / (S.t - 2) ** 2, "t", num(1), num(3))
    refused(lambda: chain(attack).antiderivative(num(-2), -1 / (S.t - 2), ALGEBRA))


def test_antiderivative_from_a_limit_outside_the_domain_to_infinity():
    bound = chain(1 / S.r).ge(0), chain(1 / S.r).le(1 / S.r)
    refused(
        lambda: chain(integral(1 / S.r**2, "r", num(-1), INFINITY)).antiderivative(num(-1), -1 / S.r, ALGEBRA, bound)
    )


def test_antiderivative_hides_the_variable_in_an_abbreviation():
    refused(lambda: chain(integral(num(1), "h", num(1), num(2))).antiderivative(num(0), S.c, ALGEBRA))


def test_antiderivative_hides_the_variable_in_a_relation():
    primitive = S.h / S.alpha**2
    refused(
        lambda: chain(integral(num(1), "r", num(2), num(5))).antiderivative(num(0), primitive, RATIO & WHILE_SIGNAL)
    )


def test_antiderivative_with_and_without_a_relation():
    """The integral of h = r alpha^2 over r from 1 to 3 is 4 alpha^2 = 4 h/r, and not 2 h."""
    middle = integral(S.h, "r", num(1), num(3))
    wide = integral(S.r * S.alpha**2, "r", num(1), num(3))
    refused(lambda: chain(wide).eq(middle, RATIO).antiderivative(2 * S.h, S.h * S.r, ALGEBRA))


def test_antiderivative_with_a_root():
    ends = call("sqrt", num(4)) - call("sqrt", num(1))
    refused(lambda: chain(integral(num(0), "h", num(1), num(4))).antiderivative(ends, sqrt_h, ALGEBRA))


def test_antiderivative_with_a_minimum():
    ends = call("min", num(2), num(5)) - call("min", num(1), num(5))
    primitive = call("min", S.h, num(5))
    refused(lambda: chain(integral(num(0), "h", num(1), num(2))).antiderivative(ends, primitive, ALGEBRA))


def test_antiderivative_in_a_plane_s_variable():
    refused(lambda: chain(integral(num(0), "lambda_i", num(1), num(2))).antiderivative(num(1), S.lam, ALGEBRA))


def test_antiderivative_to_infinity_needs_a_bound_that_vanishes():
    attack = integral(num(0), "r", S.h, INFINITY)
    bound = chain(num(1)).ge(0), chain(num(1)).le(num(1))
    refused(lambda: chain(attack).antiderivative(num(1), num(-1), ALGEBRA, bound))
    refused(lambda: chain(attack).antiderivative(num(1), num(-1), ALGEBRA))


def test_antiderivative_to_infinity_hides_the_variable_in_an_abbreviation():
    tail = S.c / S.h
    bound = chain(tail).ge(0), chain(tail).le(tail)
    refused(lambda: chain(integral(S.nu / S.h**2, "h", S.h, INFINITY)).antiderivative(tail, -tail, ALGEBRA, bound))


def test_antiderivative_to_infinity_with_a_bound_of_another_model():
    tail = (S.k - S.d) ** 2 * 0 + (S.d - S.k) / S.r
    bound = chain(tail, dims="k<d").ge(0), chain(tail, dims="k<d").le(tail)
    attack = integral((S.d - S.k) / S.r**2, "r", S.r, INFINITY)
    refused(lambda: chain(attack).antiderivative(tail, -tail, ALGEBRA, bound))


def test_infinity_is_no_number():
    refused(lambda: chain(INFINITY - INFINITY).eq(0, ALGEBRA))
    refused(lambda: chain(integral(num(1), "r", INFINITY, R)).antiderivative(R - INFINITY, S.r, ALGEBRA))


# --- differential equations and induction ---------------------------------------------------------------------------


def test_solution_of_something_that_is_no_unknown():
    refused(lambda: chain(1).solves(num(2), num(0), {"value": num(2)}, DIFFERENTIATE))
    refused(lambda: chain(S.x).solves(S.mu, 0 * S.x, {"value": S.mu}, DIFFERENTIATE))


def test_one_unknown_solves_two_equations():
    def solved(value: Expr, rate: Expr, start: Expr) -> Chain:
        return chain(m_t).solves(value, rate, {"alpha": num(1), "value": start}, DIFFERENTIATE & WHILE_SIGNAL)

    still = solved(S.mu, 0 * m_t, S.mu).lemma()
    moving = solved(S.alpha * S.mu, alpha_dot / S.alpha * m_t, S.mu).lemma()
    refused(lambda: chain(S.mu).eq(m_t, still).eq(S.alpha * S.mu, moving))


def test_solution_of_a_singular_equation_is_not_unique():
    start = {"t": num(0), "value": num(0)}
    refused(lambda: chain(X).solves(2 * S.t, X / S.t, start, DIFFERENTIATE))


def test_solution_without_the_rates():
    refused(lambda: chain(X).solves(S.h, num(0), {"h": num(0), "value": num(0)}, ALGEBRA))


def test_solution_made_of_a_letter_that_moves():
    refused(lambda: chain(letter("C_t", "D", "D")).solves(S.Sigma, 0 * T, {"value": S.Sigma}, DIFFERENTIATE))


def test_solution_with_another_start():
    refused(lambda: chain(X).solves(S.t, num(1), {"t": num(0), "value": num(1)}, DIFFERENTIATE))


def test_induction_on_something_that_is_no_sequence():
    refused(lambda: chain(1).induction(num(2), sym("previous"), "n", num(2), ALGEBRA))


def test_induction_on_a_continuous_variable():
    refused(lambda: chain(X).induction(S.h, sym("previous") + 1, "h", num(0), ALGEBRA))


def test_induction_with_a_wrong_step_or_start():
    N = sym("n")
    refused(lambda: chain(X).induction(2 * N, sym("previous") + 1, "n", num(0), ALGEBRA))
    refused(lambda: chain(X).induction(N, sym("previous") + 1, "n", num(1), ALGEBRA))


# --- results --------------------------------------------------------------------------------------------------------


def test_closed_form_at_the_end_of_an_empty_chain_is_not_proved():
    from theory.derivation import Output

    author = Author("typed-in", Assumptions.default())
    typed = author.chain("typed in", 42 * S.h)
    made = author.finish("typed in", "E is 42 h.", (Output("E", typed.end, typed.end),), limits="none")
    assert made.check().verdict is not Verdict.PROVED


def test_lemma_of_a_refused_chain_elsewhere_does_not_prove():
    from theory.derivation import Output

    lie = Author("elsewhere", Assumptions.default()).chain("a lie", num(1)).eq(2, ALGEBRA).lemma()
    author = Author("borrowed", Assumptions.default())
    end = author.chain("borrowed", num(1)).eq(2, lie).end
    made = author.finish("borrowed", "1 is 2.", (Output("one", end, end),), limits="none")
    assert made.check().verdict is not Verdict.PROVED


# --- every refusal is an answer -------------------------------------------------------------------------------------


def test_answer_exponential_divided_by_zero():
    decided(lambda: chain(call("exp", S.t / 0)).eq(1, ALGEBRA))


def test_answer_block_divided_by_zero():
    decided(lambda: chain(trace(eye("D") / (S.h - S.h))).eq(1, PRINCIPAL_PLANES))


def test_answer_antiderivative_of_no_integral():
    decided(lambda: chain(S.h + S.r + S.t + S.alpha).antiderivative(S.h, S.r, ALGEBRA))


def test_answer_power_that_is_no_number():
    decided(lambda: chain(S.h**S.k).eq(1, ALGEBRA))
    decided(lambda: chain(S.h ** (-S.k)).eq(1, ALGEBRA))
    decided(lambda: chain(S.h ** (S.k + 1)).eq(1, ALGEBRA))


def test_answer_cases_of_a_number():
    decided(lambda: chain(S.rho).cases(">=", num(0), num(1), CERTIFICATE))


def test_answer_function_without_argument():
    decided(lambda: chain(call("sqrt")).eq(1, ALGEBRA))
    decided(lambda: chain(call("log")).eq(1, ALGEBRA))


def test_answer_function_with_one_argument_too_many():
    refused(lambda: chain(log(S.h)).eq(call("log", S.h, S.r), ALGEBRA))


def test_answer_unknown_function_and_unknown_range():
    decided(lambda: chain(call("erf", S.h)).eq(1, ALGEBRA))
    decided(lambda: chain(plane_sum(num(1), "planets")).eq(S.d, ALGEBRA))


def test_answer_bound_that_is_no_chain():
    attack = integral(1 / S.r**2, "r", S.r, INFINITY)
    decided(lambda: chain(attack).antiderivative(1 / S.r, -1 / S.r, ALGEBRA, (1, 2)))  # type: ignore[arg-type]


def test_answer_solution_without_a_start():
    decided(lambda: chain(X).solves(S.h, num(0), {}, DIFFERENTIATE))


def test_answer_deep_expression():
    deep = reduce(lambda expr, _: -expr, range(3000), num(1))
    decided(lambda: chain(1).eq(deep, ALGEBRA))


def test_answer_circular_definitions():
    one, other = letter("A1", "D", "D"), letter("A2", "D", "D")
    decided(lambda: chain(one).eq(other, given("a circle", (one, other), (other, one))))
