"""Attempts to make the kernel accept something false by ordered lists of eigenvalues, by the source's frame, and by the
theorems about any law of the target and about means."""

import pytest
from attacks import refused
from test_kernel_soundness import accepted, chain

from theory import cited
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, Stopped
from theory.cited import DENSITIES, LOG_Q, MEAN_NORMS, SHIFTED_DENSITIES, Rule, log_density, while_positive
from theory.cited_any_law import (
    CENTRED_DATA,
    GAUSSIAN_POSTERIOR,
    MISSING,
    POSTERIOR,
    TWEEDIE,
    missing,
    missing_y,
    posterior,
    posterior_y,
)
from theory.cited_spectra import DETERMINANTS, LATENT_ROOT, LOG_MAJORISATION, SEEN, SEEN_INVERSE, SPECTRA, WEYL
from theory.derivation import Author
from theory.expr import Expr, call, expect, eye, letter, log, logdet, num, plane_sum, substitute, sym, trace, zero
from theory.rules import (
    ALGEBRA,
    ENCODER_ORTHONORMAL,
    LAW_INVERSE,
    PRINCIPAL_PLANES,
    RELEARNED,
    SECOND_MOMENT,
    SOURCE_COVARIANCE,
    SOURCE_INVERSE,
    SOURCE_LATENT_SCORE,
    SOURCE_PLANES,
    given,
)

h, c, a, s, name = S.h, S.c, S.a, S.s, sym("unlisted")
mu, alike, across, turned = (sym(n) for n in ("mu_i", "alike_i", "across_i", "turned_i"))
mmse = letter("mmse", "D", "D", symmetric=True)
P = plane_sum


def pretending(tag: str, start: Expr) -> Chain:
    return Author("attack", Assumptions.default().pretending(tag)).chain("attack", start)


def ordered(function: Expr, smaller: str, larger: str, by: Rule) -> Chain:
    """The sum of a function over the larger list less that over the smaller, said to be nonnegative."""
    gap = P(substitute(function, {smaller: sym(larger)})) - P(function)
    return chain(gap).spectral(function, smaller, larger, by)


# --- ordered lists --------------------------------------------------------------------------------------------------


def test_control_ordered_lists():
    accepted(lambda: ordered(mu, "mu_i", "alike_i", LOG_MAJORISATION))
    accepted(lambda: ordered(mu**2 + h * mu, "mu_i", "alike_i", LOG_MAJORISATION))
    accepted(lambda: ordered(log(c + mu), "mu_i", "alike_i", LOG_MAJORISATION))
    accepted(lambda: ordered(across, "across_i", "mu_i", LOG_MAJORISATION))
    accepted(lambda: ordered(turned / (c + turned), "turned_i", "mu_i", WEYL))


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        ("alike_i", "mu_i"), ("mu_i", "across_i"), ("mu_i", "turned_i"), ("turned_i", "alike_i"), ("mu_i", "mu_i"),
        ("across_i", "turned_i"), ("alike_i", "across_i"), ("lambda_i", "mu_i"), ("mu_i", "lambda_i"),
    ],
)  # fmt: skip
def test_lists_that_nothing_orders_so(smaller, larger):
    refused(lambda: ordered(sym(smaller), smaller, larger, LOG_MAJORISATION & WEYL))


def test_lists_without_their_theorem():
    refused(lambda: ordered(mu, "mu_i", "alike_i", ALGEBRA))
    refused(lambda: ordered(mu, "mu_i", "alike_i", WEYL))
    refused(lambda: ordered(turned, "turned_i", "mu_i", LOG_MAJORISATION))


@pytest.mark.parametrize("function", [-mu, 1 / (c + mu), mu - mu**2, -log(c + mu), (S.k - S.d) * mu, mu**2 - mu])
def test_function_that_may_decrease(function):
    refused(lambda: ordered(function, "mu_i", "alike_i", LOG_MAJORISATION))
    refused(lambda: ordered(substitute(function, {"mu_i": turned}), "turned_i", "mu_i", WEYL))


