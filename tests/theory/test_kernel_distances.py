"""Attempts to make the kernel accept something false by distances of laws: the triangle inequality, the covariances
that a sampler makes, and singular covariances."""

import pytest
from attacks import refused
from test_kernel_soundness import accepted, chain

from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, Link
from theory.cited import BURES, while_positive
from theory.cited_laws import DATA_COVARIANCE, DATA_LAW, EXACT_LAW, MADE_EXACTLY, MADE_IN_STEPS, STEPPED_LAW, TRIANGLE
from theory.derivation import Author
from theory.expr import Expr, bures, call, eye, letter, log, num, plane_sum, sym, trace
from theory.kernel import check
from theory.rules import ALGEBRA, PRINCIPAL_PLANES, Rule, given

h, c, D, k, d = S.h, S.c, S.D, S.k, S.d
v, spare, rest, step = sym("v_i"), sym("v_spare"), sym("v_rest"), sym("step_i")
LAWS = PRINCIPAL_PLANES & BURES & DATA_COVARIANCE & MADE_EXACTLY & MADE_IN_STEPS
P = plane_sum


def sqrt(x: Expr | int) -> Expr:
    return call("sqrt", x)


def W2(x: Expr, y: Expr) -> Expr:
    return sqrt(bures(x, y))


WHOLE = W2(DATA_LAW, STEPPED_LAW)
PATH = W2(DATA_LAW, S.Sigma) + W2(S.Sigma, S.Q) + W2(S.Q, STEPPED_LAW)


def linked(start: Expr, relation: str, expr: Expr, by: Rule, form: str = "triangle") -> Chain:
    return Chain("attack", start, Assumptions.default().model(), "attack", [Link(relation, expr, by, form)])


# --- the triangle inequality ----------------------------------------------------------------------------------------


def test_control_triangle():
    accepted(lambda: chain(WHOLE).detour(S.Sigma, S.Q, by=TRIANGLE))
    accepted(lambda: chain(WHOLE).detour(S.Sigma, S.Q, EXACT_LAW, by=TRIANGLE))
    accepted(lambda: chain(WHOLE).detour(by=TRIANGLE))
    accepted(lambda: linked(WHOLE, "<=", PATH, TRIANGLE))


@pytest.mark.parametrize(
    "wrong",
    [
        W2(DATA_LAW, S.Sigma) + W2(S.Q, STEPPED_LAW),  # a gap
        W2(DATA_LAW, S.Sigma) + W2(S.Sigma, S.Q),  # another end
        W2(S.Sigma, S.Q) + W2(S.Q, STEPPED_LAW),  # another start
        W2(S.Sigma, S.Q) + W2(DATA_LAW, S.Sigma) + W2(S.Q, STEPPED_LAW),  # no path as it is written
        W2(DATA_LAW, S.Sigma) + W2(S.Sigma, STEPPED_LAW) / 2,
        W2(DATA_LAW, S.Sigma) - W2(S.Sigma, STEPPED_LAW),
        2 * W2(DATA_LAW, S.Sigma),
        W2(DATA_LAW, S.Sigma) * W2(S.Sigma, STEPPED_LAW),
        bures(DATA_LAW, S.Sigma) + bures(S.Sigma, STEPPED_LAW),
        sqrt(bures(DATA_LAW, S.Sigma) + bures(S.Sigma, STEPPED_LAW)),
        W2(DATA_LAW, DATA_LAW),
        num(0),
    ],
)
def test_what_is_no_path_bounds_nothing(wrong):
    refused(lambda: linked(WHOLE, "<=", wrong, TRIANGLE))


def test_squares_of_distances_have_no_triangle_inequality():
    squares = bures(DATA_LAW, S.Sigma) + bures(S.Sigma, STEPPED_LAW)
    refused(lambda: linked(bures(DATA_LAW, STEPPED_LAW), "<=", squares, TRIANGLE))
    refused(lambda: chain(bures(DATA_LAW, STEPPED_LAW)).detour(S.Sigma, by=TRIANGLE))
    refused(lambda: linked(bures(DATA_LAW, STEPPED_LAW), "<=", squares, TRIANGLE & LAWS, "certificate"))
    refused(lambda: linked(log(h), "<=", PATH, TRIANGLE))


@pytest.mark.parametrize("relation", ["=", ">=", "<", ""])
def test_the_triangle_inequality_has_one_direction(relation):
    made = linked(WHOLE, "<=", PATH, TRIANGLE)
    made.links[0] = Link(relation, PATH, TRIANGLE, "triangle")
    assert not all(report.accepted for report in check(made))


