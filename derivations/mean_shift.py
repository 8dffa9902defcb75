"""The price of a mean: what the error, the divergence and the distance gain when the decoder ignores the target's mean.

Problem: the target has mean mu, the reused score is U g(U^T x) - P x/h, and its decoder is not recentred. Guarantee:
exact, and the same for every principal angle. The latent score is the best one, which knows the mean of its own input;
other centres are worked out at the level of operators.
"""

from __future__ import annotations

from functools import cache

from derivations import (
    exact_kl,
    forward_marginal,
    frozen_latent_error,
    latent_optimum,
    principal_planes,
    target_score,
    two_sided_bound,
)
from derivations.frozen_latent_error import ERROR_OPERATOR, REUSED_SCORE, TRACE_FORM, K
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, inverse_lemma
from theory.cited import LOG_P, LOG_Q, MEAN_NORMS, SHIFTED_DENSITIES, TRANSLATION, W2, W2_CENTRED
from theory.cited_spectra import LATENT_ROOT, ROOT
from theory.derivation import Author, Derivation, Output, Replacement
from theory.expr import Expr, call, expect, eye, log, logdet, trace
from theory.rules import (
    ALGEBRA,
    CENTRED_POINT,
    CERTIFICATE,
    DECODER,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    LAW,
    PRINCIPAL_PLANES,
    PROJECTOR,
    RELEARNED,
    RHO,
    SECOND_MOMENT,
    TARGET_COVARIANCE,
)

alpha, h, mu = S.alpha, S.h, S.mu
FRAMES = PROJECTOR & ENCODER_ORTHONORMAL
OUTSIDE = mu.T @ S.P @ mu
CENTRE = alpha * (S.U @ S.U.T @ mu)  # the mean of what the reused score generates
OWN_ERROR = trace(K @ S.Sigma @ K.T)  # of a centred target


def square(vector: Expr) -> Expr:
    """Mean squared length."""
    return expect(vector.T @ vector)


def _error(a: Author) -> Chain:
    """E with the mean, for any positive definite Sigma, then in principal planes."""
    score = target_score.derive(a.assumptions).chain("the score").lemma()
    known = -(S.Sigma.inv @ S.xi) + S.U @ S.M.inv @ S.U.T @ S.xi
    shift = alpha**2 * S.mu_perp2 / h**2
    D, k, d, c, la, s = S.D, S.k, S.d, S.c, S.a, S.s
    traces = (
        (D - d) / c
        + a.model.sum(1 / (c + la))
        - (k - d) / c
        - a.model.sum(1 / (c + la * (1 - s)))
        - 2 * (D - k) / h
        + ((D - k) * c + a.model.sum(la * s)) / h**2
    )
    return (
        a.chain("the error with a mean", square(S.score - REUSED_SCORE))
        .eq(square(-(S.Sigma.inv @ S.xi) - S.U @ S.g + S.P @ S.x / h), score & DECODER)
        .eq(square(known + S.P @ S.x / h), RELEARNED)
        .eq(square(known + S.P @ (S.xi + alpha * mu) / h), CENTRED_POINT)
        .eq(square(K @ S.xi + alpha * (S.P @ mu) / h), ERROR_OPERATOR)
        .eq(OWN_ERROR + alpha**2 * OUTSIDE / h**2, SECOND_MOMENT & FRAMES)
        .eq(OWN_ERROR + shift, MEAN_NORMS)
        .eq(TRACE_FORM + shift, ERROR_OPERATOR & FRAMES & ENCODED & INVERSE)
        .eq(traces + shift, PRINCIPAL_PLANES)
        .eq(frozen_latent_error.closed_form(a) + shift, ALGEBRA)
    )


def _law(a: Author) -> Chain:
    """The reused score is that of a Gaussian of covariance Q, whose mean is the encoded part of the target's."""
    inverse = (
        a.chain("the law of the reused score", S.Q @ (S.U @ S.M.inv @ S.U.T + S.P / h))
        .eq((S.U @ S.M @ S.U.T + h * S.P) @ (S.U @ S.M.inv @ S.U.T + S.P / h), LAW)
        .eq(S.U @ S.U.T + S.P, FRAMES & INVERSE)
        .eq(eye("D"), PROJECTOR)
    )
    (
        a.chain("its mean is `alpha U U^T mu`, as its score shows", REUSED_SCORE)
        .eq(-(S.U @ S.M.inv @ S.U.T @ S.xi) - S.P @ S.x / h, RELEARNED & DECODER)
        .eq(-((S.U @ S.M.inv @ S.U.T + S.P / h) @ (S.x - CENTRE)), CENTRED_POINT & FRAMES)
        .eq(-(S.Q.inv @ (S.x - CENTRE)), inverse_lemma(inverse, S.Q))
    )
    a.chain("so it is away from the target's by what the encoder misses", alpha * mu - CENTRE).eq(
        alpha * (S.P @ mu), PROJECTOR
    )
    return inverse