@pytest.mark.parametrize(
    "function", [mu / (c + mu), -1 / (c + mu), log(c + mu) + 2 * mu / (c + mu), mu * c / (h + c + mu)]
)
def test_function_that_is_not_convex_in_the_logarithm(function):
    refused(lambda: ordered(function, "mu_i", "alike_i", LOG_MAJORISATION))
    refused(lambda: ordered(substitute(function, {"mu_i": across}), "across_i", "mu_i", LOG_MAJORISATION))


@pytest.mark.parametrize("factor", [s, S.lam, a, sym("alike_i"), name, sym("alpha_dot"), S.lam_s, sym("theta_i")])
def test_function_of_something_else(factor):
    refused(lambda: ordered(factor * mu, "mu_i", "alike_i", LOG_MAJORISATION))
    refused(lambda: ordered(mu / (1 + factor**2), "mu_i", "alike_i", LOG_MAJORISATION))


def test_function_of_a_name_that_hides_the_eigenvalue():
    one = sym("unlisted_i")
    value = given("a name", (one, mu))
    gap = P(alike**2) - P(mu**2)
    refused(lambda: chain(gap).spectral(one * mu, "mu_i", "alike_i", LOG_MAJORISATION & value))
    hidden = given("a name", (name, num(-1)))
    refused(lambda: chain(P(-alike) + P(mu)).spectral(name * mu, "mu_i", "alike_i", LOG_MAJORISATION & hidden))


def test_function_with_a_pole_or_a_logarithm_at_zero():
    positive = while_positive(mu, alike, mu - 1, alike - 1)
    for function in (-1 / mu, log(mu), log(mu) + mu, -1 / (mu - 1)):
        refused(lambda f=function: ordered(f, "mu_i", "alike_i", LOG_MAJORISATION & positive))
        refused(lambda f=function: ordered(f, "mu_i", "alike_i", LOG_MAJORISATION))


def test_function_that_has_no_slope():
    for function in (call("max", mu, h), call("min", mu, h), call("sqrt", mu), call("sqrt", (mu - 1) ** 2)):
        refused(lambda f=function: ordered(f, "mu_i", "alike_i", LOG_MAJORISATION))


def test_sums_over_other_directions():
    gap = P(alike, "pairs") - P(mu, "pairs")
    refused(lambda: chain(gap, dims="k<d").spectral(mu, "mu_i", "alike_i", LOG_MAJORISATION))
    refused(lambda: chain(P(alike) - P(mu) + 0 * h - 1).spectral(mu, "mu_i", "alike_i", LOG_MAJORISATION))
    refused(lambda: chain(2 * P(mu) - P(alike)).spectral(mu, "mu_i", "alike_i", LOG_MAJORISATION))


@pytest.mark.parametrize("one", [mu, alike, across, turned])
def test_eigenvalues_are_no_names_to_give(one):
    refused(lambda: chain(P(one)).eq(S.d, given("1", (one, num(1)))))
    refused(lambda: chain(P(one)).eq(S.d * one, ALGEBRA))
    refused(lambda: chain(one).solves(num(1), num(0), {"r": S.R, "value": num(1)}, cited.LINEAR_ODE, variable="r"))


# --- eigenvalues and principal planes -------------------------------------------------------------------------------


def test_eigenvalues_are_not_those_of_the_planes():
    accepted(lambda: chain(trace(SEEN)).eq(P(mu), SPECTRA))
    refused(lambda: chain(trace(SEEN)).eq(P(a * S.cos**2), SPECTRA))
    refused(lambda: chain(P(mu)).eq(P(a * (1 - s)), SPECTRA & PRINCIPAL_PLANES))
    refused(lambda: chain(trace(SEEN_INVERSE)).eq(P(1 / (c + a * S.cos**2)), SPECTRA & PRINCIPAL_PLANES))


