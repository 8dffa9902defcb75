"""The price of keeping the source's latent score too: encoder and latent score frozen, the decoder's term implied.

Problem: s_U(x) = U g(U^T x) - P x/h with g the source's own latent score, of covariance M_s. What is the error under
the diffused target, and how much of it would a relearned latent score save? Guarantee: exact.
"""

from __future__ import annotations

from functools import cache

from derivations import forward_marginal, frozen_latent_error, latent_optimum, principal_planes, target_score
from derivations.frozen_latent_error import REUSED_SCORE, TRACE_FORM
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.derivation import Author, Derivation, Output, Replacement
from theory.expr import Expr, expect, literal, trace
from theory.rules import (
    ALGEBRA,
    CENTRED_POINT,
    CENTRING,
    DECODER,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    PRINCIPAL_PLANES,
    PROJECTOR,
    SECOND_MOMENT,
    SOURCE_INVERSE,
    SOURCE_LATENT_SCORE,
    SOURCE_PLANES,
)

D, k, d, c, h, nu, la, s, q = S.D, S.k, S.d, S.c, S.h, S.nu, S.a, S.s, S.cos**2
c_s, a_s = S.c_s, S.a_s
FRAMES = PROJECTOR & ENCODER_ORTHONORMAL
GAP = S.M.inv - S.M_s.inv
EXCESS = trace(GAP @ S.M @ GAP)

COUNTED = "for `k > d` the target is given `k - d` further directions of variance zero, which `d` counts"


def square(vector: Expr) -> Expr:
    """Mean squared length."""
    return expect(vector.T @ vector)


def _errors(a: Author) -> tuple[Chain, Chain]:
    """E with the source's latent score and with the best one, for any positive definite covariances."""
    score = target_score.derive(a.assumptions).chain("the score").lemma()
    best, kept = S.U @ S.M.inv @ S.U.T, S.U @ S.M_s.inv @ S.U.T
    traces = FRAMES & ENCODED & INVERSE
    relearned = (
        a.chain("the error with the best latent score, `-M^-1 U^T xi`", square(S.score + best @ S.xi + S.P @ S.x / h))
        .eq(square(-(S.Sigma.inv @ S.xi) + best @ S.xi + S.P @ S.x / h), score)
        .eq(square(-(S.Sigma.inv @ S.xi) + best @ S.xi + S.P @ S.xi / h), CENTRING)
        .eq(trace(_operator(best) @ S.Sigma @ _operator(best)), SECOND_MOMENT)
        .eq(TRACE_FORM, traces)
    )
    frozen = (
        a.chain("the error with the source's latent score", square(S.score - REUSED_SCORE))
        .eq(square(-(S.Sigma.inv @ S.xi) - S.U @ S.g + S.P @ S.x / h), score & DECODER)
        .eq(square(-(S.Sigma.inv @ S.xi) + kept @ S.xi + S.P @ S.x / h), SOURCE_LATENT_SCORE)
        .eq(square(-(S.Sigma.inv @ S.xi) + kept @ S.xi + S.P @ S.xi / h), CENTRING)
        .eq(trace(_operator(kept) @ S.Sigma @ _operator(kept)), SECOND_MOMENT)
        .eq(TRACE_FORM + EXCESS, traces & SOURCE_INVERSE)
    )
    return relearned, frozen


def _operator(inside: Expr) -> Expr:
    """The difference of the scores as a matrix, for a latent score lifted to the ambient space."""
    return -S.Sigma.inv + inside + S.P / h


def _means(a: Author) -> None:
    """With means the latent score keeps the source's centre; the decoder is recentred at the target's, or is not."""
    score = target_score.derive(a.assumptions).chain("the score").lemma()
    inside, gap = S.U @ S.M_s.inv @ S.U.T, S.mu - S.mu_s
    own = trace(_operator(inside) @ S.Sigma @ _operator(inside))
    away = S.x - S.alpha * S.mu_s
    for name, decoder, offset, outside in (
        ("with means, the decoder recentred", S.x - S.alpha * S.mu, None, None),
        ("with means, the decoder not recentred", S.x, S.mu, S.mu.T @ S.P @ S.mu),
        ("with means, the decoder centred at the source", away, gap, gap.T @ S.P @ gap),
    ):
        moved = S.xi if offset is None else S.xi + S.alpha * offset
        shifted = inside @ (S.xi + S.alpha * gap) + S.P @ moved / h
        added = S.alpha**2 * (gap.T @ S.U @ S.M_s.inv @ S.M_s.inv @ S.U.T @ gap)
        total = own + added if outside is None else own + added + S.alpha**2 * outside / h**2
        (
            a.chain(name, square(S.score + inside @ away + S.P @ decoder / h))
            .eq(square(-(S.Sigma.inv @ S.xi) + inside @ away + S.P @ decoder / h), score)
            .eq(square(-(S.Sigma.inv @ S.xi) + shifted), CENTRED_POINT)
            .eq(total, SECOND_MOMENT & FRAMES)
        )