def test_the_triangle_inequality_is_a_reason_of_its_own():
    for by in (ALGEBRA, BURES, LAWS, DATA_COVARIANCE):
        refused(lambda by=by: chain(WHOLE).detour(S.Sigma, by=by))
    refused(lambda: linked(WHOLE, "<=", PATH, TRIANGLE, "certificate"))
    refused(lambda: linked(WHOLE, "=", PATH, TRIANGLE, "normal form"))


def test_laws_of_another_space_are_on_no_path():
    refused(lambda: chain(W2(S.M, S.M)).detour(by=TRIANGLE))
    refused(lambda: chain(W2(S.Sigma, S.Sigma)).detour(S.Sigma_s, by=TRIANGLE))


@pytest.mark.parametrize(
    "tag", ["orthonormal-encoder", "positive-time", "nonnegative-latent", "nonnegative-noise", "real-signal"]
)
def test_without_it_a_letter_need_not_be_a_covariance(tag):
    pretended = Author("attack", Assumptions.default().pretending(tag))
    made = pretended.chain("q", W2(S.Sigma, EXACT_LAW)).detour(S.Q, by=TRIANGLE)
    assert not all(report.accepted for report in check(made))


def test_a_distance_stands_in_no_other_function():
    for wrong in (log(WHOLE), sqrt(WHOLE), call("phi", WHOLE), sqrt(2 * bures(S.Sigma, S.Q))):
        refused(lambda wrong=wrong: chain(wrong).eq(wrong, ALGEBRA))
    refused(lambda: chain(WHOLE).eq(0, ALGEBRA))
    refused(lambda: chain(W2(S.Sigma, S.Q)).eq(W2(S.Q, EXACT_LAW), LAWS))
    refused(lambda: chain(WHOLE).ge(0))
    refused(lambda: chain(num(1)).eq(WHOLE / WHOLE, ALGEBRA))


# --- covariances that a sampler makes -------------------------------------------------------------------------------


def both(x: Expr, y: Expr) -> Expr:
    return x + y - 2 * sqrt(x * y)


def diagonal(plane: Expr, off: Expr) -> Expr:
    return P(plane) + (k - d) * both(c, spare) + (D - k - d) * off


M = c + S.a * (1 - S.s)
NESTED = M + v + h + rest - 2 * sqrt(M * v + h * rest + 2 * sqrt(M * v * h * rest))


def test_control_of_a_sampler_s_law():
    accepted(lambda: chain(bures(S.Q, EXACT_LAW)).eq(diagonal(NESTED, both(h, rest)), LAWS))
    accepted(lambda: chain(bures(EXACT_LAW, EXACT_LAW)).eq(0, LAWS))
    accepted(lambda: chain(bures(EXACT_LAW, STEPPED_LAW)).eq(bures(STEPPED_LAW, EXACT_LAW), LAWS))


@pytest.mark.parametrize(
    "wrong",
    [
        num(0),
        diagonal(NESTED, both(c, rest)),
        diagonal(NESTED, both(h, spare)),
        P(NESTED) + (k - d) * both(c, rest) + (D - k - d) * both(h, rest),
        diagonal(both(M, v), both(h, rest)),
        diagonal(both(M, v) + both(c, rest), both(h, rest)),
    ],
)
def test_a_sampler_s_law_has_these_variances_and_no_others(wrong):
    refused(lambda: chain(bures(S.Q, EXACT_LAW)).eq(wrong, LAWS))


def test_two_samplers_are_two():
    refused(lambda: chain(bures(EXACT_LAW, STEPPED_LAW)).eq(0, LAWS))
    refused(lambda: chain(bures(S.Q, EXACT_LAW)).eq(bures(S.Q, STEPPED_LAW), LAWS))
    refused(lambda: chain(v).eq(step, LAWS))
    refused(lambda: chain(P(v)).eq(d * v, LAWS))
    refused(lambda: chain(P(v)).eq(d * spare, LAWS))


def test_a_variance_is_positive_only_where_it_is_said():
    refused(lambda: chain(sqrt(v) ** 2).eq(v, ALGEBRA))
    refused(lambda: chain(v).ge(0))
    refused(lambda: chain(sqrt(rest) * sqrt(spare)).eq(sqrt(rest * spare), ALGEBRA))
    accepted(lambda: chain(sqrt(rest) ** 2).eq(rest, while_positive(rest)))
    lemma = chain(bures(S.Q, EXACT_LAW)).eq(diagonal(NESTED, both(h, rest)), LAWS).lemma()
    refused(lambda: chain(bures(S.Q, EXACT_LAW)).eq(diagonal(NESTED, both(h, rest)), lemma & BURES))