def test_planes_of_a_misaligned_covariance():
    missed = trace(S.Lam @ S.V.T @ S.P @ S.V)
    accepted(lambda: chain(missed).eq(P(S.lam * s), PRINCIPAL_PLANES))
    refused(lambda: chain(missed, **{"lambda": "misaligned"}).eq(P(S.lam * s), PRINCIPAL_PLANES))
    refused(lambda: pretending("diagonal-latent", missed).eq(P(S.lam * s), PRINCIPAL_PLANES))
    refused(lambda: pretending("diagonal-latent", missed).eq(P(S.lam * s), SPECTRA & PRINCIPAL_PLANES))


@pytest.mark.parametrize("tag", ["orthonormal-target", "isotropic-noise", "nonnegative-latent", "positive-time"])
def test_determinants_under_a_pretended_assumption(tag):
    value = (S.D - S.d) * log(c) + P(log(c + a))
    accepted(lambda: chain(logdet(S.Sigma)).eq(value, DETERMINANTS))
    refused(lambda: pretending(tag, logdet(S.Sigma)).eq(value, DETERMINANTS))


def test_determinant_of_the_reused_law_of_an_oblique_encoder():
    value = (S.k - S.d) * log(c) + P(log(c + mu)) + (S.D - S.k) * log(h)
    accepted(lambda: chain(logdet(S.Q)).eq(value, DETERMINANTS))
    refused(lambda: pretending("orthonormal-encoder", logdet(S.Q)).eq(value, DETERMINANTS))


def test_root_of_a_covariance_that_may_be_indefinite():
    root = letter("B", "d", "d")
    accepted(lambda: chain(S.Lam).eq(root @ root.T, LATENT_ROOT))
    refused(lambda: pretending("nonnegative-latent", S.Lam).eq(root @ root.T, LATENT_ROOT))


# --- the source -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dims", ["any", "k=d", "k<d", "k>d"])
def test_traces_of_the_source(dims):
    model = Assumptions.default().choose({"dims": dims}).model()
    seen = S.Lam_s @ S.U.T @ S.V @ S.V.T @ S.U
    accepted(lambda: chain(trace(S.M_s), dims=dims).eq(S.k * S.c_s + model.sum(S.a_s), SOURCE_PLANES))
    accepted(lambda: chain(trace(seen), dims=dims).eq(model.sum(S.lam_s * (1 - s)), SOURCE_PLANES))
    refused(lambda: chain(trace(seen), dims=dims).eq(model.sum(S.lam_s), SOURCE_PLANES))
    wrong = model.sum((c + a) / (S.c_s + S.a_s))
    refused(lambda: chain(trace(S.M_s.inv @ S.M), dims=dims).eq(wrong, SOURCE_PLANES))


@pytest.mark.parametrize("by", [PRINCIPAL_PLANES, SOURCE_PLANES])
def test_source_that_need_not_be_diagonal(by):
    refused(lambda: pretending("source-encoder", trace(S.Lam_s)).eq(P(S.lam_s), by))
    product = trace(S.Lam_s @ S.M)
    refused(lambda: pretending("source-encoder", product).eq(P(S.lam_s * (c + a * S.cos**2)), by))


def test_source_under_a_pretended_assumption():
    refused(lambda: pretending("source-encoder", S.M_s @ S.M_s.inv).eq(eye("k"), SOURCE_INVERSE))
    refused(lambda: pretending("orthonormal-encoder", S.M_s @ S.M_s.inv).eq(eye("k"), SOURCE_INVERSE))
    encoded = S.alpha**2 * S.Lam_s + S.c_s * eye("k")
    start = S.U.T @ S.Sigma_s @ S.U
    accepted(lambda: chain(start).eq(encoded, SOURCE_COVARIANCE & ENCODER_ORTHONORMAL))
    refused(lambda: pretending("orthonormal-encoder", start).eq(encoded, SOURCE_COVARIANCE & ENCODER_ORTHONORMAL))


def test_source_and_target_need_not_commute():
    refused(lambda: chain(S.M_s @ S.M).eq(S.M @ S.M_s, SOURCE_PLANES))


# --- any law, means -------------------------------------------------------------------------------------------------


