"""Attempts to make the kernel accept something false by products, quotients and powers of sums over planes and of
traces, and by variables of one plane that leak out of a sum or into one."""

import pytest
from attacks import refused
from test_kernel_soundness import accepted, chain

from theory import symbols as S
from theory.cited import while_positive
from theory.expr import Expr, call, diff, expect, eye, letter, log, num, plane_sum, sym, trace
from theory.rules import ALGEBRA, DIFFERENTIATE, PRINCIPAL_PLANES, SECOND_MOMENT, TARGET_ORTHONORMAL, given

h, c, a, s, lam = S.h, S.c, S.a, S.s, S.lam
name = sym("unlisted")
P = plane_sum
overlap = S.V @ S.V.T


# --- products of sums -----------------------------------------------------------------------------------------------


def test_control_products_of_sums():
    accepted(lambda: chain(P(lam) ** 2).eq(P(lam) * P(lam), ALGEBRA))
    accepted(lambda: chain(P(lam + 1) * P(s)).eq(P(lam) * P(s) + S.d * P(s), ALGEBRA))
    accepted(lambda: chain(P(S.cos**2) * P(s)).eq((S.d - P(s)) * P(s), ALGEBRA))
    accepted(lambda: chain(P(lam * P(lam) ** 2)).eq(P(lam) ** 3, ALGEBRA))
    accepted(lambda: chain(1).eq((h + P(lam)) / (h + P(lam)), ALGEBRA))


def test_a_product_of_sums_is_not_the_sum_of_products():
    refused(lambda: chain(P(lam**2)).eq(P(lam) ** 2, ALGEBRA))
    refused(lambda: chain(P(lam * s)).eq(P(lam) * P(s), ALGEBRA))
    refused(lambda: chain(P(s**2 * S.lam) * P(num(1)), **{"lambda": "isotropic"}).eq(S.lam * P(s) ** 2, ALGEBRA))


def test_a_sum_of_quotients_is_not_the_quotient_of_sums():
    refused(lambda: chain(P(1 / (c + a)) * P(c + a)).eq(S.d**2, ALGEBRA))
    refused(lambda: chain(P(1 / (c + a))).eq(1 / P(c + a), while_positive(P(c + a))))
    refused(lambda: chain(P(s * lam) / (1 + P(lam))).eq(P(s) * P(lam) / (1 + P(lam)), ALGEBRA))


def test_a_sum_within_a_sum():
    refused(lambda: chain(P(P(lam))).eq(P(lam), ALGEBRA))
    refused(lambda: chain(P(s * P(lam))).eq(P(s * lam), ALGEBRA))
    refused(lambda: chain(P(s * (P(lam) * P(lam)))).eq(P(s * lam * P(lam)), ALGEBRA))
    refused(lambda: chain(P(s * (P(lam) * P(lam)))).eq(P(s * lam) * P(lam), ALGEBRA))


def test_sums_over_different_directions():
    pairs, lost, both = P(lam, "pairs"), P(lam, "lost"), P(lam)
    refused(lambda: chain(pairs * lost, dims="k<d").eq(pairs**2, ALGEBRA))
    refused(lambda: chain(pairs * both, dims="k<d").eq(pairs**2, ALGEBRA))
    refused(lambda: chain(P(num(1), "pairs") * pairs, dims="k<d").eq(S.d * pairs, ALGEBRA))
    refused(lambda: chain(P(num(1), "lost") * pairs, dims="k<d").eq(S.k * pairs, ALGEBRA))
    accepted(lambda: chain(P(num(1), "lost") * pairs, dims="k<d").eq((S.d - S.k) * pairs, ALGEBRA))
    accepted(lambda: chain(P(num(1)) * both, dims="k=d").eq(S.k * both, ALGEBRA))
    refused(lambda: chain(P(num(1)) * both).eq(S.k * both, ALGEBRA))


def test_division_by_a_sum_that_may_be_empty_or_zero():
    refused(lambda: chain(1).eq(P(lam) / P(lam), ALGEBRA))
    refused(lambda: chain(1).eq(P(c) / P(c), ALGEBRA))
    refused(lambda: chain(1).eq(P(c) * P(c) ** -1, ALGEBRA))
    refused(lambda: chain(1).eq(P(c) ** 2 / P(c) ** 2, ALGEBRA))
    refused(lambda: chain(1).eq(P(c) * P(c) / (P(c) * P(c)), ALGEBRA))
    refused(lambda: chain(1).eq(S.d / S.d, ALGEBRA))
    refused(lambda: chain(1).eq((1 - P(s)) / (1 - P(s)), ALGEBRA))