def _divergence(a: Author, inverse: Chain) -> Chain:
    """E[ln p - ln q] with the two means."""
    precision = inverse_lemma(inverse, S.Q)
    shift = alpha**2 * S.mu_perp2 / (2 * h)
    D, k, d, c, la, s = S.D, S.k, S.d, S.c, S.a, S.s
    moved = S.xi + alpha * (S.P @ mu)
    dets = logdet(S.Q) - logdet(S.Sigma)
    away = S.x - CENTRE
    return (
        a.chain("divergence with a mean", expect(LOG_P - LOG_Q))
        .eq(
            expect(away.T @ S.Q.inv @ away - S.xi.T @ S.Sigma.inv @ S.xi) / 2 + dets / 2,
            SHIFTED_DENSITIES,
        )
        .eq(
            expect(moved.T @ S.Q.inv @ moved - S.xi.T @ S.Sigma.inv @ S.xi) / 2 + dets / 2,
            CENTRED_POINT & PROJECTOR,
        )
        .eq(
            (
                trace(S.Q.inv @ S.Sigma)
                - trace(S.Sigma.inv @ S.Sigma)
                + alpha**2 * (mu.T @ S.P @ S.Q.inv @ S.P @ mu)
                + dets
            )
            / 2,
            SECOND_MOMENT,
        )
        .eq(
            (trace(S.P @ S.Sigma) / h - (S.D - S.k) + alpha**2 * OUTSIDE / h + dets) / 2,
            precision & INVERSE & ENCODED & FRAMES,
        )
        .eq((trace(S.P @ S.Sigma) / h - (S.D - S.k) + dets) / 2 + shift, MEAN_NORMS)
        .eq(
            (D - k) * (c / h - 1) / 2
            + a.model.sum(la * s / h) / 2
            + ((k - d) * log(c) + a.model.sum(log(c + la * (1 - s))) + (D - k) * log(h)) / 2
            - ((D - d) * log(c) + a.model.sum(log(c + la))) / 2
            + shift,
            PRINCIPAL_PLANES,
        )
        .eq(exact_kl.closed_form(a) + shift, ALGEBRA)
    )


def _distance(a: Author) -> Chain:
    """What the two means add to W_2^2, whatever the covariances."""
    apart = alpha * mu - CENTRE
    return (
        a.chain("what the mean adds to `W_2^2`", W2 - W2_CENTRED)
        .eq(apart.T @ apart, TRANSLATION)
        .eq(alpha**2 * OUTSIDE, FRAMES)
        .eq(alpha**2 * S.mu_perp2, MEAN_NORMS)
    )


def _other_centres(a: Author) -> None:
    """Other readings of what is frozen: an uncentred latent score, a recentred decoder, everything at the source's."""
    score = target_score.derive(a.assumptions).chain("the score").lemma()
    inner, half = S.M.inv @ S.U.T, S.U @ S.M.inv @ S.U.T
    by = SECOND_MOMENT & FRAMES
    inside = mu.T @ S.U @ S.M.inv @ inner @ mu
    uncentred = S.U @ -(inner @ S.x) - S.P @ S.x / h
    (
        a.chain("latent score `-M^-1 U^T x` and decoder uncentred", square(S.score - uncentred))
        .eq(square(-(S.Sigma.inv @ S.xi) + half @ S.x + S.P @ S.x / h), score)
        .eq(
            square(-(S.Sigma.inv @ S.xi) + (half + S.P / h) @ (S.xi + alpha * mu)),
            CENTRED_POINT,
        )
        .eq(square(K @ S.xi + alpha * (half @ mu) + alpha * (S.P @ mu) / h), ERROR_OPERATOR)
        .eq(OWN_ERROR + alpha**2 * OUTSIDE / h**2 + alpha**2 * inside, by)
    )
    recentred = S.U @ S.g - S.P @ (S.x - alpha * mu) / h
    (
        a.chain("decoder recentred too: nothing is added", square(S.score - recentred))
        .eq(square(-(S.Sigma.inv @ S.xi) + half @ S.xi + S.P @ (S.x - alpha * mu) / h), score & RELEARNED)
        .eq(square(-(S.Sigma.inv @ S.xi) + half @ S.xi + S.P @ S.xi / h), CENTRED_POINT)
        .eq(square(K @ S.xi), ERROR_OPERATOR)
        .eq(OWN_ERROR, SECOND_MOMENT)
    )
    gap = mu - S.mu_s
    away = S.x - alpha * S.mu_s
    at_source = S.U @ -(inner @ away) - S.P @ away / h
    (
        a.chain("latent score and decoder centred at the source", square(S.score - at_source))
        .eq(square(-(S.Sigma.inv @ S.xi) + (half + S.P / h) @ away), score)
        .eq(square(-(S.Sigma.inv @ S.xi) + (half + S.P / h) @ (S.xi + alpha * gap)), CENTRED_POINT)
        .eq(square(K @ S.xi + alpha * (half @ gap) + alpha * (S.P @ gap) / h), ERROR_OPERATOR)
        .eq(
            OWN_ERROR + alpha**2 * (gap.T @ S.P @ gap) / h**2 + alpha**2 * (gap.T @ S.U @ S.M.inv @ inner @ gap),
            by,
        )
    )