def test_control_what_the_posterior_mean_misses():
    accepted(lambda: chain(expect(missing.T @ missing)).eq(trace(mmse), POSTERIOR))
    accepted(lambda: chain(expect(missing @ posterior_y.T)).eq(zero("D", "k"), POSTERIOR))


def test_what_the_posterior_mean_misses_is_correlated_with_other_things():
    refused(lambda: chain(expect(missing_y @ posterior.T)).eq(zero("k", "D"), POSTERIOR))
    refused(lambda: chain(expect(missing @ S.xi.T)).eq(zero("D", "D"), POSTERIOR & SECOND_MOMENT))
    refused(lambda: chain(expect(missing @ missing_y.T)).eq(zero("D", "k"), POSTERIOR))
    refused(lambda: chain(missing_y).eq(S.U.T @ missing, MISSING))
    encoded = trace(S.U.T @ mmse @ S.U)
    refused(lambda: chain(expect(missing_y.T @ missing_y)).eq(encoded, POSTERIOR & MISSING))


def test_one_latent_score_with_two_meanings():
    encoded = (S.alpha * posterior_y - S.U.T @ S.x) / h
    accepted(lambda: chain(S.g).eq(encoded, TWEEDIE))
    refused(lambda: chain(encoded).eq(S.g, TWEEDIE).eq(-(S.M.inv @ S.U.T @ S.xi), RELEARNED))
    refused(lambda: chain(encoded).eq(S.g, TWEEDIE).eq(-(S.M_s.inv @ S.U.T @ S.xi), SOURCE_LATENT_SCORE))


def test_frozen_latent_score_is_not_the_best_one():
    encoded = (S.alpha * posterior_y - S.U.T @ S.x) / h
    refused(lambda: chain(S.g, score="frozen").eq(encoded, TWEEDIE))


def test_score_of_noise_that_depends_on_the_data():
    value = (S.alpha * posterior - S.x) / h
    refused(lambda: pretending("independent-noise", S.score).eq(value, TWEEDIE))


def test_gaussian_posterior_under_a_pretended_assumption():
    data = S.V @ S.Lam @ S.V.T + S.sigma2 * eye("D")
    value = S.mu + S.alpha * (data @ S.Sigma.inv @ S.xi)
    accepted(lambda: chain(posterior).eq(value, GAUSSIAN_POSTERIOR))
    refused(lambda: pretending("independent-noise", posterior).eq(value, GAUSSIAN_POSTERIOR))
    refused(lambda: pretending("gaussian-latent", posterior).eq(value, GAUSSIAN_POSTERIOR))


def test_reused_law_with_two_centres():
    shifted = S.x - S.alpha * (S.U @ S.U.T @ S.mu)
    refused(lambda: chain(log_density(S.xi, S.Q)).eq(LOG_Q, DENSITIES).eq(log_density(shifted, S.Q), SHIFTED_DENSITIES))


def test_reused_law_of_an_oblique_encoder_has_no_density():
    refused(lambda: pretending("orthonormal-encoder", LOG_Q).eq(log_density(S.xi, S.Q), DENSITIES))
    with pytest.raises(Stopped):
        chain(LOG_Q, encoder="oblique").eq(log_density(S.xi, S.Q), DENSITIES)
    refused(lambda: pretending("orthonormal-encoder", S.Q @ S.Q.inv).eq(eye("D"), LAW_INVERSE))


def test_norms_of_the_mean():
    accepted(lambda: chain(S.mu.T @ S.P @ S.mu).eq(S.mu_perp2, MEAN_NORMS))
    refused(lambda: chain(S.mu.T @ S.mu).eq(S.mu_perp2, MEAN_NORMS))
    refused(lambda: chain(S.mu_perp2).eq(0, CENTRED_DATA))
    refused(lambda: pretending("orthonormal-encoder", S.mu_perp2).ge(0))
    refused(lambda: pretending("centred-target", S.mu_perp2).eq(S.mu.T @ S.P @ S.mu, MEAN_NORMS).eq(0, CENTRED_DATA))