def test_division_by_a_combination_of_sums_that_is_zero():
    nothing = P(c + a) - S.d * c - P(a)
    refused(lambda: chain(1).eq(nothing / nothing, ALGEBRA))
    refused(lambda: chain(1).eq(nothing**2 / nothing**2, ALGEBRA))


def test_certificate_for_a_product_of_sums():
    refused(lambda: chain(-(P(lam) * P(s))).ge(0))
    refused(lambda: chain(P(lam) * P(s)).le(P(lam * s)))
    refused(lambda: chain(P(lam) * P(1 - 2 * s)).ge(0))


def test_optimum_with_sums():
    refused(lambda: chain((0 - P(lam)) * h**2).optimum(num(0), h, ALGEBRA, -P(lam)))
    refused(lambda: chain(P(lam**2)).optimum(num(0), P(lam), ALGEBRA, num(1)))
    accepted(lambda: chain(P(lam) * P(s) ** 2).optimum(num(0), P(s), ALGEBRA, P(lam)))


def test_derivative_of_a_product_of_sums():
    refused(lambda: chain(diff(P(h * lam) ** 2, "h")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(P(h * lam) * P(s), "h")).eq(P(lam * s), ALGEBRA))
    refused(lambda: chain(diff(P(lam) * P(lam), "lambda_i")).eq(2 * lam, ALGEBRA))


# --- products of traces ---------------------------------------------------------------------------------------------


def test_a_product_of_traces_is_not_the_trace_of_the_product():
    refused(lambda: chain(trace(S.Sigma) * trace(S.Q)).eq(trace(S.Sigma @ S.Q), ALGEBRA))
    refused(lambda: chain(trace(S.Sigma) ** 2).eq(trace(S.Sigma @ S.Sigma), ALGEBRA))
    accepted(lambda: chain(trace(S.Sigma) ** 2).eq(trace(S.Sigma.T) * trace(S.Sigma), ALGEBRA))
    accepted(lambda: chain(trace(S.V @ S.Lam @ S.V.T) * trace(S.P)).eq(P(lam) * (S.D - S.k), PRINCIPAL_PLANES))


@pytest.mark.parametrize(
    "fourth",
    [
        trace(S.xi @ S.xi.T) * trace(S.xi @ S.xi.T),
        (S.xi.T @ S.xi) * (S.xi.T @ S.xi),
        (S.xi.T @ S.xi) ** 2,
        trace(S.xi @ S.xi.T) ** 2,
    ],
)
def test_expectation_of_a_product_of_random_traces(fourth):
    refused(lambda: chain(expect(fourth)).eq(trace(S.Sigma) ** 2, SECOND_MOMENT))


def test_expectation_and_a_square_do_not_commute():
    square = S.xi.T @ S.xi
    refused(lambda: chain(expect(square + 1) ** 2).eq(expect((square + 1) ** 2), ALGEBRA))
    refused(lambda: chain(expect(square) ** 2).eq(expect(square**2), SECOND_MOMENT))
    refused(lambda: chain(expect(1 / (1 + square))).eq(1 / (1 + trace(S.Sigma)), SECOND_MOMENT))


# --- variables of one plane -----------------------------------------------------------------------------------------


def test_factor_of_one_plane_beside_a_product_of_sums():
    refused(lambda: chain(lam * P(s) * P(s)).eq(P(lam * s) * P(s), ALGEBRA))
    refused(lambda: chain((P(s) * P(s)) * lam).eq(P(lam * s) * P(s), ALGEBRA))
    refused(lambda: chain(P(lam * (1 + s)) * P(s) / (1 + s)).eq(P(lam) * P(s), ALGEBRA))