def test_a_law_has_one_meaning():
    for law in (DATA_LAW, EXACT_LAW, STEPPED_LAW):
        for value in (S.Sigma, eye("D"), -eye("D")):
            own = given("another meaning", (law, value))
            refused(lambda law=law, own=own: chain(bures(S.Sigma, law)).eq(0, own & LAWS))
            refused(lambda law=law, own=own: chain(W2(S.Sigma, law)).detour(S.Q, by=own & TRIANGLE))
    made = given("the variance", (v, 2 * M)), given("another", (v, 3 * M))
    refused(lambda: chain(v).eq(2 * M, made[0]).eq(3 * M, made[1]))


def test_a_distance_needs_the_theorem():
    refused(lambda: chain(bures(S.Q, EXACT_LAW)).eq(diagonal(NESTED, both(h, rest)), PRINCIPAL_PLANES & MADE_EXACTLY))
    refused(lambda: chain(bures(S.Q, EXACT_LAW)).eq(diagonal(NESTED, both(h, rest)), BURES & MADE_EXACTLY))
    refused(lambda: chain(bures(S.Q, EXACT_LAW)).eq(diagonal(NESTED, both(h, rest)), PRINCIPAL_PLANES & BURES))


def test_covariances_are_letters_that_are_known():
    for other in (S.P, sym("h") * eye("D"), -S.Sigma, S.Sigma - S.Q, S.U @ S.U.T):
        refused(lambda other=other: chain(bures(S.Sigma, other)).eq(bures(S.Sigma, other), LAWS))


# --- what is larger where the line says so --------------------------------------------------------------------------


def test_one_symbol_above_another():
    """`R > r` makes what is a polynomial in `r` and `R - r` with nonnegative coefficients positive, and no more."""
    r, R = S.r, S.R
    down = while_positive(R - r)
    for inside in (
        R * R - R * r,
        R**2 + 2 * R * h - h * r,
        R - r,
        R**3 - r**3,
        (R - r) ** 3 + h,
        R * h - r * h + S.lam,
    ):
        accepted(lambda inside=inside: chain(sqrt(inside) ** 2).eq(inside, down))
        refused(lambda inside=inside: chain(sqrt(inside) ** 2).eq(inside, ALGEBRA))
        refused(lambda inside=inside: chain(sqrt(inside) ** 2).eq(inside, while_positive(r - R)))
    for inside in (r - R, R - 2 * r, R - r - 1, R - h, S.lam - r, R - r**2, (R - r) * (h - 1)):
        refused(lambda inside=inside: chain(sqrt(inside) ** 2).eq(inside, down))
    refused(lambda: chain(num(1)).eq(sqrt(R - r) / sqrt(R - r), ALGEBRA))
    refused(lambda: chain(num(1)).eq((R - h) / (R - h), down))
    refused(lambda: chain(R).ge(r))


# --- singular covariances -------------------------------------------------------------------------------------------


def test_a_singular_covariance_of_the_data():
    """Without ambient noise the data covariance has rank d: its distance is exact, and nothing else."""
    quiet = Author("attack", Assumptions.default().choose({"sigma2": "0", "dims": "k=d"}))
    lam, wide = S.lam, S.h + S.a
    right = P(lam + wide + h - 2 * sqrt(lam * wide)) + (D - 2 * d) * h
    assert all(r.accepted for r in check(quiet.chain("q", bures(DATA_LAW, S.Sigma)).eq(right, LAWS)))
    for wrong in (
        num(0),
        right - h,
        P(lam + wide - 2 * sqrt(lam * wide)) + (D - d) * h + 1,
        P(lam + wide + h) + (D - 2 * d) * h,
    ):
        made = quiet.chain("q", bures(DATA_LAW, S.Sigma)).eq(wrong, LAWS)
        assert not all(r.accepted for r in check(made))


def test_a_covariance_of_another_space_is_none_of_these():
    small, data = (letter(name, "k", "k", symmetric=True) for name in ("C_exact", "C_0"))
    total = P(v + rest) + (k - d) * spare + (D - k - d) * rest
    accepted(lambda: chain(trace(EXACT_LAW)).eq(total, LAWS))
    refused(lambda: chain(trace(small)).eq(total, LAWS))
    refused(lambda: linked(W2(small, data), "<=", W2(small, S.M) + W2(S.M, data), TRIANGLE))