def _inside_bound(a: Author) -> None:
    """||M^-1 U^T mu||^2 <= ||U^T mu||^2/c^2, as M is c I and something positive semidefinite."""
    seen = S.U.T @ S.V @ ROOT
    encoded = (
        a.chain("the encoded target's covariance", S.M)
        .eq(S.U.T @ S.Sigma @ S.U, ENCODED)
        .eq(S.c * eye("k") + alpha**2 * (seen @ seen.T), TARGET_COVARIANCE & ENCODER_ORTHONORMAL & LATENT_ROOT)
    )
    w, c = S.M.inv @ S.U.T @ mu, S.c
    (
        a.chain("the mean inside the encoder", mu.T @ S.U @ S.U.T @ mu)
        .eq(w.T @ S.M @ S.M @ w, INVERSE)
        .optimum(2 * c * (w.T @ S.M @ w) - c**2 * (w.T @ w), (S.M - c * eye("k")) @ w, ALGEBRA)
        .eq(2 * c * alpha**2 * (w.T @ seen @ seen.T @ w) + c**2 * (w.T @ w), encoded.lemma())
        .optimum(c**2 * (w.T @ w), call("sqrt", 2 * c) * alpha * (seen.T @ w), ALGEBRA)
    )


def _bounds(a: Author, error: Chain) -> tuple[Chain, Chain]:
    """The two-sided bound of the error with a mean: both sides gain what the error gains."""
    gained = alpha**2 * S.mu_perp2 / h**2
    sides = ((">=", "lower", two_sided_bound.lower_form(a)), ("<=", "upper", two_sided_bound.upper_form(a)))
    below, above = (
        a.chain(f"{name} bound of the error with a mean", error.end).cases(
            relation, bound + gained, S.rho, RHO & CERTIFICATE
        )
        for relation, name, bound in sides
    )
    return below, above


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The error, the law's mean, the divergence, the distance, and other centres."""
    a = Author("mean-shift", assumptions)
    error = _error(a)
    evaluated = a.chain("the error, as evaluated", error.end).eq(
        frozen_latent_error.stable_form(a) + alpha**2 * S.mu_perp2 / h**2, ALGEBRA
    )
    divergence = _divergence(a, _law(a))
    divergence_evaluated = a.chain("the divergence, as evaluated", divergence.end).eq(
        exact_kl.stable_form(a) + alpha**2 * S.mu_perp2 / (2 * h), ALGEBRA
    )
    distance = _distance(a)
    _other_centres(a)
    _inside_bound(a)
    below, above = _bounds(a, error)
    free = ("mu", "free")
    return a.finish(
        section="Freezing the latent space",
        title="The price of a mean",
        statement=(
            "A target with mean `mu`, the best latent score (which is centred at `alpha U^T mu`) and a decoder that is "
            "not recentred, `-P x/h`: `E` is that of the centred target plus `alpha^2 mu_perp2/h^2`, with `mu_perp2 = "
            "||P mu||^2`; the divergence gains `alpha^2 mu_perp2/(2 h)`, and `W_2^2` gains `alpha^2 mu_perp2`, as the "
            "reused law has mean `alpha U U^T mu`. If the decoder is recentred too, to `-P (x - alpha mu)/h`, nothing "
            "is added. If the latent score is not centred either, `g = -M^-1 U^T x`, then `E` gains `alpha^2 "
            "||M^-1 U^T mu||^2` more, which is at most `alpha^2 ||U^T mu||^2/c^2`. If latent score and decoder are "
            "both centred at the source's mean `mu_s`, then `mu - mu_s` stands for `mu` in the last two sums."
        ),
        outputs=(
            Output("E", error.end, evaluated.end),
            Output("KL", divergence.end, divergence_evaluated.end),
            Output("added to W2^2", distance.end, distance.end),
        ),
        limits="`h > 0`. The additions to `E` hold for any positive definite `Sigma`.",
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            target_score.derive(assumptions),
            latent_optimum.derive(assumptions),
        ),
        replaces=(
            Replacement("frozen-latent-error", "E", free, (error,)),
            Replacement("two-sided-bound", "lower", free, (error, below)),
            Replacement("two-sided-bound", "E", free, (error,)),
            Replacement("two-sided-bound", "upper", free, (error, above)),
            Replacement("exact-kl", "KL", free, (divergence,)),
            Replacement("exact-w2", "W2^2", free, (distance,), adds=True),
        ),
    )