def test_factor_of_one_plane_within_a_trace():
    """lambda_j d is tr(lambda_j V V^T), and not the sum of the lambda_i."""
    inside = trace(lam * overlap)
    refused(
        lambda: (
            chain(lam * S.d)
            .eq(lam * trace(overlap), TARGET_ORTHONORMAL)
            .eq(inside, ALGEBRA)
            .eq(P(lam), PRINCIPAL_PLANES)
        )
    )
    refused(lambda: chain(inside).eq(P(lam), PRINCIPAL_PLANES))
    refused(lambda: chain(trace(overlap / (c + a))).eq(P(1 / (c + a)), PRINCIPAL_PLANES))


def test_factor_of_one_plane_beside_an_identity():
    """tr(lambda_j I) is lambda_j d, and not the sum of the lambda_i."""
    refused(lambda: chain(lam * S.d).eq(trace(lam * eye("d")), ALGEBRA).eq(P(lam), PRINCIPAL_PLANES))
    whole = 2 * P(lam) + (S.k - S.d) * lam + (S.D - S.k - S.d) * lam
    refused(lambda: chain(lam * S.D).eq(trace(lam * eye("D")), ALGEBRA).eq(whole, PRINCIPAL_PLANES))


def test_letter_of_one_plane_within_a_trace():
    T_i = letter("T_i", "D", "D", symmetric=True)
    value = given("T_i", (T_i, lam * eye("D")))
    start = trace(T_i @ overlap)
    refused(lambda: chain(lam * trace(overlap)).eq(start, value).eq(P(lam), PRINCIPAL_PLANES & value))
    refused(lambda: chain(P(trace(T_i))).eq(S.d * trace(T_i), ALGEBRA))
    refused(lambda: chain(P(trace(T_i) * trace(T_i))).eq(S.d * trace(T_i) ** 2, ALGEBRA))


def test_name_of_one_plane_within_a_trace():
    one = sym("unlisted_i")
    value = given("a name", (one, lam))
    refused(lambda: chain(one * S.d).eq(trace(one * overlap), TARGET_ORTHONORMAL).eq(P(lam), PRINCIPAL_PLANES & value))
    refused(lambda: chain(trace(one * overlap)).eq(P(one), PRINCIPAL_PLANES))


def test_derivative_of_a_sum_is_a_variable_of_one_plane():
    one = diff(P(lam**2), "lambda_i")
    value = given("a name", (name, one))
    refused(lambda: chain(P(2 * lam)).eq(P(name), value).eq(S.d * name, ALGEBRA).eq(2 * S.d * lam, value))
    least = call("min", one, num(1))
    refused(lambda: chain(P(least)).eq(S.d * least, ALGEBRA))
    angle = given("a name", (name, diff(P(S.cos), "theta_i")))
    refused(lambda: chain(P(-S.sin)).eq(P(name), angle & DIFFERENTIATE).eq(S.d * name, ALGEBRA))
    accepted(lambda: chain(P(one)).eq(2 * P(lam), ALGEBRA))


def test_derivative_of_a_derivative_of_a_sum():
    inner = diff(P(lam**3), "lambda_i")
    refused(lambda: chain(P(inner)).eq(S.d * inner, ALGEBRA))
    refused(lambda: chain(diff(inner, "lambda_i")).eq(0, ALGEBRA))


def test_minimum_and_root_of_one_plane_are_not_counted():
    refused(lambda: chain(P(call("sqrt", h + lam)) * P(s)).eq(S.d * call("sqrt", h + lam) * P(s), ALGEBRA))
    refused(lambda: chain(P(call("min", lam, h)) * P(s)).eq(S.d * call("min", lam, h) * P(s), ALGEBRA))
    accepted(lambda: chain(P(call("min", P(lam), h))).eq(S.d * call("min", P(lam), h), ALGEBRA))


def test_logarithm_of_a_product_of_sums():
    refused(lambda: chain(log((1 + P(lam)) ** 2)).eq(log(1 + P(lam**2)), ALGEBRA))
    refused(lambda: chain(log(1 + h) * P(lam)).eq(log(1 + h * P(lam)), ALGEBRA))
    refused(lambda: chain(P(lam) * P(log(1 + lam))).eq(P(lam * log(1 + lam)), ALGEBRA))


def test_forged_name_of_a_sum():
    def build(forged: str, value: Expr) -> None:
        refused(lambda: chain(P(lam) * P(lam) - sym(forged) ** 2 + value - value).eq(0, ALGEBRA))

    build("total 0", h)
    build("total 1", h)
