"""Attempts to make the kernel accept something false by square roots, by signs that follow from the way an expression
is written, and by weighted squares."""

from fractions import Fraction

import pytest
from attacks import refused
from test_kernel_soundness import accepted, chain

from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import ANTIDERIVATIVE, BURES, while_positive
from theory.derivation import Author
from theory.expr import Expr, bures, call, diff, expect, integral, letter, log, num, plane_sum, sym
from theory.rules import ALGEBRA, CERTIFICATE, DIFFERENTIATE, PRINCIPAL_PLANES, RATIO, given

h, r, c, s, lam = S.h, S.r, S.c, S.s, S.lam
rate, name = sym("alpha_dot"), sym("unlisted")
half = num(Fraction(1, 2))
P = plane_sum


def sqrt(x: Expr | int) -> Expr:
    return call("sqrt", x)


kinked = sqrt((h - 1) ** 2)


# --- values and signs -----------------------------------------------------------------------------------------------


def test_control_roots():
    accepted(lambda: chain(sqrt(h * r)).root(sqrt(h) * sqrt(r), ALGEBRA))
    accepted(lambda: chain(sqrt(h**2)).root(h, ALGEBRA))
    accepted(lambda: chain(sqrt(num(Fraction(4, 9)))).eq(num(Fraction(2, 3)), ALGEBRA))
    accepted(lambda: chain(sqrt((sqrt(h**2 + 1) - h) ** 2)).root(sqrt(h**2 + 1) - h, ALGEBRA))
    accepted(lambda: chain(sqrt(h) * sqrt(h + 1)).eq(sqrt(h) * sqrt(sqrt(h) ** 2 + 1), ALGEBRA))
    accepted(lambda: chain(sqrt(P(lam) ** 2)).root(P(lam), ALGEBRA))


@pytest.mark.parametrize("value", [-h, h + 1, 2 * h, h**2, -(h**2), sqrt(h)])
def test_root_of_a_square_is_nothing_else(value):
    refused(lambda: chain(sqrt(h**2)).root(value, ALGEBRA))


@pytest.mark.parametrize("base", [h - 1, rate, S.k - S.d, 1 - 2 * s, S.lam_s - lam, 1 - 2 * S.weight, r - S.R])
def test_root_of_the_square_of_something_of_any_sign(base):
    refused(lambda: chain(sqrt(base**2)).root(base, ALGEBRA))
    refused(lambda: chain(sqrt(base**2)).root(-base, ALGEBRA))
    refused(lambda: chain(sqrt(base**2)).eq(base, ALGEBRA))


def test_root_of_a_sum_is_not_the_sum_of_roots():
    refused(lambda: chain(sqrt(h + r)).root(sqrt(h) + sqrt(r), ALGEBRA))
    refused(lambda: chain(sqrt(P(lam**2))).root(P(lam), ALGEBRA))
    refused(lambda: chain(sqrt(P(lam) * P(s))).root(P(sqrt(lam) * sqrt(s)), ALGEBRA))


def test_roots_of_numbers():
    refused(lambda: chain(sqrt(num(-4))).eq(2, ALGEBRA))
    refused(lambda: chain(sqrt(num(4))).eq(-2, ALGEBRA))
    refused(lambda: chain(sqrt(num(8))).root(2 * sqrt(num(3)), ALGEBRA))
    refused(lambda: chain(sqrt(num(Fraction(1, 2)))).eq(1, ALGEBRA))
    accepted(lambda: chain(sqrt(num(8))).root(2 * sqrt(num(2)), ALGEBRA))


def test_root_of_something_that_may_be_negative():
    refused(lambda: chain(sqrt(h - 1) ** 2).eq(h - 1, ALGEBRA))
    refused(lambda: chain(h - 1).eq(sqrt(h - 1) ** 2, ALGEBRA))
    refused(lambda: chain(sqrt(sqrt(h) - 1) ** 2).eq(sqrt(h) - 1, ALGEBRA))
    refused(lambda: chain(sqrt(-h) * sqrt(-h)).eq(sqrt(h**2), ALGEBRA))
    refused(lambda: chain(sqrt((h - 1) ** 3) ** 2).eq((h - 1) ** 3, ALGEBRA))


def test_roots_whose_text_is_one():
    """Two radicands that are written alike may not become one generator, and a symbol's root is that of its square."""
    one, two = sqrt(sqrt(h) + r), sqrt(sqrt(r) + h)
    refused(lambda: chain(one).eq(two, ALGEBRA))
    refused(lambda: chain(sqrt(h * (r + 1))).eq(sqrt(h * r + 1), ALGEBRA))
    refused(lambda: chain(sqrt(h) * sqrt(h + 1)).eq(sqrt(h**2) * sqrt(h + 1), ALGEBRA))
    accepted(lambda: chain(sqrt(h * (r + 1))).eq(sqrt(h * r + h), ALGEBRA))