def closed_excess(a: Author) -> Expr:
    """One term for each of the encoder's directions: along a pair's, and along a spare one."""
    reached = c + la * (1 - s)
    spare = (k - d) * (c_s - c) ** 2 / (c * c_s**2)
    return spare + a.model.sum((c_s + a_s - reached) ** 2 / (reached * (c_s + a_s) ** 2))


def _stable_term() -> Expr:
    """One direction's excess with the time's noise taken out of the difference."""
    difference = S.alpha**2 * (S.sigma_s2 + S.lam_s - S.sigma2 - S.lam * q)
    return difference**2 / ((c + la * q) * (c_s + a_s) ** 2)


def _along(a: Author) -> tuple[Expr, Expr]:
    """The excess along one direction of the encoder, as printed and as evaluated: from a pair's block."""
    u, _, sigma = principal_planes.pair_block(a)
    unit = literal([[1, 0], [0, 1]], 2, 2)
    target, source = u.T @ sigma @ u, u.T @ (a_s * (u @ u.T) + c_s * unit) @ u
    gap, reached = target.inv - source.inv, c + la * (1 - s)
    along = a.chain("excess along a pair's encoder direction", trace(gap @ target @ gap)).eq(
        (c_s + a_s - reached) ** 2 / (reached * (c_s + a_s) ** 2), ENCODER_ORTHONORMAL & SOURCE_INVERSE
    )
    return along.end, a.chain("excess along it, as evaluated", along.end).eq(_stable_term(), ALGEBRA).end


def stable_excess(a: Author) -> Expr:
    """The excess as evaluated."""
    spare = (k - d) * (S.alpha**2 * (S.sigma_s2 - S.sigma2)) ** 2 / (c * c_s**2)
    return spare + a.model.sum(_stable_term())


def closed_form(a: Author) -> Expr:
    """The error of a relearned latent score, and what the source's costs beyond."""
    return frozen_latent_error.closed_form(a) + closed_excess(a)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Both errors as traces, their difference, principal planes."""
    a = Author("frozen-score", assumptions)
    best, frozen = _errors(a)
    reached = c + la * (1 - s)
    encoded = a.model.sum(1 / (c + la)) - (k - d) / c - a.model.sum(1 / reached)
    traces = (D - d) / c + encoded - 2 * (D - k) / h + ((D - k) * c + a.model.sum(la * s)) / h**2
    own = (
        a.chain("the error with the best latent score, in principal planes", best.end)
        .eq(traces, PRINCIPAL_PLANES)
        .eq(frozen_latent_error.closed_form(a), ALGEBRA)
    )
    excess = (
        a.chain("excess over the best latent score", frozen.end - best.end)
        .eq(EXCESS, ALGEBRA)
        .eq(
            (k - d) * (c / c_s**2 - 2 / c_s + 1 / c)
            + a.model.sum(reached / (c_s + a_s) ** 2 - 2 / (c_s + a_s) + 1 / reached),
            SOURCE_PLANES & SOURCE_INVERSE,
        )
        .eq(closed_excess(a), ALGEBRA)
    )
    total = (
        a.chain("in principal planes", frozen.end)
        .eq(traces + closed_excess(a), SOURCE_PLANES & SOURCE_INVERSE)
        .eq(own.end + excess.end, ALGEBRA)
    )
    _means(a)
    along, along_stable = _along(a)
    stable = a.chain("the error, as evaluated", total.end).eq(
        frozen_latent_error.stable_form(a) + stable_excess(a), ALGEBRA
    )
    return a.finish(
        section="Freezing the latent space",
        title="Error of a frozen latent score",
        statement=(
            "The second reading of a frozen latent space: the encoder together with its latent score, which is the "
            "source's, `g(y) = -M_s^-1 y` with `M_s = U^T Sigma_s U`; the complement term stays `-P x/h`. The error "
            "exceeds that of the best latent score by the trace of `(M^-1 - M_s^-1) M (M^-1 - M_s^-1)`: in principal "
            "planes the sum of one nonnegative term for each of the encoder's directions, given below, zero where "
            "source and target have the same variance along it. With means and `g(y) = -M_s^-1 (y - alpha U^T mu_s)` "
            "it gains `alpha^2 ||M_s^-1 U^T (mu - mu_s)||^2` if the decoder is recentred; if not, also `alpha^2 "
            "||P mu||^2/h^2`."
        ),
        outputs=(Output("E", total.end, stable.end), Output("excess along u_i", along, along_stable, over="pairs")),
        limits="`h > 0`. The trace forms hold for any positive definite `Sigma` and `Sigma_s`.",
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            target_score.derive(assumptions),
            latent_optimum.derive(assumptions),
        ),
        replaces=(
            Replacement(
                "frozen-latent-error", "E", ("score", "frozen"), (frozen, best, own, excess, total), words=COUNTED
            ),
        ),
    )
