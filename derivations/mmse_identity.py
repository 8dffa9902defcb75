"""The error of a frozen latent by posterior means, for any law of the target, and what it is for a Gaussian one.

Problem: E ||s(x) - s_U(x)||^2 when the target has any law with a finite second moment. Guarantee: exact, at every time
h > 0. Source: Tweedie's formula; the split into what the encoder loses and two posterior variances is derived here.
"""

from __future__ import annotations

from functools import cache

from derivations import forward_marginal, frozen_latent_error, principal_planes
from derivations.forward_marginal import TARGET
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import INDEPENDENT_INPUTS, SIGMA_ROOT, deviation, eps, z
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
    x0,
)
from theory.derivation import Author, Derivation, Output, Replacement
from theory.expr import Expr, expect, eye, letter, trace
from theory.rules import (
    ALGEBRA,
    DECODER,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    PRINCIPAL_PLANES,
    PROJECTOR,
    SECOND_MOMENT,
    TARGET_COVARIANCE,
    given,
)

mmse, mmse_y = letter("mmse", "D", "D", symmetric=True), letter("mmse_y", "k", "k", symmetric=True)
Sigma_0, M_0 = letter("Sigma_0", "D", "D", symmetric=True), letter("M_0", "k", "k", symmetric=True)
COVARIANCES = given(
    "`Sigma_0 = V Lambda V^T + sigma^2 I`, `M_0 = U^T Sigma_0 U`",
    (Sigma_0, forward_marginal.data),
    (M_0, S.U.T @ Sigma_0 @ S.U),
)
LOST = expect(x0.T @ S.P @ x0)  # what no latent score can make good
IDENTITY = S.alpha**2 / S.h**2 * (LOST + trace(mmse_y) - trace(mmse))

POSTERIORS = "what the posterior means of the target and of its code miss has the covariances `mmse` and `mmse_y`"


def _square(vector: Expr) -> Expr:
    return expect(vector.T @ vector)


def _optimality(a: Author) -> None:
    """Any other latent score, of the encoded point alone, costs its mean squared distance from the best."""
    best = S.score - S.U @ S.g + S.P @ S.x / S.h
    gap = S.alpha / S.h * (S.P @ posterior + S.U @ (missing_y - S.U.T @ missing))
    (
        a.chain("no other latent score `g + q` is better", _square(best - S.U @ deviation))
        .eq(_square(gap - S.U @ deviation), TWEEDIE & MISSING & PROJECTOR)
        .optimum(_square(gap), deviation, POSTERIOR & PROJECTOR & ENCODER_ORTHONORMAL)
        .eq(_square(best), TWEEDIE & MISSING & PROJECTOR)
    )


def _parts(a: Author) -> tuple[Chain, Chain]:
    """The two parts of the error, outside the encoder and inside, by what the posterior means miss."""
    outside = (
        a.chain("outside the encoder", expect(posterior.T @ S.P @ posterior))
        .eq(expect((posterior + missing).T @ S.P @ (posterior + missing)) - trace(S.P @ mmse), POSTERIOR)
        .eq(LOST - trace(S.P @ mmse), MISSING)
    )
    miss = S.U.T @ posterior - posterior_y
    inside = (
        a.chain("inside the encoder", _square(miss))
        .eq(_square(miss + S.U.T @ missing) - trace(S.U.T @ mmse @ S.U), POSTERIOR)
        .eq(_square(missing_y) - trace(S.U.T @ mmse @ S.U), MISSING)
        .eq(trace(mmse_y) - trace(S.U.T @ mmse @ S.U), POSTERIOR)
    )
    return outside, inside


def identity(a: Author) -> Chain:
    """E as what the encoder loses plus the difference of two mean squared errors, for any law."""
    outside, inside = _parts(a)
    error = S.score - frozen_latent_error.REUSED_SCORE
    miss = S.U.T @ posterior - posterior_y
    scale = S.alpha**2 / S.h**2
    return (
        a.chain("the error, for any law of the target", _square(error))
        .eq(_square(S.score - S.U @ S.g + S.P @ S.x / S.h), DECODER)
        .eq(scale * _square(posterior - S.U @ posterior_y), TWEEDIE & PROJECTOR)
        .eq(scale * (expect(posterior.T @ S.P @ posterior) + _square(miss)), PROJECTOR & ENCODER_ORTHONORMAL)
        .eq(scale * (LOST - trace(S.P @ mmse) + _square(miss)), outside.lemma())
        .eq(scale * (LOST - trace(S.P @ mmse) + trace(mmse_y) - trace(S.U.T @ mmse @ S.U)), inside.lemma())
        .eq(IDENTITY, PROJECTOR)
    )