def test_root_of_one_plane_is_not_counted():
    for one in (sqrt(lam), sqrt(lam + h), sqrt(sqrt(lam) + h), sqrt(S.a), sqrt(S.cos**2 + h)):
        refused(lambda one=one: chain(P(one)).eq(S.d * one, ALGEBRA))
    accepted(lambda: chain(P(sqrt(h + 1))).eq(S.d * sqrt(h + 1), ALGEBRA))


def test_root_in_a_certificate():
    refused(lambda: chain(sqrt(h + 1)).le(sqrt(h)))
    refused(lambda: chain(sqrt(h)).ge(1))
    refused(lambda: chain(sqrt(h)).le(h))
    refused(lambda: chain(sqrt(h) - sqrt(r)).ge(0))
    accepted(lambda: chain(sqrt(h) * (1 + sqrt(r))).ge(sqrt(h)))


def test_root_in_a_logarithm():
    accepted(lambda: chain(2 * log(sqrt(h + 1))).eq(log(h + 1), ALGEBRA))
    refused(lambda: chain(2 * log(sqrt(h + 1))).eq(log(h), ALGEBRA))
    refused(lambda: chain(log(kinked)).eq(log((h - 1) ** 2) / 2, ALGEBRA))
    refused(lambda: chain(log(kinked)).eq(log(h - 1), ALGEBRA))
    refused(lambda: chain(log(sqrt(h))).ge(0))


def test_division_by_a_root_that_may_vanish():
    refused(lambda: chain(1).eq(kinked / kinked, ALGEBRA))
    refused(lambda: chain(1).eq(sqrt(lam) / sqrt(lam), ALGEBRA))
    refused(lambda: chain(1).eq((kinked - (h - 1)) / (kinked - (h - 1)), ALGEBRA))
    refused(lambda: chain(kinked + h - 1).eq(0, ALGEBRA))
    refused(lambda: chain((kinked - h + 1) * (kinked + h - 1) / (kinked + h)).eq(kinked, ALGEBRA))


# --- derivatives and integrals --------------------------------------------------------------------------------------


def test_control_derivatives_of_roots():
    accepted(lambda: chain(diff(sqrt(h + 1), "h")).eq(1 / (2 * sqrt(h + 1)), ALGEBRA))
    inner = sqrt(h + 1)
    accepted(lambda: chain(diff(sqrt(inner + 1), "h")).eq(1 / (4 * inner * sqrt(inner + 1)), ALGEBRA))
    outer = sqrt(1 + S.cos**2)
    accepted(lambda: chain(diff(P(outer), "theta_i")).eq(-S.sin * S.cos / outer, DIFFERENTIATE))


def test_derivative_of_a_root_with_a_wrong_factor():
    refused(lambda: chain(diff(sqrt(h + 1), "h")).eq(1 / sqrt(h + 1), ALGEBRA))
    refused(lambda: chain(diff(sqrt(h + 1), "h")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(P(sqrt(1 + s)), "theta_i")).eq(0, DIFFERENTIATE))


def test_derivative_of_a_root_of_what_may_move():
    refused(lambda: chain(diff(sqrt(r + 1), "r")).eq(0, RATIO))
    refused(lambda: chain(diff(sqrt(h + 1), "r")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(sqrt(name + 1), "h")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(sqrt(rate**2 + h), "h")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(sqrt(c + 1), "sigma2")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(call("sqrt", h), "h") * sqrt(h)).eq(0, ALGEBRA))


def test_integral_of_a_root_over_a_kink():
    refused(lambda: chain(integral((h - 1) / kinked, "h", half, num(2))).antiderivative(half, kinked, ANTIDERIVATIVE))
    accepted(
        lambda: chain(integral(2 * kinked, "h", half, num(2))).antiderivative(
            num(Fraction(5, 4)), (h - 1) * kinked, ANTIDERIVATIVE
        )
    )


# --- signs by the way an expression is written ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "below",
    [
        (h - 1) ** 2, (h - 1) ** 2 * h, (h - 1) ** 2 / h, ((h - 1) ** 2) ** 3, (h - 1) ** 2 + (r - 1) ** 2, kinked,
        (h - 1) ** 3, (h - 1) * (r - 1), sqrt(lam), lam**2, S.lam_s, S.alpha, S.alpha**2, S.mu_perp2, S.sigma2,
        S.d, S.k, S.D - S.k, S.D - S.d, 1 - 2 * S.weight, S.weight - 1, sqrt(h**2 + 1) - 2 * h, sqrt(h**2) - h,
        call("max", h - 1, num(-1)), call("min", h, num(0)), h * call("min", h, r), S.k - S.d, s, 1 - s, S.cos,
    ],
)  # fmt: skip
def test_denominator_that_may_vanish(below):
    refused(lambda: chain(1).eq(below / below, ALGEBRA))


