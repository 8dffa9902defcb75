"""The price of reuse when stopped at h: the Kullback-Leibler divergence of the reused law, in closed form.

Problem: KL(p_h || q_h), p_h the diffused target and q_h the Gaussian whose score is s_U. Guarantee: exact at h > 0.
First road: log-determinants. (`kl-is-integrated-error` takes the second.)
"""

from __future__ import annotations

from functools import cache

from derivations import forward_marginal, latent_optimum, principal_planes, target_score
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, inverse_lemma
from theory.cited import DENSITIES, LOG_P, LOG_Q
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, expect, eye, log, logdet, phi, sym, trace
from theory.rules import (
    ALGEBRA,
    CENTRING,
    DECODER,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    LAW,
    LOG_BOUNDS,
    PRINCIPAL_PLANES,
    PROJECTOR,
    RELEARNED,
    SECOND_MOMENT,
)


def _law(a: Author) -> Chain:
    """The Gaussian whose score is s_U: its covariance is U M U^T + h P, as multiplication shows."""
    precision = S.U @ S.M.inv @ S.U.T + S.P / S.h
    inverse = (
        a.chain("the law of the reused score", S.Q @ precision)
        .eq((S.U @ S.M @ S.U.T + S.h * S.P) @ precision, LAW)
        .eq(S.U @ S.U.T + S.P, PROJECTOR & ENCODER_ORTHONORMAL & INVERSE)
        .eq(eye("D"), PROJECTOR)
    )
    a.chain("its score is the reused one", S.U @ S.g - sym("gamma") * (S.P @ S.x)).eq(
        -(S.U @ S.M.inv @ S.U.T @ S.xi) - S.P @ S.xi / S.h, RELEARNED & DECODER & CENTRING
    ).eq(-(S.Q.inv @ S.xi), inverse_lemma(inverse, S.Q))
    return inverse


def _divergence(a: Author, inverse: Chain) -> Chain:
    """E[ln p - ln q] as traces and log-determinants."""
    quadratic = -(S.xi.T @ S.Sigma.inv @ S.xi) / 2 + S.xi.T @ S.Q.inv @ S.xi / 2
    return (
        a.chain("divergence", expect(LOG_P - LOG_Q))
        .eq(expect(quadratic) - logdet(S.Sigma) / 2 + logdet(S.Q) / 2, DENSITIES)
        .eq(
            (trace(S.Q.inv @ S.Sigma) - trace(S.Sigma.inv @ S.Sigma) + logdet(S.Q) - logdet(S.Sigma)) / 2,
            SECOND_MOMENT,
        )
        .eq(
            (trace(S.M.inv @ S.U.T @ S.Sigma @ S.U) + trace(S.P @ S.Sigma) / S.h - S.D + logdet(S.Q) - logdet(S.Sigma))
            / 2,
            inverse_lemma(inverse, S.Q) & INVERSE,
        )
        .eq((trace(S.P @ S.Sigma) / S.h - (S.D - S.k) + logdet(S.Q) - logdet(S.Sigma)) / 2, ENCODED & INVERSE)
    )


def closed_form(a: Author) -> Expr:
    """Ambient part and one term a plane."""
    reached = S.c + S.a * (1 - S.s)
    planes = a.model.sum((S.a * S.s / S.h - log((S.c + S.a) / reached)) / 2)
    return (S.D - S.k) * phi(S.nu / S.h) / 2 + planes


def stable_form(a: Author) -> Expr:
    """The same as sums of nonnegative terms: the logarithm's first-order part is taken out."""
    reached = S.c + S.a * S.cos**2
    tail = S.a * S.s * (S.nu + S.a * S.cos**2) / (S.h * reached)
    return (S.D - S.k) * phi(S.nu / S.h) / 2 + a.model.sum((phi(S.a * S.s / reached) + tail) / 2)


def _limit(a: Author, closed: Expr) -> None:
    """h -> 0: with K the mean square of alpha x_0 outside the encoder, KL <= K/(2h), and a lower bound that grows like
    K/(2h) too. So KL diverges exactly when K is positive, and is 0 otherwise."""
    D, k, c, la, s, h, nu = S.D, S.k, S.c, S.a, S.s, S.h, S.nu
    a.chain("at most half the mean square outside the encoder over `h`", closed).le(
        ((D - k) * nu + a.model.sum(la * s)) / (2 * h), LOG_BOUNDS
    )
    least = (D - k) * phi(nu / h) / 2 + a.model.sum(phi(la * s / h) / 2)
    ratio = (h + la * s) * (c + la * (1 - s)) / (h * (c + la))
    a.chain("at least the same with `phi`: what is above it", closed - least).eq(
        a.model.sum(log(ratio) / 2), ALGEBRA
    ).ge(0, LOG_BOUNDS)
    off, out = call("sqrt", 1 + nu / h), call("sqrt", 1 + la * s / h)
    a.chain("which grows without bound as `h -> 0`", least).eq(
        (D - k) * (nu / h - 2 * log(off)) / 2 + a.model.sum((la * s / h - 2 * log(out)) / 2), ALGEBRA
    ).ge((D - k) * (nu / h - 2 * (off - 1)) / 2 + a.model.sum((la * s / h - 2 * (out - 1)) / 2), LOG_BOUNDS).eq(
        (D - k) * (off - 1) ** 2 / 2 + a.model.sum((out - 1) ** 2 / 2), ALGEBRA
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The law, the divergence in traces and log-determinants, principal planes."""
    a = Author("exact-kl", assumptions)
    divergence = _divergence(a, _law(a))
    D, k, d, c, la, s, h = S.D, S.k, S.d, S.c, S.a, S.s, S.h
    planes = (
        a.chain("in principal planes", divergence.end)
        .eq(
            (D - k) * (c / h - 1) / 2
            + a.model.sum(la * s / h) / 2
            + ((k - d) * log(c) + a.model.sum(log(c + la * (1 - s))) + (D - k) * log(h)) / 2
            - ((D - d) * log(c) + a.model.sum(log(c + la))) / 2,
            PRINCIPAL_PLANES,
        )
        .eq(
            (D - k) * (c / h - 1 - log(c / h)) / 2 + a.model.sum((la * s / h - log((c + la) / (c + la * (1 - s)))) / 2),
            ALGEBRA,
        )
        .eq(closed_form(a), ALGEBRA)
    )
    _limit(a, planes.end)
    evaluated = a.chain("as evaluated", planes.end).eq(stable_form(a), ALGEBRA)
    return a.finish(
        section="What is generated",
        title="Exact KL divergence of latent reuse",
        statement=(
            "The price of reuse when stopped at `h`: the divergence of the diffused target `p_h` from the "
            "Gaussian `q_h` whose score is the reused one; `phi(x) = x - ln(1+x)`. As `h -> 0` it grows like `K/(2h)`, "
            "`K` the mean square of `alpha x_0` outside the encoder; it never exceeds that."
        ),
        outputs=(Output("KL", planes.end, evaluated.end),),
        limits="`h > 0`; infinite at `h = 0` unless `sigma = 0` and all `lambda_i s_i = 0`.",
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            target_score.derive(assumptions),
            latent_optimum.derive(assumptions),
        ),
    )