def _diffused(a: Author) -> tuple[Chain, Chain]:
    """Sigma and M by the covariances of the data and of its encoding."""
    whole = a.chain("covariance of the diffused target", S.Sigma).eq(
        S.alpha**2 * Sigma_0 + S.h * eye("D"), TARGET_COVARIANCE & COVARIANCES
    )
    encoded = (
        a.chain("covariance of the encoded target", S.M)
        .eq(S.U.T @ S.Sigma @ S.U, ENCODED)
        .eq(S.alpha**2 * M_0 + S.h * eye("k"), TARGET_COVARIANCE & COVARIANCES & ENCODER_ORTHONORMAL)
    )
    return whole, encoded


def _posterior_covariances(a: Author, whole: Chain, encoded: Chain) -> tuple[Chain, Chain]:
    """For a Gaussian target: alpha^2 times the covariance of what each posterior mean misses."""
    mean = S.mu + S.alpha * (Sigma_0 @ S.Sigma.inv @ S.xi)
    full = (
        a.chain("what the posterior mean of a Gaussian target misses", mmse)
        .eq(
            expect((posterior + missing) @ (posterior + missing).T) - expect(posterior @ posterior.T),
            POSTERIOR,
        )
        .eq(expect(x0 @ x0.T) - expect(posterior @ posterior.T), MISSING)
        .eq(S.mu @ S.mu.T + Sigma_0 - expect(posterior @ posterior.T), TARGET & INDEPENDENT_INPUTS & COVARIANCES)
        .eq(S.mu @ S.mu.T + Sigma_0 - expect(mean @ mean.T), GAUSSIAN_POSTERIOR & COVARIANCES)
        .eq(Sigma_0 - S.alpha**2 * (Sigma_0 @ S.Sigma.inv @ Sigma_0), SECOND_MOMENT & INVERSE)
        .eq(Sigma_0 - Sigma_0 @ S.Sigma.inv @ (S.Sigma - S.h * eye("D")), whole.lemma())
        .eq(S.h * (Sigma_0 @ S.Sigma.inv), INVERSE)
    )
    mean_y = S.U.T @ S.mu + S.alpha * (M_0 @ S.M.inv @ S.U.T @ S.xi)
    seen = posterior_y @ posterior_y.T
    inside = (
        a.chain("what the encoded posterior mean misses", mmse_y)
        .eq(expect((posterior_y + missing_y) @ (posterior_y + missing_y).T) - expect(seen), POSTERIOR)
        .eq(expect((S.U.T @ x0) @ (S.U.T @ x0).T) - expect(seen), MISSING)
        .eq(S.U.T @ S.mu @ S.mu.T @ S.U + M_0 - expect(seen), TARGET & INDEPENDENT_INPUTS & COVARIANCES)
        .eq(S.U.T @ S.mu @ S.mu.T @ S.U + M_0 - expect(mean_y @ mean_y.T), GAUSSIAN_POSTERIOR & COVARIANCES)
        .eq(M_0 - S.alpha**2 * (M_0 @ S.M.inv @ M_0), SECOND_MOMENT & ENCODED & INVERSE)
        .eq(M_0 - M_0 @ S.M.inv @ (S.M - S.h * eye("k")), encoded.lemma())
        .eq(S.h * (M_0 @ S.M.inv), INVERSE)
    )
    return full, inside


def _gaussian(a: Author, general: Chain, full: Chain, inside: Chain, whole: Chain, encoded: Chain) -> Chain:
    """The identity for a Gaussian target is the closed form of the frozen latent's error."""
    lost = (
        a.chain("what the encoder loses of a centred target", LOST)
        .eq(expect((S.mu + S.V @ z + SIGMA_ROOT * eps).T @ S.P @ (S.mu + S.V @ z + SIGMA_ROOT * eps)), TARGET)
        .eq(S.mu.T @ S.P @ S.mu + trace(S.P @ Sigma_0), INDEPENDENT_INPUTS & COVARIANCES)
        .eq(trace(S.P @ Sigma_0), CENTRED_DATA)
    )
    frozen = frozen_latent_error.derive(a.assumptions)
    scale, h = S.alpha**2 / S.h**2, S.h
    return (
        a.chain("the error, for a Gaussian target", general.end)
        .eq(scale * (trace(S.P @ Sigma_0) + trace(mmse_y) - trace(mmse)), lost.lemma())
        .eq(
            scale * (trace(S.P @ Sigma_0) + h * trace(M_0 @ S.M.inv) - h * trace(Sigma_0 @ S.Sigma.inv)),
            full.lemma() & inside.lemma(),
        )
        .eq(
            trace(S.P @ (S.Sigma - h * eye("D"))) / h**2
            + trace((S.M - h * eye("k")) @ S.M.inv) / h
            - trace((S.Sigma - h * eye("D")) @ S.Sigma.inv) / h,
            whole.lemma() & encoded.lemma(),
        )
        .eq(frozen_latent_error.TRACE_FORM, INVERSE & PROJECTOR & ENCODER_ORTHONORMAL)
        .eq(frozen.chain("in principal planes").links[0].expr, PRINCIPAL_PLANES)
        .eq(frozen.closed, ALGEBRA)
    )