@pytest.mark.parametrize(
    "below", [h, h * r, S.weight, 1 - S.weight, S.tol, (h + 1) ** 2, 1 + (h - 1) ** 2, sqrt(h**2 + 1) - h, 1 + kinked]
)
def test_control_denominator_that_is_positive(below):
    accepted(lambda: chain(1).eq(below / below, ALGEBRA))


def test_sign_that_only_a_pretended_assumption_gives():
    for tag, base in (
        ("mixing-weight", 1 - S.weight),
        ("tolerance", S.tol),
        ("positive-time", h),
        ("nonnegative-source", 1 + S.lam_s),
        ("orthonormal-encoder", 1 + S.mu_perp2),
    ):
        pretending = Author("attack", Assumptions.default().pretending(tag))
        refused(lambda base=base, a=pretending: a.chain("attack", num(1)).eq(base / base, ALGEBRA))
        refused(lambda base=base, a=pretending: a.chain("attack", sqrt(base**2)).root(base, ALGEBRA))


def test_weight_lies_strictly_between_its_ends():
    accepted(lambda: chain(S.weight * (1 - S.weight)).ge(0))
    refused(lambda: chain(S.weight).le(1 - S.weight))
    refused(lambda: chain(S.weight**2).ge(S.weight))
    refused(lambda: chain(S.weight).cases("<=", call("min", S.weight, S.weight**2), S.weight, CERTIFICATE))
    refused(lambda: chain(S.tol).ge(1))


# --- weighted squares -----------------------------------------------------------------------------------------------


def test_control_weighted_squares():
    accepted(lambda: chain(h * (r - 1) ** 2 + c).optimum(c, r - 1, ALGEBRA, h))
    accepted(lambda: chain((h - 1) * r**2).optimum(num(0), r, while_positive(h - 1), h - 1))


@pytest.mark.parametrize("weight", [num(-1), h - 1, S.k - S.d, 1 - 2 * s, rate, -P(lam), S.lam_s - lam])
def test_weight_of_any_sign(weight):
    refused(lambda: chain(weight * r**2).optimum(num(0), r, ALGEBRA, weight))


def test_weighted_square_of_something_else():
    refused(lambda: chain(h * r**2).optimum(num(0), r, ALGEBRA, 2 * h))
    refused(lambda: chain(h * r).optimum(num(0), r, ALGEBRA, h))
    refused(lambda: chain(-(h**2)).optimum(num(0), sqrt(-h), ALGEBRA, h))
    refused(lambda: chain(-(name * r**2)).optimum(num(0), r, given("-1", (name, num(-1))), name))


def test_weighted_square_is_one_of_numbers():
    norm = S.xi.T @ S.xi
    refused(lambda: chain(expect(norm**2)).optimum(num(0), norm, ALGEBRA, num(1)))
    refused(lambda: chain((S.mu.T @ S.mu) ** 2).optimum(num(0), S.mu.T @ S.mu, ALGEBRA, num(1)))


# --- the distance of two Gaussians ----------------------------------------------------------------------------------


def test_distance_of_two_gaussians():
    by = PRINCIPAL_PLANES & BURES
    accepted(lambda: chain(bures(S.Sigma, S.Sigma)).eq(0, by))
    accepted(lambda: chain(bures(S.Sigma, S.Q)).eq(bures(S.Q, S.Sigma), by))
    refused(lambda: chain(bures(S.Sigma, S.Q)).eq(0, by))
    refused(lambda: chain(bures(S.Sigma, S.Q)).eq(bures(S.Q, S.Sigma), BURES))
    refused(lambda: chain(bures(S.Sigma, S.Sigma)).eq(0, PRINCIPAL_PLANES))
    for other in (S.P, letter("T", "D", "D", symmetric=True), S.Sigma_s):
        refused(lambda other=other: chain(bures(S.Sigma, other)).eq(0, by))


def test_distance_without_the_cross_term():
    """Commuting covariances: (sqrt x - sqrt y)^2 a direction, and not x + y or (x - y)^2."""
    by = PRINCIPAL_PLANES & BURES
    angle = chain(bures(S.M, S.M)).eq(0, by)
    accepted(lambda: angle)
    refused(lambda: chain(bures(S.Sigma, S.Q)).eq(P(S.a * s) + (S.D - S.k) * (c - h), by))
