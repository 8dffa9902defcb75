"""The best latent score under a frozen encoder: the score of the encoded marginal.

Problem: s_U(x) = U g(U^T x) - (1/h) P x. Which g, of all square-integrable ones, is closest to the target's score in
mean square? Guarantee: optimal, with the gap to any other g as a mean square. Source: the decomposition of Chen, Huang,
Zhao, Wang 2023, Lemma 1; the optimum is derived here.
"""

from __future__ import annotations

from functools import cache

from derivations import forward_marginal, principal_planes, target_score
from theory import cited, rules
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import INDEPENDENT_RESIDUAL, residual
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, expect, letter, literal, num, trace, zero
from theory.rules import (
    ALGEBRA,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    PROJECTOR,
    SECOND_MOMENT,
    given,
)

best, other = letter("g_best", "k", "1"), cited.deviation
H = letter("H", "k", "k")
BEST = given("`g* = -M^-1 U^T xi`", (best, -(S.M.inv @ S.U.T @ S.xi)))
RESIDUAL = given("`residual = U^T s - g*`", (residual, S.U.T @ S.score - best))
DEVIATION = given("`g = g* + q`, with any square-integrable `q` of `y`", (S.g, best + other))


def _split(a: Author) -> None:
    """The error separates into a part inside the encoder and one outside that g cannot touch."""
    s_U = S.U @ S.g - S.P @ S.x / S.h
    error = S.score - s_U
    inside = S.U.T @ S.score - S.g
    outside = S.P @ S.score + S.P @ S.x / S.h
    a.chain("the error splits", error.T @ error).eq(
        inside.T @ inside + outside.T @ outside, PROJECTOR & ENCODER_ORTHONORMAL
    )


def _orthogonality(a: Author) -> Chain:
    """The residual of the claimed optimum is uncorrelated with the encoded point."""
    score = target_score.derive(a.assumptions).chain("the score")
    return (
        a.chain("the residual is uncorrelated with `y`", expect((S.U.T @ S.score - best) @ (S.U.T @ S.xi).T))
        .eq(expect((-(S.U.T @ S.Sigma.inv @ S.xi) + S.M.inv @ S.U.T @ S.xi) @ (S.U.T @ S.xi).T), score.lemma() & BEST)
        .eq(-(S.U.T @ S.Sigma.inv @ S.Sigma @ S.U) + S.M.inv @ S.U.T @ S.Sigma @ S.U, SECOND_MOMENT)
        .eq(-(S.U.T @ S.U) + S.M.inv @ S.M, INVERSE & ENCODED)
        .eq(zero("k", "k"), ENCODER_ORTHONORMAL & INVERSE)
    )


def _optimality(a: Author) -> None:
    """Any other g costs its mean squared distance to the optimum."""
    miss = S.U.T @ S.score - S.g
    a.chain("no other latent score is better", expect(miss.T @ miss)).eq(
        expect((residual - other).T @ (residual - other)), DEVIATION & RESIDUAL
    ).optimum(expect(residual.T @ residual), other, INDEPENDENT_RESIDUAL)
    linear = -(H @ S.U.T @ S.xi)
    gap = best - linear
    a.chain("among linear ones, the cost of `-H y`", expect(gap.T @ gap)).eq(
        expect(((H - S.M.inv) @ S.U.T @ S.xi).T @ ((H - S.M.inv) @ S.U.T @ S.xi)), BEST
    ).eq(trace((H - S.M.inv) @ S.M @ (H - S.M.inv).T), SECOND_MOMENT & ENCODED)


def _marginal(a: Author) -> None:
    """The optimum is the score of the encoded marginal N(alpha U^T mu, M)."""
    y_centred = S.U.T @ S.x - S.alpha * S.U.T @ S.mu
    a.chain("covariance of the encoded point", expect((S.U.T @ S.xi) @ (S.U.T @ S.xi).T)).eq(
        S.U.T @ S.Sigma @ S.U, SECOND_MOMENT
    ).eq(S.M, ENCODED)
    a.chain("the optimum is the score of the encoded marginal", -(S.M.inv @ y_centred)).eq(
        -(S.M.inv @ S.U.T @ (S.x - S.alpha * S.mu)), ALGEBRA
    ).eq(-(S.M.inv @ S.U.T @ S.xi), rules.CENTRED_POINT).eq(best, BEST)


def _in_planes(a: Author) -> tuple[Output, ...]:
    """M in a pair's block and in a spare direction's, inverted."""
    u, _, sigma = principal_planes.pair_block(a)
    encoded = u.T @ sigma @ u
    pair = a.chain("gain along a pair's encoder direction", trace(encoded.inv)).eq(
        1 / (S.c + S.a * (1 - S.s)), ENCODER_ORTHONORMAL
    )
    stable = a.chain("gain along a pair, as evaluated", pair.end).eq(1 / (S.c + S.a * S.cos**2), ALGEBRA)
    one = literal([[1]], 1, 1)
    alone = a.chain("gain along a spare direction", trace((one.T @ (S.c * one) @ one).inv)).eq(
        1 / S.c, ENCODER_ORTHONORMAL
    )
    count = Expr("call", ("max", S.k - S.d, num(0)))
    return (
        Output("along u_i", pair.end, stable.end, over="pairs", multiplicity=num(1)),
        Output("along a spare direction", alone.end, alone.end, multiplicity=a.model.written(count)),
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Split, orthogonality, completed square, and the gains in principal planes."""
    a = Author("latent-optimum", assumptions)
    _split(a)
    _orthogonality(a)
    _optimality(a)
    _marginal(a)
    outputs = _in_planes(a)
    return a.finish(
        section="The score",
        title="Best latent score",
        statement=(
            "Of all square-integrable latent scores the best is the score of the encoded marginal, `g(y) = "
            "-M^-1 (y - alpha U^T mu)` with `M = U^T Sigma U`; any other costs its mean squared distance to "
            "it. Its gains in the principal basis are below."
        ),
        outputs=outputs,
        limits="`h > 0`. For linear scores the optimum needs second moments only; for all scores, Gaussian data.",
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            target_score.derive(assumptions),
        ),
        references=("Chen, Huang, Zhao, Wang 2023, Lemma 1 (score decomposition)",),
    )