def _values(a: Author, full: Chain, inside: Chain) -> tuple[Output, ...]:
    """The three parts in principal planes."""
    D, k, d, c, la, s, q, h = S.D, S.k, S.d, S.c, S.a, S.s, S.cos**2, S.h
    lam, sigma2, total = S.lam, S.sigma2, a.model.sum
    planes = COVARIANCES & PRINCIPAL_PLANES
    lost = a.chain("the lost part in principal planes", trace(S.P @ Sigma_0)).eq(
        (D - k) * sigma2 + total(lam * s), planes
    )
    misses = (
        a.chain("its mean square in principal planes", trace(mmse))
        .eq(h * trace(Sigma_0 @ S.Sigma.inv), full.lemma())
        .eq(h * ((D - d) * sigma2 / c + total((lam + sigma2) / (c + la))), planes)
        .eq(D * h * sigma2 / c + total(h**2 * lam / (c * (c + la))), ALGEBRA)
    )
    encoded = (
        a.chain("and that of the encoded one", trace(mmse_y))
        .eq(h * trace(M_0 @ S.M.inv), inside.lemma())
        .eq(h * ((k - d) * sigma2 / c + total((lam * (1 - s) + sigma2) / (c + la * (1 - s)))), planes)
        .eq(k * h * sigma2 / c + total(h**2 * lam * (1 - s) / (c * (c + la * (1 - s)))), ALGEBRA)
    )
    stable = a.chain("the encoded one, as evaluated", encoded.end).eq(
        k * h * sigma2 / c + total(h**2 * lam * q / (c * (c + la * q))), ALGEBRA
    )
    return (
        Output("lost", lost.end, lost.end),
        Output("mmse encoded", encoded.end, stable.end),
        Output("mmse", misses.end, misses.end),
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The identity for any law; both errors for a Gaussian one; the closed form met again."""
    a = Author("mmse-identity", assumptions)
    _optimality(a)
    general = identity(a)
    diffused = _diffused(a)
    full, inside = _posterior_covariances(a, *diffused)
    error = _gaussian(a, general, full, inside, *diffused)
    evaluated = a.chain("the error, as evaluated", error.end).eq(
        frozen_latent_error.derive(assumptions).outputs[0].stable, ALGEBRA
    )
    return a.finish(
        section="Beyond Gaussian, from data",
        title="The error by posterior variances, for any law",
        statement=(
            "For any law of the target with a finite second moment, with what the posterior means miss, `e = x_0 - "
            "E[x_0 | x_t]` and `e_y = U^T x_0 - E[U^T x_0 | U^T x_t]`, the error of the best reused score is `E = "
            "alpha^2/h^2 (E[x_0^T P x_0] + E[e_y^T e_y] - E[e^T e])`: what the encoder loses, plus the price of "
            "estimating the code from the code alone, minus that of estimating the whole. The values below are for a "
            "Gaussian target, where `E` is the closed form of the frozen latent's error."
        ),
        outputs=(Output("E", error.end, evaluated.end), *_values(a, full, inside)),
        limits=(
            "`h > 0`. The identity asks neither for a Gaussian nor for a centred target: of the assumptions below it "
            "needs the orthonormal encoder, the best latent score and the decoder's term; the rest is for the values."
        ),
        rests_on=(
            principal_planes.derive(assumptions),
            forward_marginal.derive(assumptions),
            frozen_latent_error.derive(assumptions),
        ),
        references=("Robbins 1956, Efron 2011 (Tweedie's formula)",),
        replaces=tuple(
            Replacement("frozen-latent-error", "E", ("latent", law), (general,), words=POSTERIORS)
            for law in ("mixture", "any")
        ),
    )
